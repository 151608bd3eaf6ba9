"""Money: agency spend, cash, payment of suppliers, result and purchasing.

Rulebook 5.10 to 5.14.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from reference.measures import Measure, ratio
from reference.parsing import to_code
from reference.rows import MonthlyRow, counted
from reference.seeds import agency_premium

CASH = ("CLOSING_CASH", "CLOSING_CASH_PLAN", "TURNOVER_ANNUAL")
SURPLUS = ("SURPLUS", "SURPLUS_PLAN", "TURNOVER_ANNUAL")
PAY = ("TOTAL_PAY", "PAY_AGENCY")
PAYMENTS = ("WITHIN_TARGET_GBP", "INVOICES_PAID_GBP")
SPENDING = ("FRAMEWORK_SPEND_GBP", "ADDRESSABLE_SPEND_GBP")
OUTSIDE_THE_NHS = "NON_NHS"


def category(row: MonthlyRow) -> str | None:
    """Whom invoices were paid to; null where it is no category."""
    return to_code("CATEGORY", row.fields["CATEGORY"])


def _difference(row: MonthlyRow, actual: str, plan: str) -> float | None:
    """Actual less plan, null where either is (Rulebook 5.11 and 5.13)."""
    values = row.number(actual), row.number(plan)
    return None if None in values else values[0] - values[1]


def agency_spend(
    own: dict[str, list[MonthlyRow]], members: Iterable[str], quarter: int
) -> dict[str, Measure]:
    """BCBV10 of each member: agency pay of all pay."""
    price = agency_premium(quarter)
    measures = {}
    for member in members:
        rows = counted(own.get(member, []), *PAY)
        pay, agency = (_sum(row.number(column) for row in rows) for column in PAY)
        measures[member] = _rate(agency, pay, price)
    return measures


def cash_flow(own: dict[str, list[MonthlyRow]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV11 of each member: the quarter's last cash beyond plan of annual turnover."""
    measures = {}
    for member in members:
        rows = counted(own.get(member, []), *CASH)
        cash = _of_last_month(rows, lambda row: _difference(row, *CASH[:2]))
        turnover = _of_last_month(rows, lambda row: row.number("TURNOVER_ANNUAL"))
        share = ratio(cash, turnover)
        measures[member] = Measure(cash, turnover, crude=share, value=share)
    return measures


def prompt_payment(own: dict[str, list[MonthlyRow]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV12 of each member: £ paid in time to suppliers outside the NHS of all £ paid to them."""
    measures = {}
    for member in members:
        rows = counted(own.get(member, []), *PAYMENTS)
        rows = [row for row in rows if category(row) == OUTSIDE_THE_NHS]
        measures[member] = _rate(*(_sum(row.number(c) for row in rows) for c in PAYMENTS))
    return measures


def income_and_expenditure(
    own: dict[str, list[MonthlyRow]], members: Iterable[str]
) -> dict[str, Measure]:
    """BCBV13 of each member: surplus beyond plan of the year to date of annual turnover."""
    measures = {}
    for member in members:
        rows = counted(own.get(member, []), *SURPLUS)
        surplus = _sum(_difference(row, *SURPLUS[:2]) for row in rows)
        turnover = _of_last_month(rows, lambda row: row.number("TURNOVER_ANNUAL"))
        measures[member] = _rate(surplus, turnover)
    return measures


def framework_spend(own: dict[str, list[MonthlyRow]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV14 of each member: spending through frameworks of what could go through them."""
    measures = {}
    for member in members:
        rows = counted(own.get(member, []), *SPENDING)
        measures[member] = _rate(*(_sum(row.number(c) for row in rows) for c in SPENDING))
    return measures


def _rate(part: float | None, whole: float | None, price: float | None = None) -> Measure:
    rate = ratio(part, whole)
    return Measure(part, whole, crude=rate, value=rate, volume=whole, price=price)


def _sum(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is given: 0 of no rows, null where all are."""
    amounts = list(amounts)
    given = [amount for amount in amounts if amount is not None]
    return None if amounts and not given else sum(given, 0.0)


def _of_last_month(
    rows: list[MonthlyRow], figure: Callable[[MonthlyRow], float | None]
) -> float | None:
    """The figure of the last month that has one, bodies added up; null where none has."""
    by_month = defaultdict(float)
    for row in rows:
        if figure(row) is not None:
            by_month[row.month] += figure(row)
    return by_month[max(by_month)] if by_month else None
