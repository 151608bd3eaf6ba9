"""The ledger: what each release said, one file a release, never changed (Rulebook 9.15).

Each kind of release has its own, beside its releases. The warehouse reads all files of the public
one at its next build; a file stays when the folder of its release goes. Figures of shown rows are
kept to the last digit, so that a ledger is state of the warehouse, closed to others.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.built import Build
from warehouse.files import sync
from warehouse.home import first_line, literal, parquet

QUERIES = Path(__file__).with_name("queries")
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
    "disclosure_status": "varchar",
}
# Without these a file says nothing of a release; others may have been added since it was written.
_KEYS = ("release", "published_at", "indicator_id", "organisation_code", "quarter")


class BadLedger(Exception):
    """Something in the ledger's folder is no ledger of a release; the message is one line."""


@dataclass(frozen=True)
class Entry:
    """What the ledger says of a release as a whole."""

    release: str
    kind: str
    build: Build
    published_at: datetime


def name_of_release(published_at: datetime) -> str:
    """The name of a release, and so of its folder and of its file in the ledger."""
    return published_at.strftime("%Y-%m-%dT%H%M%S.%fZ")


def ledger_folder(releases: Path) -> Path:
    """Where the ledger lies, by the folder that holds the releases."""
    return releases / "ledger"


def ledger_file(releases: Path, release: str) -> Path:
    """Where the ledger of a release lies, by the folder that holds the releases."""
    return ledger_folder(releases) / f"{release}.parquet"


def ledger_rows(file: Path) -> str:
    """Query of a file's rows, with null for a column that an older version did not write."""
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in COLUMNS.items())
    return (
        f"select {', '.join(COLUMNS)} from"
        f" (select {empty} where false union all by name select * from {parquet(file)})"
    )


def require_ledger(releases: Path, engine: duckdb.DuckDBPyConnection) -> None:
    """Refuse a ledger that cannot be read whole: without a file of it, revisions would be wrong.

    Raises BadLedger, which names the file.
    """
    folder = ledger_folder(releases)
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


def write_ledger(engine: duckdb.DuckDBPyConnection, releases: Path, entry: Entry) -> Path:
    """Write the ledger of a release that is being made, under a name that nobody reads.

    The engine has the warehouse in use. Returns the file. Raises OSError or duckdb.Error.
    """
    target = ledger_file(releases, entry.release)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    # One of an earlier version was open.
    target.parent.chmod(0o700)
    unfinished = target.with_name(f"{UNFINISHED}{target.name}")
    rows = (QUERIES / f"ledger_rows_{entry.kind}.sql").read_text(encoding="utf-8")
    engine.execute(
        f"copy ({rows}) to {literal(unfinished)} (format parquet, compression zstd)",
        {
            "release": entry.release,
            "code_version": entry.build.code_version,
            "as_at": entry.build.as_at,
            "published_at": entry.published_at.replace(tzinfo=None),
        },
    )
    unfinished.chmod(0o400)
    sync(unfinished)
    return unfinished


@contextmanager
def kept_ledger(releases: Path, release: str) -> Iterator[None]:
    """Within, a release is made and its ledger written; once both are, the ledger takes its name.

    Killed in between, `finish_ledger` does that; where the release is not made, nothing is left.
    """
    target = ledger_file(releases, release)
    unfinished = target.with_name(f"{UNFINISHED}{target.name}")
    try:
        yield
    except BaseException:
        # Stopped when the release was made already, it stays for the next publisher to name.
        if not (releases / release).is_dir():
            unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(target)
    sync(target.parent)


def finish_ledger(releases: Path) -> None:
    """Name the ledger of a release that was made, clear that of one that was not.

    What a publisher left that was killed; the lock of publishers is held.
    """
    for unfinished in ledger_folder(releases).glob(f"{UNFINISHED}*"):
        target = unfinished.with_name(unfinished.name.removeprefix(UNFINISHED))
        if (releases / target.stem).is_dir():
            unfinished.rename(target)
        else:
            unfinished.unlink()
