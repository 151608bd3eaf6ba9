"""The rules on the files of the feeds that are not HES: what can be believed of an organisation.

Written from the page on files as they come (rules U01, D02, C01, C02, J01, S01, R01, W03).
"""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from reference import movement
from reference.finance import category
from reference.measures import ratio
from reference.monthly import absence
from reference.quarters import months_of
from reference.rows import MonthlyRow, counted

PRESCRIBING = ("epact", "epd")
# The figure that a feed is measured by (J01).
SIZES = {
    "epact": "ITEMS",
    "finance": "TOTAL_PAY",
    "bppc": "INVOICES_PAID_GBP",
    "procurement": "ADDRESSABLE_SPEND_GBP",
    "esr_movement": "HEADCOUNT_START",
}
FEEDS_HELD_AGAINST_THE_QUARTER_BEFORE = ("finance", "bppc", "procurement")
LARGEST_JUMP = 3
LEAST_SHARE_OF_THE_MEDIAN = 0.01
LARGEST_ORDER = 50
LARGEST_DIFFERENCE_OF_A_RATE = 0.02
DECIMALS_OF_A_COMPARED_NUMBER = 10


class Check(NamedTuple):
    """How many rows or months were looked at, how many failed, the rate, and what follows."""

    n: int
    failed: int
    rate: float | None
    outcome: str

    @property
    def colour(self) -> str | None:
        """red or amber, else None."""
        return self.outcome if self.outcome in ("red", "amber") else None


NOT_EVALUATED = Check(0, 0, None, "not_evaluated")


def share(n: int, failed: int, *, amber: float | None = None, red: float | None = None) -> Check:
    """A check of a share of rows against limits in percent, which are strict."""
    if not n:
        return NOT_EVALUATED
    outcome = "green"
    if red is not None and 100 * failed > red * n:
        outcome = "red"
    elif amber is not None and 100 * failed > amber * n:
        outcome = "amber"
    return Check(n, failed, failed / n, outcome)


def u01(rows: list[MonthlyRow], feed: str, measures: Iterable[str] | None = None) -> Check:
    """U01: rows with a figure that cannot be read or is missing; of any of the measures given."""
    present = [row for row in rows if row.is_present]
    failed = sum(bool(row.unread(_all(row) if measures is None else measures)) for row in present)
    return share(len(present), failed, amber=1 if feed in PRESCRIBING else 0, red=5)


def _all(row: MonthlyRow) -> set[str]:
    return set(row.fields)  # every column; unread takes those that are measures


def d02(rows: list[MonthlyRow]) -> Check:
    """D02: rows of a key that another row of the submission has too."""
    present = [row for row in rows if row.is_present]
    return share(len(present), sum(row.is_of_a_conflict for row in present), red=0)


def months(rows: list[MonthlyRow]) -> set[int]:
    """The months that have a row of their own."""
    return {row.month for row in rows if row.is_present}


def missing_months(rows: list[MonthlyRow], covered: Iterable[int]) -> tuple[int, int]:
    """How many months there ought to be, and how many of them have no row."""
    covered = set(covered)
    return len(covered), len(covered - months(rows))


def c01(rows: list[MonthlyRow], covered: Iterable[int]) -> Check:
    """C01 of prescribing: months of the quarter of which files came, without a row."""
    return share(*missing_months(rows, covered), amber=0)


def c02(rows: list[MonthlyRow], covered: Iterable[int]) -> Check:
    """C02: the same, for what is counted per head."""
    return share(*missing_months(rows, covered), red=0)


def c01_against(rows: list[MonthlyRow], before: list[MonthlyRow]) -> Check:
    """C01 of money: fewer months than in the quarter before."""
    n = len(months(before))
    return share(n, max(0, n - len(months(rows))), amber=0)


def size(rows: list[MonthlyRow], feed: str) -> float | None:
    """A feed's size per month that has one, of the rows in use; null of none."""
    in_use = [row for row in rows if row.rule is None]
    if feed == "esr_movement":
        heads = [
            movement.headcount([r for r in in_use if r.month == month], SIZES[feed])
            for month in sorted({row.month for row in in_use})
        ]
        given = [n for n in heads if n is not None]
        return sum(given) / len(given) if given else None
    if feed == "bppc":
        in_use = [row for row in in_use if category(row) is not None]
    read = [row for row in in_use if row.number(SIZES[feed]) is not None]
    if not read:
        return None
    return sum(row.number(SIZES[feed]) for row in read) / len({row.month for row in read})


def j01(now: float | None, before: float | None, typical: float | None) -> Check:
    """J01: over three times what it was, or under a third; small things may jump."""
    if now is None or before is None or not max(now, before):
        return NOT_EVALUATED
    if typical is not None and max(now, before) < LEAST_SHARE_OF_THE_MEDIAN * typical:
        return NOT_EVALUATED
    if not before:
        return Check(1, 1, None, "red")
    change = round(now / before, DECIMALS_OF_A_COMPARED_NUMBER)
    is_red = change > LARGEST_JUMP or change < round(
        1 / LARGEST_JUMP, DECIMALS_OF_A_COMPARED_NUMBER
    )
    return Check(1, int(is_red), now / before, "red" if is_red else "green")


def size_of_money(rows: list[MonthlyRow], quarter: int) -> float | None:
    """Total pay per month, one row of the last month alone being the whole quarter's."""
    found = size(rows, "finance")
    is_of_the_quarter = months(rows) == {months_of(quarter)[-1]}
    return None if found is None else found / (3 if is_of_the_quarter else 1)


def s01(own: float | None, others: list[float]) -> Check:
    """S01: of another order than the other organisations of the class."""
    if own is None or not others or median(others) <= 0:
        return NOT_EVALUATED
    order = own / median(others)
    is_red = order > LARGEST_ORDER or order < 1 / LARGEST_ORDER
    return Check(1, int(is_red), own, "red" if is_red else "green")


def v03(rows: list[MonthlyRow], quarter: int) -> Check:
    """V03: months in which one code as sent came from two senders, or in two formats."""
    senders = defaultdict(set)
    for row in rows:
        senders[row.month, row.sent_as.upper()].add((row.feed, row.submission.sender))
    twice = {month for (month, _), found in senders.items() if len(found) > 1}
    return share(len({row.month for row in rows}), len(twice), red=0)


def w01(rows: list[MonthlyRow]) -> Check:
    """W01: an absence rate of the quarter under 2 or over 12 percent."""
    rate = ratio(*absence(rows))
    if rate is None:
        return NOT_EVALUATED
    is_red = not 0.02 <= round(rate, DECIMALS_OF_A_COMPARED_NUMBER) <= 0.12
    return Check(1, int(is_red), rate, "red" if is_red else "green")


def w02(rows: list[MonthlyRow], before: list[MonthlyRow], quarter: int) -> Check:
    """W02: a month missing, or days per month a quarter more or less than the quarter before."""
    is_short = months(rows) != set(months_of(quarter))
    now, then = _days_per_month(rows), _days_per_month(before)
    change = now / then if then else None
    is_red = is_short or (
        change is not None and not 0.75 <= round(change, DECIMALS_OF_A_COMPARED_NUMBER) <= 1.25
    )
    difference = None if change is None else abs(change - 1)
    return Check(1, int(is_red), difference, "red" if is_red else "green")


def _days_per_month(rows: list[MonthlyRow]) -> float:
    """Days available per month that tells them; 0 where there are none to compare with."""
    days = [(row.month, row.number("FTE_DAYS_AVAILABLE")) for row in rows if row.rule is None]
    told = [(month, n) for month, n in days if n is not None]
    return sum(n for _, n in told) / max(1, len({month for month, _ in told}))


def r01(rows: list[MonthlyRow]) -> Check:
    """R01: the published rate is not that of the row."""
    differences = []
    for row in counted(rows, "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE"):
        rate = row.number("SICKNESS_ABSENCE_RATE_PERCENT")
        available = row.number("FTE_DAYS_AVAILABLE")
        if row.feed == "nhse_sickness" and rate is not None and available:
            differences.append(abs(rate - 100 * row.number("FTE_DAYS_LOST") / available))
    n_failed = sum(
        round(difference, DECIMALS_OF_A_COMPARED_NUMBER) > LARGEST_DIFFERENCE_OF_A_RATE
        for difference in differences
    )
    return share(len(differences), n_failed, red=0)


def w03(rows: list[MonthlyRow]) -> Check:
    """W03: more days lost than available, or less than none of either."""
    present = [row for row in rows if row.is_present]
    n_failed = 0
    for row in present:
        lost, available = row.number("FTE_DAYS_LOST"), row.number("FTE_DAYS_AVAILABLE")
        n_failed += (
            (lost is not None and lost < 0)
            or (available is not None and available < 0)
            or (None not in (lost, available) and lost > available)
        )
    return share(len(present), n_failed, red=0)


def of_class(
    feed: str,
    quarter: int,
    members: Iterable[str],
    now: dict[str, list[MonthlyRow]],
    before: dict[str, list[MonthlyRow]],
    covered: set[int],
) -> dict[str, dict[str, Check]]:
    """The rules on a feed, local and published together, of the organisations of a class.

    now and before are the rows of the quarter and of the one before it by organisation, covered
    the months of the quarter of which there are files.
    """
    members = [code for code in members if code in now]
    found = {
        code: {
            "U01": u01(now[code], feed),
            "D02": d02(now[code]),
            "V03": v03(now[code], quarter),
        }
        for code in members
    }
    if feed in SIZES:
        amounts = {code: size(now[code], feed) for code in members}
        given = [amount for amount in amounts.values() if amount is not None]
        typical = median(given) if given else None
        for code in members:
            then = size(before.get(code, []), feed)
            found[code]["J01"] = j01(amounts[code], then, typical)
    if feed == "finance":
        money = {code: size_of_money(now[code], quarter) for code in members}
        for code in members:
            others = [n for c, n in money.items() if c != code and n is not None]
            found[code]["S01"] = s01(money[code], others)
    for code in members:
        if feed in PRESCRIBING:
            found[code]["C01"] = c01(now[code], covered)
            found[code]["C02"] = c02(now[code], covered)
        if feed in FEEDS_HELD_AGAINST_THE_QUARTER_BEFORE:
            found[code]["C01"] = c01_against(now[code], before.get(code, []))
        if feed == "esr_absence":
            found[code]["W01"] = w01(now[code])
            found[code]["W02"] = w02(now[code], before.get(code, []), quarter)
            found[code]["W03"] = w03(now[code])
            found[code]["R01"] = r01(now[code])
    return found
