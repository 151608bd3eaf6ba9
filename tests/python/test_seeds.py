"""What the SQL asks of the seeds of rules is there, and what is there is asked for."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from building import CHECKOUT

RULES = CHECKOUT / "seeds" / "rules"


def sql() -> str:
    """Models and macros, one text."""
    files = sorted(
        path for room in ("models", "macros") for path in (CHECKOUT / room).rglob("*.sql")
    )
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def keys(seed: Path) -> set[str]:
    """The first column of a seed."""
    with seed.open(encoding="utf-8", newline="") as file:
        return {row[0] for row in list(csv.reader(file))[1:]}


def held(seed: Path) -> set[str]:
    """The values of the first column that a test of dbt misses when their row is gone."""
    [node] = yaml.safe_load(seed.with_suffix(".yml").read_text(encoding="utf-8"))["seeds"]
    return {
        str(value)
        for test in node["columns"][0]["data_tests"]
        if isinstance(test, dict) and "holds" in test
        for value in test["holds"]["arguments"]["values"]
    }


def test_every_parameter_is_used_and_every_one_used_is_there():
    """One that is missing stops the build where it is read; this says so before."""
    assert set(re.findall(r"parameter\('(\w+)'\)", sql())) == keys(RULES / "parameters.csv")


def test_every_rule_that_sql_names_is_in_the_catalogue():
    named = set(re.findall(r"'([A-Z]\d{2}|ORG|MIN|FOLLOWUP)'", sql()))
    assert named == keys(RULES / "dq_rules.csv")


@pytest.mark.parametrize("seed", ["admission_methods", "dq_rules", "organisation_types"])
def test_a_row_lost_from_a_seed_of_rules_fails_the_build(seed):
    path = RULES / f"{seed}.csv"
    assert held(path) == keys(path)
