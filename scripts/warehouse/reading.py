"""Bytes of a text file as received → clean lines that the engine reads without judgement.

Rulebook 1.1 says which files are unreadable and which lines are malformed. Python decides both
in one pass, because no CSV reader agrees with that rule on quotes, lone carriage returns and lines
to keep; the engine then reads only lines of the right number of fields.
"""

import codecs
import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from warehouse.contracts import Feed, Refused
from warehouse.fingerprint import CODECS, opened

DELIMITERS = {",": "comma", "|": "pipe", "\t": "tab"}
RESERVED = ("_submission_id", "_line")

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class CleanText:
    """A text file sorted into good lines and rejects, each a CSV file beside the other.

    `clean` has no header; its first field is the line number, the others follow `columns`.
    `rejects` has line number, reason and text. `longest` is the longest line in bytes.
    """

    clean: Path
    rejects: Path
    columns: list[str]
    delimiter: str
    row_count: int
    reject_count: int
    longest: int


def clean_text(
    path: Path, feed: Feed, encoding: str, folder: Path, tick: Callable[[int], object]
) -> CleanText:
    """Sort the lines of a text file into two files in `folder`; `tick` as in `fingerprint`.

    Raises Refused for a header that names a column twice or lacks a required one, and where no
    good line is left.
    """
    clean, rejects = folder / "clean.csv", folder / "rejects.csv"
    with (
        opened(path, lambda block: tick(len(block))) as lines,
        clean.open("wb") as clean_file,
        rejects.open("w", encoding="utf-8", newline="") as rejects_file,
    ):
        header_line, header = _header_line(lines, CODECS[encoding])
        delimiter, columns = _read_header(header, feed)
        sorter = _Sorter(delimiter, len(columns), CODECS[encoding], clean_file, rejects_file)
        sorter.sort(lines, header_line)
    if not sorter.row_count:
        malformed = f", only malformed lines ({sorter.reject_count})" if sorter.reject_count else ""
        raise Refused(f"no rows{malformed}")
    return CleanText(
        clean, rejects, columns, delimiter, sorter.row_count, sorter.reject_count, sorter.longest
    )


def _header_line(lines: BinaryIO, codec: str) -> tuple[int, str]:
    """Number and text of the first line that is not blank. Raises Refused if all are."""
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            return number, line.decode(codec).rstrip("\r\n")
    raise Refused("no header row: the file is empty")


def _read_header(header: str, feed: Feed) -> tuple[str, list[str]]:
    """Delimiter and lower-case column names: the delimiter under which most are the contract's.

    A column without a name is called by its position. Raises Refused.
    """
    unquoted = header.replace('"', "")
    delimiter = max(DELIMITERS, key=lambda d: len(set(_names(unquoted.split(d))) & set(feed.names)))
    fields = split_quoted(header, delimiter)
    if fields is None:
        raise Refused("the header row ends inside an open quote")
    names = [name or f"unnamed_{n}" for n, name in enumerate(_names(fields), start=1)]
    check_columns(names, feed)
    return delimiter, names


def _names(fields: list[str]) -> list[str]:
    return [field.strip().lower() for field in fields]


def check_columns(names: list[str], feed: Feed) -> None:
    """Raises Refused where a column is named twice, reserved, or required and missing."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused(f"unreadable: column named twice: {', '.join(twice)}")
    if reserved := [name for name in RESERVED if name in names]:
        raise Refused(f"the column name {' and '.join(reserved)} is the warehouse's own")
    if missing := feed.missing(names):
        raise Refused(f"required columns missing for {feed.name}: {', '.join(missing)}")


def split_quoted(text: str, delimiter: str) -> list[str] | None:
    """The fields of one line, not empty, under RFC 4180; None if it ends inside an open quote.

    A quote inside an unquoted field is a character.
    """
    # csv takes a lone carriage return for a line end; NUL cannot occur here, so it stands in. The
    # line feed at the end ends the row unless a quote is open: then it is swallowed.
    [fields] = csv.reader([text.replace("\r", "\0") + "\n"], delimiter=delimiter)
    if fields[-1].endswith("\n"):
        return None
    return [field.replace("\0", "\r") for field in fields]


class _Sorter:
    """Sends each line to the clean file or to the rejects, and counts."""

    def __init__(self, delimiter: str, width: int, codec: str, clean: BinaryIO, rejects: TextIO):
        self._delimiter, self._width, self._codec = delimiter, width, codec
        self._clean = clean
        self._quoted = csv.writer(
            _Utf8(clean), delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n"
        )
        self._rejects = csv.writer(rejects, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self.row_count = self.reject_count = self.longest = 0

    def sort(self, lines: BinaryIO, number: int) -> None:
        """Sort all lines that follow line `number`."""
        # The loop runs once a line of a whole year of England: locals, and the plain case first.
        separator = self._delimiter.encode()
        separators = self._width - 1
        is_utf_8 = self._codec == "utf-8"
        write = self._clean.write
        row_count = longest = 0
        for number, line in enumerate(lines, start=number + 1):  # noqa: B020
            line = line.removesuffix(b"\n").removesuffix(b"\r")
            if len(line) > longest:
                longest = len(line)
            if not is_utf_8 and not line.isascii():
                line = line.decode(self._codec).encode()
            if b'"' in line or b"\r" in line:
                row_count += self._sort_quoted(number, line.decode())
            elif line.count(separator) == separators:
                write(b"%d%b%b\n" % (number, separator, line))
                row_count += 1
            elif line.strip() or separator in line:
                self._reject(number, line.count(separator) + 1, line.decode())
        self.row_count, self.longest = row_count, longest

    def _sort_quoted(self, number: int, text: str) -> bool:
        """Sort a line that has a quote or a carriage return in it; True if it is a row."""
        fields = split_quoted(text, self._delimiter)
        if fields is not None and len(fields) == self._width:
            # Quoted anew: the engine would read a lone carriage return as a line end.
            self._quoted.writerow([number, *fields])
            return True
        if text.strip() or self._delimiter in text:
            self._reject(number, None if fields is None else len(fields), text)
        return False

    def _reject(self, number: int, width: int | None, text: str) -> None:
        reason = (
            "the line ends inside an open quote"
            if width is None
            else f"{width} fields, the header has {self._width}"
        )
        self._rejects.writerow([number, reason, text])
        self.reject_count += 1


class _Utf8:
    """A binary file that csv.writer can write text to."""

    def __init__(self, file: BinaryIO):
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())
