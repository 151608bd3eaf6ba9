"""Rulebook 2.1: what of a list of successions is rejected, and what refuses it whole."""

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
        (
            [("X1", "X8"), (" x1 ", "X9")],
            "no row can be followed, such as line 2: X1 has 2 successors (X8, X9)",
        ),
        ([("X1", "x1")], "cycle: X1 → X1"),
        ([("X1", "X2"), ("X2", "X3"), ("X3", "X1")], "cycle: X1 → X2 → X3 → X1"),
        ([("B1", "A1")], "cycle: A1 → B1 → A1"),
    ],
)
def test_a_list_of_splits_alone_or_with_a_cycle_is_refused_with_the_reason(
    send, lake, pairs, reason
):
    outcome = send(*pairs)
    assert outcome.status == 1 and reason in outcome.err
    assert lake.files() == []


def test_of_a_list_with_a_split_the_mergers_land(send, lake):
    outcome = send(("RW6", "RM3"), ("X1", "X9"), ("RW6", "R0A"))
    assert outcome.status == 0
    assert "line 2: RW6 has 2 successors (R0A, RM3): a split cannot be followed" in outcome.err
    assert [row["old_code"] for row in lake.rows("successions")] == ["X1"]
    reason = "RW6 has 2 successors (R0A, RM3): a split cannot be followed"
    assert [(row["line_number"], row["reason"], row["line_text"]) for row in lake.rejects()] == [
        (2, reason, "RW6,RM3,2007-04-01"),
        (4, reason, "RW6,R0A,2007-04-01"),
    ]
    [entry] = lake.manifest()
    assert (entry["row_count"], entry["reject_count"], entry["reject_lines"]) == (1, 2, "2, 4")


def test_the_same_merger_twice_is_no_split(send, lake):
    assert send(("X1", "X9"), ("x1", "X9")).status == 0
    assert (lake.manifest()[0]["row_count"], lake.rejects()) == (2, [])


def test_a_succession_without_a_date_is_rejected(ingest, write, lake):
    text = "old_code,new_code,effective_date\nX1,X9,\nX2,X9,NULL\nX3,X9,20070401\n,X9,2007-04-01\n"
    assert ingest(write("successions__fy2006-07__2007-04-01.csv", text)).status == 0
    assert [(row["line_number"], row["reason"]) for row in lake.rejects()] == [
        (2, "no effective date"),
        (3, "no effective date"),
        (5, "no old code"),
    ]


def test_a_succession_with_a_date_that_cannot_be_read_refuses_the_list(ingest, write, lake):
    lines = [f"X{n},X9,2007-04-01" for n in range(5)]
    text = "\n".join(["old_code,new_code,effective_date", *lines, "Y1,Y2,April 1st 2007"])
    outcome = ingest(write("successions__fy2006-07__2007-04-01.csv", text))
    assert outcome.status == 1 and lake.files() == []
    assert (
        "column effective_date: 1 of 6 rows have no date that can be used,"
        " such as line 7: April 1st 2007" in outcome.err
    )


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
