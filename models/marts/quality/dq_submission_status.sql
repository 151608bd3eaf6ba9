with

expected_feeds as (
    select
        organisation_code,
        organisation_class,
        subject,
        feed,
        quarter,
        is_submitted,
        is_unusable
    from {{ ref('int_expected_feeds') }}
),

rule_results as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        n_checked,
        n_failed,
        rate,
        outcome
    from {{ ref('dq_rule_results') }}
    where outcome in ('red', 'amber', 'green')
),

indicators as (
    select
        indicator_id,
        org_type
    from {{ ref('indicators') }}
),

organisation_types as (
    select
        org_type,
        organisation_class
    from {{ ref('organisation_types') }}
),

feeds as (
    select
        feed,
        subject
    from {{ ref('int_feeds') }}
),

record_quarters as (
    select
        feed,
        organisation_code,
        organisation_class,
        quarter,
        n_records
    from {{ ref('int_record_quarters') }}
),

completeness as (
    select
        feed,
        organisation_code,
        quarter,
        expected_records
    from {{ ref('int_completeness') }}
),

row_counts as (
    select
        feed,
        organisation_code,
        quarter,
        n_rows
    from {{ ref('int_row_counts') }}
    where not is_set_aside and quarantine_rule is null
),

feed_quarters as (
    select
        feed,
        organisation_code,
        quarter,
        n_months
    from {{ ref('int_feed_quarters') }}
    where feed in ({{ activity_feeds() }})
),

subject_quarters as (
    select
        subject,
        organisation_code,
        quarter,
        n_months
    from {{ ref('int_subject_quarters') }}
),

scores as (
    select
        organisation_code,
        quarter,
        feed,
        dq_score
    from {{ ref('dq_scores') }}
    where feed is not null
),

{{ gated_indicators() }},

indicator_types as (
    select
        indicator_id,
        {{ explode_list('org_type') }} as org_type
    from indicators
),

stopping_rules as (
    select distinct
        gated_indicators.rule_id,
        gated_indicators.feed,
        organisation_types.organisation_class
    from gated_indicators
    inner join indicator_types
        on gated_indicators.indicator_id = indicator_types.indicator_id
    inner join organisation_types
        on indicator_types.org_type = organisation_types.org_type
),

-- Rulebook 8.4: FOLLOWUP is amber for everybody in the newest quarter and says nothing of a feed.
objections as (
    select
        rule_results.organisation_code,
        rule_results.feed,
        rule_results.quarter,
        count(*) filter (where rule_results.outcome = 'red') as n_red,
        count(*) filter (where rule_results.outcome = 'amber') as n_amber,
        string_agg(rule_results.rule_id, ',' order by rule_results.rule_id)
        filter (where rule_results.outcome = 'red') as rules_red,
        string_agg(rule_results.rule_id, ',' order by rule_results.rule_id)
        filter (where rule_results.outcome = 'amber') as rules_amber,
        bool_or(rule_results.outcome = 'red' and stopping_rules.rule_id is not null) as is_stopped
    from rule_results
    inner join expected_feeds
        on
            rule_results.organisation_code = expected_feeds.organisation_code
            and rule_results.feed = expected_feeds.feed
            and rule_results.quarter = expected_feeds.quarter
    left join stopping_rules
        on
            rule_results.rule_id = stopping_rules.rule_id
            and rule_results.feed = stopping_rules.feed
            and expected_feeds.organisation_class = stopping_rules.organisation_class
    where rule_results.rule_id <> 'FOLLOWUP' and rule_results.outcome <> 'green'
    group by rule_results.organisation_code, rule_results.feed, rule_results.quarter
),

-- Completeness is told where V01 tells it.
judged_records as (
    select
        rule_results.organisation_code,
        rule_results.feed,
        rule_results.quarter,
        rule_results.rate as completeness,
        completeness.expected_records
    from rule_results
    inner join completeness
        on
            rule_results.organisation_code = completeness.organisation_code
            and rule_results.feed = completeness.feed
            and rule_results.quarter = completeness.quarter
    where rule_results.rule_id = 'V01'
),

-- Of population the extract that the quarter takes is in use, but for the rows that D01 took.
records as (
    select
        feed as subject,
        organisation_code,
        quarter,
        n_records
    from record_quarters
    union all
    select
        feeds.subject,
        row_counts.organisation_code,
        row_counts.quarter,
        sum(row_counts.n_rows) as n_records
    from row_counts
    inner join feeds
        on row_counts.feed = feeds.feed
    group by feeds.subject, row_counts.organisation_code, row_counts.quarter
    union all
    select
        feed as subject,
        organisation_code,
        quarter,
        n_checked - n_failed as n_records
    from rule_results
    where rule_id = 'D01' and feed = 'population'
),

months as (
    select
        feed as subject,
        organisation_code,
        quarter,
        n_months
    from feed_quarters
    union all
    select
        subject,
        organisation_code,
        quarter,
        n_months
    from subject_quarters
),

described as (
    select
        expected_feeds.*,
        case
            when expected_feeds.is_submitted or expected_feeds.is_unusable
                then coalesce(records.n_records, 0)
            else 0
        end as n_records,
        judged_records.expected_records,
        judged_records.completeness,
        coalesce(objections.n_red, 0) as n_red,
        coalesce(objections.n_amber, 0) as n_amber,
        objections.rules_red,
        objections.rules_amber,
        coalesce(objections.is_stopped, false) as is_stopped,
        coalesce(months.n_months, 0) as months_present,
        scores.dq_score
    from expected_feeds
    left join objections
        on
            expected_feeds.organisation_code = objections.organisation_code
            and expected_feeds.feed = objections.feed
            and expected_feeds.quarter = objections.quarter
    left join judged_records
        on
            expected_feeds.organisation_code = judged_records.organisation_code
            and expected_feeds.feed = judged_records.feed
            and expected_feeds.quarter = judged_records.quarter
    left join records
        on
            expected_feeds.organisation_code = records.organisation_code
            and expected_feeds.subject = records.subject
            and expected_feeds.quarter = records.quarter
    left join months
        on
            expected_feeds.organisation_code = months.organisation_code
            and expected_feeds.subject = months.subject
            and expected_feeds.quarter = months.quarter
    left join scores
        on
            expected_feeds.organisation_code = scores.organisation_code
            and expected_feeds.feed = scores.feed
            and expected_feeds.quarter = scores.quarter
),

final as (
    select
        organisation_code,
        feed,
        quarter,
        cast(n_records as bigint) as n_records,
        expected_records,
        completeness,
        n_red,
        n_amber,
        rules_red,
        rules_amber,
        months_present,
        dq_score,
        {{ result_outcome(
            'is_unusable', 'is_submitted', rule_outcome('is_stopped', 'n_red + n_amber > 0')
        ) }} as verdict
    from described
)

select * from final
