"""How fields of care are filled, and scores of that (page on data quality, Q5)."""

from collections import Counter
from collections.abc import Iterable
from statistics import mean

from reference.contracts import ACCEPTED
from reference.flags import UNKNOWN_CONSULTANTS, Row
from reference.parsing import DUMMY_DATES, alike, to_date, to_integer
from reference.quarters import label

STATES = ("valid", "default", "invalid", "missing")
COLUMNS = {
    "hes_apc": {
        "date": ("ADMIDATE", "DISDATE", "EPISTART", "EPIEND", "SUBDATE"),
        "integer": ("EPIKEY", "EPIORDER", "STARTAGE", "IMD04_QUINTILE"),
        "code": (
            *("EPISTAT", "ADMIMETH", "CLASSPAT", "SEX", "EPITYPE", "DISMETH", "ADMINCAT"),
            *("MAINSPEF", "TRETSPEF", "OPERTN_4_01", "SUSHRG", "DIAG_4_01", "CONSULT"),
            *("PROCODE3", "PCTCODE_HIS"),
        ),
    },
    "hes_op": {
        "date": ("APPTDATE", "REQDATE", "SUBDATE"),
        "integer": ("ATTENDKEY", "APPTAGE", "IMD04_QUINTILE"),
        "code": (
            *("SEX", "ATTENDED", "FIRSTATT", "REFSOURC", "TRETSPEF", "MAINSPEF", "ADMINCAT"),
            *("CONSULT", "SUSHRG", "PROCODE3", "PCTCODE_HIS"),
        ),
    },
}
COLUMNS["hes_apc"]["date"] += tuple(f"OPDATE_{n:02}" for n in range(1, 25))
SCORED = {
    "hes_apc": (
        *("PROCODE3", "ADMIDATE", "EPISTART", "EPIEND", "ADMIMETH", "CLASSPAT", "SEX"),
        *("STARTAGE", "DIAG_4_01", "SUSHRG", "TRETSPEF", "CONSULT", "PCTCODE_HIS"),
    ),
    "hes_op": (
        *("PROCODE3", "APPTDATE", "ATTENDED", "FIRSTATT", "REFSOURC", "SEX", "APPTAGE"),
        *("TRETSPEF", "PCTCODE_HIS"),
    ),
}
# Codes that say "not known".
DEFAULTS = {
    "SEX": ("0", "9"),
    "STARTAGE": (999,),
    "APPTAGE": (999,),
    "TRETSPEF": ("&",),
    "MAINSPEF": ("&",),
    "OPERTN_4_01": ("&",),
    "CONSULT": tuple(UNKNOWN_CONSULTANTS),
    "CLASSPAT": ("8", "9"),
    "ATTENDED": ("9",),
    "FIRSTATT": ("9", "X"),
    "REFSOURC": ("99",),
    "DISMETH": ("9",),
}
FIRST_LETTERS_OF_DEFAULTS = {"SUSHRG": "U", "DIAG_4_01": "R69"}
TWO_DIGITS = ("ADMINCAT", "REFSOURC")
# Beside those of contracts that other rules read by.
ACCEPTED_HERE = {
    "DISMETH": tuple("123456789"),
    "ADMINCAT": ("01", "02", "03", "04", "98", "99"),
    "IMD04_QUINTILE": (1, 2, 3, 4, 5),
}
# The share of records that may be a default: none.
DEFAULT_THRESHOLD = 0.0


def state(feed: str, column: str, fields: dict) -> str:
    """Which of the four a field is: missing, then default, invalid, valid."""
    text = fields.get(column)
    if text is None:
        return "missing"
    if column in COLUMNS[feed]["date"]:
        day = to_date(text)
        return "default" if day in DUMMY_DATES else "invalid" if day is None else "valid"
    if column in COLUMNS[feed]["integer"]:
        value = to_integer(text)
    else:
        value = alike(text)
        if column in TWO_DIGITS:
            value = value.zfill(2)
    if value in DEFAULTS.get(column, ()):
        return "default"
    beginning = FIRST_LETTERS_OF_DEFAULTS.get(column)
    if beginning is not None and value.startswith(beginning):
        return "default"
    accepted = ACCEPTED_HERE.get(column, ACCEPTED.get(column))
    is_accepted = value is not None and (accepted is None or value in accepted)
    return "valid" if is_accepted else "invalid"


def of_rows(feed: str, rows: list[Row]) -> dict[str, Counter]:
    """How often each field of a feed is each of the four."""
    names = [column for columns in COLUMNS[feed].values() for column in columns]
    return {name: Counter(state(feed, name, row.fields) for row in rows) for name in names}


def as_table(code: str, feed: str, quarter: int, found: dict[str, Counter]) -> list[dict]:
    """Rows of dq_field_quality of an organisation, feed and quarter."""
    return [
        {
            "organisation_code": code,
            "feed": feed,
            "quarter": label(quarter),
            "field": name,
            "n_records": counts.total(),
        }
        | {f"n_{kind}": counts[kind] for kind in STATES}
        | {"item_score": item_score(counts) if name in SCORED[feed] else None}
        for name, counts in found.items()
    ]


def item_scores(feed: str, found: dict[str, Counter]) -> list[float]:
    """The scores of the scored fields; none of a feed without rows."""
    return [item_score(found[name]) for name in SCORED[feed] if found[name].total()]


def item_score(counts: Counter) -> float:
    """The share of rows in which a field is of use, of at least one row."""
    allowed = min(counts["default"], DEFAULT_THRESHOLD * counts.total())
    return (counts["valid"] + allowed) / counts.total()


def score(items: list[float], coverages: Iterable[float]) -> float | None:
    """Mean of items times mean of coverages in percent; null of no item."""
    return mean(items) * mean(coverages) * 100 if items else None
