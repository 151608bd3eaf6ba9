"""The feeds finance, bppc and procurement: money of trusts and PCTs by month."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.england import England
from generator.output import coded, merged, quarterly
from generator.quarters import Quarter
from generator.randomness import normal_scores


@dataclass(frozen=True)
class FinanceParameters:
    """Money in pounds of 2006-07; the run's scale applies. Spreads are between organisations."""

    trust_turnover: float = 36e9
    pct_turnover: float = 66e9
    growth: float = 0.05
    # Pay as a share of turnover: trusts, and PCTs, which mostly buy care from others.
    trust_pay: float = 0.63
    pct_pay: float = 0.12
    # Agency and bank staff as a share of pay; spread of the logarithm; change a quarter.
    agency: float = 0.042
    agency_sd: float = 0.45
    agency_trend: float = -0.02
    bank: float = 0.03
    # Surplus of a month against turnover, planned, and the spread of what comes of it.
    planned_surplus: float = 0.004
    surplus_sd: float = 0.012
    # Cash at the end of a month against yearly turnover, and the spread of what comes of the plan.
    planned_cash: float = 0.035
    cash_sd: float = 0.012
    # Owed to and by the organisation against yearly turnover: other NHS bodies, and others.
    receivables: tuple[float, float] = (0.025, 0.012)
    payables: tuple[float, float] = (0.020, 0.045)

    # Invoices: spending on them against turnover, of trusts; mean value in pounds; shares paid in
    # time by number and value, NHS and other suppliers; spread of the log-odds.
    invoiced: float = 0.30
    nhs_share: float = 0.25
    invoice_gbp: tuple[float, float] = (14_000, 1_600)
    paid_in_time: tuple[float, float] = (0.74, 0.84)
    paid_in_time_sd: float = 0.7
    # A return now and then says that more was paid in time than was paid at all.
    impossible_share: float = 0.002

    # Spending that could go through a framework against turnover; share that does; spread of the
    # log-odds between organisations, and their change a quarter.
    addressable: float = 0.14
    framework_odds: float = 0.75
    framework_sd: float = 0.45
    framework_trend: float = 0.02

    # Months differ by chance.
    month_sd: float = 0.02


PARAMETERS = FinanceParameters()


def _organisations(england: England, quarter: Quarter) -> tuple[list[str | None], np.ndarray]:
    """Codes of trusts and then PCTs, and their turnover in the financial year."""
    codes = england.codes(england.trusts, quarter) + england.codes(england.pcts, quarter)
    trusts = england.trust_size / england.trust_size.sum() * PARAMETERS.trust_turnover
    turnover = np.concatenate([trusts, england.pct_share * PARAMETERS.pct_turnover])
    years = quarter.year - 2006
    return codes, turnover * england.scale * (1 + PARAMETERS.growth) ** years


def _by_month(now: np.random.Generator, yearly: np.ndarray) -> np.ndarray:
    """Yearly amounts as amounts of three months (rows), which differ by chance."""
    return yearly / 12 * np.exp(PARAMETERS.month_sd * now.standard_normal((3, len(yearly))))


def _table(quarter: Quarter, codes: list[str | None], columns: dict, **keys: str) -> pd.DataFrame:
    """Columns of month x organisation as rows with their keys; what merged is added up."""
    month, organisation = (axis.ravel() for axis in np.indices((3, len(codes))))
    keys = {"period": coded(month, quarter.months), "org_code": coded(organisation, codes)} | keys
    values = {name: column.ravel() for name, column in columns.items()}
    return merged(pd.DataFrame(keys | values), list(keys))


def _finance(
    england: England, quarter: Quarter, steady: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    settings = PARAMETERS
    codes, turnover = _organisations(england, quarter)
    count = len(codes)
    is_trust = np.arange(count) < len(england.trusts)
    pay = _by_month(now, turnover * np.where(is_trust, settings.trust_pay, settings.pct_pay))
    trend = (1 + settings.agency_trend) ** quarter.index
    share = settings.agency * trend * np.exp(settings.agency_sd * normal_scores(steady, count))
    agency, bank = pay * share, pay * settings.bank
    fortune, thrift = normal_scores(steady, count), normal_scores(steady, count)
    chance = now.standard_normal((3, count))
    income = _by_month(now, turnover)
    surplus_plan = np.tile(turnover / 12 * settings.planned_surplus, (3, 1))
    surplus = surplus_plan + turnover / 12 * settings.surplus_sd * (fortune + 0.5 * chance)
    cash_plan = np.tile(turnover * settings.planned_cash, (3, 1))
    cash = np.maximum(0, cash_plan + turnover * settings.cash_sd * (thrift + 0.5 * chance))
    owed = {
        f"{side}_{party}": _by_month(now, 12 * turnover * share)
        for side, shares in (("receivables", settings.receivables), ("payables", settings.payables))
        for party, share in zip(("nhs", "nonnhs"), shares, strict=True)
    }
    columns = {
        "total_pay": pay.round(2),
        "pay_bank": bank.round(2),
        "pay_agency": agency.round(2),
        "pay_substantive": pay.round(2) - bank.round(2) - agency.round(2),
        "total_income": income,
        "non_pay": income - pay - surplus,
        "closing_cash": cash,
        "closing_cash_plan": cash_plan,
        "surplus": surplus,
        "surplus_plan": surplus_plan,
        "turnover_annual": np.tile(turnover, (3, 1)),
        **owed,
    }
    return _table(quarter, codes, columns)


def _payment(
    england: England, quarter: Quarter, steady: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    settings = PARAMETERS
    codes, turnover = _organisations(england, quarter)
    parts = []
    of_spending = (settings.nhs_share, 1 - settings.nhs_share)
    for place, category in enumerate(("nhs", "non_nhs")):
        general = settings.paid_in_time[place] / (1 - settings.paid_in_time[place])
        odds = general * np.exp(settings.paid_in_time_sd * normal_scores(steady, len(codes)))
        paid = _by_month(now, turnover * settings.invoiced * of_spending[place])
        number = np.ceil(paid / settings.invoice_gbp[place]).astype(int)
        share = odds / (1 + odds)
        is_impossible = now.random(paid.shape) < settings.impossible_share
        share = np.where(is_impossible & (not england.records_well), 1.1, share)
        columns = {
            "invoices_paid_n": number,
            "invoices_paid_gbp": paid,
            "within_target_n": np.floor(number * share).astype(int),
            "within_target_gbp": paid * share,
        }
        parts.append(_table(quarter, codes, columns, category=category))
    return pd.concat(parts, ignore_index=True)


def _procurement(
    england: England, quarter: Quarter, steady: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    settings = PARAMETERS
    codes, turnover = _organisations(england, quarter)
    odds = settings.framework_sd * normal_scores(steady, len(codes))
    odds = settings.framework_odds * np.exp(odds + settings.framework_trend * quarter.index)
    addressable = _by_month(now, turnover * settings.addressable)
    framework = addressable * odds / (1 + odds)
    columns = {"addressable_spend_gbp": addressable, "framework_spend_gbp": framework}
    return _table(quarter, codes, columns)


finance_extracts = quarterly("finance", _finance)
payment_extracts = quarterly("bppc", _payment)
procurement_extracts = quarterly("procurement", _procurement)
