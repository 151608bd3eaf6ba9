"""Where the warehouse's state lies, and how its engine is opened.

The commands take the home and the engine's limits from here, and dbt by `dbt_home.py`: one rule.
"""

import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.words import shown, shown_line, shown_path

CHECKOUT = Path(__file__).resolve().parents[2]

DEFAULT_THREADS = "2"
DEFAULT_MEMORY_LIMIT = "8GB"
MOST_THREADS = 1024
# Bytes. With less the engine fails at its first join, in words that name no setting.
LEAST_MEMORY = 128_000_000
_MEMORY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) *([KMGT])(i?)B", re.IGNORECASE)


class BadSetting(SystemExit):
    """A setting that cannot work; the message is one line that names it and says why.

    As it ends the process, a command shows that line and status 1, and no traceback.
    """


@dataclass(frozen=True)
class Home:
    """The folders under one BCBV_HOME; two homes share nothing."""

    path: Path

    @property
    def landing(self) -> Path:
        """Files as received."""
        return self.path / "landing"

    @property
    def lake(self) -> Path:
        """Parquet, one folder a feed."""
        return self.path / "lake"

    @property
    def scratch(self) -> Path:
        """Work in progress, on the lake's file system so that it can be renamed into place."""
        return self.lake / "_tmp"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.path / "warehouse.duckdb"

    @property
    def audit(self) -> Path:
        """What the checks of each build found, one Parquet file a build."""
        return self.path / "audit"

    @property
    def published(self) -> Path:
        """Releases for anyone."""
        return self.path / "published"

    @property
    def internal(self) -> Path:
        """Releases for the organisation that runs the warehouse, closed to others."""
        return self.path / "internal"

    @property
    def reports(self) -> Path:
        """Pages for people."""
        return self.path / "reports"

    @property
    def feedback(self) -> Path:
        """Drafts for validation, with records of patients."""
        return self.path / "feedback"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages, one a submission."""
        return self.reports / "data_docs"

    @property
    def salt(self) -> Path:
        """One random text, which hashes of the home's consultant codes are made with."""
        return self.lake / "_salt" / "salt.parquet"


def find_home() -> Home:
    """The home named by BCBV_HOME; where it is not set or empty, `data` in the checkout.

    A relative one counts from the checkout, whatever the working directory, as for dbt.
    Raises BadSetting, before anything is written, for one that cannot be a home.
    """
    value = os.environ.get("BCBV_HOME", "")
    try:
        _require_name(value)
        path = (CHECKOUT / (value or "data")).resolve()
        # Where a link leads to, too.
        _require_name(str(path))
        _require_folder(path)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadSetting(f"BCBV_HOME={shown_path(value)}: {reason}") from error
    return Home(path)


def _require_name(value: str) -> None:
    """Raise ValueError unless a text can name a home."""
    if value.startswith("~"):
        raise ValueError("a ~ that the shell did not expand; write the whole path")
    if "?" in value:
        raise ValueError("DuckDB keeps no database in a folder with ? in its name")
    if value != value.strip():
        raise ValueError("blanks at its beginning or end")
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("a line break or another control character in it")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("its name is not UTF-8") from None


def _require_folder(path: Path) -> None:
    """Raise OSError or ValueError unless `path` is a folder to work in, or can become one."""
    # Such as a name that is too long; what is missing or closed is found below.
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        path.lstat()
    nearest = path
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    if not nearest.is_dir():
        raise ValueError("not a folder" if nearest == path else f"{nearest} is not a folder")
    if not os.access(nearest, os.R_OK | os.X_OK):
        raise ValueError(f"no permission to read {nearest}")
    if nearest != path and not os.access(nearest, os.W_OK):
        raise ValueError(f"no permission to make a folder in {nearest}")


def engine_limits() -> dict[str, str]:
    """DuckDB's `threads` and `memory_limit`, by BCBV_THREADS and BCBV_MEMORY_LIMIT.

    Raises BadSetting for a value that DuckDB does not take or cannot work with.
    """
    threads = os.environ.get("BCBV_THREADS") or DEFAULT_THREADS
    memory = os.environ.get("BCBV_MEMORY_LIMIT") or DEFAULT_MEMORY_LIMIT
    if not re.fullmatch(r"[0-9]{1,4}", threads) or not 1 <= int(threads) <= MOST_THREADS:
        raise BadSetting(
            f"BCBV_THREADS={shown(threads)}: not a whole number from 1 to {MOST_THREADS}"
        )
    if not (found := _MEMORY.fullmatch(memory)):
        raise BadSetting(
            f"BCBV_MEMORY_LIMIT={shown(memory)}: not an amount of memory, such as 500MB or 8GB"
        )
    amount, unit, binary = found.groups()
    power = "KMGT".index(unit.upper()) + 1
    if float(amount) * (1024 if binary else 1000) ** power < LEAST_MEMORY:
        raise BadSetting(
            f"BCBV_MEMORY_LIMIT={memory}: too little; at least {LEAST_MEMORY // 10**6}MB"
        )
    return {"threads": threads, "memory_limit": memory}


def connect(
    home: Home, database: str | Path = ":memory:", read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """An engine bounded by engine_limits().

    Raises BadSetting, naming the variables, if DuckDB does not accept their values.
    """
    limits = engine_limits()
    settings: dict[str, str | bool | int | float | list[str]] = {
        **limits,
        # An extension would be downloaded: nothing here needs one, and closed networks have none.
        "autoinstall_known_extensions": "false",
    }
    if database == ":memory:":
        # DuckDB would spill into the working directory.
        settings["temp_directory"] = str(home.scratch / "spill")
    try:
        return duckdb.connect(str(database), read_only=read_only, config=settings)
    except (duckdb.InvalidInputException, duckdb.ParserException) as error:
        raise BadSetting(
            f"BCBV_THREADS={limits['threads']} BCBV_MEMORY_LIMIT={limits['memory_limit']}:"
            f" {first_line(error)}"
        ) from error


def attach_warehouse(
    engine: duckdb.DuckDBPyConnection, home: Home, refusal: type[Exception]
) -> None:
    """Open the warehouse for reading, as the database that names refer to.

    Raises `refusal`, with the reason, where that is no warehouse or is held by another process.
    """
    try:
        engine.execute(f"attach {literal(home.warehouse)} as warehouse (read_only)")
    except duckdb.Error as error:
        held = (
            "is held by another process, such as a build"
            if "lock" in str(error)
            else "is no warehouse"
        )
        raise refusal(f"{home.warehouse} {held}: {first_line(error)}") from error
    engine.execute("use warehouse")


@contextmanager
def told_in_one_line(what: str) -> Iterator[None]:
    """End a command that the system or the engine stops with one line, not a traceback.

    Raises BadSetting with `what` could not be done and the system's reason.
    """
    try:
        yield
    except OSError as error:
        file = f"{shown_path(os.fsdecode(error.filename))}: " if error.filename else ""
        raise BadSetting(f"{what}: {file}{error.strerror or error}") from error
    except duckdb.Error as error:
        raise BadSetting(f"{what}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What an error says, in one line that a terminal can show."""
    return shown_line((str(error).splitlines() or [type(error).__name__])[0])


def pattern(folder: Path, names: str) -> str:
    """A pattern of DuckDB for the files of a folder, whose own name is taken as it is."""
    return str(Path(glob.escape(str(folder))) / names)


def parquet(path: Path) -> str:
    """A Parquet file of ours as a relation in SQL; folders such as `a=b` add no columns."""
    return f"read_parquet({literal(pattern(path.parent, path.name))}, hive_partitioning = false)"


def literal(value: str | Path) -> str:
    """A text as an SQL literal, for the statements that take no parameters (COPY … TO)."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
