"""Which files the paths of a call stand for, and what stands in a folder that is no file to land.

Nothing is opened here: a pipe would never end, and holds whoever opens it.
"""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.containers import LOCK

# What the generator of made-up extracts leaves beside them.
FAULTS_FILE = "faults.json"


@dataclass(frozen=True)
class Received:
    """A path, and what is the matter with it: nothing, a reason to refuse or to pass over it."""

    path: Path
    refused: str | None = None
    passed_over: str | None = None


def received(paths: list[Path]) -> Iterator[Received]:
    """What the paths stand for: files as they are, folders with all that lies below, by name.

    In a folder, what is called README, begins with a dot or is a lock of Excel's is passed over,
    and so is the list of faults of made-up extracts; a link that leads nowhere, what is no regular
    file, and a folder that cannot be read are refused. So is a folder without any file to land.
    """
    for path in paths:
        inside = list(_below(path, set())) if path.is_dir() else [Received(path, not_a_file(path))]
        yield from inside
        if all(found.passed_over for found in inside):
            yield Received(path, "no file in this folder can be landed")


def not_a_file(path: Path) -> str | None:
    """Why a path cannot be opened as a file; None: it is a regular file (or a link to one)."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "a link that leads nowhere" if path.is_symlink() else "no such file or folder"
    except OSError as error:
        return error.strerror or str(error)
    if stat.S_ISREG(mode):
        return None
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe (FIFO)",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return f"{kinds.get(stat.S_IFMT(mode), 'something else')}, not a file"


def _below(folder: Path, above: set[tuple[int, int]]) -> Iterator[Received]:
    """All that lies below a folder; `above` are the folders around it, for links may lead back."""
    try:
        status = folder.stat()
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield Received(folder, f"a folder that cannot be read: {error.strerror}")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        yield Received(folder, passed_over="a link back to a folder that it lies in")
        return
    for path in inside:
        name = path.name
        if name.startswith("."):
            yield Received(path, passed_over="its name begins with a dot")
        elif name.startswith(LOCK) and not_a_file(path) is None:
            yield Received(path, passed_over="Excel's lock of a workbook that is open")
        elif path.is_dir():
            yield from _below(path, above | {here})
        elif name.lower().partition(".")[0] == "readme" and not_a_file(path) is None:
            yield Received(path, passed_over="a README")
        elif name == FAULTS_FILE and not_a_file(path) is None:
            yield Received(path, passed_over="what was done to made-up extracts")
        else:
            yield Received(path, not_a_file(path))
