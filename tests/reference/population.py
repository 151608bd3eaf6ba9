"""The population of PCTs by age, sex and deprivation (Rulebook 1.5, 5.4)."""

from collections import Counter, defaultdict

from reference.organisations import Register
from reference.parsing import OLDEST_BAND, to_age_band, to_integer
from reference.submissions import Row, Submission, figure

BANDS = {f"{5 * n}-{5 * n + 4}": n for n in range(OLDEST_BAND)} | {"85+": OLDEST_BAND}

# The number of the age band, sex, deprivation quintile.
Stratum = tuple[int, int, int]


def stratum(age: int | None, sex: int | None, deprivation: int | None) -> Stratum | None:
    """The stratum of a patient, None where a part of it is unknown (Rulebook 3.6)."""
    if age is None or sex not in (1, 2) or deprivation not in range(1, 6):
        return None
    return min(age // 5, OLDEST_BAND), sex, deprivation


# Band and sex of which there has to be a population (N01).
Cell = tuple[int, int]
CELLS = {(band, sex) for band in BANDS.values() for sex in (1, 2)}


class Population:
    """The population by PCT and year, of the latest extract of each (Rulebook 1.5)."""

    def __init__(self, submissions: list[Submission], register: Register) -> None:
        self.register = register
        self.by_year: dict[str, dict[int, Counter[Stratum]]] = defaultdict(dict)
        # Of the same, the cells in which all that is given can be read.
        self.cells: dict[tuple[str, int], set[Cell]] = {}
        # All rows that stand for a PCT and year, by the codes that they have.
        self.landed: dict[tuple[str, int | None], tuple[Submission, list[Row]]] = {}
        for submission in sorted(submissions, key=lambda s: (s.extract_date, s.landed)):
            if submission.feed == "population":
                for (pct, year), rows in self._rows(submission).items():
                    self.by_year[pct][year] = _people(rows)
                    self.cells[pct, year] = _whole_cells(rows)
                together = defaultdict(list)
                for row in submission.rows:
                    together[self._place(row)].append(row)
                for place, rows in together.items():
                    self.landed[place] = submission, rows

    def _place(self, row: Row) -> tuple[str, int | None]:
        """PCT and year of a row, whoever the PCT is."""
        return self.register.resolved(row["PCT_CODE"] or ""), to_integer(row["YEAR"])

    def standing(self, quarter: int) -> dict[str, list[tuple[Row, bool]]]:
        """By PCT as mapped, the rows of the years that count; with whether D01 takes each."""
        found = defaultdict(list)
        for pct, year in self._years(quarter).items():
            _, rows = self.landed[pct, year]
            found[self.register.mapped(pct, quarter)] += repeated(rows)
        return found

    def _rows(self, submission: Submission) -> dict[tuple[str, int], list[Row]]:
        """The rows of a submission by PCT and year, identical ones once.

        Not those of unknown organisations, nor of a category that is none: they count nowhere.
        """
        rows, seen = defaultdict(list), set()
        for row in submission.rows:
            year = to_integer(row["YEAR"])
            if row["_RECEIVED"] in seen or year is None or not self.register.known(row["PCT_CODE"]):
                continue
            seen.add(row["_RECEIVED"])
            found = zip((row["AGE_BAND"], row["SEX"], row["IMD_QUINTILE"]), _cell(row), strict=True)
            if all(text is None or code is not None for text, code in found):
                rows[self.register.resolved(row["PCT_CODE"]), year].append(row)
        return rows

    def _years(self, quarter: int) -> dict[str, int]:
        """The year of each PCT: the latest not after the financial year's first, else its first."""
        years = {}
        for pct, by_year in self.by_year.items():
            past = [year for year in by_year if year <= quarter // 4]
            years[pct] = max(past) if past else min(by_year)
        return years

    def lacking(self, quarter: int) -> dict[str, int]:
        """By PCT as mapped for the quarter, how many of the 36 cells one of its codes lacks (N01).

        A cell is lacking where it has no row, or one whose population cannot be read.
        """
        lacking = defaultdict(set)
        for pct, year in self._years(quarter).items():
            lacking[self.register.mapped(pct, quarter)] |= CELLS - self.cells[pct, year]
        return {pct: len(cells) for pct, cells in lacking.items()}

    def of(self, quarter: int) -> dict[str, Counter[Stratum]]:
        """By PCT as mapped for the quarter: each of its old ones in its own year, added up.

        Rulebook 5.4.

        The year is the latest not after the first of the financial year, else the earliest.
        """
        people = defaultdict(Counter)
        for pct, year in self._years(quarter).items():
            people[self.register.mapped(pct, quarter)].update(self.by_year[pct][year])
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


def repeated(rows: list[Row]) -> list[tuple[Row, bool]]:
    """The rows of a submission, each with whether it repeats an earlier one as received (D01)."""
    found, seen = [], set()
    for row in sorted(rows, key=lambda row: row["_LINE"]):
        found.append((row, row["_RECEIVED"] in seen))
        seen.add(row["_RECEIVED"])
    return found


def _cell(row: Row) -> Stratum:
    """Band, sex and quintile of a row, each null where it is none."""
    sex, quintile = to_integer(row["SEX"]), to_integer(row["IMD_QUINTILE"])
    return (
        to_age_band(row["AGE_BAND"]),
        sex if sex in (1, 2) else None,
        quintile if quintile in range(1, 6) else None,
    )


def _people(rows: list[Row]) -> Counter[Stratum]:
    people = Counter()
    for row in rows:
        people[_cell(row)] += figure(row, "POPULATION") or 0.0
    return people


def _whole_cells(rows: list[Row]) -> set[Cell]:
    """The cells that have a row and none that cannot be read."""
    unread = {_cell(row)[:2] for row in rows if figure(row, "POPULATION") is None}
    return {_cell(row)[:2] for row in rows} - unread
