"""Months and NHS quarters as running numbers, so that the next one is always one more.

A month is 12 x year + 0 to 11 (January is 0); a quarter is 4 x the year its financial year
starts in + 0 to 3 (April to June is 0).
"""

import re
from datetime import date, timedelta


def month_number(year: int, month: int) -> int:
    """The running number of a month, given as in a date (January is 1)."""
    return year * 12 + month - 1


def month_of(day: date) -> int:
    """The month a day lies in."""
    return month_number(day.year, day.month)


def first_day_of_month(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def quarter_of_month(month: int) -> int:
    """The NHS quarter a month lies in."""
    return (month - 3) // 3


def quarter_of(day: date) -> int:
    """The NHS quarter a day lies in."""
    return quarter_of_month(month_of(day))


def months_of(quarter: int) -> range:
    """The three months of a quarter."""
    return range(quarter * 3 + 3, quarter * 3 + 6)


def twelve_months_to(quarter: int) -> range:
    """The twelve months that end with a quarter (Rulebook 5.9)."""
    return range(months_of(quarter)[-1] - 11, months_of(quarter)[-1] + 1)


def financial_year_to(quarter: int) -> range:
    """The months from the first of the quarter's financial year to its own last (Rulebook 5.13)."""
    return range(months_of(quarter // 4 * 4)[0], months_of(quarter)[-1] + 1)


def first_day(quarter: int) -> date:
    """The first day of a quarter."""
    return first_day_of_month(months_of(quarter)[0])


def last_day(quarter: int) -> date:
    """The last day of a quarter."""
    return first_day_of_month(months_of(quarter)[-1] + 1) - timedelta(days=1)


def financial_year(start: int) -> str:
    """A financial year as written in files: 2006 is 2006-07."""
    return f"{start}-{(start + 1) % 100:02}"


def label(quarter: int) -> str:
    """A quarter as the tables write it: 2006-07 Q1."""
    return f"{financial_year(quarter // 4)} Q{quarter % 4 + 1}"


def from_label(text: str) -> int:
    """The quarter of a label; ValueError for anything else."""
    match = re.fullmatch(r"(\d{4})-\d\d Q([1-4])", text)
    if match is None:
        raise ValueError(f"{text!r} is no quarter")
    return int(match[1]) * 4 + int(match[2]) - 1
