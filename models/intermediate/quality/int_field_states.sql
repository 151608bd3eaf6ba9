-- Few patterns of states come again and again: they are counted here, and taken apart later.
with

final as (
    {% for feed in judged_feeds() -%}
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
