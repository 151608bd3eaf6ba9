"""One look at all the bytes of a file: its checksum, its size, and whether it is text at all."""

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from warehouse.contracts import Refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CODECS = {"utf-8": "utf-8", "windows-1252": "cp1252"}

_BLOCK = 1 << 20
_UNDEFINED_IN_WINDOWS_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_GZIP_FAULTS = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True)
class Fingerprint:
    """What one look at all the bytes tells."""

    checksum: str
    size: int
    encoding: str | None


class _Tapped(io.RawIOBase):
    """A file that shows every block read from it to `on_bytes`."""

    def __init__(self, file: io.FileIO, on_bytes: Callable[[memoryview], object]):
        self._file = file
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self._file.readinto(buffer)
        self._on_bytes(memoryview(buffer)[:count])
        return count


@contextmanager
def opened(path: Path, on_bytes: Callable[[memoryview], object]) -> Iterator[BinaryIO]:
    """The file's content, unpacked where its name ends in .gz; `on_bytes` sees it as stored."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb", buffering=0))
        stream: BinaryIO = io.BufferedReader(_Tapped(file, on_bytes), _BLOCK)
        stack.enter_context(stream)
        if path.name.lower().endswith(".gz"):
            unpacked = stack.enter_context(gzip.GzipFile(fileobj=stream))
            stream = stack.enter_context(io.BufferedReader(unpacked, _BLOCK))
        try:
            yield stream
        except _GZIP_FAULTS as fault:
            raise Refused(f"unreadable: not a whole gzip file ({fault})") from fault


def fingerprint(path: Path, tick: Callable[[int], object]) -> Fingerprint:
    """Checksum, size and encoding of a file; `tick` is told of every block's bytes.

    The encoding of Parquet is None. Raises Refused for a text file with a NUL byte, in UTF-16, or
    with a byte that neither UTF-8 nor Windows-1252 has, naming the line.
    """
    checksum = hashlib.sha256()
    size = 0

    def on_bytes(block: memoryview) -> None:
        nonlocal size
        checksum.update(block)
        size += len(block)
        tick(len(block))

    with opened(path, on_bytes) as stream:
        if path.name.lower().endswith(".parquet"):
            encoding = None
            while stream.read(_BLOCK):
                pass
        else:
            encoding = _encoding(iter(lambda: stream.read(_BLOCK), b""))
    return Fingerprint(checksum.hexdigest(), size, encoding)


def _encoding(blocks: Iterator[bytes]) -> str:
    """'utf-8' if the blocks are that, strictly, else 'windows-1252'. Raises Refused."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8 = True
    undefined: str | None = None
    line = 1
    for position, block in enumerate(blocks):
        if position == 0 and block.startswith(_UTF_16_MARKS):
            raise Refused("unreadable: UTF-16 (byte order mark); send UTF-8 or Windows-1252")
        if b"\0" in block:
            line += block.count(b"\n", 0, block.index(b"\0"))
            raise Refused(f"unreadable: NUL byte in line {line} (a binary file, or UTF-16)")
        if not (undefined or block.isascii()):
            undefined = _undefined_byte(block, line)
        line += block.count(b"\n")
        is_utf_8 = is_utf_8 and _decodes(decoder, block, final=False)
    if is_utf_8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    if undefined:
        raise Refused(f"unreadable: neither UTF-8 nor Windows-1252 ({undefined})")
    return "windows-1252"


def _undefined_byte(block: bytes, line: int) -> str | None:
    """The first byte that Windows-1252 has not, and its line, if the block begins in `line`."""
    match = _UNDEFINED_IN_WINDOWS_1252.search(block)
    if not match:
        return None
    line += block.count(b"\n", 0, match.start())
    return f"byte 0x{match[0].hex()} in line {line}"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
