"""The ledger: what each release said, one file a release, never changed (Rulebook 9.15).

The warehouse reads all files at its next build; a file stays when the folder of its release goes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.files import sync
from warehouse.home import Home, first_line, literal, parquet

QUERY = Path(__file__).with_name("queries") / "ledger_rows.sql"
# The only kind of release there is: rows as they are in the warehouse, no small number suppressed.
KIND = "internal"
UNFINISHED = ".unfinished-"
# What publishing calls a release: the moment, to a microsecond.
_RELEASE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}\.[0-9]{6}Z")
# Columns and types, as in the contract of the source `ledger`.
COLUMNS = {
    "release": "varchar",
    "kind": "varchar",
    "code_version": "varchar",
    "as_at": "date",
    "published_at": "timestamp",
    "indicator_id": "varchar",
    "organisation_code": "varchar",
    "quarter": "varchar",
    "organisation_class": "varchar",
    "value": "double",
    "publication_status": "varchar",
    "national_rank": "bigint",
    "opportunity_annual_gbp": "double",
    "is_in_published_total": "boolean",
    "data_fingerprint": "varchar",
}
# Without these a file says nothing of a release; others may have been added since it was written.
_KEYS = ("release", "published_at", "indicator_id", "organisation_code", "quarter")


class BadLedger(Exception):
    """Something in the ledger's folder is no ledger of a release; the message is one line."""


def name_of_release(published_at: datetime) -> str:
    """The name of a release, and so of its folder and of its file in the ledger."""
    return published_at.strftime("%Y-%m-%dT%H%M%S.%fZ")


def ledger_file(published: Path, release: str) -> Path:
    """Where the ledger of a release lies, by the folder that holds the releases."""
    return published / "ledger" / f"{release}.parquet"


def ledger_rows(file: Path) -> str:
    """Query of a file's rows, with null for a column that an older version did not write."""
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in COLUMNS.items())
    return (
        f"select {', '.join(COLUMNS)} from"
        f" (select {empty} where false union all by name select * from {parquet(file)})"
    )


def require_ledger(home: Home, engine: duckdb.DuckDBPyConnection) -> None:
    """Refuse a ledger that cannot be read whole: without a file of it, revisions would be wrong.

    Raises BadLedger, which names the file.
    """
    folder = home.published / "ledger"
    if not folder.exists():
        return
    # Hidden files are our own work in progress, and what file managers leave.
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if path.suffix != ".parquet" or not _RELEASE.fullmatch(path.stem):
            raise BadLedger(f"{path} is no ledger of a release: move it out of the folder")
        _require_file(path, engine)


def _require_file(path: Path, engine: duckdb.DuckDBPyConnection) -> None:
    """Refuse a file that cannot be read, or is of another release than its name says."""
    advice = "bring it back from a backup, or move it out of the folder"
    try:
        found = engine.execute(
            f"select distinct release from (select {', '.join(_KEYS)} from {parquet(path)})"
        ).fetchall()
    except duckdb.Error as error:
        raise BadLedger(
            f"{path} cannot be read as the ledger of a release: {advice} ({first_line(error)})"
        ) from error
    if others := [release for (release,) in found if release != path.stem]:
        raise BadLedger(f"{path} holds the ledger of release {others[0]}: {advice}")


@contextmanager
def written_ledger(
    engine: duckdb.DuckDBPyConnection,
    home: Home,
    release: str,
    build: dict,
    published_at: datetime,
) -> Iterator[None]:
    """Write the ledger of a release under a name that nobody reads; within, the release is made.

    Once it is made, the file takes its name. Killed in between, `finish_ledger` does that; where
    the release is not made, nothing is left. Raises OSError or duckdb.Error.
    """
    target = ledger_file(home.published, release)
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_name(f"{UNFINISHED}{target.name}")
    rows = QUERY.read_text(encoding="utf-8")
    try:
        engine.execute(
            f"copy ({rows}) to {literal(unfinished)} (format parquet, compression zstd)",
            {
                "release": release,
                "kind": KIND,
                "code_version": build["code_version"],
                "as_at": build["as_at"],
                "published_at": published_at.replace(tzinfo=None),
            },
        )
        unfinished.chmod(0o444)
        sync(unfinished)
        yield
    except BaseException:
        # Stopped when the release was made already, it stays for the next publisher to name.
        if not (home.published / release).is_dir():
            unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(target)
    sync(target.parent)


def finish_ledger(home: Home) -> None:
    """Name the ledger of a release that was made, clear that of one that was not.

    What a publisher left that was killed; the lock of publishers is held.
    """
    for unfinished in (home.published / "ledger").glob(f"{UNFINISHED}*"):
        target = unfinished.with_name(unfinished.name.removeprefix(UNFINISHED))
        if (home.published / target.stem).is_dir():
            unfinished.rename(target)
        else:
            unfinished.unlink()
