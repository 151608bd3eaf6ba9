"""Rulebook 2.1: two successions for one old code, or a cycle: file refused."""

import pytest

from warehouse import successions


@pytest.fixture
def send(ingest, write, monkeypatch, tmp_path):
    """Send a successions file of (old code, new code) pairs, beside a seed of A1 → B1."""
    seed = tmp_path / "seed.csv"
    seed.write_text("old_code,new_code,effective_date,source\nA1,B1,2006-10-01,\n")
    monkeypatch.setattr(successions, "SEED", seed)

    def send_pairs(*pairs: tuple[str, str], extract: str = "2007-04-01"):
        lines = [f"{old},{new},2007-04-01" for old, new in pairs]
        text = "\n".join(["old_code,new_code,effective_date", *lines])
        return ingest(write(f"successions__fy2006-07__{extract}.csv", text))

    return send_pairs


def test_mergers_land(send, lake):
    assert send(("X1", "X9"), ("X2", "X9"), ("X9", "Y1")).status == 0
    assert len(lake.rows("successions")) == 3


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([("X1", "X8"), ("X1", "X9")], "lines 2 and 3: X1 has two successions (to X8 and to X9)"),
        ([("X1", "X9"), (" x1 ", "X9")], "a split is refused"),
        ([("X1", "x1")], "line 2: X1 is said to succeed itself"),
        ([("X1", "X2"), ("X2", "X3"), ("X3", "X1")], "cycle: X1 → X2 → X3 → X1"),
        ([("B1", "A1")], "cycle: A1 → B1 → A1"),
    ],
)
def test_a_split_or_a_cycle_is_refused_with_the_reason(send, lake, pairs, reason):
    outcome = send(*pairs)
    assert outcome.status == 1 and reason in outcome.err
    assert lake.files() == []


def test_a_cycle_with_an_earlier_landed_file_is_refused(send, lake):
    send(("X1", "X2"), extract="2007-04-01")
    outcome = send(("X2", "X1"), extract="2007-05-01")
    assert outcome.status == 1 and "in a cycle" in outcome.err
    assert len(lake.manifest()) == 1


def test_a_landed_row_overrides_the_seed_and_an_earlier_extract(send, lake):
    assert send(("A1", "C1"), extract="2007-04-01").status == 0
    assert send(("B1", "A1"), extract="2007-05-01").status == 0
    assert send(("A1", "D1"), extract="2007-06-01").status == 0
    assert send(("C1", "A1"), extract="2007-07-01").status == 0
    assert len(lake.manifest()) == 4


def test_a_late_file_is_checked_as_at_each_later_extract(send, lake):
    send(("X1", "X2"), extract="2007-04-01")
    send(("X1", "X3"), extract="2007-06-01")
    # Harmless by June, a cycle for whoever looks back to May.
    outcome = send(("X2", "X1"), extract="2007-05-01")
    assert outcome.status == 1 and "in a cycle" in outcome.err
    assert len(lake.manifest()) == 2


def test_of_one_extract_date_the_latest_landed_counts(send, lake):
    send(("X1", "X2"))
    send(("X1", "X3"))
    assert send(("X2", "X1")).status == 0
    assert send(("X3", "X1")).status == 1
    assert len(lake.manifest()) == 3


def test_the_project_s_own_seed_runs_in_no_cycle(ingest, write, lake):
    text = "old_code,new_code,effective_date\nZZ1,ZZ2,2007-04-01\n"
    assert ingest(write("successions__fy2006-07__2007-04-01.csv", text)).status == 0
