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
        addressable_spend_gbp,
        unread_measures
    from {{ ref('int_rows__procurement') }}
    where is_effective
),

{{ placed_rows('submitted') }}

select * from placed_rows
