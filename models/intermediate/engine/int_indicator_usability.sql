-- What an indicator counts of the rows that have all that it needs. Every measure of these feeds is
-- required, and so read or unread, but for the accounts' cash and surplus.
{% set complete_rows = {
    'low_cost_statins': 'n_counted',
    'sickness_absence': 'n_counted',
    'staff_turnover': 'n_counted',
    'agency_spend': 'n_counted',
    'cash_flow': 'n_with_cash',
    'better_payment': 'n_counted',
    'income_expenditure': 'n_with_surplus',
    'framework_procurement': 'n_counted',
    'ace_inhibitor_share': 'n_counted',
    'low_cost_ppi': 'n_counted',
    'clopidogrel_volume': 'n_counted',
} -%}
with

row_counts as (
    select * from {{ ref('int_row_counts') }}
    where organisation_code is not null and quarter is not null and not is_set_aside
),

indicators as (
    select
        indicator_id,
        short_name,
        feeds
    from {{ ref('indicators') }}
),

feed_quarters as (
    select
        feed,
        organisation_code,
        quarter,
        n_rows
    from {{ ref('int_feed_quarters') }}
    where feed in ({{ activity_feeds() }})
),

submission_counts as (
    select
        feed,
        submission_id,
        submitted_organisation_code as submitted_provider_code,
        submitted_commissioner_code as submitted_pct_code,
        month_start_date,
        quarter,
        quarantine_rule,
        n_rows
    from {{ ref('int_submission_counts') }}
    where quarantine_rule = 'A06' and quarter is not null and feed in ({{ activity_feeds() }})
),

submission_months as (
    select
        submission_id,
        month_start_date
    from {{ ref('int_submission_months') }}
    where is_effective
),

repeats as (
    select
        'hes_apc' as feed,
        submitted_provider_code,
        submitted_pct_code,
        episode_quarter as quarter,
        duplicate_rule as rule_id
    from {{ ref('int_episodes') }}
    where duplicate_rule is not null
    union all
    select
        'hes_op' as feed,
        submitted_provider_code,
        submitted_pct_code,
        quarter,
        'O01' as rule_id
    from {{ ref('int_appointments') }}
    where is_duplicate
),

-- A date after the extract, not one outside the declared period: that is no row of the quarter.
late_rows as (
    select
        submission_counts.feed,
        submission_counts.submitted_provider_code,
        submission_counts.submitted_pct_code,
        submission_counts.quarter,
        submission_counts.quarantine_rule as rule_id,
        submission_counts.n_rows
    from submission_counts
    inner join submission_months
        on
            submission_counts.submission_id = submission_months.submission_id
            and submission_counts.month_start_date = submission_months.month_start_date
),

late_rows_of_organisations as (
    {{ trusts_and_pcts('late_rows', ['feed', 'rule_id', 'n_rows']) }}
),

repeats_of_organisations as (
    {{ trusts_and_pcts('repeats', ['feed', 'rule_id']) }}
),

-- Care has no measures: what is left of its rows can be used. A repeat is one of those that count.
care as (
    select
        feed,
        organisation_code,
        quarter,
        cast(null as varchar) as rule_id,
        n_rows as n_left
    from feed_quarters
    union all
    select
        feed,
        organisation_code,
        quarter,
        rule_id,
        -1 as n_left
    from repeats_of_organisations
    union all
    select
        feed,
        organisation_code,
        quarter,
        rule_id,
        0 as n_left
    from late_rows_of_organisations
),

fates as (
    {% for short_name, n_complete in complete_rows.items() -%}
        select
            '{{ short_name }}' as short_name,
            feed,
            organisation_code,
            quarter,
            coalesce(quarantine_rule, case when not {{ is_read(short_name) }} then 'U01' end)
                as rule_id,
            n_counted > 0 as is_counted,
            case when quarantine_rule is null then n_rows else 0 end as n_left,
            case when quarantine_rule is null then n_counted else 0 end as n_counted_left,
            case
                when quarantine_rule is null and {{ is_read(short_name) }}
                    then {{ n_complete }}
                else 0
            end as n_complete
        from row_counts
        union all
    {% endfor -%}
    {% for short_name in computed_indicators() if short_name not in complete_rows -%}
        select
            '{{ short_name }}' as short_name,
            feed,
            organisation_code,
            quarter,
            rule_id,
            true as is_counted,
            n_left,
            n_left as n_counted_left,
            n_left as n_complete
        from care
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Rulebook 6.49: no row is left, none that says something to the indicator, or none of these with
-- a figure and at least one that was not read.
totals as (
    select
        indicators.indicator_id,
        fates.organisation_code,
        fates.quarter,
        sum(fates.n_left) as n_left,
        sum(fates.n_counted_left) as n_counted_left,
        sum(fates.n_complete) as n_complete,
        bool_or(coalesce(fates.is_counted and fates.rule_id = 'U01', false)) as is_unread,
        string_agg(distinct fates.rule_id, ',' order by fates.rule_id) as rules,
        string_agg(distinct fates.rule_id, ',' order by fates.rule_id)
        filter (where fates.is_counted) as rules_of_counted
    from fates
    inner join indicators
        on
            fates.short_name = indicators.short_name
            and ';' || indicators.feeds || ';' like '%;' || fates.feed || ';%'
    group by indicators.indicator_id, fates.organisation_code, fates.quarter
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        n_complete > 0 as has_usable_row,
        n_left = 0
        or (n_counted_left = 0 and rules_of_counted is not null)
        or (n_complete = 0 and is_unread) as is_unusable,
        case when n_left = 0 then rules else rules_of_counted end as rules
    from totals
)

select * from final
