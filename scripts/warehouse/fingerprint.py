"""One pass over the bytes of a file as stored: copied, counted, and its checksum taken."""

import codecs
import hashlib
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from warehouse.contracts import Refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LF = 10

CODECS = {"utf-8": "utf-8", "windows-1252": "cp1252"}

_UNDEFINED_IN_WINDOWS_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Fingerprint:
    """Checksum and size of the bytes shown to it."""

    def __init__(self, tick: Callable[[int], object]):
        self._tick = tick
        self._checksum = hashlib.sha256()
        self.size = 0

    def take(self, block: bytes) -> None:
        """Count a block."""
        self._checksum.update(block)
        self.size += len(block)
        self._tick(len(block))

    @property
    def checksum(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return self._checksum.hexdigest()


class Copying(io.RawIOBase):
    """A stream of which everything read is written to a copy and taken into a fingerprint."""

    def __init__(self, stream: BinaryIO, copy: BinaryIO, fingerprint: Fingerprint):
        self._stream, self._copy, self._fingerprint = stream, copy, fingerprint

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._copy.write(block)
        self._fingerprint.take(block)
        return block

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        block = self.read(len(view))
        view[: len(block)] = block
        return len(block)


class Encoding:
    """Finds out how the text in blocks of bytes is encoded."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_utf_8 = True
        self._is_first = True
        self._undefined: str | None = None
        self._line = 1

    def take(self, block: bytes) -> None:
        """Look at the next block. Raises Refused for UTF-16 and for a NUL byte."""
        if self._is_first and block.startswith(_UTF_16_MARKS):
            raise Refused("unreadable: UTF-16 (byte order mark); send UTF-8 or Windows-1252")
        self._is_first = False
        if b"\0" in block:
            line = self._line + block.count(b"\n", 0, block.index(b"\0"))
            raise Refused(f"unreadable: NUL byte in line {line} (a binary file, or UTF-16)")
        if not block.isascii():
            self._take_letters(block)
        elif self._is_utf_8 and self._decoder.getstate()[0]:
            # A character that the block before began is not ended by ASCII.
            self._is_utf_8 = False
        # A fifth of what bytes.count takes.
        self._line += int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == _LF))

    def _take_letters(self, block: bytes) -> None:
        if not self._undefined and (match := _UNDEFINED_IN_WINDOWS_1252.search(block)):
            line = self._line + block.count(b"\n", 0, match.start())
            self._undefined = f"byte 0x{match[0].hex()} in line {line}"
        if self._is_utf_8:
            try:
                self._decoder.decode(block)
            except UnicodeDecodeError:
                self._is_utf_8 = False

    def found(self) -> str:
        """'utf-8' if all blocks are that, strictly, else 'windows-1252'. Raises Refused."""
        if self._is_utf_8 and not self._decoder.getstate()[0]:
            return "utf-8"
        if self._undefined:
            raise Refused(f"unreadable: neither UTF-8 nor Windows-1252 ({self._undefined})")
        return "windows-1252"
