-- Months are sums of rows: each feed's own months hold all of the rows that belong to an
-- organisation and are neither quarantined nor set aside, no more and no less.
with

sums as (
    select
        'sickness' as subject,
        (
            select sum(fte_days_available) from {{ ref('int_sickness_rows') }}
            where organisation_code is not null and quarantine_rule is null and not is_set_aside
        ) as wanted,
        (
            select sum(all_fte_days_available) from {{ ref('int_sickness_months') }}
            where month_quarter = mapping_quarter
        ) as found
    union all
    select
        'finance' as subject,
        (
            select sum(total_pay_gbp) from {{ ref('int_finance_rows') }}
            where
                organisation_code is not null
                and quarantine_rule is null
                and not is_set_aside
                and {{ is_read('agency_spend') }}
        ) as wanted,
        (
            select sum(total_pay_gbp) from {{ ref('int_finance_months') }}
            where month_quarter = mapping_quarter
        ) as found
)

select * from sums
where {{ differs('found', 'wanted') }}
