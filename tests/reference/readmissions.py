"""Emergency readmissions within 30 days, a balance to shorter stays (Rulebook 5.20)."""

import re
from collections import defaultdict
from collections.abc import Iterable

from reference.clinical import Expected, age_band
from reference.measures import Measure, index
from reference.spells import Spell

MAX_DAYS_AFTER_DISCHARGE = 30
DEAD_OR_LEFT_BY_THEMSELVES = {"2", "4", "5"}
CANCER = "C([0-8][0-9]|9[0-7])"


def is_index(spell: Spell) -> bool:
    """Whether the spell is one after which a return counts."""
    return (
        spell.is_clinical
        and spell.first.class_of_patient in ("1", "2")
        and spell.first.person is not None
        and spell.last.discharge_method not in DEAD_OR_LEFT_BY_THEMSELVES
        and not any(code and re.match(CANCER, code) for code in spell.first.diagnoses)
    )


def readmission_cell(spell: Spell) -> tuple:
    """First letter of the HRG (U without one), age band, sex where known."""
    sex = spell.first.sex if spell.first.sex in (1, 2) else None
    return (spell.hrg or "U")[0], age_band(spell.first.age), sex


def expected_returns(spells: list[Spell], quarter: int, reference: set[str]) -> list[Expected]:
    """The index spells of a cell with a reference: emergency returns, observed and expected."""
    returns = defaultdict(list)
    for spell in spells:
        if spell.is_clinical and spell.group == "emergency" and spell.first.person is not None:
            returns[spell.first.person].append(spell)

    def is_followed(spell: Spell) -> bool:
        return any(
            other is not spell
            and 0 <= (other.first.admission - spell.discharge).days <= MAX_DAYS_AFTER_DISCHARGE
            for other in returns[spell.first.person]
        )

    index_spells = [
        (spell, readmission_cell(spell), is_followed(spell))
        for spell in spells
        if spell.quarter == quarter and is_index(spell)
    ]
    in_reference = defaultdict(list)
    for spell, cell, followed in index_spells:
        if spell.organisation in reference:
            in_reference[cell].append(followed)
    rates = {cell: sum(found) / len(found) for cell, found in in_reference.items()}
    return [
        Expected(spell, followed, rates[cell])
        for spell, cell, followed in index_spells
        if cell in rates
    ]


def emergency_readmissions(
    spells: list[Spell], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV20 of each member: index spells with a return, standardised by HRG letter, age, sex."""
    own = defaultdict(list)
    for one in expected_returns(spells, quarter, reference):
        own[one.spell.organisation].append(one)
    return {
        member: index(
            sum(one.observed for one in own[member]),
            sum((one.expected for one in own[member]), 0.0),
            len(own[member]),
        )
        for member in members
    }
