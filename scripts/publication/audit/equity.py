"""Fifths of deprivation: what is left of an area's cases without the shown fifths."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from publication.audit.cells import Cells, Key
from publication.audit.intervals import Interval, around, meet, over, times, whole
from publication.audit.limits import RATIO
from publication.audit.outcome import LEAST_POSSIBLE, SMALL, Opened
from publication.audit.sums import Group, informative
from publication.audit.systems import Equation, bounds
from publication.audit.tables import Tables

TABLE = "fct_equity"
SMALLEST, LARGEST = SMALL[0], SMALL[-1]
MOST = 10**6
LIMITS = {"value_lower_95": "l95", "value_upper_95": "u95"}


@dataclass(frozen=True)
class Fifth:
    """A fifth of an area: its cases as far as they are told, and whether they are hidden."""

    number: int
    cases: Interval
    is_hidden: bool
    expected: Interval


def attack_equity(tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Fifths of deprivation that are opened; gives what was tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    if not tables.has(TABLE, "observed", "deprivation_quintile", "expected", "value"):
        return tried, []
    areas = _areas(tables, cells)
    opened: list[Opened] = []
    # Whether the fifths make up all cases: so they do where none is hidden.
    complete = all(
        left[0] <= 0 <= left[1]
        for fifths, total in areas.values()
        if not any(f.is_hidden for f in fifths) and (left := _left(fifths, total))
    )
    for key, (fifths, total) in areas.items():
        hidden = [fifth for fifth in fifths if fifth.is_hidden]
        name = " ".join(key)
        for fifth in fifths:
            if not fifth.is_hidden and fifth.cases[0] > 0 and fifth.cases[1] <= LARGEST:
                opened.append(Opened("small fifth", TABLE, f"{name} fifth {fifth.number}", ()))
        if not hidden:
            continue
        tried["area less its fifths"] += len(hidden)
        left = _left(fifths, total)
        smallest = min(
            (f.cases[1] for f in fifths if not f.is_hidden and f.cases[0] > LARGEST),
            default=float(MOST),
        )
        for fifth in hidden:
            values = _possible(left, len(hidden), smallest, complete)
            values &= {v for v in SMALL if fifth.cases[0] <= v <= fifth.cases[1]}
            if 0 < len(values) < LEAST_POSSIBLE:
                opened.append(
                    Opened(
                        "area less its fifths", TABLE, f"{name} fifth {fifth.number}",
                        tuple(sorted(values)),
                    )
                )  # fmt: skip
    opened += _of_england(tables, areas, tried)
    return tried, opened


def _areas(tables: Tables, cells: Cells) -> dict[Key, tuple[list[Fifth], Interval]]:
    """Organisations of which a figure has fifths, with their whole number of cases."""
    limits = ", ".join(LIMITS)
    areas: dict[Key, tuple[list[Fifth], Interval]] = {}
    for (
        indicator, code, quarter, fifth, observed, expected, value, lower, upper, gap,
        numerator, index, of_row,
    ) in tables.rows(
        "select parts.indicator_id, parts.area_code, parts.quarter, deprivation_quintile,"
        f" parts.observed, parts.expected, parts.value, {limits}, gap_q1_q5,"
        " facts.numerator, facts.value, facts.expected"
        f" from {TABLE} as parts join fct_indicator_values as facts"
        " on facts.indicator_id = parts.indicator_id and facts.quarter = parts.quarter"
        " and facts.organisation_code = parts.area_code"
        " where parts.area_level = 'organisation' order by all"
    ):  # fmt: skip
        key = (indicator, code, quarter)
        if indicator not in cells.kinds:
            continue
        if key not in areas:
            areas[key] = ([], _total(tables, indicator, numerator, index, of_row))
        areas[key][0].append(
            _fifth(tables, indicator, fifth, observed, expected, value, lower, upper)
        )
        del gap
    return areas


def _total(
    tables: Tables,
    indicator: str,
    numerator: float | None,
    value: float | None,
    expected: float | None,
) -> Interval:
    if numerator is None:
        return 0.0, float(MOST)
    facts = "fct_indicator_values"
    total = around(numerator, tables.half(facts, "numerator", indicator))
    if value is not None and expected is not None:
        told = times(
            around(value, tables.half(facts, "value", indicator)),
            around(expected, tables.half(facts, "expected", indicator)),
        )
        total = meet(total, (told[0] / 100, told[1] / 100))
    return whole(total)


def _fifth(
    tables: Tables,
    indicator: str,
    number: int,
    observed: float | None,
    expected: float | None,
    value: float | None,
    lower: float | None,
    upper: float | None,
) -> Fifth:
    """A fifth with its cases from whatever is shown: themselves, value x expected, limits."""
    cases: Interval = (0.0, float(MOST))
    size: Interval = (0.0, float(MOST))
    if expected is not None:
        size = around(expected, tables.half(TABLE, "expected", indicator))
    if observed is not None:
        cases = around(observed, tables.half(TABLE, "observed", indicator))
    if value is not None and expected is not None:
        told = times(around(value, tables.half(TABLE, "value", indicator)), size)
        cases = meet(cases, (told[0] / 100, told[1] / 100))
    cases = whole((max(0.0, cases[0]), cases[1]))
    half = tables.half(TABLE, "value_lower_95", indicator)
    if cases[1] - cases[0] <= 50:
        fits = [
            count
            for count in range(int(cases[0]), int(cases[1]) + 1)
            if _limits_fit(count, size, value, lower, upper, half)
        ]
        if fits:
            cases = (float(fits[0]), float(fits[-1]))
    return Fifth(number, cases, observed is None, size)


def _limits_fit(
    count: int,
    size: Interval,
    value: float | None,
    lower: float | None,
    upper: float | None,
    half: float,
) -> bool:
    """Whether the limits and the value can be those of a count, for some expected number."""
    left = size
    for printed, function in ((lower, RATIO["l95"]), (upper, RATIO["u95"]), (value, float)):
        if printed is not None:
            limit = around(printed, half)
            events = 100 * function(float(count))
            left = meet(left, over((events - 1e-4, events + 1e-4), (max(0.0, limit[0]), limit[1])))
    return left[0] <= left[1] + 1e-9


def _left(fifths: Sequence[Fifth], total: Interval) -> Interval:
    shown = [fifth for fifth in fifths if not fifth.is_hidden]
    return (
        total[0] - sum(fifth.cases[1] for fifth in shown),
        total[1] - sum(fifth.cases[0] for fifth in shown),
    )


def _possible(left: Interval, hidden: int, smallest: float, complete: bool) -> set[int]:
    """What a hidden fifth may be: the hidden make up what is left, or less if some are nowhere.

    None is larger than the smallest that is shown, and none is nought.
    """
    low = left[0] if complete else float(hidden)
    return {
        value
        for value in SMALL
        if value + (hidden - 1) <= left[1] and value + (hidden - 1) * smallest >= low
    }


def _of_england(
    tables: Tables, areas: dict[Key, tuple[list[Fifth], Interval]], tried: dict[str, int]
) -> Iterable[Opened]:
    """A fifth of England less those of its organisations."""
    statuses = {
        (indicator, code, quarter): status
        for indicator, code, quarter, status in tables.rows(
            "select indicator_id, organisation_code, quarter, publication_status"
            " from fct_indicator_values"
        )
    }
    shown: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for indicator, code, quarter, number, observed in tables.rows(
        "select indicator_id, area_code, quarter, deprivation_quintile, observed"
        f" from {TABLE} where area_level = 'organisation' and observed is not null"
    ):
        if statuses.get((indicator, code, quarter)) in ("published", "caveat"):
            shown[indicator, quarter, number].append(observed)
    hidden: dict[tuple[str, str, int], list[Key]] = defaultdict(list)
    for key, (fifths, _) in areas.items():
        for fifth in fifths:
            if fifth.is_hidden and statuses.get(key) in ("published", "caveat"):
                hidden[key[0], key[2], fifth.number].append(key)
    groups = []
    names: dict[str, tuple[str, str, int]] = {}
    for indicator, quarter, number, total in tables.rows(
        f"select indicator_id, quarter, deprivation_quintile, observed from {TABLE}"
        " where area_level = 'england' and observed is not null"
    ):
        place = (indicator, quarter, number)
        if place not in shown:
            continue
        half = tables.half(TABLE, "observed", indicator)
        name = " ".join(map(str, place))
        names[name] = place
        groups.append(
            Group(
                name,
                total - sum(shown[place]),
                0.0,
                half * (len(shown[place]) + 1),
                tuple(sorted(hidden[place])),
                sum(shown[place]),
            )
        )
    tried["England's fifth less organisations"] += sum(1 for group in groups if group.hidden)
    for group in informative(groups):
        half = tables.half(TABLE, "observed", names[group.name][0])
        width = group.half + half * len(group.hidden)
        equation = Equation(group.hidden, (group.remainder - width, group.remainder + width))
        for key, interval in bounds([equation], lambda _: (1.0, float(MOST)), "n").items():
            low, high = whole(interval)
            values = tuple(v for v in SMALL if low <= v <= high)
            if 0 < len(values) < LEAST_POSSIBLE and high <= LARGEST:
                cell = f"{' '.join(key)} fifth {names[group.name][2]}"
                yield Opened("England's fifth less organisations", TABLE, cell, values)
