"""Text of files and of their names, safe to print in a message."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from warehouse.limits import MAX_QUOTED


def shown(text: str, most: int = MAX_QUOTED) -> str:
    r"""A text on one line of at most `most` characters, cut with '…'.

    Control characters and bytes that are no UTF-8 stand as \x1b: a terminal would obey them.
    """
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(_printed(character) for character in cut)


def shown_line(text: str) -> str:
    """A message as it can be printed, whole."""
    return shown(text, len(text))


def shown_path(path: Path | str) -> str:
    """A path as it can be printed, whole: who reads it has to find the file."""
    return shown_line(str(path))


def shown_list(texts: Iterable[str], most: int = 8) -> str:
    """The first texts, each shown, separated by commas; how many follow is said."""
    every = list(texts)
    more = f", and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(shown(text) for text in every[:most]) + more


def _printed(character: str) -> str:
    # Cc, Cf, Cs, Co, Cn: control, format (writing direction), surrogates (bytes that are no UTF-8).
    if not unicodedata.category(character).startswith("C"):
        return character if character not in "\u2028\u2029" else f"\\u{ord(character):04x}"
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
