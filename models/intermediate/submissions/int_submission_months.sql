with

submissions as (
    select * from {{ ref('int_submissions') }}
    where
        feed in (
            {% for feed in periodic_feeds() -%}
                '{{ feed }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
),

months as (
    select
        feed,
        sender,
        submission_id,
        extract_date,
        landed_at,
        {{ each_step('period_start_date', 'period_end_date') }} as month_start_date
    from submissions
),

-- Rulebook 1.4: the latest extract of a series (feed and sender), ties the latest landed.
final as (
    select
        feed,
        sender,
        submission_id,
        month_start_date,
        {{ nhs_quarter('month_start_date') }} as quarter,
        row_number() over (
            partition by feed, sender, month_start_date
            order by extract_date desc, landed_at desc
        ) = 1 as is_effective
    from months
)

select * from final
