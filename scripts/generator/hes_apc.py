"""The feed hes_apc: episodes of admitted patients as trusts sent them, faults included."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from generator import people
from generator.admissions import QUARTERS_TO_END, Activity
from generator.casemix import Casemix
from generator.changeover import sent_share
from generator.england import England
from generator.episodes import FURTHER_OPERATIONS, SECONDARY_DIAGNOSES, Episodes
from generator.output import DUMMY_DAY, NO_DATE, chosen, coded, dates, file_name, write
from generator.quarters import Quarter, day_number
from generator.randomness import stream

FEED = "hes_apc"


@dataclass(frozen=True)
class RecordingParameters:
    """What goes wrong between the ward and the extract."""

    # Records without a person, or without a PCT of responsibility (its residence is there).
    no_person_share: float = 0.004
    no_pct_share: float = 0.005
    unknown_specialty_share: float = 0.004
    # Records sent twice, under two codes of one sender.
    duplicate_share: float = 0.003
    # Episodes still open at the end of the quarter that are sent all the same.
    unfinished_share: float = 0.03
    # First episodes with the dummy date 1801-01-01 for the admission.
    dummy_admission_share: float = 0.0002
    # Ordinary elective stays that had been meant as day cases.
    failed_day_case_share: float = 0.04

    # Records without a usable HRG: most trusts, and number and share of those that rule A11 finds
    # amber (over 5 %) and red (over 15 %).
    uncoded: float = 0.012
    uncoded_worse: tuple[tuple[int, float], ...] = ((6, 0.085), (2, 0.22))
    # Operations whose date is missing or outside the stay: most trusts, and those that rule A13
    # finds amber (over 10 %) and red (over 25 %).
    faulty_operation_date: float = 0.035
    faulty_operation_date_worse: tuple[tuple[int, float], ...] = ((8, 0.17), (3, 0.33))
    # Records whose primary diagnosis is missing or unknown; one trust is red by rule A12.
    no_diagnosis: float = 0.008
    no_diagnosis_worse: tuple[tuple[int, float], ...] = ((1, 0.16),)

    # Days from the end of an episode to its receipt: at least, and on average beyond that.
    receipt_days: tuple[int, int] = (14, 12)


PARAMETERS = RecordingParameters()

UNGROUPED_HRG, UNKNOWN_DIAGNOSIS, NO_OPERATION = "UZ01Z", "R69X", "-"


def extracts(england: England, quarters: list[Quarter], folder: Path) -> Iterator[Path]:
    """Write one extract for each of consecutive quarters; yields each file once it is written."""
    casemix = Casemix()
    activity = Activity(england, casemix)
    episodes = Episodes(england.seed, casemix)
    recording = Recording(england, casemix, episodes)
    # Patients admitted before the first quarter may still be in hospital in it.
    earlier = [quarters[0].plus(-back) for back in range(QUARTERS_TO_END, 0, -1)]
    held = [episodes.of(activity.spells(quarter), quarter) for quarter in earlier]
    for quarter in quarters:
        held.append(episodes.of(activity.spells(quarter), quarter))
        known = pd.concat(held, ignore_index=True)
        target = folder / file_name(FEED, quarter.period, quarter, "psv.gz")
        write(recording.extract(known, quarter), target)
        held = [known[known["end"] > day_number(quarter.last_day)]]
        yield target


class Recording:
    """Makes a quarter's extract of the episodes that there were."""

    def __init__(
        self,
        england: England,
        casemix: Casemix,
        episodes: Episodes,
        parameters: RecordingParameters = PARAMETERS,
    ):
        """Draw which trusts record badly: the same ones in every quarter."""
        self.england, self.casemix, self.episodes = england, casemix, episodes
        self.parameters = parameters
        rng = stream(england.seed, "recording")
        general = np.flatnonzero(~england.is_specialist)

        def shares(usual: float, worse: tuple[tuple[int, float], ...]) -> np.ndarray:
            by_trust = usual * rng.uniform(0.5, 1.5, len(england.trusts))
            order = iter(rng.permutation(general))
            for count, share in () if england.records_well else worse:
                by_trust[[next(order) for _ in range(count)]] = share
            return by_trust

        self._uncoded = shares(parameters.uncoded, parameters.uncoded_worse)
        self._faulty_date = shares(
            parameters.faulty_operation_date, parameters.faulty_operation_date_worse
        )
        self._no_diagnosis = shares(parameters.no_diagnosis, parameters.no_diagnosis_worse)

    def extract(self, episodes: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
        """The rows of a quarter's extract: episodes that end in it, and some unfinished ones."""
        rng = stream(self.england.seed, FEED, "extract", quarter.index)
        trust_codes = self.england.codes(self.england.trusts, quarter)
        rows = self._sent_rows(rng, episodes, quarter)
        extract = self._columns(rng, rows, trust_codes, quarter)
        # What is sent again is the same record under another sender code, a few days later.
        again = np.flatnonzero(rng.random(len(rows)) < self.parameters.duplicate_share)
        source = np.concatenate([np.arange(len(rows)), again])
        is_repeat = np.arange(len(source)) >= len(rows)
        least, mean = self.parameters.receipt_days
        received = rows["reported"].to_numpy() + least + rng.geometric(1 / mean, len(rows))
        received = np.minimum(received[source] + 3 * is_repeat, day_number(quarter.extract_date))
        sender = rows["trust"].to_numpy()[source] + len(trust_codes) * is_repeat
        extract = extract.take(source)
        senders = _suffixed(trust_codes, "00") + _suffixed(trust_codes, "01")
        extract["SENDER"] = coded(sender, senders)
        extract["SUBDATE"] = dates(received)
        first_key = int(f"{quarter.year}{quarter.number}00000001")
        extract.insert(0, "EPIKEY", first_key + np.arange(len(extract)))
        return extract

    def _sent_rows(
        self, rng: np.random.Generator, episodes: pd.DataFrame, quarter: Quarter
    ) -> pd.DataFrame:
        """The episodes that are sent; `reported` is their end, or that of the quarter."""
        first, last = day_number(quarter.first_day), day_number(quarter.last_day)
        start, end = episodes["start"].to_numpy(), episodes["end"].to_numpy()
        is_finished = (end >= first) & (end <= last)
        is_open = (start >= first) & (start <= last) & (end > last)
        rows = episodes[is_finished | is_open].sort_values(
            ["trust", "end", "spell", "order"], ignore_index=True
        )
        rows["is_finished"] = rows["end"] <= last
        rows["reported"] = np.minimum(rows["end"], last)
        share = sent_share(self.england, quarter)
        share = share[rows["trust"]] * np.where(
            rows["is_finished"], 1, self.parameters.unfinished_share
        )
        return rows[rng.random(len(rows)) < share].reset_index(drop=True)

    def _columns(
        self,
        rng: np.random.Generator,
        rows: pd.DataFrame,
        trust_codes: list[str | None],
        quarter: Quarter,
    ) -> pd.DataFrame:
        """The columns of the extract, but for those that tell a record from its repetition."""
        settings, count = self.parameters, len(rows)
        year = f"{quarter.year % 100:02d}{(quarter.year + 1) % 100:02d}"
        trust, person = rows["trust"].to_numpy(), rows["person"].to_numpy()
        pct = rows["pct"].to_numpy()
        pct_codes = self.england.codes(self.england.pcts, quarter)
        no_pct = rng.random(count) < settings.no_pct_share
        is_dummy = (rows["order"] == 1) & (rng.random(count) < settings.dummy_admission_share)
        end = np.where(rows["is_finished"], rows["end"], NO_DATE)
        is_end = (rows["is_last"] & rows["is_finished"]).to_numpy()
        specialties = [*self.casemix.table["specialty"], "&"]
        no_specialty = rng.random(count) < settings.unknown_specialty_share
        specialty = coded(
            np.where(no_specialty, len(specialties) - 1, rows["case_type"]), specialties
        )
        return pd.DataFrame(
            {
                "FYEAR": coded(np.zeros(count, int), [year]),
                "PSEUDO_HESID": people.pseudonyms(
                    person, rng.random(count) < settings.no_person_share
                ),
                "PROCODE3": coded(trust, trust_codes),
                "PROCODE5": coded(trust, _suffixed(trust_codes, "00")),
                "SITETRET": coded(trust, _suffixed(trust_codes, "01")),
                "PROVSPNOPS": rows["spell"],
                "ADMIDATE": dates(np.where(is_dummy, DUMMY_DAY, rows["admission"])),
                "DISDATE": dates(np.where(is_end, end, NO_DATE)),
                "EPISTART": dates(rows["start"].to_numpy()),
                "EPIEND": dates(end),
                "EPIORDER": rows["order"],
                "EPISTAT": chosen([(~rows["is_finished"], "1")], "3"),
                **self._classification(rng, rows),
                **_discharge(rows, is_end),
                "ADMINCAT": chosen([(rows["is_private"], "02")], "01"),
                "SEX": people.sex(person),
                "STARTAGE": people.coded_age(person, self._kind(rows) == "birth"),
                "MAINSPEF": specialty,
                "TRETSPEF": specialty,
                "CONSULT": self._consultants(rows),
                "PCTCODE_HIS": coded(np.where(no_pct, -1, pct), pct_codes),
                "RESPCT_HIS": coded(pct, pct_codes),
                "GPPRAC": people.practices(pct, person),
                "IMD04_QUINTILE": people.quintile(person),
                **self._diagnoses(rng, rows),
                **self._operations(rng, rows),
                "SUSHRG": self._hrgs(rng, rows),
            }
        )

    def _kind(self, rows: pd.DataFrame) -> np.ndarray:
        return self.casemix.table["admission"].to_numpy()[rows["case_type"]]

    def _classification(
        self, rng: np.random.Generator, rows: pd.DataFrame
    ) -> dict[str, pd.Categorical]:
        kind = self._kind(rows)
        is_ordinary, is_day_case = rows["is_ordinary"], rows["is_day_case"]
        name = self.casemix.table["case_type"].to_numpy()[rows["case_type"]]
        is_night, is_delivery = name == "night_attender", name == "delivery"
        is_elective_stay = is_ordinary & (kind == "elective")
        failed = is_elective_stay & (rng.random(len(rows)) < self.parameters.failed_day_case_share)
        return {
            "EPITYPE": chosen(
                [(is_delivery, "2"), (kind == "maternity", "5"), (kind == "birth", "3")], "1"
            ),
            "ADMIMETH": coded(rows["method"].to_numpy(), self.episodes.methods.items),
            "ADMISORC": chosen([(kind == "birth", "79"), (kind == "transfer", "51")], "19"),
            "CLASSPAT": chosen([(is_ordinary, "1"), (is_day_case, "2"), (is_night, "4")], "3"),
            "INTMANIG": chosen(
                [
                    (failed | is_day_case, "2"),
                    (is_elective_stay, "1"),
                    (is_night, "5"),
                    (kind == "regular", "4"),
                ],
                "8",
            ),
        }

    def _consultants(self, rows: pd.DataFrame) -> pd.Categorical:
        """A made-up number for each trust, specialty and consultant within."""
        specialties, specialty = np.unique(self.casemix.table["specialty"], return_inverse=True)
        number = rows["trust"].to_numpy().astype(int) * len(specialties)
        number = (number + specialty[rows["case_type"]]) * self.episodes.parameters.consultants
        numbers, position = np.unique(number + rows["consultant"], return_inverse=True)
        # The factor is prime to ten million, so that no two consultants share a number.
        return coded(position, [f"C{n * 6_180_339 % 10_000_000:07d}" for n in numbers])

    def _diagnoses(self, rng: np.random.Generator, rows: pd.DataFrame) -> dict[str, pd.Categorical]:
        codes = [*self.casemix.diagnoses.items, UNKNOWN_DIAGNOSIS]
        primary = rows["diagnosis"].to_numpy()
        is_unknown = rng.random(len(rows)) < self._no_diagnosis[rows["trust"]]
        # Half of what is not coded is left empty, half says so.
        unknown = np.where(rng.random(len(rows)) < 0.5, len(codes) - 1, -1)
        columns = {"DIAG_4_01": coded(np.where(is_unknown, unknown, primary), codes)}
        for place in range(2, SECONDARY_DIAGNOSES + 2):
            position = rows[f"secondary_{place:02d}"].to_numpy()
            columns[f"DIAG_4_{place:02d}"] = coded(
                np.where(is_unknown, -1, position), self.episodes.secondary_codes
            )
        return columns

    def _operations(
        self, rng: np.random.Generator, rows: pd.DataFrame
    ) -> dict[str, pd.Categorical]:
        """Procedures, on the dominant episode, and the date of the first, at times faulty."""
        has_operation = (rows["is_dominant"] & (rows["operation"] >= 0)).to_numpy()
        codes = [*self.casemix.operations.items, NO_OPERATION]
        position = np.where(has_operation, rows["operation"], len(codes) - 1)
        columns = {"OPERTN_4_01": coded(position, codes)}
        for place in range(2, FURTHER_OPERATIONS + 2):
            position = np.where(has_operation, rows[f"further_{place:02d}"], -1)
            columns[f"OPERTN_4_{place:02d}"] = coded(position, self.episodes.further_codes)
        admission = rows["admission"].to_numpy()
        day = admission + rows["wait"].to_numpy()
        is_faulty = rng.random(len(rows)) < self._faulty_date[rows["trust"]]
        # Half of the faulty dates are missing, a quarter dummies, a quarter before the admission.
        fault = rng.integers(4, size=len(rows))
        faulty = np.select([fault < 2, fault == 2], [NO_DATE, DUMMY_DAY], admission - 20)
        day = np.where(is_faulty, faulty, day)
        columns["OPDATE_01"] = dates(np.where(has_operation, day, NO_DATE))
        return columns

    def _hrgs(self, rng: np.random.Generator, rows: pd.DataFrame) -> pd.Categorical:
        codes = [*self.casemix.hrgs.items, UNGROUPED_HRG]
        is_uncoded = rng.random(len(rows)) < self._uncoded[rows["trust"]]
        uncoded = np.where(rng.random(len(rows)) < 0.5, len(codes) - 1, -1)
        return coded(np.where(is_uncoded, uncoded, rows["hrg"]), codes)


def _discharge(rows: pd.DataFrame, is_end: np.ndarray) -> dict[str, pd.Categorical]:
    """How and where to; before the end of the spell this does not apply."""
    is_dead = rows["is_dead"] & is_end
    return {
        "DISMETH": chosen([(~is_end, "8"), (is_dead, "4"), (rows["left_early"], "2")], "1"),
        "DISDEST": chosen([(~is_end, "98"), (is_dead, "79")], "19"),
    }


def _suffixed(codes: list[str | None], suffix: str) -> list[str | None]:
    return [code and code + suffix for code in codes]
