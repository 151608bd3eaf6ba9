"""What the last whole build left in the warehouse, and whether that may be published."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import yaml

from warehouse.home import CHECKOUT

MODELS = CHECKOUT / "models"
# What a release adds to the ledger; it lies in the room of intermediate models.
LEDGER_ROWS = "int_ledger_rows"
# Patients' rows as received (Rulebook 8.6): in no release, whatever the exposure lists.
PATIENTS_ROWS = ("dq_quarantined_records",)

_OF_AN_OLDER_VERSION = (
    "the warehouse was built by a version that did not record what it left: run `dbt build`"
)
_REF = re.compile(r"ref\('(\w+)'\)")


class NotPublishable(Exception):
    """There is nothing that may be published; the message says why."""


@dataclass(frozen=True)
class Build:
    """A whole build that went well, as dbt recorded it (macros/builds.sql)."""

    invocation_id: str
    built_at: datetime  # universal time, without a zone
    as_at: date | None
    code_version: str | None
    run: str  # the command and its moment, to be told in a refusal


def last_build(engine: duckdb.DuckDBPyConnection) -> Build:
    """The whole build that the tables are from.

    Raises NotPublishable where anything but tests that passed ran since, or there is none.
    """
    try:
        runs = engine.sql(
            "select invocation_id, min(started_at), any_value(command),"
            " coalesce(any_value(invocation), 'dbt ' || any_value(command)), bool_or(is_full),"
            " any_value(as_at), max(n_failures), any_value(code_version)"
            " from audit.builds group by invocation_id order by min(started_at) desc"
        ).fetchall()
    except duckdb.CatalogException:
        runs = []
    except duckdb.BinderException:
        raise NotPublishable(_OF_AN_OLDER_VERSION) from None
    for invocation_id, started_at, command, invocation, is_full, as_at, n_failures, code in runs:
        run = f"`{invocation}` of {started_at:%Y-%m-%d %H:%M} UTC"
        if n_failures is None:
            raise NotPublishable(f"{run} has not ended, or broke off: run `dbt build`")
        if n_failures:
            raise NotPublishable(
                f"{n_failures} models or tests failed in {run}: mend them and run `dbt build`"
            )
        if is_full:
            return Build(invocation_id, started_at, as_at, code, run)
        if command != "test":
            raise NotPublishable(
                f"{run} changed the warehouse, or may have, and is no whole build: run `dbt build`"
            )
    raise NotPublishable("the warehouse was never built as a whole: run `dbt build` first")


def exposures() -> list[dict]:
    """What is made of the warehouse and for whom, as dbt knows it."""
    documents = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(MODELS.glob("*/_exposures.yml"))
    ]
    return [exposure for document in documents for exposure in document["exposures"]]


def exposed_tables(exposure: str) -> list[str]:
    """The models that an exposure names: these are published, nothing else.

    Raises NotPublishable where it names a table of patients' rows.
    """
    [named] = [e["depends_on"] for e in exposures() if e["name"] == exposure]
    tables = [table for entry in named for table in _REF.findall(entry)]
    if patients := [table for table in tables if table in PATIENTS_ROWS]:
        raise NotPublishable(f"{', '.join(patients)} holds patients' rows and is never published")
    return tables


def require_tables(
    engine: duckdb.DuckDBPyConnection, build: Build, tables: Sequence[str], results: str
) -> None:
    """Refuse tables that are not there, not as the build left them, or without a result.

    All that the build recorded is looked at, whichever kind of release is made: a warehouse that
    somebody changed in one room is not to be believed in the other.
    """
    present = {
        name
        for (name,) in engine.sql(
            "select table_name from information_schema.tables where table_catalog = 'warehouse'"
        ).fetchall()
    }
    tables = [*tables, LEDGER_ROWS]
    if missing := [table for table in tables if table not in present]:
        raise NotPublishable(f"the warehouse lacks {', '.join(missing)}: run `dbt build`")
    built = _state(engine, "audit.build_tables where invocation_id = $1", [build.invocation_id])
    if not built:
        raise NotPublishable(_OF_AN_OLDER_VERSION)
    if unknown := [table for table in tables if table not in built]:
        raise NotPublishable(
            f"{', '.join(unknown)} was not published when {build.run} ran: run `dbt build`"
        )
    if gone := [table for table in built if table not in present]:
        raise NotPublishable(f"the warehouse lacks {', '.join(gone)}: run `dbt build`")
    found = _state(engine, "audit.published_tables", [])
    if changed := [table for table in built if found[table] != built[table]]:
        raise NotPublishable(
            f"{', '.join(changed)} changed after {build.run}, by another tool or a command"
            " that leaves no record (such as `dbt run-operation`): run `dbt build`"
        )
    if built[results][0] == 0:
        raise NotPublishable(
            f"{results} is empty: nothing that counts was landed when {build.run} ran;"
            " land submissions and run `dbt build`"
        )


def _state(
    engine: duckdb.DuckDBPyConnection, source: str, parameters: list[str]
) -> dict[str, tuple[int, str]]:
    """Number of rows and checksum by table."""
    rows = engine.execute(f"select table_name, n_rows, checksum from {source}", parameters)
    return {table: (n_rows, checksum) for table, n_rows, checksum in rows.fetchall()}
