"""What a file says of itself where its name and the options are silent (Rulebook 1.16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.contracts import Column, Feed, Refused
from warehouse.limits import FIRST_YEAR
from warehouse.naming import period_of
from warehouse.profile import cast_expression
from warehouse.words import shown


@dataclass(frozen=True)
class Period:
    """A period read from the dates of a file's rows, and what is to be said of it."""

    name: str
    # Months of it that no row is of.
    empty_months: int = 0
    # Rows of which the date was left aside, for it cannot be meant.
    strays: int = 0


def infer_period(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    relation: str,
    expressions: Mapping[str, str],
    extract_date: date,
) -> Period:
    """The whole months from the first to the last date in a file.

    `relation` has its rows and `expressions` the text of its columns, in SQL. The dates are those
    by which rows are dated, of a reference feed every date of its contract. One before FIRST_YEAR
    or after the extract is none that can be meant: one slip of the pen would make a period of a
    century, and replace all that lies in it. Raises Refused where no date is left; a reference
    feed, which is held to no period, has then the month of its extract.
    """
    dates = [_date(column, expressions) for column in _dating(feed) if column.name in expressions]
    if not dates:
        return Period(period_of(extract_date, extract_date))
    span = f"between date '{FIRST_YEAR}-01-01' and date '{extract_date}'"
    days = " union all ".join(
        # A row is dated by the first of them that it has; a reference feed's dates are its own.
        f"select _line, {day} as day from {relation}"
        for day in ([f"coalesce({', '.join(dates)})"] if feed.is_periodic else dates)
    )
    [(first, last, months, strays)] = engine.sql(f"""
        select
            min(day) filter (where day {span}),
            max(day) filter (where day {span}),
            count(distinct date_trunc('month', day)) filter (where day {span}),
            count(*) filter (where not day {span})
        from ({days})
    """).fetchall()
    if first is None:
        if not feed.is_periodic:
            return Period(period_of(extract_date, extract_date))
        raise Refused(_no_date(engine, feed, relation, expressions))
    whole = (last.year - first.year) * 12 + last.month - first.month + 1
    empty = whole - months if feed.is_periodic else 0
    return Period(period_of(first, last), empty, strays)


def _dating(feed: Feed) -> list[Column]:
    """The columns that date rows, in the order in which they do."""
    if feed.is_periodic:
        return [column for name in feed.meta["row_date"] for column in feed.named(name)]
    return [column for column in feed.columns if column.type in ("date", "month")]


def _text(column: Column, expressions: Mapping[str, str]) -> str:
    return f"nullif(trim({expressions[column.name]}), '')"


def _date(column: Column, expressions: Mapping[str, str]) -> str:
    return f"({cast_expression(column, _text(column, expressions))})"


def _no_date(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    relation: str,
    expressions: Mapping[str, str],
) -> str:
    column = next(column for column in _dating(feed) if column.name in expressions)
    rows = engine.sql(
        f"select _line, {_text(column, expressions)} from {relation} order by _line limit 3"
    ).fetchall()
    examples = ", ".join(
        f"line {line}: {'empty' if text is None else shown(text)}" for line, text in rows
    )
    kind = "month" if column.type == "month" else "date"
    return (
        f"no period can be taken from column {column.name}: no row has a {kind} there from"
        f" {FIRST_YEAR} to the day of the extract, such as {examples}"
    )
