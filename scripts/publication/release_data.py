"""What a product of a release is made from: the release's own tables, and what is said of it.

A page, file or PDF that could be made from the warehouse directly would bypass disclosure control,
so that every product takes a `Release` and nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.home import identifier, literal

DATABASE = "bcbv.duckdb"
# Columns that disclosure control adds; an internal release, which hides nothing, goes without.
ADDED_BY_DISCLOSURE = {
    "disclosure_status": "'shown'",
    "n_suppressed": "cast(0 as bigint)",
}


@dataclass(frozen=True)
class Licence:
    """On what terms a release may be used."""

    name: str  # an identifier, of SPDX where there is one
    title: str
    url: str | None


LICENCES = {
    "public": Licence(
        "OGL-UK-3.0",
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "internal": Licence(
        "restricted",
        "Restricted: for the organisation that runs the warehouse, under its own rules",
        None,
    ),
}


@dataclass(frozen=True)
class Facts:
    """What every product says of the release that it is part of."""

    release: str
    kind: str  # public or internal
    is_suppressed: bool
    is_synthetic: bool
    published_at: datetime
    built_at: datetime
    as_at: date | None
    code_version: str | None
    # Parameters by which a public release hides and rounds (Rulebook 10), by name.
    rule: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_restricted(self) -> bool:
        """Whether every page and sheet must say RESTRICTED."""
        return self.kind != "public"

    @property
    def licence(self) -> Licence:
        """On what terms the release may be used: the one place that says so."""
        return LICENCES[self.kind]


@dataclass(frozen=True)
class Release:
    """A release's tables, each a view of its name without a schema, and what is said of it."""

    engine: duckdb.DuckDBPyConnection
    facts: Facts


@contextmanager
def open_release(folder: Path, facts: Facts) -> Iterator[Release]:
    """The tables of the database in a folder; neither is written, nor anything else read.

    Raises duckdb.Error where the folder has no database.
    """
    with duckdb.connect() as engine:
        engine.execute(f"attach {literal(folder / DATABASE)} as release (read_only)")
        engine.execute("set enable_external_access = false")
        tables = engine.sql(
            "select table_name, list(column_name) from duckdb_columns()"
            " where database_name = 'release' and schema_name = 'marts' group by table_name"
        ).fetchall()
        for table, columns in tables:
            added = [
                f", {value} as {column}"
                for column, value in ADDED_BY_DISCLOSURE.items()
                if column not in columns
            ]
            engine.execute(
                f"create view {identifier(table)} as"
                f" select *{''.join(added)} from release.marts.{identifier(table)}"
            )
        yield Release(engine, facts)
