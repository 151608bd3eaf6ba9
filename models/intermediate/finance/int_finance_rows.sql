{{ config(materialized='view') }}

with

submitted as (
    select
        'finance' as feed,
        submission_id,
        line_number,
        record_key,
        quarter,
        {{ month_start('row_date') }} as month_start_date,
        submitted_organisation_code,
        agency_pay_gbp,
        total_pay_gbp,
        closing_cash_gbp,
        closing_cash_plan_gbp,
        surplus_gbp,
        surplus_plan_gbp,
        annual_turnover_gbp,
        unread_measures
    from {{ ref('int_rows__finance') }}
    where is_effective
),

{{ placed_rows('submitted') }}

select * from placed_rows
