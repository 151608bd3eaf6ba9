"""A file as received → rows that the engine reads without judgement, and rejects.

Rulebook 1.1 says which files are unreadable and which lines are malformed. A file is read once: in
that pass it is copied, its checksum taken, its header found, and every line looked at. Lines that
the engine splits as the rulebook says are left to the engine, in the copy itself if all are; the
odd ones are split here, one by one.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import duckdb

from warehouse.containers import (
    BLOCK,
    EXTENSIONS,
    Member,
    copied,
    each_block,
    packing,
    stored,
    unpacked,
)
from warehouse.contracts import Refused
from warehouse.fingerprint import CODECS, Copying, Encoding, Fingerprint
from warehouse.headers import Header, find_header, header_of_names, split_quoted
from warehouse.limits import HEADER_LINES, MAX_LINE_BYTES, MAX_REJECT_CHARACTERS
from warehouse.lines import Lines, Looker, whole_lines
from warehouse.parquet import parquet_names
from warehouse.workbook import Workbook

Tick = Callable[[int], object]


@dataclass(frozen=True)
class Text:
    """A text file after one look at all its lines."""

    path: Path
    encoding: str
    header: Header
    line_count: int
    # Whether the engine may read the file itself: UTF-8, no odd line, line ends of one kind.
    is_plain: bool
    has_crlf: bool
    has_quotes: bool
    # Columns with white space at the ends of values, by position.
    padded: tuple[bool, ...]


@dataclass(frozen=True)
class Received:
    """A file that was copied and looked at, and is one of its feed."""

    copy: Path
    checksum: str
    size: int
    header: Header
    # None where the copy is a Parquet file; a workbook's rows are in the order of the sheet.
    text: Text | None
    workbook: Workbook | None


@dataclass(frozen=True)
class Sorted:
    """The lines of a text file, sorted into files that the engine can read.

    `body` has the lines that the engine splits, from line `first_line` of the file on; in place of
    each of the others, which `skipped` numbers, stands a line of nulls. `mended` has rows that were
    split here, after their line number; `rejects` line number, reason and text.
    """

    body: Path
    skipped: Path | None
    mended: Path | None
    rejects: Path | None
    has_crlf: bool
    row_count: int
    reject_count: int
    # Of the lines below the header, those that have nothing on them.
    blank_count: int


def receive(
    engine: duckdb.DuckDBPyConnection,
    member: Member,
    wanted: str | None,
    work: Path,
    tick: Tick,
) -> Received:
    """Copy a file into the folder `work` and look at it.

    `wanted` is the feed that it is said to be of; None: that of its header. `tick` is told of the
    bytes read. Raises Refused for a file that is none of the containers, is unreadable, or has no
    header that fits.
    """
    if member.entry and packing(member.own_name) == "zip":
        raise Refused("an archive inside an archive")
    if not member.extension:
        raise Refused(f"not a file that can be landed; the extensions are {', '.join(EXTENSIONS)}")
    _keep_freed_memory()
    # A name of ours: the engine takes it in a statement, and theirs may be no text at all.
    copy = work / f"received.{member.extension}"
    before = member.path.stat()
    fingerprint = Fingerprint(tick)
    text = workbook = None
    if member.extension in ("parquet", "xlsx") or packing(member.own_name) == "zip":
        # Read from the end, so that it has to be whole first.
        copied(member, copy, fingerprint.take)
        if member.extension == "parquet":
            header = header_of_names(parquet_names(engine, copy), wanted)
        elif member.extension == "xlsx":
            workbook = Workbook.read(copy, wanted, work)
            header = workbook.header
        else:
            with copy.open("rb") as archive:
                text = _look(member.own_name, archive, copy, wanted, work)
            header = text.header
    else:
        with stored(member) as source, copy.open("wb") as target:
            stream = cast(BinaryIO, Copying(source, target, fingerprint))
            text = _look(member.own_name, stream, copy, wanted, work)
            # What lies behind the end of a packed text belongs to the file.
            for _ in each_block(stream):
                pass
        header = text.header
    after = member.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Refused("the file changed while it was read")
    return Received(copy, fingerprint.checksum, fingerprint.size, header, text, workbook)


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep what a block's arrays took for the next block's.

    It would give it back to the system and take it again page by page, at the cost of looking at
    all the lines. Having freed one large piece, glibc keeps pieces up to that size (mallopt(3),
    M_MMAP_THRESHOLD); other libraries take no notice.
    """
    bytes(1 << 24)


def header_of(
    engine: duckdb.DuckDBPyConnection, member: Member, wanted: str | None, work: Path
) -> Header:
    """The header of a file, without reading more of it than that takes; `work` is for copies.

    `wanted` as in receive. Raises Refused as that does.
    """
    name = member.own_name
    if member.extension in ("parquet", "xlsx"):
        path = member.path
        if member.entry:
            path = work / f"header.{member.extension}"
            copied(member, path, lambda _: None)
        if member.extension == "xlsx":
            return Workbook.header_of(path, wanted)
        return header_of_names(parquet_names(engine, path), wanted)
    with ExitStack() as stack:
        if packing(name) == "zip" and member.entry:
            raise Refused("an archive inside an archive")
        source = stack.enter_context(unpacked(name, stack.enter_context(stored(member))))
        return find_header(_head(each_block(source))[1], wanted)


def _look(name: str, stream: BinaryIO, copy: Path, wanted: str | None, work: Path) -> Text:
    """Find header, encoding and odd lines of a text, and keep it unpacked in `work` if need be."""
    plain = work / "unpacked" if packing(name) else copy
    encoding = Encoding()
    with ExitStack() as stack:
        source = stack.enter_context(unpacked(name, stream))
        keep = stack.enter_context(plain.open("wb")).write if packing(name) else None

        def blocks() -> Iterator[bytes]:
            for block in each_block(source):
                encoding.take(block)
                if keep:
                    keep(block)
                yield block

        each = blocks()
        head, first_lines = _head(each)
        header = find_header(first_lines, wanted)
        assert header.delimiter
        looker = Looker(header.delimiter, len(header.columns))
        is_plain, has_crlf, has_lf, has_quotes, count = True, False, False, False, 0
        for lines in _after_header(whole_lines(chain([head], each)), header.line_number):
            look = looker.look(lines)
            is_plain &= not len(look.odd)
            has_crlf |= look.has_crlf
            has_lf |= look.has_lf
            has_quotes |= look.has_quotes
            count += len(look.bounds) - 1
    found = encoding.found()
    is_plain &= found == "utf-8" and not (has_crlf and has_lf)
    padded = looker.padded.tolist() if found == "utf-8" else [True] * len(header.columns)
    return Text(plain, found, header, count, is_plain, has_crlf, has_quotes, tuple(padded))


def _head(blocks: Iterator[bytes]) -> tuple[bytes, list[str]]:
    """The bytes in which the header is sought, and their lines as text without line ends.

    A line beyond the limit of lines is no header, and ends the search.
    """
    head = b""
    for block in blocks:
        head += block
        if head.count(b"\n") >= HEADER_LINES or len(head) > HEADER_LINES * MAX_LINE_BYTES:
            break
        if len(head) - (head.rfind(b"\n") + 1) > MAX_LINE_BYTES:
            break
    lines = head.removeprefix(codecs.BOM_UTF8).split(b"\n", HEADER_LINES)[:HEADER_LINES]
    if lines and not lines[-1]:
        lines.pop()
    return head, [_decoded(line[: MAX_LINE_BYTES + 1]).removesuffix("\r") for line in lines]


def _decoded(line: bytes) -> str:
    """The text of a line of unknown encoding."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _after_header(blocks: Iterator[Lines], header_line: int) -> Iterator[Lines]:
    """Drop the lines up to the header's."""
    left = header_line
    for lines in blocks:
        text = lines.text
        while left and text:
            text = text[text.index(b"\n") + 1 :]
            left -= 1
        if text:
            yield Lines(text, lines.cut_from, lines.is_open)


def sort_lines(text: Text, work: Path, distrust: bool = False) -> Sorted:
    """Sort the lines of a text into files in `work`, or leave them where all are plain.

    With `distrust` no line is left to the engine. Raises Refused where no line is a row.
    """
    if not text.line_count:
        raise Refused("no rows")
    # The engine skips the lines above, but for one that has a line feed it counts as we do.
    if text.is_plain and not distrust:
        return Sorted(text.path, None, None, None, text.has_crlf, text.line_count, 0, 0)
    names = ("body.csv", "skipped.csv", "mended.csv", "rejects.csv")
    body, skipped, mended, rejects = (work / name for name in names)
    with (
        text.path.open("rb", buffering=0) as source,
        body.open("wb", buffering=BLOCK) as body_file,
        skipped.open("w", encoding="ascii") as skipped_file,
        mended.open("w", encoding="utf-8", newline="") as mended_file,
        rejects.open("w", encoding="utf-8", newline="") as rejects_file,
    ):
        sorter = _Sorter(text, distrust, body_file, skipped_file, mended_file, rejects_file)
        for lines in _after_header(whole_lines(each_block(source)), text.header.line_number):
            sorter.sort(lines)
    row_count = sorter.line_count - sorter.skipped_count + sorter.mended_count
    if not row_count:
        malformed = f", only malformed lines ({sorter.reject_count})" if sorter.reject_count else ""
        raise Refused(f"no rows{malformed}")
    return Sorted(
        body, skipped, mended, rejects, False, row_count, sorter.reject_count, sorter.blank_count
    )


class _Sorter:
    """Sends each line to the body, or, one by one, to the mended rows or the rejects."""

    def __init__(
        self,
        text: Text,
        distrust: bool,
        body: BinaryIO,
        skipped: TextIO,
        mended: TextIO,
        rejects: TextIO,
    ):
        self._header, self._codec = text.header, CODECS[text.encoding]
        self._delimiter, self._width = str(text.header.delimiter), len(text.header.columns)
        self._looker = Looker(self._delimiter, self._width)
        self._distrust = distrust
        self._body, self._skipped = body, skipped
        self._stand_in = self._delimiter.encode() * (self._width - 1) + b"\n"
        self._mended = csv.writer(mended, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._rejects = csv.writer(rejects, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self.line_count = self.skipped_count = self.mended_count = self.reject_count = 0
        self.blank_count = 0

    def sort(self, lines: Lines) -> None:
        """Sort some lines that follow those before."""
        look = self._looker.look(lines)
        bounds = look.bounds
        count = len(bounds) - 1
        first_number = self._header.line_number + self.line_count + 1
        written = 0
        for line in range(count) if self._distrust else look.odd.tolist():
            start, end = int(bounds[line]), int(bounds[line + 1])
            self._write(lines.text[written:start])
            self._body.write(self._stand_in)
            written = end
            self._skipped.write(f"{first_number + line}\n")
            self._sort_odd(first_number + line, lines.text[start : end - 1], lines.cut_from)
            self.skipped_count += 1
        self._write(lines.text[written:])
        self.line_count += count

    def _write(self, text: bytes) -> None:
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        if self._codec != "utf-8" and not text.isascii():
            text = text.decode(self._codec).encode()
        self._body.write(text)

    def _sort_odd(self, number: int, line: bytes, cut_from: int | None) -> None:
        length = cut_from or len(line)
        if length > MAX_LINE_BYTES:
            # It may be cut inside a character.
            text = line.decode(self._codec, errors="replace")
            reason = f"{length:,} bytes in the line, the limit is {MAX_LINE_BYTES:,}"
            self._reject(number, reason, text)
            return
        text = line.removesuffix(b"\r").decode(self._codec)
        if not text.strip() and self._delimiter not in text:
            self.blank_count += 1
            return
        fields = split_quoted(text, self._delimiter)
        if fields is None:
            self._reject(number, "the line ends inside an open quote", text)
        elif (row := self._fitted(fields)) is not None:
            # Quoted anew: the engine would read a lone carriage return as a line end.
            self._mended.writerow([number, *row])
            self.mended_count += 1
        else:
            self._reject(number, f"{len(fields)} fields, the header has {self._width}", text)

    def _fitted(self, fields: list[str]) -> list[str] | None:
        """The fields as the header has them; None if they are other than a spreadsheet's.

        A spreadsheet writes empty fields beyond the header, and leaves out empty ones at the end.
        """
        if any(field.strip() for field in fields[self._width :]):
            return None
        if all(self._header.optional[len(fields) :]):
            return [*fields, *[""] * (self._width - len(fields))][: self._width]
        return None

    def _reject(self, number: int, reason: str, text: str) -> None:
        self._rejects.writerow([number, reason, text[:MAX_REJECT_CHARACTERS]])
        self.reject_count += 1
