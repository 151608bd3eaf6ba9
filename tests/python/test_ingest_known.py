"""Rulebook 1.17: rows of unknown organisations are said and kept, judged as the build judges."""

import pytest
from building import ABSENCE_COLUMNS, dbt, query, script

from warehouse.contracts import feeds
from warehouse.home import Home, connect
from warehouse.known import KnownCodes, Unknown, is_code

EPD_COLUMNS = "YEAR_MONTH,PCO_CODE,PRACTICE_CODE,BNF_CODE,ITEMS,TOTAL_QUANTITY,NIC,ACTUAL_COST"
ORGANISATIONS = "org_code,org_name,org_type,sha_code\nZZ7,Seven,acute,Q30\n"


@pytest.fixture
def known(tmp_path) -> KnownCodes:
    """The codes that the seeds know."""
    home = Home(tmp_path)
    with connect(home) as engine:
        codes = KnownCodes(engine)
        codes.learn([], [])
        yield codes


@pytest.mark.parametrize(
    ("code", "feed", "is_known"),
    [
        ("RWE", "esr_absence", True),
        ("RWE00", "hes_apc", True),
        ("RWE01", "hes_apc", True),
        ("RWE1", "hes_apc", False),
        ("RWE001", "hes_apc", False),
        ("ZZ9", "hes_apc", False),
        ("ZZ900", "hes_apc", False),
        ("11M", "epd", True),
        ("11M00", "epd", True),
        ("11M00", "population", True),
        ("11M01", "epd", False),
        ("5E1", "epact", True),
        ("5.00E+01", "epact", False),
        ("-", "epd", True),
        ("-", "esr_absence", False),
        ("Q59", "epd", True),
        ("RM4", "esr_absence", True),
        ("5CC", "epact", True),
    ],
)
def test_a_code_is_known_by_list_by_form_or_by_what_it_leads_to(known, code, feed, is_known):
    assert known.is_known(code, feeds()[feed]) is is_known


def test_landing_and_build_know_the_same_codes(tmp_path):
    """Of codes of every form, the build maps those, and only those, that landing takes as known."""
    codes = ["RWE", "RWE00", "RWE7", "11M", "11M00", "11M01", "ZZ7", "ZZ701", "ZZ9", "5.00E+01"]
    codes += ["RM4", "-", "Q59", "Q5900", "QXX", "D4U1Y", "TAP00", "112", "O1D", "O1D01"]
    absence = "".join(f"200604,{code},Nurses,1,300\n" for code in codes)
    items = "".join(f"200604,{code},P1,0212000Y0,1,28,1.5,1.4\n" for code in codes)
    (tmp_path / "organisations.csv").write_text(ORGANISATIONS)
    (tmp_path / "successions.csv").write_text(
        "old_code,new_code,effective_date\nO1D,ZZ7,2006-01-01\n"
    )
    (tmp_path / "absence.csv").write_text(f"{ABSENCE_COLUMNS}\n{absence}")
    (tmp_path / "items.csv").write_text(f"{EPD_COLUMNS}\n{items}")
    home = tmp_path / "home"
    script(home, "ingest", *tmp_path.glob("*.csv")).succeeded()
    dbt(home, "seed").succeeded()
    dbt(home, "run", "--select", "+int_organisation_codes").succeeded()
    mapped = {
        row["code"]
        for row in query(
            home / "warehouse.duckdb", "select code from intermediate.int_organisation_codes"
        )
    }
    with connect(Home(home)) as engine:
        known = KnownCodes(engine)
        known.learn(
            list((home / "lake" / "organisations").iterdir()),
            list((home / "lake" / "successions").iterdir()),
        )
        epd = feeds()["epd"]
        assert {code for code in codes if known.is_known(code, epd)} == mapped & set(codes)
        assert all(known.is_known(code, epd) for code in mapped)


def test_what_unknown_rows_cost_is_said_and_kept(ingest, lake, write):
    lines = [
        "201907,11M00,P1,0212000Y0,10,280,7.5,7.0",
        "201907,ZZ9,P2,0212000Y0,3,84,2.25,2.0",
        "201907,zz9,P2,0212000AA,2,56,1000,900",
        "201907,ZZ8,P3,0212000AA,1,28,0.25,0.2",
    ]
    outcome = ingest(write("EPD_201907.csv", "\n".join([EPD_COLUMNS, *lines])))
    assert outcome.status == 0
    [entry] = lake.manifest()
    # £2.25 + £1,000 + £0.25; 3 + 2 + 1 items.
    assert entry["unknown_organisation_row_count"] == 3
    assert entry["unknown_organisation_codes"] == "ZZ9 (2), ZZ8 (1)"
    assert entry["unknown_organisation_gbp"] == 1002.5
    assert entry["unknown_organisation_item_count"] == 6
    assert (
        "3 of 4 rows (75.0%) are of unknown organisations, £1,002 and 6 items behind them:"
        " ZZ9 (2), ZZ8 (1)" in outcome.err
    )
    assert "3 rows of unknown organisations, profile failed" in outcome.out


def test_an_amount_with_a_comma_is_not_read_in_a_file_with_semicolons(ingest, lake, write):
    lines = ["201907;ZZ9;P1;0212000Y0;3;84;2.25;2.0", "201907;ZZ9;P2;0212000Y0;1;28;1,234;900"]
    outcome = ingest(write("EPD_201907.csv", "\n".join([EPD_COLUMNS.replace(",", ";"), *lines])))
    assert outcome.status == 0, outcome.err
    # 1,234 may be one and a bit; 3 + 1 items.
    assert lake.manifest()[0]["unknown_organisation_gbp"] == 2.25
    assert lake.manifest()[0]["unknown_organisation_item_count"] == 4


def test_a_file_whose_organisations_are_all_unknown_says_so_first(ingest, lake, absence):
    outcome = ingest(absence("200604,ZZ9,Nurses,1,300"))
    assert outcome.status == 0 and len(lake.manifest()) == 1
    assert outcome.out.startswith("every organisation is unknown, no row counts; landed ")
    assert lake.manifest()[0]["profile_verdict"] == "failed"


def test_of_one_call_reference_feeds_land_first(ingest, lake, absence, write):
    folder = absence("200604,ZZ7,Nurses,1,300", name="absence.csv").parent
    write("list.csv", ORGANISATIONS)
    assert ingest(folder).status == 0
    assert [entry["feed"] for entry in lake.manifest()] == ["organisations", "esr_absence"]
    assert lake.manifest()[1]["unknown_organisation_row_count"] == 0


def test_a_later_list_is_known_to_later_files(ingest, lake, absence, write):
    rows = [absence(f"200604,ZZ7,Nurses,{n},300", name=f"{n}.csv") for n in (1, 2)]
    for path in (rows[0], write("list.csv", ORGANISATIONS), rows[1]):
        ingest(path)
    counts = [entry["unknown_organisation_row_count"] for entry in lake.manifest()]
    assert counts == [1, 0, 0]


def test_codes_that_a_spreadsheet_made_numbers_of_are_told(ingest, lake, hes_apc):
    rows = [
        {"PROCODE3": "RWE", "PCTCODE_HIS": code, "EPIKEY": code} for code in ("5.00E+01", "5E1")
    ]
    outcome = ingest(hes_apc(*rows, {"PROCODE3": "5.00E+02", "PCTCODE_HIS": "5D7"}))
    assert (
        "column procode3: 1 codes look like numbers made by a spreadsheet (5.00E+02)" in outcome.err
    )
    assert (
        "column pctcode_his: 1 codes look like numbers made by a spreadsheet (5.00E+01)"
        in outcome.err
    )
    assert lake.rows("hes_apc")[0]["pctcode_his"] == "5.00E+01", "not repaired"


def test_the_most_frequent_codes_are_named_and_what_can_be_none_counted():
    codes = (*((f"ZZ{n}", 10 - n) for n in range(7)), ("943 476 5919", 4), ("", 1))
    unknown = Unknown(row_count=56, codes=codes)
    assert unknown.most_frequent == (
        "ZZ0 (10), ZZ1 (9), ZZ2 (8), ZZ3 (7), ZZ4 (6), 2 more codes (9),"
        " 2 values that can be no codes (5), no code (2)"
    )


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("RWE01", True), ("-", True), ("5.00E+01", True), ("9434765919", False), ("RWÉ", False)],
)
def test_what_may_be_a_code(text, may_be):
    assert is_code(text) is may_be
