"""The fixed words of scorecards: what they are, how they are read, what states are called."""

from collections.abc import Mapping
from typing import Any

from publication.release_data import Facts

SHA_ENDING = " Strategic Health Authority"
TYPES = {
    "acute": "Acute trust",
    "acute_ft": "Acute foundation trust",
    "acute_specialist": "Acute specialist trust",
    "pct": "Primary care trust",
    "ccg": "Clinical commissioning group",
    "icb": "Integrated care board",
}
DIRECTIONS = {
    "lower": "lower is better",
    "higher": "higher is better",
    "context": "for context, neither is better",
}
# After an amount that the total as published does not have.
APART = "†"
FLAGS = {"concern": "Cause for concern", "watch": "Watch"}
VARIATIONS = {"improvement": "improving", "concern": "getting worse"}
# Not strftime's, which are of the machine's language.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_STATUSES = {
    "withheld": "withheld",
    "not_submitted": "not submitted",
    "unusable": "not usable",
    "not_applicable": "not applicable",
}
INTRODUCTION = (
    "These indicators show where an organisation uses more beds, staff or money than the best"
    " quarter of its peers, and what a year at that level would be worth. They are not targets and"
    " make no league table: they say where to ask why, and the answer may be the patients, the"
    " coding or the data."
)
SYNTHETIC = "Synthetic data: every figure is made up and describes no real organisation."
RESTRICTED = "RESTRICTED: internal figures, not suppressed, not rounded, not to be passed on."


# What the back page explains; the last is of public releases alone.
READING = (
    (
        "Best quarter",
        "the value that a quarter of the eligible organisations of the kind in England reach or"
        " better. The gap to it, times a price, times four is the £ a year; nobody who is better"
        " makes up for another.",
    ),
    (
        "Rank",
        "1st is best, ties share a rank; specialist trusts are ranked among themselves. Quarters of"
        " ranks are those of the best, 2nd, 3rd and last fourth of the eligible organisations.",
    ),
    (
        "As published and netted",
        "as published, amounts are added up as they were in 2006. Days before an operation are part"
        " of the length of stay too; netted, the smaller of the two amounts is left out.",
    ),
    (
        "Cause for concern",
        "in the last quarter of peers, and further out than chance explains, now and before or with"
        " a trend for the worse. Watch: a weaker sign of the same. Neither is a judgement.",
    ),
    (
        "Where to start",
        "the amounts that are least likely to be chance, largest first.",
    ),
    (
        "Without a figure",
        "nought is a figure. Not submitted: no data came. Withheld: the data failed a check, named"
        " in the note, and are not to be believed. Not applicable: no case to measure.",
    ),
    (
        "Suppressed and rounded",
        "a figure of 1 to 7 cases is hidden with all that would give it away. Counts are rounded to"
        " 5 and £ to 1,000; values have one decimal. Sums are of what is shown.",
    ),
)


def banners_of(facts: Facts) -> list[str]:
    """What every page says on top: that figures are made up, or not for the public."""
    return ([RESTRICTED] if facts.is_restricted else []) + (
        [SYNTHETIC] if facts.is_synthetic else []
    )


def release_words(facts: Facts) -> str:
    """Which release a page was made of."""
    day = facts.published_at
    return f"Release {facts.release}, published {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_status(row: Mapping[str, Any]) -> str:
    """Why there is no figure, in a word or two that fit where the figure would stand."""
    if row["disclosure_status"] == "suppressed":
        return "suppressed"
    return SHORT_STATUSES.get(row["publication_status"], "no figure")
