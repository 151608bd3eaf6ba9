with

submissions as (
    select * from {{ ref('stg_submissions') }}
),

final as (
    select *
    from submissions
    {% if as_at() -%}
        where extract_date <= date '{{ as_at() }}'
    {%- endif %}
)

select * from final
