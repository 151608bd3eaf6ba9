"""A release: the marts of one build, frozen in files, and how it becomes the current one."""

import json
import re
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import yaml
from tqdm import tqdm

from warehouse.files import only_one, sha256, sync
from warehouse.home import CHECKOUT, Home, attach_warehouse, connect, identifier, literal
from warehouse.ledger import (
    BadLedger,
    finish_ledger,
    name_of_release,
    require_ledger,
    written_ledger,
)

EXPOSURES = CHECKOUT / "models" / "marts" / "_exposures.yml"
FORMATS = {"parquet": "format parquet, compression zstd", "csv": "format csv, header"}
# Without a row of it there is nothing to tell.
RESULTS = "fct_indicator_values"
# What a release adds to the ledger; it lies in the room of intermediate models.
LEDGER_ROWS = "int_ledger_rows"
# Patients' rows as received (Rulebook 8.6): in no release, whatever the exposure lists.
PATIENTS_ROWS = ("dq_quarantined_records",)
UNFINISHED = ".unfinished-"
NEXT_CURRENT = ".current-"

_OF_AN_OLDER_VERSION = (
    "the warehouse was built by a version that did not record what it left: run `dbt build`"
)

# Columns of dim_submission that release.json repeats: what was found in a file when it landed.
FOUND_AT_LANDING = (
    "submission_id",
    "is_synthetic",
    "inferred",
    "row_count",
    "reject_count",
    "reject_lines",
    "invalid_count",
    "suppressed_count",
    "missing_count",
    "unread_values",
    "repeated_key_count",
    "unknown_organisation_row_count",
    "unknown_organisation_codes",
    "unknown_organisation_gbp",
    "unknown_organisation_item_count",
    "profile_verdict",
    "profile_failures",
)


class NotPublishable(Exception):
    """There is nothing that may be published; the message says why."""


def publish(home: Home) -> Path:
    """Publish the warehouse's marts and return the folder of the release.

    Killed at any moment, `published/current` still names a whole release that is in the ledger:
    files are written under other names; when all are complete the folder is renamed, then the file
    of the ledger, and the link is replaced last.

    Raises NotPublishable where there is no warehouse, its tables are not those of the last whole
    build, which went well and found submissions, or the ledger cannot be read; OSError or
    duckdb.Error where the release cannot be written.
    """
    if not home.warehouse.exists():
        raise NotPublishable(f"there is no warehouse at {home.warehouse}: run `dbt build` first")
    with only_one(home.published / ".lock", "publisher"), connect(home) as engine:
        attach_warehouse(engine, home, NotPublishable)
        build = _last_build(engine)
        tables = published_tables()
        _require_tables(engine, build, tables)
        _clear_leftovers(home)
        try:
            require_ledger(home, engine)
        except BadLedger as error:
            raise NotPublishable(str(error)) from error
        folder = home.published / f"{UNFINISHED}{uuid.uuid4().hex}"
        folder.mkdir()
        published_at = datetime.now(UTC)
        release = home.published / name_of_release(published_at)
        try:
            with written_ledger(engine, home, release.name, build, published_at):
                _write_tables(engine, tables, folder)
                _write_database(engine, tables, folder / "bcbv.duckdb")
                _write_description(engine, build, tables, folder, release.name, published_at)
                for path in folder.iterdir():
                    path.chmod(0o444)
                    sync(path)
                sync(folder)
                folder.rename(release)
                # Lost with the power, it would leave a ledger of a release that is not there.
                sync(home.published)
        except BaseException:
            # A full disk is not to stay full of it.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _make_current(home, release)
    return release


def published_tables() -> list[str]:
    """The marts that the exposure `published_release` names: these are published, nothing else.

    Raises NotPublishable where it names a table of patients' rows.
    """
    document = yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))
    [exposure] = [e for e in document["exposures"] if e["name"] == "published_release"]
    tables = [re.fullmatch(r"ref\('(\w+)'\)", entry)[1] for entry in exposure["depends_on"]]
    if patients := [table for table in tables if table in PATIENTS_ROWS]:
        raise NotPublishable(f"{', '.join(patients)} holds patients' rows and is never published")
    return tables


def _clear_leftovers(home: Home) -> None:
    """Take away what a publisher that was killed had not finished."""
    for folder in home.published.glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder)
    for link in home.published.glob(f"{NEXT_CURRENT}*"):
        link.unlink()
    finish_ledger(home)


def _last_build(engine: duckdb.DuckDBPyConnection) -> dict:
    """The whole build that the tables are from, as recorded by dbt (macros/builds.sql).

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
            return {
                "invocation_id": invocation_id,
                "built_at": started_at,
                "as_at": as_at,
                "code_version": code,
                "run": run,
            }
        if command != "test":
            raise NotPublishable(
                f"{run} changed the warehouse, or may have, and is no whole build: run `dbt build`"
            )
    raise NotPublishable("the warehouse was never built as a whole: run `dbt build` first")


def _require_tables(engine: duckdb.DuckDBPyConnection, build: dict, tables: list[str]) -> None:
    """Refuse tables that are not there, not as the build left them, or without a result."""
    present = {
        name
        for (name,) in engine.sql(
            "select table_name from information_schema.tables"
            " where table_catalog = 'warehouse' and (table_schema = 'marts'"
            f" or table_schema = 'intermediate' and table_name = '{LEDGER_ROWS}')"
        ).fetchall()
    }
    tables = [*tables, LEDGER_ROWS]
    if missing := [table for table in tables if table not in present]:
        raise NotPublishable(f"the warehouse lacks {', '.join(missing)}: run `dbt build`")
    built = _state(engine, "audit.build_tables where invocation_id = $1", [build["invocation_id"]])
    if not built:
        raise NotPublishable(_OF_AN_OLDER_VERSION)
    if unknown := [table for table in tables if table not in built]:
        raise NotPublishable(
            f"{', '.join(unknown)} was not published when {build['run']} ran: run `dbt build`"
        )
    found = _state(engine, "audit.published_tables", [])
    if changed := [table for table in tables if found[table] != built[table]]:
        raise NotPublishable(
            f"{', '.join(changed)} changed after {build['run']}, by another tool or a command"
            " that leaves no record (such as `dbt run-operation`): run `dbt build`"
        )
    if built[RESULTS][0] == 0:
        raise NotPublishable(
            f"{RESULTS} is empty: nothing that counts was landed when {build['run']} ran;"
            " land submissions and run `dbt build`"
        )


def _state(
    engine: duckdb.DuckDBPyConnection, source: str, parameters: list[str]
) -> dict[str, tuple[int, str]]:
    """Number of rows and checksum by table."""
    rows = engine.execute(f"select table_name, n_rows, checksum from {source}", parameters)
    return {table: (n_rows, checksum) for table, n_rows, checksum in rows.fetchall()}


def _write_tables(engine: duckdb.DuckDBPyConnection, tables: list[str], folder: Path) -> None:
    """Each table as Parquet and CSV, rows in the order of their columns, so that runs compare."""
    for table in tqdm(tables, desc="publish", unit="table", delay=2, disable=None, leave=False):
        rows = f"select * from marts.{table} order by all"
        for extension, options in FORMATS.items():
            target = literal(folder / f"{table}.{extension}")
            engine.execute(f"copy ({rows}) to {target} ({options})")


def _write_database(engine: duckdb.DuckDBPyConnection, tables: list[str], path: Path) -> None:
    """The tables as one DuckDB file, with the descriptions of tables and columns as comments."""
    engine.execute(f"attach {literal(path)} as release")
    engine.execute("create schema release.marts")
    for table in tables:
        target = f"release.marts.{table}"
        engine.execute(f"create table {target} as select * from marts.{table} order by all")
        for column, comment in _comments(engine, table):
            subject = f"column {target}.{identifier(column)}" if column else f"table {target}"
            engine.execute(f"comment on {subject} is {literal(comment)}")
    engine.execute("detach release")


def _comments(engine: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str | None, str]]:
    return engine.execute(
        "select null, comment from duckdb_tables()"
        " where schema_name = 'marts' and table_name = $1 and comment is not null"
        " and database_name = 'warehouse'"
        " union all"
        " select column_name, comment from duckdb_columns()"
        " where schema_name = 'marts' and table_name = $1 and comment is not null"
        " and database_name = 'warehouse'",
        [table],
    ).fetchall()


def _write_description(
    engine: duckdb.DuckDBPyConnection,
    build: dict,
    tables: list[str],
    folder: Path,
    release: str,
    published_at: datetime,
) -> None:
    """release.json: what the release was made of and from, and how to check that it is whole."""
    submissions = _submissions(engine)
    n_synthetic = sum(submission.pop("is_synthetic") for submission in submissions)
    description = {
        "release": release,
        "published_at": published_at.isoformat(),
        "built_at": build["built_at"].replace(tzinfo=UTC).isoformat(),
        "as_at": build["as_at"].isoformat() if build["as_at"] else None,
        "code_version": build["code_version"],
        "invocation_id": build["invocation_id"],
        "synthetic": n_synthetic > 0,
        "suppressed": False,
        "submissions": {
            "total": len(submissions),
            "synthetic": n_synthetic,
            "profile_failed": sum(row["profile_verdict"] == "failed" for row in submissions),
            "landed": submissions,
        },
        "row_counts": {
            table: engine.sql(f"select count(*) from marts.{table}").fetchone()[0]
            for table in tables
        },
        "checksums_sha256": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(description, indent=2) + "\n"
    (folder / "release.json").write_text(text, encoding="utf-8")


def _submissions(engine: duckdb.DuckDBPyConnection) -> list[dict]:
    """What was found in each submission when it landed (Rulebook 1.17)."""
    relation = engine.sql(
        f"select {', '.join(FOUND_AT_LANDING)} from marts.dim_submission order by submission_id"
    )
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def _make_current(home: Home, release: Path) -> None:
    """Point published/current at the release, in one step that a reader cannot fall into."""
    link = home.published / f"{NEXT_CURRENT}{uuid.uuid4().hex}"
    link.symlink_to(release.name)
    link.replace(home.published / "current")
    sync(home.published)
