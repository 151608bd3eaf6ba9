"""Rulebook 1.14: where a file's header is, and which feed's contract it fits."""

import csv
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from warehouse.contracts import Feed, Refused, feeds
from warehouse.limits import HEADER_LINES, MAX_COLUMNS
from warehouse.words import shown, shown_list

DELIMITERS = {",": "comma", "|": "pipe", "\t": "tab", ";": "semicolon"}
RESERVED = ("_submission_id", "_line")

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Fit:
    """How well names of a file's columns fit a feed's contract."""

    feed: Feed
    # For each contract column that the file has, the position of the column in the file.
    positions: Mapping[str, int]
    # Names of columns that make the file another table.
    against: tuple[str, ...]
    # Whether every required column has the contract's own name.
    is_literal: bool

    @property
    def missing(self) -> list[str]:
        """The required columns that the file has not."""
        return self.feed.missing(list(self.positions))

    @property
    def is_whole(self) -> bool:
        """Whether the file is one of the feed."""
        return not self.missing and not self.against


@dataclass(frozen=True)
class Header:
    """The header of a file, and the feed of the file."""

    feed: Feed
    # The names of the lake's columns, in the order of the file.
    columns: tuple[str, ...]
    # Which of them may be left out at the end of a line: those that no feed's file must have.
    optional: tuple[bool, ...]
    # None for a file that is not text.
    delimiter: str | None = None
    line_number: int = 1
    # The lines above it that are not blank, as text.
    preamble: tuple[str, ...] = ()


def find_header(lines: Sequence[str], wanted: str | None) -> Header:
    """The header among the first lines of a text.

    It is the first line with every required column of the feed `wanted`, or, where that is None,
    of exactly one feed. The lines come without their ends. Raises Refused, saying what was found.
    """
    lines = lines[:HEADER_LINES]
    if not any(line.strip() for line in lines):
        raise Refused(
            "no header row: the file is empty"
            if len(lines) < HEADER_LINES
            else f"no header row: the first {HEADER_LINES} lines are blank"
        )
    told = _told_delimiter(lines[0])
    best: _Line | None = None
    for number, line in enumerate(lines, start=1):
        if number == 1 and told:
            continue
        for delimiter in [told] if told else DELIMITERS:
            read = _Line(number, line, delimiter, wanted)
            if read.fits:
                above = [text for text in lines[1 if told else 0 : number - 1] if text.strip()]
                return _header(read, above)
            if best is None or read.closeness > best.closeness:
                best = read
    assert best is not None
    raise Refused(best.fault(told))


def header_of_names(names: Sequence[str], wanted: str | None) -> Header:
    """The header of a file whose columns have names of their own. Raises as find_header does."""
    if len(names) > MAX_COLUMNS:
        raise Refused(_too_many(len(names)))
    fits = _fits(names, wanted)
    whole = _chosen(fits)
    if not whole:
        nearest = max(fits, key=_closeness)
        raise Refused(_why_not(nearest, wanted))
    return _header_of(whole, names)


def key(name: str) -> str:
    """A column's name as it is compared: letters and digits alone, in lower case."""
    return "".join(character for character in name.casefold() if character.isalnum())


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


def _told_delimiter(line: str) -> str | None:
    """The delimiter that a first line such as `sep=;` names. Raises Refused for one of no use."""
    text = line.strip(" \r\n").strip('"')
    if not text.lower().startswith("sep=") or len(text) > len("sep=") + 1:
        return None
    delimiter = text[len("sep=") :]
    if delimiter not in DELIMITERS:
        raise Refused(
            f"line 1 is '{shown(text)}': fields may be separated by"
            f" {', '.join(DELIMITERS.values())}"
        )
    return delimiter


class _Line:
    """A line taken for the header under one delimiter."""

    def __init__(self, number: int, line: str, delimiter: str, wanted: str | None):
        self.number, self.line, self.delimiter, self.wanted = number, line, delimiter, wanted
        self.split = split_quoted(line, delimiter) if line else []
        # A quote that is never closed is told as such, not as columns that are missing.
        self.names = line.replace('"', "").split(delimiter) if self.split is None else self.split
        self.candidates = _fits(self.names, wanted) if 1 < len(self.names) <= MAX_COLUMNS else []

    @cached_property
    def fits(self) -> bool:
        """Whether the line is the header. Raises Refused for one that has a fault of its own."""
        if not any(fit.is_whole for fit in self.candidates):
            return False
        if self.split is None:
            raise Refused("the header row ends inside an open quote")
        return True

    @property
    def closeness(self) -> tuple[bool, float, int]:
        """What is closest to a header is told to the sender."""
        closest = max(map(_closeness, self.candidates), default=(False, 0.0))
        return *closest, len(self.names)

    def fault(self, told: str | None) -> str:
        """Why no line is a header, this being the one that came nearest."""
        if len(self.names) > MAX_COLUMNS:
            return f"line {self.number} has {_too_many(len(self.names))}"
        fields = "1 field" if len(self.names) == 1 else f"{len(self.names)} fields"
        by = f", separated by {DELIMITERS[self.delimiter]}" if len(self.names) > 1 else ""
        say = f"line {self.number} has {fields}{by}: {shown(self.line.strip())}"
        if told:
            say = f"line 1 says that fields are separated by {DELIMITERS[told]}; {say}"
        if self.candidates:
            nearest = max(self.candidates, key=_closeness)
            if nearest.positions or self.wanted:
                return f"{_why_not(nearest, self.wanted)}; {say}"
        if self.wanted:
            missing = ", ".join(feeds()[self.wanted].missing([]))
            return f"required columns missing for {self.wanted}: {missing}; {say}"
        return f"no header of a feed among the first {HEADER_LINES} lines; {say}"


def _header(line: _Line, above: list[str]) -> Header:
    whole = _chosen(line.candidates)
    assert whole is not None
    found = _header_of(whole, line.names)
    return Header(
        found.feed, found.columns, found.optional, line.delimiter, line.number, tuple(above)
    )


def _fits(names: Sequence[str], wanted: str | None) -> list[Fit]:
    known = [feeds()[wanted]] if wanted else list(feeds().values())
    keys = [key(name) for name in names]
    return [_fit(feed, keys, names) for feed in known]


def _fit(feed: Feed, keys: Sequence[str], names: Sequence[str]) -> Fit:
    """Match the file's names to the contract's columns, each to one at most.

    A name that can be only one column takes it first: `BNF_CHEMICAL_SUBSTANCE` is the code in one
    layout of English Prescribing Data, and the name in the one that has
    `BNF_CHEMICAL_SUBSTANCE_CODE`. Then the contract's own name goes before the others it is called.
    """
    called = _called(feed.name)
    positions: dict[str, int] = {}
    taken: set[int] = set()
    present: dict[str, int] = {}
    for position, name in enumerate(keys):
        if name in called:
            present.setdefault(name, position)
    offers = sorted(
        (len(called[name]) > 1, rank, column, name)
        for name in present
        for column, rank in called[name].items()
    )
    for _, _, column, name in offers:
        if column not in positions and present[name] not in taken:
            positions[column] = present[name]
            taken.add(present[name])
    unwelcome = {key(name) for name in feed.not_with}
    against = tuple(names[position] for position, name in enumerate(keys) if name in unwelcome)
    is_literal = all(
        column.name in positions and keys[positions[column.name]] == key(column.name)
        for column in feed.columns
        if column.required
    )
    return Fit(feed, positions, against, is_literal)


@cache
def _called(feed: str) -> dict[str, dict[str, int]]:
    """For each name, as compared, the columns that may be meant, and how preferred it is there."""
    found: dict[str, dict[str, int]] = {}
    for column in feeds()[feed].columns:
        for rank, name in enumerate((column.name, *column.also_called)):
            found.setdefault(key(name), {}).setdefault(column.name, rank)
    return found


def _chosen(fits: list[Fit]) -> Fit | None:
    """The one feed that a header fits; None if it fits none. Raises Refused if several do."""
    whole = [fit for fit in fits if fit.is_whole]
    literal = [fit for fit in whole if fit.is_literal]
    chosen = literal if len(literal) == 1 else whole
    if len(chosen) > 1:
        names = ", ".join(fit.feed.name for fit in chosen)
        raise Refused(f"the header fits several feeds: {names}; say which with --feed")
    return chosen[0] if chosen else None


def _header_of(fit: Fit, names: Sequence[str]) -> Header:
    """The lake's columns. Raises Refused where one is named twice or reserved."""
    contract = {position: column for column, position in fit.positions.items()}
    columns = [
        contract.get(position)
        or name.strip("\ufeff \t\r\n\x0b\x0c\xa0").lower()
        or f"unnamed_{position + 1}"
        for position, name in enumerate(names)
    ]
    keys = [key(name) for name in names]
    called = _called(fit.feed.name)
    twice = {column for column, count in Counter(columns).items() if count > 1}
    twice |= {
        columns[keys.index(name)]
        for name, count in Counter(keys).items()
        if count > 1 and name in called
    }
    if twice:
        raise Refused(f"unreadable: column named twice: {shown_list(sorted(twice))}")
    if reserved := [name for name in RESERVED if name in columns]:
        raise Refused(f"the column name {' and '.join(reserved)} is the warehouse's own")
    required = {column.name for column in fit.feed.columns if column.required}
    return Header(fit.feed, tuple(columns), tuple(name not in required for name in columns))


def _closeness(fit: Fit) -> tuple[bool, float]:
    required = sum(column.required for column in fit.feed.columns)
    return not fit.missing, 1 - len(fit.missing) / required


def _why_not(fit: Fit, wanted: str | None) -> str:
    name = fit.feed.name
    other = (
        f"not {name} but another table that looks like it: it has {shown_list(fit.against)}"
        if fit.against
        else ""
    )
    if not fit.missing:
        return other
    near = "" if wanted else f"the header fits no feed; the nearest is {name}: "
    missing = f"{near}required columns missing for {name}: {', '.join(fit.missing)}"
    return f"{missing}; {other}" if other else missing


def _too_many(count: int) -> str:
    return f"{count:,} columns, the limit is {MAX_COLUMNS:,}"
