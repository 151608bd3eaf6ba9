"""Parquet as received, typed or text → the text that the lake holds."""

from pathlib import Path

import duckdb

from warehouse.contracts import Feed, Refused
from warehouse.home import identifier, literal
from warehouse.reading import check_columns

# Beyond this a double no longer holds every whole number, and its digits as an integer mislead.
_WHOLE_DOUBLES = 2**53


def text_columns(
    engine: duckdb.DuckDBPyConnection, path: Path, feed: Feed
) -> tuple[str, dict[str, str]]:
    """How a Parquet file is read as text: a relation in SQL, and an expression a column.

    The relation has the file's columns and `_line`; row n of the file is line n + 1. The keys are
    the lower-case column names. Raises Refused for a file that is not Parquet, names a column
    twice, lacks a required one or has no rows.
    """
    file = f"read_parquet({literal(path)}, binary_as_string = true, hive_partitioning = false)"
    try:
        names = _top_level_names(engine, path)
        types = [row[1] for row in engine.sql(f"describe select * from {file}").fetchall()]
        [(rows,)] = engine.sql(f"select count(*) from {file}").fetchall()
    except duckdb.Error as error:
        raise Refused(f"unreadable: {str(error).splitlines()[0]}") from error
    lower = [name.strip().lower() for name in names]
    check_columns(lower, feed)
    if not rows:
        raise Refused("no rows")
    expressions = {
        key: _as_text(identifier(name), sql_type)
        for key, name, sql_type in zip(lower, names, types, strict=True)
    }
    return f"(select row_number() over () + 1 as _line, * from {file})", expressions


def _top_level_names(engine: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The file's own column names; read_parquet would rename those that occur twice."""
    schema = engine.sql(
        f"select name, coalesce(num_children, 0) from parquet_schema({literal(path)})"
    ).fetchall()
    names: list[str] = []
    inside: list[int] = []
    for name, children in schema[1:]:
        if not inside:
            names.append(name)
        else:
            inside[-1] -= 1
        if children:
            inside.append(children)
        while inside and inside[-1] == 0:
            inside.pop()
    return names


def _as_text(column: str, sql_type: str) -> str:
    """An expression for a typed column's text: whole numbers without '.0', dates as ISO."""
    if sql_type in ("FLOAT", "DOUBLE"):
        return (
            f"case when isnan({column}) then null"
            f" when {column} = trunc({column}) and abs({column}) <= {_WHOLE_DOUBLES}"
            f" then cast(cast({column} as bigint) as varchar)"
            f" else cast({column} as varchar) end"
        )
    if sql_type.startswith("DECIMAL"):
        return (
            f"case when {column} = trunc({column}) then cast(trunc({column})::hugeint as varchar)"
            f" else cast({column} as varchar) end"
        )
    if sql_type.startswith("TIMESTAMP"):
        naive = f"cast({column} as timestamp)"
        return (
            f"case when {naive} = date_trunc('day', {naive}) then cast(cast({naive} as date) as"
            f" varchar) else cast({naive} as varchar) end"
        )
    return f"cast({column} as varchar)"
