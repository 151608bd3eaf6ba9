with

prescribing_rows as (
    select * from {{ ref('int_prescribing_rows') }}
),

drug_groups as (
    select
        group_id,
        bnf_prefix
    from {{ ref('drug_groups') }}
),

-- Interfaces 5.1.7: where the local and the published format both cover a month, the local counts.
feeds_of_months as (
    select
        organisation_code,
        month_start_date,
        min(feed) as feed
    from prescribing_rows
    group by organisation_code, month_start_date
),

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
        sum(prescribing_rows.net_ingredient_cost_gbp) as net_ingredient_cost_gbp
    from prescribing_rows
    inner join feeds_of_months
        on
            prescribing_rows.organisation_code = feeds_of_months.organisation_code
            and prescribing_rows.month_start_date = feeds_of_months.month_start_date
            and prescribing_rows.feed = feeds_of_months.feed
    inner join groups_of_codes
        on prescribing_rows.bnf_code = groups_of_codes.bnf_code
    where not prescribing_rows.is_implausible
    group by
        prescribing_rows.organisation_code, prescribing_rows.practice_code,
        prescribing_rows.quarter, groups_of_codes.group_id
)

select * from final
