"""Check files of extracts against their feeds' contracts and land them in the lake."""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb
from tqdm import tqdm

from warehouse.containers import EXTENSIONS, Member, members
from warehouse.contracts import Refused
from warehouse.home import connect, find_home
from warehouse.landing import Landing, lock
from warehouse.naming import extension
from warehouse.words import shown

# Seconds that work may last without a progress bar.
BAR_DELAY = 2

DESCRIPTION = """\
Check files of extracts against their feeds' contracts and land them under BCBV_HOME. A file is
named <feed>__<period>__<extract date>[__<sender>].<extension>; the options say what its name does
not. A file lands whole or is refused with the reason; one that has landed before is left alone.
"""
EXAMPLES = """\
examples:
  python scripts/ingest.py hes_apc__fy2006-07q1__2006-08-22.psv.gz
  python scripts/ingest.py incoming/
  python scripts/ingest.py epd_201709.csv --feed epd --period m2017-09 --extract-date 2017-11-20
"""


def main(arguments: list[str] | None = None) -> int:
    """Land the files named on the command line; 0 only if each landed or had landed before."""
    args = _parser().parse_args(arguments)
    options = {name: getattr(args, name) for name in ("feed", "period", "extract_date", "sender")}
    home = find_home()
    with lock(home), connect(home) as engine:
        landing = Landing(home, engine)
        try:
            return 0 if _land_all(landing, args.paths, options) else 1
        finally:
            landing.write_index()


def _land_all(landing: Landing, paths: list[Path], options: dict) -> bool:
    """Land each file and say what became of it; whether all were landed or had landed before."""
    files = list(_files(paths))
    work = [_work(path) for path in files]
    all_landed = True
    done = 0
    with _progress(sum(work)) as bar:
        for number, (path, size) in enumerate(zip(files, work, strict=True), start=1):
            bar.set_description(f"file {number} of {len(files)}", refresh=False)
            try:
                found, passed_over = members(path) if path.is_file() else ([Member(path)], [])
                for name in passed_over:
                    _say(bar, f"passed over {path}/{shown(name)}", sys.stderr)
                for member in found:
                    _land_one(landing, member, options, bar)
            except (Refused, OSError, duckdb.Error) as error:
                _say(bar, f"refused {path}: {_reason(error)}", sys.stderr)
                all_landed = False
            done += size
            bar.update(done - bar.n)
    return all_landed


def _land_one(landing: Landing, member: Member, options: dict, bar: tqdm) -> None:
    path = (
        member.path.with_name(member.file_name)
        if member.entry is None
        else (f"{member.path}/{member.entry}")
    )
    landed = landing.land(member, options, bar.update)
    entry = landed.entry
    if landed.already:
        _say(bar, f"already landed {path}: {entry['submission_id']}", sys.stdout)
        return
    _say(
        bar,
        f"landed {path}: {entry['submission_id']}, {entry['row_count']} rows,"
        f" {entry['reject_count']} rejects, {entry['invalid_count']} invalid values,"
        f" profile {entry['profile_verdict']}",
        sys.stdout,
    )
    for finding in landing.findings(entry):
        _say(bar, f"warning {path}: {finding}", sys.stderr)


def _say(bar: tqdm, text: str, file: TextIO) -> None:
    """Write a line clear of the bar. One that is still delayed would be drawn by its own write."""
    if bar.disable or not bar.delay:
        bar.write(text, file=file)
    else:
        print(text, file=file)


def _reason(error: Exception) -> str:
    """One line that says what is wrong."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).splitlines()[0]


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files to land: those named, and in folders those with an extension of a submission.

    A folder without any stands for itself, to be refused.
    """
    for path in paths:
        inside = [file for file in sorted(path.rglob("*")) if file.is_file()]
        for file in inside:
            if not extension(file):
                print(f"passed over {file}: not {', '.join(EXTENSIONS)}", file=sys.stderr)
        yield from [file for file in inside if extension(file)] or [path]


def _work(path: Path) -> int:
    """What Landing.land ticks for a file in all, in bytes."""
    return 3 * path.stat().st_size if path.is_file() else 0


@contextmanager
def _progress(total: int) -> Iterator[tqdm]:
    """A bar for work of over two seconds on a terminal, also while the engine works in silence."""
    ended = threading.Event()
    with tqdm(
        total=total, unit="B", unit_scale=True, delay=BAR_DELAY, disable=None, leave=False
    ) as bar:

        def redraw() -> None:
            if not ended.wait(BAR_DELAY):
                bar.delay = 0
                while not ended.wait(0.5):
                    bar.refresh()

        if not bar.disable:
            threading.Thread(target=redraw, daemon=True).start()
        try:
            yield bar
        finally:
            ended.set()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    parser.add_argument("--feed", help="hes_apc, epd, …: a folder of models/staging")
    parser.add_argument("--period", help="declared period: fy2006-07, fy2006-07q1 or m2017-09")
    parser.add_argument("--extract-date", help="day the sender took the extract: YYYY-MM-DD")
    parser.add_argument("--sender", help="who sent it: letters, digits, - and _")
    return parser


if __name__ == "__main__":
    sys.exit(main())
