"""Indicators by the deprivation of the patients (Rulebook 9.18)."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from reference import clinical, readmissions
from reference.clinical import Expected
from reference.commissioning import Case
from reference.intervals import LEVELS, Limits, count_limits, wilson, z
from reference.population import Stratum
from reference.seeds import parameter
from reference.spells import Spell

# The most deprived first.
QUINTILES = (1, 2, 3, 4, 5)
COUNTED = ("published", "caveat")
# Of England alone, against what their casemix makes expect.
BY_CASEMIX = {
    "BCBV01": clinical.stays,
    "BCBV02": clinical.operations,
    "BCBV03": clinical.expected_day_cases,
    "BCBV20": readmissions.expected_returns,
}
BY_POPULATION = ("BCBV04", "BCBV05", "BCBV06")
ENGLAND = ("england", "england")


def of_population(
    rows: list[dict],
    cases: Iterable[Case],
    populations: dict[str, Counter[Stratum]],
    reference: set[str],
) -> Iterator[dict]:
    """Rows of 04, 05 or 06 of a quarter: PCTs, and England, against rates by age and sex alone.

    rows are the indicator's of the quarter in fct_indicator_values.
    """
    n_cases, n_reference, people = defaultdict(Counter), Counter(), Counter()
    for case in cases:
        band, sex, quintile = case.stratum
        n_cases[case.pct][quintile] += 1
        if case.pct in reference:
            n_reference[band, sex] += 1
    for code in reference:
        for (band, sex, quintile), n in populations.get(code, {}).items():
            if quintile in QUINTILES:
                people[band, sex] += n
    rates = {cell: n / people[cell] for cell, n in n_reference.items() if people[cell]}
    observed, expected = Counter(), Counter()
    counted = [row for row in rows if row["publication_status"] in COUNTED]
    for row in rows:
        if row["value"] is None:
            continue
        code = row["organisation_code"]
        of_pct = Counter()
        for (band, sex, quintile), n in populations.get(code, {}).items():
            of_pct[quintile] += n * rates.get((band, sex), 0.0)
        yield from _rows(row, ("organisation", code), n_cases[code], of_pct)
        if row in counted:
            observed.update(n_cases[code])
            expected.update(of_pct)
    if counted:
        yield from _rows(counted[0], ENGLAND, observed, expected)


def of_casemix(
    indicator_id: str, rows: list[dict], spells: list[Spell], quarter: int, reference: set[str]
) -> Iterator[dict]:
    """England's rows of 01, 02, 03 or 20 of a quarter; rows as above."""
    counted = {
        row["organisation_code"]: row for row in rows if row["publication_status"] in COUNTED
    }
    if not counted:
        return
    own = defaultdict(list)
    for one in BY_CASEMIX[indicator_id](spells, quarter, reference):
        if one.spell.organisation in counted:
            own[one.spell.first.deprivation].append(one)
    observed = {quintile: sum(one.observed for one in own[quintile]) for quintile in QUINTILES}
    expected = {quintile: sum(one.expected for one in own[quintile]) for quintile in QUINTILES}
    yield from _rows(next(iter(counted.values())), ENGLAND, observed, expected, own)


def _rows(
    row: dict,
    area: tuple[str, str],
    observed: dict[int, float],
    expected: dict[int, float],
    spells: dict[int, list[Expected]] | None = None,
) -> Iterator[dict]:
    """The five rows of an area."""
    values = {
        quintile: 100 * observed[quintile] / expected[quintile]
        if expected[quintile] >= parameter("equity_min_expected")
        else None
        for quintile in QUINTILES
    }
    ends = values[1], values[5]
    for quintile in QUINTILES:
        found = None
        if values[quintile] is not None:
            own = None if spells is None else spells[quintile]
            found = _limits(row["indicator_id"], observed[quintile], expected[quintile], own)
        yield {
            "indicator_id": row["indicator_id"],
            "area_level": area[0],
            "area_code": area[1],
            "quarter": row["quarter"],
            "deprivation_quintile": quintile,
            "observed": float(observed[quintile]),
            "expected": float(expected[quintile]),
            "value": values[quintile],
            **{
                f"value_{side}_{level}": None if found is None else found[level][end]
                for level in LEVELS
                for end, side in enumerate(("lower", "upper"))
            },
            "gap_q1_q5": None if None in ends else ends[0] - ends[1],
        }


def _limits(
    indicator_id: str, observed: float, expected: float, spells: list[Expected] | None
) -> dict[str, Limits] | None:
    """Limits of 100 times observed over expected; spells are those of the quintile."""
    if indicator_id in ("BCBV01", "BCBV02"):
        if observed == 0:
            return None
        relative = observed / expected
        error = math.sqrt(sum(one.variance for one in spells)) / expected
        found = {
            level: tuple(
                relative * math.exp(sign * z(level) * error / relative) for sign in (-1, 1)
            )
            for level in LEVELS
        }
        factor = 100.0
    elif indicator_id == "BCBV03":
        found = {level: wilson(observed, len(spells), level) for level in LEVELS}
        factor = 100 * len(spells) / expected
    else:
        found = {level: count_limits(observed, level) for level in LEVELS}
        factor = 100 / expected
    return {level: (factor * low, factor * high) for level, (low, high) in found.items()}
