"""The profile of a submission: what is in each column, for the whole and for each organisation.

It is small whatever the submission's size, and it is what Great Expectations judges.
"""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from warehouse.contracts import Column, Feed
from warehouse.home import CHECKOUT, identifier, literal

_CAST_MACROS = ("macros/engine/casts.sql", "macros/engine/lists.sql", "macros/contract.sql")


class _Engine:
    """What the macros ask of dbt's adapter: the DuckDB twin of a macro that differs by engine."""

    def dispatch(self, name: str, _project: str) -> Any:
        return getattr(_macros(), f"duckdb__{name}")


@cache
def _macros() -> Any:
    """The macros with which the staging models cast, so that both judge a value alike."""
    text = "\n".join((CHECKOUT / name).read_text(encoding="utf-8") for name in _CAST_MACROS)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"adapter": _Engine(), "return": lambda text: text}
    return environment.from_string(text).module


def cast_expression(column: Column, value: str) -> str:
    """SQL for the typed value of a column; null where the text is missing or cannot be read.

    `value` is the SQL expression of the text. A dummy date is a date here: what it means is for the
    models to say.
    """
    return _macros().cast_as_received(value, column.meta).strip()


def missing_expression(value: str) -> str:
    """SQL for whether a text is missing: null, or a word for null (Rulebook 1.15)."""
    return f"({_macros().given_text(value).strip()}) is null"


def suppressed_expression(column: Column, value: str) -> str:
    """SQL for whether a text stands for a number withheld (Rulebook 1.15); not null."""
    if column.type not in ("integer", "double"):
        return "false"
    return f"coalesce(lower({value}) in ({_macros().suppression_marks().strip()}), false)"


def invalid_expression(column: Column, value: str) -> str:
    """SQL for whether a text that is neither missing nor suppressed is no value of the column."""
    if not column.can_be_invalid:
        return "false"
    return (
        f"(({cast_expression(column, value)}) is null and not {missing_expression(value)}"
        f" and not {suppressed_expression(column, value)})"
    )


def write_profile(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    present: list[str],
    data: Path,
    submission_id: str,
    target: Path,
) -> None:
    """Write the profile of the lake file `data` for the contract columns among `present`.

    One row a column over the whole (organisation null) and one a column and organisation; rows
    without an organisation are in the whole alone.
    """
    parts = [
        _column_profile(feed, column, data) for column in feed.columns if column.name in present
    ]
    engine.execute(
        f"copy (select {literal(submission_id)} as submission_id, *"
        f" from ({' union all '.join(parts)}) order by column_name, organisation_code nulls first)"
        f" to {literal(target)} (format parquet, compression zstd)"
    )


def _column_profile(feed: Feed, column: Column, data: Path) -> str:
    """One column's part of the profile: values are cast and judged once each, not once a row."""
    organisation = identifier(feed.organisation_column)
    return f"""
        select
            {literal(column.name)} as column_name,
            organisation as organisation_code,
            sum(occurrences)::bigint as row_count,
            coalesce(sum(occurrences) filter (is_missing), 0)::bigint as null_count,
            coalesce(sum(occurrences) filter (is_suppressed), 0)::bigint as suppressed_count,
            coalesce(sum(occurrences) filter (is_invalid), 0)::bigint as invalid_count,
            0::bigint as suppressed_count,
            count(distinct value) as distinct_count,
            min(typed)::varchar as least_value,
            max(typed)::varchar as greatest_value
        from (
            select
                *,
                {cast_expression(column, "value")} as typed,
                {missing_expression("value")} as is_missing,
                {suppressed_expression(column, "value")} as is_suppressed,
                typed is null and not is_missing and not is_suppressed as is_invalid
            from (
                select
                    {organisation} as organisation,
                    {identifier(column.name)} as value,
                    count(*) as occurrences
                from read_parquet({literal(data)})
                group by all
            )
        )
        group by grouping sets ((organisation), ())
        having grouping(organisation) = 1 or organisation is not null
    """


def repeated_keys(
    engine: duckdb.DuckDBPyConnection, feed: Feed, data: Path
) -> dict[str | None, int]:
    """Rows that repeat another row's record key, by organisation; None: in the whole submission.

    A key that is null throughout is no key.
    """
    key = ", ".join(identifier(name) for name in feed.record_key)
    organisation = identifier(feed.organisation_column)
    rows = engine.execute(f"""
        select organisation, sum(occurrences - 1)::bigint
        from (
            select {organisation} as organisation, {key}, count(*) as occurrences
            from read_parquet({literal(data)})
            where coalesce({key}) is not null
            group by all
        )
        group by grouping sets ((organisation), ())
        having grouping(organisation) = 1 or organisation is not null
    """).fetchall()
    return dict(rows)
