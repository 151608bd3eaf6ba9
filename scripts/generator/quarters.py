"""Quarters of the financial year, April to March."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

# Extracts were taken seven to eight weeks after a quarter: 2006-08-22 for April to June 2006.
EXTRACT_DELAY_DAYS = 53

# Trends count from the first quarter that was published, whichever quarters are asked for.
BASE_YEAR = 2006


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter: the calendar year in which its financial year starts, and its number, 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """The quarter written 2006-07q1; raises ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})q([1-4])", text, re.ASCII)
        if not match or int(match[2]) != (int(match[1]) + 1) % 100:
            raise ValueError(f"'{text}' is no quarter; 2006-07q1 is")
        return cls(int(match[1]), int(match[3]))

    @property
    def index(self) -> int:
        """Quarters since 2006-07 Q1, which is 0."""
        return 4 * (self.year - BASE_YEAR) + self.number - 1

    def plus(self, quarters: int) -> "Quarter":
        """The quarter that many quarters later; negative: earlier."""
        years, position = divmod(self.number - 1 + quarters, 4)
        return Quarter(self.year + years, position + 1)

    @property
    def months(self) -> list[str]:
        """The three months as YYYYMM."""
        return [f"{first:%Y%m}" for first in self.month_starts]

    @property
    def month_starts(self) -> list[date]:
        """The first days of the three months."""
        year = self.year + (self.number == 4)
        first = 3 * (self.number % 4) + 1
        return [date(year, month, 1) for month in range(first, first + 3)]

    @property
    def first_day(self) -> date:
        """The first day."""
        return self.month_starts[0]

    @property
    def last_day(self) -> date:
        """The last day."""
        last = self.month_starts[-1]
        return last.replace(day=calendar.monthrange(last.year, last.month)[1])

    @property
    def days(self) -> int:
        """Days in the quarter."""
        return (self.last_day - self.first_day).days + 1

    @property
    def extract_date(self) -> date:
        """The day on which the quarter's extracts are taken."""
        return self.last_day + timedelta(days=EXTRACT_DELAY_DAYS)

    @property
    def financial_year(self) -> str:
        """The financial year as a period: fy2006-07."""
        return f"fy{self.year}-{(self.year + 1) % 100:02d}"

    @property
    def period(self) -> str:
        """The quarter as a period: fy2006-07q1."""
        return f"{self.financial_year}q{self.number}"


def days_in_month(month_start: date) -> int:
    """Days of the month that starts on a day."""
    return calendar.monthrange(month_start.year, month_start.month)[1]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


# The first quarter that extracts are made for.
OPENING_QUARTER = Quarter(2006, 1)
