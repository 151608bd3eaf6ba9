{{ config(materialized='view') }}

with

submissions as (
    select * from {{ ref('int_submissions') }}
),

-- A quarter before the first, for rules that compare with it; up to the last extract, since a stay
-- reported in one quarter may end in the next.
bounds as (
    select
        {{ quarter_start('min(period_start_date)') }}
        - interval '3' month as first_quarter_start_date,
        {{ quarter_start('greatest(max(period_end_date), max(extract_date))') }}
            as last_quarter_start_date
    from submissions
),

starts as (
    select
        {{ each_step('first_quarter_start_date', 'last_quarter_start_date', months=3) }}
            as quarter_start_date
    from bounds
),

final as (
    select
        {{ nhs_quarter('quarter_start_date') }} as quarter,
        {{ financial_year('quarter_start_date') }} as financial_year,
        cast(quarter(quarter_start_date - interval '3' month) as integer) as quarter_of_year,
        quarter_start_date,
        cast(quarter_start_date + interval '3' month - interval '1' day as date)
            as quarter_end_date,
        {{ nhs_quarter("quarter_start_date - interval '3' month") }} as previous_quarter
    from starts
)

select * from final
