"""Bounds of what is taken, in one place. docs/settings.md lists them."""

from datetime import date

# First year that a period or a date of a row may lie in. Every dummy date lies before it.
FIRST_YEAR = 1990

# A file of which more is unusable, by share of its rows or lines, is refused whole.
REFUSED_SHARE = 0.5

# Files of fewer rows may say one record key in most of them.
FEW_ROWS = 10


def last_day() -> date:
    """Last day that a period may have: the end of next year."""
    return date(date.today().year + 1, 12, 31)
