with

quarters as (
    select * from {{ ref('int_quarters') }}
),

final as (
    select
        quarter,
        financial_year,
        quarter_of_year,
        quarter_start_date,
        quarter_end_date,
        previous_quarter
    from quarters
)

select * from final
