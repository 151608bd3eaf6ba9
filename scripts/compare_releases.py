"""Print what changed between two releases."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from warehouse.home import find_home, told_in_one_line

if TYPE_CHECKING:
    from warehouse.comparison import Comparison, Released

DESCRIPTION = """\
Print what changed from release A to release B: England's total as published, by indicator how many
rows have another value, status, rank or amount, whether data or code changed, and the ten largest
changes. A and B are names of releases under BCBV_HOME, public or internal, paths of their folders
(also from the home: internal/current), or `current`, the public one; the folder may be gone, for
the ledger is read. Exit status 0, whatever changed.
"""
EXAMPLES = """\
examples:
  python scripts/compare_releases.py 2007-08-22T090000.000000Z current
  python scripts/compare_releases.py 2007-08-22T090000.000000Z current --quarter "2006-07 Q4"
  python scripts/compare_releases.py internal/current current
"""

# More letters of an indicator's name would push the figures off the screen.
MOST_NAME = 40
# Columns of rows that only one of the releases has, and what they are called.
NOTES = (("n_added", "new"), ("n_gone", "gone"))


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; 1 where there are no two releases to compare."""
    args = _parser().parse_args(arguments)
    # Loaded once there is something to read, so that --help is quick.
    from warehouse.comparison import NotComparable, compare

    try:
        with told_in_one_line("not compared"):
            comparison = compare(find_home(), args.earlier, args.later, args.quarter)
    except NotComparable as error:
        print(f"not compared: {error}", file=sys.stderr)
        return 1
    print(_told(comparison))
    return 0


def _told(comparison: "Comparison") -> str:
    """The comparison as text."""
    rows = comparison.indicators
    n_changed = sum(row["n_changed"] for row in rows)
    lines = [
        f"from  {_release(comparison.earlier)}",
        f"to    {_release(comparison.later)}",
        *_kinds(comparison),
        "",
        f"{n_changed:,} of {sum(row['n_rows'] for row in rows):,} rows changed; "
        f"{_data(rows)}; {_code(comparison)}",
        "",
        "England's total as published, £ million a year",
        "",
        *_quarters(comparison.quarters),
    ]
    if any(_is_changed(row) for row in rows):
        lines += [
            "",
            "By indicator that changed: rows, and how many have another value, status, rank or £;",
            "quarters with other data; England's £ million a year, mean of the quarters that both",
            "releases have (not every indicator is in the total)",
            "",
            *_indicators([row for row in rows if _is_changed(row)]),
        ]
    if comparison.largest:
        lines += ["", "The largest changes, by £ a year, then by value", ""]
        lines += _largest(comparison.largest)
    return "\n".join(lines)


def _release(released: "Released") -> str:
    as_at = f"as at {released.as_at}, " if released.as_at else ""
    code = released.code_version or "not known"
    return f"{released.release}  {released.kind}, {as_at}code {code}"


def _kinds(comparison: "Comparison") -> list[str]:
    """A warning where a difference may be one of what is hidden."""
    if comparison.earlier.kind == comparison.later.kind:
        return []
    return [
        "",
        "The two are of different kinds: what the public one hides has no value and no £ there,",
        "and its ranks are among the rows that it shows; none of that is a change of data.",
    ]


def _is_changed(row: Mapping) -> bool:
    """Whether an indicator has rows, or data, that are other ones."""
    return row["n_changed"] > 0 or row["n_quarters_with_other_data"] > 0


def _data(rows: Sequence[Mapping]) -> str:
    n_others = sum(row["n_quarters_with_other_data"] > 0 for row in rows)
    return f"other data of {n_others} of {len(rows)} indicators" if n_others else "the same data"


def _code(comparison: "Comparison") -> str:
    versions = {comparison.earlier.code_version, comparison.later.code_version}
    if None in versions:
        return "whether the code is the same is not known"
    return "the same code" if len(versions) == 1 else "other code"


def _quarters(rows: Sequence[Mapping]) -> list[str]:
    lines = [f"{'quarter':12}{'from':>12}{'to':>12}{'change':>12}{'rows changed':>20}"]
    for row in rows:
        before, after = row["before_gbp"], row["after_gbp"]
        changed = f"{row['n_changed']:,} of {row['n_rows']:,}"
        lines.append(
            f"{row['quarter']:12}{_million(before):>12}{_million(after):>12}"
            f"{_change(before, after):>12}{changed:>20}"
        )
    return lines


def _indicators(rows: Sequence[Mapping]) -> list[str]:
    width = min(MOST_NAME, max(len(row["name"]) for row in rows))
    heads = ("rows", "changed", "value", "status", "rank", "£", "data", "from", "to", "change")
    lines = [f"{'':8}{'':{width}}" + "".join(f"{head:>8}" for head in heads)]
    for row in rows:
        before, after = row["before_gbp"], row["after_gbp"]
        cells = [
            *(
                f"{row[name]:,}" if row[name] else "–"
                for name in (
                    "n_rows",
                    "n_changed",
                    "n_values",
                    "n_statuses",
                    "n_ranks",
                    "n_pounds",
                    "n_quarters_with_other_data",
                )
            ),
            _million(before),
            _million(after),
            _change(before, after),
        ]
        notes = [f"{row[name]:,} {word}" for name, word in NOTES if row[name]]
        lines.append(
            f"{row['indicator_id']:8}{_cut(row['name']):{width}}"
            + "".join(f"{cell:>8}" for cell in cells)
            + (f"  ({', '.join(notes)})" if notes else "")
        )
    return lines


def _largest(rows: Sequence[Mapping]) -> list[str]:
    lines = [
        f"{'':14}{'quarter':12}{'value from':>12}{'to':>12}"
        f"{'£ from':>14}{'to':>14}{'change':>14}  status"
    ]
    for row in rows:
        before, after = row["before_gbp"], row["after_gbp"]
        statuses = [row["before_status"] or "–", row["after_status"] or "–"]
        change = round((after or 0) - (before or 0))
        lines.append(
            f"{row['indicator_id']:8}{row['organisation_code']:6}{row['quarter']:12}"
            f"{_value(row['before_value']):>12}{_value(row['after_value']):>12}"
            f"{_pounds(before):>14}{_pounds(after):>14}"
            f"{f'{change:+,}' if change else '–':>14}"
            f"  {' → '.join(dict.fromkeys(statuses))}"
        )
    return lines


def _cut(name: str) -> str:
    """A name that leaves room for the figures."""
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1].rstrip()}…"


def _million(amount: float | None) -> str:
    return "–" if amount is None else f"{amount / 1e6:,.2f}"


def _change(before: float | None, after: float | None) -> str:
    if before is None and after is None:
        return "–"
    change = ((after or 0) - (before or 0)) / 1e6
    # Noise of sums of doubles is no change, and neither is what rounds to nothing.
    return f"{change:+,.2f}" if abs(change) >= 0.005 else "0"


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _pounds(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:,.0f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("earlier", metavar="A", help="a release: its name, its path, or current")
    parser.add_argument("later", metavar="B", help="the release to compare with it")
    parser.add_argument("--quarter", help='compare this quarter alone, such as "2006-07 Q4"')
    return parser


if __name__ == "__main__":
    sys.exit(main())
