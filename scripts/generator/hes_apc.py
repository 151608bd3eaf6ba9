"""The feed hes_apc: episodes of admitted patients as trusts sent them, with the faults of the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from generator import admissions
from generator.admissions import EPOCH, QUARTERS_TO_END, Activity
from generator.casemix import Casemix
from generator.england import England
from generator.output import coded, file_name, labelled, write
from generator.quarters import Quarter
from generator.randomness import WeightedLists, stream

FEED = "hes_apc"


@dataclass(frozen=True)
class RecordingParameters:
    """How care is written down: episodes, further codes, and what goes wrong."""

    # Ordinary stays of at least a night with more than one episode, and how many those have.
    multi_episode_share: float = 0.12
    episode_counts: tuple[tuple[int, float], ...] = ((2, 0.75), (3, 0.20), (4, 0.05))
    # Elective patients treated privately.
    private_share: float = 0.01
    # Secondary diagnoses: at most five, on average by age (at 0 and at 90).
    secondary_diagnoses: tuple[float, float] = (0.3, 3.2)
    # Operations with a code for the side of the body, and with one for image control.
    laterality_share: float = 0.35
    image_control_share: float = 0.04
    # Consultants of a trust and specialty, and practices of a PCT.
    consultants: int = 6
    practices: int = 55

    # Records without a person, or without a PCT of responsibility (its residence is there).
    no_person_share: float = 0.004
    no_pct_share: float = 0.005
    unknown_specialty_share: float = 0.004
    # Share of records sent twice, under two codes of one sender.
    duplicate_share: float = 0.003
    # Episodes still open at the end of the quarter that are sent all the same.
    unfinished_share: float = 0.03
    # First episodes with the dummy date 1801-01-01 for the admission.
    dummy_admission_share: float = 0.0002

    # Share of records without a usable HRG: most trusts, and those that rule A11 finds amber
    # (over 5 %) and red (over 15 %).
    uncoded: float = 0.012
    uncoded_amber: tuple[int, float] = (6, 0.085)
    uncoded_red: tuple[int, float] = (2, 0.22)
    # Share of operations whose date is missing or outside the stay: most, amber (over 10 %) and red
    # (over 25 %) of rule A13.
    faulty_operation_date: float = 0.035
    faulty_operation_date_amber: tuple[int, float] = (8, 0.17)
    faulty_operation_date_red: tuple[int, float] = (3, 0.33)
    # Share of records whose primary diagnosis is missing or unknown: most, and red of rule A12.
    no_diagnosis: float = 0.008
    no_diagnosis_red: tuple[int, float] = (1, 0.16)

    # The change from the old clearing service to SUS: trusts that send only a part in these
    # quarters, how many they are, the least and the most that they send, and one that sends nothing.
    changeover_quarters: tuple[str, ...] = ("fy2006-07q4", "fy2007-08q1")
    changeover_trusts: int = 18
    changeover_sent: tuple[float, float] = (0.58, 0.82)
    silent_quarter: str = "fy2007-08q1"


PARAMETERS = RecordingParameters()

# Comorbidities by body system: a spell takes at most one of each, so that none comes twice.
# No code is one of an ambulatory care sensitive condition "in any position".
COMORBIDITIES = [
    {"I10X": 6, "I259": 3, "I252": 2, "E780": 3},
    {"E119": 4, "J459": 3, "J449": 2, "E039": 1},
    {"N183": 1, "D649": 2, "N40X": 1, "K449": 1},
    {"F171": 3, "M199": 2, "F329": 2, "G20X": 1},
    {"Z867": 2, "Z921": 2, "Z880": 1, "Z966": 1},
]
CHILD_COMORBIDITY = "Z880"
# Takes the place of a comorbidity that is the primary diagnosis already.
FAMILY_HISTORY = "Z824"

LATERALITY = ["Z941", "Z942", "Z943"]
IMAGE_CONTROL = "Y532"
NO_OPERATION = "-"
UNGROUPED_HRG, UNKNOWN_DIAGNOSIS = "UZ01Z", "R69X"

ADMISSION_METHODS = {
    "elective": {"11": 6, "12": 3, "13": 1},
    "emergency": {"21": 66, "22": 15, "23": 3, "24": 7, "28": 9},
    "maternity": {"31": 9, "32": 1},
    "birth": {"82": 98, "83": 2},
    "regular": {"13": 1},
    "transfer": {"81": 1},
}

NO_DATE = -1
DUMMY_DATE = "1801-01-01"


def extracts(england: England, quarters: list[Quarter], folder: Path) -> Iterator[Path]:
    """Write one extract for each of consecutive quarters; yields each file once it is written."""
    casemix = Casemix()
    activity = Activity(england, casemix)
    recording = Recording(england, casemix)
    # Patients admitted before the first quarter who are still in hospital at its start.
    earlier = [quarters[0].plus(-back) for back in range(QUARTERS_TO_END, 0, -1)]
    held = [recording.episodes(activity.spells(quarter), quarter) for quarter in earlier]
    for quarter in quarters:
        held.append(recording.episodes(activity.spells(quarter), quarter))
        episodes = pd.concat(held, ignore_index=True)
        target = folder / file_name(FEED, quarter.period, quarter, "psv.gz")
        write(recording.extract(episodes, quarter), target)
        held = [episodes[episodes["end"] > _day(quarter.last_day)]]
        yield target


class Recording:
    """Turns spells into the episodes of an extract."""

    def __init__(self, england: England, casemix: Casemix, parameters=PARAMETERS):
        """Draw which trusts record badly: the same trusts in every quarter."""
        self.england, self.casemix, self.parameters = england, casemix, parameters
        rng = stream(england.seed, "recording")
        trusts = np.flatnonzero(~england.is_specialist)
        self._uncoded = self._shares(
            rng, trusts, parameters.uncoded, parameters.uncoded_amber, parameters.uncoded_red
        )
        self._faulty_date = self._shares(
            rng,
            trusts,
            parameters.faulty_operation_date,
            parameters.faulty_operation_date_amber,
            parameters.faulty_operation_date_red,
        )
        self._no_diagnosis = self._shares(
            rng, trusts, parameters.no_diagnosis, parameters.no_diagnosis_red
        )
        changing = rng.permutation(trusts)[: parameters.changeover_trusts + 1]
        self._changing, self._silent = changing[1:], changing[0]
        self._sent_in_changeover = rng.uniform(
            *parameters.changeover_sent,
            (len(parameters.changeover_quarters), len(self._changing)),
        )
        self._methods = WeightedLists(
            [ADMISSION_METHODS[kind] for kind in casemix.table["admission"]]
        )
        self._comorbidities = WeightedLists(COMORBIDITIES)

    def _shares(self, rng, trusts: np.ndarray, usual: float, *worse: tuple[int, float]) -> np.ndarray:
        """A share for each trust: the usual one, give or take, and a few trusts with a worse one."""
        shares = usual * rng.uniform(0.5, 1.5, len(self.england.trusts))
        order = iter(rng.permutation(trusts))
        for count, share in worse:
            for _ in range(count):
                shares[next(order)] = share
        return shares

    def _sent(self, quarter: Quarter) -> np.ndarray:
        """Share of its records that each trust sends."""
        sent = np.ones(len(self.england.trusts))
        if quarter.period in self.parameters.changeover_quarters:
            position = self.parameters.changeover_quarters.index(quarter.period)
            sent[self._changing] = self._sent_in_changeover[position]
        if quarter.period == self.parameters.silent_quarter:
            sent[self._silent] = 0
        return sent

    def episodes(self, spells: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
        """The episodes of the spells admitted in a quarter, one row each.

        Adds to the spells' columns: start, end (days since 1970), order, is_last, is_dominant, and
        the codes that hold for the whole spell.
        """
        rng = stream(self.england.seed, FEED, "episodes", quarter.index)
        spells = spells.copy()
        # Unique over all quarters; 100 keeps the numbers of earlier ones positive.
        spells["spell"] += (quarter.index + 100) * 100_000_000
        self._add_codes(rng, spells)

        count, cuts, dominant = self._cuts(rng, spells)
        position = np.repeat(np.arange(len(spells)), count)
        order = np.arange(len(position)) - np.repeat(np.cumsum(count) - count, count)
        episodes = spells.iloc[position].reset_index(drop=True)
        episodes["order"] = (order + 1).astype(np.int8)
        admission = episodes["admission"].to_numpy()
        episodes["start"] = (admission + cuts[position, order]).astype(np.int32)
        episodes["end"] = (admission + cuts[position, order + 1]).astype(np.int32)
        episodes["is_last"] = order + 1 == count[position]
        episodes["is_dominant"] = order == dominant[position]
        episodes["consultant"] = rng.integers(self.parameters.consultants, size=len(episodes))
        return episodes

    def _add_codes(self, rng, spells: pd.DataFrame) -> None:
        """Add what is written down once a spell: how admitted, private, diagnoses, procedures."""
        settings, count = self.parameters, len(spells)
        spells["method"] = self._methods.draw(rng, spells["case_type"].to_numpy()).astype(np.int16)
        is_elective = self.casemix.positions("admission", "elective")[spells["case_type"]]
        spells["is_private"] = is_elective & (rng.random(count) < settings.private_share)
        self._add_secondary_diagnoses(rng, spells)
        further = self.casemix.table["further_operation"].to_numpy()
        self.further_codes = [*LATERALITY, IMAGE_CONTROL, *sorted(set(further) - {""})]
        position = {code: place for place, code in enumerate(self.further_codes)}
        beside = np.array([position.get(code, -1) for code in further])[spells["case_type"]]
        side = rng.integers(len(LATERALITY), size=count)
        side = np.where(rng.random(count) < settings.laterality_share, side, -1)
        image = np.where(
            rng.random(count) < settings.image_control_share, position[IMAGE_CONTROL], -1
        )
        packed = _packed_left(np.column_stack([beside, side, image]))
        for column in range(3):
            spells[f"further_{column + 2:02d}"] = packed[:, column].astype(np.int16)

    def _add_secondary_diagnoses(self, rng, spells: pd.DataFrame) -> None:
        count = len(spells)
        required = self.casemix.table["secondary_diagnosis"].to_numpy()
        self.secondary_codes = [
            *self._comorbidities.items,
            FAMILY_HISTORY,
            *sorted(set(required) - {"", *self._comorbidities.items}),
        ]
        position = {code: place for place, code in enumerate(self.secondary_codes)}
        first = np.array([position.get(code, -1) for code in required])[spells["case_type"]]
        age = admissions.age(spells["person"])
        young, old = self.parameters.secondary_diagnoses
        number = np.minimum(rng.poisson(young + (old - young) * age / 90), len(COMORBIDITIES))
        offset = rng.integers(len(COMORBIDITIES), size=count)
        columns = [first]
        for place in range(len(COMORBIDITIES)):
            drawn = self._comorbidities.draw(rng, (offset + place) % len(COMORBIDITIES))
            drawn = np.where(age < 18, position[CHILD_COMORBIDITY] if place == 0 else -1, drawn)
            columns.append(np.where(place < number, drawn, -1))
        matrix = np.column_stack(columns)
        primary_code = np.array([position.get(code, -1) for code in self.casemix.diagnoses.items])
        primary = primary_code[spells["diagnosis"]][:, None]
        matrix[(matrix == primary) & (matrix >= 0)] = position[FAMILY_HISTORY]
        repeated = (matrix[:, 1:] == matrix[:, :1]) & (matrix[:, 1:] >= 0)
        matrix[:, 1:][repeated] = -1
        packed = _packed_left(matrix)
        for column in range(5):
            spells[f"secondary_{column + 2:02d}"] = packed[:, column].astype(np.int16)

    def _cuts(self, rng, spells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Number of episodes, days after admission at which each starts and ends, dominant one.

        One episode is longer than the others together and so is the dominant one; it holds the
        operation. It comes first or last.
        """
        settings, count = self.parameters, len(spells)
        stay, wait = spells["stay"].to_numpy().astype(int), spells["wait"].to_numpy()
        numbers, weights = zip(*settings.episode_counts, strict=True)
        is_multiple = (stay > 0) & (rng.random(count) < settings.multi_episode_share)
        number = np.where(is_multiple, rng.choice(numbers, count, p=weights), 1)

        longest = np.ceil(stay * rng.uniform(0.5, 0.95, count)).astype(int)
        longest = np.where(is_multiple, np.minimum(np.maximum(longest, stay // 2 + 1), stay), stay)
        rest = stay - longest
        comes_first = rng.random(count) < 0.5
        comes_first = np.where(wait > longest, False, comes_first | ((wait >= 0) & (wait < rest)))
        comes_first |= number == 1

        most = max(numbers)
        pieces = np.sort(rng.random((count, most - 1)), axis=1)
        # The last of the shorter episodes ends where the rest does.
        place = np.arange(most - 1)[None, :]
        share = np.where(place >= number[:, None] - 2, 1.0, pieces)
        ends = np.floor(share * rest[:, None]).astype(int)
        cuts = np.zeros((count, most + 1), dtype=int)
        cuts[:, 2:] = longest[:, None] + ends
        cuts[:, 1] = longest
        last = ~comes_first
        cuts[last, 1:most] = ends[last]
        cuts[last, most] = stay[last]
        columns = np.arange(most + 1)[None, :]
        cuts = np.where(columns >= number[:, None], stay[:, None], cuts)
        return number, cuts, np.where(comes_first, 0, number - 1)

    def extract(self, episodes: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
        """The rows of a quarter's extract: episodes that end in it, and some unfinished ones."""
        rng = stream(self.england.seed, FEED, "extract", quarter.index)
        rows = self._sent_rows(rng, episodes, quarter)
        finished = ~rows["is_unfinished"].to_numpy()
        first_row = np.flatnonzero(rng.random(len(rows)) < self.parameters.duplicate_share)
        rows["is_duplicate"] = False
        again = rows.iloc[first_row].assign(is_duplicate=True)
        columns = self._columns(rng, rows, finished, quarter)
        repeats = columns.iloc[first_row].copy()
        trust_codes = self.england.codes(self.england.trusts, quarter)
        repeats["SENDER"] = labelled(
            again["trust"], [code and f"{code}01" for code in trust_codes]
        )
        received = _received(rng, rows, quarter)
        later = np.minimum(received[first_row] + 3, _day(quarter.extract_date))
        extract = pd.concat(
            [
                columns.astype({"SENDER": object}),
                repeats.astype({"SENDER": object}),
            ],
            ignore_index=True,
        )
        extract["SENDER"] = extract["SENDER"].astype("category")
        extract["SUBDATE"] = _dates(np.concatenate([received, later]))
        first_key = int(f"{quarter.year}{quarter.number}00000000")
        extract.insert(0, "EPIKEY", first_key + 1 + np.arange(len(extract)))
        return extract

    def _sent_rows(self, rng, episodes: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
        first, last = _day(quarter.first_day), _day(quarter.last_day)
        episodes = episodes.sort_values(["trust", "end", "spell", "order"], kind="stable")
        start, end = episodes["start"].to_numpy(), episodes["end"].to_numpy()
        is_finished = (end >= first) & (end <= last)
        is_open = (start >= first) & (start <= last) & (end > last)
        is_open &= rng.random(len(episodes)) < self.parameters.unfinished_share
        has_code = np.array([bool(code) for code in self.england.codes(self.england.trusts, quarter)])
        sent = rng.random(len(episodes)) < (self._sent(quarter) * has_code)[episodes["trust"]]
        rows = episodes.assign(is_unfinished=is_open)[(is_finished | is_open) & sent]
        return rows.reset_index(drop=True)
