with

sickness_quarters as (
    select
        *,
        {{ comparable('fte_days_lost / nullif(fte_days_available, 0)') }} as absence_rate,
        {{ comparable(
            'abs(fte_days_available_per_month'
            ' / nullif(preceding_fte_days_available_per_month, 0) - 1)'
        ) }} as change_of_days_available
    from {{ ref('int_sickness_quarters') }}
),

rules as (
    select
        rule_id,
        red_under,
        red_over
    from {{ ref('dq_rules') }}
),

-- W01: a rate too low or too high to be believed. W02: a month missing, or a jump in the days.
judged as (
    select
        rules.rule_id,
        sickness_quarters.organisation_code,
        sickness_quarters.feed,
        sickness_quarters.quarter,
        sickness_quarters.absence_rate as rate,
        {{ rule_outcome(
            'sickness_quarters.absence_rate < rules.red_under or sickness_quarters.absence_rate > rules.red_over'
        ) }} as outcome
    from sickness_quarters
    inner join rules
        on rules.rule_id = 'W01'
    where sickness_quarters.absence_rate is not null
    union all
    select
        rules.rule_id,
        sickness_quarters.organisation_code,
        sickness_quarters.feed,
        sickness_quarters.quarter,
        sickness_quarters.change_of_days_available as rate,
        {{ rule_outcome(
            'sickness_quarters.n_months < 3 or sickness_quarters.change_of_days_available > rules.red_over'
        ) }} as outcome
    from sickness_quarters
    inner join rules
        on rules.rule_id = 'W02'
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
    from judged
)

select * from final
