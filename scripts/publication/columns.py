"""What is said of a release's columns in every format: comment, unit, and what a CSV adds."""

from dataclasses import dataclass

import duckdb

from warehouse.home import identifier

# A code alone is read as a number by whatever guesses types (5E1 is fifty), so that its name stands
# beside it; an area is an organisation, an authority or England.
NAMES = {
    "organisation_code": ("organisation_name", "Name of the organisation."),
    "area_code": ("area_name", "Name of the area: an organisation, an authority, or England."),
}
# Text that a spreadsheet would take for a formula. A dash alone is none: it is a code of unknown.
FORMULA = r"^([=+@\t\r]|-.)"

_OF_THE_INDICATOR = "that of the indicator (dim_indicator.unit)"
_UNITS = {
    "numerator": "that of the indicator's numerator (dim_indicator.numerator_label)",
    "denominator": "that of the indicator's denominator (dim_indicator.denominator_label)",
    "observed": "that of the indicator's numerator (dim_indicator.numerator_label)",
    "expected": "that of the indicator's numerator (dim_indicator.numerator_label)",
    "excess_units": "what the indicator's price is of (dim_indicator.price_basis)",
    "rank_best_95": "rank, 1 the best",
    "rank_worst_95": "rank, 1 the best",
    "sha_n_ranked": "count",
    "cluster_n_ranked": "count",
    "expected_records": "count",
    "months_present": "count",
    "quarters_improving": "count",
    "size_bytes": "bytes",
    "deprivation_quintile": "fifth, 1 the most deprived",
    "quartile": "quartile, 1 the best",
    "completeness": "proportion",
    "coverage": "proportion",
    "rate": "proportion",
    "dq_score": "per cent",
    "item_score": "per cent",
}
# By the end of a name, the first that fits.
_UNITS_BY_ENDING = (
    ("_gbp", "GBP"),
    ("_rank", "rank, 1 the best"),
    ("_quartile", "quartile, 1 the best"),
    ("_count", "count"),
    ("_days", "days"),
    ("_value", _OF_THE_INDICATOR),
)
_VALUES = {
    *("value", "crude_value", "simple_mean", "mean", "lower_limit", "upper_limit", "gap"),
    *("p10", "p25", "median", "p75", "p90", "best_quartile_threshold", "gap_q1_q5", "change"),
    *("value_lower_95", "value_upper_95", "value_lower_998", "value_upper_998"),
    *("funnel_lower_95", "funnel_upper_95", "funnel_lower_998", "funnel_upper_998"),
    *("funnel_target", "funnel_centre", "trend_value"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table, or of the CSV of it."""

    name: str
    kind: str  # type of DuckDB
    comment: str | None
    expression: str  # what a CSV has of it, over the table and its names


def unit_of(column: str, kind: str) -> str | None:
    """The unit of a number, None of what has none: text, days, yes and no."""
    if kind not in ("DOUBLE", "BIGINT", "INTEGER", "HUGEINT", "DECIMAL", "FLOAT"):
        return None
    if column in _UNITS:
        return _UNITS[column]
    if column in _VALUES:
        return _OF_THE_INDICATOR
    if column.startswith("n_"):
        return "count"
    for ending, unit in _UNITS_BY_ENDING:
        if column.endswith(ending):
            return unit
    return None


def columns_of(engine: duckdb.DuckDBPyConnection, table: str, schema: str) -> list[Column]:
    """The columns of a table of the database in use, in their order, with their comments."""
    rows = engine.execute(
        "select column_name, data_type, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = $1 and table_name = $2"
        " order by column_index",
        [schema, table],
    ).fetchall()
    return [Column(name, kind, comment, identifier(name)) for name, kind, comment in rows]


def csv_columns(columns: list[Column]) -> list[Column]:
    """The columns of a table's CSV: a name beside each code, no text that is a formula."""
    present = {column.name for column in columns}
    found = []
    for column in columns:
        found.append(_as_text(column) if column.kind == "VARCHAR" else column)
        name, comment = NAMES.get(column.name, (None, None))
        if name and name not in present:
            found.append(_as_text(Column(name, "VARCHAR", comment, identifier(name))))
    return found


def csv_query(columns: list[Column], table: str) -> str:
    """Query of the rows of a table's CSV, in the order of its columns.

    `columns` are the table's own; names come from dim_organisation of the same release.
    """
    shown = csv_columns(columns)
    listed = ", ".join(f"{column.expression} as {identifier(column.name)}" for column in shown)
    source = f"marts.{identifier(table)}"
    added = {column.name for column in shown} - {column.name for column in columns}
    for code, (name, _) in NAMES.items():
        if name in added:
            source = (
                f"(select figures.*, coalesce(names.organisation_name,"
                f" case when figures.{code} = 'england' then 'England' end) as {name}"
                f" from {source} as figures left join marts.dim_organisation as names"
                f" on figures.{code} = names.organisation_code)"
            )
    return f"select {listed} from {source} order by all"


def _as_text(column: Column) -> Column:
    """Text with an apostrophe before what a spreadsheet would reckon out."""
    value = column.expression
    safe = f"case when regexp_matches({value}, '{FORMULA}') then '''' || {value} else {value} end"
    return Column(column.name, column.kind, column.comment, safe)
