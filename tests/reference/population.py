"""The population of PCTs by age, sex and deprivation (Rulebook 1.5, 5.4)."""

from collections import Counter, defaultdict

from reference.organisations import Register
from reference.parsing import to_integer, to_number
from reference.submissions import Submission

OLDEST_BAND = 17
BANDS = {f"{5 * n}-{5 * n + 4}": n for n in range(OLDEST_BAND)} | {"85+": OLDEST_BAND}

# The number of the age band, sex, deprivation quintile.
Stratum = tuple[int, int, int]


def stratum(age: int | None, sex: int | None, deprivation: int | None) -> Stratum | None:
    """The stratum of a patient, None where a part of it is unknown (Rulebook 3.6)."""
    if age is None or sex not in (1, 2) or deprivation not in range(1, 6):
        return None
    return min(age // 5, OLDEST_BAND), sex, deprivation


class Population:
    """The population by PCT and year, of the latest extract of each (Rulebook 1.5)."""

    def __init__(self, submissions: list[Submission], register: Register) -> None:
        self.register = register
        self.by_year: dict[str, dict[int, Counter[Stratum]]] = defaultdict(dict)
        for submission in sorted(submissions, key=lambda s: (s.extract_date, s.landed)):
            if submission.feed == "population":
                for (pct, year), people in self._people(submission).items():
                    self.by_year[pct][year] = people

    def _people(self, submission: Submission) -> dict[tuple[str, int], Counter[Stratum]]:
        """The rows of a submission added up, without those of unknown organisations."""
        people = defaultdict(Counter)
        for row in submission.rows:
            if self.register.known(row["PCT_CODE"]):
                key = (self.register.resolved(row["PCT_CODE"]), to_integer(row["YEAR"]))
                band, sex = BANDS.get(row["AGE_BAND"]), to_integer(row["SEX"])
                cell = (band, sex, to_integer(row["IMD_QUINTILE"]))
                people[key][cell] += to_number(row["POPULATION"]) or 0.0
        return people

    def of(self, quarter: int) -> dict[str, Counter[Stratum]]:
        """By PCT as mapped for the quarter: each of its old ones in its own year, added up.

        Rulebook 5.4.

        The year is the latest not after the first of the financial year, else the earliest.
        """
        people = defaultdict(Counter)
        for pct, by_year in self.by_year.items():
            past = [year for year in by_year if year <= quarter // 4]
            year = max(past) if past else min(by_year)
            people[self.register.mapped(pct, quarter)].update(by_year[year])
        return people

    def from_age(self, age: int, quarter: int) -> dict[str, float]:
        """By PCT as above, the people of the age or older; age is the first of a band.

        Rulebook 5.19.
        """
        return {
            pct: sum(
                n for (band, _, _), n in people.items() if band is not None and band >= age // 5
            )
            for pct, people in self.of(quarter).items()
        }
