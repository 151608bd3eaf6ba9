"""Submissions: reading a folder of files and telling which counts for a month (Rulebook 1)."""

import bz2
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reference.contracts import columns, names, plain, required
from reference.parsing import given, split_line, to_number, without_percent
from reference.quarters import month_number, months_of

Row = dict[str, str | None]

N_LINES_TO_THE_HEADER = 30
DELIMITERS = ",|\t;"
PERCENTS = ("SICKNESS_ABSENCE_RATE_PERCENT",)
# A first line by which spreadsheets are told what parts the fields.
SEPARATOR = re.compile(r"sep=(.?)", flags=re.IGNORECASE)


class Refused(Exception):
    """A file that does not count and supersedes nothing (Rulebook 1.1, 1.4)."""


@dataclass(frozen=True, eq=False)
class Submission:
    """A landed file: its name's parts, and its rows of text by upper-case column with _LINE.

    _RECEIVED of a row are the fields of the contract's columns as received, words for null too,
    _ALL those of every column of the file by its name; _DELIMITER is what parts them.
    n_lines are the lines with content below the header.
    """

    name: str
    feed: str
    period: str
    months: range
    extract_date: date
    sender: str | None
    landed: int
    rows: list[dict]
    n_rejects: int
    n_lines: int
    n_lines_above: int
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
    stem = re.sub(r"\.(csv|psv|tsv|txt|dat)(\.gz|\.bz2)?$", "", path.name)
    feed, period, extract_date, sender = [*stem.split("__"), None][:4]
    received = path.read_bytes()
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)
    rows, n_rejects, n_lines, n_lines_above = _rows(_decoded(unpack(received)), feed)
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
        n_lines=n_lines,
        n_lines_above=n_lines_above,
        size=len(received),
        sha256=hashlib.sha256(received).hexdigest(),
    )


def _months(period: str) -> range:
    """The months of fy2006-07, fy2006-07q1, m2006-04 or m2006-04_2007-03."""
    if period.startswith("m"):
        ends = [month_number(*map(int, month.split("-"))) for month in period[1:].split("_")]
        return range(ends[0], ends[-1] + 1)
    year, quarter = int(re.sub(r"\D", "", period)[:4]), period[-2:]
    if quarter.startswith("q"):
        return months_of(year * 4 + int(quarter[1]) - 1)
    return range(month_number(year, 4), month_number(year + 1, 4))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _rows(text: str, feed: str) -> tuple[list[dict], int, int, int]:
    """The rows of a file, and how many lines are malformed, have content, are above the header.

    The header is the first of the first lines that has all columns that are required; what stands
    above it is kept apart. Blank lines are none.
    """
    lines = [(n, line.removesuffix("\r")) for n, line in enumerate(text.split("\n"), start=1)]
    place, delimiter, header = _header(lines[:N_LINES_TO_THE_HEADER], feed)
    rows, n_rejects = [], 0
    for number, line in lines[place:]:
        if not line.strip():
            continue
        fields = _fitted(split_line(line, delimiter), header, feed)
        if fields is None:
            n_rejects += 1
            continue
        received = {
            name: field.strip() or None
            for name, field in zip(header, fields, strict=True)
            if name is not None
        }
        row = {name: given(field) for name, field in received.items()}
        own = tuple(received.get(column) for column in columns(feed))
        rows.append(
            row | {"_LINE": number, "_RECEIVED": own, "_ALL": received, "_DELIMITER": delimiter}
        )
    if not rows:
        raise Refused("there are no rows")
    above = [line.strip() for _, line in lines[: place - 1]]
    n_above = sum(bool(line) and not SEPARATOR.fullmatch(line) for line in above)
    return rows, n_rejects, sum(bool(line.strip()) for _, line in lines[place:]), n_above


def figure(row: Row, column: str) -> float | None:
    """The number in a column, null where none is given or it cannot be read.

    Where semicolons part the fields a comma may be a decimal one: it is not guessed.
    """
    text = row.get(column)
    if text is not None and column in PERCENTS:
        text = without_percent(text)
    return None if row["_DELIMITER"] == ";" and "," in (text or "") else to_number(text)


def _header(lines: list[tuple[int, str]], feed: str) -> tuple[int, str, list[str | None]]:
    """The line below which the rows are, the delimiter, and the columns by their own names."""
    known = names(feed)
    named = SEPARATOR.fullmatch(lines[0][1].strip())
    for number, line in lines:
        for delimiter in (named and named[1]) or DELIMITERS:
            found = split_line(line, delimiter) or []
            header = [known.get(plain(name), name.strip().upper() or None) for name in found]
            if set(required(feed)) <= set(header):
                return number, delimiter, header
    raise Refused("a required column is missing")


def _fitted(fields: list[str] | None, header: list, feed: str) -> list[str] | None:
    """The fields of a line, one a column, or None where there are too many or too few.

    More are no fault where they are empty, fewer where those that are missing may be empty.
    """
    if fields is None:
        return None
    beyond, missing = fields[len(header) :], header[len(fields) :]
    if any(field.strip() for field in beyond) or set(missing) & set(required(feed)):
        return None
    return [*fields[: len(header)], *[""] * len(missing)]
