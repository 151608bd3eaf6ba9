"""The monthly feeds: prescribing and sickness absence (Rulebook 1.7, 5.7, 5.8 and 5.17 to 5.19)."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.measures import Measure, ratio
from reference.parsing import upper
from reference.rows import MonthlyRow, counted

MIN_ITEMS_FOR_OWN_PRICE = 100


def absence(rows: Iterable[MonthlyRow]) -> tuple[float, float]:
    """Full-time equivalent days lost and available, of the rows that tell both."""
    both = counted(rows, "FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE")
    return tuple(
        sum((row.number(column) for row in both), 0.0)
        for column in ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE")
    )


def sickness_absence(
    own: dict[str, list[MonthlyRow]], members: Iterable[str]
) -> dict[str, Measure]:
    """BCBV08 of each member: days lost of days available."""
    measures = {}
    for member in members:
        lost, available = absence(own.get(member, []))
        rate = ratio(lost, available)
        measures[member] = Measure(lost, available, crude=rate, value=rate, volume=available)
    return measures


@dataclass(frozen=True)
class Drugs:
    """Items of a group of drugs; and those of which the cost is known, with that cost in £."""

    items: float
    priced_items: float
    cost: float

    @property
    def cost_per_item(self) -> float | None:
        """£ of an item, null of no items."""
        return ratio(self.cost, self.priced_items)


def _drugs(
    rows: Iterable[MonthlyRow], prefixes: tuple[str, ...], but_not: tuple[str, ...] = ()
) -> Drugs:
    """What is prescribed of a group of drugs, of the rows in use that tell it."""
    found = [
        row
        for row in counted(rows, "ITEMS")
        for code in [upper(row.fields["BNF_CODE"])]
        if code is not None and code.startswith(prefixes) and not code.startswith(but_not)
    ]
    priced = counted(found, "ITEMS", "NIC")
    return Drugs(
        sum((row.number("ITEMS") for row in found), 0.0),
        sum((row.number("ITEMS") for row in priced), 0.0),
        sum((row.number("NIC") for row in priced), 0.0),
    )


def kinds(
    rows: Iterable[MonthlyRow], preferred: tuple[str, ...], others: tuple[str, ...]
) -> tuple[Drugs, Drugs]:
    """The preferred drugs, and those of the others that are not preferred."""
    rows = list(rows)
    return _drugs(rows, preferred), _drugs(rows, others, but_not=preferred)


def preferred_share(
    own: dict[str, list[MonthlyRow]],
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
        has_own_price = min(cheap.priced_items, dear.priced_items) >= MIN_ITEMS_FOR_OWN_PRICE
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
    own: dict[str, list[MonthlyRow]],
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
