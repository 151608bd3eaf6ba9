with

unread_months as (
    {% for short_name in ['cash_flow', 'income_expenditure'] -%}
        select
            '{{ short_name }}' as short_name,
            submitted_organisation_code,
            month_start_date,
            n_rows
        from {{ ref('int_row_counts') }}
        where
            feed = 'finance'
            and quarantine_rule is null
            and not {{ is_read(short_name) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

indicators as (
    select
        indicator_id,
        short_name
    from {{ ref('indicators') }}
),

feed_months as (
    select
        mapping_quarter,
        month_quarter,
        quarters_back,
        submitted_organisation_code,
        organisation_code,
        month_start_date
    from {{ ref('int_feed_months') }}
    where feed = 'finance' and not is_set_aside
),

-- Rule U01 of what is no ratio: a sum or a stock without one of its figures is another number.
-- 13 runs from the start of the financial year.
final as (
    select
        indicators.indicator_id,
        feed_months.organisation_code,
        feed_months.mapping_quarter as quarter,
        'U01' as rule_id,
        cast(sum(unread_months.n_rows) as bigint) as n_failed,
        'red' as outcome
    from unread_months
    inner join indicators
        on unread_months.short_name = indicators.short_name
    inner join feed_months
        on
            unread_months.submitted_organisation_code = feed_months.submitted_organisation_code
            and unread_months.month_start_date = feed_months.month_start_date
    where
        feed_months.quarters_back = 0
        or (
            unread_months.short_name = 'income_expenditure'
            and left(feed_months.month_quarter, 7) = left(feed_months.mapping_quarter, 7)
        )
    group by
        indicators.indicator_id, feed_months.organisation_code, feed_months.mapping_quarter
)

select * from final
