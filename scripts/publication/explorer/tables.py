"""Which rows of which table go into which shard: SQL over the release, nothing else.

o/<code>         an organisation, all quarters: values, statistics (funnel, concern, focus), trend,
                 opportunity (ALL, ALL_NETTED), quality; the latest eight: change since
                 the quarter before, chance (intervals), money (at other benchmarks); the latest
                 one: drilldown
i/<id>/<year>    an indicator in a financial year: values of all organisations with ranks and
                 funnel, thresholds of all sets of peers, areas, dispersion
t/<id>           an indicator, all quarters: national thresholds, areas
a/<sha>/<year>   an SHA in a financial year: values; organisations, their sums
a/<sha>          an SHA, all quarters: opportunity, change
e                England, all quarters: opportunity, change, regions, sensitivity, vintages, areas,
                 national
q                data quality, all quarters, counted: verdicts, statuses
q/<year>         data quality in a financial year: senders, withheld
"""

from dataclasses import dataclass

YEAR = "left(quarter, 7)"
# Further back the pages have figures, ranks and trends, and the release's tables have the rest: ten
# years of everything would be twice as large.
DETAILED_QUARTERS = 8
DRILLDOWN_QUARTERS = 1


def _latest(quarters: int) -> str:
    return f"""quarter in (
        select distinct quarter from fct_indicator_values order by quarter desc limit {quarters}
    )"""


@dataclass(frozen=True)
class Table:
    """A table of a shard: its name there, the query (with the column `shard`), its order."""

    name: str
    query: str
    order: str


# An organisation, all quarters: `o/<code>`.
_VALUES = Table(
    "values",
    """
    select
        'o/' || organisation_code as shard, indicator_id, quarter, publication_status,
        disclosure_status, status_reason, numerator, denominator, expected, value,
        benchmark_value, excess_units, unit_price_gbp, opportunity_annual_gbp, national_rank,
        n_ranked, quartile, sha_rank, sha_n_ranked, sha_quartile, cluster_rank,
        cluster_n_ranked, cluster_quartile
    from fct_indicator_values
    """,
    "indicator_id, quarter",
)
_MONEY = Table(
    "money",
    f"""
    select
        'o/' || organisation_code as shard, indicator_id, quarter,
        opportunity_annual_at_median_gbp, opportunity_annual_at_best_decile_gbp,
        releasable_annual_gbp
    from fct_indicator_values
    where opportunity_annual_gbp is not null and {_latest(DETAILED_QUARTERS)}
    """,
    "indicator_id, quarter",
)
_CHANCE = Table(
    "chance",
    f"""
    select
        'o/' || organisation_code as shard, indicator_id, quarter, value_lower_95,
        value_upper_95, rank_best_95, rank_worst_95,
        opportunity_annual_lower_gbp, opportunity_annual_upper_gbp
    from fct_indicator_statistics
    where {_latest(DETAILED_QUARTERS)}
    """,
    "indicator_id, quarter",
)
_STATISTICS = Table(
    "statistics",
    """
    select
        'o/' || organisation_code as shard, indicator_id, quarter, funnel_position, concern,
        focus_order
    from fct_indicator_statistics
    """,
    "indicator_id, quarter",
)
_TREND = Table(
    "trend",
    """
    select
        'o/' || area_code as shard, indicator_id, quarter, segment_from_quarter, n_points, mean,
        lower_limit, upper_limit, is_trial, signal, variation, change,
        is_change_significant, quarters_improving
    from fct_indicator_trend
    where area_level = 'organisation'
    """,
    "indicator_id, quarter",
)
_CHANGE = """
    select
        {shard} as shard, indicator_id, quarter, comparison, from_quarter, disclosure_status,
        opportunity_from_gbp, opportunity_to_gbp, performance_gbp, benchmark_gbp, volume_gbp,
        price_and_mix_gbp, reporting_gbp, organisations_gbp, scope_gbp, change_gbp, n_suppressed
    from fct_opportunity_change
    where area_level = '{level}'
"""
_OPPORTUNITY = """
    select
        {shard} as shard, {columns}indicator_id, quarter, disclosure_status,
        opportunity_annual_gbp, opportunity_annual_at_median_gbp,
        opportunity_annual_at_best_decile_gbp, releasable_annual_gbp, n_organisations, n_flagged,
        opportunity_annual_unflagged_gbp, opportunity_annual_activity_adjusted_gbp, n_suppressed
    from fct_opportunity
    where area_level = '{level}'
"""
_QUALITY = Table(
    "quality",
    """
    select
        'o/' || organisation_code as shard, feed, quarter, verdict, n_records, completeness,
        dq_score, months_present, rules_red, rules_amber
    from dq_submission_status
    """,
    "feed, quarter",
)
_DRILLDOWN = Table(
    "drilldown",
    f"""
    select
        'o/' || organisation_code as shard, indicator_id, quarter, dimension, member,
        nullif(member_name, member) as member_name, n_cases, observed, expected, excess_units,
        opportunity_annual_gbp
    from drilldown
    where {_latest(DRILLDOWN_QUARTERS)}
    """,
    "indicator_id, quarter, dimension, opportunity_annual_gbp, member",
)

# An indicator, a financial year: `i/<id>/<year>`.
_INDICATOR_YEAR = f"'i/' || indicator_id || '/' || {YEAR}"
_PEERS = Table(
    "values",
    f"""
    select
        {_INDICATOR_YEAR} as shard, quarter, organisation_code, organisation_class,
        publication_status, disclosure_status, status_reason, numerator, denominator, expected,
        value, national_rank, n_ranked, quartile, opportunity_annual_gbp, funnel_position,
        funnel_lower_95, funnel_upper_95, funnel_lower_998, funnel_upper_998, funnel_centre
    from fct_indicator_values
    left join (
        select indicator_id, organisation_code, quarter, funnel_position
        from fct_indicator_statistics
    ) as statistics using (indicator_id, organisation_code, quarter)
    left join (
        select
            indicator_id, organisation_code, quarter, funnel_lower_95, funnel_upper_95,
            funnel_lower_998, funnel_upper_998, funnel_centre
        from fct_indicator_statistics
        where {_latest(DETAILED_QUARTERS)}
    ) as limits using (indicator_id, organisation_code, quarter)
    """,
    "quarter, organisation_code",
)
_THRESHOLDS = Table(
    "thresholds",
    f"""
    select
        {_INDICATOR_YEAR} as shard, quarter, organisation_class, peer_set, peer_code,
        n_organisations, p10, p25, median, p75, p90, best_quartile_threshold
    from fct_quartile_thresholds
    """,
    "quarter, organisation_class, peer_set, peer_code",
)
_AREA_VALUES = Table(
    "areas",
    f"""
    select
        {_INDICATOR_YEAR} as shard, quarter, organisation_class, area_level, area_code, numerator,
        denominator, expected, value, simple_mean, n_organisations, n_left_out, n_suppressed
    from fct_area_values
    """,
    "quarter, organisation_class, area_level, area_code",
)
_DISPERSION = Table(
    "dispersion",
    f"""
    select distinct
        {_INDICATOR_YEAR} as shard, quarter, organisation_class, interval_method,
        overdispersion_phi, overdispersion_tau2, funnel_target
    from fct_indicator_statistics
    where overdispersion_phi is not null or overdispersion_tau2 is not null
    """,
    "quarter, organisation_class",
)
# An indicator, all quarters: `t/<id>`.
_NATIONAL = Table(
    "thresholds",
    """
    select
        't/' || indicator_id as shard, quarter, organisation_class, n_organisations, p10, p25,
        median, p75, p90, best_quartile_threshold
    from fct_quartile_thresholds
    where peer_set = 'national'
    """,
    "organisation_class, quarter",
)
_AREAS_THROUGH_TIME = Table(
    "areas",
    """
    select
        't/' || indicator_id as shard, quarter, organisation_class, area_level, area_code, value,
        n_organisations, n_suppressed
    from fct_area_values
    """,
    "organisation_class, area_level, area_code, quarter",
)

# An SHA, a financial year: `a/<sha>/<year>`; all quarters: `a/<sha>`.
_MATRIX = Table(
    "values",
    f"""
    select
        'a/' || sha_code || '/' || {YEAR} as shard, quarter, organisation_code, indicator_id,
        publication_status, disclosure_status, status_reason, value, national_rank,
        quartile, opportunity_annual_gbp
    from fct_indicator_values
    inner join (select organisation_code, sha_code from dim_organisation) as organisations
        using (organisation_code)
    where sha_code is not null
    """,
    "quarter, organisation_code, indicator_id",
)
_SUMS_OF_ORGANISATIONS = Table(
    "organisations",
    f"""
    select
        'a/' || sha_code || '/' || {YEAR} as shard, quarter, area_code as organisation_code,
        indicator_id, disclosure_status, opportunity_annual_gbp, n_suppressed
    from fct_opportunity
    inner join (select organisation_code, sha_code from dim_organisation) as organisations
        on area_code = organisation_code
    where area_level = 'organisation' and indicator_id in ('ALL', 'ALL_NETTED')
        and sha_code is not null
    """,
    "quarter, organisation_code, indicator_id",
)

# England, all quarters: `e`. The regions' values and sums beside it.
_REGIONS = Table(
    "regions",
    """
    select
        'e' as shard, area_code, indicator_id, quarter, opportunity_annual_gbp, n_organisations,
        n_suppressed
    from fct_opportunity
    where area_level = 'sha'
    """,
    "area_code, indicator_id, quarter",
)
_SENSITIVITY = Table(
    "sensitivity",
    """
    select
        'e' as shard, indicator_id, quarter, scenario, opportunity_annual_gbp, n_organisations,
        n_suppressed
    from fct_sensitivity
    """,
    "indicator_id, quarter, scenario",
)
_VINTAGES = Table(
    "vintages",
    """
    select 'e' as shard, indicator_id, quarter, release, opportunity_annual_gbp
    from fct_opportunity_vintages
    """,
    "indicator_id, quarter, release",
)
_VALUES_OF_AREAS = Table(
    "areas",
    """
    select
        'e' as shard, indicator_id, organisation_class, area_level, area_code, quarter, value,
        n_organisations, n_left_out, n_suppressed
    from fct_area_values
    """,
    "indicator_id, organisation_class, area_level, area_code, quarter",
)
_NATIONAL_VALUES = Table(
    "national",
    """
    select
        'e' as shard, indicator_id, organisation_class, quarter, numerator, denominator,
        simple_mean, n_organisations, n_left_out, n_suppressed
    from fct_area_values
    where area_level = 'england'
    """,
    "indicator_id, organisation_class, quarter",
)

# Data quality, all quarters: `q`; a financial year: `q/<year>`.
_VERDICTS = Table(
    "verdicts",
    """
    select
        'q' as shard, feed, quarter, verdict, count(*) as n_organisations,
        sum(n_records) as n_records, median(completeness) as median_completeness
    from dq_submission_status
    group by all
    """,
    "feed, quarter, verdict",
)
_STATUSES = Table(
    "statuses",
    """
    select
        'q' as shard, indicator_id, quarter, publication_status, disclosure_status,
        count(*) as n_organisations
    from fct_indicator_values
    group by all
    """,
    "indicator_id, quarter, publication_status, disclosure_status",
)
_SENDERS = Table(
    "senders",
    f"""
    select
        'q/' || {YEAR} as shard, quarter, organisation_code, feed, verdict, n_records,
        completeness, dq_score, months_present, rules_red, rules_amber
    from dq_submission_status
    """,
    "quarter, organisation_code, feed",
)
_WITHHELD = Table(
    "withheld",
    f"""
    select
        'q/' || {YEAR} as shard, quarter, organisation_code, indicator_id, publication_status,
        disclosure_status, status_reason
    from fct_indicator_values
    where publication_status in ('withheld', 'not_submitted') or disclosure_status = 'suppressed'
    """,
    "quarter, organisation_code, indicator_id",
)

TABLES = (
    _VALUES,
    _MONEY,
    _CHANCE,
    _STATISTICS,
    _TREND,
    Table(
        "change",
        # Since the quarter before: the base quarter is asked of England and of SHAs.
        _CHANGE.format(shard="'o/' || area_code", level="organisation")
        + f" and comparison = 'previous' and {_latest(DETAILED_QUARTERS)}",
        "indicator_id, quarter, comparison",
    ),
    Table(
        "opportunity",
        """
        select
            'o/' || area_code as shard, indicator_id, quarter, disclosure_status,
            opportunity_annual_gbp, opportunity_annual_unflagged_gbp, n_flagged, n_suppressed
        from fct_opportunity
        where area_level = 'organisation' and indicator_id in ('ALL', 'ALL_NETTED')
        """,
        "indicator_id, quarter",
    ),
    _QUALITY,
    _DRILLDOWN,
    _PEERS,
    _THRESHOLDS,
    _AREA_VALUES,
    _DISPERSION,
    _NATIONAL,
    _AREAS_THROUGH_TIME,
    _MATRIX,
    _SUMS_OF_ORGANISATIONS,
    Table(
        "opportunity",
        _OPPORTUNITY.format(shard="'a/' || area_code", columns="", level="sha"),
        "indicator_id, quarter",
    ),
    Table(
        "change",
        _CHANGE.format(shard="'a/' || area_code", level="sha"),
        "indicator_id, quarter, comparison",
    ),
    Table(
        "opportunity",
        _OPPORTUNITY.format(shard="'e'", columns="", level="england"),
        "indicator_id, quarter",
    ),
    Table(
        "change",
        _CHANGE.format(shard="'e'", level="england"),
        "indicator_id, quarter, comparison",
    ),
    _REGIONS,
    _SENSITIVITY,
    _VINTAGES,
    _VALUES_OF_AREAS,
    _NATIONAL_VALUES,
    _VERDICTS,
    _STATUSES,
    _SENDERS,
    _WITHHELD,
)
