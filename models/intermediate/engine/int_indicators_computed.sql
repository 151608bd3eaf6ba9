with

figures as (
    {% for short_name in computed_indicators() -%}
        select
            '{{ short_name }}' as short_name,
            organisation_code,
            quarter,
            cast(numerator as double) as numerator,
            cast(denominator as double) as denominator,
            cast(expected as double) as expected,
            cast(value as double) as value,
            cast(volume as double) as volume,
            cast(volume_limit as double) as volume_limit,
            cast(price_factor as double) as price_factor
        from {{ ref('int_indicator__' ~ short_name) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        short_name,
        organisation_code,
        quarter,
        numerator,
        denominator,
        expected,
        numerator / nullif(denominator, 0) as crude_value,
        value,
        volume,
        volume_limit,
        price_factor
    from figures
)

select * from final
