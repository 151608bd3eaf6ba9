"""Rulebook 1.13: what holds the data: a file as it is, packed, or inside an archive."""

import bz2
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from backports import zstd
from isal import igzip, igzip_lib

from warehouse.contracts import Refused
from warehouse.limits import MAX_ENTRIES, MAX_UNPACKING_RATIO, UNPACKED_FREELY
from warehouse.words import shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TEXTS = ("csv", "psv", "tsv", "txt", "dat")
PACKINGS = ("gz", "zip", "zst", "bz2")
TABLES = ("parquet", "xlsx")
# What the name of the file begins with that Excel keeps beside an open workbook.
LOCK = "~$"
EXTENSIONS = (
    *TEXTS,
    *(f"{text}.{packing}" for text in TEXTS for packing in PACKINGS),
    "zip",
    *TABLES,
)

# Bytes read at a time: more, and what is made of them no longer fits the processor's cache.
BLOCK = 1 << 19

_PACKING_NAMES = {"gz": "gzip", "zip": "zip", "zst": "zstd", "bz2": "bzip2"}
_FAULTS: tuple[type[Exception], ...] = (  # type: ignore[assignment]
    EOFError,
    zlib.error,
    igzip_lib.IsalError,
    zstd.ZstdError,
    zipfile.BadZipFile,
    NotImplementedError,
)


@dataclass(frozen=True)
class Member:
    """A data file: a file of its own, or an entry of an archive that holds several."""

    path: Path
    entry: str | None = None

    @property
    def file_name(self) -> str:
        """The name under which it was received: `archive.zip/member` for an entry."""
        return f"{self.path.name}/{self.entry}" if self.entry else self.path.name

    @property
    def own_name(self) -> str:
        """The last part of its name, which may say feed and period."""
        return PurePosixPath(self.entry).name if self.entry else self.path.name

    @property
    def extension(self) -> str | None:
        """The extension in lower case, if it is one that can be landed."""
        return extension(self.own_name)

    @property
    def size(self) -> int:
        """Bytes as stored: of the file, or of the entry unpacked."""
        if not self.entry:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.entry).file_size


def extension(name: str) -> str | None:
    """The longest extension of a file's name, in lower case, if it is one that can be landed."""
    lower = name.lower()
    found = [ext for ext in EXTENSIONS if lower.endswith(f".{ext}")]
    return max(found, key=len, default=None)


def packing(name: str) -> str | None:
    """How the file of this name is packed: gz, zip, zst, bz2 or not at all."""
    ending = (extension(name) or "").rpartition(".")[2]
    return ending if ending in PACKINGS else None


def is_no_data(name: str) -> bool:
    """Whether an entry of a folder or archive is passed over: a README, hidden, a lock of Excel's.

    `name` may have folders; a hidden folder, or that of a Macintosh's archive, hides all in it.
    """
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    if hidden or not parts:
        return hidden
    return parts[-1].startswith(LOCK) or parts[-1].lower().partition(".")[0] == "readme"


def members(path: Path) -> tuple[list[Member], list[str]]:
    """The data files in a file, and the names of an archive's entries that are passed over.

    An archive with one text in it stands for that text, as a packed text does; of others each
    entry is a member. Raises Refused for an archive that cannot be read or has no data file.
    """
    if packing(path.name) != "zip":
        return [Member(path)], []
    with _faults_refused("zip"), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"{len(entries)} entries in the archive, the limit is {MAX_ENTRIES:,}")
    data = [info.filename for info in entries if not (info.is_dir() or is_no_data(info.filename))]
    passed_over = [info.filename for info in entries if info.filename not in data]
    if not data:
        raise Refused("no data file in the archive")
    if twice := next((name for name in data if data.count(name) > 1), None):
        raise Refused(f"unreadable: two entries of the archive are named {shown(twice)}")
    if len(data) == 1 and extension(data[0]) in TEXTS:
        return [Member(path)], passed_over
    return [Member(path, name) for name in data], passed_over


def name_inside(path: Path) -> str | None:
    """The name of the one data file in an archive that stands for it; None: not such an archive.

    Raises Refused for an archive that cannot be read.
    """
    if packing(path.name) != "zip":
        return None
    with _faults_refused("zip"), zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    data = [name for name in names if not is_no_data(name)]
    return PurePosixPath(data[0]).name if len(data) == 1 else None


@contextmanager
def stored(member: Member) -> Iterator[BinaryIO]:
    """The member's bytes as stored: those of the file, or of the archive's entry."""
    if not member.entry:
        with member.path.open("rb", buffering=0) as file:
            yield file
        return
    with (
        _faults_refused("zip"),
        zipfile.ZipFile(member.path) as archive,
        _entry(archive, member.entry) as stream,
    ):
        yield stream


@contextmanager
def unpacked(name: str, stream: BinaryIO) -> Iterator[BinaryIO]:
    """The text in a stream of stored bytes, unpacked as its name says.

    Raises Refused where the packing is broken, or gives more bytes than its limit. The stream of a
    zip archive must be seekable.
    """
    kind = packing(name)
    if kind is None:
        yield stream
        return
    with _faults_refused(kind), ExitStack() as stack:
        counted = _Counted(stream)
        text: BinaryIO
        if kind == "gz":
            # The same as the standard library's at half the cost.
            text = stack.enter_context(igzip.GzipFile(fileobj=counted))  # type: ignore[assignment, no-untyped-call]
        elif kind == "bz2":
            text = stack.enter_context(_Bzip2(counted))  # type: ignore[assignment, arg-type]
        elif kind == "zst":
            text = stack.enter_context(zstd.ZstdFile(counted))  # type: ignore[assignment]
        else:
            archive = stack.enter_context(zipfile.ZipFile(counted))
            [entry] = [
                info.filename
                for info in archive.infolist()
                if not (info.is_dir() or is_no_data(info.filename))
            ]
            text = stack.enter_context(_entry(archive, entry))
        bounded = io.BufferedReader(_Bounded(text, counted), BLOCK)
        yield stack.enter_context(bounded)


def each_block(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's bytes, a block at a time."""
    return iter(lambda: stream.read(BLOCK), b"")


def copied(member: Member, target: Path, on_bytes: Callable[[bytes], object]) -> None:
    """Copy the member's bytes as stored; `on_bytes` sees every block."""
    with stored(member) as source, target.open("wb") as copy:
        for block in each_block(source):
            copy.write(block)
            on_bytes(block)


@contextmanager
def _entry(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    info = archive.getinfo(name)
    if info.flag_bits & 0x1:
        raise Refused(f"unreadable: {shown(name)} in the archive is encrypted")
    if info.file_size > UNPACKED_FREELY and (
        info.file_size > MAX_UNPACKING_RATIO * max(info.compress_size, 1)
    ):
        raise Refused(_too_much())
    with archive.open(info) as stream:
        yield stream  # type: ignore[misc]


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.count += len(block)
        return block

    def readinto(self, buffer: "WriteableBuffer") -> int:
        block = self.read(len(memoryview(buffer)))
        memoryview(buffer)[: len(block)] = block
        return len(block)


class _Bzip2(io.RawIOBase):
    """A bzip2 text unpacked; the library's own reader is silent on bytes behind its end."""

    def __init__(self, packed: BinaryIO):
        self._packed = packed
        self._unpacker = bz2.BZ2Decompressor()
        self._is_first = True

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            block = b""
            if self._unpacker.eof:
                block = self._unpacker.unused_data or self._packed.read(BLOCK)
                if not block:
                    return b""
                self._unpacker, self._is_first = bz2.BZ2Decompressor(), False
            elif self._unpacker.needs_input:
                block = self._packed.read(BLOCK)
                if not block:
                    raise EOFError("it ends before its end-of-stream marker")
            try:
                text = self._unpacker.decompress(block, size)
            except OSError as fault:
                if self._is_first:
                    raise
                raise OSError("bytes behind its end are no bzip2") from fault
            if text:
                return text


class _Bounded(io.RawIOBase):
    """An unpacked stream that stops where it grows beyond all proportion."""

    def __init__(self, stream: BinaryIO, packed: _Counted):
        self._stream, self._packed = stream, packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        block = self._stream.read(len(view))
        view[: len(block)] = block
        self._count += len(block)
        if self._count > max(UNPACKED_FREELY, MAX_UNPACKING_RATIO * self._packed.count):
            raise Refused(_too_much())
        return len(block)


def _too_much() -> str:
    return (
        f"the archive gives over {UNPACKED_FREELY >> 30} GiB and more than"
        f" {MAX_UNPACKING_RATIO:,} bytes for each of its own; unpack it and send the text"
    )


@contextmanager
def _faults_refused(kind: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise Refused(_broken(kind, fault)) from fault
    except (gzip.BadGzipFile, RuntimeError) as fault:
        raise Refused(_broken(kind, fault)) from fault
    except OSError as fault:
        # What unpackers raise has no number; what the system raises has.
        if fault.errno is not None:
            raise
        raise Refused(_broken(kind, fault)) from fault


def _broken(kind: str, fault: BaseException) -> str:
    return f"unreadable: not a whole {_PACKING_NAMES[kind]} file ({shown(str(fault))})"
