"""The warehouse against an independent reading of the rule book, on random submissions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from building import dbt, query, script
from reference import accounts, catalogue, fields
from reference.changes import PARTS
from reference.clinical import (
    MIN_STAYS_IN_A_CELL,
    collapse,
    is_fallback,
    ordinary_spells,
    stay_cell,
)
from reference.comparison import KEYS, NOT_COMPARED, differences
from reference.random_series import write_series
from reference.submissions_at_random import write_submissions
from reference.tables import FEEDS, Evidence, Tables, compute

from warehouse.built import exposures

CONTEXT = "BCBV11"  # compared with nobody
COMPARED_IN_THE_SERIES = "BCBV20"  # of which too few are expected in the shorter sets
SHOWN = 10
# Each is the reason of some status in every set.
RULES = (
    *("A06", "A11", "A12", "A13", "FOLLOWUP", "MIN", "O02", "O03", "O04", "V03", "W01", "W02"),
    *("C01", "C02", "D02", "F01", "J01", "N01", "P02", "S01", "U01"),
)

KNOWN = catalogue.RULES.keys()
FLAGS = tuple(rule_id for rule_id, rule in catalogue.RULES.items() if rule.treatment == "flag")
NOT_ALWAYS_EVALUATED = ("A01", "A03", "A05", "A09", "A10", "A14", "A15", "A17")
OUTCOMES = ("green", "amber", "red", "not_evaluated", "unusable", "not_submitted")
VERDICTS = ("green", "amber", "red", "unusable", "not_submitted")


@dataclass(frozen=True)
class Landed:
    """A home in which a random set of submissions is landed."""

    home: Path
    folder: Path

    def build(self, as_at: date | None = None) -> Path:
        """The warehouse built as it stands, or as it would have stood on a day."""
        variables = ("--vars", f"{{as_at: {as_at}}}") if as_at else ()
        resources = ("--resource-type", "model", "--resource-type", "seed")
        dbt(self.home, "build", *resources, *variables).succeeded()
        return self.home / "warehouse.duckdb"


def land(home: Path, seed: int, *, late: bool) -> Landed:
    """Generate and land a set; the one file made to be refused is refused, and no other."""
    folder = home / "extracts"
    write_submissions(folder, seed, late=late)
    run = script(home, "ingest", folder)
    refused = [line for line in run.err.splitlines() if line.startswith("refused")]
    assert len(refused) == 1 and "sushrg" in refused[0], run.err
    return Landed(home, folder)


@pytest.fixture(scope="module")
def early(tmp_path_factory) -> Landed:
    """Three quarters of 2006-07 and 2007-08."""
    return land(tmp_path_factory.mktemp("early"), seed=13, late=False)


@pytest.fixture(scope="module")
def late(tmp_path_factory) -> Landed:
    """Two quarters of 2017-18, with a merger of the seed between them."""
    return land(tmp_path_factory.mktemp("late"), seed=5, late=True)


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> Landed:
    """Four years of few organisations, in clean files: long enough for charts and funnels."""
    home = tmp_path_factory.mktemp("series")
    write_series(home / "extracts", seed=7)
    script(home, "ingest", home / "extracts").succeeded()
    return Landed(home, home / "extracts")


def assert_the_set_is_worth_comparing(tables: Tables, also: tuple[str, ...]) -> None:
    """Every status and a good many rows of each kind, so that emptiness does not pass."""
    values = tables.fct_indicator_values
    statuses = Counter(row["publication_status"] for row in values)
    others = ("published", "caveat", "withheld", "not_applicable", "unusable")
    assert min(statuses[status] for status in others) >= 3
    assert statuses["not_submitted"] >= 100
    reasons = Counter(r for row in values for r in (row["status_reason"] or "").split(","))
    assert all(reasons[rule] for rule in RULES + also), reasons
    valued = Counter(row["indicator_id"] for row in values if row["quartile"] is not None)
    compared = FEEDS.keys() - {CONTEXT, COMPARED_IN_THE_SERIES}
    assert all(valued[indicator] >= 3 for indicator in compared), valued
    assert len(tables.fct_quartile_thresholds) >= 40
    facts = {table: len(getattr(tables, table)) for table in KEYS if table.startswith("fct_")}
    # A row for each indicator and quarter, of England alone.
    assert facts.pop("fct_opportunity_vintages") >= 20
    assert min(facts.values()) >= 30, facts
    assert sum(row["n_failed_day_cases"] or 0 for row in tables.fct_clinical_balance) >= 50
    assert len({row["consultant"] for row in tables.fct_los_drilldown}) >= 4
    assert len({row["practice_code"] for row in tables.fct_practice_cases}) >= 4
    assert sum((row["opportunity_quarter_gbp"] or 0) > 0 for row in tables.fct_opportunity) >= 40


def assert_the_rules_are_worth_comparing(tables: Tables) -> None:
    """Every rule, outcome, verdict and way that a row or field may go, a few times each."""
    outcomes = Counter((row["rule_id"], row["outcome"]) for row in tables.dq_rule_results)
    overall = Counter(row["outcome"] for row in tables.dq_rule_results)
    assert min(overall[o] for o in OUTCOMES) >= 5, overall
    assert all(outcomes[rule, "amber"] >= 2 and outcomes[rule, "green"] >= 2 for rule in FLAGS)
    assert all(outcomes[rule, "not_evaluated"] >= 2 for rule in NOT_ALWAYS_EVALUATED), outcomes
    assert all(outcomes[rule, "red"] or outcomes[rule, "amber"] for rule in RULES if rule in KNOWN)
    verdicts = Counter(row["verdict"] for row in tables.dq_submission_status)
    assert min(verdicts[v] for v in VERDICTS) >= 5, verdicts
    assert {row["months_present"] for row in tables.dq_submission_status} == {0, 1, 2, 3}
    taken = Counter(row["rule_id"] for row in tables.dq_quarantined_records)
    assert min(taken[rule] for rule in accounts.RULES) >= 5, taken
    accounted = {(row["n_superseded"] > 0, row["n_in_use"] > 0) for row in tables.dq_submissions}
    assert accounted >= {(True, True), (False, True), (True, False)}
    for state in fields.STATES:
        assert sum(row[f"n_{state}"] for row in tables.dq_field_quality) >= 50
    assert {row["coverage"] for row in tables.dq_scores} == {0.0, 0.5, 1.0}
    money = tables.fct_opportunity
    assert sum(0 < row["n_flagged"] < row["n_organisations"] for row in money) >= 5
    assert sum(row["opportunity_annual_unflagged_gbp"] is None for row in money) >= 5


def assert_the_changes_are_worth_comparing(tables: Tables) -> None:
    """Every part of a change, and every choice of which England's pounds are told under another."""
    changes = tables.fct_opportunity_change
    moved = Counter((row["comparison"], part) for row in changes for part in PARTS if row[part])
    assert all(moved[c, part] >= 10 for c in ("previous", "base") for part in PARTS), moved
    money = tables.fct_opportunity
    adjusted = [row["opportunity_annual_activity_adjusted_gbp"] for row in money]
    given = zip(adjusted, money, strict=True)
    assert sum(a not in (None, row["opportunity_annual_gbp"]) for a, row in given) >= 100
    choices = Counter(r["scenario"] for r in tables.fct_sensitivity if r["n_organisations"])
    assert len(choices) >= 10 and min(choices.values()) >= 5, choices


def assert_the_statistics_are_worth_comparing(tables: Tables) -> None:
    """Every method, place in a funnel, concern, signal and meaning, a good many times each."""
    rows, trend = tables.fct_indicator_statistics, tables.fct_indicator_trend
    funnels = {row["indicator_id"] for row in rows if row["funnel_z"] is not None}
    assert funnels == {row["indicator_id"] for row in rows if row["interval_method"] != "none"}
    positions = Counter(row["funnel_position"] for row in rows)
    assert min(positions[f"{side}_{z}"] for side in ("better", "worse") for z in (95, 998)) >= 5
    assert {row["overdispersion_tau2"] == 0 for row in rows if row["funnel_z"]} == {True, False}
    assert {row["is_distinguishable"] for row in rows} == {True, False, None}
    concerns = Counter(row["concern"] for row in rows)
    assert min(concerns[c] for c in ("data", "concern", "watch", "none", None)) >= 30, concerns
    assert max(row["focus_order"] or 0 for row in rows) >= 5
    counted = [row for row in tables.fct_indicator_values if row["value"] is not None]
    small = [row for row in counted if 0 < row["numerator"] < 9.5]
    assert len(small) >= 50 and sum(row["numerator"] == 0 for row in counted) >= 20
    signals = Counter(row["signal"] for row in trend)
    names = ("outside", "trend", "two_of_three", "shift", None)
    assert min(signals[name] for name in names) >= 100, signals
    meanings = Counter(row["variation"] for row in trend)
    known = ("improvement", "concern", "common_cause", "neutral", None)
    assert min(meanings[name] for name in known) >= 100, meanings
    assert sum(row["mean"] is not None and row["lower_limit"] is None for row in trend) >= 50
    assert {row["is_trial"] for row in trend} == {True, False}
    assert {row["is_change_significant"] for row in trend} == {True, False, None}
    assert max(row["quarters_improving"] or 0 for row in trend) >= 5
    assert sum(row["n_left_out"] > 0 for row in tables.fct_area_values) >= 20


def compare(landed: Landed, as_at: date | None = None, also: tuple[str, ...] = ()) -> None:
    """Build the warehouse and hold its marts to the reference; also: rules that must occur."""
    expected = compute(landed.folder, as_at)
    assert_the_set_is_worth_comparing(expected, also)
    if as_at is None:
        assert_the_rules_are_worth_comparing(expected)
    hold(landed, expected, as_at)


def hold(landed: Landed, expected: Tables, as_at: date | None = None) -> None:
    """Build the warehouse and hold its marts to what is expected."""
    warehouse = landed.build(as_at)
    found = differences(expected, lambda sql: query(warehouse, sql))
    assert not found, "\n".join([f"{len(found)} differences, the first:", *found[:SHOWN]])


def test_every_mart_that_is_for_somebody_is_compared():
    """All of its columns are, which the comparison sees to, but for those with a reason.

    What a public release has of it is held by tests of its own.
    """
    named = {ref for exposure in exposures() for ref in exposure["depends_on"]}
    named = {ref for ref in named if not ref.startswith("ref('pub_")}
    # They tell of runs and of days, not of submissions.
    named -= {"ref('fct_check_history')", "ref('dim_date')"}
    # It says again, one way at a time, what is compared; its parts are held to sum to that.
    named.remove("ref('drilldown')")
    assert named == {f"ref('{table}')" for table in KEYS}
    assert NOT_COMPARED.keys() <= KEYS.keys()


def test_the_warehouse_agrees_in_2006_and_2007(early):
    compare(early, also=("R01", "V01", "V02", "W03"))


def test_the_warehouse_agrees_as_at_a_day_between_extracts(early):
    compare(early, as_at=date(2007, 10, 8))


def test_the_warehouse_agrees_in_2017(late):
    compare(late)


def test_the_warehouse_agrees_on_chance_and_time(series):
    expected = compute(series.folder)
    assert_the_statistics_are_worth_comparing(expected)
    assert_the_changes_are_worth_comparing(expected)
    hold(series, expected)


def test_some_cells_of_stays_collapse_and_some_do_not(early):
    evidence = Evidence(early.folder)
    quarter = max(spell.quarter for spell in evidence.spells) - 1
    spells = [s for s in ordinary_spells(evidence.spells, quarter) if not is_fallback(stay_cell(s))]
    everyone = {spell.organisation for spell in spells}
    final = collapse(
        spells, everyone, stay_cell, lambda cell: ("collapsed", *cell), MIN_STAYS_IN_A_CELL
    )
    collapsed = Counter(final(spell)[0] == "collapsed" for spell in spells)
    assert min(collapsed[True], collapsed[False]) >= 20
