"""What landing a file costs beside the engine's own copy of the same text; adds to landing.md."""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from machine import CHECKOUT, commit, machine

RESULTS = Path(__file__).with_name("landing.md")

DESCRIPTION = """\
Land each file in a temporary BCBV_HOME, and have DuckDB copy the same text to Parquet, each in a
process of its own on two threads; append CPU seconds (user and system, of all threads), wall
seconds and peak memory of both, and their ratio, to benchmarks/landing.md. A run is a line a file,
whatever it shows. Run it on a machine that does nothing else: CPU seconds grow with the load, too.
"""
EXAMPLES = """\
examples:
  python scripts/generate_extracts.py --scale 1 --quarters 1 --feeds hes_apc,hes_op --out EXTRACTS
  python benchmarks/landing.py EXTRACTS/*
  python scripts/generate_extracts.py --quarters 1 --first-quarter 2025-26q2 --feeds epd \\
      --lines 18000000 --out EPD
  python benchmarks/landing.py EPD/*
"""

# What a user would write who wants no more than the text in Parquet.
COPY = """\
import sys, duckdb
source, target = sys.argv[1:]
duckdb.connect(config={"threads": 2}).execute(
    f"copy (select * from read_csv('{source}', all_varchar = true)) to '{target}' (format parquet)"
)
"""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds, and mebibytes of memory at its peak."""

    cpu: float
    wall: float
    memory: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and record each file; 1 where one could not be landed or copied."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--scratch", type=Path, help="folder for copies and homes (default: the system's)"
    )
    args = parser.parse_args(arguments)
    for path in args.paths:
        with tempfile.TemporaryDirectory(prefix="bcbv-landing-", dir=args.scratch) as scratch:
            copied = _cost([sys.executable, "-c", COPY, path, Path(scratch) / "copy.parquet"])
            (Path(scratch) / "copy.parquet").unlink(missing_ok=True)
            landed = _cost(
                [sys.executable, CHECKOUT / "scripts" / "ingest.py", path],
                BCBV_HOME=str(Path(scratch) / "home"),
            )
        if copied is None or landed is None:
            return 1
        line = _line(path, copied, landed)
        print(line)
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    return 0


def _line(path: Path, copied: Cost, landed: Cost) -> str:
    on = machine()
    cells = [
        datetime.now(UTC).date().isoformat(),
        commit(),
        f"{on['cores']} cores, {on['memory_gib']} GiB",
        # Nothing of where the file lies.
        path.name,
        f"{path.stat().st_size / 1e6:,.0f}",
        *(f"{cost.cpu:.1f} / {cost.wall:.1f}" for cost in (copied, landed)),
        f"{copied.memory:,.0f} / {landed.memory:,.0f}",
        f"{landed.cpu / copied.cpu:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def _cost(command: list[str | Path], **variables: str) -> Cost | None:
    """What a command took; None where it failed, which it says itself."""
    started = time.monotonic()
    process = os.posix_spawn(
        command[0],
        [str(part) for part in command],
        os.environ | {"BCBV_THREADS": "2"} | variables,
    )
    _, status, used = os.wait4(process, 0)
    if status:
        print(f"failed: {' '.join(str(part) for part in command)}", file=sys.stderr)
        return None
    return Cost(
        cpu=used.ru_utime + used.ru_stime,
        wall=time.monotonic() - started,
        memory=used.ru_maxrss / 1024,
    )


if __name__ == "__main__":
    sys.exit(main())
