"""Synthetic national extracts in the formats of the feeds; none of it is about real care."""

import argparse
import functools
import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from generator import faults
from generator.quarters import OPENING_QUARTER, Quarter

if TYPE_CHECKING:
    from generator.output import Extracts

# Module and function by feed. They load pandas, which --help can do without.
WRITERS = {
    "hes_apc": "hes_apc.extracts",
    "epact": "epact.extracts",
    "esr_absence": "workforce.absence_extracts",
    "population": "population.extracts",
    "esr_movement": "workforce.movement_extracts",
    "finance": "finance.finance_extracts",
    "bppc": "finance.payment_extracts",
    "procurement": "finance.procurement_extracts",
    "hes_op": "hes_op.extracts",
}
# Made only when asked for: it is there to measure with.
ON_REQUEST = {"epd": "epd.extracts"}

EXAMPLES = """\
examples:
  python scripts/generate_extracts.py --scale 0.01 --quarters 8 --seed 1 --out extracts
  python scripts/generate_extracts.py --scale 1 --quarters 1 --first-quarter 2007-08q2 \\
      --seed 1 --out extracts --feeds hes_apc,population
  python scripts/generate_extracts.py --quarters 1 --first-quarter 2025-26q2 \\
      --out extracts --feeds epd --lines 18000000

Same arguments, same bytes. A quarter's files do not depend on which other quarters or feeds are
asked for. All volumes follow --scale, people, staff and money too, so that rates stay those of
England; only prescribing does not go below a twentieth of England, since PCTs would fall under the
1,000 items that indicators ask for. Population comes once a financial year.
Staff turnover (BCBV09) looks back over twelve months of esr_movement, and none are made before
2006-07 Q1: it is not_applicable in the first three of the quarters asked for.
Everything is made up; organisation codes are real so that mergers and areas work.

faults:
  --faults all, or rules separated by commas, puts what is listed below into the last of the
  quarters, each into an organisation of its own, and says in faults.json what it did: the rule,
  feed, organisation and quarter, how many rows, and the least outcome that is to be expected
  (amber, red, quarantined). The others record well: their shares are under the rules' bounds, but
  for chance at small scales (0.02 is enough).
  {usual}.

  rule feed          outcome      what is done to one organisation's rows
{faults}
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    from generator.england import England, ReferenceMissing

    quarters = [options.first_quarter.plus(number) for number in range(options.quarters)]
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        records_well = bool(options.faults) and faults.USUAL not in options.faults
        england = England(options.seed, options.scale, records_well=records_well)
        with tqdm(
            total=len(quarters) * len(options.feeds),
            desc="generating",
            unit="file",
            delay=2,
            disable=None,
        ) as progress:
            for feed in options.feeds:
                for path in _writer(feed, options.lines)(england, quarters, options.out):
                    progress.set_postfix_str(path.name)
                    progress.update()
        if options.faults:
            from generator.spoiling import inject

            for said in inject(england, quarters, options.feeds, options.faults, options.out):
                print(f"generate_extracts: {said}", file=sys.stderr)
    except (OSError, ReferenceMissing) as error:
        print(f"generate_extracts: {error}", file=sys.stderr)
        return 1
    return 0


def _writer(feed: str, lines: int | None) -> "Extracts":
    module, function = (WRITERS | ON_REQUEST)[feed].split(".")
    writer: Callable[..., Iterator[Path]] = getattr(
        importlib.import_module(f"generator.{module}"), function
    )
    return functools.partial(writer, lines=lines) if feed in ON_REQUEST else writer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=EXAMPLES.format(usual=_wrapped(faults.USUAL_WHAT), faults=faults.told()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        default=0.01,
        help="share of England, above 0 and up to 1 (default: 0.01); 1 is some 14 million"
        " episodes and 60 million outpatient appointments a year",
    )
    parser.add_argument(
        "--quarters", type=_count, default=8, help="number of quarters (default: 8)"
    )
    parser.add_argument("--seed", type=_seed, default=1, help="whole number from 0 (default: 1)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument(
        "--first-quarter",
        type=_quarter,
        default=OPENING_QUARTER,
        help="first quarter, from 2006-07q1 (default)",
    )
    parser.add_argument(
        "--feeds",
        type=_feeds,
        default=tuple(WRITERS),
        help=f"separated by commas; default: all ({', '.join(WRITERS)}); also"
        f" {', '.join(ON_REQUEST)}, a month a quarter in the published layout",
    )
    parser.add_argument(
        "--lines",
        type=_count,
        help="lines of a file of epd (default: 18 million times the scale)",
    )
    parser.add_argument(
        "--faults",
        type=_faults,
        default=(),
        help="all, or rules separated by commas: see below; also"
        f" {faults.USUAL}. Default: as {faults.USUAL} alone, without faults.json",
    )
    return parser


def _wrapped(text: str) -> str:
    return textwrap.fill(f"`{faults.USUAL}` among them: {text}", 98, subsequent_indent="  ")


def _faults(text: str) -> tuple[str, ...]:
    try:
        return faults.chosen(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _scale(text: str) -> float:
    if not 0 < float(text) <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and up to 1")
    return float(text)


def _count(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return int(text)


def _seed(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0")
    return int(text)


def _quarter(text: str) -> Quarter:
    try:
        quarter = Quarter.parse(text.lower())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if quarter < OPENING_QUARTER:
        raise argparse.ArgumentTypeError(f"{text} is before 2006-07q1, the first quarter published")
    return quarter


def _feeds(text: str) -> tuple[str, ...]:
    feeds = tuple(dict.fromkeys(text.split(",")))
    known = WRITERS | ON_REQUEST
    unknown = [feed for feed in feeds if feed not in known]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no such feed: {', '.join(unknown)}; there are {', '.join(known)}"
        )
    return feeds


if __name__ == "__main__":
    sys.exit(main())
