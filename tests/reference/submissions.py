"""Submissions: reading a folder of files and telling which counts for a month (Rulebook 1)."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reference.parsing import split_line
from reference.quarters import month_number, months_of

Row = dict[str, str | None]

REQUIRED_COLUMNS = {
    "hes_apc": (
        "EPIKEY PSEUDO_HESID PROCODE3 ADMIDATE DISDATE EPISTART EPIEND EPIORDER EPISTAT ADMIMETH"
        " CLASSPAT SEX STARTAGE DIAG_4_01 OPERTN_4_01 SUSHRG"
    ),
    "hes_op": (
        "ATTENDKEY PSEUDO_HESID PROCODE3 APPTDATE APPTAGE SEX ATTENDED FIRSTATT REFSOURC TRETSPEF"
    ),
    "epact": "PERIOD PCT_CODE BNF_CODE ITEMS QUANTITY NIC ACT_COST",
    "epd": "YEAR_MONTH PCO_CODE PRACTICE_CODE BNF_CODE ITEMS TOTAL_QUANTITY NIC ACTUAL_COST",
    "esr_absence": "MONTH ORG_CODE STAFF_GROUP FTE_DAYS_LOST FTE_DAYS_AVAILABLE",
    "nhse_sickness": (
        "DATE ORG_CODE ORG_NAME ORG_TYPE FTE_DAYS_LOST FTE_DAYS_AVAILABLE"
        " SICKNESS_ABSENCE_RATE_PERCENT"
    ),
    "esr_movement": (
        "MONTH ORG_CODE STAFF_GROUP HEADCOUNT_START HEADCOUNT_END JOINERS_HC LEAVERS_HC"
    ),
    "nhse_turnover": "PERIOD TYPE REPORTING_ORG_CODE STAFF_GROUP_1_NAME HC FTE",
    "finance": "PERIOD ORG_CODE TOTAL_PAY PAY_SUBSTANTIVE PAY_BANK PAY_AGENCY",
    "bppc": (
        "PERIOD ORG_CODE CATEGORY INVOICES_PAID_N INVOICES_PAID_GBP WITHIN_TARGET_N"
        " WITHIN_TARGET_GBP"
    ),
    "procurement": "PERIOD ORG_CODE ADDRESSABLE_SPEND_GBP FRAMEWORK_SPEND_GBP",
    "population": "PCT_CODE YEAR AGE_BAND SEX IMD_QUINTILE POPULATION",
    "organisations": "ORG_CODE ORG_NAME ORG_TYPE SHA_CODE",
    "successions": "OLD_CODE NEW_CODE EFFECTIVE_DATE",
}


class Refused(Exception):
    """A file that does not count and supersedes nothing (Rulebook 1.1, 1.4)."""


@dataclass(frozen=True, eq=False)
class Submission:
    """A landed file: its name's parts, and its rows of text by upper-case column with _LINE."""

    name: str
    feed: str
    period: str
    months: range
    extract_date: date
    sender: str | None
    landed: int
    rows: list[dict]
    n_rejects: int
    size: int
    sha256: str

    @property
    def id(self) -> str:
        """Its name's parts and the start of its checksum."""
        parts = (self.feed, self.period, self.extract_date.isoformat(), self.sender)
        return "__".join([*(part for part in parts if part is not None), self.sha256[:8]])


def load(folder: Path, as_at: date | None = None) -> list[Submission]:
    """The submissions of a folder landed in the order of their names, none after as_at.

    Rulebook 1.4.
    """
    submissions = []
    for landed, path in enumerate(sorted(folder.iterdir())):
        try:
            submission = _read(path, landed)
        except Refused:
            continue
        if as_at is None or submission.extract_date <= as_at:
            submissions.append(submission)
    return submissions


def effective(submissions: list[Submission], feed: str) -> dict[tuple[int, str | None], Submission]:
    """The submission that counts, by month and sender (Rulebook 1.4)."""
    counting = {}
    for submission in sorted(submissions, key=lambda s: (s.extract_date, s.landed)):
        if submission.feed == feed:
            for month in submission.months:
                counting[month, submission.sender] = submission
    return counting


def effective_rows(
    submissions: list[Submission], feed: str, month_of_row: Callable[[Row], int | None]
) -> Iterator[tuple[int, Row, Submission]]:
    """The rows that count, each with its month; those outside the period do not.

    Rulebook 1.3, 1.4.
    """
    counting = effective(submissions, feed)
    for submission in submissions:
        if submission.feed != feed:
            continue
        for row in submission.rows:
            month = month_of_row(row)
            if month in submission.months and counting[month, submission.sender] is submission:
                yield month, row, submission


def _read(path: Path, landed: int) -> Submission:
    stem = re.sub(r"\.(csv|psv|tsv|txt)(\.gz)?$", "", path.name)
    feed, period, extract_date, sender = [*stem.split("__"), None][:4]
    received = path.read_bytes()
    content = gzip.decompress(received) if path.suffix == ".gz" else received
    rows, n_rejects = _rows(_decoded(content), REQUIRED_COLUMNS[feed].split())
    return Submission(
        name=path.name,
        feed=feed,
        period=period,
        months=_months(period),
        extract_date=date.fromisoformat(extract_date),
        sender=sender,
        landed=landed,
        rows=rows,
        n_rejects=n_rejects,
        size=len(received),
        sha256=hashlib.sha256(received).hexdigest(),
    )


def _months(period: str) -> range:
    """The months of fy2006-07, fy2006-07q1 or m2006-04."""
    year, month = int(re.sub(r"\D", "", period)[:4]), period[-2:]
    if period.startswith("m"):
        return range(month_number(year, int(month)), month_number(year, int(month)) + 1)
    if month.startswith("q"):
        return months_of(year * 4 + int(month[1]) - 1)
    return range(month_number(year, 4), month_number(year + 1, 4))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _rows(text: str, required: list[str]) -> tuple[list[dict], int]:
    """The rows of a file without its blank lines, and how many lines are malformed.

    The header names the columns.
    """
    lines = [(n, line.removesuffix("\r")) for n, line in enumerate(text.split("\n"), start=1)]
    (_, first), *others = [(n, line) for n, line in lines if line.strip()]
    delimiter = max(",|\t", key=lambda character: len(split_line(first, character) or []))
    header = [name.strip().upper() for name in split_line(first, delimiter)]
    if not set(required) <= set(header):
        raise Refused("a required column is missing")
    rows = []
    for number, line in others:
        fields = split_line(line, delimiter)
        if fields is not None and len(fields) == len(header):
            values = [field.strip() or None for field in fields]
            rows.append(dict(zip(header, values, strict=True)) | {"_LINE": number})
    if not rows:
        raise Refused("there are no rows")
    return rows, len(others) - len(rows)
