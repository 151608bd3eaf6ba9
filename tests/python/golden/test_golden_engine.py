"""Golden cases of the reference: comparing organisations, and adding up over areas."""

from reference import engine
from reference.golden import Golden
from reference.measures import Measure
from reference.organisations import Organisation
from reference.tables import opportunity
from rows import QUARTER, assert_golden


def test_benchmark_rank_and_money():
    golden = Golden("g1")
    value, volume = golden.given["value"], golden.given["volume"]
    indicator = {
        "indicator_id": "BCBV01",
        "direction": "lower",
        "min_denominator": None,
        "benchmark_excluded_types": None,
    }
    measures = {
        code: Measure(
            numerator=1.0,
            denominator=volume[code],
            crude=value[code],
            value=value[code],
            volume=volume[code],
            price=golden.given["price"],
        )
        for code in value
    }
    members = {code: Organisation("acute") for code in value}
    rows, _ = engine.compare(indicator, QUARTER, members, measures, set(value), {})
    found = {row["organisation_code"]: row for row in rows}
    found |= {row["area_code"]: row for row in opportunity(rows, members) if is_england(row)}
    assert_golden(golden, found)


def is_england(row: dict) -> bool:
    """Whether a row of fct_opportunity is of an indicator, or of all as published, in England."""
    return row["area_level"] == "england" and row["indicator_id"] != "ALL_NETTED"


def test_the_published_total_is_the_sum_of_its_indicators():
    golden = Golden("g15")
    rows = [
        {
            "indicator_id": indicator_id,
            "organisation_code": "RWE",
            "quarter": "2006-07 Q1",
            "opportunity_annual_gbp": gbp,
        }
        for indicator_id, gbp in golden.given.items()
    ]
    found = opportunity(rows, {"RWE": Organisation("acute")})
    england = {row["indicator_id"]: row for row in found if is_england(row)}
    assert_golden(golden, {"england": england["ALL"]})


def test_money_of_an_indicator_on_both_classes_is_the_trusts_only_above_organisations():
    organisations = {"RWE": Organisation("acute", "Q33"), "5A3": Organisation("pct", "Q33")}
    rows = [
        {
            "indicator_id": "BCBV14",
            "organisation_code": code,
            "quarter": "2006-07 Q1",
            "opportunity_quarter_gbp": gbp,
        }
        for code, gbp in (("RWE", 1.0), ("5A3", 2.0))
    ]
    found = {
        (row["area_level"], row["area_code"]): row["opportunity_quarter_gbp"]
        for row in opportunity(rows, organisations)
    }
    assert found == {
        ("organisation", "RWE"): 1,
        ("organisation", "5A3"): 2,
        ("sha", "Q33"): 1,
        ("england", "england"): 1,
    }
