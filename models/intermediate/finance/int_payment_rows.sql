{{ config(materialized='view') }}

with

submitted as (
    select
        'bppc' as feed,
        submission_id,
        line_number,
        record_key,
        quarter,
        {{ month_start('row_date') }} as month_start_date,
        submitted_organisation_code,
        supplier_category,
        invoices_paid_count,
        invoices_paid_gbp,
        within_target_count,
        within_target_gbp
    from {{ ref('int_rows__bppc') }}
    where is_effective
),

feed_months as (
    select
        submitted_organisation_code,
        month_start_date,
        organisation_code,
        is_set_aside
    from {{ ref('int_feed_months') }}
    where feed = 'bppc' and quarters_back = 0
),

-- Rule F01: a share of invoices paid in time lies between nought and one. A null compares as
-- unknown and stays.
final as (
    select
        submitted.*,
        feed_months.organisation_code,
        case
            when
                submitted.within_target_gbp > submitted.invoices_paid_gbp
                or submitted.within_target_count > submitted.invoices_paid_count
                or submitted.within_target_gbp < 0
                or submitted.within_target_count < 0
                then 'F01'
        end as quarantine_rule,
        coalesce(feed_months.is_set_aside, false) as is_set_aside
    from submitted
    left join feed_months
        on
            submitted.submitted_organisation_code = feed_months.submitted_organisation_code
            and submitted.month_start_date = feed_months.month_start_date
)

select * from final
