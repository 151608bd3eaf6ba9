"""Texts of others in our messages: short, on one line, and nothing that a terminal would obey."""

import os
from pathlib import Path

# Characters of a value that are shown; what is left out is counted.
SHOWN = 60


def shown(text: str, limit: int = SHOWN) -> str:
    r"""A text as it can be printed: what is not printable escaped (`\x1b`), cut to `limit`.

    Bytes of a file's name that are not UTF-8 (surrogate escapes) are shown as such: `\xff`.
    """
    kept = text[:limit]
    rest = f"… ({len(text)} characters)" if len(text) > limit else ""
    return "".join(_escaped(character) for character in kept) + rest


def shown_path(path: Path | str) -> str:
    """A path as it can be printed, whole: who reads it has to find the file."""
    return shown(str(path), limit=1 << 16)


def shown_line(text: str) -> str:
    """A message as it can be printed: what is not printable escaped, not cut."""
    return shown(text, limit=1 << 16)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character))
    return character.encode("unicode_escape").decode("ascii")
