with

final as (
    {% for feed in ['hes_apc', 'hes_op'] -%}
        select
            '{{ feed }}' as feed,
            submitted_organisation_code,
            quarter,
            field_states,
            count(*) as n_rows
        from {{ ref('int_rows__' ~ feed) }}
        where is_effective and quarter is not null
        group by submitted_organisation_code, quarter, field_states
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
