with

prescribing as (
    select * from {{ ref('int_practice_prescribing') }}
),

indicator_groups as (
    select
        indicator_id,
        group_id,
        is_numerator,
        is_denominator
    from {{ ref('indicator_drug_groups') }}
),

final as (
    select
        indicator_groups.indicator_id,
        prescribing.organisation_code,
        prescribing.practice_code,
        prescribing.quarter,
        coalesce(sum(prescribing.items) filter (where indicator_groups.is_numerator), 0)
            as numerator,
        coalesce(sum(prescribing.items) filter (where indicator_groups.is_denominator), 0)
            as denominator,
        coalesce(sum(prescribing.priced_items) filter (where indicator_groups.is_numerator), 0)
            as priced_numerator,
        coalesce(sum(prescribing.priced_items) filter (where indicator_groups.is_denominator), 0)
            as priced_denominator,
        sum(prescribing.net_ingredient_cost_gbp) filter (where indicator_groups.is_numerator)
            as numerator_cost_gbp,
        sum(prescribing.net_ingredient_cost_gbp) filter (where indicator_groups.is_denominator)
            as denominator_cost_gbp
    from prescribing
    inner join indicator_groups
        on prescribing.group_id = indicator_groups.group_id
    group by
        indicator_groups.indicator_id, prescribing.organisation_code, prescribing.practice_code,
        prescribing.quarter
)

select * from final
