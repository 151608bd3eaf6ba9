with

submissions as (
    select * from {{ ref('stg_submissions') }}
),

final as (
    select *
    from submissions
    {% if var('as_at') -%}
        where extract_date <= date '{{ var('as_at') }}'
    {%- endif %}
)

select * from final
