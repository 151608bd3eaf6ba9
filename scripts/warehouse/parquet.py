"""Parquet as received, typed or text → the text that the lake holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Refused
from warehouse.headers import Header
from warehouse.home import literal
from warehouse.words import shown

# Beyond this a double no longer holds every whole number, and its digits as an integer mislead.
_WHOLE_DOUBLES = 2**53


@dataclass(frozen=True)
class ColumnText:
    """How a column is read as text."""

    expression: str
    may_be_padded: bool


def parquet_names(engine: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The columns' names. Raises Refused for a file that is not Parquet."""
    with faults_refused(path):
        return _top_level_names(engine, path)


@contextmanager
def faults_refused(path: Path) -> Iterator[None]:
    """Refuse a Parquet file that the engine cannot read, in its words but for our path.

    What the machine lacks, memory or space, is not the file's fault, and raised as it is.
    """
    try:
        yield
    except duckdb.Error as error:
        system = isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException))
        if system and str(path) not in str(error):
            raise
        first_line = str(error).splitlines()[0].replace(str(path), path.name)
        raise Refused(f"unreadable: {shown(first_line, 200)}") from error


def parquet_relation(
    engine: duckdb.DuckDBPyConnection, path: Path, header: Header
) -> tuple[str, dict[str, ColumnText], int]:
    """How a Parquet file is read as text: a relation in SQL, the text of each column, its rows.

    The relation has the file's columns and `_line`; row n of the file is line n + 1. Raises Refused
    for a file that cannot be read or has no rows.
    """
    # By position: names may be empty, or hold anything.
    names = [f"c{n}" for n in range(len(header.columns))]
    file = (
        f"read_parquet({literal(path)}, binary_as_string = true, hive_partitioning = false)"
        f" as received({', '.join(names)})"
    )
    with faults_refused(path):
        types = [row[1] for row in engine.sql(f"describe select * from {file}").fetchall()]
        [(rows,)] = engine.sql(f"select count(*) from {file}").fetchall()
    if not rows:
        raise Refused("no rows")
    texts = {
        column: ColumnText(_as_text(name, sql_type), sql_type == "VARCHAR")
        for column, name, sql_type in zip(header.columns, names, types, strict=True)
    }
    return f"(select row_number() over () + 1 as _line, * from {file})", texts, rows


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
