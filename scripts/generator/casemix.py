"""What patients are treated for: the case types and the HRGs, procedures and diagnoses of each.

case_types.csv has one row a case type. Its columns: `admission` (elective, emergency, maternity,
birth, regular, transfer); `spells_thousand` a year in England, of the size counted in 2006;
`hrg_roots` (first four characters; the codes come from the seed); `specialty`, main specialty and
treatment function; `ages`, a profile below; `female_share`; `day_case_rate` of elective spells;
`stay_days`, mean stay of ordinary spells; `operated_share` of spells with one of `operations`
(code:weight); `further_operation` always beside it; `diagnoses` (code:weight) and a
`secondary_diagnosis` always beside them; `death_share`; `specialist`, the kind of specialist trust
that treats it too; `groups`: basket (day-case basket), threshold (surgical threshold), acsc
(ambulatory care sensitive).
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from generator.england import AGE_BANDS, ReferenceMissing, read_seed
from generator.randomness import WeightedLists

CASE_TYPES = Path(__file__).with_name("case_types.csv")

# Relative risk by age band (0-4, 5-9, ... 80-84, 85+); only the shape counts.
AGE_PROFILES = {
    "newborn": [1] + [0] * 17,
    "infant": [1, 0.03] + [0] * 16,
    "child": [5, 2.5, 1.6] + [0] * 15,
    "school": [2.5, 6, 3, 4, 3, 1.5, 1, 0.6, 0.4, 0.2, 0.1] + [0] * 7,
    "young": [1, 1.5, 1.6, 2.6, 2.8, 2.4, 2, 1.8, 1.6, 1.3, 1, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
    "fertile": [0, 0, 0, 1.6, 3.2, 3.8, 3.4, 2, 0.6, 0.1] + [0] * 8,
    "gynae": [0, 0, 0, 0.2, 0.5, 1, 1.8, 2.6, 3.4, 3.6, 3, 2, 1.5, 1.3, 1.1, 0.9, 0.6, 0.3],
    "adult": [0, 0, 0, 0.6, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6, 2.7, 2.7, 2.5, 2, 1.4],
    "middle": [0, 0, 0, 0.2, 0.4, 0.6, 0.9, 1.3, 1.8, 2.3, 2.8, 3.2, 3.4, 3.3, 3, 2.4, 1.6, 0.9],
    "older": [0, 0, 0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8, 2.6, 3.4, 4.4, 5.2, 5.6, 5.4, 4.6, 3.4],
    "old": [0, 0, 0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.9, 2.9, 4.3, 6, 7.6, 8.6, 8.6, 8],
    "elderly": [0, 0, 0, 0.05, 0.1, 0.1, 0.2, 0.3, 0.5, 0.7, 1.1, 1.8, 3, 5, 8.5, 14, 21, 32],
    "general": [3, 1, 0.8, 1, 1.2, 1.1, 1.1, 1.1, 1.1, 1.1, 1.2, 1.4, 1.7, 2.1, 2.8, 3.7, 4.8, 6.2],
}
CHILD_PROFILES = ("newborn", "infant", "child")
ALL_AGES_PROFILES = ("school", "young", "general")
# How the labels of HRGs say that they are for one age group only.
CHILD_LABEL = r"18 years and under|12 years and under|between \d"
ADULT_LABEL = r"19 years and over|13 years and over"
NO_LABEL = r"^$"

# Risk from the most deprived quintile to the least, by kind of admission.
DEPRIVATION_RISK = {
    "elective": [1.06, 1.02, 1.00, 0.97, 0.95],
    "emergency": [1.42, 1.15, 0.95, 0.80, 0.68],
    "maternity": [1.30, 1.10, 0.95, 0.85, 0.80],
    "birth": [1.30, 1.10, 0.95, 0.85, 0.80],
    "regular": [1.15, 1.05, 1.00, 0.92, 0.88],
    "transfer": [1.20, 1.05, 1.00, 0.90, 0.85],
}

# HRGs of one case type differ in stay as a power of their trim points: the trim point of a rare
# complex HRG exaggerates how much longer its patients stay on average.
TRIM_EXPONENT = 0.6

# HRGs used of each root, two at the most, since more would leave most cells of HRG x admission
# group nearly empty: place from the most complex (0) to the simplest (1), and weight. Elective
# patients are mostly simple cases. The simplest HRGs of emergencies are of today's stays under two
# days, where those of 2006 lasted a week: set so that an emergency admission for one of the
# ambulatory care sensitive conditions costs about £2,200 (Rulebook 5.5: £2,000 to £2,400).
PLANNED_HRGS = ((0.45, 1), (1.0, 2))
EMERGENCY_HRGS = ((0.05, 1), (0.45, 1))

SPECIALIST_KINDS = {
    "RAN": "orthopaedic", "RBB": "orthopaedic", "RBF": "orthopaedic", "RL1": "orthopaedic",
    "RRJ": "orthopaedic", "RBQ": "heart", "RGM": "heart", "RT3": "heart", "RBV": "cancer",
    "REN": "cancer", "RPY": "cancer", "RBS": "child", "RCU": "child", "RP4": "child",
    "RQ3": "child", "REP": "women", "RLU": "women", "RP6": "eye",
    # Neurosurgery and burns: the nearest of the kinds.
    "RET": "orthopaedic", "RPC": "eye",
}  # fmt: skip


def age_group(profile: str) -> str:
    """child, adult, or all for the profiles that have both."""
    if profile in ALL_AGES_PROFILES:
        return "all"
    return "child" if profile in CHILD_PROFILES else "adult"


def _weights(text: str) -> dict[str, float]:
    """'J459:8 J46X:1' as weights by code; a code without a weight has 1."""
    pairs = (item.partition(":") for item in text.split())
    return {code: float(weight or 1) for code, _, weight in pairs}


class Casemix:
    """The case types, as arrays by position, with the codes that each may have."""

    def __init__(self) -> None:
        """Read the case types; raises ReferenceMissing if the seed hrgs lacks a root."""
        self.table = pd.read_csv(CASE_TYPES, dtype=str, keep_default_na=False)
        numbers = [
            "spells_thousand", "female_share", "day_case_rate", "stay_days", "operated_share",
            "death_share",
        ]  # fmt: skip
        self.table[numbers] = self.table[numbers].astype(float)
        seed = read_seed("hrgs")
        self._hrgs = seed[seed["version"] == "4"].set_index("hrg_code").sort_index()
        lists = [self._hrg_weights(case) for case in self.table.itertuples()]
        self.hrgs = WeightedLists(lists)
        self.operations = WeightedLists([_weights(text) for text in self.table["operations"]])
        self.diagnoses = WeightedLists([_weights(text) for text in self.table["diagnoses"]])
        # By position in hrgs.items, like the items themselves.
        self.hrg_stay_factor = np.concatenate([self._stay_factors(weights) for weights in lists])

    def _hrg_weights(self, case: Any) -> dict[str, float]:
        """HRGs of a case type, all roots alike."""
        places = EMERGENCY_HRGS if case.admission == "emergency" else PLANNED_HRGS
        total = sum(weight for _, weight in places)
        weights: dict[str, float] = {}
        for root in case.hrg_roots.split():
            codes = self._codes_of(root, case.ages)
            for place, weight in places:
                code = codes[round(place * (len(codes) - 1))]
                weights[code] = weights.get(code, 0) + weight / total
        return weights

    def _codes_of(self, root: str, ages: str) -> list[str]:
        """The HRGs of a root, from the most complex to the simplest, for patients of the ages."""
        hrgs = self._hrgs[self._hrgs.index.str.startswith(root)]
        if hrgs.empty:
            raise ReferenceMissing(f"seed hrgs: no version 4 code starts with {root}")
        unwanted = {"child": ADULT_LABEL, "adult": CHILD_LABEL}.get(age_group(ages), NO_LABEL)
        for usable in (~hrgs["label"].str.contains(unwanted), hrgs["trim_elective"] != ""):
            hrgs = hrgs[usable.reindex(hrgs.index)] if usable.reindex(hrgs.index).any() else hrgs
        return list(hrgs.index)

    def _stay_factors(self, weights: dict[str, float]) -> np.ndarray:
        """How the mean stay of each HRG compares with the mean of its case type."""
        trims = self._hrgs["trim_elective"].reindex(list(weights))
        trims = pd.to_numeric(trims).to_numpy(float)
        typical = np.nanmean(trims) if np.isfinite(trims).any() else 1.0
        relative = np.where(np.isfinite(trims), trims, typical) / typical
        factors = relative**TRIM_EXPONENT
        return factors / np.average(factors, weights=list(weights.values()))

    def positions(self, column: str, *values: str) -> np.ndarray:
        """Which case types have one of the values in a column."""
        return self.table[column].isin(values).to_numpy()

    def in_group(self, group: str) -> np.ndarray:
        """Which case types are in a group: basket, threshold or acsc."""
        return self.table["groups"].str.split().map(lambda groups: group in groups).to_numpy()

    @cached_property
    def risk_by_cell(self) -> np.ndarray:
        """Relative risk by case type, age band, sex (male, female) and deprivation quintile."""
        age = np.array([AGE_PROFILES[profile] for profile in self.table["ages"]], dtype=float)
        assert age.shape[1] == len(AGE_BANDS)
        female = self.table["female_share"].to_numpy()
        sex = np.column_stack([1 - female, female])
        deprivation = np.array([DEPRIVATION_RISK[kind] for kind in self.table["admission"]])
        return np.einsum("ka,ks,kq->kasq", age, sex, deprivation).reshape(len(age), -1)
