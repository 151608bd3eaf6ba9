"""Real published files, as they are: landed, built, and held against sums made here from the files.

The files are their publishers' and not part of the project (README, "Try it on real open data").
"""

import csv
from collections import defaultdict
from pathlib import Path
from statistics import quantiles

import pytest
from building import CHECKOUT, WITH_DATA, dbt, query, script

OPEN_DATA = CHECKOUT.parent / "shared" / "open-data"
MONTHS = [f"{month:02d}" for month in range(4, 13)]
LAST_DAYS = {"2024-25 Q1": "2024-06-30", "2024-25 Q2": "2024-09-30", "2024-25 Q3": "2024-12-31"}
SICKNESS_QUARTERS = {
    "2024-25 Q1": ["04", "05", "06"],
    "2024-25 Q2": ["07", "08", "09"],
    "2024-25 Q3": ["10", "11", "12"],
}

pytestmark = pytest.mark.skipif(
    not OPEN_DATA.is_dir(),
    reason="the real open data are not on this machine (docs/open-data.md says whence)",
)


def rows(name: str) -> list[dict]:
    """The rows of a published file."""
    with (OPEN_DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mergers_by(last_day: str) -> dict[str, str]:
    """Old code to new for the bodies that the files still name (no chains among these)."""
    with (CHECKOUT / "seeds" / "reference" / "successions.csv").open(encoding="utf-8") as file:
        return {
            row["old_code"]: row["new_code"]
            for row in csv.DictReader(file)
            if "2024-04-01" <= row["effective_date"] <= last_day
        }


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home in which every file has landed and the warehouse is built."""
    home = tmp_path_factory.mktemp("open-data")

    published = [f"nhs_sickness_absence_2024-{month}.csv" for month in MONTHS]
    published += ["epd_201709.csv", "turnover_org_2025-10.csv"]
    artificial = [
        "data_apc_artificial_hes_apc_0102_truncated.csv",
        "data_op_artificial_hes_op_0304_truncated.csv",
    ]
    # Published files need no option: what they are, they say themselves.
    script(home, "ingest", *(OPEN_DATA / name for name in published)).succeeded()
    made_up = [OPEN_DATA / name for name in artificial]
    script(home, "ingest", *made_up, "--sender", "artificial").succeeded()
    dbt(home, "build", *WITH_DATA).succeeded()
    return home


def test_every_row_of_every_file_landed(home):
    landed = query(
        home / "warehouse.duckdb",
        "select feed, sum(row_count)::integer as n, sum(reject_count)::integer as rejects"
        " from marts.dim_submission group by feed order by feed",
    )
    assert landed == [
        {"feed": "epd", "n": 10027, "rejects": 0},
        {"feed": "hes_apc", "n": 2075, "rejects": 0},
        {"feed": "hes_op", "n": 1000, "rejects": 0},
        {"feed": "nhse_sickness", "n": 2554, "rejects": 0},
        {"feed": "nhse_turnover", "n": 9450, "rejects": 0},
    ]


def test_what_they_are_was_inferred(home):
    landed = query(
        home / "warehouse.duckdb",
        "select feed, min(period) as first, max(period) as last, min(inferred) as inferred"
        " from marts.dim_submission group by feed order by feed",
    )
    assert {row["feed"]: (row["first"], row["last"]) for row in landed} == {
        "epd": ("m2017-09", "m2017-09"),
        "hes_apc": ("m2001-04_2002-03", "m2001-04_2002-03"),
        "hes_op": ("m2003-04_2004-03", "m2003-04_2004-03"),
        "nhse_sickness": ("m2024-04", "m2024-12"),
        "nhse_turnover": ("m2025-10", "m2025-10"),
    }
    assert {row["inferred"] for row in landed} == {"feed, period, extract_date"}


def test_real_sickness_rates_by_trust(home):
    for quarter, months in SICKNESS_QUARTERS.items():
        merged = mergers_by(LAST_DAYS[quarter])
        lost: dict[str, float] = defaultdict(float)
        available: dict[str, float] = defaultdict(float)
        for month in months:
            for row in rows(f"nhs_sickness_absence_2024-{month}.csv"):
                code = merged.get(row["ORG_CODE"], row["ORG_CODE"])
                lost[code] += float(row["FTE_DAYS_LOST"])
                available[code] += float(row["FTE_DAYS_AVAILABLE"])
        values = query(
            home / "warehouse.duckdb",
            "select organisation_code, numerator, denominator, value, benchmark_value, quartile,"
            " is_eligible_for_benchmark from marts.fct_indicator_values"
            f" where indicator_id = 'BCBV08' and quarter = '{quarter}'",
        )
        assert len(values) > 130
        for row in values:
            code = row["organisation_code"]
            assert row["value"] == pytest.approx(lost[code] / available[code]), code
            assert row["denominator"] == pytest.approx(available[code]), code
        eligible = [row["value"] for row in values if row["is_eligible_for_benchmark"]]
        lower, median, upper = quantiles(eligible, n=4, method="inclusive")
        for row in values:
            assert row["benchmark_value"] == pytest.approx(lower)
            if row["is_eligible_for_benchmark"]:
                limits = (lower, median, upper)
                worse_than = sum(row["value"] > limit + 1e-12 for limit in limits)
                assert row["quartile"] == 1 + worse_than, row["organisation_code"]


@pytest.mark.parametrize(
    ("indicator_id", "numerator", "denominator"),
    [
        (
            "BCBV07",
            ("0212000Y0", "0212000X0"),
            ("0212000Y0", "0212000X0", "0212000B0", "0212000AA", "0212000M0"),
        ),
        ("BCBV17", ("0205051",), ("0205051", "0205052")),
    ],
)
def test_real_prescribing_shares(home, indicator_id, numerator, denominator):
    items: dict[tuple[str, bool], int] = defaultdict(int)
    for row in rows("epd_201709.csv"):
        if row["BNF_CODE"].startswith(denominator):
            low_cost = row["BNF_CODE"].startswith(numerator)
            items[row["PCO_CODE"].removesuffix("00"), low_cost] += int(row["ITEMS"])
    expected = {
        code: items[code, True] / (items[code, True] + items[code, False])
        for code in {code for code, _ in items}
    }
    values = query(
        home / "warehouse.duckdb",
        "select organisation_code, value from marts.fct_indicator_values"
        f" where indicator_id = '{indicator_id}' and quarter = '2017-18 Q2' and value is not null",
    )
    assert {row["organisation_code"]: row["value"] for row in values} == pytest.approx(expected)
    assert len(expected) == 2


def test_an_artificial_file_is_marked_and_accounted_for(home):
    [row] = query(
        home / "warehouse.duckdb",
        "select n_landed, n_in_use, n_quarantined, n_superseded, is_synthetic"
        " from intermediate.int_submission_row_counts inner join marts.dim_submission"
        " using (submission_id) where dim_submission.feed = 'hes_apc'",
    )
    assert row["is_synthetic"]
    assert row["n_landed"] == 2075 == row["n_in_use"] + row["n_quarantined"] + row["n_superseded"]
    assert row["n_quarantined"] > 0, "providers of 2001 that no list of ours knows"
