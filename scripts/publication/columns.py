"""What the tables of a release are and hold, as the comments of its own database say it."""

import re
from dataclasses import dataclass

from publication.release_data import ADDED_BY_DISCLOSURE, Release

# Columns that disclosure control adds, described for the releases that go without.
_DESCRIBED_HERE = {
    "disclosure_status": "Whether the figures are shown or suppressed to protect patients.",
    "n_suppressed": "Number of hidden rows left out of the sum.",
}
# The unit that a column's name tells, first match first; null where it has none.
_UNITS = (
    (r"_gbp$", "GBP"),
    (r"^(indicator_id|quarter_of_year|.*quartile|.*quintile|.*rank.*|focus_order)$", None),
    (r"^(n_.*|.*_count|months_present)$", "count"),
    (r"_bytes$", "bytes"),
    (r"^(completeness|coverage|rate|item_score|dq_score|amber_.*|red_.*)$", "proportion"),
    (r"^(numerator|observed)$", "see dim_indicator.numerator_label"),
    (r"^denominator$", "see dim_indicator.denominator_label"),
    (r"^(expected|excess_units)$", "see dim_indicator.numerator_label"),
    (
        r"^(value|gap|.*_value|value_.*|p10|p25|median|p75|p90|best_quartile_threshold|simple_mean"
        r"|mean|lower_limit|upper_limit|change|gap_q1_q5|funnel_(target|centre|lower|upper).*)$",
        "see dim_indicator.unit",
    ),
)
# What makes a row of a table one; a table that is not named here has no key of its own.
_KEYS = {
    "dim_dq_rule": ("rule_id",),
    "dim_indicator": ("indicator_id",),
    "dim_organisation": ("organisation_code",),
    "dim_quarter": ("quarter",),
    "dim_submission": ("submission_id",),
    "dq_field_quality": ("organisation_code", "feed", "quarter", "field"),
    "dq_rule_results": ("rule_id", "organisation_code", "feed", "quarter"),
    "dq_scores": ("organisation_code", "quarter", "feed"),
    "dq_submission_status": ("organisation_code", "feed", "quarter"),
    "dq_submissions": ("submission_id",),
    "drilldown": ("indicator_id", "organisation_code", "quarter", "dimension", "member"),
    "fct_area_values": ("indicator_id", "organisation_class", "area_level", "area_code", "quarter"),
    "fct_clinical_balance": ("organisation_code", "quarter"),
    "fct_equity": ("indicator_id", "area_level", "area_code", "quarter", "deprivation_quintile"),
    "fct_indicator_breakdown": ("indicator_id", "organisation_code", "quarter", "item_id"),
    "fct_indicator_statistics": ("indicator_id", "organisation_code", "quarter"),
    "fct_indicator_trend": (
        "indicator_id",
        "area_level",
        "area_code",
        "organisation_class",
        "quarter",
    ),
    "fct_indicator_values": ("indicator_id", "organisation_code", "quarter"),
    "fct_los_drilldown": (
        "organisation_code",
        "quarter",
        "hrg_code",
        "admission_group",
        "treatment_function",
        "consultant",
    ),
    "fct_opportunity": ("indicator_id", "area_level", "area_code", "quarter"),
    "fct_opportunity_change": (
        "indicator_id",
        "area_level",
        "area_code",
        "quarter",
        "comparison",
    ),
    "fct_opportunity_vintages": ("indicator_id", "area_code", "quarter", "release"),
    "fct_pct_trust_flows": (
        "indicator_id",
        "organisation_code",
        "quarter",
        "pct_code",
        "provider_code",
    ),
    "fct_practice_cases": ("indicator_id", "organisation_code", "quarter", "practice_code"),
    "fct_practice_prescribing": ("indicator_id", "organisation_code", "quarter", "practice_code"),
    "fct_preop_drilldown": (
        "organisation_code",
        "quarter",
        "hrg_code",
        "admission_group",
        "treatment_function",
        "consultant",
    ),
    "fct_quartile_thresholds": (
        "indicator_id",
        "quarter",
        "organisation_class",
        "peer_set",
        "peer_code",
    ),
    "fct_revisions": ("indicator_id", "organisation_code", "quarter"),
    "fct_sensitivity": ("indicator_id", "quarter", "scenario"),
    "rpt_pct_indicators": ("organisation_code", "quarter"),
    "rpt_trust_indicators": ("organisation_code", "quarter"),
}


@dataclass(frozen=True)
class Column:
    """A column: its DuckDB type, what it means, and in what it is measured."""

    name: str
    data_type: str
    description: str
    unit: str | None


@dataclass(frozen=True)
class Table:
    """A table, its columns in their order, and the columns of its key (none: no key)."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def unit_of(column: str) -> str | None:
    """The unit of a column by its name; null where it is a code, a text, a rank or a date."""
    return next((unit for pattern, unit in _UNITS if re.search(pattern, column)), None)


def tables_of(release: Release) -> list[Table]:
    """The tables of a release by name, as its products see them."""
    comments: dict[str, str] = dict(
        release.engine.sql(
            "select table_name, coalesce(comment, '') from duckdb_tables()"
            " where database_name = 'release' and schema_name = 'marts' order by table_name"
        ).fetchall()
    )
    columns: dict[str, list[Column]] = {table: [] for table in comments}
    rows = release.engine.sql(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()"
        " where database_name = 'release' and schema_name = 'marts'"
        " order by table_name, column_index"
    ).fetchall()
    for table, name, data_type, comment in rows:
        described = comment or _DESCRIBED_HERE.get(name, "")
        columns[table].append(Column(name, data_type, described, _unit(name, data_type)))
    return [
        Table(table, comment, tuple(columns[table]), _KEYS.get(table, ()))
        for table, comment in comments.items()
    ]


def added_columns(table: Table) -> list[Column]:
    """The columns that products see in every table, and an internal release's table lacks."""
    present = {column.name for column in table.columns}
    types = {"disclosure_status": "VARCHAR", "n_suppressed": "BIGINT"}
    return [
        Column(name, types[name], _DESCRIBED_HERE[name], unit_of(name))
        for name in ADDED_BY_DISCLOSURE
        if name not in present
    ]


def _unit(name: str, data_type: str) -> str | None:
    """Only what is a number is measured in something."""
    is_number = data_type in ("DOUBLE", "BIGINT", "INTEGER", "HUGEINT") or "DECIMAL" in data_type
    return unit_of(name) if is_number else None
