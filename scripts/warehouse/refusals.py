"""What makes a file that can be read unusable: it is refused whole, and replaces nothing.

Rulebook 1.10. Each reason comes with three examples, for who sent the file has to find them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Column, Feed, Refused
from warehouse.home import identifier, literal, parquet
from warehouse.limits import FEW_ROWS, REFUSED_SHARE
from warehouse.profile import cast_expression, invalid_expression
from warehouse.words import shown

EXAMPLES = 3

# Records with a key of their own, which must tell them apart.
_KEYED = ("hes_apc", "hes_op")

# Codes that decide whether a row counts at all.
_DECIDING = ("epistat", "classpat", "admimeth", "attended", "firstatt")

# Feeds without a row_date whose rows a column dates all the same.
_DATING: Mapping[str, tuple[str, ...]] = {"population": ("year",)}


@dataclass(frozen=True)
class _Counts:
    """What the profile says of a column over the whole submission."""

    rows: int
    missing: int
    invalid: int
    least: str | None


def refuse_malformed(engine: duckdb.DuckDBPyConnection, rows: int, rejects: Path) -> None:
    """Raises Refused where over half of a file's lines are malformed."""
    relation = parquet(rejects)
    [(count,)] = engine.sql(f"select count(*) from {relation}").fetchall()
    if count <= REFUSED_SHARE * (count + rows):
        return
    lines = engine.sql(
        f"select line_number, reason, line_text from {relation} order by 1 limit {EXAMPLES}"
    ).fetchall()
    examples = "; ".join(f"line {n}: {reason}: {shown(text or '')}" for n, reason, text in lines)
    raise Refused(f"{count} of {count + rows} lines are malformed, such as {examples}")


def refuse_unusable(
    engine: duckdb.DuckDBPyConnection, feed: Feed, data: Path, profile: Path, repeated: int
) -> None:
    """Raises Refused where nothing in a file could be used, or a reference could do harm.

    `data` and `profile` are its lake file and its profile; `repeated` counts the rows that repeat
    the record key of another row of their organisation.
    """
    counts = {
        name: _Counts(*rest)
        for name, *rest in engine.sql(
            "select column_name, row_count, null_count, invalid_count, least_value"
            f" from {parquet(profile)} where organisation_code is null"
        ).fetchall()
    }
    for column in feed.columns:
        if column.name not in counts:
            continue
        found = counts[column.name]
        most = REFUSED_SHARE * found.rows
        unread = found.missing + found.invalid
        if column.name in _needed(feed):
            count = unread + _dummies(engine, feed, column, data, found)
            if count > most:
                raise _refusal(engine, column, data, found, count, _is_unread(feed, column))
        decides = column.name in _DECIDING or column.name in feed.meta.get("not_after_extract", [])
        of_a_list = column.is_date and not feed.is_periodic
        if found.invalid > most if decides else found.invalid and of_a_list:
            invalid = invalid_expression(column, identifier(column.name))
            raise _refusal(engine, column, data, found, found.invalid, invalid)
    if feed.name in _KEYED:
        [(organisations,)] = engine.sql(
            f"select count(distinct organisation_code) + 1 from {parquet(profile)}"
        ).fetchall()
        for column in feed.named(*feed.record_key):
            rows = counts[column.name].rows
            # A key of over half of the rows is repeated in all but the first of each organisation.
            if repeated + organisations > REFUSED_SHARE * rows:
                _refuse_one_key(engine, column, data, rows)


def _needed(feed: Feed) -> set[str]:
    """Columns without which a row can be put nowhere."""
    dating = feed.meta.get("row_date") or _DATING.get(feed.name, ())
    keys = feed.record_key if feed.name in _KEYED else ()
    return {feed.organisation_column, *dating, *keys}


def _dummy_dates(feed: Feed) -> list[str]:
    return feed.meta.get("dummy_dates", [])


def _is_unread(feed: Feed, column: Column) -> str:
    """SQL for whether a row has no value that can be used in a column; a dummy date is none."""
    cast = f"({cast_expression(column, identifier(column.name))})"
    dummies = ", ".join(f"date {literal(day)}" for day in _dummy_dates(feed))
    return f"{cast} is null" + (f" or {cast} in ({dummies})" if dummies and column.is_date else "")


def _dummies(
    engine: duckdb.DuckDBPyConnection, feed: Feed, column: Column, data: Path, found: _Counts
) -> int:
    """Rows with a dummy date; counted only where the least date of the column is one."""
    dummies = _dummy_dates(feed)
    if not column.is_date or found.least not in dummies:
        return 0
    cast = cast_expression(column, identifier(column.name))
    [(count,)] = engine.sql(
        f"select count(*) from {parquet(data)}"
        f" where ({cast}) in ({', '.join(f'date {literal(day)}' for day in dummies)})"
    ).fetchall()
    return count


def _refusal(
    engine: duckdb.DuckDBPyConnection,
    column: Column,
    data: Path,
    found: _Counts,
    count: int,
    condition: str,
) -> Refused:
    what = {"date": "date", "month": "month"}.get(column.type, "value")
    missing = f" ({found.missing} empty)" if found.missing and count > found.invalid else ""
    return Refused(
        f"column {column.name}: {count} of {found.rows} rows have no {what} that can be"
        f" used{missing}, such as {_examples(engine, column, data, condition)}"
    )


def _refuse_one_key(
    engine: duckdb.DuckDBPyConnection, column: Column, data: Path, rows: int
) -> None:
    if rows < FEW_ROWS:
        return
    name, relation = identifier(column.name), parquet(data)
    # What fills over half of the rows is among the most frequent, without a table of all the keys.
    [(value, count)] = engine.execute(
        f"select {name}, count(*) from {relation} where {name} is not null and {name} in"
        f" (select unnest(approx_top_k({name}, 3)) from {relation})"
        " group by all order by 2 desc limit 1"
    ).fetchall() or [(None, 0)]
    if count > REFUSED_SHARE * rows:
        condition = f"{name} = {literal(value)}"
        raise Refused(
            f"column {column.name}: {count} of {rows} rows have the same record key,"
            f" such as {_examples(engine, column, data, condition)}"
        )


def _examples(engine: duckdb.DuckDBPyConnection, column: Column, data: Path, condition: str) -> str:
    """Line numbers and values of the first rows that a condition holds for, in words."""
    rows = engine.sql(
        f"select _line, {identifier(column.name)} from {parquet(data)}"
        f" where {condition} order by _line limit {EXAMPLES}"
    ).fetchall()
    return ", ".join(
        f"line {line}: {'empty' if value is None else shown(value)}" for line, value in rows
    )
