"""The list of mutations fits the files as they stand; trying them is done by hand."""

import json
import sys
from dataclasses import asdict, replace

import pytest
from building import CHECKOUT

sys.path.append(str(CHECKOUT / "tests" / "mutations"))

from catalogue import Mutation, NotApplicable, mutations
from run import noticed_before, report
from trial import Outcome


def test_every_mutation_of_the_list_fits():
    assert len(mutations()) >= 60


@pytest.mark.parametrize(
    ("old", "occurrence", "result"),
    [
        ("a", 1, "xbab"),
        ("a", 2, "abxb"),
        ("ba", None, "axb"),
        ("a", None, "2 times: say which"),
        ("a", 3, "only 2 times"),
        ("c", None, "does not hold 'c'"),
    ],
)
def test_a_mutation_replaces_one_occurrence_or_says_why_not(tmp_path, old, occurrence, result):
    (tmp_path / "file").write_text("abab", encoding="utf-8")
    mutation = Mutation("id", "kind", "file", old, "x", occurrence)
    try:
        mutation.apply(tmp_path)
    except NotApplicable as error:
        assert result in str(error)
    else:
        assert (tmp_path / "file").read_text(encoding="utf-8") == result


def test_a_run_goes_on_with_what_was_noticed_of_the_same_change(tmp_path):
    noticed = Mutation("noticed", "kind", "file", "a", "b")
    survivor = Mutation("survivor", "kind", "file", "a", "c")
    outcomes = [
        Outcome(noticed, {"unit tests": "g1"}, {"near": 2.5}, commit="abc"),
        Outcome(survivor),
    ]
    kept = tmp_path / "outcomes.jsonl"
    assert noticed_before(kept) == {}
    kept.write_text("".join(json.dumps(asdict(o)) + "\n" for o in outcomes), encoding="utf-8")
    assert noticed_before(kept) == {noticed: outcomes[0]}
    assert replace(noticed, new="d") not in noticed_before(kept)


def test_results_say_what_noticed_each():
    mutation = Mutation("id", "kind", "file", "a", "b")
    outcomes = [
        Outcome(mutation, {"unit tests": "g1"}, {"near": 2.5}, commit="abc"),
        Outcome(mutation, {"reference": "1 differences; x|y"}, {"near": 2.5}),
        Outcome(mutation, {}, {"near": 2.5}),
    ]
    text = report(outcomes)
    assert "3 mutations: 1 noticed by `dbt build` with unit tests (33%), 2 by these" in text
    assert "| **unit tests**: g1 | 2 | abc |" in text
    assert "x\\|y" in text
    assert "**nothing**" in text
