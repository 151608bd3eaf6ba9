"""Where the warehouse's state lies, and how its engine is opened."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

CHECKOUT = Path(__file__).resolve().parents[2]

# The defaults of profiles.yml, so that ingest and build keep to the same limits.
DEFAULT_THREADS = "2"
DEFAULT_MEMORY_LIMIT = "8GB"


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
    def published(self) -> Path:
        """Releases."""
        return self.path / "published"

    @property
    def reports(self) -> Path:
        """Pages for people."""
        return self.path / "reports"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages, one a submission."""
        return self.reports / "data_docs"


def find_home() -> Home:
    """The home named by BCBV_HOME, else `data` in the checkout, whatever the working directory."""
    return Home(Path(os.environ.get("BCBV_HOME") or CHECKOUT / "data").resolve())


def connect(
    home: Home, database: str | Path = ":memory:", read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """An engine bounded by BCBV_THREADS and BCBV_MEMORY_LIMIT.

    Raises SystemExit, naming the variables, if DuckDB does not accept their values.
    """
    limits = {
        "threads": os.environ.get("BCBV_THREADS") or DEFAULT_THREADS,
        "memory_limit": os.environ.get("BCBV_MEMORY_LIMIT") or DEFAULT_MEMORY_LIMIT,
    }
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
        raise SystemExit(
            f"BCBV_THREADS={limits['threads']} BCBV_MEMORY_LIMIT={limits['memory_limit']}: {error}"
        ) from error


def literal(value: str | Path) -> str:
    """A text as an SQL literal, for the statements that take no parameters (COPY … TO)."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
