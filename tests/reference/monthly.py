"""The monthly feeds: prescribing and sickness absence (Rulebook 1.7, 5.7, 5.8 and 5.17 to 5.19)."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass

from reference.measures import Measure, ratio
from reference.organisations import Register
from reference.parsing import to_month, to_month_of_date, to_number, upper
from reference.submissions import Submission, effective_rows

MIN_ITEMS_FOR_OWN_PRICE = 100
PUBLISHED_FEEDS = ("epd", "nhse_sickness", "nhse_turnover")


@dataclass(frozen=True)
class MonthlyRow:
    """A row that counts: the submission it came in, its month, and its organisation as sent."""

    submission: Submission
    month: int
    code: str | None

    @property
    def is_local(self) -> bool:
        """Whether its format is not a published one (Rulebook 1.7)."""
        return self.submission.feed not in PUBLISHED_FEEDS


@dataclass(frozen=True)
class Prescribed(MonthlyRow):
    """Items, quantity and net ingredient cost in £ of a drug, or null where invalid."""

    bnf_code: str | None
    items: float | None
    quantity: float | None
    cost: float | None
    practice: str | None

    @property
    def is_implausible(self) -> bool:
        """P02 (Rulebook 5.7); null is not implausible."""
        return (
            (self.items is not None and self.items < 0)
            or (self.quantity is not None and self.quantity <= 0)
            or ((self.items or 0) > 0 and self.cost == 0)
        )


@dataclass(frozen=True)
class Absence(MonthlyRow):
    """Full-time equivalent days lost and available; an invalid number counts nothing."""

    lost: float
    available: float


def prescriptions(submissions: list[Submission]) -> list[Prescribed]:
    """The rows of epact and epd that count."""
    formats = (
        ("epact", "PERIOD", "PCT_CODE", "QUANTITY"),
        ("epd", "YEAR_MONTH", "PCO_CODE", "TOTAL_QUANTITY"),
    )
    return [
        Prescribed(
            submission,
            month,
            row[code],
            upper(row["BNF_CODE"]),
            to_number(row["ITEMS"]),
            to_number(row[quantity]),
            to_number(row["NIC"]),
            upper(row.get("PRACTICE_CODE")),
        )
        for feed, period, code, quantity in formats
        for month, row, submission in effective_rows(
            submissions, feed, lambda row, period=period: to_month(row[period])
        )
    ]


def absences(submissions: list[Submission]) -> list[Absence]:
    """The rows of esr_absence and nhse_sickness that count."""
    formats = (
        ("esr_absence", lambda row: to_month(row["MONTH"])),
        ("nhse_sickness", lambda row: to_month_of_date(row["DATE"])),
    )
    return [
        Absence(
            submission,
            month,
            row["ORG_CODE"],
            to_number(row["FTE_DAYS_LOST"]) or 0.0,
            to_number(row["FTE_DAYS_AVAILABLE"]) or 0.0,
        )
        for feed, month_of_row in formats
        for month, row, submission in effective_rows(submissions, feed, month_of_row)
    ]


def by_organisation(
    rows: Iterable[MonthlyRow], register: Register, months: Container[int], quarter: int
) -> dict[str, list]:
    """The months' rows by organisation as mapped for a quarter; local before published.

    Rulebook 1.7.
    """
    mapped = [
        (register.mapped(row.code, quarter), row)
        for row in rows
        if row.month in months and register.known(row.code)
    ]
    local = {(code, row.month) for code, row in mapped if row.is_local}
    result = defaultdict(list)
    for code, row in mapped:
        if row.is_local or (code, row.month) not in local:
            result[code].append(row)
    return result


def sickness_absence(own: dict[str, list[Absence]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV08 of each member: days lost of days available."""
    measures = {}
    for member in members:
        lost = sum(row.lost for row in own.get(member, []))
        available = sum(row.available for row in own.get(member, []))
        rate = ratio(lost, available)
        measures[member] = Measure(lost, available, crude=rate, value=rate, volume=available)
    return measures


@dataclass(frozen=True)
class Drugs:
    """Items and cost in £ of a group of drugs."""

    items: float
    cost: float

    @property
    def cost_per_item(self) -> float | None:
        """£ of an item, null of no items."""
        return ratio(self.cost, self.items)


def _drugs(
    rows: Iterable[Prescribed], prefixes: tuple[str, ...], but_not: tuple[str, ...] = ()
) -> Drugs:
    """What is prescribed of a group of drugs, without the rows of P02."""
    found = [
        row
        for row in rows
        if row.bnf_code is not None
        and not row.is_implausible
        and row.bnf_code.startswith(prefixes)
        and not row.bnf_code.startswith(but_not)
    ]
    return Drugs(sum(row.items or 0.0 for row in found), sum(row.cost or 0.0 for row in found))


def kinds(
    rows: Iterable[Prescribed], preferred: tuple[str, ...], others: tuple[str, ...]
) -> tuple[Drugs, Drugs]:
    """The preferred drugs, and those of the others that are not preferred."""
    rows = list(rows)
    return _drugs(rows, preferred), _drugs(rows, others, but_not=preferred)


def preferred_share(
    own: dict[str, list[Prescribed]],
    members: Iterable[str],
    reference: set[str],
    preferred: tuple[str, ...],
    others: tuple[str, ...],
) -> dict[str, Measure]:
    """BCBV07, 17 and 18 of each member: items of the preferred drugs of all, by BNF prefixes.

    The price is the difference of cost per item; with few items of either kind, the reference's.
    """
    in_reference = [row for code in reference for row in own[code]]
    reference_price = saving(*kinds(in_reference, preferred, others))
    measures = {}
    for member in members:
        cheap, dear = kinds(own.get(member, []), preferred, others)
        items = cheap.items + dear.items
        share = ratio(cheap.items, items)
        has_own_price = min(cheap.items, dear.items) >= MIN_ITEMS_FOR_OWN_PRICE
        measures[member] = Measure(
            cheap.items,
            items,
            crude=share,
            value=share,
            volume=items,
            price=saving(cheap, dear) if has_own_price else reference_price,
        )
    return measures


def saving(cheap: Drugs, dear: Drugs) -> float | None:
    """£ saved per item changed, floored at 0; null where a kind has no items (Rulebook 5.7)."""
    low, high = cheap.cost_per_item, dear.cost_per_item
    return None if low is None or high is None else max(0.0, high - low)


def items_per_head(
    own: dict[str, list[Prescribed]],
    members: Iterable[str],
    people: dict[str, float],
    prefixes: tuple[str, ...],
) -> dict[str, Measure]:
    """BCBV19 of each member: items of a group of drugs per 1,000 people, at its own price.

    Without a population there is no value, nor a denominator.
    """
    measures = {}
    for member in members:
        drugs, n_people = _drugs(own.get(member, []), prefixes), people.get(member)
        per_head = ratio(drugs.items, n_people)
        measures[member] = Measure(
            drugs.items,
            n_people,
            crude=per_head,
            value=None if per_head is None else 1000 * per_head,
            volume=None if n_people is None else n_people / 1000,
            price=drugs.cost_per_item,
        )
    return measures
