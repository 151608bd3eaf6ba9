"""What became of every row of every submission (page on data quality, Q4)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reference import appointments, episodes
from reference.dimensions import REFERENCE_FEEDS
from reference.organisations import Register
from reference.parsing import to_integer, upper
from reference.population import repeated
from reference.quarters import label, quarter_of_month
from reference.rows import (
    ORGANISATION_COLUMNS,
    MonthlyRow,
    judge,
    known_code,
    month_of_row,
)
from reference.submissions import Row, Submission, effective

# In place of a value that may be any.
FREE = object()
# What is beside a rule that takes a row.
IN_USE, SUPERSEDED, SET_ASIDE = "in use", "superseded", "set aside"
RULES = ("A01", "A03", "A06", "D01", "F01", "O01", "ORG", "P02", "T01")
CARE = {"hes_apc": episodes, "hes_op": appointments}
KEYS = {"hes_apc": "EPIKEY", "hes_op": "ATTENDKEY"}


@dataclass(frozen=True)
class Record:
    """A landed row: what became of it (a rule, in use or superseded), whose it is, of when."""

    submission: Submission
    fields: Row
    fate: str
    code: str | None = None
    quarter: int | None = None


def of_submissions(
    submissions: list[Submission],
    register: Register,
    taken: dict[tuple[str, int], str | None],
) -> list[Record]:
    """Every row that landed; taken are the rules of those that count and have a date."""
    found = []
    for feed in sorted({submission.feed for submission in submissions}):
        own = [submission for submission in submissions if submission.feed == feed]
        if feed == "population":
            found += _population(own, register)
        elif feed in REFERENCE_FEEDS:
            found += _lists(own, "ORG_CODE" if feed == "organisations" else "OLD_CODE")
        else:
            found += _periodic(feed, own, register, taken)
    return found


def _periodic(
    feed: str,
    own: list[Submission],
    register: Register,
    taken: dict[tuple[str, int], str | None],
) -> list[Record]:
    counting = effective(own, feed)
    in_some_month = {submission.id for submission in counting.values()}
    month_of = CARE[feed].month_of_row if feed in CARE else month_of_row(feed)
    found, undated = [], []
    for submission in own:
        for row in submission.rows:
            code, month = _code(feed, row, register), month_of(row)
            quarter = None if month is None else quarter_of_month(month)
            if code is not None and quarter is not None:
                mapped = register.mapped(code, quarter)
            else:
                mapped = code
            if month is None:
                is_effective = submission.id in in_some_month
            else:
                is_effective = counting.get((month, submission.sender)) is submission
            if _is_misdated(feed, row, submission, month):
                fate = "A06"
            elif not is_effective:
                fate = SUPERSEDED
            elif code is None:
                fate = "ORG"
            elif month is None:
                undated.append((submission, row, code))
                continue
            else:
                fate = taken[submission.id, row["_LINE"]] or IN_USE
            found.append(Record(submission, row, fate, mapped, quarter))
    return found + _undated(feed, undated)


def _undated(feed: str, rows: list[tuple[Submission, Row, str]]) -> list[Record]:
    """Rows without a date of submissions that count in some month; of care none is a duplicate."""
    judged = [MonthlyRow(s, None, "", code, row) for s, row, code in rows]
    if feed not in CARE:
        judge(judged)
    return [Record(r.submission, r.fields, r.rule or IN_USE, r.code) for r in judged]


def _is_misdated(feed: str, row: Row, submission: Submission, month: int | None) -> bool:
    """A06: outside the period, or in care after the extract."""
    is_outside = month is not None and month not in submission.months
    return is_outside or (feed in CARE and CARE[feed].is_after_extract(row, submission))


def _code(feed: str, row: Row, register: Register) -> str | None:
    """The organisation of a row, null where it is unknown."""
    if feed not in CARE:
        column = ORGANISATION_COLUMNS.get(feed, "ORG_CODE")
        return known_code(feed, row, row[column], register)
    code = register.body(row["PROCODE3"])
    return code if register.known(code) else None


def _population(own: list[Submission], register: Register) -> list[Record]:
    """Of each PCT and year the latest extract stands; of its rows those that repeat none."""

    def place(row: Row) -> tuple:
        return register.resolved(row["PCT_CODE"] or ""), to_integer(row["YEAR"])

    latest = _latest(own, place)
    found = []
    for submission in own:
        for row, is_repeated in repeated(submission.rows):
            code = place(row)[0]
            fate = "D01" if is_repeated else IN_USE
            if latest[place(row)][0] is not submission:
                fate = SUPERSEDED
            found.append(Record(submission, row, fate, code if register.known(code) else None))
    return found


def _lists(own: list[Submission], column: str) -> list[Record]:
    """Of each code one row stands, the first of the latest extract; what names nobody never."""
    latest = _latest(own, lambda row: upper(row[column]))
    found = []
    for submission in own:
        for row in submission.rows:
            code = upper(row[column])
            stands = code is not None and latest[code][1] is row
            found.append(Record(submission, row, IN_USE if stands else SUPERSEDED))
    return found


def _latest(
    own: list[Submission], place: Callable[[Row], object]
) -> dict[object, tuple[Submission, Row]]:
    """The submission, and its first row, of the latest extract by place (Rulebook 1.5)."""
    latest = {}
    for submission in sorted(own, key=lambda s: (s.extract_date, s.landed)):
        for row in reversed(submission.rows):
            latest[place(row)] = submission, row
    return latest


def submissions(landed: Iterable[Submission], records: list[Record]) -> list[dict]:
    """Rows of dq_submissions, without what the landing says of its time and of the profile."""
    fates = defaultdict(Counter)
    for record in records:
        fates[record.submission.id][record.fate] += 1
    landed = list(landed)
    in_some_month = {
        submission.id
        for feed in {submission.feed for submission in landed} - REFERENCE_FEEDS
        for submission in effective(landed, feed).values()
    }
    rows = []
    for submission in landed:
        own = fates[submission.id]
        is_list = submission.feed in REFERENCE_FEEDS
        stands = any(own[fate] for fate in (IN_USE, *RULES))
        rows.append(
            {
                "submission_id": submission.id,
                "feed": submission.feed,
                "sender": submission.sender,
                "file_name": submission.name,
                "period": submission.period,
                "extract_date": submission.extract_date,
                "is_effective": stands if is_list else submission.id in in_some_month,
                "n_lines": submission.n_lines,
                "n_rejected": submission.n_rejects,
                "n_landed": len(submission.rows),
                "n_superseded": own[SUPERSEDED] + own[SET_ASIDE],
                "n_quarantined": sum(own[rule] for rule in RULES),
                "n_in_use": own[IN_USE],
            }
            | {f"n_{rule.lower()}": own[rule] for rule in RULES}
        )
    return rows


def quarantined(records: list[Record]) -> list[dict]:
    """Rows of dq_quarantined_records."""
    return [
        {
            "feed": record.submission.feed,
            "submission_id": record.submission.id,
            "line_number": record.fields["_LINE"],
            "record_key": _key(record),
            "rule_id": record.fate,
            "organisation_code": record.code,
            "quarter": None if record.quarter is None else label(record.quarter),
            "record": {name: text for name, text in record.fields["_ALL"].items() if text},
        }
        for record in records
        if record.fate in RULES
    ]


def _key(record: Record) -> object:
    """The record's own key: a number, or what was received; how several parts are told is free."""
    if record.submission.feed not in KEYS:
        return FREE
    text = record.fields[KEYS[record.submission.feed]]
    number = to_integer(text)
    return upper(text) if number is None else str(number)
