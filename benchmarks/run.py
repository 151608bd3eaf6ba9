"""Time the steps of `make demo` in a home of their own and add the figures to results.jsonl."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from machine import CHECKOUT, commit, machine

RESULTS = Path(__file__).with_name("results.jsonl")

DESCRIPTION = """\
Run the steps of `make demo` (the environment aside) in a temporary BCBV_HOME, one after the other,
and append what each took, the scale and the machine to benchmarks/results.jsonl. Nothing is
repeated or left out: a run is a line. Run it on a machine that does nothing else.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run and record; 1 where a step failed, in which case nothing is recorded."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=0.05, help="1 is England (default: 0.05)")
    parser.add_argument("--quarters", type=int, default=8, help="quarters (default: 8)")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bcbv-benchmark-") as home:
        seconds: dict[str, float] = {}
        for step, command in _steps(Path(home), args.scale, args.quarters).items():
            started = time.monotonic()
            outcome = subprocess.run(
                command, cwd=CHECKOUT, env=os.environ | {"BCBV_HOME": home}, check=False
            )
            if outcome.returncode:
                print(f"{step} failed: {' '.join(command)}", file=sys.stderr)
                return 1
            seconds[step] = round(time.monotonic() - started, 1)
        figures = {
            "date": datetime.now(UTC).date().isoformat(),
            "commit": commit(),
            "scale": args.scale,
            "quarters": args.quarters,
            "seconds": seconds | {"total": round(sum(seconds.values()), 1)},
            "submission_megabytes": _megabytes(Path(home) / "landing"),
            "lake_megabytes": _megabytes(Path(home) / "lake"),
            "warehouse_megabytes": _megabytes(Path(home) / "warehouse.duckdb"),
            "machine": machine(),
        }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(figures) + "\n")
    for step, taken in figures["seconds"].items():
        print(f"{step:10}{taken:8.1f} s")
    return 0


def _steps(home: Path, scale: float, quarters: int) -> dict[str, list[str]]:
    """The commands of `make demo`, by step."""
    python = sys.executable
    sample = str(home / "sample")
    return {
        "generate": [
            python,
            "scripts/generate_extracts.py",
            "--scale",
            str(scale),
            "--quarters",
            str(quarters),
            "--seed",
            "1",
            "--faults",
            "usual,A12,D02,S01,U01,W01",
            "--out",
            sample,
        ],
        "ingest": [python, "scripts/ingest.py", sample],
        "build": [str(Path(python).parent / "dbt"), "--quiet", "build"],
        "publish": [python, "scripts/publish.py"],
    }


def _megabytes(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1e6)


if __name__ == "__main__":
    sys.exit(main())
