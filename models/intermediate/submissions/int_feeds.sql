{{ config(materialized='view') }}

with

contracts as (
    {% for feed in periodic_feeds() -%}
        select
            '{{ feed }}' as feed,
            {% if stands_in_for(feed) -%}
                '{{ stands_in_for(feed) }}' as stands_in_for
            {%- else -%}
                cast(null as varchar) as stands_in_for
            {%- endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        feed,
        stands_in_for,
        coalesce(stands_in_for, feed) as subject,
        case when stands_in_for is null then 1 else 2 end as precedence
    from contracts
)

select * from final
