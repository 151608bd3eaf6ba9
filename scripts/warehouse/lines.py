"""Rulebook 1.1: which lines the engine splits as the rulebook says, found a block at a time.

No CSV reader agrees with the rulebook on quotes, lone carriage returns and lines to keep. But on
almost every line of almost every file all agree, and this finds those lines at a few nanoseconds a
byte. What is left goes the slow way (reading.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from warehouse.limits import MAX_LINE_BYTES

_LF, _CR, _BLANK, _QUOTE = 10, 13, 32, 34

# Bytes that begin or end white space: \xa0, the no-break space, is C2 A0 in UTF-8. A letter that
# shares one of these two only costs a trim.
_SPACE = np.zeros(256, dtype=bool)
_SPACE[[9, 10, 11, 12, 13, 32, 0xA0, 0xC2]] = True


@dataclass(frozen=True)
class Lines:
    """Some whole lines of a file, each with its line feed; one too long to be taken is cut."""

    text: bytes
    # Of one that was cut, its length in bytes.
    cut_from: int | None = None
    # Whether the file ended without a line feed, which `text` has nevertheless.
    is_open: bool = False


def whole_lines(blocks: Iterable[bytes]) -> Iterator[Lines]:
    """Put blocks of bytes together to whole lines, in memory bounded whatever their length."""
    rest = b""
    too_long = 0
    for block in blocks:
        if too_long:
            end = block.find(b"\n") + 1
            too_long += (end or len(block) + 1) - 1
            if not end:
                continue
            yield Lines(rest + b"\n", cut_from=too_long)
            rest, too_long, block = b"", 0, block[end:]
        end = block.rfind(b"\n") + 1
        if end:
            yield Lines(rest + block[:end])
            rest = block[end:]
        else:
            rest += block
        if len(rest) > MAX_LINE_BYTES:
            rest, too_long = rest[:MAX_LINE_BYTES], len(rest)
    if too_long:
        yield Lines(rest + b"\n", cut_from=too_long, is_open=True)
    elif rest:
        yield Lines(rest + b"\n", is_open=True)


@dataclass(frozen=True)
class Look:
    """What is in some lines."""

    # Bounds of line n: from bounds[n] to before the line feed at bounds[n + 1] - 1.
    bounds: np.ndarray
    # Lines that the engine might split otherwise, or that are no rows, in order.
    odd: np.ndarray
    # Whether each line ends in CR LF, or none does, as far as the lines that are not odd go.
    has_crlf: bool
    has_lf: bool
    has_quotes: bool


class Looker:
    """Looks at blocks of lines under a delimiter and a number of fields, and remembers."""

    def __init__(self, delimiter: str, width: int):
        self._delimiter, self._width = ord(delimiter), width
        # White space seldom met; the tab is none where it separates fields.
        self._rare_spaces = [
            bytes([space]) for space in (9, 11, 12, 0xA0, 0xC2) if space != self._delimiter
        ]
        # Columns in which some value begins or ends with white space.
        self.padded = np.zeros(width, dtype=bool)

    def look(self, lines: Lines) -> Look:
        """Find the odd lines of a block."""
        # A line feed in front, so that every field has a byte before and after it.
        text = b"\n" + lines.text
        byte = np.frombuffer(text, dtype=np.uint8)
        has_quotes = b'"' in text
        marks = (byte == self._delimiter) | (byte == _LF)
        places = np.flatnonzero(marks)
        ends = np.flatnonzero(byte[places] == _LF)
        if has_quotes:
            is_odd, places, ends = self._with_quotes(byte, places, ends)
        else:
            is_odd = np.diff(ends) != self._width
        feeds = places[ends]
        if len(text) > MAX_LINE_BYTES or lines.cut_from:
            is_odd |= np.diff(feeds) - 1 > MAX_LINE_BYTES
            is_odd |= bool(lines.cut_from)
        has_crlf, has_lf = False, not lines.is_open
        if b"\r" in text:
            has_crlf, has_lf = self._with_returns(byte, text, feeds, is_odd, lines.is_open)
        if not self.padded.all() and self._may_be_padded(text, byte, marks):
            self._note_padding(byte, places, ends, has_crlf, bool(is_odd.any()))
        return Look(feeds, np.flatnonzero(is_odd), has_crlf, has_lf, has_quotes)

    def _with_quotes(
        self, byte: np.ndarray, places: np.ndarray, ends: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Odd lines, and the places of the marks that no quotes enclose, with those of line ends.

        A quote is where all agree if it opens a field, closes one, or is one of two in a row. A
        line end always ends a line: no field has one.
        """
        quotes = np.flatnonzero(byte == _QUOTE)
        before_end = np.searchsorted(quotes, places[ends])
        is_odd = (np.diff(before_end) & 1).astype(bool)
        if is_odd.any():
            # The quotes of these lines would pair with those of the next.
            of_odd = np.repeat(is_odd, np.diff(before_end))
            quotes = quotes[~of_odd]
        opening, closing = quotes[::2], quotes[1::2]
        before, after = byte[opening - 1], byte[closing + 1]
        at_start = (before == self._delimiter) | (before == _LF) | (before == _QUOTE)
        at_end = (after == self._delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE)
        strange = np.concatenate((opening[~at_start], closing[~at_end]))
        if len(strange):
            is_odd[np.searchsorted(places[ends], strange) - 1] = True
        if _SPACE[byte[opening + 1]].any() or _SPACE[byte[closing - 1]].any():
            self.padded[:] = True
        place = np.searchsorted(places, opening)
        enclosed = np.searchsorted(places, closing) - place
        if enclosed.any():
            is_mark = np.ones(len(places), dtype=bool)
            place, enclosed = place[enclosed > 0], enclosed[enclosed > 0]
            while len(place):
                is_mark[place] = False
                place, enclosed = place[enclosed > 1] + 1, enclosed[enclosed > 1] - 1
            places = places[is_mark]
            ends = np.flatnonzero(byte[places] == _LF)
        is_odd |= np.diff(ends) != self._width
        return is_odd, places, ends

    def _with_returns(
        self, byte: np.ndarray, text: bytes, feeds: np.ndarray, is_odd: np.ndarray, is_open: bool
    ) -> tuple[bool, bool]:
        """Mark lines with a lone carriage return as odd; whether lines end in CR LF, and in LF."""
        before = byte[feeds[1:] - 1] == _CR
        if is_open and before[-1]:
            # The line feed is not the file's: the return is alone, and no line end.
            is_odd[-1] = True
        if text.count(b"\r") != int(before.sum()):
            returns = np.flatnonzero(byte == _CR)
            alone = returns[byte[returns + 1] != _LF]
            is_odd[np.searchsorted(feeds, alone) - 1] = True
        fine = ~is_odd
        has_lf = ~before & fine
        if is_open:
            has_lf[-1] = False
        return bool((before & fine).any()), bool(has_lf.any())

    def _may_be_padded(self, text: bytes, byte: np.ndarray, marks: np.ndarray) -> bool:
        """Whether white space lies beside a mark, other than a delimiter beside another.

        Asked first, since it costs a tenth of finding the columns.
        """
        if any(space in text for space in self._rare_spaces):
            return True
        if b" " not in text:
            return False
        blank = byte == _BLANK
        before = blank[:-1] & marks[1:]
        if before.any() or (blank[1:] & marks[:-1]).any():
            return True
        # The blank that a carriage return divides from the line end.
        return b" \r" in text

    def _note_padding(
        self, byte: np.ndarray, places: np.ndarray, ends: np.ndarray, has_crlf: bool, any_odd: bool
    ) -> None:
        last = places[1:] - 1
        if has_crlf:
            at_ends = last[ends[1:] - 1]
            last[ends[1:] - 1] = at_ends - (byte[at_ends] == _CR)
        first = places[:-1] + 1
        is_padded = (_SPACE[byte[first]] | _SPACE[byte[last]]) & (last >= first)
        if not is_padded.any():
            return
        if any_odd:
            self.padded[:] = True
        else:
            self.padded |= is_padded.reshape(-1, self._width).any(axis=0)
