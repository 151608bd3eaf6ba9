"""Holding a warehouse's marts to the reference, row by row and column by column."""

import math
from collections.abc import Callable

from reference.tables import Tables

TOLERANCE = 1e-6
INDICATOR = ("indicator_id", "organisation_code", "quarter")
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
}
# Columns that the reference does not make, and why; all others are compared.
NOT_COMPARED = {
    "dim_submission": {
        "landed_at": "the time at which the file was landed, which nothing in it tells",
        "invalid_count": "the reference reads the values that it needs, not all of the contract's",
        "profile_verdict": "the bounds of the profile are no rule of the results",
        "profile_failures": "as the verdict",
    },
}

# The rows of a query.
Query = Callable[[str], list[dict]]


def differences(expected: Tables, query: Query) -> list[str]:
    """Where the warehouse differs from the reference, one line a row, column or value."""
    found = []
    for table, key_columns in KEYS.items():
        found += _differences_in(
            table, key_columns, getattr(expected, table), query(f"select * from marts.{table}")
        )
    return found


def _differences_in(
    table: str, key_columns: tuple[str, ...], expected: list[dict], actual: list[dict]
) -> list[str]:
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


def by_key(rows: list[dict], key_columns: tuple[str, ...]) -> dict[tuple, dict]:
    """The rows by key, which no two share; AssertionError where they do."""
    keyed = {tuple(row[column] for column in key_columns): row for row in rows}
    assert len(keyed) == len(rows), f"rows share a key of {key_columns}"
    return keyed


def same(expected: object, actual: object) -> bool:
    """Whether two values are equal: null only to null, numbers within the tolerance."""
    if isinstance(expected, float | int) and isinstance(actual, float | int):
        return math.isclose(expected, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return expected == actual
