"""The contracts of what is published are those of the marts, with what publishing adds."""

import re
import sys

import pytest
import yaml
from building import CHECKOUT

sys.path.append(str(CHECKOUT / "tools"))

from publication_contracts import NoMart, contract, contracts, main

MART = """\
name: fct_equity
description: >
  One row per fifth
  of an area.
data_tests:
  - unique_combination: {arguments: {columns: [fifth, quarter]}}
  - expression_is_true: {arguments: {expression: "value > 0"}}
columns:
  - {name: fifth, description: "A fifth: \\"1\\" to 5.", data_type: integer, data_tests: [not_null]}
  - {name: quarter, description: A quarter., data_type: varchar}
  - {name: value, description: A value., data_type: double, data_tests: [not_null]}
  - {name: quarter_start_date, description: A date., data_type: date}
"""


def test_every_contract_is_as_it_would_be_written():
    differing = [
        path.name
        for path, text in contracts().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert not differing, f"run make pages: {', '.join(differing)}"


def test_every_contract_has_its_model():
    contracts_of = (CHECKOUT / "models" / "publication").glob("pub_*.yml")
    assert [path.name for path in contracts_of if not path.with_suffix(".sql").is_file()] == []


def test_a_contract_repeats_the_mart_and_says_what_publishing_does():
    text = contract(yaml.safe_load(MART), {"value", "n_suppressed"})
    [model] = yaml.safe_load(text)["models"]
    assert model["name"] == "pub_fct_equity"
    assert re.match(
        "One row per fifth of an area. As a public release shows it: ", model["description"]
    )
    assert [column["name"] for column in model["columns"]] == [
        "fifth",
        "quarter",
        "value",
        "n_suppressed",
        "quarter_start_date",
    ]
    fifth, _, value, n_suppressed, _ = model["columns"]
    assert (fifth["description"], fifth["data_type"]) == ('A fifth: "1" to 5.', "integer")
    assert fifth["data_tests"] == ["not_null"]
    assert "data_tests" not in value  # Hidden rows have none.
    assert n_suppressed["data_type"] == "bigint"
    assert model["data_tests"] == [
        {"unique_combination": {"arguments": {"columns": ["fifth", "quarter"]}}}
    ]


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_it_writes_or_says_what_differs(arguments, tmp_path, monkeypatch, capsys):
    model, mart = tmp_path / "models" / "publication", tmp_path / "models" / "marts"
    model.mkdir(parents=True)
    mart.mkdir()
    (model / "pub_fct_equity.sql").write_text("final as (\n    select\n        value\n")
    (mart / "fct_equity.yml").write_text(yaml.safe_dump({"models": [yaml.safe_load(MART)]}))
    monkeypatch.setattr("publication_contracts.CHECKOUT", tmp_path)
    monkeypatch.setattr("publication_contracts.MODELS", tmp_path / "models")
    monkeypatch.setattr("publication_contracts.PUBLICATION", model)
    assert main(arguments) == len(arguments)
    assert capsys.readouterr().out == "models/publication/pub_fct_equity.yml\n"
    assert (model / "pub_fct_equity.yml").is_file() == (not arguments)
    (model / "pub_fct_equity.yml").write_text("by hand")
    assert contracts() == {}
    (model / "pub_other.sql").write_text("")
    with pytest.raises(NoMart, match=r"pub_other\.sql has no mart of the name other"):
        contracts()
