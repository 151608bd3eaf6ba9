with

prescribing_rows as (
    select
        submission_id,
        organisation_code,
        item_count,
        net_ingredient_cost_gbp
    from {{ ref('int_prescribing_rows') }}
    where organisation_code is not null and quarantine_rule is null and not is_set_aside
),

groups as (
    select organisation_code from {{ ref('int_organisations') }}
    where organisation_class = 'pct'
),

-- Rulebook 2.7.
final as (
    select
        prescribing_rows.submission_id,
        cast(coalesce(
            sum(prescribing_rows.item_count) filter (where groups.organisation_code is null), 0
        ) as bigint) as unclassed_item_count,
        coalesce(
            sum(prescribing_rows.net_ingredient_cost_gbp)
            filter (where groups.organisation_code is null), 0
        ) as unclassed_gbp
    from prescribing_rows
    left join groups
        on prescribing_rows.organisation_code = groups.organisation_code
    group by prescribing_rows.submission_id
)

select * from final
