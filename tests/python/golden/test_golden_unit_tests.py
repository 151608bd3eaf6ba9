"""The unit tests of the SQL that are called after a golden case expect what the case says."""

import re
from functools import cache

import duckdb
import pytest
import yaml
from building import CHECKOUT
from reference.golden import Golden, cases


@cache
def unit_tests() -> list[dict]:
    """All unit tests of the models."""
    found = []
    for path in sorted((CHECKOUT / "models").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        if "unit_tests:" in text:
            found += yaml.safe_load(text)["unit_tests"]
    return found


def unit_tests_of(case: str) -> list[dict]:
    """Those whose names begin with the case, alone or among others (g2_g3_g4_…)."""
    return [t for t in unit_tests() if case in re.match(r"(g\d+_)*", t["name"])[0].split("_")]


def expected_rows(test: dict) -> list[dict]:
    """What a unit test expects; SQL is asked of DuckDB."""
    expect = test["expect"]
    if expect.get("format") != "sql":
        return expect["rows"]
    relation = duckdb.sql(expect["rows"])
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@pytest.mark.parametrize("case", cases())
def test_golden_numbers_of_the_sql_are_those_of_the_reference(case):
    golden, n_compared = Golden(case), 0
    for test in unit_tests_of(case):
        rows = [
            row
            for row in expected_rows(test)
            if row.get("indicator_id", golden.indicator_id) == golden.indicator_id
            and row.get("peer_set", "national") == "national"
        ]
        [key] = [column for column in golden.key if rows and column in rows[0]][:1] or [None]
        found = {row[key]: row for row in rows if row.get(key) in golden.rows}
        assert not golden.differences(found), test["name"]
        n_compared += sum(column in found[name] for name in found for column in golden.rows[name])
    assert n_compared >= len([row for row in golden.rows.values() if any(row.values())])
