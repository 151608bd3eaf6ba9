"""The clinical indicators: length of stay, pre-operative days, day cases.

Rulebook 5.1, 5.2 and 5.3.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from statistics import variance

from reference.measures import Measure, index, ratio
from reference.seeds import bed_day_price, procedure_group, trim_points
from reference.spells import Spell

MIN_STAYS_IN_A_CELL = 20
MIN_OPERATIONS_IN_A_CELL = 50
MAX_PREOPERATIVE_DAYS = 10

TRIM_POINTS = trim_points()
DAY_CASE_BASKET = procedure_group("day_case_basket")
NO_OPERATION = "|".join(row["opcs_regex"] for row in procedure_group("non_operation"))


def ordinary_spells(spells: Iterable[Spell], quarter: int) -> list[Spell]:
    """The population of 01: ordinary clinical spells discharged in the quarter."""
    return [s for s in spells if s.quarter == quarter and s.is_clinical and s.is_ordinary]


def age_band(age: int | None) -> str:
    """The age band of a fallback cell (Rulebook 5.1)."""
    if age is None:
        return "unknown"
    return "0-17" if age < 18 else "18-64" if age < 65 else "65-79" if age < 80 else "80+"


def stay_cell(spell: Spell) -> tuple:
    """HRG version, HRG, group; or the fallback cell where there is no usable HRG (Rulebook 5.1)."""
    hrg = spell.hrg
    if hrg is None or hrg.startswith("U"):
        letter = (spell.first.diagnoses[0] or "")[:1]
        letter = letter if re.fullmatch("[A-Z]", letter) else None
        return "fallback", letter, spell.group, age_band(spell.first.age)
    return "4" if spell.dominant.hrg else "3.5", hrg, spell.group


def is_fallback(cell: tuple) -> bool:
    """Whether a cell of stays is without an HRG."""
    return cell[0] == "fallback"


def capped_stay(spell: Spell) -> float:
    """Days of stay up to the trim point of the HRG and group, where there is one (Rulebook 5.1)."""
    return min(spell.days, TRIM_POINTS.get(stay_cell(spell), spell.days))


def is_operation(spell: Spell) -> bool:
    """Whether the first procedure of the dominant episode is an operation (Rulebook 5.2)."""
    procedure = spell.dominant.procedures[0]
    return (
        procedure not in (None, "-", "&")
        and not re.match("X99[789]", procedure)
        and not re.search(NO_OPERATION, procedure)
    )


@dataclass(frozen=True, eq=False)
class Expected:
    """A spell with what is counted of it, and mean and variance of its cell over the reference."""

    spell: Spell
    observed: float
    expected: float
    variance: float = 0.0


def stays(spells: Iterable[Spell], quarter: int, reference: set[str]) -> list[Expected]:
    """The stays of 01 that have a reference, with their capped days."""
    return _expected(
        ordinary_spells(spells, quarter),
        reference,
        amount=capped_stay,
        cell=stay_cell,
        collapsed=lambda c: c if is_fallback(c) else ("collapsed", c[0], c[1][0], c[2]),
        minimum=MIN_STAYS_IN_A_CELL,
    )


def operations(spells: Iterable[Spell], quarter: int, reference: set[str]) -> list[Expected]:
    """The spells of 02 that have a reference, with their capped pre-operative days."""
    valid = [
        spell
        for spell in ordinary_spells(spells, quarter)
        if is_operation(spell) and spell.preoperative_days is not None
    ]
    return _expected(
        valid,
        reference,
        amount=lambda spell: min(MAX_PREOPERATIVE_DAYS, spell.preoperative_days),
        cell=lambda spell: (spell.dominant.procedures[0][:3], spell.group),
        collapsed=lambda c: (c[0][0], c[1]),
        minimum=MIN_OPERATIONS_IN_A_CELL,
    )


def length_of_stay(
    spells: list[Spell], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV01 of each member: capped bed days, standardised by HRG and admission group."""
    return _indices(stays(spells, quarter, reference), members, bed_day_price(quarter))


def preoperative_days(
    spells: list[Spell], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV02 of each member: capped pre-operative days, standardised by procedure and group."""
    return _indices(operations(spells, quarter, reference), members, bed_day_price(quarter))


def collapse(
    spells: Iterable[Spell],
    reference: set[str],
    cell: Callable[[Spell], tuple],
    collapsed: Callable[[tuple], tuple],
    minimum: int,
) -> Callable[[Spell], tuple]:
    """The cell of a spell, collapsed where it has under minimum reference spells (Rulebook 5.1)."""
    n_reference = Counter(cell(spell) for spell in spells if spell.organisation in reference)

    def final(spell: Spell) -> tuple:
        fine = cell(spell)
        return fine if n_reference[fine] >= minimum else collapsed(fine)

    return final


def _expected(
    spells: list[Spell],
    reference: set[str],
    *,
    amount: Callable[[Spell], float],
    cell: Callable[[Spell], tuple],
    collapsed: Callable[[tuple], tuple],
    minimum: int,
) -> list[Expected]:
    """The spells with amounts observed and expected, without those of a cell without reference.

    A collapsed cell has the mean of the collapsed spells alone (Rulebook 5.1).
    """
    cell = collapse(spells, reference, cell, collapsed, minimum)
    in_reference = defaultdict(list)
    for spell in spells:
        if spell.organisation in reference:
            in_reference[cell(spell)].append(amount(spell))
    means = {c: sum(amounts) / len(amounts) for c, amounts in in_reference.items()}
    variances = {c: _variance(amounts) for c, amounts in in_reference.items()}
    return [
        Expected(spell, amount(spell), means[cell(spell)], variances[cell(spell)])
        for spell in spells
        if cell(spell) in means
    ]


def _variance(amounts: list[float]) -> float:
    """The sample variance, 0 of fewer than two (Rulebook 9.2)."""
    return float(variance(amounts)) if len(amounts) > 1 else 0.0


def _indices(
    spells: Iterable[Expected], members: Iterable[str], price: float
) -> dict[str, Measure]:
    own = defaultdict(list)
    for one in spells:
        own[one.spell.organisation].append(one)
    return {
        member: replace(
            index(
                observed=float(sum(one.observed for one in own[member])),
                expected=sum((one.expected for one in own[member]), 0.0),
                denominator=len(own[member]),
                price=price,
            ),
            expected_variance=sum((one.variance for one in own[member]), 0.0),
        )
        for member in members
    }


def procedure_in_group(spell: Spell, group: list[dict[str, str | None]]) -> str | None:
    """The first procedure of a group that the spell matches (Rulebook 5.21)."""
    for definition in group:
        if _matches(spell, definition):
            return definition["procedure_id"]
    return None


def _matches(spell: Spell, definition: dict[str, str | None]) -> bool:
    def has(codes: Iterable[str | None], column: str) -> bool:
        return any(code and re.search(definition[column], code) for code in codes)

    def given(column: str) -> bool:
        return definition[column] is not None

    main, *others = spell.dominant.procedures
    diagnoses, age = spell.dominant.diagnoses, spell.first.age
    return (
        has([main], "opcs_regex")
        and (not given("secondary_opcs_regex") or has(others, "secondary_opcs_regex"))
        and (not given("diagnosis_include_regex") or has(diagnoses, "diagnosis_include_regex"))
        and not (given("diagnosis_exclude_regex") and has(diagnoses, "diagnosis_exclude_regex"))
        and (not given("min_age") or (age is not None and age >= int(definition["min_age"])))
        and (not given("max_age") or (age is not None and age <= int(definition["max_age"])))
    )


def basket_spells(spells: Iterable[Spell], quarter: int) -> list[tuple[Spell, str]]:
    """The elective spells of the basket, in a bed by day or night, with their procedure."""
    return [
        (spell, procedure)
        for spell in spells
        if spell.quarter == quarter
        and spell.is_clinical
        and spell.group == "elective"
        and spell.first.class_of_patient in ("1", "2")
        for procedure in [procedure_in_group(spell, DAY_CASE_BASKET)]
        if procedure is not None
    ]


def expected_day_cases(
    spells: Iterable[Spell], quarter: int, reference: set[str]
) -> list[Expected]:
    """The spells of 03 whose procedure has a reference: day cases, observed and expected."""
    basket = basket_spells(spells, quarter)
    in_reference = defaultdict(list)
    for spell, procedure in basket:
        if spell.organisation in reference:
            in_reference[procedure].append(is_day_case(spell))
    rates = {procedure: sum(found) / len(found) for procedure, found in in_reference.items()}
    return [
        Expected(spell, is_day_case(spell), rates[procedure])
        for spell, procedure in basket
        if procedure in rates
    ]


def is_day_case(spell: Spell) -> bool:
    """Whether a spell of the basket came and went by day."""
    return spell.first.class_of_patient == "2"


def day_cases(
    spells: list[Spell], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV03 of each member: day cases in the basket, standardised by procedure."""
    day, inpatient = defaultdict(list), defaultdict(list)
    for spell, procedure in basket_spells(spells, quarter):
        kind = day if is_day_case(spell) else inpatient
        kind[spell.organisation].append((procedure, spell.days))
    n_day = Counter(procedure for code in reference for procedure, _ in day[code])
    reference_stays = defaultdict(list)
    for code in reference:
        for procedure, days in inpatient[code]:
            reference_stays[procedure].append(days)
    n_all = {
        procedure: n_day[procedure] + len(reference_stays[procedure])
        for procedure in {*n_day, *reference_stays}
    }
    rates = {procedure: n_day[procedure] / n for procedure, n in n_all.items()}
    overall = ratio(n_day.total(), sum(n_all.values()))
    stays = {
        procedure: sum(days) / len(days) for procedure, days in reference_stays.items() if days
    }
    return {
        member: _day_case_rate(
            [procedure for procedure, _ in day[member] if procedure in rates],
            [procedure for procedure, _ in inpatient[member] if procedure in rates],
            rates,
            overall,
            bed_day_price(quarter) * _mean_stay([p for p, _ in inpatient[member]], stays),
        )
        for member in members
    }


def _mean_stay(inpatient: list[str], stays: dict[str, float]) -> float:
    """Bed days that a day case in place of an inpatient stay frees, at least one (Rulebook 5.3)."""
    known = [stays[procedure] for procedure in inpatient if procedure in stays]
    return max(1.0, sum(known) / len(known)) if known else 1.0


def _day_case_rate(
    day: list[str],
    inpatient: list[str],
    rates: dict[str, float],
    overall: float | None,
    price: float,
) -> Measure:
    expected = sum((rates[procedure] for procedure in day + inpatient), 0.0)
    relative = ratio(len(day), expected)
    return Measure(
        numerator=len(day),
        denominator=len(day) + len(inpatient),
        expected=expected,
        crude=ratio(len(day), len(day) + len(inpatient)),
        value=None if relative is None else relative * overall,
        volume=expected / overall if overall else None,
        most_units=len(inpatient),
        price=price,
        reference_rate=overall,
    )
