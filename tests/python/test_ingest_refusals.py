"""Rulebook 1.10: what makes a file that can be read unusable, and that it then changes nothing."""

import pytest

OP_COLUMNS = (
    "attendkey,pseudo_hesid,procode3,apptdate,apptage,sex,attended,firstatt,refsourc,tretspef"
)


@pytest.fixture
def refused(ingest, lake):
    """Send a file that must be refused, and return the reason."""

    def send(path) -> str:
        before = lake.manifest(), lake.files()
        outcome = ingest(path)
        assert outcome.status == 1 and outcome.out == ""
        assert (lake.manifest(), lake.files()) == before
        return outcome.err

    return send


def episodes(n: int, n_spoilt: int, **spoilt: str) -> list[dict]:
    """Rows of hes_apc, the first of them spoilt."""
    rows = [{"EPIKEY": str(100 + number), "PROCODE3": "RWE"} for number in range(n)]
    return [row | (spoilt if number < n_spoilt else {}) for number, row in enumerate(rows)]


@pytest.mark.parametrize("column", ["EPISTART", "EPIEND", "PROCODE3", "EPIKEY"])
def test_what_dates_a_row_or_names_it_may_not_be_missing_in_over_half(
    refused, ingest, hes_apc, column
):
    reason = refused(hes_apc(*episodes(10, 6, **{column: ""})))
    assert f"column {column.lower()}: 6 of 10 rows" in reason
    assert "(6 empty), such as line 2: empty, line 3: empty, line 4: empty" in reason
    assert ingest(hes_apc(*episodes(10, 5, **{column: ""}))).status == 0, "half is not over half"


@pytest.mark.parametrize("column", ["EPISTART", "EPIEND", "ADMIDATE", "DISDATE"])
def test_dates_that_cannot_be_read_refuse_the_file(refused, ingest, hes_apc, column):
    reason = refused(hes_apc(*episodes(10, 6, **{column: "04/31/2006"})))
    assert f"column {column.lower()}: 6 of 10 rows have no date that can be used, such as" in reason
    assert "line 2: 04/31/2006, line 3: 04/31/2006, line 4: 04/31/2006" in reason
    assert ingest(hes_apc(*episodes(10, 5, **{column: "04/31/2006"}))).status == 0


def test_dummy_dates_throughout_date_no_row(refused, hes_apc):
    reason = refused(hes_apc(*episodes(10, 6, EPISTART="1801-01-01")))
    assert "column epistart: 6 of 10 rows have no date that can be used" in reason
    assert "such as line 2: 1801-01-01" in reason


def test_open_spells_have_no_discharge(ingest, hes_apc):
    assert ingest(hes_apc(*episodes(10, 10, DISDATE=""))).status == 0


@pytest.mark.parametrize("column", ["EPISTAT", "CLASSPAT", "ADMIMETH"])
def test_codes_that_decide_whether_a_row_counts(refused, ingest, hes_apc, column):
    reason = refused(hes_apc(*episodes(10, 6, **{column: "Z9"})))
    assert f"column {column.lower()}: 6 of 10 rows have no value that can be used" in reason
    assert "such as line 2: Z9" in reason
    assert ingest(hes_apc(*episodes(10, 5, **{column: "Z9"}))).status == 0
    assert ingest(hes_apc(*episodes(10, 6, **{column: ""}))).status == 0, "missing is not invalid"


@pytest.mark.parametrize(("column", "position"), [("attended", 6), ("firstatt", 7)])
def test_codes_that_decide_whether_an_appointment_counts(refused, write, column, position):
    fields = ["", "P1", "RWE", "2006-04-03", "40", "1", "5", "1", "03", "100"]
    lines = []
    for number in range(3):
        row = [str(number), *fields[1:]]
        row[position] = "?" if number else row[position]
        lines.append(",".join(row))
    text = "\n".join([OP_COLUMNS, *lines])
    reason = refused(write("hes_op__fy2006-07q1__2006-08-22.csv", text))
    assert f"column {column}: 2 of 3 rows have no value that can be used" in reason


def test_one_key_for_over_half_of_ten_rows_or_more(refused, ingest, hes_apc):
    reason = refused(hes_apc(*episodes(10, 6, EPIKEY="7")))
    assert "column epikey: 6 of 10 rows have the same record key, such as line 2: 7" in reason
    assert ingest(hes_apc(*episodes(10, 5, EPIKEY="7"))).status == 0
    assert ingest(hes_apc(*episodes(9, 9, EPIKEY="7"))).status == 0, "few rows may"


@pytest.mark.parametrize("month", ["2006Q1", "", "April"])
def test_months_of_a_monthly_feed(refused, absence, month):
    rows = [f"{month},RWE,Group {n},1,2" for n in range(3)]
    reason = refused(absence("200604,RWE,Nurses,1,2", *rows))
    assert "column month: 3 of 4 rows have no month that can be used" in reason


def test_organisations_of_a_monthly_feed(refused, absence):
    reason = refused(absence("200604,,Nurses,1,2", "200604,NULL,Doctors,1,2", "200604,RWE,A,1,2"))
    assert "column org_code: 2 of 3 rows have no value that can be used" in reason
    assert "such as line 2: empty, line 3: NULL" in reason


def test_over_half_of_the_lines_malformed(refused, ingest, absence):
    reason = refused(absence("200604,RWE,Nurses,1,2", "200604,RWE", "200605,\x1b[31m"))
    assert "2 of 3 lines are malformed, such as line 3: 2 fields, the header has 5" in reason
    assert "line 4: 2 fields, the header has 5: 200605,\\x1b[31m" in reason
    assert ingest(absence("200604,RWE,Nurses,1,2", "200604,RWE")).status == 0, "half is not over"


@pytest.mark.parametrize("name", ["open_date", "close_date"])
def test_a_date_of_a_list_that_cannot_be_read(refused, ingest, write, name):
    def send(value: str):
        lines = [f"ZZ{n},Name,acute,Q30,2006-04-01" for n in range(9)]
        text = "\n".join([f"org_code,org_name,org_type,sha_code,{name}", *lines])
        return write("organisations__fy2006-07__2006-08-22.csv", f"{text}\nZZ9,N,acute,Q30,{value}")

    reason = refused(send("01-04-06"))
    assert (
        f"column {name}: 1 of 10 rows have no date that can be used, such as line 11: 01-04-06"
        in reason
    )
    assert ingest(send("")).status == 0
    assert ingest(send("20060401")).status == 0


def test_years_of_a_population(refused, write):
    header = "pct_code,year,age_band,sex,imd_quintile,population"
    lines = [f"5D7,mid,{band},1,1,100" for band in ("0-4", "5-9", "10-14")]
    reason = refused(write("population__fy2006-07__2006-08-22.csv", "\n".join([header, *lines])))
    assert "column year: 3 of 3 rows have no value that can be used, such as line 2: mid" in reason


def test_a_refused_file_replaces_nothing(ingest, lake, hes_apc, refused):
    assert ingest(hes_apc(*episodes(10, 0))).status == 0
    spoilt = episodes(10, 10, EPIEND="2006-13-01", EPISTART="2006-13-01")
    refused(hes_apc(*spoilt, name="hes_apc__fy2006-07q1__2006-09-22.psv"))
    assert [str(entry["extract_date"]) for entry in lake.manifest()] == ["2006-08-22"]


def test_values_are_cut_and_nothing_is_obeyed_by_a_terminal(refused, hes_apc):
    reason = refused(hes_apc(*episodes(10, 6, EPIEND="\x1b]0;evil" + "x" * 500)))
    assert "\\x1b]0;evil" in reason and "\x1b" not in reason
    assert len(reason) < 700


def dated(write_day, n: int = 30) -> list[dict]:
    """Rows of hes_apc of the days from 1 to `n` April 2006, written in another way."""
    names = ("ADMIDATE", "EPISTART", "EPIEND", "DISDATE")
    return [
        row | dict.fromkeys(names, write_day(day))
        for day, row in enumerate(episodes(n, 0), start=1)
    ]


@pytest.mark.parametrize(
    "write_day",
    [
        lambda day: f"2006-04-{day:02d} 00:00:00.000",
        lambda day: f"2006-04-{day:02d}T00:00:00",
        lambda day: f"{day}/4/2006",
        lambda day: f"200604{day:02d}",
        lambda day: f"{day:02d}-APR-2006",
    ],
    ids=["SQL Server", "ISO with time", "Excel, unpadded", "digits", "Oracle"],
)
def test_dates_that_programs_write_are_read(ingest, lake, hes_apc, write_day):
    assert ingest(hes_apc(*dated(write_day), name="hes_apc.psv")).status == 0
    [entry] = lake.manifest()
    assert (entry["invalid_count"], entry["period"]) == (0, "m2006-04")


def test_american_dates_are_refused_and_replace_nothing(ingest, lake, hes_apc, refused):
    ingest(hes_apc(*dated(lambda day: f"2006-04-{day:02d}")))
    # The first twelve days of a month would be read as the fourth day of a month.
    american = dated(lambda day: f"04/{day:02d}/2006")
    reason = refused(hes_apc(*american, name="hes_apc__fy2006-07q1__2006-09-22.psv"))
    assert "18 of 30 rows have no date that can be used" in reason
    assert "such as line 14: 04/13/2006, line 15: 04/14/2006, line 16: 04/15/2006" in reason


@pytest.mark.parametrize("word", ["", "NULL", "NA"])
def test_words_for_null_are_judged_as_blanks_are(ingest, lake, hes_apc, word):
    ingest(hes_apc(*episodes(10, 1, PSEUDO_HESID=word)))
    [entry] = lake.manifest()
    assert entry["profile_failures"] == "pseudo_hesid null share: 0.1, at most 0.05 expected"
    assert entry["unread_values"] == "pseudo_hesid 1 missing"


def test_a_correction_counts_against_a_slip_of_the_year(ingest, lake, absence):
    slip = "esr_absence__fy2006-07q1__2060-08-22.csv"
    assert ingest(absence("200604,RWE,Nurses,9,100", name=slip)).status == 1
    assert ingest(absence("200604,RWE,Nurses,4,100")).status == 0
    assert len(lake.manifest()) == 1


def test_provider_codes_of_sites_are_their_trusts(ingest, lake, hes_apc):
    ingest(hes_apc(*[row | {"PROCODE3": "RWE00"} for row in episodes(10, 0)]))
    [entry] = lake.manifest()
    assert (entry["unknown_organisation_row_count"], entry["profile_verdict"]) == (0, "passed")
