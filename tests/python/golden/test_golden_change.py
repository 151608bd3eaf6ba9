"""Golden cases of the reference: why pounds moved, and what they hang on.

Rulebook 9.13 to 9.17.
"""

import pytest
from reference import changes, revisions, sensitivity
from reference.organisations import Organisation, Register
from reference.pounds import Position
from reference.quarters import from_label
from reference.tables import _by_area, opportunity

YEAR_END, YEAR_START = from_label("2008-09 Q4"), from_label("2009-10 Q1")


def statins(gbp: float, start: float = 0.6, **others: object) -> Position:
    """A tenth of items short of the benchmark, which is worth the pounds a year."""
    given = {"value": start, "benchmark": start + 0.1, "volume": 1000.0, "most_units": None}
    return Position(**given | {"price": gbp / 400, "lower_is_better": False} | others)


def changed(positions: dict, *places: tuple) -> dict[tuple, dict]:
    """Rows of fct_opportunity_change by indicator, area, quarter and comparison.

    places are rows without pounds.
    """
    register = Register([])
    rows = changes.opportunity_changes(
        [*positions, *places],
        positions,
        register,
        lambda indicator_id, own: _by_area(indicator_id, own, register.organisations),
    )
    return {
        (row["indicator_id"], row["area_code"], row["quarter"], row["comparison"]): row
        for row in rows
    }


def ends(row: dict) -> list:
    """Pounds at either end."""
    return [pytest.approx(row[f"opportunity_{end}_gbp"]) for end in ("from", "to")]


def parts(row: dict) -> dict[str, float]:
    """The parts of a change that are not nought."""
    return {part: pytest.approx(row[part]) for part in changes.PARTS if abs(row[part]) > 1e-9}


def test_golden_change_is_split_in_four():
    # G6: 0.4 x 1000 x 200 = 80,000 of a quarter, so of a year with a quarter of the volume.
    start = Position(5.2, 4.8, 250.0, None, 200.0, lower_is_better=True)
    end = Position(5.0, 4.6, 325.0, None, 210.0, lower_is_better=True)
    assert (start.annual, end.annual) == (pytest.approx(80_000), pytest.approx(109_200))
    assert changes.moves(start, end) == {
        "performance_gbp": pytest.approx(-40_000),
        "benchmark_gbp": pytest.approx(40_000),
        "volume_gbp": pytest.approx(24_000),
        "price_and_mix_gbp": pytest.approx(5_200),
    }


def test_the_limit_of_units_goes_with_the_volume():
    # least(0.3 x 100, 20), then least(0.2 x 100, 20), least(0.1 x 100, 20), least(0.1 x 200, 5).
    start = Position(0.5, 0.8, 100.0, 20.0, 10.0, lower_is_better=False)
    end = Position(0.6, 0.7, 200.0, 5.0, 15.0, lower_is_better=False)
    assert list(changes.moves(start, end).values()) == pytest.approx([0, -400, -200, 100])


def test_who_did_not_send_is_reporting_and_who_merged_is_another_organisation():
    # 5P3 and 5P4 became 5QV on 1 April 2010; 5A3 and 5A4 were open all the time.
    end, start = from_label("2010-11 Q1"), from_label("2009-10 Q4")
    found = changed(
        {
            ("BCBV07", "5P3", start): statins(100),
            ("BCBV07", "5P4", start): statins(70),
            ("BCBV07", "5QV", end): statins(130),
            ("BCBV07", "5A3", start): statins(50),
            ("BCBV07", "5A3", end): statins(50, price=None),
            ("BCBV07", "5A4", end): statins(20),
        }
    )
    for indicator_id in ("BCBV07", "ALL"):
        place = indicator_id, "england", "2010-11 Q1", "previous"
        england = found[place]
        assert ends(england) == [220, 150]
        assert parts(england) == {"reporting_gbp": 20 - 50, "organisations_gbp": 130 - 100 - 70}
        assert england["change_gbp"] == pytest.approx(-70)
    assert found["BCBV07", "5A3", "2010-11 Q1", "previous"]["opportunity_to_gbp"] is None
    assert parts(found["BCBV07", "5A4", "2010-11 Q1", "previous"]) == {"reporting_gbp": 20}
    assert parts(found["BCBV07", "Q35", "2010-11 Q1", "previous"]) == {"organisations_gbp": -40}
    assert {comparison for *_, comparison in found} == {"previous"}


def test_an_indicator_that_enters_the_total_is_scope_in_it_alone():
    found = changed(
        {
            ("BCBV07", "5A3", YEAR_END): statins(100),
            ("BCBV07", "5A3", YEAR_START): statins(100, start=0.5),
            ("BCBV17", "5A3", YEAR_END): statins(40),
            ("BCBV17", "5A3", YEAR_START): statins(60),
            ("BCBV18", "5A4", YEAR_START): statins(7),
        }
    )
    total = found["ALL", "england", "2009-10 Q1", "previous"]
    assert ends(total) == [100, 167]
    # A tenth worse, against a benchmark that is a tenth lower.
    assert parts(total) == {"performance_gbp": 100, "benchmark_gbp": -100, "scope_gbp": 67}
    own = found["BCBV17", "england", "2009-10 Q1", "previous"]
    assert parts(own) == {"price_and_mix_gbp": 20}
    # One of which there is nothing in the first quarter is in the total only.
    assert ("BCBV18", "england", "2009-10 Q1", "previous") not in found
    assert parts(found["ALL", "5A4", "2009-10 Q1", "previous"]) == {"scope_gbp": 7}


def test_of_an_indicator_with_rows_at_one_end_the_total_tells_as_of_any_pounds():
    found = changed(
        {
            ("BCBV07", "5A3", YEAR_END): statins(100),
            ("BCBV04", "5A3", YEAR_START): statins(30),
        }
    )
    assert found.keys() == {("ALL", area, "2009-10 Q1", "previous") for area in AREAS_OF_5A3}
    assert parts(found["ALL", "5A3", "2009-10 Q1", "previous"]) == {"reporting_gbp": -70}


AREAS_OF_5A3 = ("5A3", "Q39", "england")


def test_against_the_base_quarter_from_the_next_one_on():
    base = from_label("2006-07 Q1")
    positions = {("BCBV07", "5A3", base + n): statins(100 + n) for n in range(-1, 3)}
    found = changed(positions, ("BCBV07", "5A3", base + 3))
    assert {(quarter, comparison) for _, _, quarter, comparison in found} == {
        ("2006-07 Q1", "previous"),
        ("2006-07 Q2", "previous"),
        ("2006-07 Q2", "base"),
        ("2006-07 Q3", "previous"),
        ("2006-07 Q3", "base"),
        ("2006-07 Q4", "previous"),
        ("2006-07 Q4", "base"),
    }
    row = found["BCBV07", "5A3", "2006-07 Q4", "base"]
    assert (row["from_quarter"], row["change_gbp"]) == ("2006-07 Q1", pytest.approx(-100))


def test_adjusted_pounds_have_the_activity_of_the_base_or_the_first_quarter_after():
    base = from_label("2006-07 Q1")
    positions = {
        ("BCBV03", "RWE", base - 1): statins(1000),
        ("BCBV03", "RWE", base): statins(400, most_units=50.0),
        ("BCBV03", "RWE", base + 1): statins(9999, start=0.6, benchmark=0.63, volume=7.0),
        ("BCBV03", "RWD", base): statins(400, price=None),
        ("BCBV03", "RWD", base + 2): statins(400, volume=500.0),
        ("BCBV03", "RWD", base + 3): statins(4000, value=0.5, benchmark=0.7),
        ("BCBV03", "RWD", base + 4): statins(4000, value=None),
    }
    found = changes.activity_adjusted(positions)
    assert found == {
        ("BCBV03", "RWE", base): pytest.approx(4 * 50 * 1),
        ("BCBV03", "RWE", base + 1): pytest.approx(4 * 0.03 * 1000 * 1),
        ("BCBV03", "RWD", base + 2): pytest.approx(4 * 0.1 * 500 * 1),
        ("BCBV03", "RWD", base + 3): pytest.approx(4 * 0.2 * 500 * 1),
    }


def values(indicator_id: str, code: str, gbp: float | None, **others: object) -> dict:
    """A row of fct_indicator_values as far as these tables look at it."""
    return {
        "indicator_id": indicator_id,
        "organisation_code": code,
        "quarter": "2006-07 Q2",
        "organisation_class": "trust",
        "publication_status": "published",
        "value": None if gbp is None else 1.1,
        "opportunity_annual_gbp": gbp,
        "opportunity_annual_at_median_gbp": None if gbp is None else gbp / 2,
        "opportunity_annual_at_best_decile_gbp": None if gbp is None else gbp * 2,
    } | others


def test_adjusted_pounds_are_netted_by_the_smaller_of_the_adjusted():
    rows = [values("BCBV01", "RWE", 100.0), values("BCBV02", "RWE", 10.0)]
    quarter = from_label("2006-07 Q2")
    adjusted = {("BCBV01", "RWE", quarter): 20.0, ("BCBV02", "RWE", quarter): 30.0}
    found = {
        row["indicator_id"]: row["opportunity_annual_activity_adjusted_gbp"]
        for row in opportunity(rows, {"RWE": Organisation("acute")}, adjusted)
    }
    assert found == {"BCBV01": 20, "BCBV02": 30, "ALL": 50, "ALL_NETTED": 30}


def test_englands_pounds_under_other_choices():
    quarter = from_label("2006-07 Q2")
    rows = [
        values("BCBV01", "RWE", 100.0),
        values("BCBV01", "RWD", 40.0, publication_status="withheld"),
        values("BCBV01", "RWF", None, publication_status="not_submitted"),
        values("BCBV02", "RWE", 30.0, publication_status="caveat"),
        values("BCBV10", "RWF", 5.0),
    ]
    # 0.1 over the benchmark of 1.0 is worth 100, of RWD 40; against the SHA's 0.9 twice as much.
    positions = {
        ("BCBV01", "RWE", quarter): Position(1.1, 1.0, 250.0, None, 1.0, lower_is_better=True),
        ("BCBV01", "RWD", quarter): Position(1.1, 1.0, 100.0, None, 1.0, lower_is_better=True),
        ("BCBV02", "RWE", quarter): Position(1.1, 1.0, 75.0, None, 1.0, lower_is_better=True),
        ("BCBV10", "RWF", quarter): Position(1.1, 1.0, 12.5, None, 1.0, lower_is_better=True),
    }
    threshold = {
        "indicator_id": "BCBV01",
        "quarter": "2006-07 Q2",
        "organisation_class": "trust",
        "peer_set": "sha",
        "peer_code": "Q33",
        "best_quartile_threshold": 0.9,
    }
    names = ("shrunk_gbp", "lower_gbp", "upper_gbp")
    statistics = {
        (indicator_id, code, quarter): dict(
            zip((f"opportunity_annual_{name}" for name in names), amounts, strict=True)
        )
        | {"is_distinguishable": told}
        for indicator_id, code, amounts, told in (
            ("BCBV01", "RWE", (80.0, 10.0, 190.0), True),
            ("BCBV01", "RWD", (20.0, 0.0, 90.0), False),
            ("BCBV01", "RWF", (None, None, None), None),
            ("BCBV02", "RWE", (None, 0.0, 60.0), False),
        )
    }
    organisations = {code: Organisation("acute", sha="Q33") for code in ("RWE", "RWF")}
    organisations["RWD"] = Organisation("acute")
    found = {
        (row["indicator_id"], row["scenario"]): (
            row["opportunity_annual_gbp"],
            row["n_organisations"],
        )
        for row in sensitivity.scenarios(rows, positions, [threshold], statistics, organisations)
    }
    assert found == {
        ("BCBV01", "as_published"): (140, 2),
        ("BCBV01", "median"): (70, 2),
        ("BCBV01", "best_decile"): (280, 2),
        ("BCBV01", "shrunk"): (100, 2),
        ("BCBV01", "distinguishable_only"): (100, 1),
        ("BCBV01", "lower_95"): (10, 2),
        ("BCBV01", "upper_95"): (280, 2),
        ("BCBV01", "unflagged_only"): (100, 1),
        ("BCBV01", "sha_benchmark"): (pytest.approx(200), 1),
        ("BCBV01", "cluster_benchmark"): (None, 0),
        ("BCBV02", "as_published"): (30, 1),
        ("BCBV02", "median"): (15, 1),
        ("BCBV02", "best_decile"): (60, 1),
        ("BCBV02", "shrunk"): (None, 0),
        ("BCBV02", "distinguishable_only"): (None, 0),
        ("BCBV02", "lower_95"): (0, 1),
        ("BCBV02", "upper_95"): (60, 1),
        ("BCBV02", "unflagged_only"): (None, 0),
        ("BCBV02", "sha_benchmark"): (None, 0),
        ("BCBV02", "cluster_benchmark"): (None, 0),
        ("BCBV10", "as_published"): (5, 1),
        ("BCBV10", "median"): (2.5, 1),
        ("BCBV10", "best_decile"): (10, 1),
        ("BCBV10", "unflagged_only"): (5, 1),
        ("BCBV10", "sha_benchmark"): (None, 0),
        ("BCBV10", "cluster_benchmark"): (None, 0),
        # 10 is in no total.
        ("ALL", "as_published"): (170, 2),
        ("ALL", "median"): (85, 2),
        ("ALL", "best_decile"): (340, 2),
        ("ALL", "shrunk"): (100, 2),
        ("ALL", "distinguishable_only"): (100, 1),
        ("ALL", "lower_95"): (10, 2),
        ("ALL", "upper_95"): (340, 2),
        ("ALL", "unflagged_only"): (100, 1),
        ("ALL", "sha_benchmark"): (pytest.approx(200), 1),
        ("ALL", "cluster_benchmark"): (None, 0),
        ("ALL", "netted"): (140, 2),
    }


def test_of_a_home_that_never_published_all_is_current():
    [row] = revisions.revisions([values("BCBV01", "RWE", 100.0)])
    assert (row["current_value"], row["current_opportunity_annual_gbp"]) == (1.1, 100)
    assert row["n_releases"] == 0
    assert {row[c] for c in (*revisions.OF_RELEASES, *revisions.AGAINST_THE_FIRST)} == {None}
    money = opportunity([values("BCBV01", "RWE", 100.0)], {"RWE": Organisation("acute", "Q33")})
    found = {row["indicator_id"]: row for row in revisions.vintages(money)}
    assert found.keys() == {"BCBV01", "ALL", "ALL_NETTED"}
    assert found["ALL"]["opportunity_annual_gbp"] == 100
    assert found["ALL"]["release"] == "current"
