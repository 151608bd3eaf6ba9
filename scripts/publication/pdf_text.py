"""The text of a PDF as Typst writes it: what is printed, page by page, and what is said of images.

So that what a scorecard shows can be held to the tables without a tool that is not installed; it
reads no other maker's files.
"""

import re
import zlib
from collections.abc import Mapping

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
_FONTS = re.compile(rb"/Font<<(.*?)>>", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_CHARACTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_RANGE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]+)>")
# In what draws a page: a font is chosen, a string begins, a run of glyphs ends, or a part begins
# (strings before that are what is said of it).
_DRAWN = re.compile(rb"/(\w+) [\d.]+ Tf|(\()|<([0-9A-Fa-f]+)>|(T[Jj]\b|BDC\b)")
_ALTERNATIVE = re.compile(rb"/Alt\s*(?:<([0-9A-Fa-f]+)>|(?=\())")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_OCTAL = re.compile(rb"[0-7]{1,3}")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, one run of glyphs a line, in the order in which it is drawn.

    Raises ValueError where that is no PDF of Typst's.
    """
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = []
    for body in objects.values():
        if found := _PAGE.search(body):
            fonts = _fonts_of(objects, int(found[1]))
            pages.append(_text(_content(objects[int(found[2])]), fonts))
    if not pages:
        raise ValueError("no page found: no PDF of Typst's")
    return pages


def alternatives_of(pdf: bytes) -> list[str]:
    """What is said of images to those who do not see them."""
    found = [
        bytes.fromhex(start[1].decode()) if start[1] else _string(pdf, start.end())[0]
        for start in _ALTERNATIVE.finditer(pdf)
    ]
    return [
        text[2:].decode("utf-16-be") if text.startswith(b"\xfe\xff") else text.decode("latin-1")
        for text in found
    ]


def _fonts_of(objects: Mapping[int, bytes], resources: int) -> dict[bytes, dict[int, str]]:
    """The characters of glyphs, by the fonts' names in a page's resources."""
    fonts = {}
    for listed in _FONTS.findall(objects[resources]):
        for name, number in _FONT.findall(listed):
            if unicode := _UNICODE.search(objects[int(number)]):
                fonts[name] = _characters(_content(objects[int(unicode[1])]))
    return fonts


def _characters(table: bytes) -> dict[int, str]:
    characters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in _CHARACTER.findall(block):
            characters[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                characters[int(first, 16) + offset] = chr(start + offset)
    return characters


def _text(content: bytes, fonts: Mapping[bytes, Mapping[int, str]]) -> str:
    lines = []
    characters: Mapping[int, str] = {}
    glyphs = b""
    at = 0
    while found := _DRAWN.search(content, at):
        at = found.end()
        font, string, digits, end = found.groups()
        if font:
            characters = fonts.get(font, {})
        elif string:
            text, at = _string(content, found.start())
            glyphs += text
        elif digits:
            glyphs += bytes.fromhex(digits.decode())
        elif end == b"BDC":
            glyphs = b""
        else:
            numbers = (int.from_bytes(glyphs[i : i + 2]) for i in range(0, len(glyphs), 2))
            lines.append("".join(characters.get(number, "\ufffd") for number in numbers))
            glyphs = b""
    return "\n".join(lines)


def _content(body: bytes) -> bytes:
    """What an object's stream holds."""
    found = _STREAM.search(body)
    if found is None:
        raise ValueError("an object without its stream: no PDF of Typst's")
    return zlib.decompress(found[1]) if b"/FlateDecode" in body[: found.start()] else found[1]


def _string(content: bytes, start: int) -> tuple[bytes, int]:
    """The string in brackets that begins at `start`, and where what follows it begins.

    Brackets in it are in pairs, or escaped.
    """
    text = bytearray()
    depth = 0
    at = start
    while True:
        byte = content[at : at + 1]
        at += 1
        if byte == b"\\":
            if octal := _OCTAL.match(content, at):
                text.append(int(octal[0], 8))
                at = octal.end()
            else:
                text += _ESCAPED.get(content[at : at + 1], content[at : at + 1])
                at += 1
            continue
        depth += (byte == b"(") - (byte == b")")
        if depth == 0:
            return bytes(text), at
        if at > start + 1:
            text += byte
