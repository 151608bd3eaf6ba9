"""What files have in them as they come: other forms of a value, and values that cannot be read.

Every form is of a file that lands: what is refused whole is none of the results' business.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reference.contracts import ACCEPTED, ALSO_CALLED

NULLS = ("NULL", "N/A", "#N/A", "NA", "NaN", "None", "null", "n/a")
SUPPRESSED = ("*", "-", "..", ":", "c", "x", "[c]", "[x]", "[z]", ".")
UNREADABLE = (*SUPPRESSED, "n/k", "12,34", "1.2.3")
MONTH_COLUMNS = {"PERIOD", "MONTH", "YEAR_MONTH"}
# Codes of which none may be null, so that a row is not another's for a word.
CODES_IN_WORDS = {"CATEGORY", "LEAVING_REASON", "TYPE"}
NO_CODES = {
    "EPISTAT": ("2", "7"),
    "CLASSPAT": ("7", "0"),
    "ADMIMETH": ("33", "2E", "10"),
    "SEX": ("M", "3", "F"),
    "EPITYPE": ("7", "x"),
    "ATTENDED": ("8", "1"),
    "FIRSTATT": ("6", "Y"),
    "LEAVING_REASON": ("Other", "unknown"),
}
ORGANISATION_COLUMNS = {"PROCODE3", "ORG_CODE", "REPORTING_ORG_CODE"}
TITLES = ("Published statistics", "Crown copyright, 2018", "", "Table 1")
FEEDS_WITH_REPEATS = {
    "epact",
    "epd",
    "esr_absence",
    "nhse_sickness",
    "esr_movement",
    "nhse_turnover",
    "finance",
    "bppc",
    "procurement",
    "population",
}
# Columns whose numbers are written in other forms; keys and codes that are numbers are not.
FIGURES = {
    "ITEMS",
    "QUANTITY",
    "TOTAL_QUANTITY",
    "NIC",
    "ACT_COST",
    "FTE_DAYS_LOST",
    "FTE_DAYS_AVAILABLE",
    "HEADCOUNT_START",
    "HEADCOUNT_END",
    "HC",
    "TOTAL_PAY",
    "PAY_AGENCY",
    "CLOSING_CASH",
    "CLOSING_CASH_PLAN",
    "SURPLUS",
    "SURPLUS_PLAN",
    "TURNOVER_ANNUAL",
    "INVOICES_PAID_N",
    "INVOICES_PAID_GBP",
    "WITHIN_TARGET_N",
    "WITHIN_TARGET_GBP",
    "ADDRESSABLE_SPEND_GBP",
    "FRAMEWORK_SPEND_GBP",
    "POPULATION",
}


@dataclass
class Sender:
    """How the sender of a file writes: in what words, layout and forms.

    dirt is how much of everything there is, 0 for a file without any.
    """

    rng: random.Random
    feed: str
    delimiter: str
    dirt: float
    layouts: bool

    def has_layout(self, probability: float) -> bool:
        """Whether a layout of the probability given is the file's."""
        return self.happens(probability) and self.layouts

    def happens(self, probability: float) -> bool:
        """Whether something of the probability given happens, all of it in a very dirty file."""
        return self.rng.random() < probability * self.dirt

    def header(self, columns: list[str]) -> list[str]:
        """The columns' names as the sender has them: a publisher's, or with blanks and capitals."""
        names = list(columns)
        if self.has_layout(0.4):
            others = {column: other for other, column in ALSO_CALLED.get(self.feed, {}).items()}
            names = [others.get(name, name) for name in names]
        if self.has_layout(0.2):
            names = [name.replace("_", self.rng.choice((" ", "-", "  "))).title() for name in names]
        return names

    def lines_above(self) -> list[str]:
        """What stands above the header, mostly nothing."""
        if self.has_layout(0.1):
            return [f"sep={self.delimiter}"]
        if self.has_layout(0.15):
            return [self.rng.choice(TITLES) for _ in range(self.rng.randint(1, 4))]
        return []

    def fitted(self, line: str, has_more: bool) -> str:
        """A line with empty fields behind the last, as spreadsheets write them."""
        return line + 2 * self.delimiter if has_more else line

    def text(self, column: str, value: object) -> str | None:
        """A value in another form that may be read as it, or null for no other form."""
        if value is None:
            return self.rng.choice(NULLS) if self.happens(0.08) else None
        if isinstance(value, date):
            return self._date(column, value) if self.happens(0.08) else None
        text = str(value)
        if column in FIGURES and isinstance(value, int | float):
            return self._figure(value) if self.happens(0.08) else None
        if column in MONTH_COLUMNS and len(text) == 6 and text.isdigit():
            return self._month(text) if self.happens(0.06) else None
        if column in ORGANISATION_COLUMNS and len(text) == 3 and self.happens(0.01):
            return text + self.rng.choice(("00", "01", "9X"))
        if column in ("PCO_CODE", "PCT_CODE") and len(text) == 3 and self.happens(0.01):
            return text + "00"
        if column in ACCEPTED and self.happens(0.02):
            return self._code(column, text)
        if column in NO_CODES and self.happens(0.003):
            return self.rng.choice(NO_CODES[column])
        if column == "AGE_BAND" and self.happens(0.06):
            return "-".join(part.zfill(2) for part in text.split("-"))
        return None

    def _date(self, column: str, day: date) -> str:
        if column == "DATE" and self.rng.random() < 0.5:
            return f"{day:%Y-%b}".upper()
        return self.rng.choice(
            (
                f"{day.day}/{day.month}/{day.year}",
                f"{day:%Y%m%d}",
                f"{day.isoformat()}T00:00:00",
                f"{day.isoformat()} 13:45:59.997",
                f"{day:%d-%b-%Y}",
                f"{day:%d-%b-%Y}".upper(),
            )
        )

    def _figure(self, value: float) -> str:
        forms = [f"£{value}", f"+{value}"] if value >= 0 else [f"({-value})"]
        if abs(value) >= 1000:
            forms = [f"{value:,}", f"£{value:,}"] if value >= 0 else [f"({-value:,})", f"{value:,}"]
        return self.rng.choice(forms)

    def _month(self, text: str) -> str:
        day = date(int(text[:4]), int(text[4:]), 1)
        forms = (f"{day:%Y_%m}", f"{day:%Y-%b}".upper(), f"{day:%b-%y}", f"{day:%b %Y}")
        return self.rng.choice(forms)

    def _code(self, column: str, text: str) -> str:
        if column in CODES_IN_WORDS:
            blank = self.rng.choice((" ", "-", "_"))
            return self.rng.choice((str.upper, str.title))(text.replace("_", blank))
        return f"{text}.0" if text.isdigit() else text.lower()

    def repeats(self) -> int:
        """How often a line stands in the file besides once."""
        if self.feed not in FEEDS_WITH_REPEATS or not self.happens(0.01):
            return 0
        return self.rng.choice((1, 1, 2))


def spoiled(rng: random.Random, rows: list[dict], columns: Iterable[str], share: float) -> None:
    """Make figures of a share of the rows, one a row, such that they cannot be read."""
    columns = list(columns)
    for row in rows:
        if rng.random() < share:
            row[rng.choice(columns)] = rng.choice((*UNREADABLE, None))
