"""Files that went wrong somewhere, each with the right outcome: ../shared/cases, when it is there.

Right values are worked out from the files in the comments. Small files of the project's own carry
the same kinds in the tests of ingest, in unit tests and in the reference's golden cases; here the
received ones go the whole way.
"""

from pathlib import Path

import pytest
from building import CHECKOUT, dbt, query, script

CASES = CHECKOUT.parent / "shared" / "cases"

# Models alone: what data tests find is tested elsewhere.
MODELS = (
    *("run", "--select"),
    *("+fct_indicator_values", "+dim_submission", "+int_submission_row_counts"),
)

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not on this machine")


def case(number: str, *names: str) -> list[Path]:
    """Files of a case, by the beginning of its folder's name."""
    [folder] = CASES.glob(f"{number}-*")
    return [folder / name for name in names]


def built(home: Path) -> Path:
    """Builds a home; the warehouse."""
    dbt(home, "seed").succeeded()
    dbt(home, *MODELS).succeeded()
    return home / "warehouse.duckdb"


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """Cases that do not touch each other, in one home, without an option where a name is silent."""
    home = tmp_path_factory.mktemp("cases-first")
    files = [
        *case("01", "epd_201709_snomed_appended.csv", "epd_snomed_202506.csv"),
        *case("02", "EPD_201907.csv"),
        *case("03", "T201109PDPI+BNFT.CSV"),
        *case("05", "EPD_201601.csv"),
        *case("06", "ESR_ABSENCE_CSV_NHSE.csv"),
        *case("09", "esr_absence__fy2006-07q1__2006-08-22__thousands.csv"),
        *case("10", "finance__fy2006-07q1__2006-08-22__brackets.csv"),
        *case(
            "12", "succ.csv", "organisations_etr.csv", "esr_absence__fy2022-23q1__2022-08-22.csv"
        ),
        *case("22", "hes_apc__fy2006-07q1__2006-08-22__r.csv"),
    ]
    script(home, "ingest", *files).succeeded()
    return built(home)


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> Path:
    """More cases, which would stand in the way of the first."""
    home = tmp_path_factory.mktemp("cases-second")
    files = [
        *case("07", "esr_absence__fy2006-07q1__2006-08-22__totals.csv"),
        *case("15", "hes_apc__fy2006-07q1__2006-08-22.csv", "hes_apc__fy2006-07q1__2006-09-22.csv"),
        *case("23", "finance__fy2006-07q1__2006-08-22.csv"),
    ]
    script(home, "ingest", *files).succeeded()
    # Case 07: a user renamed a column, so that the table by reason looks like the plain one.
    for name in (
        "NHS_sickness_absence_by_reason_2024_Q1.csv",
        "benchmarking_cluster_group_renamed.csv",
    ):
        script(home, "ingest", *case("07", name), "--feed", "nhse_sickness")
    return built(home)


def values(warehouse: Path, indicator: str, quarter: str) -> dict[str, float]:
    """The values of an indicator in a quarter, of those that have one."""
    rows = query(
        warehouse,
        f"select * from marts.fct_indicator_values where indicator_id = '{indicator}'"
        f" and quarter = '{quarter}' and value is not null",
    )
    return {row["organisation_code"]: row["value"] for row in rows}


def row(warehouse: Path, indicator: str, quarter: str, organisation: str) -> dict:
    """The one row of an indicator, quarter and organisation."""
    [found] = query(
        warehouse,
        f"select * from marts.fct_indicator_values where indicator_id = '{indicator}'"
        f" and quarter = '{quarter}' and organisation_code = '{organisation}'",
    )
    return found


def test_01_prescribing_with_snomed_codes_before_and_after_july_2025(first):
    # 700 of 1,000 statin items are low-cost in 11M, 400 of 1,000 in 03A.
    right = pytest.approx({"11M": 0.70, "03A": 0.40})
    assert values(first, "BCBV07", "2017-18 Q2") == right
    after = values(first, "BCBV07", "2025-26 Q1")
    assert after["11M"] == pytest.approx(0.70)


def test_01_two_snomed_codes_of_a_pack_are_no_repeats(tmp_path):
    said = script(tmp_path, "ingest", *case("01", "epd__m2017-09__2017-11-15__twosnomed.csv"))
    assert "repeated" not in said.succeeded().err
    assert "profile passed" in said.out


def test_02_groups_formed_since_2016_count_and_closed_ones_have_no_row(first):
    right = {"11M": 0.70, "03A": 0.40, "15N": 0.90, "14L": 0.10, "15E": 0.50}
    assert values(first, "BCBV07", "2019-20 Q2") == pytest.approx(right)
    closed = query(
        first,
        "select * from marts.fct_indicator_values where quarter = '2019-20 Q2'"
        " and organisation_code in ('00W', '01M', '01N', '99P')",
    )
    assert closed == []


def test_03_practice_prescribing_as_published(first):
    # 700 of 1,000 and 400 of 1,000.
    right = pytest.approx({"5D7": 0.70, "5E1": 0.40})
    assert values(first, "BCBV07", "2011-12 Q2") == right


def test_03_a_code_that_a_spreadsheet_made_a_number_is_told(tmp_path):
    said = script(tmp_path, "ingest", *case("03", "epact__m2011-09__2011-11-20__excel.csv"))
    assert "spreadsheet" in said.out + said.err
    assert "5.00E+01" in said.out + said.err


def test_05_a_row_published_six_times_counts_once(first):
    # 300 low-cost of 300 + 700.
    assert values(first, "BCBV07", "2015-16 Q4")["11M"] == pytest.approx(0.30)
    [counts] = query(
        first,
        "select * from intermediate.int_submission_row_counts"
        " where submission_id like 'epd__m2016-01__%'",
    )
    assert (counts["n_landed"], counts["n_quarantined"]) == (309, 5)


def test_06_the_sickness_series_as_published(first):
    # Each month of RWE has 12,000.5 days lost of 300,012.5, of RGT 8,000.5 of 200,012.5.
    right = pytest.approx({"RWE": 12000.5 / 300012.5, "RGT": 8000.5 / 200012.5})
    assert values(first, "BCBV08", "2012-13 Q4") == right


def test_07_a_total_row_is_not_added_to_its_parts(second):
    # Three months of 20 + 60 days lost, of 1,000 + 1,000 available.
    found = row(second, "BCBV08", "2006-07 Q1", "RWE")
    assert (found["numerator"], found["denominator"]) == (240, 6000)


def test_07_a_table_by_reason_is_never_published_as_the_plain_one(second):
    rows = query(
        second,
        "select publication_status, status_reason from marts.fct_indicator_values"
        " where indicator_id = 'BCBV08' and quarter = '2024-25 Q1' and value is not null",
    )
    assert all(row["publication_status"] == "withheld" for row in rows)
    assert all("D02" in row["status_reason"] for row in rows)


@pytest.mark.parametrize("name", ["as_published_by_reason.csv", "as_published_benchmarking.csv"])
def test_07_the_tables_beside_it_are_refused_as_published(tmp_path, name):
    said = script(tmp_path, "ingest", *case("07", name))
    assert said.status == 1
    assert "refused" in said.err


def test_09_thousands_with_commas(first):
    # 3 x 4,200 lost of 99,000 + 101,000 + 99,000.
    assert values(first, "BCBV08", "2006-07 Q1")["RWE"] == pytest.approx(12600 / 299000)


def test_10_a_loss_in_brackets_is_a_loss(first):
    # -900,000 - 800,000 + 300,000 of a turnover of 500,000,000; in brackets and with minus signs.
    found = values(first, "BCBV13", "2006-07 Q1")
    assert found["RWE"] == pytest.approx(-1400000 / 500000000)
    assert found["RGT"] == pytest.approx(-1400000 / 500000000)
    # 2,000,000 + 900,000 + 900,000 of 60,000,000 of pay.
    assert values(first, "BCBV10", "2006-07 Q1")["RTE"] == pytest.approx(3800000 / 60000000)


def test_12_dates_of_the_organisation_data_service(first):
    # RW6 went to RM3: (10 + 60) of (1,000 + 1,000) days each month.
    found = values(first, "BCBV08", "2022-23 Q1")
    assert found["RM3"] == pytest.approx(0.035)
    assert "RW6" not in found


def test_13_mergers_land_and_a_split_is_rejected(tmp_path):
    said = script(tmp_path, "ingest", *case("13", "succ.csv")).succeeded()
    assert "1 rows, 2 rejects" in said.out
    assert "RW6" in said.err
    assert "split" in said.err


def test_15_dates_of_sql_server(second):
    found = values(second, "BCBV01", "2006-07 Q1")
    assert found == pytest.approx({"RWE": 80.0, "RTH": 100.0, "RGT": 120.0})


def test_15_dates_without_padding_and_american_ones(tmp_path):
    options = ("--feed", "hes_apc", "--period", "fy2006-07q1", "--extract-date", "2006-10-22")
    script(tmp_path, "ingest", *case("15", "excel_unpadded.csv"), *options).succeeded()
    said = script(tmp_path, "ingest", *case("15", "us_dates.csv"), *options)
    assert said.status == 1
    assert "refused" in said.err


@pytest.mark.parametrize("name", ["semicolon", "sep_line", "preamble", "spaces"])
def test_18_a_header_is_found_where_it_is(tmp_path, name):
    said = script(tmp_path, "ingest", *case("18", f"{name}.csv")).succeeded()
    assert "esr_absence__fy2006-07q1" in said.out or "esr_absence__m2006-04_2006-06" in said.out
    assert "9 rows, 0 rejects" in said.out


def test_18_utf_16_is_refused_by_name(tmp_path):
    said = script(tmp_path, "ingest", *case("18", "utf16.csv"))
    assert said.status == 1
    assert "UTF-16" in said.err


def test_19_a_site_code_is_its_trust(tmp_path):
    script(
        tmp_path, "ingest", *case("19", "hes_apc__fy2006-07q1__2006-08-22__site.csv")
    ).succeeded()
    found = values(built(tmp_path), "BCBV01", "2006-07 Q1")
    assert found == pytest.approx({"RWE": 80.0, "RTH": 100.0, "RGT": 120.0})


def test_22_the_word_for_null_is_no_patient(first):
    # 180 people without an identifier are 180, not one.
    found = values(first, "BCBV01", "2006-07 Q1")
    assert found["RWE"] == pytest.approx(80.0)
    assert found["RGT"] == pytest.approx(120.0)
    assert row(first, "BCBV01", "2006-07 Q1", "RWE")["denominator"] == 600


def test_23_thousands_for_pounds_are_withheld(second):
    found = row(second, "BCBV10", "2006-07 Q1", "RWE")
    assert (found["publication_status"], found["status_reason"]) == ("withheld", "S01")


def test_24_archives_and_spreadsheets_in_a_folder_are_not_passed_over(tmp_path):
    said = script(tmp_path, "ingest", *case("24", "incoming"))
    landed = [line for line in said.out.splitlines() if line.startswith("landed")]
    refused = [line for line in said.err.splitlines() if line.startswith("refused")]
    assert len(landed) + len(refused) == 3
    assert said.status == (1 if refused else 0)


@pytest.mark.parametrize(
    "name", ["warehouse [v1] NHS", "warehouse O'Brien", "a=b * ü", "month=200601"]
)
def test_25_a_home_may_have_any_name(tmp_path, name):
    home = tmp_path / name
    [file] = case("25", "Staff absence Q1 [1].csv")
    first = script(home, "ingest", file).succeeded()
    assert "landed" in first.out
    assert "already landed" in script(home, "ingest", file).succeeded().out
    chosen = ("parameters", "stg_submissions", "int_submissions")
    dbt(home, "build", "--exclude-resource-type", "test", "--select", *chosen).succeeded()
    assert len(query(home / "warehouse.duckdb", "from intermediate.int_submissions")) == 1


def test_27_an_extract_date_after_today_is_refused(tmp_path):
    said = script(tmp_path, "ingest", *case("27", "esr_absence__fy2006-07q1__2060-08-22.csv"))
    assert said.status == 1
    assert "2060-08-22" in said.err
