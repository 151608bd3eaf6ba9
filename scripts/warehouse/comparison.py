"""What changed between two releases, from their ledgers (Rulebook 9.15).

SQL computes (queries/compare_*.sql); scripts/compare_releases.py puts it into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.home import CHECKOUT, Home, connect, first_line
from warehouse.ledger import ledger_file, ledger_folder, ledger_rows

QUERIES = Path(__file__).with_name("queries")
REGISTRY = CHECKOUT / "seeds" / "reference" / "indicators.csv"


class NotComparable(Exception):
    """There are no two releases to compare; the message says why."""


@dataclass(frozen=True)
class Released:
    """A release and what its ledger says of it as a whole."""

    release: str
    # public or internal; of versions before there were two kinds, internal.
    kind: str
    code_version: str | None
    # None: with everything landed.
    as_at: str | None


@dataclass(frozen=True)
class Comparison:
    """What changed from one release to another."""

    earlier: Released
    later: Released
    quarters: Sequence[Mapping]
    indicators: Sequence[Mapping]
    largest: Sequence[Mapping]


def compare(home: Home, earlier: str, later: str, quarter: str | None = None) -> Comparison:
    """Compare two releases, each by its name, its path or as `current`; all quarters, or one.

    Raises NotComparable where there is no such release, or one without a ledger; OSError or
    duckdb.Error where it cannot be read.
    """
    names = {"earlier": earlier, "later": later}
    files = {role: _ledger(home, name) for role, name in names.items()}
    with connect(home) as engine:
        for role, file in files.items():
            try:
                engine.execute(f"create temp table {role} as {ledger_rows(file)}")
            except duckdb.Error as error:
                raise NotComparable(
                    f"{file} cannot be read as the ledger of a release ({first_line(error)})"
                ) from error
        released = {role: _released(engine, role, file.stem) for role, file in files.items()}
        _execute(engine, "registry", {"registry": str(REGISTRY)})
        _execute(engine, "rows", {"quarter": quarter})
        quarters = _rows(engine, "quarters")
        if not quarters:
            raise NotComparable(
                f"neither release has a row of {quarter}" if quarter else "both releases are empty"
            )
        return Comparison(
            released["earlier"],
            released["later"],
            quarters,
            _rows(engine, "indicators"),
            _rows(engine, "largest"),
        )


def _ledger(home: Home, name: str) -> Path:
    """The ledger's file of a release, of either kind, which may lie in another home."""
    if name == "current" and not (home.published / "current").exists():
        raise NotComparable(f"there is no release under {home.published}")
    # The folder may be gone while its ledger stays; a link such as `current` leads to one. A path
    # may count from the home: internal/current.
    places = (
        (Path(name), home.path / name)
        if "/" in name
        else (home.published / name, home.internal / name)
    )
    paths = [place.resolve() for place in places]
    for path in paths:
        if (file := ledger_file(path.parent, path.name)).exists():
            return file
    if made := [path for path in paths if path.is_dir()]:
        raise NotComparable(f"{made[0]} was published by a version that kept no ledger")
    raise NotComparable(f"there is no release {name}; there are {_known(home)}")


def _known(home: Home) -> str:
    """The releases in the ledgers, the latest few."""
    names = sorted(
        path.stem
        for releases in (home.published, home.internal)
        for path in ledger_folder(releases).glob("[0-9]*")
    )
    if not names:
        return "none"
    return ", ".join((["…"] if len(names) > 4 else []) + names[-4:])


def _released(engine: duckdb.DuckDBPyConnection, role: str, release: str) -> Released:
    [(kind, code_version, as_at)] = engine.sql(
        f"select any_value(kind), any_value(code_version), any_value(as_at) from {role}"
    ).fetchall()
    return Released(release, kind or "internal", code_version, as_at and as_at.isoformat())


def _execute(engine: duckdb.DuckDBPyConnection, name: str, parameters: dict) -> None:
    engine.execute((QUERIES / f"compare_{name}.sql").read_text(encoding="utf-8"), parameters)


def _rows(engine: duckdb.DuckDBPyConnection, name: str) -> list[dict]:
    relation = engine.sql((QUERIES / f"compare_{name}.sql").read_text(encoding="utf-8"))
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
