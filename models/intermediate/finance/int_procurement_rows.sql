{{ config(materialized='view') }}

with

submitted as (
    select
        'procurement' as feed,
        submission_id,
        line_number,
        record_key,
        quarter,
        {{ month_start('row_date') }} as month_start_date,
        submitted_organisation_code,
        framework_spend_gbp,
        addressable_spend_gbp
    from {{ ref('int_rows__procurement') }}
    where is_effective
),

feed_months as (
    select
        submitted_organisation_code,
        month_start_date,
        organisation_code,
        is_set_aside
    from {{ ref('int_feed_months') }}
    where feed = 'procurement' and quarters_back = 0
),

final as (
    select
        submitted.*,
        feed_months.organisation_code,
        coalesce(feed_months.is_set_aside, false) as is_set_aside
    from submitted
    left join feed_months
        on
            submitted.submitted_organisation_code = feed_months.submitted_organisation_code
            and submitted.month_start_date = feed_months.month_start_date
)

select * from final
