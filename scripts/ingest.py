"""Check files of extracts against their feeds' contracts and land them in the lake."""

import argparse
import io
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tqdm import tqdm

from warehouse.containers import EXTENSIONS, Member, members
from warehouse.contracts import Refused, feeds
from warehouse.home import connect, find_home, told_in_one_line
from warehouse.privacy import private
from warehouse.received import received
from warehouse.words import shown_line

if TYPE_CHECKING:
    from warehouse.landing import Landed, Landing

# Seconds that work may last without a progress bar.
BAR_DELAY = 2

DESCRIPTION = f"""\
Check files of extracts against their feeds' contracts and land them under BCBV_HOME. A published
file needs no option: its feed is known by its header, its period by its dates. A file's name may
say both, and the day of the extract: <feed>__<period>__<extract date>[__<sender>].<extension>; the
options say what the name does not. A file lands whole or is refused with the reason; one that has
landed before is left alone. Extensions: {", ".join(EXTENSIONS)}.
"""
EXAMPLES = """\
examples:
  python scripts/ingest.py incoming/
  python scripts/ingest.py --check incoming/
  python scripts/ingest.py EPD_202404.csv
  python scripts/ingest.py hes_apc__fy2006-07q1__2006-08-22.psv.gz
  python scripts/ingest.py extract.csv --feed finance --period m2017-09 --extract-date 2017-11-20
"""


def main(arguments: list[str] | None = None) -> int:
    """Land the files named on the command line; 0 only if each landed or had landed before."""
    args = _parser().parse_args(arguments)
    # Loaded once there is something to land: it takes half a second, and --help none.
    from warehouse.landing import Landing, lock
    from warehouse.trial import forget, trial_home

    # A path or a code of an alphabet that the terminal lacks must not end the work.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = {name: getattr(args, name) for name in ("feed", "period", "extract_date", "sender")}
    home = find_home()
    if args.check:
        with (
            told_in_one_line("check"),
            trial_home(home) as trial,
            private(trial),
            connect(trial) as engine,
        ):
            landing = Landing(trial, engine)
            return 0 if _land_all(landing, args.paths, options, partial(forget, trial)) else 1
    with (
        told_in_one_line("ingest"),
        private(home),
        lock(home),
        connect(home) as engine,
    ):
        landing = Landing(home, engine)
        try:
            return 0 if _land_all(landing, args.paths, options) else 1
        finally:
            landing.write_index()


@dataclass(frozen=True)
class _File:
    """A file to land, or the reason why it cannot be."""

    name: str
    member: Member | None = None
    refused: str | None = None


def _land_all(
    landing: "Landing",
    paths: list[Path],
    options: dict,
    forget: Callable[["Landed"], None] | None = None,
) -> bool:
    """Land each file and say what became of it; whether all were landed or had landed before.

    With `forget` files are only tried: each is said to be one that would land, and forgotten.
    """
    files = list(_files(paths))
    work = [_work(file) for file in files]
    # Codes are judged against the reference that comes with them.
    order = sorted(range(len(files)), key=lambda n: not _is_reference(landing, files[n], options))
    all_landed = True
    done = 0
    with _progress(sum(work)) as bar:
        for number, position in enumerate(order, start=1):
            file = files[position]
            bar.set_description(f"file {number} of {len(files)}", refresh=False)
            try:
                if file.member is None:
                    raise Refused(file.refused)
                landed = landing.land(file.member, options, bar.update)
                _tell(bar, file.name, landed, is_trial=forget is not None)
                if forget:
                    forget(landed)
            except Exception as error:  # One odd file keeps no other out.
                _say(bar, f"refused {file.name}: {_reason(error)}", sys.stderr)
                all_landed = False
            done += work[position]
            bar.update(done - bar.n)
    return all_landed


def _tell(bar: tqdm, name: str, landed: "Landed", is_trial: bool) -> None:
    entry = landed.entry
    if landed.found is None:
        _say(bar, f"already landed {name}: {entry['submission_id']}", sys.stdout)
        return
    nobody = "every organisation is unknown, no row counts"
    is_nobody = landed.found.unknown.row_count == landed.found.row_count
    first = "would land" if is_trial else f"{nobody}; landed" if is_nobody else "landed"
    last = f"; {nobody}" if is_trial and is_nobody else ""
    _say(
        bar,
        f"{first} {name}: {entry['submission_id']}, {landed.found.counts()},"
        f" profile {entry['profile_verdict']}{last}",
        sys.stdout,
    )
    if entry["inferred"]:
        _say(bar, f"inferred {name}: {_inferred(entry)}", sys.stdout)
    for replaced in landed.replaces:
        _say(bar, f"{'would replace' if is_trial else 'replaces'} {name}: {replaced}", sys.stdout)
    for warning in landed.warnings:
        _say(bar, f"warning {name}: {warning}", sys.stderr)


def _inferred(entry: Mapping) -> str:
    """What was inferred and from what, in words."""
    is_dated = feeds()[entry["feed"]].is_periodic
    say = {
        "feed": f"feed {entry['feed']} (by the header)",
        "period": f"period {entry['period']}"
        f" ({'from the first to the last date in it' if is_dated else 'a list is held to none'})",
        "extract_date": f"extract date {entry['extract_date']} (the day of landing)",
    }
    return ", ".join(say[part] for part in entry["inferred"].split(", "))


def _say(bar: tqdm, text: str, file: TextIO) -> None:
    """Write a line clear of the bar. One that is still delayed would be drawn by its own write."""
    text = shown_line(text)
    if bar.disable or not bar.delay:
        bar.write(text, file=file)
    else:
        print(text, file=file)


def _reason(error: Exception) -> str:
    """One line that says what is wrong."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no more is known'}"


def _files(paths: list[Path]) -> Iterator[_File]:
    """The files to land: those named, those in folders, and in archives of several each."""
    for found in received(paths):
        name = str(found.path)
        if found.passed_over:
            _passed_over(name, found.passed_over)
        elif found.refused:
            yield _File(name, refused=found.refused)
        else:
            try:
                inside, others = members(found.path)
            except (Refused, OSError) as error:
                yield _File(name, refused=_reason(error))
                continue
            for other in others:
                _passed_over(f"{name}/{other}", "not data")
            yield from (
                _File(f"{name}/{member.entry}" if member.entry else name, member)
                for member in inside
            )


def _passed_over(name: str, reason: str) -> None:
    print(shown_line(f"passed over {name}: {reason}"), file=sys.stderr)


def _is_reference(landing: "Landing", file: _File, options: dict) -> bool:
    """Whether a file is one by which codes of others are judged."""
    if file.member is None:
        return False
    try:
        return not feeds()[landing.feed_of(file.member, options)].is_periodic
    except Exception:  # Why it cannot be told is said when it is its turn.
        return False


def _work(file: _File) -> int:
    """What Landing.land ticks for a file in all, in bytes."""
    try:
        return 4 * file.member.size if file.member else 0
    except OSError:
        return 0


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
    parser.add_argument(
        "--check",
        action="store_true",
        help="judge the files in the same words and land none; 1 if any would be refused",
    )
    parser.add_argument("--feed", help="hes_apc, epd, …: a folder of models/staging")
    parser.add_argument("--period", help="fy2006-07, fy2006-07q1, m2017-09 or m2009-04_2022-03")
    parser.add_argument("--extract-date", help="day the sender took the extract: YYYY-MM-DD")
    parser.add_argument("--sender", help="who sent it: letters, digits, - and _")
    return parser


if __name__ == "__main__":
    sys.exit(main())
