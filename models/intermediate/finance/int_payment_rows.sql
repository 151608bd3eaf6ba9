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
        within_target_gbp,
        unread_measures
    from {{ ref('int_rows__bppc') }}
    where is_effective
),

-- Rulebook 6.30: a share of invoices paid in time lies between nought and one. A null compares as
-- unknown and stays.
{% set more_in_time_than_paid -%}
    submitted.within_target_gbp > submitted.invoices_paid_gbp
    or submitted.within_target_count > submitted.invoices_paid_count
    or submitted.within_target_gbp < 0
    or submitted.within_target_count < 0
    or submitted.invoices_paid_gbp < 0
    or submitted.invoices_paid_count < 0
{%- endset -%}
{{ placed_rows('submitted', 'F01', more_in_time_than_paid) }}

select * from placed_rows
