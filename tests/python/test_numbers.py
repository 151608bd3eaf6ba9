"""Numbers read as people say them: each function against cases worked by hand."""

import json
from pathlib import Path

import pytest

from publication import numbers

CASES = json.loads(Path(__file__).with_name("number_words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("function", "given", "words"),
    [
        (function, case["given"], case["words"])
        for function, cases in CASES.items()
        if function != "about"
        for case in cases
    ],
)
def test_a_number_reads_as_worked_by_hand(function, given, words):
    assert getattr(numbers, function)(*given) == words


def test_every_status_of_the_tables_has_words():
    """Those that the contract of fct_indicator_values accepts."""
    contract = Path(__file__).parents[2] / "models/marts/indicators/fct_indicator_values.yml"
    line = next(
        line
        for line in contract.read_text(encoding="utf-8").splitlines()
        if "not_submitted," in line
    )
    statuses = line.split("values: [")[1].split("]")[0].split(", ")
    assert "withheld" in statuses
    for status in statuses:
        assert numbers.status_words(status, "shown")


def test_a_status_that_is_none_is_not_guessed():
    with pytest.raises(KeyError):
        numbers.status_words("lost", "shown")
