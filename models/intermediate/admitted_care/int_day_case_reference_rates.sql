with

cells as (
    select
        quarter,
        reference_count,
        reference_sum
    from {{ ref('int_casemix_cells') }}
    where short_name = 'day_case_rate' and reference_count > 0
),

-- A procedure is a cell of its own and never collapses, so that each counts once.
final as (
    select
        quarter,
        sum(reference_sum) / sum(reference_count) as day_case_rate
    from cells
    group by quarter
)

select * from final
