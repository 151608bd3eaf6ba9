-- Each rule's result, beside those of the four quarters before and the median of the peers. Rulebook
-- 8.11: peers are the others of the class and peer group, of those in no group where it is in none.
with

latest as (
    select quarter, row_number() over (order by quarter_start_date desc) as quarters_back
    from marts.dim_quarter
    where
        quarter_start_date < (
            select quarter_start_date from marts.dim_quarter where quarter = $quarter
        )
    qualify quarters_back <= 4
),

rules as (
    select
        rule_id, name, description, advice, treatment, dimension,
        amber_over, red_over, amber_under, red_under
    from marts.dim_dq_rule
),

results as (
    select
        results.rule_id,
        results.organisation_code,
        results.feed,
        results.n_checked,
        results.n_failed,
        results.rate,
        results.amber_threshold,
        results.red_threshold,
        results.outcome,
        organisations.organisation_class,
        organisations.cluster
    from marts.dq_rule_results as results
    left join marts.dim_organisation as organisations
        on results.organisation_code = organisations.organisation_code
    where results.quarter = $quarter
),

wanted as (
    select * from results
    where $codes is null or list_contains($codes::varchar[], organisation_code)
),

history as (
    select
        results.rule_id,
        results.organisation_code,
        results.feed,
        list(
            struct_pack(
                quarters_back := latest.quarters_back,
                rate := results.rate,
                outcome := results.outcome
            )
            order by latest.quarters_back
        ) as earlier
    from marts.dq_rule_results as results
    inner join latest on results.quarter = latest.quarter
    where $codes is null or list_contains($codes::varchar[], results.organisation_code)
    group by results.rule_id, results.organisation_code, results.feed
),

peers as (
    select
        wanted.rule_id,
        wanted.organisation_code,
        wanted.feed,
        median(results.rate) as peer_median,
        count(results.rate) as n_peers
    from wanted
    inner join results
        on
            wanted.rule_id = results.rule_id
            and wanted.feed = results.feed
            and wanted.organisation_class = results.organisation_class
            and wanted.cluster is not distinct from results.cluster
            and wanted.organisation_code != results.organisation_code
    where results.outcome in ('green', 'amber', 'red')
    group by wanted.rule_id, wanted.organisation_code, wanted.feed
),

final as (
    select
        wanted.organisation_code,
        wanted.feed,
        wanted.rule_id,
        rules.name,
        rules.description,
        rules.advice,
        rules.treatment,
        rules.dimension,
        wanted.n_checked,
        wanted.n_failed,
        wanted.rate,
        wanted.amber_threshold,
        wanted.red_threshold,
        rules.amber_over,
        rules.red_over,
        rules.amber_under,
        rules.red_under,
        wanted.outcome,
        history.earlier,
        peers.peer_median,
        coalesce(peers.n_peers, 0) as n_peers
    from wanted
    inner join rules on wanted.rule_id = rules.rule_id
    left join history
        on
            wanted.rule_id = history.rule_id
            and wanted.organisation_code = history.organisation_code
            and wanted.feed = history.feed
    left join peers
        on
            wanted.rule_id = peers.rule_id
            and wanted.organisation_code = peers.organisation_code
            and wanted.feed = peers.feed
)

select * from final
order by
    organisation_code,
    feed,
    list_position(
        ['red', 'amber', 'unusable', 'not_submitted', 'not_evaluated', 'green'], outcome
    ),
    rule_id
