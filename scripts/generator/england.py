"""The England that the extracts describe: real organisation codes, made-up people and sizes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from generator.quarters import OPENING_QUARTER, Quarter
from generator.randomness import normal_scores, stream

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"

TRUST_TYPES = ("acute", "acute_ft", "acute_specialist")

AGE_BANDS = [f"{age}-{age + 4}" for age in range(0, 85, 5)] + ["85+"]
# Persons by age band, million, England mid-2006 (rounded; shape matters, not the third digit).
AGE_BAND_MILLION = np.array(
    [3.0, 2.9, 3.1, 3.3, 3.4, 3.3, 3.5, 3.9, 3.9, 3.4, 3.1, 3.3, 2.6, 2.2, 2.0, 1.6, 1.3, 1.1]
)
# Women outlive men; boys are born more often.
FEMALE_SHARE = np.array(
    [0.49] * 5 + [0.50] * 6 + [0.51, 0.51, 0.52, 0.54, 0.57, 0.62, 0.70],
)
QUINTILES = 5
# A cell is an age band x sex x deprivation quintile.
CELLS = len(AGE_BANDS) * 2 * QUINTILES
CELL_AGE_BAND = np.repeat(np.arange(len(AGE_BANDS)), 2 * QUINTILES)
CELL_SEX = np.tile(np.repeat([1, 2], QUINTILES), len(AGE_BANDS))
CELL_QUINTILE = np.tile(np.arange(1, QUINTILES + 1), 2 * len(AGE_BANDS))


@dataclass(frozen=True)
class EnglandParameters:
    """Sizes and spreads of organisations and people."""

    # England in mid-2006.
    population: float = 50.8e6
    # Spread of the logarithm of PCT populations: 152 PCTs of about 100,000 to a million.
    pct_size_sd: float = 0.45
    # Spread of the logarithm of general trusts' sizes within an authority: the largest are about
    # twice the mean.
    trust_size_sd: float = 0.25
    # Specialist trusts, as a share of the mean general trust.
    specialist_size: float = 0.35
    # Spread between PCTs of the age slope: retirement areas against student towns.
    pct_age_tilt_sd: float = 0.15
    # Spread between PCTs of deprivation, on the logarithm of a quintile's share per quintile.
    pct_deprivation_sd: float = 0.40
    # How unevenly a PCT's patients fall on the trusts of its authority: two to four main ones.
    catchment_spread: float = 1.6
    # Share of a PCT's patients whom it sends outside its authority.
    outside_share: float = 0.03
    # The trust with the largest opportunity of all was University Hospitals of Leicester (RWE).
    size_factors: tuple[tuple[str, float], ...] = (("RWE", 2.2),)
    # Yearly growth of the population.
    population_growth: float = 0.006


PARAMETERS = EnglandParameters()


class ReferenceMissing(Exception):
    """A reference seed that the generator needs is missing or lacks what is needed."""


def read_seed(name: str) -> pd.DataFrame:
    """A reference seed as text, empty for null; raises ReferenceMissing where there is none."""
    path = REFERENCE / f"{name}.csv"
    if not path.is_file():
        raise ReferenceMissing(f"{path}: no such seed")
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


class England:
    """Organisations open in 2006-07 Q1, their people and their flows of patients, for one seed.

    Sizes and effects belong to the organisations of that quarter; later quarters submit them
    under the code that succeeded them. `scale` 1 is England. Some organisations record badly, as
    some did; where `records_well` none does, and what does not concern them stays as it is.
    """

    def __init__(
        self,
        seed: int,
        scale: float,
        parameters: EnglandParameters = PARAMETERS,
        *,
        records_well: bool = False,
    ):
        """Read the organisations and draw their sizes."""
        self.seed, self.scale, self.parameters = seed, scale, parameters
        self.records_well = records_well
        organisations = read_seed("organisations").set_index("org_code").sort_index()
        self._close_dates = organisations["close_date"]
        merged = read_seed("successions")
        self._successions = {
            row.old_code: (row.new_code, row.effective_date) for row in merged.itertuples()
        }
        is_open = [self._is_open(row, OPENING_QUARTER) for row in organisations.itertuples()]
        opened = organisations[is_open]
        self.trusts = opened[opened["org_type"].isin(TRUST_TYPES)]
        self.pcts = opened[opened["org_type"] == "pct"]
        if self.trusts.empty or self.pcts.empty:
            raise ReferenceMissing(
                f"{REFERENCE / 'organisations.csv'}: no acute trust or no PCT is open in 2006-07 Q1"
            )

    def _is_open(self, organisation: Any, quarter: Quarter) -> bool:
        """Whether an organisation has opened, and neither closed nor been succeeded."""
        first, last = str(quarter.first_day), str(quarter.last_day)
        opened = not organisation.open_date or organisation.open_date <= last
        closed = organisation.close_date and organisation.close_date < first
        _, succeeded = self._successions.get(organisation.Index, ("", "9999"))
        return bool(opened and not closed and succeeded > last)

    def codes(self, organisations: pd.DataFrame, quarter: Quarter) -> list[str | None]:
        """The code each organisation submits under in a quarter; None once closed without heir."""
        return [self._code(code, quarter) for code in organisations.index]

    def _code(self, code: str, quarter: Quarter) -> str | None:
        last = str(quarter.last_day)
        while code in self._successions and self._successions[code][1] <= last:
            code = self._successions[code][0]
        closed = self._close_dates.get(code, "")
        return None if closed and date.fromisoformat(closed) < quarter.first_day else code

    @cached_property
    def is_specialist(self) -> np.ndarray:
        """Which trusts are specialist ones."""
        return (self.trusts["org_type"] == "acute_specialist").to_numpy()

    @cached_property
    def pct_share(self) -> np.ndarray:
        """Each PCT's share of England's population."""
        scores = normal_scores(stream(self.seed, "pct size"), len(self.pcts))
        sizes = np.exp(self.parameters.pct_size_sd * scores)
        return sizes / sizes.sum()

    @cached_property
    def people(self) -> np.ndarray:
        """Persons by PCT and cell in 2006, at the run's scale; not rounded."""
        rng = stream(self.seed, "people")
        tilt = self.parameters.pct_age_tilt_sd * normal_scores(rng, len(self.pcts))
        slope = self.parameters.pct_deprivation_sd * normal_scores(rng, len(self.pcts))
        age = (CELL_AGE_BAND - 8.5) / 8.5
        female = FEMALE_SHARE[CELL_AGE_BAND]
        by_sex = np.where(CELL_SEX == 2, female, 1 - female)
        shape = AGE_BAND_MILLION[CELL_AGE_BAND] * by_sex
        weights = shape * np.exp(np.outer(tilt, age) + np.outer(slope, 3 - CELL_QUINTILE) / 2)
        weights /= weights.sum(axis=1, keepdims=True)
        return weights * (self.pct_share * self.parameters.population * self.scale)[:, None]

    @cached_property
    def trust_size(self) -> np.ndarray:
        """Each trust's size: general trusts share out their authority's population."""
        rng = stream(self.seed, "trust size")
        sizes = np.exp(self.parameters.trust_size_sd * normal_scores(rng, len(self.trusts)))
        sizes *= [dict(self.parameters.size_factors).get(code, 1.0) for code in self.trusts.index]
        for authority, share in self._authority_share.items():
            members = (self.trusts["sha_code"] == authority).to_numpy() & ~self.is_specialist
            sizes[members] *= share / sizes[members].sum()
        mean_general = sizes[~self.is_specialist].mean()
        specialists = sizes[self.is_specialist]
        sizes[self.is_specialist] = (
            specialists / specialists.mean() * mean_general * self.parameters.specialist_size
        )
        return sizes

    @cached_property
    def _authority_share(self) -> dict[str, float]:
        return pd.Series(self.pct_share).groupby(self.pcts["sha_code"].to_numpy()).sum().to_dict()

    @cached_property
    def catchment(self) -> np.ndarray:
        """Share of England's patients by trust and PCT.

        Over the general trusts it sums to 1, and over each PCT to its share of the population;
        specialist trusts come on top and draw on all PCTs of their authority and a few others.
        """
        rng = stream(self.seed, "catchment")
        general, size = ~self.is_specialist, self.trust_size
        near = self.trusts["sha_code"].to_numpy()[:, None] == self.pcts["sha_code"].to_numpy()
        affinity = np.exp(self.parameters.catchment_spread * rng.standard_normal(near.shape))
        own = _balanced((affinity * near * size[:, None])[general], size[general], self.pct_share)
        away = _few_of_each_column(rng, ~near[general]) * self.pct_share
        outside = self.parameters.outside_share
        flows = np.where(near, 1.0, outside) * self.pct_share
        flows *= (size / flows.sum(axis=1))[:, None]
        flows[general] = (1 - outside) * own + outside * away
        return flows


def _balanced(flows: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Flows scaled in turn to row and column totals; the columns hold exactly."""
    for _ in range(50):
        flows = flows * (rows / flows.sum(axis=1))[:, None]
        flows = flows * (columns / flows.sum(axis=0))
    return flows


def _few_of_each_column(rng: np.random.Generator, allowed: np.ndarray, few: int = 4) -> np.ndarray:
    """Equal shares for a few of the allowed rows of each column; every column sums to 1."""
    order = np.argsort(np.where(allowed, rng.random(allowed.shape), 2.0), axis=0)
    chosen = np.zeros(allowed.shape)
    np.put_along_axis(chosen, order[:few], 1 / few, axis=0)
    return chosen
