"""Money: agency spend, cash, payment of suppliers, result and purchasing.

Rulebook 5.10 to 5.14.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reference.measures import Measure, ratio
from reference.monthly import MonthlyRow
from reference.parsing import to_month, to_number
from reference.seeds import agency_premium
from reference.submissions import Row, Submission, effective_rows


@dataclass(frozen=True)
class Finance(MonthlyRow):
    """Money in £ of a month or quarter, by its last month."""

    total_pay: float | None
    agency_pay: float | None
    turnover: float | None
    cash_beyond_plan: float | None
    surplus_beyond_plan: float | None


@dataclass(frozen=True)
class Payment(MonthlyRow):
    """Invoices paid, and those paid within the target, in number and £."""

    category: str | None
    paid: tuple[float | None, float | None]
    in_time: tuple[float | None, float | None]

    @property
    def is_impossible(self) -> bool:
        """F01: more paid in time than paid, or less than nothing (Rulebook 5.12)."""
        return any(
            in_time is not None and (in_time < 0 or (paid is not None and in_time > paid))
            for in_time, paid in zip(self.in_time, self.paid, strict=True)
        )


@dataclass(frozen=True)
class Purchasing(MonthlyRow):
    """Spending in £ that could go through a framework, and that does."""

    addressable: float | None
    framework: float | None


def finances(submissions: list[Submission]) -> list[Finance]:
    """The rows of finance that count."""
    return [
        Finance(
            submission,
            month,
            row["ORG_CODE"],
            total_pay=to_number(row["TOTAL_PAY"]),
            agency_pay=to_number(row["PAY_AGENCY"]),
            turnover=to_number(row.get("TURNOVER_ANNUAL")),
            cash_beyond_plan=_difference(row, "CLOSING_CASH", "CLOSING_CASH_PLAN"),
            surplus_beyond_plan=_difference(row, "SURPLUS", "SURPLUS_PLAN"),
        )
        for month, row, submission in effective_rows(submissions, "finance", _month_of_row)
    ]


def payments(submissions: list[Submission]) -> list[Payment]:
    """The rows of bppc that count, with those of F01."""
    return [
        Payment(
            submission,
            month,
            row["ORG_CODE"],
            category=(row["CATEGORY"] or "").lower(),
            paid=(to_number(row["INVOICES_PAID_N"]), to_number(row["INVOICES_PAID_GBP"])),
            in_time=(to_number(row["WITHIN_TARGET_N"]), to_number(row["WITHIN_TARGET_GBP"])),
        )
        for month, row, submission in effective_rows(submissions, "bppc", _month_of_row)
    ]


def purchases(submissions: list[Submission]) -> list[Purchasing]:
    """The rows of procurement that count."""
    return [
        Purchasing(
            submission,
            month,
            row["ORG_CODE"],
            addressable=to_number(row["ADDRESSABLE_SPEND_GBP"]),
            framework=to_number(row["FRAMEWORK_SPEND_GBP"]),
        )
        for month, row, submission in effective_rows(submissions, "procurement", _month_of_row)
    ]


def _month_of_row(row: Row) -> int | None:
    return to_month(row["PERIOD"])


def _difference(row: Row, actual: str, plan: str) -> float | None:
    """Actual less plan, null where either is (Rulebook 5.11 and 5.13)."""
    values = to_number(row.get(actual)), to_number(row.get(plan))
    return None if None in values else values[0] - values[1]


def agency_spend(
    own: dict[str, list[Finance]], members: Iterable[str], quarter: int
) -> dict[str, Measure]:
    """BCBV10 of each member: agency pay of all pay."""
    price = agency_premium(quarter)
    measures = {}
    for member in members:
        rows = own.get(member, [])
        agency, pay = _sum(row.agency_pay for row in rows), _sum(row.total_pay for row in rows)
        measures[member] = _rate(agency, pay, price)
    return measures


def cash_flow(own: dict[str, list[Finance]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV11 of each member: the quarter's last cash beyond plan of annual turnover."""
    measures = {}
    for member in members:
        rows = own.get(member, [])
        cash = _of_last_month(rows, lambda row: row.cash_beyond_plan)
        turnover = _of_last_month(rows, lambda row: row.turnover)
        share = ratio(cash, turnover)
        measures[member] = Measure(cash, turnover, crude=share, value=share)
    return measures


def prompt_payment(own: dict[str, list[Payment]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV12 of each member: £ paid in time to suppliers outside the NHS of all £ paid to them."""
    measures = {}
    for member in members:
        rows = [
            row
            for row in own.get(member, [])
            if row.category == "non_nhs" and not row.is_impossible
        ]
        measures[member] = _rate(
            _sum(row.in_time[1] for row in rows), _sum(row.paid[1] for row in rows)
        )
    return measures


def income_and_expenditure(
    own: dict[str, list[Finance]], members: Iterable[str]
) -> dict[str, Measure]:
    """BCBV13 of each member: surplus beyond plan of the year to date of annual turnover."""
    measures = {}
    for member in members:
        rows = own.get(member, [])
        surplus = _sum(row.surplus_beyond_plan for row in rows)
        measures[member] = _rate(surplus, _of_last_month(rows, lambda row: row.turnover))
    return measures


def framework_spend(own: dict[str, list[Purchasing]], members: Iterable[str]) -> dict[str, Measure]:
    """BCBV14 of each member: spending through frameworks of what could go through them."""
    measures = {}
    for member in members:
        rows = own.get(member, [])
        framework = _sum(row.framework for row in rows)
        measures[member] = _rate(framework, _sum(row.addressable for row in rows))
    return measures


def _rate(part: float | None, whole: float | None, price: float | None = None) -> Measure:
    rate = ratio(part, whole)
    return Measure(part, whole, crude=rate, value=rate, volume=whole, price=price)


def _sum(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is given: 0 of no rows, null where all are."""
    amounts = list(amounts)
    given = [amount for amount in amounts if amount is not None]
    return None if amounts and not given else sum(given, 0.0)


def _of_last_month(rows: list[Finance], figure: Callable[[Finance], float | None]) -> float | None:
    """The figure of the last month that has one, bodies added up; null where none has."""
    by_month = defaultdict(float)
    for row in rows:
        if figure(row) is not None:
            by_month[row.month] += figure(row)
    return by_month[max(by_month)] if by_month else None
