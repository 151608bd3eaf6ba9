"""scripts/generate_extracts.py --faults: each is found by its rule, and nobody else is accused."""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import generate_extracts
import pytest
from building import CHECKOUT, WITH_DATA, Run, dbt, query, script

from generator.england import England
from generator.faults import FAULTS, NAMES
from generator.quarters import Quarter
from generator.spoiling import CHANGES, organisations

# Rules that find nothing wrong with what was sent.
NO_FAULTS = {"FOLLOWUP", "MIN"}
WORSE = {"amber": ("amber", "red"), "red": ("red",)}
# Chance alone: small trusts and PCTs are far from the mean of their few records now and then.
BY_CHANCE = 0.01


def generate(out: Path, *options: str) -> int:
    arguments = ["--scale", "0.001", "--quarters", "1", "--seed", "1", "--out", str(out)]
    return generate_extracts.main([*arguments, *options])


def listed(folder: Path) -> list[dict]:
    return json.loads((folder / "faults.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_every_rule_of_the_catalogue_has_a_fault():
    with (CHECKOUT / "seeds" / "rules" / "dq_rules.csv").open(encoding="utf-8") as file:
        catalogue = {row["rule_id"]: row["feeds"].split(";") for row in csv.DictReader(file)}
    assert set(NAMES) == set(catalogue) - NO_FAULTS
    assert all(fault.feed in catalogue[fault.rule_id] for fault in FAULTS)
    assert {(fault.rule_id, fault.feed) for fault in FAULTS} == set(CHANGES)
    assert len(FAULTS) == len(CHANGES)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("quarter", ["2006-07q1", "2007-08q4"])
def test_each_fault_has_an_organisation_of_its_own(seed, quarter):
    england, when = England(seed, 0.01), Quarter.parse(quarter)
    codes = organisations(england, when)
    assert codes.keys() == set(FAULTS)
    assert len(set(codes.values())) == len(FAULTS)
    assert set(codes.values()) <= {*england.codes(england.trusts, when)} | {
        *england.codes(england.pcts, when)
    }


def test_same_faults_same_bytes_whatever_else_is_asked_for(tmp_path):
    """A fault's organisation and rows do not hang on the other faults and feeds."""
    feeds = ("--feeds", "finance,esr_absence")
    for folder in ("one", "again"):
        assert generate(tmp_path / folder, *feeds, "--faults", "S01") == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "again")
    assert generate(tmp_path / "both", "--faults", "W03,S01,D02") == 0
    [alone] = listed(tmp_path / "one")
    assert alone in listed(tmp_path / "both")
    rows = [
        sorted(line for line in text.decode().splitlines() if alone["organisation_code"] in line)
        for text in (
            contents(tmp_path / folder)["finance__fy2006-07q1__2006-08-22__synthetic.csv"]
            for folder in ("one", "both")
        )
    ]
    assert len(rows[0]) == 3 and rows[0] == rows[1]


def test_only_the_organisation_is_touched(tmp_path):
    assert generate(tmp_path / "usual", "--feeds", "finance") == 0
    assert (
        generate(tmp_path / "it's [spoilt]", "--feeds", "finance", "--faults", "usual,S01,U01") == 0
    )
    name = "finance__fy2006-07q1__2006-08-22__synthetic.csv"
    before, after = (
        set((tmp_path / folder / name).read_text(encoding="utf-8").splitlines())
        for folder in ("usual", "it's [spoilt]")
    )
    named = {entry["organisation_code"] for entry in listed(tmp_path / "it's [spoilt]")}
    assert {line.split(",")[1] for line in before ^ after} == named
    assert len(named) == 2


def test_usual_alone_is_what_extracts_are_without_faults(tmp_path):
    feeds = ("--feeds", "esr_absence,bppc,hes_op", "--first-quarter", "2007-08q1")
    assert generate(tmp_path / "without", *feeds) == 0
    assert generate(tmp_path / "usual", *feeds, "--faults", "usual") == 0
    usual = contents(tmp_path / "usual")
    assert json.loads(usual.pop("faults.json")) == []
    assert usual == contents(tmp_path / "without")


def test_what_cannot_be_put_in_is_said(tmp_path, capsys):
    """V01 needs four quarters before it; a rule whose feed is not asked for has no rows."""
    assert generate(tmp_path, "--feeds", "hes_apc", "--faults", "V01,W01,A12") == 0
    said = capsys.readouterr().err
    assert "V01 of hes_apc is left out: the rule needs 4 quarters before the last one" in said
    assert "W01 of esr_absence is left out: no rows of esr_absence" in said
    assert [entry["rule_id"] for entry in listed(tmp_path)] == ["A12"]


def test_an_unknown_fault_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        generate(tmp_path, "--faults", "A12,B99")
    assert ended.value.code == 2
    assert "no such fault: B99; there are all, usual, A01" in capsys.readouterr().err


@dataclass(frozen=True)
class Spoilt:
    """A home with every fault, built."""

    home: Path
    entries: list[dict]
    build: Run

    def rows(self, sql: str) -> list[dict]:
        """The rows of a query on its warehouse."""
        return query(self.home / "warehouse.duckdb", sql)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Spoilt:
    """Five quarters, without which V01 judges nobody; the faults are in the last of them."""
    home = tmp_path_factory.mktemp("spoilt")
    extracts = home / "extracts"
    options = ("--scale", "0.02", "--quarters", "5", "--seed", "1", "--faults", "all")
    script(home, "generate_extracts", *options, "--out", extracts).succeeded()
    script(home, "ingest", extracts).succeeded()
    return Spoilt(home, listed(extracts), dbt(home, "build", *WITH_DATA))


def test_a_build_with_every_fault_succeeds(spoilt):
    spoilt.build.succeeded()
    assert {entry["rule_id"] for entry in spoilt.entries} == set(NAMES)


def test_every_fault_is_found(spoilt):
    outcomes = {
        (row["rule_id"], row["organisation_code"], row["feed"], row["quarter"]): row["outcome"]
        for row in spoilt.rows(
            "select rule_id, organisation_code, feed, quarter, outcome from marts.dq_rule_results"
        )
    }
    # Of rows of nobody the record alone says whose they claim to be.
    quarantined = Counter(
        (row["rule_id"], row["code"], row["feed"], row["quarter"])
        for row in spoilt.rows(
            "select rule_id, feed, quarter, coalesce(organisation_code, record ->> 'PROCODE3',"
            " record ->> 'procode3', record ->> 'org_code') as code"
            " from marts.dq_quarantined_records"
        )
    )
    missed = []
    for entry in spoilt.entries:
        key = tuple(entry[name] for name in ("rule_id", "organisation_code", "feed", "quarter"))
        if entry["expected_outcome"] == "quarantined":
            found = quarantined[key] == entry["n_rows"]
        else:
            found = outcomes.get(key) in WORSE[entry["expected_outcome"]]
        if not found:
            missed.append((key, outcomes.get(key), quarantined[key], entry["n_rows"]))
    assert not missed


def test_nobody_else_is_accused(spoilt):
    named = {entry["organisation_code"] for entry in spoilt.entries}
    results = [
        row
        for row in spoilt.rows("from marts.dq_rule_results")
        if row["organisation_code"] not in named and row["rule_id"] not in NO_FAULTS
    ]
    assert not [row for row in results if row["outcome"] == "red"]
    counts = Counter(row["outcome"] for row in results)
    assert counts["green"] > 10_000
    assert counts["amber"] < BY_CHANCE * (counts["amber"] + counts["green"])
