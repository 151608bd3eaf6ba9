"""The monthly feeds: prescribing and sickness absence (5.1.7, 5.5 07, 08 and 17)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reference.measures import Measure, ratio
from reference.organisations import Register
from reference.parsing import to_month, to_month_of_date, to_number, upper
from reference.quarters import months_of
from reference.submissions import Submission, effective_rows

MIN_ITEMS_FOR_OWN_PRICE = 100


@dataclass(frozen=True)
class Prescribed:
    """Items, quantity and net ingredient cost in £ of a drug, or null where invalid."""

    is_local: bool
    month: int
    code: str | None
    bnf_code: str | None
    items: float | None
    quantity: float | None
    cost: float | None

    @property
    def is_implausible(self) -> bool:
        """P02 (5.5, 07); null is not implausible."""
        return (
            (self.items is not None and self.items < 0)
            or (self.quantity is not None and self.quantity <= 0)
            or ((self.items or 0) > 0 and self.cost == 0)
        )


@dataclass(frozen=True)
class Absence:
    """Full-time equivalent days lost and available; an invalid number counts nothing."""

    is_local: bool
    month: int
    code: str | None
    lost: float
    available: float


def prescriptions(submissions: list[Submission]) -> list[Prescribed]:
    """The rows of epact and epd that count."""
    formats = (
        (True, "epact", "PERIOD", "PCT_CODE", "QUANTITY"),
        (False, "epd", "YEAR_MONTH", "PCO_CODE", "TOTAL_QUANTITY"),
    )
    return [
        Prescribed(
            is_local,
            month,
            row[code],
            upper(row["BNF_CODE"]),
            to_number(row["ITEMS"]),
            to_number(row[quantity]),
            to_number(row["NIC"]),
        )
        for is_local, feed, period, code, quantity in formats
        for month, row, _ in effective_rows(
            submissions, feed, lambda row, period=period: to_month(row[period])
        )
    ]


def absences(submissions: list[Submission]) -> list[Absence]:
    """The rows of esr_absence and nhse_sickness that count."""
    formats = (
        (True, "esr_absence", lambda row: to_month(row["MONTH"])),
        (False, "nhse_sickness", lambda row: to_month_of_date(row["DATE"])),
    )
    return [
        Absence(
            is_local,
            month,
            row["ORG_CODE"],
            to_number(row["FTE_DAYS_LOST"]) or 0.0,
            to_number(row["FTE_DAYS_AVAILABLE"]) or 0.0,
        )
        for is_local, feed, month_of_row in formats
        for month, row, _ in effective_rows(submissions, feed, month_of_row)
    ]


def by_organisation(
    rows: Iterable[Prescribed] | Iterable[Absence],
    register: Register,
    quarter: int,
    mapping_quarter: int,
) -> dict[str, list]:
    """A quarter's rows by organisation as mapped for another; local before published (5.1.7)."""
    mapped = [
        (register.mapped(row.code, mapping_quarter), row)
        for row in rows
        if row.month in months_of(quarter) and register.known(row.code)
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


def preferred_share(
    own: dict[str, list[Prescribed]],
    members: Iterable[str],
    reference: set[str],
    preferred: tuple[str, ...],
    others: tuple[str, ...],
) -> dict[str, Measure]:
    """BCBV07 and 17 of each member: items of the preferred drugs of all, by BNF prefixes.

    The price is the difference of cost per item; with few items of either kind, the reference's.
    """

    def total(codes: Iterable[str], is_preferred: bool) -> Drugs:
        rows = [
            row
            for code in codes
            for row in own.get(code, [])
            if row.bnf_code is not None
            and not row.is_implausible
            and row.bnf_code.startswith(preferred + others)
            and row.bnf_code.startswith(preferred) == is_preferred
        ]
        return Drugs(sum(row.items or 0.0 for row in rows), sum(row.cost or 0.0 for row in rows))

    reference_price = _saving(total(reference, True), total(reference, False))
    measures = {}
    for member in members:
        cheap, dear = total([member], True), total([member], False)
        items = cheap.items + dear.items
        share = ratio(cheap.items, items)
        has_own_price = min(cheap.items, dear.items) >= MIN_ITEMS_FOR_OWN_PRICE
        measures[member] = Measure(
            cheap.items,
            items,
            crude=share,
            value=share,
            volume=items,
            price=_saving(cheap, dear) if has_own_price else reference_price,
        )
    return measures


def _saving(cheap: Drugs, dear: Drugs) -> float | None:
    """£ saved per item changed, floored at 0; null where a kind has no items (5.5, 07)."""
    low, high = ratio(cheap.cost, cheap.items), ratio(dear.cost, dear.items)
    return None if low is None or high is None else max(0.0, high - low)
