-- Rulebook 8.3: what a rule found amber or red of an organisation that is expected to send the feed
-- is told, with its figures; and of both formats of a quarter nothing stands under the one that is
-- not shown. Not told are rules of the other format alone (R01 beside local sickness, which gates
-- all the same), what is said of feeds that cannot be used, and of a PCT by the rows of others.
with

objections as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        n_checked,
        n_failed,
        rate,
        outcome,
        case
            when feed = 'epd' then 'epact'
            when feed = 'nhse_sickness' then 'esr_absence'
            when feed = 'nhse_turnover' then 'esr_movement'
            else feed
        end as local_feed
    from {{ ref('int_rule_results') }}
),

told as (
    select * from {{ ref('dq_rule_results') }}
),

rules as (
    select
        rule_id,
        ';' || feeds || ';' as feeds
    from {{ ref('dim_dq_rule') }}
    where grain = 'organisation'
),

rules_of_pcts as (
    select
        rule_id,
        feed
    from {{ ref('dq_rules_of_pcts') }}
),

organisations as (
    select
        organisation_code,
        organisation_class
    from {{ ref('dim_organisation') }}
),

status as (
    select
        organisation_code,
        feed,
        quarter,
        verdict,
        case
            when feed = 'epd' then 'epact'
            when feed = 'nhse_sickness' then 'esr_absence'
            when feed = 'nhse_turnover' then 'esr_movement'
            else feed
        end as local_feed
    from {{ ref('dq_submission_status') }}
    where verdict not in ('not_submitted', 'unusable')
),

final as (
    select
        objections.*,
        status.feed as shown_feed,
        told.outcome as told_outcome
    from objections
    inner join status
        on
            objections.organisation_code = status.organisation_code
            and objections.local_feed = status.local_feed
            and objections.quarter = status.quarter
    inner join rules
        on
            objections.rule_id = rules.rule_id
            and rules.feeds like '%;' || status.feed || ';%'
    inner join organisations
        on objections.organisation_code = organisations.organisation_code
    left join rules_of_pcts
        on objections.rule_id = rules_of_pcts.rule_id and objections.feed = rules_of_pcts.feed
    left join told
        on
            objections.rule_id = told.rule_id
            and objections.organisation_code = told.organisation_code
            and status.feed = told.feed
            and objections.quarter = told.quarter
    where
        (
            organisations.organisation_class = 'trust'
            or objections.feed not in ('hes_apc', 'hes_op')
            or rules_of_pcts.rule_id is not null
        )
        and (
            objections.feed <> status.feed
            or told.rule_id is null
            or told.outcome <> objections.outcome
            or told.n_checked is distinct from objections.n_checked
            or told.n_failed is distinct from objections.n_failed
            or told.rate is distinct from objections.rate
        )
)

select * from final
