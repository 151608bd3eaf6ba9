with

quarters as (
    select
        quarter,
        financial_year,
        quarter_start_date,
        quarter_end_date
    from {{ ref('dim_quarter') }}
),

final as (
    select
        {{ each_day('quarter_start_date', 'quarter_end_date') }} as date_day,
        quarter as financial_quarter,
        financial_year
    from quarters
)

select * from final
