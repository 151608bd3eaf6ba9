-- Rulebook 8.2 and 8.3, worked out again without the spine: an indicator of the registry, whoever
-- is open and of its types, a quarter in which a feed that it needs counts, and every rule of the
-- feed that is shown. Each of these has exactly one outcome, and nothing else has one.
with

registry as (
    select
        indicator_id,
        ';' || org_type || ';' as wanted_types,
        ';' || feeds || ';' as feeds,
        active_from_quarter,
        active_to_quarter
    from {{ ref('dim_indicator') }}
),

organisations as (
    select
        organisation_code,
        organisation_type,
        organisation_class,
        quarter
    from {{ ref('int_open_organisations') }}
),

counting as (
    select distinct
        feed,
        quarter
    from {{ ref('int_submission_months') }}
    where is_effective
),

sent as (
    select
        feed,
        organisation_code,
        quarter
    from {{ ref('int_feed_quarters') }}
),

rules as (
    select
        rule_id,
        ';' || feeds || ';' as feeds
    from {{ ref('dim_dq_rule') }}
    where rule_id not in ('A06', 'ORG', 'MIN')
),

needed as (
    select distinct
        registry.indicator_id,
        organisations.organisation_code,
        organisations.organisation_class,
        organisations.quarter,
        case
            when counting.feed = 'epd' then 'epact'
            when counting.feed = 'nhse_sickness' then 'esr_absence'
            when counting.feed = 'nhse_turnover' then 'esr_movement'
            else counting.feed
        end as local_feed
    from registry
    inner join counting
        on
            registry.feeds like '%;' || counting.feed || ';%'
            and (
                registry.active_from_quarter is null
                or registry.active_from_quarter <= counting.quarter
            )
            and (
                registry.active_to_quarter is null
                or registry.active_to_quarter >= counting.quarter
            )
    inner join organisations
        on
            counting.quarter = organisations.quarter
            and registry.wanted_types like '%;' || organisations.organisation_type || ';%'
),

expected as (
    select
        organisation_code,
        organisation_class,
        quarter,
        local_feed
    from needed
    union
    select
        organisation_code,
        organisation_class,
        quarter,
        'population' as local_feed
    from needed
    where indicator_id in ('BCBV04', 'BCBV05', 'BCBV06', 'BCBV19')
),

shown as (
    select
        expected.organisation_code,
        expected.organisation_class,
        expected.quarter,
        case
            when local_rows.feed is null and published_rows.feed is not null
                then published_rows.feed
            else expected.local_feed
        end as feed
    from expected
    left join sent as local_rows
        on
            expected.local_feed = local_rows.feed
            and expected.organisation_code = local_rows.organisation_code
            and expected.quarter = local_rows.quarter
    left join sent as published_rows
        on
            published_rows.feed = case
                when expected.local_feed = 'epact' then 'epd'
                when expected.local_feed = 'esr_absence' then 'nhse_sickness'
                when expected.local_feed = 'esr_movement' then 'nhse_turnover'
            end
            and expected.organisation_code = published_rows.organisation_code
            and expected.quarter = published_rows.quarter
),

wanted as (
    select
        rules.rule_id,
        shown.organisation_code,
        shown.feed,
        shown.quarter
    from shown
    inner join rules
        on rules.feeds like '%;' || shown.feed || ';%'
    where
        shown.organisation_class = 'trust'
        or shown.feed not in ('hes_apc', 'hes_op')
        or rules.rule_id in ('A16', 'V01', 'V02')
        or (shown.feed = 'hes_apc' and rules.rule_id = 'A12')
        or (shown.feed = 'hes_op' and rules.rule_id in ('O02', 'O03', 'O04'))
),

found as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        count(*) as n_outcomes
    from {{ ref('dq_rule_results') }}
    where outcome in ('not_submitted', 'unusable', 'not_evaluated', 'red', 'amber', 'green')
    group by rule_id, organisation_code, feed, quarter
),

final as (
    select
        wanted.*,
        found.rule_id as found_rule_id,
        found.organisation_code as found_organisation_code,
        found.feed as found_feed,
        found.quarter as found_quarter,
        found.n_outcomes
    from wanted
    full outer join found
        on
            wanted.rule_id = found.rule_id
            and wanted.organisation_code = found.organisation_code
            and wanted.feed = found.feed
            and wanted.quarter = found.quarter
    where wanted.rule_id is null or coalesce(found.n_outcomes, 0) <> 1
)

select * from final
