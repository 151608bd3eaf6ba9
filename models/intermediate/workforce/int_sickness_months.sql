with

sickness_rows as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        {{ if_read('sickness_absence', 'fte_days_lost') }} as fte_days_lost,
        {{ if_read('sickness_absence', 'fte_days_available') }} as fte_days_available,
        fte_days_available as all_fte_days_available
    from {{ ref('int_sickness_rows') }}
    where quarantine_rule is null
),

-- Each month in its own quarter, and as part of the preceding one of the quarter after.
feed_months as (
    select
        mapping_quarter,
        month_quarter,
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code
    from {{ ref('int_feed_months') }}
    where not is_set_aside and quarters_back <= 1
),

-- One feed an organisation and month: that no month has two is a test.
final as (
    select
        feed_months.mapping_quarter,
        feed_months.month_quarter,
        feed_months.organisation_code,
        feed_months.month_start_date,
        feed_months.feed,
        sum(sickness_rows.fte_days_lost) as fte_days_lost,
        sum(sickness_rows.fte_days_available) as fte_days_available,
        sum(sickness_rows.all_fte_days_available) as all_fte_days_available
    from sickness_rows
    inner join feed_months
        on
            sickness_rows.feed = feed_months.feed
            and sickness_rows.submitted_organisation_code = feed_months.submitted_organisation_code
            and sickness_rows.month_start_date = feed_months.month_start_date
    group by
        feed_months.mapping_quarter, feed_months.month_quarter, feed_months.organisation_code,
        feed_months.month_start_date, feed_months.feed
)

select * from final
