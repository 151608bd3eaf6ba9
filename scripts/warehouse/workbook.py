"""A sheet of an Excel workbook → rows of text, as the sheet shows them."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import openpyxl

from warehouse.contracts import Refused
from warehouse.headers import Header, header_of_names
from warehouse.limits import (
    HEADER_LINES,
    MAX_COLUMNS,
    MAX_ENTRIES,
    MAX_LINE_BYTES,
    MAX_UNPACKING_RATIO,
    UNPACKED_FREELY,
)
from warehouse.words import shown

# The first column of the rows, which numbers the rows of the sheet.
LINE = "_line"

_WHOLE_DOUBLES = 2**53


@dataclass(frozen=True)
class Workbook:
    """The first sheet that has a header, its rows written as text.

    `rows` is a CSV file without a header: the number of the sheet's row, then the columns.
    """

    header: Header
    sheet: str
    rows: Path
    row_count: int

    @classmethod
    def read(cls, path: Path, wanted: str | None, work: Path) -> "Workbook":
        """Write the rows of a workbook as text in `work`.

        Values are as shown: whole numbers without '.0', percentages with '%', dates as ISO. Raises
        Refused for a file that is no workbook, and where no sheet has a header.
        """
        with _opened(path) as book:
            found, sheet, rows = _first_with_header(book, wanted)
            target = work / "sheet.csv"
            count = _write(rows, found, target)
        if not count:
            raise Refused(f"no rows in sheet '{shown(sheet)}'")
        return cls(found, sheet, target, count)

    @staticmethod
    def header_of(path: Path, wanted: str | None) -> Header:
        """The header alone. Raises as `read` does."""
        with _opened(path) as book:
            return _first_with_header(book, wanted)[0]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    _check_size(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever a broken file makes the library raise
        raise Refused(f"unreadable: no Excel workbook ({shown(str(error))})") from error
    try:
        yield book
    finally:
        book.close()


def _first_with_header(book: Any, wanted: str | None) -> tuple[Header, str, Iterator[list[str]]]:
    """Header and name of the first sheet that has one, and its rows below the header."""
    fault: Refused | None = None
    for sheet in book.worksheets:
        # What a sheet says of its own size may be wrong.
        sheet.reset_dimensions()
        rows = _rows(sheet)
        first = list(islice(rows, HEADER_LINES))
        try:
            header = _header(first, wanted)
        except Refused as reason:
            fault = fault or Refused(f"sheet '{shown(sheet.title)}': {reason}")
            continue
        return header, sheet.title, chain(first[header.line_number :], rows)
    raise fault or Refused("unreadable: a workbook without a sheet of cells")


def _check_size(path: Path) -> None:
    """Raises Refused for a file that is no archive, or whose archive claims too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as fault:
        raise Refused(f"unreadable: no Excel workbook ({shown(str(fault))})") from fault
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or (
        unpacked > UNPACKED_FREELY and unpacked > MAX_UNPACKING_RATIO * max(1, path.stat().st_size)
    ):
        raise Refused("unreadable: the workbook unpacks to more than its limit")


def _rows(sheet: Any) -> Iterator[list[str]]:
    """The rows of a sheet as text, without empty cells at their ends; none is left out."""
    try:
        number = 0
        for row in sheet.iter_rows():
            number += 1
            texts = [_text(cell) for cell in row[: 8 * MAX_COLUMNS]]
            while texts and not texts[-1]:
                texts.pop()
            yield texts
    except Refused:
        raise
    except Exception as error:  # whatever a broken sheet makes the library raise
        raise Refused(f"unreadable: row {number + 1} of the sheet ({shown(str(error))})") from error


def _header(rows: Sequence[list[str]], wanted: str | None) -> Header:
    """The header among the first rows. Raises Refused as find_header does."""
    nearest: tuple[int, str] | None = None
    for number, names in enumerate(rows, start=1):
        if sum(map(bool, names)) < 2:
            continue
        try:
            found = header_of_names(names, wanted)
        except Refused as reason:
            if "missing" not in str(reason) or nearest is None:
                nearest = (number, str(reason))
            continue
        above = tuple("\t".join(row) for row in rows[: number - 1] if any(row))
        return Header(found.feed, found.columns, found.optional, None, number, above)
    if nearest is None:
        raise Refused("no header row")
    raise Refused(f"{nearest[1]}; row {nearest[0]} came nearest")


def _write(rows: Iterator[list[str]], header: Header, target: Path) -> int:
    """Write the rows that are not blank below the header; how many there are."""
    width, count = len(header.columns), 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, texts in enumerate(rows, start=header.line_number + 1):
            if not texts:
                continue
            if len(texts) > width:
                raise Refused(f"row {number} has {len(texts)} fields, the header has {width}")
            if sum(map(len, texts)) > MAX_LINE_BYTES:
                raise Refused(f"row {number} is longer than {MAX_LINE_BYTES:,} characters")
            writer.writerow([number, *texts, *[""] * (width - len(texts))])
            count += 1
    return count


def _text(cell: Any) -> str:
    """What a cell shows; line breaks in it are blanks, since no field has any."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return str(value.date()) if at_midnight else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return re.sub(r"[\r\n]+", " ", str(value)).replace("\0", "").strip()


def _number(value: float, shape: str) -> str:
    if re.search(r"(?<![\\\"])%", shape):
        return f"{_plain(float(Decimal(repr(value)) * 100))}%"
    text = _plain(value)
    if re.fullmatch(r"0{2,}", shape) and text.isdigit():
        # A code that the sheet shows with its leading zeros.
        return text.zfill(len(shape))
    return text


def _plain(value: float) -> str:
    """A number in digits, as many as Excel keeps: 15."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < _WHOLE_DOUBLES):
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")
