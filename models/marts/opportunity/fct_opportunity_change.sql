with

changes as (
    select * from {{ ref('int_opportunity_changes') }}
),

{{ change_sums() }},

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        comparison,
        from_quarter,
        {% for amount in amounts_of_a_change() -%}
            {{ amount }},
        {% endfor -%}
        coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0) as change_gbp
    from summed
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
