"""Consultant episodes of spells, with the codes that are written down for them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator import people
from generator.casemix import Casemix
from generator.quarters import Quarter
from generator.randomness import WeightedLists, stream


@dataclass(frozen=True)
class EpisodeParameters:
    """How many episodes a spell has, and how much is coded."""

    # Ordinary stays of at least a night with more than one episode, and how many those have.
    multi_episode_share: float = 0.145
    episode_counts: tuple[int, ...] = (2, 3, 4)
    episode_count_shares: tuple[float, ...] = (0.75, 0.20, 0.05)
    # Elective patients treated privately.
    private_share: float = 0.01
    # Secondary diagnoses on average at the age of 0, and more for each year; at most five.
    secondary_diagnoses: float = 0.3
    secondary_diagnoses_per_year: float = 0.032
    # Operations with a code for the side of the body, and with one for image control.
    laterality_share: float = 0.35
    image_control_share: float = 0.04
    # Consultants of one specialty in a trust.
    consultants: int = 6


PARAMETERS = EpisodeParameters()

ADMISSION_METHODS = {
    "elective": {"11": 6, "12": 3, "13": 1},
    "emergency": {"21": 66, "22": 15, "23": 3, "24": 7, "28": 9},
    "maternity": {"31": 9, "32": 1},
    "birth": {"82": 98, "83": 2},
    "regular": {"13": 1},
    "transfer": {"81": 1},
}

# Comorbidities by body system: a spell has at most one of each, so that none comes twice.
# No code is an ambulatory care sensitive condition in a secondary position.
COMORBIDITIES = [
    {"I10X": 6, "I259": 3, "I252": 2, "E780": 3},
    {"E119": 4, "J459": 3, "J449": 2, "E039": 1},
    {"N183": 1, "D649": 2, "N40X": 1, "K449": 1},
    {"F171": 3, "M199": 2, "F329": 2, "G20X": 1},
    {"Z867": 2, "Z921": 2, "Z880": 1, "Z966": 1},
]
ADULT_AGE = 18
# What children have instead: allergy to penicillin.
CHILD_COMORBIDITY = "Z880"
# Family history: takes the place of a comorbidity that is the primary diagnosis already.
FAMILY_HISTORY = "Z824"
SECONDARY_DIAGNOSES = 5

LATERALITY = ["Z941", "Z942", "Z943"]
IMAGE_CONTROL = "Y532"
FURTHER_OPERATIONS = 3


class Episodes:
    """Makes episodes of spells; holds the lists that their codes are positions in."""

    def __init__(self, seed: int, casemix: Casemix, parameters: EpisodeParameters = PARAMETERS):
        """Collect the codes."""
        self.seed, self.casemix, self.parameters = seed, casemix, parameters
        self.methods = WeightedLists(
            [ADMISSION_METHODS[kind] for kind in casemix.table["admission"]]
        )
        self._comorbidities = WeightedLists(COMORBIDITIES)
        required = set(casemix.table["secondary_diagnosis"]) - {"", *self._comorbidities.items}
        self.secondary_codes = [*self._comorbidities.items, FAMILY_HISTORY, *sorted(required)]
        further = set(casemix.table["further_operation"]) - {""}
        self.further_codes = [*LATERALITY, IMAGE_CONTROL, *sorted(further)]

    def of(self, spells: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
        """The episodes of the spells admitted in a quarter, one row each.

        Beside the spells' columns: order (from 1), start, end (days since 1970), is_last,
        is_dominant, consultant; and the spell's method, is_private, secondary_02 … 06 and
        further_02 … 04 (positions in the lists of codes, -1 for none).
        """
        rng = stream(self.seed, "episodes", quarter.index)
        spells = spells.assign(
            # Unique over all quarters; 100 keeps those before 2006-07 positive.
            spell=spells["spell"] + (quarter.index + 100) * 100_000_000,
            method=self.methods.draw(rng, spells["case_type"].to_numpy()).astype(np.int16),
            is_private=self._is_private(rng, spells),
            **self._secondary_diagnoses(rng, spells),
            **self._further_operations(rng, spells),
        )
        number, cuts, dominant = self._cuts(rng, spells)
        spell = np.repeat(np.arange(len(spells)), number)
        order = np.arange(len(spell)) - np.repeat(np.cumsum(number) - number, number)
        episodes = spells.take(spell).reset_index(drop=True)
        admission = episodes["admission"].to_numpy()
        return episodes.assign(
            order=(order + 1).astype(np.int8),
            start=(admission + cuts[spell, order]).astype(np.int32),
            end=(admission + cuts[spell, order + 1]).astype(np.int32),
            is_last=order + 1 == number[spell],
            is_dominant=order == dominant[spell],
            consultant=rng.integers(self.parameters.consultants, size=len(spell), dtype=np.int8),
        )

    def _is_private(self, rng: np.random.Generator, spells: pd.DataFrame) -> np.ndarray:
        is_elective = self.casemix.positions("admission", "elective")[spells["case_type"]]
        return is_elective & (rng.random(len(spells)) < self.parameters.private_share)

    def _secondary_diagnoses(
        self, rng: np.random.Generator, spells: pd.DataFrame
    ) -> dict[str, np.ndarray]:
        """The diagnosis that always comes with the case type, then comorbidities by age."""
        settings, count, codes = self.parameters, len(spells), self.secondary_codes
        age = people.age(spells["person"])
        mean = settings.secondary_diagnoses + settings.secondary_diagnoses_per_year * age
        number = rng.poisson(mean)
        systems = len(COMORBIDITIES)
        offset = rng.integers(systems, size=count)
        places = [self._positions(codes, "secondary_diagnosis")[spells["case_type"]]]
        for place in range(systems):
            drawn = self._comorbidities.draw(rng, (offset + place) % systems)
            in_child = codes.index(CHILD_COMORBIDITY) if place == 0 else -1
            drawn = np.where(age < ADULT_AGE, in_child, drawn)
            places.append(np.where(place < number, drawn, -1))
        matrix = np.column_stack(places)
        known = {code: place for place, code in enumerate(codes)}
        primary = np.array([known.get(code, -1) for code in self.casemix.diagnoses.items])
        is_primary = matrix == primary[spells["diagnosis"]][:, None]
        matrix[is_primary & (matrix >= 0)] = codes.index(FAMILY_HISTORY)
        matrix[:, 1:][matrix[:, 1:] == matrix[:, :1]] = -1
        packed = _packed_left(matrix)
        return {f"secondary_{n + 2:02d}": packed[:, n] for n in range(SECONDARY_DIAGNOSES)}

    def _further_operations(
        self, rng: np.random.Generator, spells: pd.DataFrame
    ) -> dict[str, np.ndarray]:
        """The code that always comes with the operation, side of the body, image control."""
        settings, count = self.parameters, len(spells)
        always = self._positions(self.further_codes, "further_operation")[spells["case_type"]]
        side = rng.integers(len(LATERALITY), size=count)
        side = np.where(rng.random(count) < settings.laterality_share, side, -1)
        control = self.further_codes.index(IMAGE_CONTROL)
        image = np.where(rng.random(count) < settings.image_control_share, control, -1)
        packed = _packed_left(np.column_stack([always, side, image]))
        return {f"further_{n + 2:02d}": packed[:, n] for n in range(FURTHER_OPERATIONS)}

    def _positions(self, codes: list[str], column: str) -> np.ndarray:
        """Position of each case type's code in a list; -1 where it has none."""
        known = {code: place for place, code in enumerate(codes)}
        return np.array([known.get(code, -1) for code in self.casemix.table[column]])

    def _cuts(
        self, rng: np.random.Generator, spells: pd.DataFrame
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Number of episodes, days from admission to each start and end, position of the dominant.

        One episode is longer than the others together and thus dominant; it comes first or last,
        so that it holds the operation.
        """
        settings, count = self.parameters, len(spells)
        stay, wait = spells["stay"].to_numpy().astype(int), spells["wait"].to_numpy()
        is_multiple = (stay > 0) & (rng.random(count) < settings.multi_episode_share)
        drawn = rng.choice(settings.episode_counts, count, p=settings.episode_count_shares)
        number = np.where(is_multiple, drawn, 1)

        longest = np.ceil(stay * rng.uniform(0.5, 0.95, count)).astype(int)
        longest = np.where(is_multiple, np.clip(longest, stay // 2 + 1, stay), stay)
        rest = stay - longest
        is_early = (wait >= 0) & (wait < rest)
        comes_first = is_early | ((rng.random(count) < 0.5) & (wait <= longest)) | ~is_multiple

        # Where the shorter episodes end, counted from the start of the first of them.
        shorter = max(settings.episode_counts) - 1
        share = np.sort(rng.random((count, shorter)), axis=1)
        share[np.arange(shorter)[None, :] >= (number - 2)[:, None]] = 1
        ends = np.floor(share * rest[:, None]).astype(int)

        first = np.zeros((count, 1), dtype=int)
        after = np.hstack([first, longest[:, None], longest[:, None] + ends])
        before = np.hstack([first, ends, stay[:, None]])
        # Behind the last of the shorter episodes comes the longest.
        is_behind = np.arange(shorter + 2)[None, :] >= number[:, None]
        before[is_behind] = np.broadcast_to(stay[:, None], before.shape)[is_behind]
        cuts = np.where(comes_first[:, None], after, before)
        return number, cuts, np.where(comes_first, 0, number - 1)


def _packed_left(matrix: np.ndarray) -> np.ndarray:
    """Rows with their empty places (-1) moved behind the filled ones, whose order stays."""
    order = np.argsort(matrix < 0, axis=1, kind="stable")
    return np.take_along_axis(matrix, order, axis=1).astype(np.int16)
