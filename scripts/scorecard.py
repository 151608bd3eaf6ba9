"""Write the scorecard of one organisation."""

import argparse
import sys
from pathlib import Path

from warehouse.home import find_home, told_in_one_line

DESCRIPTION = """\
Write the scorecard of one organisation from the current release under BCBV_HOME, as PDF and HTML:
an A4 page with its indicators, and their definitions on the back. Those of the latest quarter, of
all organisations, are in the release (published/current/scorecards); this is for other quarters.
"""
EXAMPLES = """\
examples:
  python scripts/scorecard.py --organisation RGT
  python scripts/scorecard.py --organisation RGT --quarter "2006-07 Q4" --out scorecards
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the scorecard; 1 where there is none to write."""
    args = _parser().parse_args(arguments)
    # Loaded once there is something to write, so that --help is quick.
    from publication.scorecards import NoScorecard, NotPrintable
    from publication.scorecards.request import Request, write_requested

    request = Request(args.organisation, args.quarter, args.internal, args.out)
    try:
        with told_in_one_line("no scorecard"):
            files = write_requested(find_home(), request)
    except (NoScorecard, NotPrintable) as error:
        print(f"no scorecard: {error}", file=sys.stderr)
        return 1
    for file in files:
        print(f"wrote {file}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--organisation", metavar="CODE", required=True, help="the code of the organisation"
    )
    parser.add_argument("--quarter", help='such as "2006-07 Q4" (default: the latest with figures)')
    parser.add_argument(
        "--internal",
        action="store_true",
        help="from the internal release: unsuppressed figures, RESTRICTED on every page",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to (default: reports/scorecards)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
