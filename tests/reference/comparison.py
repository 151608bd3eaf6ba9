"""Holding a warehouse's marts to the reference, row by row and column by column."""

import json
import math
from collections import defaultdict
from collections.abc import Callable

from reference.accounts import FREE
from reference.contracts import plain
from reference.quarters import first_day, from_label
from reference.tables import Tables

TOLERANCE = 1e-6
INDICATOR = ("indicator_id", "organisation_code", "quarter")
AREA_OF_A_CLASS = ("indicator_id", "organisation_class", "area_level", "area_code", "quarter")
WARD = (
    "organisation_code",
    "quarter",
    "hrg_code",
    "admission_group",
    "treatment_function",
    "consultant",
)
KEYS = {
    "dim_indicator": ("indicator_id",),
    "dim_organisation": ("organisation_code",),
    "dim_quarter": ("quarter",),
    "dim_submission": ("submission_id",),
    "fct_indicator_values": INDICATOR,
    "fct_quartile_thresholds": (
        "indicator_id",
        "quarter",
        "organisation_class",
        "peer_set",
        "peer_code",
    ),
    "fct_opportunity": ("indicator_id", "area_level", "area_code", "quarter"),
    "rpt_trust_indicators": ("organisation_code", "quarter"),
    "rpt_pct_indicators": ("organisation_code", "quarter"),
    "fct_clinical_balance": ("organisation_code", "quarter"),
    "fct_indicator_breakdown": (*INDICATOR, "item_id"),
    "fct_los_drilldown": WARD,
    "fct_pct_trust_flows": (*INDICATOR, "pct_code", "provider_code"),
    "fct_practice_cases": (*INDICATOR, "practice_code"),
    "fct_practice_prescribing": (*INDICATOR, "practice_code"),
    "fct_preop_drilldown": WARD,
    "fct_opportunity_change": (
        *("indicator_id", "area_level", "area_code", "quarter"),
        "comparison",
    ),
    "fct_revisions": INDICATOR,
    "fct_opportunity_vintages": ("indicator_id", "area_code", "quarter", "release"),
    "fct_sensitivity": ("indicator_id", "quarter", "scenario"),
    "fct_equity": (
        *("indicator_id", "area_level", "area_code", "quarter"),
        "deprivation_quintile",
    ),
    "dim_dq_rule": ("rule_id",),
    "dq_rule_results": ("rule_id", "organisation_code", "feed", "quarter"),
    "dq_submission_status": ("organisation_code", "feed", "quarter"),
    "dq_submissions": ("submission_id",),
    "dq_quarantined_records": ("feed", "submission_id", "line_number"),
    "dq_field_quality": ("organisation_code", "feed", "quarter", "field"),
    "dq_scores": ("organisation_code", "quarter", "feed"),
    "fct_indicator_statistics": INDICATOR,
    "fct_area_values": AREA_OF_A_CLASS,
    "fct_indicator_trend": AREA_OF_A_CLASS,
}
# Columns that the reference does not make, and why; all others are compared.
NOT_COMPARED = {
    "dim_submission": {
        "landed_at": "the time at which the file was landed, which nothing in it tells",
        "container": "how a file was packed",
        "inferred": "what its name does not say, which every name here does",
        "invalid_count": "the reference reads the values that it needs, not all of the contract's",
        "missing_count": "as the invalid ones",
        "profile_failures": "as the verdict",
        "profile_verdict": "the bounds of the profile are no rule of the results",
        "reject_lines": "words; how many there are is compared",
        "repeated_key_count": "a count of the profile",
        "suppressed_count": "as the invalid ones",
        "unknown_organisation_codes": "words; how many rows they have is compared",
        "unknown_organisation_gbp": "what is behind them is told, no rule of the results",
        "unknown_organisation_item_count": "as their pounds",
        "unread_values": "words",
    },
    "dq_submissions": {
        "landed_at": "the time at which the file was landed, which nothing in it tells",
        "profile_failures": "words; the bounds of the profile are no rule of the results",
        "profile_verdict": "as the failures",
    },
}

# The rows of a query.
Query = Callable[[str], list[dict]]


def differences(expected: Tables, query: Query) -> list[str]:
    """Where the warehouse differs from the reference, one line a row, column or value."""
    found = []
    for table, key_columns in KEYS.items():
        rows = getattr(expected, table)
        if table.startswith("fct_"):
            rows = [
                row | {"quarter_start_date": first_day(from_label(row["quarter"]))} for row in rows
            ]
        found += _differences_in(table, key_columns, rows, query(f"select * from marts.{table}"))
    return found


def _differences_in(
    table: str, key_columns: tuple[str, ...], expected: list[dict], actual: list[dict]
) -> list[str]:
    if "consultant" in key_columns:
        expected, actual = _renamed(expected), _renamed(actual)
    wanted, present = by_key(expected, key_columns), by_key(actual, key_columns)
    found = []
    for side, only in (
        ("warehouse", present.keys() - wanted),
        ("reference", wanted.keys() - present),
    ):
        found += [f"{table} {key}: only in the {side}" for key in sorted(only, key=str)]
    both = sorted(present.keys() & wanted.keys(), key=str)
    if both:
        columns = wanted[both[0]].keys() | NOT_COMPARED.get(table, {}).keys()
        for column in sorted(present[both[0]].keys() ^ columns):
            found.append(f"{table}: only one side has {column}")
    for key in both:
        for column, value in wanted[key].items():
            if column in present[key] and not same(value, present[key][column]):
                found.append(
                    f"{table} {key} {column}: reference {value!r},"
                    f" warehouse {present[key][column]!r}"
                )
    return found


def _as_compared(record: dict[str, str | None]) -> dict[str, str]:
    """What is given of a row, by names as names are compared."""
    return {plain(name): text for name, text in record.items() if text is not None}


def _renamed(rows: list[dict]) -> list[dict]:
    """Consultants named by their order in the part that they share; who is who is not compared.

    Pseudonyms are free to be any.
    """
    shared = defaultdict(list)
    for row in rows:
        if row["consultant"] != "unknown":
            place = tuple(row[column] for column in WARD if column != "consultant")
            shared[place].append(row)
    known = []
    for own in shared.values():
        own.sort(key=lambda row: (row["spells"], row["bed_days"], row["expected_bed_days"]))
        known += [row | {"consultant": str(n)} for n, row in enumerate(own)]
    return known + [row for row in rows if row["consultant"] == "unknown"]


def by_key(rows: list[dict], key_columns: tuple[str, ...]) -> dict[tuple, dict]:
    """The rows by key, which no two share; AssertionError where they do."""
    keyed = {tuple(row[column] for column in key_columns): row for row in rows}
    assert len(keyed) == len(rows), f"rows share a key of {key_columns}"
    return keyed


def same(expected: object, actual: object) -> bool:
    """Whether two values are equal: null only to null, numbers within the tolerance.

    FREE is any value. A row as received, by its columns' names, is compared with one in JSON: what
    is given of it.
    """
    if expected is FREE:
        return True
    if isinstance(expected, dict) and isinstance(actual, str):
        return _as_compared(expected) == _as_compared(json.loads(actual))
    if isinstance(expected, float | int) and isinstance(actual, float | int):
        return math.isclose(expected, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return expected == actual
