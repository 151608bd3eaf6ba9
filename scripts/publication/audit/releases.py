"""Releases held against one another: what one hides and another shows, of the same data."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from publication.audit.cells import Cells, Key, find_cells
from publication.audit.facts import FIGURES
from publication.audit.intervals import around
from publication.audit.outcome import Opened
from publication.audit.tables import Tables, open_tables

FACTS = "fct_indicator_values"
COUNTS = {"n": "numerator", "d": "denominator"}


def attack_releases(
    earlier: Sequence[Path], tables: Tables, cells: Cells
) -> tuple[dict[str, int], list[Opened]]:
    """Learn from earlier releases; gives what was tried by attack, and what now shows itself.

    Rows of the same submissions are the same rows: what an earlier release shows of a row that is
    hidden now is known, and what this one shows opens a row that was hidden then.
    """
    tried: dict[str, int] = defaultdict(int)
    opened: list[Opened] = []
    for folder in earlier:
        try:
            with open_tables(folder) as formats:
                _, then = formats[0]
                if then.release == tables.release:
                    continue
                opened += _shown_now(tables, then, tried)
                _shown_then(tables, then, cells, tried)
        except (FileNotFoundError, duckdb.Error):
            continue  # an older layout, or no release: nothing to read there
    return tried, opened


def _sources(tables: Tables) -> dict[tuple[str, str], frozenset[str]]:
    """By feed and quarter, the submissions that count, as a release lists them."""
    if not tables.has("dim_submission", "n_effective_months", "period_start_date"):
        return {}
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for feed, quarter, submission in tables.rows(
        "select feed, quarter, submission_id from dim_submission join dim_quarter"
        " on period_start_date <= quarter_end_date and period_end_date >= quarter_start_date"
        " where n_effective_months > 0"
    ):
        sources[feed, quarter].add(submission)
    return {place: frozenset(found) for place, found in sources.items()}


def _same_data(one: Tables, other: Tables) -> set[tuple[str, str]]:
    """Indicators and quarters whose submissions are the same in both releases."""
    now, then = _sources(one), _sources(other)
    same = set()
    quarters = [quarter for (quarter,) in one.rows("select quarter from dim_quarter")]
    for indicator, feeds in one.rows("select indicator_id, feeds from dim_indicator"):
        for quarter in quarters:
            places = [(feed.strip(), quarter) for feed in (feeds or "").split(";")]
            if all(now.get(place) == then.get(place) for place in places) and any(
                place in now for place in places
            ):
                same.add((indicator, quarter))
    return same


def _shown_then(tables: Tables, then: Tables, cells: Cells, tried: dict[str, int]) -> None:
    """Figures of an earlier release of rows that are hidden now."""
    same = _same_data(tables, then)
    keys = [key for key in cells.hidden if (key[0], key[2]) in same]
    tried["an earlier release shows it"] += len(keys)
    columns = {c: v for c, v in FIGURES[FACTS][1].items() if then.has(FACTS, c)}
    names = ", ".join(columns)
    rows = {
        (indicator, code, quarter): figures
        for indicator, code, quarter, *figures in then.rows(
            f"select indicator_id, organisation_code, quarter, {names} from {FACTS}"
        )
    }
    for key in keys:
        for (column, variable), figure in zip(
            columns.items(), rows.get(key, [None] * len(columns)), strict=True
        ):
            if figure is not None:
                cells.learn(
                    key, variable, around(figure, then.half(FACTS, column, key[0])),
                    attack="an earlier release shows it", table=f"{then.release} {FACTS}",
                )  # fmt: skip


def _shown_now(tables: Tables, then: Tables, tried: dict[str, int]) -> list[Opened]:
    """Rows that an earlier release hid, and this one shows though their data are the same."""
    same = _same_data(tables, then)
    hidden: set[Key] = {key for key in find_cells(then).hidden if (key[0], key[2]) in same}
    tried["hidden in an earlier release"] += len(hidden)
    if not hidden:
        return []
    shown = {
        (indicator, code, quarter)
        for indicator, code, quarter in tables.rows(
            f"select indicator_id, organisation_code, quarter from {FACTS}"
            " where coalesce(numerator, denominator, value) is not null"
        )
    }
    return [
        Opened("hidden in an earlier release", FACTS, f"{' '.join(key)}", ())
        for key in sorted(hidden & shown)
    ]
