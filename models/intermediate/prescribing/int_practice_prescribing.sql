with

prescribing_rows as (
    select
        organisation_code,
        practice_code,
        quarter,
        bnf_code,
        item_count,
        {{ if_read('saving_per_item', 'item_count') }} as priced_item_count,
        {{ if_read('saving_per_item', 'net_ingredient_cost_gbp') }} as net_ingredient_cost_gbp
    from {{ ref('int_prescribing_rows') }}
    where organisation_code is not null and quarantine_rule is null and not is_set_aside
),

drug_groups as (
    select
        group_id,
        bnf_prefix
    from {{ ref('drug_groups') }}
),

-- Each code is looked up once, not each row: prefixes cannot be hashed.
codes as (
    select distinct bnf_code from prescribing_rows
),

groups_of_codes as (
    select
        codes.bnf_code,
        drug_groups.group_id
    from codes
    inner join drug_groups
        on left(codes.bnf_code, length(drug_groups.bnf_prefix)) = drug_groups.bnf_prefix
),

final as (
    select
        prescribing_rows.organisation_code,
        prescribing_rows.practice_code,
        prescribing_rows.quarter,
        groups_of_codes.group_id,
        sum(prescribing_rows.item_count) as items,
        sum(prescribing_rows.priced_item_count) as priced_items,
        sum(prescribing_rows.net_ingredient_cost_gbp) as net_ingredient_cost_gbp
    from prescribing_rows
    inner join groups_of_codes
        on prescribing_rows.bnf_code = groups_of_codes.bnf_code
    group by
        prescribing_rows.organisation_code, prescribing_rows.practice_code,
        prescribing_rows.quarter, groups_of_codes.group_id
)

select * from final
