"""The profile of a submission: what is in each column, for the whole and for each organisation.

It is small whatever the submission's size, and it is what Great Expectations judges.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from warehouse.contracts import Column, Feed
from warehouse.home import CHECKOUT, identifier, literal, parquet, pattern

_CAST_MACROS = ("macros/engine/casts.sql", "macros/engine/lists.sql", "macros/contract.sql")

# A column of more values than these among the first rows is not judged value by value.
_FEW_VALUES, _FIRST_ROWS = 1_000, 20_480


# DuckDB works these out once for each text of a column's dictionary. A profile has each text once
# and no dictionary: the plain cast, which the other engine has, says the same for half the cost.
_OF_DICTIONARIES = ("iso_date", "iso_text")


class _Engine:
    """What the macros ask of dbt's adapter: the DuckDB twin of a macro that differs by engine."""

    def dispatch(self, name: str, _project: str) -> Any:
        engine = "spark" if name in _OF_DICTIONARIES else "duckdb"
        return getattr(cast_macros(), f"{engine}__{name}")


@cache
def cast_macros() -> Any:
    """The macros with which the staging models cast, so that both judge a value alike."""
    text = "\n".join((CHECKOUT / name).read_text(encoding="utf-8") for name in _CAST_MACROS)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"adapter": _Engine(), "return": lambda text: text}
    return environment.from_string(text).module


@cache
def cast_expression(column: Column, value: str, decimal_comma: bool = False) -> str:
    """SQL for the typed value of a column; null where the text is missing or cannot be read.

    `value` is the SQL expression of the text. A dummy date is a date here: what it means is for the
    models to say. With `decimal_comma` no number with a comma is read, for it may be a decimal one.
    """
    comma = "true" if decimal_comma else None
    return cast_macros().cast_as_received(value, column.meta, decimal_comma=comma).strip()


@cache
def missing_expression(value: str) -> str:
    """SQL for whether a text is missing: null, or a word for null (Rulebook 1.15)."""
    return f"({cast_macros().given_text(value).strip()}) is null"


def suppressed_expression(column: Column, value: str) -> str:
    """SQL for whether a text stands for a number withheld (Rulebook 1.15); not null."""
    if column.type not in ("integer", "double"):
        return "false"
    return f"coalesce(lower({value}) in ({cast_macros().suppression_marks().strip()}), false)"


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
    decimal_comma: bool = False,
) -> None:
    """Write the profile of the lake file `data` for the contract columns among `present`.

    One row a column over the whole (organisation null) and one a column and organisation; rows
    without an organisation are in the whole alone. `decimal_comma` as in cast_expression: of files
    with semicolons between their fields.
    """
    columns = [column for column in feed.columns if column.name in present]
    repeating, is_small = _repeating(engine, columns, data)
    casts = {column: cast_expression(column, "value", decimal_comma) for column in columns}
    query = (
        _small_profile(feed, casts, data)
        if is_small
        else _large_profile(feed, casts, data, repeating, _empty(engine, columns, data))
    )
    engine.execute(
        f"copy (select {literal(submission_id)} as submission_id, *"
        f" from ({query}) order by column_name, organisation_code nulls first)"
        f" to {literal(target)} (format parquet, compression zstd)"
    )


def _small_profile(feed: Feed, casts: Mapping[Column, str], data: Path) -> str:
    """The profile of a file of few rows, which takes longer to plan than to do.

    The file is read once, and the columns that staging reads alike share a part. `casts` says how.
    """
    alike: dict[tuple[str, str], list[Column]] = {}
    for column, cast in casts.items():
        key = (cast, suppressed_expression(column, "value"))
        alike.setdefault(key, []).append(column)
    # Names of ours: a contract's column may be called organisation.
    names = {column: f"c{number}" for number, column in enumerate(casts)}
    wide = ", ".join(f"{identifier(column.name)} as {name}" for column, name in names.items())
    long = " union all ".join(
        f"select {literal(column.name)} as column_name, organisation, {name} as value from wide"
        for column, name in names.items()
    )
    parts = " union all ".join(
        f"""
        select
            column_name,
            organisation as organisation_code,
            sum(occurrences)::bigint as row_count,
            coalesce(sum(occurrences) filter (is_missing), 0)::bigint as null_count,
            coalesce(sum(occurrences) filter (is_suppressed), 0)::bigint as suppressed_count,
            coalesce(sum(occurrences) filter (is_unread), 0)::bigint as invalid_count,
            count(distinct value) as distinct_count,
            min(typed)::varchar as least_value,
            max(typed)::varchar as greatest_value
        from ({_judged(cast, columns[0], "received")})
        where column_name in ({", ".join(literal(column.name) for column in columns)})
        group by grouping sets ((column_name, organisation), (column_name))
        having grouping(organisation) = 1 or organisation is not null
        """
        for (cast, _), columns in alike.items()
    )
    return f"""
        with wide as materialized (
            select {identifier(feed.organisation_column)} as organisation, {wide}
            from {parquet(data)}
        ),
        received as materialized (
            select column_name, organisation, value, count(*) as occurrences
            from ({long})
            group by all
        )
        {parts}
    """


def _judged(cast: str, column: Column, received: str) -> str:
    """The rows of `received` with what staging makes of their `value`, as of that column.

    What is a value is neither missing nor suppressed, and most are: only the others are asked.
    """
    suppressed = suppressed_expression(column, "value")
    return f"""
        select
            *,
            {cast} as typed,
            case when typed is null then {missing_expression("value")} else false end as is_missing,
            case when typed is null then {suppressed} else false end as is_suppressed,
            typed is null and not is_missing and not is_suppressed as is_unread
        from {received}
    """


def _large_profile(
    feed: Feed, casts: Mapping[Column, str], data: Path, repeating: set[str], empty: set[str]
) -> str:
    """The profile of a file of many rows, a column at a time; `casts` says how each is read.

    `repeating` columns are judged by value; `empty` ones have none, and cost nothing.
    """
    given = [
        _column_profile(feed, column, data, cast, column.name in repeating)
        for column, cast in casts.items()
        if column.name not in empty
    ]
    nothing = f"""
        select
            column_name,
            organisation as organisation_code,
            sum(row_count)::bigint as row_count,
            sum(row_count)::bigint as null_count,
            0::bigint as suppressed_count,
            0::bigint as invalid_count,
            0::bigint as distinct_count,
            null::varchar as least_value,
            null::varchar as greatest_value
        from organisations, (select unnest({sorted(empty)}::varchar[]) as column_name)
        group by grouping sets ((column_name, organisation), (column_name))
        having grouping(organisation) = 1 or organisation is not null
    """
    return f"""
        with organisations as materialized (
            select {identifier(feed.organisation_column)} as organisation, count(*) as row_count
            from {parquet(data)}
            group by all
        )
        {" union all ".join([*given, nothing])}
    """


def _column_profile(feed: Feed, column: Column, data: Path, cast: str, by_value: bool) -> str:
    """One column's part of the profile of a file of many rows.

    `by_value`: each distinct value once, not each row.
    """
    received = f"""(
        select
            {identifier(feed.organisation_column)} as organisation,
            {identifier(column.name)} as value,
            {"count(*)" if by_value else "1"} as occurrences
        from {parquet(data)}
        {"group by all" if by_value else ""}
    )"""
    # Added up by organisation before the whole: the rows are gone through once.
    return f"""
        select
            {literal(column.name)} as column_name,
            organisation as organisation_code,
            sum(row_count)::bigint as row_count,
            sum(null_count)::bigint as null_count,
            sum(suppressed_count)::bigint as suppressed_count,
            sum(invalid_count)::bigint as invalid_count,
            {"count(distinct value)" if by_value else "null::bigint"} as distinct_count,
            min(least)::varchar as least_value,
            max(greatest)::varchar as greatest_value
        from (
            select
                organisation,
                {"value" if by_value else "null"} as value,
                sum(occurrences) as row_count,
                coalesce(sum(occurrences) filter (is_missing), 0) as null_count,
                coalesce(sum(occurrences) filter (is_suppressed), 0) as suppressed_count,
                coalesce(sum(occurrences) filter (is_unread), 0) as invalid_count,
                min(typed) as least,
                max(typed) as greatest
            from ({_judged(cast, column, received)})
            group by all
        )
        group by grouping sets ((organisation), ())
        having grouping(organisation) = 1 or organisation is not null
    """


def _repeating(
    engine: duckdb.DuckDBPyConnection, columns: list[Column], data: Path
) -> tuple[set[str], bool]:
    """Columns that repeat their values, so that judging each value once is the cheaper way.

    Of others, such as keys and amounts, to count the values would cost more than to judge them,
    and their number says nothing. The first rows tell which is which,
    and whether there are more of them.
    """
    counts = ", ".join(f"count(distinct {identifier(column.name)})" for column in columns)
    [(rows, *found)] = engine.sql(
        f"select count(*), {counts} from (from {parquet(data)} limit {_FIRST_ROWS})"
    ).fetchall()
    names = {
        column.name for column, count in zip(columns, found, strict=True) if count <= _FEW_VALUES
    }
    return names, rows < _FIRST_ROWS


def _empty(engine: duckdb.DuckDBPyConnection, columns: list[Column], data: Path) -> set[str]:
    """Columns in which every row is null, by what the file says of itself."""
    rows = engine.execute(
        "select path_in_schema from parquet_metadata($1)"
        " group by all having sum(stats_null_count) = sum(num_values)",
        [pattern(data.parent, data.name)],
    ).fetchall()
    return {name for (name,) in rows} & {column.name for column in columns}


def repeated_keys(
    engine: duckdb.DuckDBPyConnection, feed: Feed, data: Path
) -> dict[str | None, int]:
    """Rows that repeat another row's record key, by organisation; None: in the whole submission.

    A key that is null throughout is no key.
    """
    key = ", ".join(identifier(name) for name in feed.record_key)
    organisation = identifier(feed.organisation_column)
    # Most keys are alone, and strings of all of them would fill the memory: their hashes find the
    # few that may repeat, and these are compared.
    rows = engine.execute(f"""
        select organisation, coalesce(sum(occurrences - 1), 0)::bigint
        from (
            select {organisation} as organisation, {key}, count(*) as occurrences
            from {parquet(data)}
            where
                coalesce({key}) is not null
                and hash({key}) in (
                    select hash({key})
                    from {parquet(data)}
                    group by all
                    having count(*) > 1
                )
            group by all
        )
        group by grouping sets ((organisation), ())
        having grouping(organisation) = 1 or organisation is not null
    """).fetchall()
    return dict(rows)
