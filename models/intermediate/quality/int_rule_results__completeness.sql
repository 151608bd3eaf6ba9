with

completeness as (
    select
        *,
        {{ comparable('completeness') }} as rounded_completeness,
        cast(n_duplicates as double) / nullif(n_before_duplicates, 0) as duplicate_rate
    from {{ ref('int_completeness') }}
),

rules as (
    select
        rule_id,
        amber_under,
        red_under,
        red_over
    from {{ ref('dq_rules') }}
),

incomplete as (
    select
        rules.rule_id,
        completeness.organisation_code,
        completeness.feed,
        completeness.quarter,
        completeness.completeness as rate,
        {{ rule_outcome(
            'completeness.rounded_completeness < rules.red_under',
            'completeness.rounded_completeness < rules.amber_under'
        ) }} as outcome
    from completeness
    inner join rules
        on rules.rule_id = 'V01'
),

final as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        {{ judged_once('outcome') }},
        rate,
        outcome
    from incomplete
    union all
    select
        rules.rule_id,
        completeness.organisation_code,
        completeness.feed,
        completeness.quarter,
        cast(completeness.n_before_duplicates as bigint) as n_checked,
        cast(completeness.n_duplicates as bigint) as n_failed,
        completeness.duplicate_rate as rate,
        {{ rule_outcome(
            'completeness.rounded_completeness > ' ~ parameter('duplication_completeness')
            ~ ' and completeness.duplicate_rate > rules.red_over'
        ) }} as outcome
    from completeness
    inner join rules
        on rules.rule_id = 'V02'
    where completeness.n_before_duplicates > 0
)

select * from final
