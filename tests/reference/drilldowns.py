"""The drill-downs: of which parts an organisation's results are made.

Written from their descriptions. Parts sum to the whole, so that a part's excess is what it has
above the benchmark's share of what is expected of it, and its £ are that at the price of the whole.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from reference import clinical, commissioning
from reference.clinical import DAY_CASE_BASKET, Expected, procedure_in_group
from reference.commissioning import ACSC_CONDITIONS, SURGICAL_THRESHOLDS, Case, condition_of
from reference.measures import ratio
from reference.monthly import MIN_ITEMS_FOR_OWN_PRICE, kinds, saving
from reference.organisations import Register
from reference.parsing import upper
from reference.population import Stratum
from reference.quarters import from_label
from reference.rows import MonthlyRow
from reference.spells import Spell

BED_DAYS = {"BCBV01": clinical.stays, "BCBV02": clinical.operations}
CASES = {
    "BCBV04": commissioning.operations,
    "BCBV05": commissioning.emergencies,
    "BCBV06": commissioning.referrals,
}
# An appointment is no admission.
ADMISSIONS = ("BCBV04", "BCBV05")
# Codes that stand for no consultant (A14).
NOBODY = {None, "&", "C9999998", "CD999998", "D9999998", "H9999998", "M9999998", "N9999998"}
ITEM_NAMES = {row["procedure_id"]: row["procedure_name"] for row in SURGICAL_THRESHOLDS} | {
    condition_of(row["condition_id"]): row["condition_name"] for row in ACSC_CONDITIONS
}
# Nothing was sent, or nothing of it can be used.
WITHOUT_FIGURES = ("not_submitted", "unusable")
BALANCE = {
    "length_of_stay": "BCBV01",
    "pre_op_bed_days": "BCBV02",
    "day_case_rate": "BCBV03",
    "emergency_readmission": "BCBV20",
}


class Whole(NamedTuple):
    """The rows of an indicator and quarter by organisation, and who sets the reference."""

    indicator_id: str
    quarter: int
    rows: dict[str, dict]
    reference: set[str]

    def keys(self, code: str) -> dict:
        """Organisation and quarter of a part."""
        return {"organisation_code": code, "quarter": self.rows[code]["quarter"]}


def _own(row: dict, observed: float, expected: float | None) -> tuple[float | None, float | None]:
    """Excess and annual £ of a part that has an expectation of its own.

    The excess is the part's whatever the whole does; £ are nought where the whole is no worse than
    the benchmark.
    """
    excess = None
    if None not in (row["benchmark_value"], expected):
        excess = observed - row["benchmark_value"] / 100 * expected
    if row["opportunity_annual_gbp"] is None:
        return excess, None
    if not row["excess_units"]:
        return excess, 0.0
    return excess, None if excess is None else 4 * excess * row["unit_price_gbp"]


def _share(row: dict, share: float) -> dict:
    """A part's share of the whole's excess and annual £."""
    columns = ("excess_units", "opportunity_annual_gbp")
    return {c: None if row[c] is None else share * row[c] for c in columns}


def wards(whole: Whole, spells: list[Expected]) -> list[dict]:
    """Rows of fct_los_drilldown or fct_preop_drilldown."""
    parts = defaultdict(list)
    for one in spells:
        first = one.spell.first
        consultant = one.spell.dominant.consultant
        consultant = "unknown" if consultant in NOBODY else consultant
        specialty = first.specialties[1] or "none"
        if one.spell.organisation in whole.rows:
            hrg = one.spell.hrg or "none"
            part = (one.spell.organisation, hrg, one.spell.group, specialty, consultant)
            parts[part].append(one)
    rows = []
    for (code, hrg, group, specialty, consultant), own in parts.items():
        observed, expected = (
            float(sum(one.observed for one in own)),
            sum(one.expected for one in own),
        )
        excess, gbp = _own(whole.rows[code], observed, expected)
        rows.append(
            whole.keys(code)
            | {
                "hrg_code": hrg,
                "admission_group": group,
                "treatment_function": specialty,
                "specialty": specialty,
                "consultant": consultant,
                "spells": len(own),
                "bed_days": observed,
                "expected_bed_days": expected,
                "excess_bed_days": excess,
                "opportunity_annual_gbp": gbp,
            }
        )
    return rows


def flows_of_bed_days(whole: Whole, spells: list[Expected], register: Register) -> list[dict]:
    """Rows of fct_pct_trust_flows of a trust's bed days, by the patients' PCT."""
    parts = defaultdict(list)
    for one in spells:
        pct = one.spell.first.pct
        mapped = register.mapped(pct, whole.quarter) if register.known(pct) else "unknown"
        if one.spell.organisation in whole.rows:
            parts[one.spell.organisation, mapped].append(one)
    rows = []
    for (code, pct), own in parts.items():
        observed, expected = (
            float(sum(one.observed for one in own)),
            sum(one.expected for one in own),
        )
        excess, gbp = _own(whole.rows[code], observed, expected)
        rows.append(
            {"indicator_id": whole.indicator_id}
            | whole.keys(code)
            | {
                "pct_code": pct,
                "provider_code": code,
                "n_spells": len(own),
                "observed": observed,
                "expected": expected,
                "excess_units": excess,
                "opportunity_annual_gbp": gbp,
            }
        )
    return rows


def flows_of_admissions(whole: Whole, cases: list[Case]) -> list[dict]:
    """Rows of fct_pct_trust_flows of a PCT's admissions, by provider, in proportion to them."""
    n_all = Counter(case.pct for case in cases)
    n_parts = Counter((case.pct, case.provider) for case in cases if case.pct in whole.rows)
    return [
        {"indicator_id": whole.indicator_id}
        | whole.keys(pct)
        | {
            "pct_code": pct,
            "provider_code": provider,
            "n_spells": n,
            "observed": float(n),
            "expected": None,
        }
        | _share(whole.rows[pct], n / n_all[pct])
        for (pct, provider), n in n_parts.items()
    ]


def practices(whole: Whole, cases: list[Case]) -> list[dict]:
    """Rows of fct_practice_cases: a PCT's cases by practice, and the excess in proportion."""
    n_all = Counter(case.pct for case in cases)
    parts = defaultdict(list)
    for case in cases:
        if case.pct in whole.rows:
            parts[case.pct, case.practice or "unknown"].append(case.cost)
    return [
        {"indicator_id": whole.indicator_id}
        | whole.keys(pct)
        | {
            "practice_code": practice,
            "n_cases": len(costs),
            "share_of_cases": len(costs) / n_all[pct],
            "cost_gbp": _sum(costs),
        }
        | _share(whole.rows[pct], len(costs) / n_all[pct])
        for (pct, practice), costs in parts.items()
    ]


def _sum(amounts: Iterable[float | None]) -> float | None:
    given = [amount for amount in amounts if amount is not None]
    return sum(given) if given else None


def breakdown(
    whole: Whole, cases: list[Case], populations: dict[str, Counter[Stratum]]
) -> list[dict]:
    """Rows of fct_indicator_breakdown: operations, conditions or treatment functions."""
    people = Counter()
    for code in whole.reference:
        people.update(populations.get(code, {}))
    in_reference = Counter((c.item, c.stratum) for c in cases if c.pct in whole.reference)
    # Of an item that nobody of the reference has, only who has it has a row.
    cells_of = defaultdict(set)
    for item, cell in in_reference:
        cells_of[item].add(cell)
    observed = Counter((case.pct, case.item) for case in cases)
    items = {case.item for case in cases if case.pct in whole.rows}
    rows = []
    for code, row in whole.rows.items():
        if row["publication_status"] in WITHOUT_FIGURES:
            continue
        for item in items:
            n = observed[code, item]
            population = populations.get(code)
            expected = (
                None
                if population is None
                else sum(
                    population[cell] * n_cases / people[cell]
                    for (of, cell), n_cases in in_reference.items()
                    if of == item and people[cell]
                )
            )
            if not n and not cells_of[item] & (population or {}).keys():
                continue
            excess, gbp = _own(row, n, expected)
            relative = ratio(n, expected)
            rows.append(
                {"indicator_id": whole.indicator_id}
                | whole.keys(code)
                | {
                    "item_id": item,
                    "item_name": ITEM_NAMES.get(item, f"Treatment function {item}"),
                    "observed": float(n),
                    "expected": expected,
                    "value": None if relative is None else 100 * relative,
                    "excess_units": excess,
                    "opportunity_annual_gbp": gbp,
                }
            )
    return rows


def practices_prescribing(
    whole: Whole,
    own: dict[str, list[MonthlyRow]],
    preferred: tuple[str, ...],
    others: tuple[str, ...],
) -> list[dict]:
    """Rows of fct_practice_prescribing: each practice against the PCTs' benchmark."""
    parts = defaultdict(list)
    for code, prescribed in own.items():
        for row in prescribed:
            if code in whole.rows:
                practice = upper(row.fields.get("PRACTICE_CODE"))
                parts[code, practice or "unknown"].append(row)
    in_reference = [row for code in whole.reference for row in own.get(code, [])]
    reference_price = saving(*kinds(in_reference, preferred, others))
    rows = []
    for (code, practice), prescribed in parts.items():
        cheap, dear = kinds(prescribed, preferred, others)
        items = cheap.items + dear.items
        if not items:
            continue
        benchmark, share = whole.rows[code]["benchmark_value"], cheap.items / items
        has_own_price = min(cheap.priced_items, dear.priced_items) >= MIN_ITEMS_FOR_OWN_PRICE
        price = saving(cheap, dear) if has_own_price else reference_price
        gap = None
        if practice != "unknown" and benchmark is not None:
            gap = max(0.0, benchmark - share)
        units = None if gap is None else gap * items
        rows.append(
            {"indicator_id": whole.indicator_id}
            | whole.keys(code)
            | {
                "practice_code": practice,
                "numerator": cheap.items,
                "denominator": items,
                "value": share,
                "benchmark_value": benchmark,
                "gap": gap,
                "excess_units": units,
                "unit_price_gbp": price,
                "opportunity_annual_gbp": None if None in (units, price) else 4 * units * price,
            }
        )
    return rows


def balance(rows: list[dict], spells: list[Spell]) -> list[dict]:
    """Rows of fct_clinical_balance, from those of fct_indicator_values."""
    found = {
        (row["organisation_code"], row["quarter"], row["indicator_id"]): row
        for row in rows
        if row["organisation_class"] == "trust"
    }
    basket = defaultdict(list)
    for spell in spells:
        if (
            spell.is_clinical
            and spell.group == "elective"
            and spell.first.class_of_patient in ("1", "2")
            and procedure_in_group(spell, DAY_CASE_BASKET) is not None
        ):
            basket[spell.organisation, spell.quarter].append(spell)
    lines = []
    places = {(code, quarter) for code, quarter, i in found if i in BALANCE.values()}
    for code, quarter in sorted(places):
        line = {"organisation_code": code, "quarter": quarter}
        for name, indicator_id in BALANCE.items():
            row = found.get((code, quarter, indicator_id), {})
            line[f"{name}_value"] = row.get("value")
            line[f"{name}_rank"] = row.get("national_rank")
            line[f"{name}_status"] = row.get("publication_status")
        line["emergency_readmission_rate"] = found.get((code, quarter, "BCBV20"), {}).get(
            "crude_value"
        )
        own = basket[code, from_label(quarter)]
        has_submitted = line["length_of_stay_status"] not in WITHOUT_FIGURES
        lines.append(line | _intentions(own if has_submitted else None))
    return lines


def _intentions(basket: list[Spell] | None) -> dict:
    """What became of spells of the basket; null of a trust that submitted nothing."""
    columns = (
        "n_planned_day_cases",
        "n_failed_day_cases",
        "failed_day_case_rate",
        "n_inpatients_without_a_night",
    )
    if basket is None:
        return dict.fromkeys(columns)
    planned = [spell for spell in basket if spell.first.intended == "2"]
    inpatients = [spell for spell in basket if spell.first.class_of_patient == "1"]
    failed = [spell for spell in inpatients if spell.first.intended == "2"]
    n_without_a_night = sum(spell.days == 0 for spell in inpatients)
    rate = ratio(len(failed), len(planned))
    return dict(zip(columns, (len(planned), len(failed), rate, n_without_a_night), strict=True))
