"""Write the draft for validation that a body comments on before its figures are published."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from warehouse.home import find_home, told_in_one_line

if TYPE_CHECKING:
    from warehouse.feedback import Draft

DESCRIPTION = """\
Write drafts for validation from the warehouse under BCBV_HOME: for an organisation and quarter, or
for all that are expected to send something, index.html (one file, prints on A4), results.csv and
records.csv.gz under feedback/<quarter>/<code>/. They need no release: they are what a body comments
on before there is one. They hold patients' records and are closed to other users; send each only
to the body that it is of.
"""
EXAMPLES = """\
examples:
  python scripts/feedback.py --organisation RWE --quarter "2006-07 Q4" --deadline 2007-05-18
  python scripts/feedback.py --all --quarter "2006-07 Q4"
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the drafts; 0 only if each is whole."""
    args = _parser().parse_args(arguments)
    # Loaded once there is something to write, so that --help is quick.
    from warehouse.feedback import Asked, NoFeedback, write_drafts

    asked = Asked(args.quarter, None if args.all else args.organisation.upper(), args.deadline)
    try:
        with told_in_one_line("no feedback"):
            drafts = write_drafts(find_home(), asked, _progress)
    except NoFeedback as error:
        print(f"no feedback: {error}", file=sys.stderr)
        return 1
    if args.deadline and args.deadline < date.today():
        print(f"warning: the deadline {args.deadline} is past", file=sys.stderr)
    print(_said(drafts, is_one=not args.all))
    return 0


def _said(drafts: "Sequence[Draft]", is_one: bool) -> str:
    if is_one:
        [draft] = drafts
        return f"wrote {draft.folder}: {draft.n_to_send} of {draft.n_feeds} feeds to be sent"
    n_to_send = sum(draft.n_to_send > 0 for draft in drafts)
    return (
        f"wrote {len(drafts)} drafts under {drafts[0].folder.parent}: {n_to_send} organisations"
        " have something to send"
    )


def _progress(organisations: Sequence[Mapping]) -> Iterable[Mapping]:
    """A bar on a terminal, for work of over two seconds."""
    from tqdm import tqdm

    return tqdm(organisations, desc="drafts", unit="draft", delay=2, disable=None, leave=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write YYYY-MM-DD") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--organisation", metavar="CODE", help="the code of one organisation")
    whom.add_argument("--all", action="store_true", help="all that are expected to send something")
    parser.add_argument("--quarter", required=True, help='such as "2006-07 Q4"')
    parser.add_argument(
        "--deadline",
        type=_day,
        metavar="YYYY-MM-DD",
        help="day by which to send again or to comment; told on the page",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
