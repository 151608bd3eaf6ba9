"""What each product of a release costs, of the release as it is and made large; adds to a page."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from large_release import write_large_release
from machine import CHECKOUT, commit, machine

sys.path.insert(0, str(CHECKOUT / "scripts"))

from publication.api import write_api
from publication.explorer import write_explorer
from publication.release_data import Release, open_release
from publication.scorecards import write_scorecards
from publication.scorecards.request import facts_of
from publication.workbooks import write_workbooks

RESULTS = Path(__file__).with_name("publication.md")
PRODUCTS: dict[str, Callable[[Release, Path], None]] = {
    "explorer": write_explorer,
    "scorecards": write_scorecards,
    "xlsx": write_workbooks,
    "api": write_api,
}

DESCRIPTION = """\
Write the pages, scorecards, workbooks and feed of a release of eight quarters anew, and of one made
of its rows that has 500 organisations, 20 indicators and 40 quarters, each product by itself;
append seconds, files and megabytes to benchmarks/publication.md. Run it on a machine that does
nothing else.
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and record every product of both releases."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("release", type=Path, help="folder of a release, such as that of make demo")
    parser.add_argument(
        "--only", choices=sorted(PRODUCTS), action="append", help="this product (default: all)"
    )
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bcbv-publication-") as scratch:
        large = Path(scratch) / "large"
        write_large_release(args.release, large)
        for size, source in {"as given": args.release, "500 x 20 x 40": large}.items():
            facts = facts_of(source)
            for product in args.only or PRODUCTS:
                target = Path(scratch) / size.replace(" ", "") / product
                target.mkdir(parents=True)
                started = time.monotonic()
                with open_release(source, facts) as release:
                    PRODUCTS[product](release, target)
                line = _line(size, product, time.monotonic() - started, target)
                print(line)
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")
    return 0


def _line(size: str, product: str, seconds: float, folder: Path) -> str:
    files = [file for file in folder.rglob("*") if file.is_file()]
    on = machine()
    cells = [
        datetime.now(UTC).date().isoformat(),
        commit(),
        f"{on['cores']} cores, {on['memory_gib']} GiB",
        size,
        product,
        f"{seconds:.1f}",
        f"{len(files):,}",
        f"{sum(file.stat().st_size for file in files) / 1e6:,.1f}",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
