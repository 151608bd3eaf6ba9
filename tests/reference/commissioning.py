"""What PCTs pay for: operations, emergency admissions, referrals (Rulebook 5.4, 5.5 and 5.6)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reference.appointments import Appointment
from reference.clinical import procedure_in_group
from reference.episodes import Episode
from reference.measures import Measure, index, mean
from reference.organisations import Register
from reference.outpatients import cost_of_appointment
from reference.population import Stratum, stratum
from reference.seeds import hrg_costs, outpatient_costs, procedure_group, read_seed
from reference.spells import Spell

SURGICAL_THRESHOLDS = procedure_group("surgical_threshold")
ACSC_CONDITIONS = read_seed("acsc_conditions")
STAFF_COUNTED_AS_CONSULTANTS = {None, "1", "2", "8", "9", "99"}


@dataclass(frozen=True)
class Case:
    """A spell or appointment of a patient of known stratum that a PCT pays for.

    item is the operation, condition or treatment function, provider mapped for the quarter.
    """

    pct: str
    stratum: Stratum
    cost: float | None
    item: str | None
    provider: str
    practice: str | None


def operations(spells: list[Spell], register: Register, quarter: int) -> list[Case]:
    """The cases of 04: elective spells of the procedures of the surgical thresholds."""
    costs = hrg_costs(quarter)
    priced = [
        (
            spell.first,
            costs.get((spell.hrg, "DC" if spell.first.class_of_patient == "2" else "EL")),
            procedure,
            register.mapped(spell.last.provider, quarter),
        )
        for spell in _admitted(spells, "elective", quarter)
        for procedure in [procedure_in_group(spell, SURGICAL_THRESHOLDS)]
        if procedure is not None
    ]
    return _cases(priced, register, quarter)


def emergencies(spells: list[Spell], register: Register, quarter: int) -> list[Case]:
    """The cases of 05: emergency spells with an ambulatory care sensitive condition."""
    costs = hrg_costs(quarter)
    priced = [
        (
            spell.first,
            costs.get((spell.hrg, "NEL")),
            condition_of(found),
            register.mapped(spell.last.provider, quarter),
        )
        for spell in _admitted(spells, "emergency", quarter)
        for found in [condition(spell.first)]
        if found is not None
    ]
    return _cases(priced, register, quarter)


def referrals(appointments: list[Appointment], register: Register, quarter: int) -> list[Case]:
    """The cases of 06: attended first appointments referred by a GP."""
    costs = outpatient_costs(quarter)
    priced = [
        (
            appointment,
            cost_of_appointment(appointment, costs),
            appointment.specialty or "none",
            register.mapped(appointment.provider, quarter),
        )
        for appointment in appointments
        if appointment.quarter == quarter
        and appointment.is_attended
        and appointment.kind == "first"
        and appointment.referral == "03"
        and not appointment.is_private
        and not appointment.is_of_specialty(501, 560)
        and appointment.staff_type in STAFF_COUNTED_AS_CONSULTANTS
    ]
    return _cases(priced, register, quarter)


def _admitted(spells: list[Spell], group: str, quarter: int) -> list[Spell]:
    """Clinical spells admitted in the quarter, but those of regular attenders.

    Rulebook 3.7, 3.8.
    """
    return [
        spell
        for spell in spells
        if spell.quarter_of_admission == quarter
        and spell.is_clinical
        and spell.group == group
        and not spell.is_regular
    ]


def _cases(
    priced: list[tuple[Episode | Appointment, float | None, str | None, str]],
    register: Register,
    quarter: int,
) -> list[Case]:
    """Those of a known PCT and stratum (Rulebook 2.4, 3.6)."""
    return [
        Case(register.mapped(record.pct, quarter), cell, cost, item, provider, record.practice)
        for record, cost, item, provider in priced
        for cell in [stratum(record.age, record.sex, record.deprivation)]
        if record.pct is not None and cell is not None
    ]


def condition(episode: Episode) -> str | None:
    """The first ambulatory care sensitive condition that the episode matches (Rulebook 5.5)."""
    for row in ACSC_CONDITIONS:
        diagnoses = episode.diagnoses[:1] if row["position"] == "primary" else episode.diagnoses
        if _any_matches(diagnoses, row["include_regex"]) and not _is_excluded(episode, row):
            return row["condition_id"]
    return None


def condition_of(definition: str) -> str:
    """The condition of one of its definitions: C4a and C4b are two ways to be C4."""
    return definition.rstrip("ab")


def _is_excluded(episode: Episode, row: dict[str, str | None]) -> bool:
    """Whether the exclusion of a condition takes the episode out (Rulebook 5.22)."""
    rule, pattern = row["exclude_rule"], row["exclude_regex"]
    secondary = episode.diagnoses[1:]
    return (
        (rule == "secondary_diagnosis" and _any_matches(secondary, pattern))
        or (rule == "any_procedure" and _any_matches(episode.procedures, pattern))
        or (rule == "primary_procedure" and _any_matches(episode.procedures[:1], pattern))
        or (rule == "requires_secondary_diagnosis" and not _any_matches(secondary, pattern))
    )


def _any_matches(codes: Iterable[str | None], pattern: str) -> bool:
    return any(code and re.search(pattern, code) for code in codes)


def by_population(
    cases: list[Case],
    populations: dict[str, Counter[Stratum]],
    members: Iterable[str],
    reference: set[str],
) -> dict[str, Measure]:
    """BCBV04, 05 or 06 of each member: cases, standardised by age, sex and deprivation.

    The rates of 04's procedures have the same population, so that their sum is the rate of all.
    """
    own = defaultdict(list)
    for case in cases:
        own[case.pct].append(case)
    n_reference = Counter(case.stratum for code in reference for case in own[code])
    people = Counter()
    for code in reference:
        people.update(populations.get(code, {}))
    rates = {cell: n / people[cell] for cell, n in n_reference.items() if people[cell]}
    reference_price = mean(case.cost for code in reference for case in own[code])
    measures = {}
    for member in members:
        observed, population = len(own[member]), populations.get(member)
        price = mean(case.cost for case in own[member])
        price = reference_price if price is None else price
        if population is None:
            measures[member] = Measure(observed, None, crude=None, value=None, price=price)
        else:
            expected = sum((population[cell] * rate for cell, rate in rates.items()), 0.0)
            measures[member] = index(observed, expected, sum(population.values()), price)
    return measures
