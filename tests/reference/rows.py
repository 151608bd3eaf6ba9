"""Rows of the monthly feeds: which rule takes one, what of it cannot be read, whose it is.

Written from the page on files as they come (rules U01, D01, D02, T01, P02, F01).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass

from reference.contracts import ACCEPTED, MEASURES, RECORD_KEYS, WHOLE_NUMBERS, required
from reference.organisations import UNIDENTIFIED, Register
from reference.parsing import (
    alike,
    to_code,
    to_date,
    to_month,
    to_month_between,
    to_month_of_date,
    upper,
)
from reference.seeds import total_labels
from reference.submissions import Row, Submission, effective_rows, figure

PUBLISHED_FEEDS = ("epd", "nhse_sickness", "nhse_turnover")
ORGANISATION_COLUMNS = {
    "epact": "PCT_CODE",
    "epd": "PCO_CODE",
    "population": "PCT_CODE",
    "nhse_turnover": "REPORTING_ORG_CODE",
}
MONTH_COLUMNS = {"esr_absence": "MONTH", "esr_movement": "MONTH", "epd": "YEAR_MONTH"}
FEEDS_WITH_TOTALS = ("esr_absence", "esr_movement")
# A practice of nobody in particular, of the group before the number (00L998).
UNIDENTIFIED_PRACTICE = "998"
PRESCRIBING = ("epact", "epd")


@dataclass(eq=False)
class MonthlyRow:
    """A row of a submission that counts: its month, its organisation as sent and as read.

    One without a date has no month, and counts nowhere but among the rows of its submission.
    rule is the one that takes it, null while it is in use; is_of_a_conflict whether its key is on
    another row too (D02).
    """

    submission: Submission
    month: int | None
    sent_as: str
    code: str
    fields: Row
    rule: str | None = None
    is_of_a_conflict: bool = False

    @property
    def feed(self) -> str:
        """The feed it came in."""
        return self.submission.feed

    @property
    def is_local(self) -> bool:
        """Whether its format is not a published one (Rulebook 1.7)."""
        return self.feed not in PUBLISHED_FEEDS

    @property
    def is_present(self) -> bool:
        """Whether it is a row of its own: neither a repeated one nor a total of others."""
        return self.rule not in ("D01", "T01")

    def number(self, column: str) -> float | None:
        """The figure in a column, null where none is given or it cannot be read."""
        number = figure(self.fields, column)
        is_whole = number is None or number == int(number)
        return number if is_whole or column not in WHOLE_NUMBERS else None

    def unread(self, measures: Container[str]) -> set[str]:
        """Those of the measures that are given but cannot be read, or are required and missing."""
        return {
            column
            for column in MEASURES[self.feed]
            if column in measures
            and self.number(column) is None
            and (self.fields.get(column) is not None or column in required(self.feed))
        }

    def lacks(self, measures: Container[str]) -> bool:
        """Whether it is without one of the measures, for whatever reason."""
        return any(c in measures and self.number(c) is None for c in MEASURES[self.feed])


def rows_of(submissions: list[Submission], register: Register, feeds: Iterable[str]) -> list:
    """The rows of feeds that count, each with the rule that takes it.

    Not those of A06 and of unknown organisations.
    """
    rows = []
    for feed in feeds:
        column = ORGANISATION_COLUMNS.get(feed, "ORG_CODE")
        for month, row, submission in effective_rows(submissions, feed, month_of_row(feed)):
            code = known_code(feed, row, row[column], register)
            if code is not None:
                sent_as = code if _is_of_nobody(feed, row) else row[column]
                rows.append(MonthlyRow(submission, month, sent_as, code, row))
    judge(rows)
    return rows


def judge(rows: list[MonthlyRow]) -> None:
    """Find the rule that takes each row, of all rows of submissions, and those in conflict."""
    _repeated(rows)
    _totals(rows)
    for row in rows:
        if row.rule is None and _is_implausible(row):
            row.rule = "P02"
        elif row.rule is None and _is_impossible(row):
            row.rule = "F01"
    _conflicts(rows)


def month_of_row(feed: str) -> Callable[[Row], int | None]:
    """How a feed's rows tell their month."""
    if feed == "nhse_sickness":
        return lambda row: to_month_of_date(row["DATE"])
    if feed == "nhse_turnover":
        return lambda row: to_month_between(row["PERIOD"])
    column = MONTH_COLUMNS.get(feed, "PERIOD")
    return lambda row: to_month(row[column])


def known_code(feed: str, row: Row, sent_as: str | None, register: Register) -> str | None:
    """The organisation of a row as its code is read; null where nobody knows it."""
    if feed in PRESCRIBING:
        practice = upper(row.get("PRACTICE_CODE")) or ""
        group = practice.removesuffix(UNIDENTIFIED_PRACTICE)
        if _is_of_nobody(feed, row) and register.is_pct(group):
            return group
        if sent_as == UNIDENTIFIED:
            return sent_as
    code = register.body(sent_as)
    return code if register.known(code) else None


def _is_of_nobody(feed: str, row: Row) -> bool:
    """Whether the practice is a group's without being any of its practices."""
    practice = upper(row.get("PRACTICE_CODE")) if feed in PRESCRIBING else None
    return practice is not None and practice.endswith(UNIDENTIFIED_PRACTICE)


def _repeated(rows: list[MonthlyRow]) -> None:
    """D01: equal, as received, in every column of the contract; the first stays.

    Lines of several practices may agree where no practice is given.
    """
    seen = set()
    for row in sorted(rows, key=lambda row: row.fields["_LINE"]):
        identity = (row.submission, row.fields["_RECEIVED"])
        if identity in seen and not (
            row.feed == "epact" and row.fields.get("PRACTICE_CODE") is None
        ):
            row.rule = "D01"
        seen.add(identity)


def _totals(rows: list[MonthlyRow]) -> None:
    """T01: a row of all groups, where its organisation and month have groups of their own."""
    labels = {_label(label) for label in total_labels()}
    places = defaultdict(list)
    for row in rows:
        if row.feed in FEEDS_WITH_TOTALS and row.rule is None:
            places[row.submission, row.code, row.month].append(row)
    for found in places.values():
        groups = [_label(row.fields["STAFF_GROUP"]) for row in found]
        if any(group is not None and group not in labels for group in groups):
            for row, group in zip(found, groups, strict=True):
                row.rule = "T01" if group in labels else None


def _label(text: str | None) -> str | None:
    return None if text is None else alike(text)


def _is_implausible(row: MonthlyRow) -> bool:
    """P02 (Rulebook 5.7); what is null is not implausible."""
    if row.feed not in PRESCRIBING:
        return False
    items, cost = row.number("ITEMS"), row.number("NIC")
    quantity = row.number("QUANTITY" if row.feed == "epact" else "TOTAL_QUANTITY")
    return (
        (items is not None and (items < 0 or items != int(items)))
        or (quantity is not None and quantity <= 0)
        or ((items or 0) > 0 and cost == 0)
    )


def _is_impossible(row: MonthlyRow) -> bool:
    """F01: more paid in time than paid, or less than nothing (Rulebook 5.12)."""
    if row.feed != "bppc":
        return False
    pairs = (("WITHIN_TARGET_N", "INVOICES_PAID_N"), ("WITHIN_TARGET_GBP", "INVOICES_PAID_GBP"))
    for in_time, paid in ((row.number(a), row.number(b)) for a, b in pairs):
        if (in_time or 0) < 0 or (paid or 0) < 0:
            return True
        if None not in (in_time, paid) and in_time > paid:
            return True
    return False


def _conflicts(rows: list[MonthlyRow]) -> None:
    """D02: a key on more than one row of a submission."""
    keys = Counter(_key(row) for row in rows if row.is_present)
    for row in rows:
        row.is_of_a_conflict = row.feed in RECORD_KEYS and row.is_present and keys[_key(row)] > 1


def _key(row: MonthlyRow) -> Hashable:
    """The record key, each part as it is read, or as received where it cannot be."""
    parts = []
    for column in RECORD_KEYS.get(row.feed, ()):
        text, value = row.fields.get(column), None
        if column in ("MONTH", "PERIOD"):
            value = row.month
        elif column == "DATE":
            value = to_date(text)
        elif column in ACCEPTED:
            value = to_code(column, text)
        elif column in ("STAFF_GROUP", "STAFF_GROUP_1_NAME"):
            value = text
        parts.append(upper(text) if value is None else value)
    return (row.submission, *parts)


def by_organisation(
    rows: Iterable[MonthlyRow], register: Register, months: Container[int], quarter: int
) -> dict[str, list]:
    """The months' rows by organisation as mapped for a quarter; local before published.

    Rulebook 1.7.
    """
    mapped = [(register.mapped(row.code, quarter), row) for row in rows if row.month in months]
    local = {(code, row.month) for code, row in mapped if row.is_local}
    result = defaultdict(list)
    for code, row in mapped:
        if row.is_local or (code, row.month) not in local:
            result[code].append(row)
    return result


def counted(rows: Iterable[MonthlyRow], *measures: str) -> list:
    """The rows in use of which all of the measures can be read that are given or required."""
    return [row for row in rows if row.rule is None and not row.unread(measures)]
