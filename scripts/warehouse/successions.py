"""What a file of successions may not say, alone or together with what is known already."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from warehouse.contracts import Refused
from warehouse.home import CHECKOUT, literal

SEED = CHECKOUT / "seeds" / "reference" / "successions.csv"

_CODES = "upper(trim(old_code)) as old_code, upper(trim(new_code)) as new_code"


def check_successions(
    engine: duckdb.DuckDBPyConnection,
    data: Path,
    extract_date: date,
    landed: list[tuple[Path, date]],
) -> None:
    """Raises Refused where a code has two successors or succeeds itself, at once or by a cycle.

    `data` is the file's lake file; `landed` are those of the successions landed before, each with
    its extract date, in the order of landing. Of each old code the row of the latest extract
    counts, before the seed's (Rulebook 1.5); every day is checked on which this file would
    count (`as_at`).
    """
    _check_alone(engine, data)
    # A stable sort: of extracts of one day the last to land is the last to override.
    extracts = sorted([*landed, (data, extract_date)], key=lambda extract: extract[1])
    for day in sorted({taken for _, taken in extracts if taken >= extract_date}):
        known = dict(_pairs(engine, f"read_csv({literal(SEED)}, all_varchar = true)"))
        for path, taken in extracts:
            if taken <= day:
                known |= dict(_pairs(engine, f"read_parquet({literal(path)})"))
        if cycle := _cycle(known):
            raise Refused(f"the successions run in a cycle: {' → '.join(cycle)}")


def _pairs(engine: duckdb.DuckDBPyConnection, relation: str) -> Iterator[tuple[str, str]]:
    query = f"select {_CODES} from {relation} where old_code is not null and new_code is not null"
    yield from engine.sql(query).fetchall()


def _check_alone(engine: duckdb.DuckDBPyConnection, data: Path) -> None:
    rows = engine.sql(
        f"select {_CODES}, _line from read_parquet({literal(data)})"
        " where old_code is not null order by _line"
    ).fetchall()
    first: dict[str, tuple[str, int]] = {}
    for old, new, line in rows:
        if old == new:
            raise Refused(f"line {line}: {old} is said to succeed itself")
        if old in first:
            other, at = first[old]
            raise Refused(
                f"lines {at} and {line}: {old} has two successions (to {other} and to {new}); "
                "a split is refused, only mergers can be followed"
            )
        first[old] = new, line


def _cycle(successors: dict[str, str]) -> list[str] | None:
    """The codes of a cycle, the first one again at the end; None if there is none."""
    ended: set[str] = set()
    for start in successors:
        path: list[str] = []
        code = start
        while code in successors and code not in ended:
            if code in path:
                return [*path[path.index(code) :], code]
            path.append(code)
            code = successors[code]
        ended.update(path)
    return None
