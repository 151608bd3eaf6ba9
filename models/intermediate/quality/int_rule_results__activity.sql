with

ordinary_spells as (
    select
        organisation_code,
        quarter,
        is_uncoded
    from {{ ref('int_ordinary_spells') }}
    where organisation_code is not null
),

operation_spells as (
    select
        organisation_code,
        quarter,
        has_valid_operation_date
    from {{ ref('int_operation_spells') }}
    where organisation_code is not null
),

rules as (
    select
        rule_id,
        amber_over,
        red_over
    from {{ ref('dq_rules') }}
),

counted as (
    select
        'A11' as rule_id,
        organisation_code,
        quarter,
        count(*) as n_checked,
        count(*) filter (where is_uncoded) as n_failed
    from ordinary_spells
    group by organisation_code, quarter
    union all
    select
        'A13' as rule_id,
        organisation_code,
        quarter,
        count(*) as n_checked,
        count(*) filter (where not has_valid_operation_date) as n_failed
    from operation_spells
    group by organisation_code, quarter
),

rated as (
    select
        *,
        cast(n_failed as double) / n_checked as rate
    from counted
),

final as (
    select
        rated.rule_id,
        rated.organisation_code,
        'hes_apc' as feed,
        rated.quarter,
        rated.n_checked,
        rated.n_failed,
        rated.rate,
        {{ rule_outcome('rated.rate > rules.red_over', 'rated.rate > rules.amber_over') }}
            as outcome
    from rated
    inner join rules
        on rated.rule_id = rules.rule_id
)

select * from final
