"""datapackage.json: what the CSV files of a release hold, so that types and meanings survive."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from publication.columns import Column, columns_of, csv_columns, unit_of
from publication.keys import KEYS, REFERENCES
from publication.release_data import Release
from warehouse.home import identifier

TITLE = "Better Care, Better Value: indicators of productivity"
_TYPES = {
    "VARCHAR": {"type": "string"},
    "DOUBLE": {"type": "number"},
    "BIGINT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "HUGEINT": {"type": "integer"},
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "date"},
    # DuckDB writes a blank between day and time, and parts of a second only where there are any.
    "TIMESTAMP": {"type": "datetime", "format": "any"},
}


def write_datapackage(release: Release, folder: Path) -> None:
    """Write `datapackage.json` (Frictionless Data Package) on the files in `csv/`.

    A file that is there is described with its size and checksum too. Raises KeyError on a type
    that a data package has no word for; OSError where the folder cannot be written.
    """
    with release.engine.cursor() as engine:
        engine.execute("use release")
        tables = [
            table
            for (table,) in engine.sql(
                "select table_name from duckdb_tables()"
                " where database_name = 'release' and schema_name = 'marts' order by table_name"
            ).fetchall()
        ]
        resources = [_resource(engine, table, set(tables), folder) for table in tables]
    facts = release.facts
    licence = {"name": facts.licence.name, "title": facts.licence.title, "path": facts.licence.url}
    package = {
        "profile": "tabular-data-package",
        "name": "bcbv-indicators",
        "id": f"bcbv-indicators-{facts.kind}-{facts.release}",
        "title": TITLE,
        "description": _description(release),
        "version": facts.release,
        "created": facts.published_at.isoformat(),
        "licenses": [{key: value for key, value in licence.items() if value}],
        "release": facts.release,
        "kind": facts.kind,
        "synthetic": facts.is_synthetic,
        "suppressed": facts.is_suppressed,
        "resources": resources,
    }
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")


def _description(release: Release) -> str:
    """What a reader has to know before the first figure."""
    facts = release.facts
    said = ["Indicators by organisation and quarter. Not targets and no league table."]
    if facts.is_synthetic:
        said.append("Made of synthetic data: no figure is of a real organisation's work.")
    if facts.is_restricted:
        said.append(f"{facts.licence.title}. Small numbers are shown.")
    else:
        said.append(
            "Small numbers are hidden (disclosure_status) and figures are rounded."
            " An empty cell is not nought."
        )
    said.append("Codes are text: as a number, the code 5E1 is fifty.")
    return " ".join(said)


def _resource(
    engine: duckdb.DuckDBPyConnection, table: str, tables: set[str], folder: Path
) -> dict[str, Any]:
    """A CSV file: where it is, and the schema of its columns."""
    [(comment,)] = engine.execute(
        "select comment from duckdb_tables() where database_name = current_database()"
        " and schema_name = 'marts' and table_name = $1",
        [table],
    ).fetchall()
    columns = columns_of(engine, table, "marts")
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in csv_columns(columns)],
        "missingValues": [""],
    }
    names = {column.name for column in columns}
    if key := _key(engine, table):
        schema["primaryKey"] = list(key)
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other, without in REFERENCES
        if column in names and other in tables and table not in (other, *without)
    ]
    if references:
        schema["foreignKeys"] = references
    path = Path("csv") / f"{table}.csv"
    described = {
        "name": table,
        "path": path.as_posix(),
        "profile": "tabular-data-resource",
        "title": table,
        "description": comment or "",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    if (folder / path).exists():
        content = (folder / path).read_bytes()
        described |= {
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
    return described | {"schema": schema}


def _field(column: Column) -> dict[str, Any]:
    """A column by name, type, meaning and unit."""
    field: dict[str, Any] = {"name": column.name, **_TYPES[column.kind]}
    if column.comment:
        field["description"] = column.comment
    if unit := unit_of(column.name, column.kind):
        field["unit"] = unit
    return field


def _key(engine: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    """The key of a table; none where a part of it is empty in a row, which no key may be."""
    key = KEYS.get(table, ())
    if not key:
        return ()
    is_empty = " or ".join(f"{identifier(column)} is null" for column in key)
    [(n_empty,)] = engine.sql(
        f"select count(*) from marts.{identifier(table)} where {is_empty}"
    ).fetchall()
    return key if n_empty == 0 else ()
