"""Every column of every mart and published table is expected of by a unit test."""

import re
from functools import cache
from itertools import combinations

import duckdb
import pytest
import yaml
from building import CHECKOUT

MODELS = CHECKOUT / "models"
REF = re.compile(r"ref\('(\w+)'\)")
# Of what was found in a file a release tells neither lines nor values (Rulebook 10.7).
ALWAYS_NULL = {("pub_dim_submission", "reject_lines"), ("pub_dim_submission", "unread_values")}
# One thing under the name that readers know it by and the name that it has everywhere else.
SAME_BY_DESIGN = {frozenset({"specialty", "treatment_function"})}


def exposed_models() -> list[str]:
    """The models that the exposures name, each once."""
    documents = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in MODELS.rglob("_exposures.yml")
    ]
    exposures = [exposure for document in documents for exposure in document["exposures"]]
    entries = [entry for exposure in exposures for entry in exposure["depends_on"]]
    return sorted({REF.fullmatch(entry)[1] for entry in entries})


@cache
def properties() -> tuple[dict[str, dict], dict[str, list[dict]]]:
    """What the YAML says of each model, and the unit tests of each, by the model's name."""
    models, unit_tests = {}, {}
    for path in MODELS.rglob("*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        models |= {model["name"]: model for model in document.get("models", [])}
        for test in document.get("unit_tests", []):
            unit_tests.setdefault(test["model"], []).append(test)
    return models, unit_tests


def contract(model: str) -> dict[str, str]:
    """The model's columns and their types."""
    models, _ = properties()
    return {column["name"]: column["data_type"] for column in models[model]["columns"]}


def expectations(model: str) -> list[dict]:
    """The rows that the unit tests of the model expect."""
    _, unit_tests = properties()
    return [row for test in unit_tests.get(model, []) for row in expected_rows(test)]


def expected_rows(test: dict) -> list[dict]:
    """The rows that a unit test expects, from YAML or from a query of constants."""
    expect = test["expect"]
    if expect.get("format", "dict") == "dict":
        return expect["rows"]
    assert expect["format"] == "sql", f"{test['name']}: rows in a form that is not read here"
    relation = duckdb.sql(expect["rows"])
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def held_columns(model: str) -> list[str]:
    """The columns of which some unit test of the model expects a value; null alone holds none."""
    rows = expectations(model)
    return [name for name in contract(model) if any(row.get(name) is not None for row in rows)]


@pytest.mark.parametrize("model", exposed_models())
def test_every_column_is_held_by_a_unit_test(model):
    missing = [
        name
        for name in contract(model)
        if name not in held_columns(model) and (model, name) not in ALWAYS_NULL
    ]
    assert not missing, f"no unit test of {model} expects a value of {', '.join(missing)}"


@pytest.mark.parametrize("model", exposed_models())
def test_columns_are_told_apart(model):
    """Two columns of one type that always expect the same could stand in each other's place."""
    types, rows = contract(model), expectations(model)
    alike = [
        f"{first} and {second}"
        for first, second in combinations(held_columns(model), 2)
        if types[first] == types[second]
        and frozenset({first, second}) not in SAME_BY_DESIGN
        and not any(first in row and second in row and row[first] != row[second] for row in rows)
    ]
    assert not alike, f"no unit test of {model} tells apart {'; '.join(alike)}"
