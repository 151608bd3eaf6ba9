"""The list of mutations fits the files as they stand; trying them is done by hand."""

import sys

import pytest
from building import CHECKOUT

sys.path.append(str(CHECKOUT / "tests" / "mutations"))

from catalogue import Mutation, NotApplicable, mutations


def test_every_mutation_of_the_list_fits():
    assert len(mutations()) >= 8


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
