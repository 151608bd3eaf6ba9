"""Spells of admitted patients, by the quarter in which they were admitted.

Every effect of an organisation is drawn for the seed alone; what happens in a quarter is drawn for
the seed and the quarter. A readmission belongs to the quarter of the admission it follows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator import people
from generator.casemix import SPECIALIST_KINDS, Casemix
from generator.england import CELLS, England
from generator.quarters import Quarter, day_number
from generator.randomness import even_scores, mean_one, stream

# A spell and its readmission end within two quarters after that of the admission (at least 181
# days): 30 days in hospital, 30 at home and 120 in hospital again. A file thus needs three cohorts.
MAX_STAY_DAYS = 120
MAX_INDEX_STAY_DAYS = 30
READMISSION_WINDOW_DAYS = 30
QUARTERS_TO_END = 2


@dataclass(frozen=True)
class ActivityParameters:
    """How much care there is, and how trusts and PCTs vary. Spreads are of logarithms.

    Where a comment names pounds, the parameter is set so that at a scale of 1 and seed 1 the
    opportunity of 2006-07 Q1, four times the quarter's, comes to what was published for it.
    benchmarks/published_lines.md shows how near that is.
    """

    # Case types are counted in 2006; this makes 14 million episodes a year of them.
    volume_factor: float = 1.03
    # Basket procedures are made more frequent than they were, so that at a scale of 0.05 most
    # trusts have the 100 cases a quarter that the indicator asks for.
    basket_volume_factor: float = 1.6
    # Admissions for ambulatory care sensitive conditions: fewer than the case types say, so that
    # with readmissions they come to the 665,000 a year counted for the 19 conditions in 2005/6.
    acsc_volume_factor: float = 0.765
    # Growth of activity a year, and the seasons (quarters 1 to 4).
    volume_growth: float = 0.015
    elective_season: tuple[float, ...] = (1.00, 1.01, 0.99, 1.00)
    emergency_season: tuple[float, ...] = (0.99, 0.97, 1.03, 1.01)
    # Casemix: how far a general trust's share of a case type departs from its size.
    casemix_sd: float = 0.20

    # Length of stay: mean stays of the case types as counted for ordinary spells, times this.
    stay_factor: float = 1.3
    # Spread between trusts: 975 million pounds, or 4.4 million bed days of some 41 at 222 pounds.
    stay_sd: float = 0.193
    # The spread narrows and the mean falls from quarter to quarter: the published opportunity fell
    # by 15 % in a year, and stays by about 3 %.
    stay_sd_factor: float = 0.96
    stay_trend: float = -0.008
    # A trust's own ups and downs from quarter to quarter.
    stay_noise_sd: float = 0.015
    # The largest opportunity of a trust was almost 30 million pounds, three times the mean: large
    # trusts are seldom extreme, and none is very far out. They are several hospitals whose ways
    # even out: above the mean size, effects on stays and waits shrink by size to this power.
    evening_out: float = 1.0
    # No trust lies further out than this, in standard deviations of stays and of waits.
    furthest_score: float = 1.1
    # That trust was University Hospitals of Leicester: where it stands among the others.
    known_scores: tuple[tuple[str, float], ...] = (("RWE", 0.95),)
    # Spread within an HRG and admission group: skewed, with a long right tail.
    elective_stay_sigma: float = 0.75
    emergency_stay_sigma: float = 1.05

    # Emergency and other unplanned spells with an operation, beside the case types' shares: minor
    # procedures are coded too. This makes it 27 % of the emergencies that stay.
    emergency_operation_factor: float = 2.4
    # Days before the operation: share of elective patients admitted the day before or earlier,
    # of these the share with more than one day, and the mean wait of emergency patients. With no
    # more than ten a patient they are some six million days a year.
    elective_early_share: float = 0.48
    elective_long_wait_share: float = 0.18
    emergency_wait_days: float = 4.2
    # Spread between trusts of both (510 million pounds), and its change from quarter to quarter.
    wait_sd: float = 0.74
    wait_sd_factor: float = 0.985
    wait_trend: float = -0.012

    # Day cases: spread between trusts of the log-odds (16 million pounds), and their change a
    # quarter. The pooled rate of the basket was 70.2 % in 2006.
    day_case_sd: float = 0.096
    day_case_trend: float = 0.012

    # Emergency admissions for ambulatory care sensitive conditions (348 million pounds), and
    # operations with a surgical threshold (73 million): spread between PCTs, and its change from
    # quarter to quarter.
    acsc_sd: float = 0.352
    acsc_sd_factor: float = 0.94
    threshold_sd: float = 0.12
    threshold_sd_factor: float = 1.0

    # Emergency readmissions within 30 days, beside those that happen by chance: share of live
    # discharges by kind of index spell, spread between trusts, share to another provider.
    readmission_emergency: float = 0.12
    readmission_elective: float = 0.05
    readmission_day_case: float = 0.022
    readmission_sd: float = 0.10
    readmission_elsewhere: float = 0.08

    # Elective admissions by day of the week, Monday to Sunday; emergencies hardly differ.
    elective_weekdays: tuple[float, ...] = (1.1, 1.1, 1.0, 1.0, 0.9, 0.15, 0.15)
    emergency_weekdays: tuple[float, ...] = (1.08, 1.03, 1.02, 1.01, 1.04, 0.92, 0.90)

    # People who go home against advice or on their own decision.
    self_discharge_share: float = 0.012


PARAMETERS = ActivityParameters()


class Activity:
    """England's trusts at work: their effects, and the spells of any quarter."""

    def __init__(
        self, england: England, casemix: Casemix, parameters: ActivityParameters = PARAMETERS
    ):
        """Draw what does not depend on the quarter."""
        self.england, self.casemix, self.parameters = england, casemix, parameters
        rng = stream(england.seed, "trust effects")
        sizes = england.trust_size
        self.stay_scores = self._evened_out(even_scores(rng, sizes))
        self.wait_scores = self._evened_out(even_scores(rng, sizes))
        self.day_case_scores = even_scores(rng, sizes)
        self.readmission_scores = even_scores(rng, sizes)
        self.casemix_scores = rng.standard_normal((len(casemix.table), len(sizes)))
        rng = stream(england.seed, "PCT effects")
        self.acsc_scores = even_scores(rng, england.pct_share)
        self.threshold_scores = even_scores(rng, england.pct_share)

        self._need = people.need(england, casemix.risk_by_cell)
        self._admission = casemix.table["admission"].to_numpy()
        self._trust_mix = self._mix_by_trust()
        self._elective = casemix.positions("admission", "elective")
        self._basket = casemix.in_group("basket")
        self._by_pct = {group: casemix.in_group(group) for group in ("acsc", "threshold")}
        self._pairs = np.nonzero(england.catchment)

    def _evened_out(self, scores: np.ndarray) -> np.ndarray:
        """Scores of trusts as they bear on stays and waits."""
        settings, england = self.parameters, self.england
        for place in np.flatnonzero(england.trusts.index.isin(dict(settings.known_scores))):
            # Whoever drew the score nearest to what is known gets the trust's own in return.
            known = dict(settings.known_scores)[england.trusts.index[place]]
            nearest = np.abs(scores - known).argmin()
            scores[[place, nearest]] = scores[[nearest, place]]
        size = england.trust_size / england.trust_size[~england.is_specialist].mean()
        scores = np.clip(scores, -settings.furthest_score, settings.furthest_score)
        return scores * np.maximum(1, size) ** -settings.evening_out

    def _mix_by_trust(self) -> np.ndarray:
        """Weight of a case type at a trust beside its size; case type x trust.

        Case types that vary by PCT go to general trusts in proportion to their size, so that the
        spread between PCTs is what the parameters say.
        """
        casemix, england = self.casemix, self.england
        by_pct = casemix.in_group("acsc") | casemix.in_group("threshold")
        mix = np.exp(self.parameters.casemix_sd * self.casemix_scores)
        mix[by_pct] = 1
        kinds = np.array([SPECIALIST_KINDS.get(code, "") for code in england.trusts.index])
        treated = casemix.table["specialist"].to_numpy()[:, None] == kinds[None, :]
        treated &= england.is_specialist & ~by_pct[:, None]
        volume = casemix.table["spells_thousand"].to_numpy()
        # A specialist trust is as large as its size says, spread over what it treats.
        focus = volume.sum() / np.maximum((treated * volume[:, None]).sum(axis=0), 1)
        mix[:, england.is_specialist] = (treated * focus)[:, england.is_specialist]
        return mix

    def expected_spells(self, quarter: Quarter) -> np.ndarray:
        """Expected spells in a quarter: case type x pair of trust and PCT with a flow."""
        settings, england = self.parameters, self.england
        season = np.where(
            self._admission == "elective",
            settings.elective_season[quarter.number - 1],
            settings.emergency_season[quarter.number - 1],
        )
        growth = (1 + settings.volume_growth) ** (quarter.index / 4)
        yearly = self.casemix.table["spells_thousand"].to_numpy() * 1000
        yearly = yearly * np.where(self._basket, settings.basket_volume_factor, 1)
        yearly = yearly * np.where(self._by_pct["acsc"], settings.acsc_volume_factor, 1)
        volume = yearly / 4 * season * growth * settings.volume_factor * england.scale
        effect = np.ones((len(volume), len(england.pcts)))
        acsc_sd = settings.acsc_sd * settings.acsc_sd_factor**quarter.index
        threshold_sd = settings.threshold_sd * settings.threshold_sd_factor**quarter.index
        effect[self._by_pct["acsc"]] = mean_one(acsc_sd * self.acsc_scores)
        effect[self._by_pct["threshold"]] = mean_one(threshold_sd * self.threshold_scores)
        trusts, pcts = self._pairs
        flow = england.catchment[trusts, pcts] * self._trust_mix[:, trusts]
        flow *= (volume / flow.sum(axis=1))[:, None]
        return flow * (self._need * effect)[:, pcts]

    def spells(self, quarter: Quarter) -> pd.DataFrame:
        """Spells admitted in a quarter, and the readmissions that follow them: one row a spell.

        Columns are positions (trust, pct, case_type, hrg, operation, diagnosis), days since 1970
        (admission) and days (stay, wait: before the operation, -1 where there is none).
        """
        rng = stream(self.england.seed, "admissions", quarter.index)
        noise = self.parameters.stay_noise_sd * rng.standard_normal(len(self.england.trusts))
        counts = rng.poisson(self.expected_spells(quarter))
        case_type, pair = np.nonzero(counts)
        repeats = counts[case_type, pair]
        case_type = np.repeat(case_type, repeats)
        trust, pct = (np.repeat(side[pair], repeats) for side in self._pairs)
        person = people.drawn(rng, self.england, self.casemix.risk_by_cell, case_type, pct)
        spells = pd.DataFrame(
            {
                "case_type": case_type.astype(np.int16),
                "trust": trust.astype(np.int16),
                "pct": pct.astype(np.int16),
                "person": person,
                "admission": self._admission_days(rng, case_type, quarter),
            }
        )
        self._add_care(rng, spells, quarter, noise)
        returning = self._readmissions(rng, spells)
        self._add_care(rng, returning, quarter, noise)
        spells = pd.concat([spells, returning], ignore_index=True)
        spells["spell"] = np.arange(len(spells), dtype=np.int64)
        return spells

    def _admission_days(
        self, rng: np.random.Generator, case_type: np.ndarray, quarter: Quarter
    ) -> np.ndarray:
        first = day_number(quarter.first_day)
        # 0 is Monday; day 0 was a Thursday.
        weekdays = (first + np.arange(quarter.days) + 3) % 7
        days = np.empty(len(case_type), dtype=np.int32)
        is_elective = self._elective[case_type]
        for weights, rows in (
            (self.parameters.elective_weekdays, is_elective),
            (self.parameters.emergency_weekdays, ~is_elective),
        ):
            edges = np.cumsum(np.array(weights)[weekdays])
            drawn = rng.random(rows.sum()) * edges[-1]
            days[rows] = first + np.searchsorted(edges, drawn, side="right")
        return days

    def _add_care(
        self, rng: np.random.Generator, spells: pd.DataFrame, quarter: Quarter, noise: np.ndarray
    ) -> None:
        """Add what happens in the spells: classification, HRG, diagnosis, operation, stay, end."""
        case_type, trust = spells["case_type"].to_numpy(), spells["trust"].to_numpy()
        count, kind = len(spells), self._admission[case_type]
        is_day_case = self._is_day_case(rng, case_type, trust, quarter.index)
        is_ordinary = ~is_day_case & (kind != "regular")
        hrg = self.casemix.hrgs.draw(rng, case_type)
        stay = self._stays(rng, case_type, hrg, noise[trust] + self._stay_effect(trust, quarter))
        operation = self._operations(rng, case_type, is_day_case)
        wait = np.where(is_ordinary, self._waits(rng, kind == "elective", trust, quarter.index), 0)
        wait = np.where(operation < 0, -1, wait)
        # Nobody leaves before the operation.
        stay = np.where(is_ordinary, np.clip(np.maximum(stay, wait), 0, MAX_STAY_DAYS), 0)
        # The old die more often than the case type's mean, the young less.
        risk = self.casemix.table["death_share"].to_numpy()[case_type]
        risk = risk * (0.3 + people.age_band(spells["person"]) / 14)
        is_dead = rng.random(count) < np.where(is_ordinary, risk, 0)
        leaves = (rng.random(count) < self.parameters.self_discharge_share) & (kind == "emergency")

        spells["is_day_case"] = is_day_case
        spells["is_ordinary"] = is_ordinary
        spells["hrg"] = hrg.astype(np.int16)
        spells["diagnosis"] = self.casemix.diagnoses.draw(rng, case_type).astype(np.int16)
        spells["operation"] = operation.astype(np.int16)
        spells["wait"] = wait.astype(np.int16)
        spells["stay"] = stay.astype(np.int16)
        spells["is_dead"] = is_dead
        spells["left_early"] = leaves & ~is_dead

    def _is_day_case(
        self, rng: np.random.Generator, case_type: np.ndarray, trust: np.ndarray, index: int
    ) -> np.ndarray:
        settings = self.parameters
        rate = self.casemix.table["day_case_rate"].to_numpy()[case_type]
        effect = (
            settings.day_case_sd * self.day_case_scores[trust] + settings.day_case_trend * index
        )
        weight = rate * np.exp(effect)
        return rng.random(len(rate)) < weight / (weight + 1 - rate)

    def _stay_effect(self, trust: np.ndarray, quarter: Quarter) -> np.ndarray:
        """Effect of trust and quarter on the logarithm of stays."""
        settings, index = self.parameters, quarter.index
        spread = settings.stay_sd * settings.stay_sd_factor**index
        return spread * self.stay_scores[trust] + np.log1p(settings.stay_trend) * index

    def _stays(
        self, rng: np.random.Generator, case_type: np.ndarray, hrg: np.ndarray, effect: np.ndarray
    ) -> np.ndarray:
        """Days in hospital, if the spell is an ordinary one."""
        settings = self.parameters
        mean = self.casemix.table["stay_days"].to_numpy()[case_type]
        mean = mean * self.casemix.hrg_stay_factor[hrg] * settings.stay_factor * np.exp(effect)
        sigma = np.where(
            self._elective[case_type], settings.elective_stay_sigma, settings.emergency_stay_sigma
        )
        skewed = np.exp(sigma * rng.standard_normal(len(mean)) - sigma**2 / 2)
        # Half a day more, since nights are counted and part of a day is cut off.
        return np.floor(skewed * (mean + 0.5)).astype(int)

    def _operations(
        self, rng: np.random.Generator, case_type: np.ndarray, is_day_case: np.ndarray
    ) -> np.ndarray:
        """Positions of procedures; -1 where there is none."""
        share = self.casemix.table["operated_share"].to_numpy()[case_type]
        unplanned = self.parameters.emergency_operation_factor
        share = share * np.where(self._elective[case_type], 1, unplanned)
        is_operated = is_day_case | (rng.random(len(share)) < share)
        return np.where(is_operated, self.casemix.operations.draw(rng, case_type), -1)

    def _waits(
        self, rng: np.random.Generator, is_elective: np.ndarray, trust: np.ndarray, index: int
    ) -> np.ndarray:
        """Days from admission to operation."""
        settings = self.parameters
        spread = settings.wait_sd * settings.wait_sd_factor**index
        effect = np.exp(spread * self.wait_scores)[trust] * (1 + settings.wait_trend) ** index
        early = rng.random(len(trust)) < settings.elective_early_share * effect
        longer = rng.random(len(trust)) < settings.elective_long_wait_share
        mean = settings.emergency_wait_days * effect
        days = rng.geometric(1 / (1 + mean)) - 1
        return np.where(is_elective, early * (1 + longer * (1 + days)), days)

    def _readmissions(self, rng: np.random.Generator, spells: pd.DataFrame) -> pd.DataFrame:
        """Emergency spells of the same persons within 30 days of discharge."""
        settings = self.parameters
        kind = self._admission[spells["case_type"]]
        share = np.select(
            [kind == "emergency", spells["is_day_case"], kind == "elective"],
            [
                settings.readmission_emergency,
                settings.readmission_day_case,
                settings.readmission_elective,
            ],
            0.0,
        )
        share = share * np.exp(settings.readmission_sd * self.readmission_scores)[spells["trust"]]
        chosen = (
            (rng.random(len(spells)) < share)
            & ~spells["is_dead"]
            & (spells["stay"] <= MAX_INDEX_STAY_DAYS)
        )
        index = spells.loc[chosen, ["trust", "pct", "person", "admission", "stay"]]
        # Most come back within the first two weeks.
        delay = np.floor(rng.beta(1, 1.8, len(index)) * (READMISSION_WINDOW_DAYS + 1))
        returning = pd.DataFrame(
            {
                "case_type": self._returning_case_types(rng, index["person"].to_numpy()),
                "trust": index["trust"],
                "pct": index["pct"],
                "person": index["person"],
                "admission": (index["admission"] + index["stay"] + delay).astype(np.int32),
            }
        ).reset_index(drop=True)
        elsewhere = rng.random(len(returning)) < settings.readmission_elsewhere
        returning.loc[elsewhere, "trust"] = self._other_trusts(
            rng, returning.loc[elsewhere, "pct"].to_numpy()
        )
        return returning

    def _returning_case_types(self, rng: np.random.Generator, person: np.ndarray) -> np.ndarray:
        """An emergency case type for each person, by the risk of people like them."""
        volume = self.casemix.table["spells_thousand"].to_numpy()
        volume = np.where(self._admission == "emergency", volume, 0)
        mean_risk = self.casemix.risk_by_cell @ self.england.people.sum(axis=0)
        weights = self.casemix.risk_by_cell * (volume / mean_risk)[:, None]
        edges = np.cumsum(weights / weights.sum(axis=0), axis=0).T
        cell = people.cell(person)
        edges_by_cell = (edges + np.arange(CELLS)[:, None]).ravel()
        drawn = np.searchsorted(edges_by_cell, cell + rng.random(len(cell)))
        return (np.minimum(drawn, edges.size - 1) % edges.shape[1]).astype(np.int16)

    def _other_trusts(self, rng: np.random.Generator, pct: np.ndarray) -> np.ndarray:
        """One of the general trusts of each PCT, by its flows."""
        general = np.flatnonzero(~self.england.is_specialist)
        edges = np.cumsum(self.england.catchment[general], axis=0)
        edges = (edges / edges[-1]).T + np.arange(len(self.england.pcts))[:, None]
        drawn = np.searchsorted(edges.ravel(), pct + rng.random(len(pct)), side="right")
        return general[drawn % len(general)].astype(np.int16)
