"""The tables of a release: a DuckDB file, copied from the warehouse, and from it other forms."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from publication.columns import Column, columns_of, csv_columns, csv_query, unit_of
from publication.kinds import Kind
from publication.metrics import create_metric_views
from publication.release_data import DATABASE, Facts
from warehouse.home import Home, connect, identifier, literal

# The name that the database goes by while it is written; what is in it never says it.
CATALOGUE = "release"


def write_database(
    engine: duckdb.DuckDBPyConnection, kind: Kind, tables: Sequence[str], path: Path
) -> None:
    """Copy the tables of the warehouse in use into a new DuckDB file, sorted by key.

    They lie in schema `marts`, with their descriptions as comments. Nothing else was ever in the
    file, so that nothing else is left in it.
    """
    engine.execute(f"attach {literal(path)} as {CATALOGUE}")
    engine.execute(f"create schema {CATALOGUE}.marts")
    for table in tables:
        source = f"{kind.schema}.{identifier(kind.prefix + table)}"
        target = f"{CATALOGUE}.marts.{identifier(table)}"
        engine.execute(f"create table {target} as select * from {source} order by all")
        comments = _comments(engine, kind.schema, kind.prefix + table)
        _comment(engine, f"table {target}", target, comments)
    engine.execute(f"detach {CATALOGUE}")


def write_views(home: Home, folder: Path) -> bool:
    """Give the database of a release a view of each table in schema `main`, and its metrics'.

    For tools that know no schema; with the same comments. The warehouse is closed by then. Returns
    whether a submission was synthetic.
    """
    with connect(home) as engine:
        engine.execute(f"attach {literal(folder / DATABASE)} as {CATALOGUE}")
        engine.execute(f"use {CATALOGUE}")
        for table in tables_of(engine):
            view = f"main.{identifier(table)}"
            engine.execute(f"create view {view} as select * from marts.{identifier(table)}")
            _comment(engine, f"view {view}", view, _comments(engine, "marts", table))
        create_metric_views(engine, CATALOGUE)
        [(is_synthetic,)] = engine.sql(
            "select coalesce(bool_or(is_synthetic), false) from marts.dim_submission"
        ).fetchall()
        return is_synthetic


def _comment(
    engine: duckdb.DuckDBPyConnection,
    subject: str,
    name: str,
    comments: Sequence[tuple[str | None, str]],
) -> None:
    """Comment on a table or view, and on its columns."""
    for column, comment in comments:
        commented = f"column {name}.{identifier(column)}" if column else subject
        engine.execute(f"comment on {commented} is {literal(comment)}")


def _comments(
    engine: duckdb.DuckDBPyConnection, schema: str, table: str
) -> list[tuple[str | None, str]]:
    """Descriptions of a table of the database in use (column null) and of its columns."""
    return engine.execute(
        "select null, comment from duckdb_tables() where database_name = current_database()"
        " and schema_name = $1 and table_name = $2 and comment is not null"
        " union all"
        " select column_name, comment from duckdb_columns()"
        " where database_name = current_database()"
        " and schema_name = $1 and table_name = $2 and comment is not null",
        [schema, table],
    ).fetchall()


def write_tables(home: Home, folder: Path, facts: Facts) -> None:
    """Each table of the release's database as Parquet and as CSV, sorted by key.

    A Parquet file says in its metadata what it is, of which release and on what terms; a CSV has
    names beside codes and no text that a spreadsheet would reckon out.
    """
    with connect(home) as engine:
        engine.execute(f"attach {literal(folder / DATABASE)} as {CATALOGUE} (read_only)")
        engine.execute(f"use {CATALOGUE}")
        for subfolder in ("parquet", "csv"):
            (folder / subfolder).mkdir()
        for table in tables_of(engine):
            metadata = ", ".join(
                f"{key}: {literal(value)}" for key, value in _metadata(engine, table, facts).items()
            )
            engine.execute(
                f"copy marts.{identifier(table)} to"
                f" {literal(folder / 'parquet' / f'{table}.parquet')}"
                f" (format parquet, compression zstd, kv_metadata {{{metadata}}})"
            )
            columns = columns_of(engine, table, "marts")
            engine.execute(
                f"copy ({csv_query(columns, table)}) to"
                f" {literal(folder / 'csv' / f'{table}.csv')}"
                f" (format csv, header{_quoted(csv_columns(columns))})"
            )


def _quoted(columns: Sequence[Column]) -> str:
    """The option that puts all text in quotes.

    With the first of them far down a file, readers that guess take it for a file without quotes.
    """
    texts = [identifier(column.name) for column in columns if column.kind == "VARCHAR"]
    return f", force_quote ({', '.join(texts)})" if texts else ""


def tables_of(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of a release's database, which is in use, in order of their names."""
    return [
        table
        for (table,) in engine.sql(
            "select table_name from duckdb_tables() where database_name = current_database()"
            " and schema_name = 'marts' order by table_name"
        ).fetchall()
    ]


def _metadata(engine: duckdb.DuckDBPyConnection, table: str, facts: Facts) -> dict[str, str]:
    """What a Parquet file says of itself; `columns` is JSON, by name of column."""
    comments = dict(_comments(engine, "marts", table))
    columns = {
        column.name: {
            key: value
            for key, value in (
                ("description", column.comment),
                ("unit", unit_of(column.name, column.kind)),
            )
            if value
        }
        for column in columns_of(engine, table, "marts")
    }
    return {
        "title": f"Better Care, Better Value indicators: {table}",
        "description": comments.get(None, ""),
        "columns": json.dumps(columns, ensure_ascii=False),
        "licence": facts.licence.title,
        "release": facts.release,
        "kind": facts.kind,
        "published_at": facts.published_at.isoformat(),
        "synthetic": str(facts.is_synthetic).lower(),
        "suppressed": str(facts.is_suppressed).lower(),
    }
