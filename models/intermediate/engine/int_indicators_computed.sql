{% for short_name in computed_indicators() -%}
    select
        '{{ short_name }}' as short_name,
        organisation_code,
        quarter,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(expected as double) as expected,
        crude_value,
        value,
        volume,
        volume_limit,
        unit_price_gbp
    from {{ ref('int_indicator__' ~ short_name) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
