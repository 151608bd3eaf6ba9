-- One row per organisation with figures in a quarter: who it is, its pounds, the state of its data.
with

present as (
    select
        organisation_code,
        any_value(organisation_type) as organisation_type,
        any_value(organisation_class) as organisation_class
    from fct_indicator_values
    where quarter = $quarter and organisation_code = coalesce($code, organisation_code)
    group by organisation_code
),

pounds as (
    select
        area_level,
        area_code,
        max(opportunity_annual_gbp) filter (where indicator_id = 'ALL') as published_gbp,
        max(opportunity_annual_gbp) filter (where indicator_id = 'ALL_NETTED') as netted_gbp,
        max(n_flagged) filter (where indicator_id = 'ALL') as n_flagged,
        max(opportunity_annual_unflagged_gbp) filter (
            where indicator_id = 'ALL'
        ) as unflagged_gbp,
        max(n_suppressed) filter (where indicator_id = 'ALL') as n_suppressed
    from fct_opportunity
    where quarter = $quarter and indicator_id in ('ALL', 'ALL_NETTED')
    group by area_level, area_code
),

feeds as (
    select
        organisation_code,
        count(*) filter (where verdict <> 'not_submitted') as n_feeds,
        count(*) filter (where verdict = 'amber') as n_amber,
        count(*) filter (where verdict = 'red') as n_red,
        count(*) filter (where verdict = 'not_submitted') as n_not_submitted
    from dq_submission_status
    where quarter = $quarter
    group by organisation_code
),

scores as (
    select
        organisation_code,
        dq_score
    from dq_scores
    where quarter = $quarter and feed is null
),

final as (
    select
        present.organisation_code,
        organisations.organisation_name,
        present.organisation_type,
        present.organisation_class,
        organisations.cluster,
        organisations.sha_code,
        authorities.organisation_name as sha_name,
        pounds.published_gbp,
        pounds.netted_gbp,
        pounds.n_flagged,
        pounds.unflagged_gbp,
        pounds.n_suppressed,
        sha_pounds.published_gbp as sha_published_gbp,
        feeds.n_feeds,
        feeds.n_amber,
        feeds.n_red,
        feeds.n_not_submitted,
        scores.dq_score
    from present
    left join dim_organisation as organisations
        on present.organisation_code = organisations.organisation_code
    left join dim_organisation as authorities
        on organisations.sha_code = authorities.organisation_code
    left join pounds
        on
            present.organisation_code = pounds.area_code
            and pounds.area_level = 'organisation'
    left join pounds as sha_pounds
        on
            organisations.sha_code = sha_pounds.area_code
            and sha_pounds.area_level = 'sha'
    left join feeds
        on present.organisation_code = feeds.organisation_code
    left join scores
        on present.organisation_code = scores.organisation_code
)

select *
from final
order by organisation_code
