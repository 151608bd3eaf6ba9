"""What is said of each indicator: its words, its paragraph, its worked examples, its page."""

import csv
import json

import pytest
from building import CHECKOUT
from document_indicators import indicator_pages

PAGES = CHECKOUT / "docs" / "indicators"
WORDS = (
    "direction",
    "unit",
    "evidence",
    "why_it_matters",
    "caveats",
    "how_to_improve",
    "author",
    "review_date",
)


def registry() -> list[dict[str, str]]:
    """The rows of the registry."""
    with (CHECKOUT / "seeds" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def manifest(sample) -> dict:
    """What dbt knows of the project."""
    return json.loads((sample.home / "target" / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("indicator", registry(), ids=lambda row: row["indicator_id"])
def test_an_indicator_is_said_in_words_and_shown_in_numbers(manifest, indicator):
    assert [word for word in WORDS if not indicator[word]] == []
    name = f"int_indicator__{indicator['short_name']}"
    [model] = [node for node in manifest["nodes"].values() if node["name"] == name]
    assert indicator["indicator_id"] in model["description"]
    assert len(model["description"].split()) >= 40, "a paragraph: what is counted, and why so"
    worked = [test for test in manifest["unit_tests"].values() if test["model"] == name]
    assert worked and all(test["description"] for test in worked)


def test_the_pages_say_what_the_project_computes(sample):
    pages = indicator_pages(sample.home / "target")
    assert len(pages) == len(registry()) + 1
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    outdated = sorted(name for name in pages.keys() | there if pages.get(name) != there.get(name))
    assert outdated == [], "run `make pages`"
