"""Why the pounds moved, and what they are at the activity of one quarter (Rulebook 9.13, 9.14)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from reference.organisations import Register
from reference.pounds import Place, Position, base_quarter, is_in_total
from reference.quarters import label

# What of a position moves from one quarter to the other, in the order in which it is moved.
MOVES = {
    "performance_gbp": ("value",),
    "benchmark_gbp": ("benchmark",),
    "volume_gbp": ("volume", "most_units"),
    "price_and_mix_gbp": ("price",),
}
PARTS = (*MOVES, "reporting_gbp", "organisations_gbp", "scope_gbp")
TOTAL = "ALL"

Amounts = dict[str, float | None]
# Amounts of organisations added up by level and code of an area.
ByArea = Callable[[str, Amounts], dict[tuple[str, str], float | None]]


def moves(start: Position, end: Position) -> dict[str, float]:
    """The parts of a change between two quarters in both of which there are £."""
    found, now = {}, start
    for part, columns in MOVES.items():
        following = replace(now, **{column: getattr(end, column) for column in columns})
        found[part] = following.annual - now.annual
        now = following
    return found


class _Ends:
    """What there is of an organisation at both ends of a change, added up over indicators."""

    def __init__(self) -> None:
        self.start: float | None = None
        self.end: float | None = None
        self.parts = dict.fromkeys(PARTS, 0.0)

    def add(self, start: float | None, end: float | None, parts: dict[str, float]) -> None:
        if start is not None:
            self.start = (self.start or 0.0) + start
        if end is not None:
            self.end = (self.end or 0.0) + end
        for part, gbp in parts.items():
            self.parts[part] += gbp


def opportunity_changes(
    places: Iterable[Place],
    positions: dict[Place, Position],
    register: Register,
    by_area: ByArea,
) -> list[dict]:
    """Rows of fct_opportunity_change; places are the keys of fct_indicator_values."""
    quarters_of = defaultdict(set)
    for indicator_id, _, quarter in places:
        quarters_of[indicator_id].add(quarter)
    rows = []
    for comparison, start, end in _comparisons(set().union(*quarters_of.values())):
        total = defaultdict(_Ends)
        for indicator_id, quarters in quarters_of.items():
            own = _of_organisations(indicator_id, start, end, positions, register)
            _add_to_total(total, indicator_id, start, end, own)
            if {start, end} <= quarters:
                rows += _rows(indicator_id, comparison, start, end, own, by_area)
        if all(_has_total(quarter, quarters_of) for quarter in (start, end)):
            rows += _rows(TOTAL, comparison, start, end, total, by_area)
    return rows


def _of_organisations(
    indicator_id: str,
    start: int,
    end: int,
    positions: dict[Place, Position],
    register: Register,
) -> dict[str, _Ends]:
    """Those that have £ of an indicator at either end."""
    own = defaultdict(_Ends)
    for code in {code for of, code, quarter in positions if of == indicator_id}:
        before = positions.get((indicator_id, code, start))
        after = positions.get((indicator_id, code, end))
        gbp = [None if one is None else one.annual for one in (before, after)]
        if gbp != [None, None]:
            is_open = register.is_open(code, start) and register.is_open(code, end)
            own[code].add(*gbp, _parts(before, after, *gbp, is_open))
    return own


def _add_to_total(
    total: dict[str, _Ends], indicator_id: str, start: int, end: int, own: dict[str, _Ends]
) -> None:
    """Add an indicator that is in the total at one end, and then all of it is scope, or at both."""
    is_counted = [is_in_total(indicator_id, quarter) for quarter in (start, end)]
    for code, ends in own.items():
        if all(is_counted):
            total[code].add(ends.start, ends.end, ends.parts)
        elif is_counted[0] and ends.start is not None:
            total[code].add(ends.start, None, {"scope_gbp": -ends.start})
        elif is_counted[1] and ends.end is not None:
            total[code].add(None, ends.end, {"scope_gbp": ends.end})


def _has_total(quarter: int, quarters_of: dict[str, set[int]]) -> bool:
    """Whether there are rows of an indicator that is in the total of a quarter."""
    return any(
        quarter in quarters and is_in_total(indicator_id, quarter)
        for indicator_id, quarters in quarters_of.items()
    )


def _comparisons(quarters: set[int]) -> Iterator[tuple[str, int, int]]:
    """Which quarters are compared with which earlier ones, and why."""
    for quarter in sorted(quarters):
        yield "previous", quarter - 1, quarter
        if quarter > base_quarter():
            yield "base", base_quarter(), quarter


def _parts(
    before: Position | None,
    after: Position | None,
    start: float | None,
    end: float | None,
    is_open: bool,
) -> dict[str, float]:
    """The parts of an organisation's change; of one with £ at one end all is one part."""
    if start is not None and end is not None:
        return moves(before, after)
    part = "reporting_gbp" if is_open else "organisations_gbp"
    return {part: end if start is None else -start}


def _rows(
    indicator_id: str,
    comparison: str,
    start: int,
    end: int,
    own: dict[str, _Ends],
    by_area: ByArea,
) -> Iterator[dict]:
    amounts = {
        "opportunity_from_gbp": {code: ends.start for code, ends in own.items()},
        "opportunity_to_gbp": {code: ends.end for code, ends in own.items()},
        **{part: {code: ends.parts[part] for code, ends in own.items()} for part in PARTS},
    }
    added = {column: by_area(indicator_id, of_code) for column, of_code in amounts.items()}
    for level, area in added["scope_gbp"]:
        found = {column: of_area[level, area] for column, of_area in added.items()}
        if found["opportunity_from_gbp"] is None and found["opportunity_to_gbp"] is None:
            continue
        yield {
            "indicator_id": indicator_id,
            "area_level": level,
            "area_code": area,
            "quarter": label(end),
            "comparison": comparison,
            "from_quarter": label(start),
            **found,
            "change_gbp": (found["opportunity_to_gbp"] or 0.0)
            - (found["opportunity_from_gbp"] or 0.0),
        }


def activity_adjusted(positions: dict[Place, Position]) -> dict[Place, float | None]:
    """£ a year with the volume, limit and price of the base quarter.

    An organisation without £ then: of its earliest later quarter with some. Rulebook 9.14.
    """
    base = {}
    for (indicator_id, code, quarter), position in sorted(positions.items(), key=_by_quarter):
        if quarter >= base_quarter() and position.annual is not None:
            base.setdefault((indicator_id, code), position)
    found = {}
    for (indicator_id, code, quarter), position in positions.items():
        if quarter >= base_quarter() and position.annual is not None:
            standard = base[indicator_id, code]
            found[indicator_id, code, quarter] = replace(
                position,
                volume=standard.volume,
                most_units=standard.most_units,
                price=standard.price,
            ).annual
    return found


def _by_quarter(item: tuple[Place, Position]) -> int:
    return item[0][2]
