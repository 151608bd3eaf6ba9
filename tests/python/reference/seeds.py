"""The project's seeds of reference facts, the only thing shared with the warehouse."""

import csv
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "reference"


def read_seed(name: str) -> list[dict[str, str | None]]:
    """The rows of a seed in its order, as text; an empty field is null."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def registry() -> dict[str, dict[str, str | None]]:
    """The indicators by identifier."""
    return {row["indicator_id"]: row for row in read_seed("indicators")}


def procedure_group(group: str) -> list[dict[str, str | None]]:
    """The procedures of a group in the order of the seed."""
    return [row for row in read_seed("procedure_groups") if row["group_id"] == group]


def bnf_prefixes(*groups: str) -> tuple[str, ...]:
    """The BNF prefixes of drug groups."""
    return tuple(row["bnf_prefix"] for row in read_seed("drug_groups") if row["group_id"] in groups)


def trim_points() -> dict[tuple[str, str, str], float]:
    """Days by HRG version, HRG and admission group, where there is a trim point (5.5, 01)."""
    trims = {}
    for row in read_seed("hrgs"):
        key = (row["version"], row["hrg_code"])
        for group, column in (("elective", "trim_elective"), ("emergency", "trim_nonelective")):
            if row[column] is not None:
                trims[*key, group] = float(row[column])
    return trims


def bed_day_price(quarter: int) -> float:
    """£ of a bed day: of the latest financial year not after the quarter's, else the earliest."""
    prices = {
        int(row["financial_year"][:4]): float(row["gbp"])
        for row in read_seed("unit_prices")
        if row["price_id"] == "bed_day"
    }
    earlier = [year for year in prices if year <= quarter // 4]
    return prices[max(earlier) if earlier else min(prices)]
