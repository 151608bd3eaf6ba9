with

spine as (
    select * from {{ ref('int_indicator_spine') }}
),

rule_results as (
    select
        rule_id,
        feed,
        organisation_code,
        quarter,
        outcome
    from {{ ref('int_rule_results') }}
    where outcome <> 'green'
),

indicator_findings as (
    select
        indicator_id,
        organisation_code,
        quarter,
        rule_id,
        outcome
    from {{ ref('int_indicator_findings') }}
),

{{ gated_indicators() }},

findings as (
    select
        gated_indicators.indicator_id,
        rule_results.organisation_code,
        rule_results.quarter,
        rule_results.rule_id,
        rule_results.outcome
    from rule_results
    inner join gated_indicators
        on
            rule_results.rule_id = gated_indicators.rule_id
            and rule_results.feed = gated_indicators.feed
    union all
    select
        indicator_id,
        organisation_code,
        quarter,
        rule_id,
        outcome
    from indicator_findings
),

final as (
    select
        spine.indicator_id,
        spine.short_name,
        spine.organisation_code,
        spine.quarter,
        count(findings.rule_id) filter (where findings.outcome = 'red') > 0 as has_red,
        count(findings.rule_id) filter (where findings.outcome = 'amber') > 0 as has_amber,
        string_agg(distinct findings.rule_id, ',' order by findings.rule_id) as rules_failed,
        spine.is_submitted
        and not spine.is_specialist
        and count(findings.rule_id) filter (where findings.outcome = 'red') = 0 as is_reference
    from spine
    left join findings
        on
            spine.indicator_id = findings.indicator_id
            and spine.organisation_code = findings.organisation_code
            and spine.quarter = findings.quarter
    group by
        spine.indicator_id, spine.short_name, spine.organisation_code, spine.quarter,
        spine.is_submitted, spine.is_specialist
)

select * from final
