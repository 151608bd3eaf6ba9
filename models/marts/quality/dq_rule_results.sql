with

expected_feeds as (
    select
        organisation_code,
        organisation_class,
        feed,
        quarter,
        is_submitted,
        is_unusable
    from {{ ref('int_expected_feeds') }}
),

rules as (
    select
        rule_id,
        coalesce(amber_over, amber_under) as amber_threshold,
        coalesce(red_over, red_under) as red_threshold,
        {{ explode_list('feeds') }} as feed
    from {{ ref('dq_rules') }}
    where grain = 'organisation'
),

feed_bounds as (
    select
        rule_id,
        feed,
        amber_over,
        red_over
    from {{ ref('dq_rule_bounds') }}
),

rules_of_pcts as (
    select
        rule_id,
        feed
    from {{ ref('dq_rules_of_pcts') }}
),

results as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        n_checked,
        n_failed,
        rate,
        outcome
    from {{ ref('int_rule_results') }}
),

-- Rulebook 8.2: care judges who gave it by every rule, a PCT only by those of its own patients.
spine as (
    select
        expected_feeds.*,
        rules.rule_id,
        coalesce(feed_bounds.amber_over, rules.amber_threshold) as amber_threshold,
        coalesce(feed_bounds.red_over, rules.red_threshold) as red_threshold
    from expected_feeds
    inner join rules
        on expected_feeds.feed = rules.feed
    left join feed_bounds
        on rules.rule_id = feed_bounds.rule_id and rules.feed = feed_bounds.feed
    left join rules_of_pcts
        on rules.rule_id = rules_of_pcts.rule_id and rules.feed = rules_of_pcts.feed
    where
        expected_feeds.organisation_class = 'trust'
        or expected_feeds.feed not in ({{ activity_feeds() }})
        or rules_of_pcts.rule_id is not null
),

judged as (
    select
        spine.*,
        results.n_checked,
        results.n_failed,
        results.rate,
        {{ result_outcome('spine.is_unusable', 'spine.is_submitted', 'results.outcome') }}
            as outcome
    from spine
    left join results
        on
            spine.rule_id = results.rule_id
            and spine.organisation_code = results.organisation_code
            and spine.feed = results.feed
            and spine.quarter = results.quarter
),

-- Of what cannot be used, or was not sent, nothing is told but that.
final as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        cast(
            case when outcome in ('red', 'amber', 'green') then n_checked else 0 end as bigint
        ) as n_checked,
        cast(
            case when outcome in ('red', 'amber', 'green') then n_failed else 0 end as bigint
        ) as n_failed,
        case when outcome in ('red', 'amber', 'green') then rate end as rate,
        amber_threshold,
        red_threshold,
        outcome
    from judged
)

select * from final
