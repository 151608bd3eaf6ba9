"""The project's seeds of reference facts, the only thing shared with the warehouse."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from reference import contracts

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reference"
TOTAL_LABELS = SEEDS.parent / "rules" / "total_labels.csv"


@cache
def read_seed(name: str) -> list[dict[str, str | None]]:
    """The rows of a seed in its order, as text; an empty field is null. Read once, not changed."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def total_labels() -> list[str]:
    """The labels of a group that is all groups together (T01)."""
    if not TOTAL_LABELS.exists():
        return list(contracts.TOTAL_LABELS)
    with TOTAL_LABELS.open(encoding="utf-8", newline="") as file:
        return [next(iter(row.values())) for row in csv.DictReader(file)]


@cache
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
    """Days by HRG version, HRG and admission group, where there is a trim point (Rulebook 5.1)."""
    trims = {}
    for row in read_seed("hrgs"):
        key = (row["version"], row["hrg_code"])
        for group, column in (("elective", "trim_elective"), ("emergency", "trim_nonelective")):
            if row[column] is not None:
                trims[*key, group] = float(row[column])
    return trims


def bed_day_price(quarter: int) -> float:
    """£ of a bed day."""
    return prices("unit_prices", ("price_id",), "gbp", quarter)["bed_day",]


def slot_loss(quarter: int) -> float:
    """The share of an appointment's cost that is lost when the patient does not come."""
    return prices("unit_prices", ("price_id",), "gbp", quarter)["slot_loss",]


def agency_premium(quarter: int) -> float:
    """The share of agency pay that is saved when staff of one's own do the work."""
    return prices("unit_prices", ("price_id",), "gbp", quarter)["agency_premium",]


def hrg_costs(quarter: int) -> dict[tuple[str, str], float]:
    """£ of a spell by HRG and setting (DC, EL or NEL)."""
    return prices("hrg_costs", ("hrg_code", "setting"), "unit_cost_gbp", quarter)


def outpatient_costs(quarter: int) -> dict[tuple[str, str], float]:
    """£ of an appointment by treatment function, or ALL, and first or follow_up."""
    columns = ("treatment_function", "attendance")
    return prices("outpatient_costs", columns, "unit_cost_gbp", quarter)


@cache
def prices(
    seed: str, key_columns: tuple[str, ...], amount_column: str, quarter: int
) -> dict[tuple, float]:
    """Per key the amount of the latest financial year not after the quarter's, else the earliest.

    (Rulebook 5.23.)
    """
    by_year = defaultdict(dict)
    for row in read_seed(seed):
        year = int(row["financial_year"][:4])
        by_year[tuple(row[c] for c in key_columns)][year] = float(row[amount_column])
    chosen = {}
    for key, amounts in by_year.items():
        earlier = [year for year in amounts if year <= quarter // 4]
        chosen[key] = amounts[max(earlier) if earlier else min(amounts)]
    return chosen


def rules_as_published() -> list[dict[str, str | None]]:
    """The catalogue of rules on data, which its own table repeats."""
    with (SEEDS.parent / "rules" / "dq_rules.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


@cache
def _parameters() -> dict[str, dict[str, str]]:
    return {row["parameter_id"]: row for row in _rules("parameters")}


def parameter(name: str) -> float:
    """A number that people may argue about."""
    return float(_parameters()[name]["value"])


def text_parameter(name: str) -> str:
    """A word that people may argue about."""
    return _parameters()[name]["text_value"]


@cache
def poisson_limits() -> dict[int, dict[str, tuple[float, float]]]:
    """Exact limits of small counts of events, lower and upper by level."""
    return {
        int(row["event_count"]): {
            level: (float(row[f"lower_{level}"]), float(row[f"upper_{level}"]))
            for level in ("95", "998")
        }
        for row in _rules("poisson_limits")
    }


def process_changes(indicator_id: str) -> list[str]:
    """The quarters, as labels, from which an indicator's figures come about in another way."""
    found = read_seed("process_changes")
    return sorted({row["quarter"] for row in found if row["indicator_id"] in (None, indicator_id)})


def _rules(name: str) -> list[dict[str, str]]:
    """The rows of a seed of rules."""
    with (SEEDS.parent / "rules" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
