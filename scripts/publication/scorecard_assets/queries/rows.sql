-- One row per organisation and indicator of a quarter, with its last quarters as a list. A figure
-- that is hidden or withheld is none: a scorecard says why instead.
with

quarters as (
    select quarter
    from dim_quarter
    where quarter <= $quarter
    order by quarter_start_date desc
    limit $n_quarters
),

figures as (
    select
        *,
        case
            when
                disclosure_status = 'shown' and publication_status in ('published', 'caveat')
                then value
        end as shown_value
    from fct_indicator_values
),

now as (
    select *
    from figures
    where quarter = $quarter and organisation_code = coalesce($code, organisation_code)
),

histories as (
    select
        now.indicator_id,
        now.organisation_code,
        list({
            'quarter': quarters.quarter,
            'value': figures.shown_value,
            'publication_status': figures.publication_status,
            'disclosure_status': figures.disclosure_status
        } order by quarters.quarter) as history
    from now
    cross join quarters
    left join figures
        on
            now.indicator_id = figures.indicator_id
            and now.organisation_code = figures.organisation_code
            and quarters.quarter = figures.quarter
    group by now.indicator_id, now.organisation_code
),

-- Specialist trusts have peers of their own.
peers as (
    select
        *,
        peer_set = 'specialist' as is_specialist
    from fct_quartile_thresholds
    where quarter = $quarter and peer_set in ('national', 'specialist')
),

trends as (
    select
        indicator_id,
        area_code as organisation_code,
        variation
    from fct_indicator_trend
    where quarter = $quarter and area_level = 'organisation'
),

areas as (
    select
        indicator_id,
        organisation_class,
        area_code as sha_code,
        value as sha_value
    from fct_area_values
    where quarter = $quarter and area_level = 'sha'
),

final as (
    select
        now.indicator_id,
        now.organisation_code,
        now.numerator,
        now.denominator,
        now.expected,
        now.value,
        now.shown_value,
        now.publication_status,
        now.disclosure_status,
        now.status_reason,
        now.benchmark_value,
        now.national_rank,
        now.n_ranked,
        now.quartile,
        now.opportunity_annual_gbp,
        now.sha_rank,
        now.sha_n_ranked,
        statistics.concern,
        statistics.focus_order,
        statistics.opportunity_annual_lower_gbp,
        trends.variation,
        areas.sha_value,
        histories.history,
        coalesce(
            indicators.in_published_total
            and $quarter >= coalesce(indicators.published_from_quarter, $quarter),
            false
        ) as is_in_total,
        peers.p10,
        peers.p25,
        peers.median,
        peers.p75,
        peers.p90
    from now
    left join dim_indicator as indicators
        on now.indicator_id = indicators.indicator_id
    left join histories
        on
            now.indicator_id = histories.indicator_id
            and now.organisation_code = histories.organisation_code
    left join fct_indicator_statistics as statistics
        on
            now.indicator_id = statistics.indicator_id
            and now.organisation_code = statistics.organisation_code
            and now.quarter = statistics.quarter
    left join trends
        on
            now.indicator_id = trends.indicator_id
            and now.organisation_code = trends.organisation_code
    left join dim_organisation as organisations
        on now.organisation_code = organisations.organisation_code
    left join areas
        on
            now.indicator_id = areas.indicator_id
            and now.organisation_class = areas.organisation_class
            and organisations.sha_code = areas.sha_code
    left join peers
        on
            now.indicator_id = peers.indicator_id
            and now.organisation_class = peers.organisation_class
            and (now.organisation_type = 'acute_specialist') = peers.is_specialist
)

select *
from final
order by organisation_code, indicator_id
