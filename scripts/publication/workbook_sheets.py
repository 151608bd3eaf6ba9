"""Which sheets a workbook has, and the query of each."""

from dataclasses import dataclass

from warehouse.home import literal

# Quarters that a workbook holds; all of history is in the CSV and Parquet files.
QUARTERS = 4
# Columns that the writer reads and does not write: unit of the row's indicator, and what stands
# where a figure is missing.
UNIT, MARK = "_unit", "_mark"

_INDICATOR = "figures.indicator_id, indicators.name as indicator_name"
_ORGANISATION = "figures.organisation_code, organisations.organisation_name"
_AREA = """figures.area_level, figures.area_code, coalesce(
    organisations.organisation_name, case when figures.area_code = 'england' then 'England' end
) as area_name"""
# Missing for one of three reasons: hidden, not there, or there is no such figure.
_MARK = """case
    when figures.disclosure_status = 'suppressed' then '[c]'
    {missing}
    else '[z]'
end as _mark"""
_MISSING = "when figures.publication_status in ('not_submitted', 'unusable') then '[x]'"


@dataclass(frozen=True)
class Sheet:
    """A sheet of one table: what it shows, its query, and the tables whose comments describe it."""

    name: str
    title: str
    query: str
    sources: tuple[str, ...]


def sheets(quarters: list[str], authority: str | None = None) -> list[Sheet]:
    """The sheets of one authority's workbook, or of the whole release's, for these quarters.

    `quarters` in their order, the latest last.
    """
    listed = f"figures.quarter in ({', '.join(literal(quarter) for quarter in quarters)})"
    latest = f"figures.quarter = {literal(quarters[-1])}"
    of_organisations = of_areas = of_authority = "true"
    if authority:
        of_organisations = f"organisations.sha_code = {literal(authority)}"
        of_areas = (
            f"(figures.area_code = {literal(authority)} or {of_organisations}"
            " and figures.area_level = 'organisation' or figures.area_level = 'england')"
        )
        of_authority = f"figures.area_code in ({literal(authority)}, 'england')"
    found = [
        _values(listed, of_organisations),
        _opportunity(listed, of_areas),
        _areas(listed, of_authority),
        _changes(listed, of_authority),
    ]
    if authority:
        found.append(_parts(latest, of_organisations))
    else:
        found.append(_thresholds(listed))
    return [
        *found,
        _data_quality(listed, of_organisations),
        _INDICATORS,
        _organisations(of_organisations),
    ]


def _joined(table: str, code: str = "organisation_code") -> str:
    """A table with the names of its indicators and of its organisations or areas."""
    return f"""{table} as figures
        left join dim_indicator as indicators on figures.indicator_id = indicators.indicator_id
        left join dim_organisation as organisations
            on figures.{code} = organisations.organisation_code"""


def _values(quarters: str, chosen: str) -> Sheet:
    return Sheet(
        "Values",
        "Each indicator of each organisation and quarter: value, rank, opportunity, status",
        f"""
        select
            {_INDICATOR}, {_ORGANISATION},
            organisations.sha_code, figures.organisation_class, figures.quarter,
            figures.quarter_start_date,
            figures.publication_status, figures.status_reason, figures.disclosure_status,
            indicators.unit, figures.numerator, figures.denominator, figures.expected,
            figures.value, statistics.value_lower_95, statistics.value_upper_95,
            figures.benchmark_value, figures.gap, figures.excess_units, figures.unit_price_gbp,
            figures.opportunity_annual_gbp, figures.opportunity_annual_at_median_gbp,
            figures.opportunity_annual_at_best_decile_gbp, figures.releasable_annual_gbp,
            figures.national_rank, figures.n_ranked, figures.quartile,
            figures.sha_rank, figures.sha_n_ranked, figures.sha_quartile,
            figures.cluster_rank, figures.cluster_n_ranked, figures.cluster_quartile,
            statistics.concern, statistics.focus_order,
            indicators.unit as {UNIT}, {_MARK.format(missing=_MISSING)}
        from {_joined("fct_indicator_values")}
        left join fct_indicator_statistics as statistics
            on
                figures.indicator_id = statistics.indicator_id
                and figures.organisation_code = statistics.organisation_code
                and figures.quarter = statistics.quarter
        where {quarters} and {chosen}
        order by figures.indicator_id, figures.organisation_code, figures.quarter
        """,
        (
            "fct_indicator_values",
            "fct_indicator_statistics",
            "dim_indicator",
            "dim_organisation",
        ),
    )


def _opportunity(quarters: str, chosen: str) -> Sheet:
    return Sheet(
        "Opportunity",
        "What reaching the best quarter is worth a year, of organisations, authorities and England",
        f"""
        select
            figures.indicator_id,
            coalesce(
                indicators.name,
                case figures.indicator_id
                    when 'ALL' then 'All in the total'
                    when 'ALL_NETTED' then 'All in the total, what is in two indicators once'
                end
            ) as indicator_name,
            {_AREA}, figures.quarter, figures.quarter_start_date,
            figures.opportunity_annual_gbp, figures.opportunity_annual_at_median_gbp,
            figures.opportunity_annual_at_best_decile_gbp, figures.releasable_annual_gbp,
            figures.opportunity_annual_unflagged_gbp,
            figures.opportunity_annual_activity_adjusted_gbp,
            figures.n_organisations, figures.n_flagged, figures.n_suppressed,
            null as {UNIT}, {_MARK.format(missing="")}
        from {_joined("fct_opportunity", "area_code")}
        where
            {quarters} and {chosen}
            and (
                figures.area_level != 'organisation'
                -- An organisation's single indicators are on the sheet Values.
                or figures.indicator_id in ('ALL', 'ALL_NETTED')
            )
        order by figures.indicator_id, figures.area_level, figures.area_code, figures.quarter
        """,
        ("fct_opportunity", "dim_indicator"),
    )


def _areas(quarters: str, chosen: str) -> Sheet:
    return Sheet(
        "Areas",
        "Each indicator of authorities and England, from the cases of their organisations",
        f"""
        select
            {_INDICATOR}, figures.organisation_class, {_AREA}, figures.quarter,
            figures.quarter_start_date, indicators.unit, figures.numerator, figures.denominator,
            figures.expected, figures.value, figures.simple_mean, figures.n_organisations,
            figures.n_left_out, figures.n_suppressed,
            indicators.unit as {UNIT}, {_MARK.format(missing="")}
        from {_joined("fct_area_values", "area_code")}
        where {quarters} and {chosen}
        order by
            figures.indicator_id, figures.organisation_class, figures.area_level,
            figures.area_code, figures.quarter
        """,
        ("fct_area_values", "dim_indicator"),
    )


def _changes(quarters: str, chosen: str) -> Sheet:
    return Sheet(
        "Changes",
        "Why the opportunity of authorities and England changed",
        f"""
        select
            figures.indicator_id, {_AREA}, figures.quarter, figures.quarter_start_date,
            figures.comparison, figures.from_quarter, figures.opportunity_from_gbp,
            figures.opportunity_to_gbp, figures.change_gbp, figures.performance_gbp,
            figures.benchmark_gbp, figures.volume_gbp, figures.price_and_mix_gbp,
            figures.reporting_gbp, figures.organisations_gbp, figures.scope_gbp,
            figures.n_suppressed,
            null as {UNIT}, {_MARK.format(missing="")}
        from {_joined("fct_opportunity_change", "area_code")}
        where {quarters} and {chosen} and figures.area_level != 'organisation'
        order by
            figures.indicator_id, figures.area_level, figures.area_code, figures.comparison,
            figures.quarter
        """,
        ("fct_opportunity_change", "dim_indicator"),
    )


def _thresholds(quarters: str) -> Sheet:
    return Sheet(
        "Thresholds",
        "How values lie: percentiles of England, of each authority and of each peer group",
        f"""
        select
            {_INDICATOR}, figures.organisation_class, figures.peer_set, figures.peer_code,
            figures.quarter, figures.quarter_start_date, indicators.unit,
            figures.n_organisations, figures.p10, figures.p25, figures.median, figures.p75,
            figures.p90, figures.best_quartile_threshold,
            indicators.unit as {UNIT}, {_MARK.format(missing="")}
        from {_joined("fct_quartile_thresholds", "peer_code")}
        where {quarters}
        order by
            figures.indicator_id, figures.organisation_class, figures.peer_set,
            figures.peer_code, figures.quarter
        """,
        ("fct_quartile_thresholds", "dim_indicator"),
    )


def _parts(quarter: str, chosen: str) -> Sheet:
    return Sheet(
        "Parts",
        "Where the opportunity of each organisation lies, in the latest quarter",
        f"""
        select
            {_INDICATOR}, {_ORGANISATION}, figures.quarter, figures.quarter_start_date,
            figures.dimension, figures.member, figures.member_name, figures.n_cases,
            figures.observed, figures.expected, figures.excess_units,
            figures.opportunity_annual_gbp,
            indicators.unit as {UNIT}, {_MARK.format(missing="")}
        from {_joined("drilldown")}
        where {quarter} and {chosen}
        order by
            figures.indicator_id, figures.organisation_code, figures.dimension, figures.member
        """,
        ("drilldown", "dim_indicator", "dim_organisation"),
    )


def _data_quality(quarters: str, chosen: str) -> Sheet:
    return Sheet(
        "Data quality",
        "What was sent, and the verdict on it",
        f"""
        select
            {_ORGANISATION}, figures.feed, figures.quarter, figures.verdict,
            figures.completeness, figures.months_present, figures.dq_score, figures.rules_red,
            figures.rules_amber, 'proportion' as {UNIT}, {_MARK.format(missing="")}
        from dq_submission_status as figures
        left join dim_organisation as organisations
            on figures.organisation_code = organisations.organisation_code
        where {quarters} and {chosen}
        order by figures.organisation_code, figures.feed, figures.quarter
        """,
        ("dq_submission_status", "dim_organisation"),
    )


_INDICATORS = Sheet(
    "Indicators",
    "What each indicator measures, why it matters, what it does not say, how to improve",
    f"""
    select
        indicator_id, name, area, direction, unit, numerator_label, denominator_label,
        standardisation, in_published_total, counted_within, feeds, evidence, why_it_matters,
        caveats, how_to_improve, review_date,
        null as {UNIT}, '[z]' as {MARK}
    from dim_indicator
    where indicator_id in (select indicator_id from fct_indicator_values)
    order by indicator_id
    """,
    ("dim_indicator",),
)


def _organisations(chosen: str) -> Sheet:
    return Sheet(
        "Organisations",
        "Who is compared with whom",
        f"""
        select
            organisation_code, organisation_name, organisation_type, organisation_class, sha_code,
            cluster, open_date, close_date, successor_code,
            null as {UNIT}, '[z]' as {MARK}
        from dim_organisation as organisations
        where
            organisation_code in (select organisation_code from fct_indicator_values)
            and {chosen}
        order by organisation_code
        """,
        ("dim_organisation",),
    )
