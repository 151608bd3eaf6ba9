"""Schema publication against an independent reading of Rulebook 10, row by row."""

import math

import pytest
from building import query
from reference import publication
from reference.publication import Shown

INDICATOR = ("indicator_id", "organisation_code", "quarter")
AREA = ("indicator_id", "area_level", "area_code", "quarter")
KEYS = {
    "pub_fct_indicator_values": INDICATOR,
    "pub_fct_quartile_thresholds": (
        *("indicator_id", "quarter", "organisation_class", "peer_set", "peer_code"),
    ),
    "pub_fct_opportunity": AREA,
    "pub_fct_area_values": (*AREA, "organisation_class"),
    "pub_fct_opportunity_change": (*AREA, "comparison"),
}
MADE_BY = {
    "pub_fct_indicator_values": Shown.values,
    "pub_fct_quartile_thresholds": Shown.thresholds,
    "pub_fct_opportunity": publication.opportunities,
    "pub_fct_area_values": publication.area_values,
    "pub_fct_opportunity_change": publication.changes,
}
SHOWN_DIFFERENCES = 10


def differences(table: str, expected: list[dict], actual: list[dict]) -> list[str]:
    """Where the table differs from the reference in rows, or in a column that both have."""
    keys = KEYS[table]
    wanted = {tuple(row[name] for name in keys): row for row in expected}
    present = {tuple(row[name] for name in keys): row for row in actual}
    assert len(present) == len(actual) and len(wanted) == len(expected)
    found = [
        f"{table} {key}: only in the {side}"
        for side, only in (
            ("warehouse", present.keys() - wanted),
            ("reference", wanted.keys() - present),
        )
        for key in sorted(only, key=str)
    ]
    for key in sorted(wanted.keys() & present.keys(), key=str):
        for name, value in wanted[key].items():
            if name in present[key] and not _same(value, present[key][name]):
                found.append(
                    f"{table} {key} {name}: reference {value!r}, warehouse {present[key][name]!r}"
                )
    return found


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


@pytest.mark.parametrize("table", KEYS)
def test_a_public_table_is_what_the_rules_say(sample, table):
    """Of all quarters of a sample in which rows are hidden for each kind of count."""
    shown = Shown(lambda sql: query(sample.warehouse, sql))
    assert len(shown.hidden) >= 20
    actual = query(sample.warehouse, f"select * from publication.{table}")
    if table == "pub_fct_opportunity_change":
        actual = [row for row in actual if row["indicator_id"] != "ALL"]
    found = differences(table, MADE_BY[table](shown), actual)
    assert not found, "\n".join(
        [f"{len(found)} differences, the first:", *found[:SHOWN_DIFFERENCES]]
    )


def test_parts_are_those_of_the_warehouse_and_none_is_small(sample):
    shown = Shown(lambda sql: query(sample.warehouse, sql))
    published = query(sample.warehouse, "select * from publication.pub_drilldown")
    assert sum(row["member"] == "other" for row in published) >= 20
    assert len(published) >= 1000
    found = list(publication.drilldown_faults(shown, published))
    assert not found, "\n".join([f"{len(found)} faults, the first:", *found[:SHOWN_DIFFERENCES]])
