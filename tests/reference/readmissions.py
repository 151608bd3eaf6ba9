"""Emergency readmissions within 30 days, a balance to shorter stays (Rulebook 5.20)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from reference.clinical import age_band
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


def emergency_readmissions(
    spells: list[Spell], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV20 of each member: index spells with a return, standardised by HRG letter, age, sex."""
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

    own = defaultdict(list)
    for spell in spells:
        if spell.quarter == quarter and is_index(spell):
            own[spell.organisation].append((readmission_cell(spell), is_followed(spell)))
    n_index = Counter(cell for code in reference for cell, _ in own[code])
    n_followed = Counter(cell for code in reference for cell, followed in own[code] if followed)
    measures = {}
    for member in members:
        counted = [(cell, followed) for cell, followed in own[member] if cell in n_index]
        expected = sum((n_followed[cell] / n_index[cell] for cell, _ in counted), 0.0)
        measures[member] = index(sum(f for _, f in counted), expected, len(counted))
    return measures
