"""How a value is read: text as received, and the value that it stands for (Rulebook 1.2, 1.15)."""

from types import SimpleNamespace

import duckdb
import pytest
from building import CHECKOUT

from warehouse.contracts import Column, feeds
from warehouse.profile import (
    cast_expression,
    cast_macros,
    invalid_expression,
    suppressed_expression,
)

MISSING = "missing"
SUPPRESSED = "suppressed"
INVALID = "invalid"


def column(kind: str, **meta) -> Column:
    return Column(name="c", type=kind, meta={"type": kind, **meta})


def contract(feed: str, name: str) -> Column:
    [found] = [column for column in feeds()[feed].columns if column.name == name]
    return found


def read(definition: Column, texts: list[str | None]) -> list[str]:
    """The typed value of each text as text, else why there is none."""
    query = f"""
        select
            coalesce(
                ({cast_expression(definition, "v")})::varchar,
                case
                    when {suppressed_expression(definition, "v")} then '{SUPPRESSED}'
                    when {invalid_expression(definition, "v")} then '{INVALID}'
                    else '{MISSING}'
                end
            )
        from (select unnest(?::varchar[]) as v, unnest(range({len(texts)})) as i)
        order by i
    """
    return [value for (value,) in duckdb.execute(query, [texts]).fetchall()]


def check(definition: Column, pairs: dict[str | None, str]) -> None:
    assert dict(zip(pairs, read(definition, list(pairs)), strict=True)) == pairs


NULL_WORDS = [
    "NULL",
    "null",
    "Null",
    "N/A",
    "n/a",
    "#N/A",
    "NA",
    "na",
    "NaN",
    "nan",
    "None",
    "NONE",
]
MARKS = ["*", "-", "..", ":", "c", "x", "[c]", "[x]", "[z]", ".", "C", "[C]"]


@pytest.mark.parametrize(
    "definition",
    [
        column("text"),
        column("code"),
        column("code", pad=2),
        column("code", accepted_values=["1", "2"]),
        column("text", accepted_values=["Joiners"]),
        column("integer"),
        column("integer", accepted_values=[1, 2]),
        column("double"),
        column("date"),
        column("month"),
        column("month", day="last"),
    ],
)
def test_a_word_for_null_is_missing_in_any_column(definition):
    check(definition, dict.fromkeys([None, *NULL_WORDS], MISSING))


@pytest.mark.parametrize("kind", ["integer", "double"])
def test_a_mark_for_a_number_withheld_is_suppressed(kind):
    check(column(kind), dict.fromkeys(MARKS, SUPPRESSED))


def test_marks_keep_their_meaning_in_codes_and_texts():
    check(column("code"), {mark: mark.upper() for mark in MARKS} | {"&": "&"})
    check(column("text"), {mark: mark for mark in MARKS})
    check(contract("hes_apc", "opertn_4_01"), {"-": "-", "&": "&", "X999": "X999", "NA": MISSING})


def test_a_mark_is_no_date_and_no_accepted_code():
    check(column("date"), dict.fromkeys(["-", "*", "."], INVALID))
    check(column("code", accepted_values=["1", "X"]), {"x": "X", "*": INVALID, "-": INVALID})


# Texts of numbers that are the same in both types of number, and what they stand for.
WHOLE = {
    "54": 54,
    "54.0": 54,
    "54.": 54,
    "0": 0,
    "-0": 0,
    "007": 7,
    "+5": 5,
    "-12": -12,
    "1e3": 1000,
    "-1E+3": -1000,
    "1.5e1": 15,
    "1,234": 1234,
    "101,000": 101000,
    "12,345,678": 12345678,
    "1,234.00": 1234,
    "-1,234": -1234,
    "£5": 5,
    "£1,234": 1234,
    "-£1,234": -1234,
    "£-1,234": -1234,
    "(1,234)": -1234,
    "(900000)": -900000,
    "(£1,234)": -1234,
    "£(1,234)": -1234,
    "£ 1,234": 1234,
    "(£ 1,234)": -1234,
    "(0)": 0,
    "£0.00": 0,
}
NO_NUMBERS = [
    "1,23",
    "12,34,567",
    "1234,567",
    ",123",
    "0,123",
    "1,234,56",
    "1.234.567",
    "1 234",
    "1_000",
    "0x1F",
    "1e",
    "1e400",
    "inf",
    "-Infinity",
    "(5",
    "5)",
    "-(5)",
    "(-5)",
    "((5))",
    "()",
    "£",
    "££5",
    "5£",
    "$5",
    "€5",
    "%",
    "5%%",
    "--5",
    "5-",
    "#REF!",
    "#DIV/0!",
    "abc",
    "1,5",
    "£1e3",
]


def test_numbers_as_people_write_them():
    check(column("integer"), {text: str(value) for text, value in WHOLE.items()})
    doubles = {text: str(float(value)) for text, value in WHOLE.items()}
    check(column("double"), doubles | {"-0": "-0.0"})


def test_what_is_no_number_is_invalid():
    check(column("integer"), dict.fromkeys([*NO_NUMBERS, "54.5", "1,234.5", ".5", "1e30"], INVALID))
    check(column("double"), dict.fromkeys(NO_NUMBERS, INVALID))


def test_no_number_with_a_comma_is_read_where_it_may_be_a_decimal_one():
    texts = ["1,234", "1,5", "1.5", "12", None]
    query = f"select {cast_expression(column('double'), 'v', decimal_comma=True)} from (select ? v)"
    read_values = [duckdb.execute(query, [text]).fetchone() for text in texts]
    assert read_values == [(None,), (None,), (1.5,), (12.0,), (None,)]


def test_fractions():
    check(
        column("double"),
        {
            "1.5": "1.5",
            ".5": "0.5",
            "-.5": "-0.5",
            "1,234,567.8": "1234567.8",
            "12,000.50": "12000.5",
            "£1,234.50": "1234.5",
            "-£1,234.50": "-1234.5",
            "(1,234.50)": "-1234.5",
            "1e-05": "1e-05",
        },
    )


def test_whole_numbers_are_exact_beyond_what_a_double_holds():
    check(
        column("integer"),
        {
            "999999999999": "999999999999",
            "9007199254740993": "9007199254740993",
            "9007199254740993.0": "9007199254740993",
            "9,007,199,254,740,993": "9007199254740993",
            "99999999999999999999": INVALID,
        },
    )


def test_a_percentage_is_read_only_where_the_contract_has_a_unit_for_it():
    percentages = ["4.25%", "(4.25%)", "(4.25)%", "-4.25%", "1,000%", "4.25"]
    for kind in ("double", "integer"):
        whole = ["150%", "(150%)", "£150%", "1,000%", "150.0%"]
        check(column(kind), dict.fromkeys(whole, INVALID))
    check(column("double"), dict.fromkeys(percentages[:-1], INVALID))
    found = read(column("double", unit="percent"), percentages)
    assert found == ["4.25", "-4.25", "-4.25", "-4.25", "1000.0", "4.25"]
    found = read(column("double", unit="share"), percentages)
    assert found == ["0.0425", "-0.0425", "-0.0425", "-0.0425", "10.0", "4.25"]
    check(column("double", unit="percent"), dict.fromkeys(["5%%", "%", "(4%)%"], INVALID))
    check(contract("nhse_sickness", "sickness_absence_rate_percent"), {"4.25%": "4.25"})
    check(contract("finance", "total_pay"), {"150%": INVALID, "150": "150.0"})


def test_what_is_read_as_a_value_is_no_word_for_null_and_no_mark():
    # The profile asks only of what is no value whether it is missing or suppressed.
    for feed in feeds().values():
        for definition in feed.columns:
            found = read(definition, NULL_WORDS)
            assert found == [MISSING] * len(NULL_WORDS), (feed.name, definition.name)
            if definition.type in ("integer", "double"):
                assert read(definition, MARKS) == [SUPPRESSED] * len(MARKS), definition.name


def test_dates():
    check(
        column("date"),
        {
            "2006-04-03": "2006-04-03",
            "2006-04-03 00:00:00": "2006-04-03",
            "2006-04-03 00:00:00.000": "2006-04-03",
            "2006-04-03 23:59:59.9999999": "2006-04-03",
            "2006-04-03T00:00:00": "2006-04-03",
            "2006-04-03T10:11:12.5": "2006-04-03",
            "03/04/2006": "2006-04-03",
            "3/4/2006": "2006-04-03",
            "13/4/2006": "2006-04-13",
            "3/12/2006": "2006-12-03",
            "31/12/2006": "2006-12-31",
            "20060403": "2006-04-03",
            "20240229": "2024-02-29",
            "03-APR-2006": "2006-04-03",
            "03-apr-2006": "2006-04-03",
            "3-Apr-2006": "2006-04-03",
            "31-Dec-2006": "2006-12-31",
            "1801-01-01": "1801-01-01",
        },
    )


def test_what_is_no_date_is_invalid():
    check(
        column("date"),
        dict.fromkeys(
            [
                "2006-02-30",
                "30/02/2006",
                "12/31/2006",
                "20061331",
                "30-FEB-2006",
                "03/04/06",
                "3/4/06",
                "03-APR-06",
                "03-04-2006",
                "03.04.2006",
                "2006/04/03",
                "2006-4-3",
                "2006-04-0x",
                "2006-04-1x",
                "-123-04-05",
                "0000-04-03",
                "2006-04-03 24:00:00",
                "2006-04-03 10:60:00",
                "2006-04-03T00:00:00Z",
                "113/4/2006",
                "38810",
                "00000000",
                "infinity",
                "epoch",
                "03-AVR-2006",
                "03-ANF-2006",
                "tomorrow",
                "2006",
            ],
            INVALID,
        ),
    )


def test_dummy_dates_are_null_to_the_models_and_dates_to_the_profile():
    assert invalid_expression(contract("hes_apc", "admidate"), "v")
    check(contract("hes_apc", "admidate"), {"1801-01-01": "1801-01-01"})


MONTHS = {
    "200604": "2006-04-01",
    "2017_09": "2017-09-01",
    "202509 to 202510": "2025-10-01",
    "2024_12 to 2025_01": "2025-01-01",
    "2014-APR": "2014-04-01",
    "2014-Apr": "2014-04-01",
    "2013-JAN": "2013-01-01",
    "APR-14": "2014-04-01",
    "Apr-14": "2014-04-01",
    "Dec-99": "1999-12-01",
    "Oct-14": "2014-10-01",
    "Jan-90": "1990-01-01",
    "Jan-89": "2089-01-01",
    "Apr 2014": "2014-04-01",
    "APR-2014": "2014-04-01",
    "2024-04-30": "2024-04-01",
    "30/04/2024": "2024-04-01",
    "20240430": "2024-04-01",
    "2024-04-30 00:00:00.000": "2024-04-01",
    "1-Apr-2024": "2024-04-01",
}


def test_months():
    check(column("month"), MONTHS)
    # 2006-04 may be a month or the financial year 2006-04 to 2007-03 cut short: 2006-07 is either.
    texts = ["200613", "200600", "2006-04", "2006_4", "20064", "2006x5", "2006", "04/2006", "5-Sep"]
    texts += [
        "202410 to 202510",
        "202510 to 202509",
        "202509-202510",
    ]  # more than one month, or none
    check(column("month"), dict.fromkeys([*texts, "Abc 2014", "April 2014", "2006-02-30"], INVALID))


def test_a_month_by_its_last_day():
    check(
        contract("nhse_sickness", "date"),
        {
            "2024-04-30": "2024-04-30",
            "2024-04-01": "2024-04-30",
            "2014-FEB": "2014-02-28",
            "2024-02-05": "2024-02-29",
            "Dec-13": "2013-12-31",
            "whenever": INVALID,
        },
    )


def test_codes_are_in_capitals_and_filled_with_noughts():
    check(column("code"), {"rxa": "RXA", "RWE00": "RWE00", "1.0": "1.0", "NAX": "NAX"})
    check(column("code", pad=2), {"1": "01", "a": "0A", "123": "123", "NA": MISSING})
    check(column("text"), {"as it is": "as it is", "Nonesuch": "Nonesuch"})


def test_accepted_codes():
    sex = contract("hes_apc", "sex")
    check(sex, {"1": "1", "1.0": "1", "2.00": "2", "0": "0", "0.0": "0", "9": "9"})
    check(sex, dict.fromkeys(["3", "x", "M", "01", "1.5", "10", "-1", ".0"], INVALID))
    check(contract("hes_apc", "admimeth"), {"2a": "2A", "21.0": "21", "2E": INVALID, "99": "99"})
    check(contract("hes_op", "firstatt"), {"5": "5", "x": "X", "X": "X", "9": "9", "6": INVALID})
    check(contract("hes_op", "attended"), {"0": "0", "7.0": "7", "1": INVALID, "8": INVALID})
    check(
        contract("hes_op", "admincat"),
        {"1": "01", "01": "01", "2.0": "02", "02": "02", "98": "98", "7": INVALID, "0": INVALID},
    )
    quintile = contract("hes_op", "imd04_quintile")
    check(quintile, {"1": "1", "5.0": "5", "0": INVALID, "6": INVALID, "*": SUPPRESSED})


def test_blanks_hyphens_and_underscores_are_alike_in_accepted_codes():
    nhs = dict.fromkeys(["nhs", "NHS"], "NHS")
    texts = ["non_nhs", "Non-NHS", "non nhs", "NON NHS", "Non–NHS", "Non - NHS"]
    other = dict.fromkeys(texts, "NON_NHS")
    check(contract("bppc", "category"), nhs | other | {"Total": INVALID, "NonNHS": INVALID})
    check(
        contract("esr_movement", "leaving_reason"),
        {"End of FTC": "END_OF_FTC", "transfer-tupe": "TRANSFER_TUPE", "Moved": INVALID},
    )
    check(
        contract("nhse_turnover", "type"),
        {"LEAVERS": "Leavers", "denominator_at_start_of_period": "Denominator at start of period"},
    )
    check(contract("organisations", "org_type"), {"Acute FT": "acute_ft", "PCT": "pct"})


def test_age_bands():
    band = contract("population", "age_band")
    check(
        band,
        {
            "0-4": "0-4",
            "00-04": "0-4",
            "05-09": "5-9",
            "5-9": "5-9",
            "10-14": "10-14",
            "10 - 14": "10-14",
            "10–14": "10-14",
            "80-84": "80-84",
            "85+": "85+",
            "85 +": "85+",
            "85-89": "85+",
            "90-94": "85+",
            "95-99": "85+",
            "90+": "85+",
            "95+": "85+",
            "100+": "85+",
            "85 and over": "85+",
            "90 and over": "85+",
            "90 And Over": "85+",
            "85_plus": "85+",
        },
    )
    texts = ["5-Sep", "Oct-14", "80+", "85", "85-", "-4", "0-9", "04", "Total", "All ages"]
    check(band, dict.fromkeys(texts, INVALID))


def test_the_categories_that_are_no_categories_are_invalid():
    check(contract("population", "sex"), {"1": "1", "2": "2", "3": INVALID, "Persons": INVALID})
    check(contract("population", "imd_quintile"), {"5": "5", "0": INVALID, "6": INVALID})


def test_items_of_prescribing_are_read_where_they_are_not_whole():
    check(contract("epd", "items"), {"2": "2.0", "2.5": "2.5", "1,234": "1234.0", "*": SUPPRESSED})
    check(contract("epact", "items"), {"2.5": "2.5"})


def test_every_accepted_value_is_read_as_itself():
    judged = [
        column for feed in feeds().values() for column in feed.columns if column.accepted_values
    ]
    assert len(judged) > 15
    for definition in judged:
        check(definition, {value: value for value in definition.accepted_values})


def test_the_contracts_mark_the_measures_of_each_feed():
    measures = {
        name: [column.name for column in feed.columns if column.meta.get("measure")]
        for name, feed in feeds().items()
    }
    assert {name: found for name, found in measures.items() if found} == {
        "epact": ["items", "nic"],
        "epd": ["items", "nic"],
        "esr_absence": ["fte_days_lost", "fte_days_available"],
        "nhse_sickness": ["fte_days_lost", "fte_days_available"],
        "esr_movement": ["headcount_start", "headcount_end", "leavers_hc"],
        "nhse_turnover": ["hc"],
        "finance": [
            "total_pay",
            "pay_agency",
            "closing_cash",
            "closing_cash_plan",
            "surplus",
            "surplus_plan",
            "turnover_annual",
        ],
        "bppc": ["invoices_paid_gbp", "within_target_gbp"],
        "procurement": ["addressable_spend_gbp", "framework_spend_gbp"],
    }
    for feed in feeds().values():
        for definition in feed.columns:
            assert not definition.meta.get("measure") or definition.type in ("integer", "double")


def test_what_was_received_is_counted_by_kind_and_organisation(ingest, lake, absence):
    ingest(
        absence(
            "200604,RXA,All,NULL,1",
            "200604,RXA,All,,1",
            "200604,RXA,All,*,1",
            '200604,RXB,All,"1,23",1',
            '200604,RXB,All,"1,234",1',
            "200604,RXB,All,[c],1",
        )
    )
    profile = lake.profile()

    def counts(organisation):
        row = profile["fte_days_lost", organisation]
        return [row[f"{kind}_count"] for kind in ("row", "null", "suppressed", "invalid")]

    assert counts("RXA") == [3, 2, 1, 0]
    assert counts("RXB") == [3, 0, 1, 1]
    assert counts(None) == [6, 2, 2, 1]
    received = [row["fte_days_lost"] for row in lake.rows("esr_absence")]
    assert received == ["NULL", None, "*", "1,23", "1,234", "[c]"], "the lake keeps it as received"


CASES = CHECKOUT.parent / "shared" / "cases"
reads_the_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases that people sent are not on this machine"
)


def case(feed: str, path: str, columns: dict[str, str]) -> list[tuple]:
    """Rows of a file of a case; `columns` has SQL by name of the column's typed value."""
    typed = ", ".join(
        f"{cast_expression(contract(feed, name), name)} as {typed}"
        for name, typed in columns.items()
    )
    return duckdb.execute(
        f"select {typed} from read_csv(?, all_varchar = true, header = true)", [str(CASES / path)]
    ).fetchall()


@reads_the_cases
def test_thousands_in_some_cells_are_read():
    path = "09-thousands/esr_absence__fy2006-07q1__2006-08-22__thousands.csv"
    columns = {"org_code": "org", "fte_days_lost": "lost", "fte_days_available": "available"}
    rows = [row for row in case("esr_absence", path, columns) if row[0] == "RWE"]
    # 3 x 4,200 lost of 99,000 + 101,000 + 99,000.
    assert (sum(row[1] for row in rows), sum(row[2] for row in rows)) == (12600, 299000)


@reads_the_cases
def test_losses_in_brackets_are_losses():
    path = "10-finance-brackets/finance__fy2006-07q1__2006-08-22__brackets.csv"
    columns = {"org_code": "org", "surplus": "surplus", "pay_agency": "agency"}
    rows = case("finance", path, columns)
    assert [surplus for org, surplus, _ in rows if org == "RWE"] == [-900000, -800000, 300000]
    assert [surplus for org, surplus, _ in rows if org == "RGT"] == [-900000, -800000, 300000]
    assert 2000000 in [agency for org, _, agency in rows if org == "RTE"]
    assert None not in [value for row in rows for value in row]


@reads_the_cases
def test_the_dates_of_reference_files_are_read():
    rows = case("successions", "12-ods-dates/succ.csv", {"old_code": "old", "effective_date": "on"})
    assert [(old, str(on)) for old, on in rows] == [
        ("RW6", "2021-10-01"),
        ("RAP", "2025-01-01"),
        ("RQ3", "2001-04-01"),
    ]
    columns = {"open_date": "opened", "close_date": "closed"}
    rows = case("organisations", "12-ods-dates/organisations_etr.csv", columns)
    assert [(str(opened), str(closed)) for opened, closed in rows] == [
        ("2002-04-01", "2021-09-30"),
        ("1991-04-01", "2024-12-31"),
    ]


@reads_the_cases
def test_dates_of_a_database_and_of_a_spreadsheet_are_those_of_the_good_file():
    names = ("admidate", "disdate", "epistart", "epiend")
    columns = {name: f"read_{name}" for name in names}
    good, database, spreadsheet, american = (
        case("hes_apc", f"15-sql-server-dates/{name}.csv", columns)
        for name in (
            "hes_apc__fy2006-07q1__2006-08-22",
            "hes_apc__fy2006-07q1__2006-09-22",
            "excel_unpadded",
            "us_dates",
        )
    )
    assert good == database == spreadsheet
    unread = [None in row for row in american]
    assert sum(unread) > len(unread) / 2, "month first: most are no dates, and the file is refused"


@reads_the_cases
def test_words_for_null_are_as_good_as_empty_fields():
    columns = {"pseudo_hesid": "person", "opertn_4_01": "operation", "classpat": "classified"}
    empty, of_r, of_sql = (
        case("hes_apc", f"22-null-literals/hes_apc__fy2006-07q1__2006-08-22__{name}.csv", columns)
        for name in ("empty", "r", "sql")
    )
    people = [[person for person, *_ in rows] for rows in (empty, of_r, of_sql)]
    assert people[0] == people[1] == people[2]
    assert people[0].count(None) == 180
    assert not {"NA", "NULL"} & {value for row in (*of_r, *of_sql) for value in row}


def record_columns(feed: str, rows: list[dict[str, str | None]]) -> list[tuple]:
    """unread_measures, record_key and as_received of rows of a feed."""
    names = list(feeds()[feed].names)
    node = SimpleNamespace(
        columns={
            name: SimpleNamespace(name=name, config=SimpleNamespace(meta=contract(feed, name).meta))
            for name in names
        },
        config=SimpleNamespace(meta={"record_key": feeds()[feed].record_key}),
    )
    measures = [column for column in node.columns.values() if column.config.meta.get("measure")]
    macros = cast_macros()
    engine = duckdb.connect()
    texts = ", ".join(f"{name} varchar" for name in names)
    engine.execute(f"create table received ({texts}, _decimal_comma boolean default false)")
    for row in rows:
        marks = ", ".join("?" for _ in names)
        values = [row.get(name) for name in names]
        engine.execute(f"insert into received values ({marks}, false)", values)
    return engine.execute(
        f"select {macros.unread_measures(measures)}, {macros.key_as_received(node)},"
        f" {macros.text_as_received(node)} from received"
    ).fetchall()


@pytest.mark.parametrize(
    ("changes", "is_of_none"),
    [
        ({}, False),
        ({"age_band": "90 and over", "sex": "1.0"}, False),
        ({"age_band": "All ages"}, True),
        ({"sex": "3"}, True),
        ({"imd_quintile": "Total"}, True),
        # What is missing is of no category that could be a total.
        ({"sex": None, "imd_quintile": "NULL"}, False),
    ],
)
def test_a_row_of_a_total_over_a_category_says_so(changes, is_of_none):
    row = {"age_band": "0-4", "sex": "1", "imd_quintile": "5"} | changes
    columns = [
        SimpleNamespace(name=name, config=SimpleNamespace(meta=contract("population", name).meta))
        for name in row
    ]
    engine = duckdb.connect()
    engine.execute(f"create table received ({', '.join(f'{name} varchar' for name in row)})")
    engine.execute("insert into received values (?, ?, ?)", list(row.values()))
    query = f"select {cast_macros().is_of_no_category(columns)} from received"
    assert engine.execute(query).fetchall() == [(is_of_none,)]


BPPC = {
    "period": "200604",
    "org_code": "rwe",
    "category": "Non-NHS",
    "invoices_paid_n": "5",
    "invoices_paid_gbp": "1,000",
    "within_target_n": "4",
    "within_target_gbp": "800",
}


def test_a_row_names_the_measures_that_are_not_read():
    finance = {"period": "200604", "org_code": "RWE", "total_pay": "1", "pay_agency": "(1)"}
    changes: list[tuple[dict[str, str | None], str | None]] = [
        ({}, None),
        ({"total_pay": "*"}, "total_pay_gbp"),
        ({"total_pay": None}, "total_pay_gbp"),
        ({"total_pay": "NULL", "pay_agency": "1,23"}, "total_pay_gbp,agency_pay_gbp"),
        # Optional: not given is no fault, given and not read is one.
        ({"surplus": None, "closing_cash": "NA"}, None),
        ({"surplus": "n.a."}, "surplus_gbp"),
        ({"turnover_annual": "-"}, "annual_turnover_gbp"),
        # No measures: nobody needs them.
        ({"pay_bank": "*", "non_pay": "x"}, None),
    ]
    found = record_columns("finance", [finance | change for change, _ in changes])
    assert [unread for unread, _, _ in found] == [unread for _, unread in changes]


def test_a_key_is_compared_as_read_else_as_received():
    changes: dict[str, dict[str, str | None]] = {
        "2006-04-01|RWE|NON_NHS": {},
        "2006-05-01|RWE|NHS": {"period": "MAY-06", "category": "nhs"},
        "2006-04-01|RWE|TOTAL": {"category": "Total"},
        "2006-04-01|RWE|OTHER": {"category": "other"},
        "2006-04-01|RWE|": {"category": None},
        "2006-04-01||NON_NHS": {"org_code": "N/A"},
        "APRIL|RWE|NON_NHS": {"period": "April"},
    }
    found = record_columns("bppc", [BPPC | change for change in changes.values()])
    assert [key for _, key, _ in found] == list(changes)


@pytest.mark.parametrize(("feed", "column"), [("hes_apc", "epikey"), ("hes_op", "attendkey")])
@pytest.mark.parametrize(
    ("received", "key"), [("007", "7"), ("k-7", "K-7"), ("*", "*"), (None, None), ("NULL", None)]
)
def test_a_key_of_one_part_that_is_missing_is_none(feed, column, received, key):
    node = SimpleNamespace(
        columns={column: SimpleNamespace(config=SimpleNamespace(meta=contract(feed, column).meta))},
        config=SimpleNamespace(meta={"record_key": feeds()[feed].record_key}),
    )
    engine = duckdb.connect()
    engine.execute(f"create table received ({column} varchar, _decimal_comma boolean)")
    engine.execute("insert into received values (?, false)", [received])
    query = f"select {cast_macros().key_as_received(node)} from received"
    assert engine.execute(query).fetchall() == [(key,)]


def test_the_text_of_a_row_is_as_received_and_unambiguous():
    rows = [
        BPPC,
        BPPC | {"category": None},
        BPPC | {"category": 'a","b', "invoices_paid_n": None},
        BPPC | {"category": "a", "invoices_paid_n": "b"},
        BPPC | {"invoices_paid_gbp": "1000"},
    ]
    texts = [text for _, _, text in record_columns("bppc", rows)]
    assert texts[0] == '"200604","rwe","Non-NHS","5","1,000","4","800"'
    assert texts[1] == '"200604","rwe",,"5","1,000","4","800"'
    assert texts[2] == '"200604","rwe","a"",""b",,"1,000","4","800"'
    assert len(set(texts)) == len(rows)


def test_commas_of_a_file_with_semicolons_are_counted_as_invalid(ingest, lake, tmp_path):
    file = tmp_path / "esr_absence__fy2006-07q1__2006-08-22.csv"
    file.write_text(
        "month;org_code;staff_group;fte_days_lost;fte_days_available\n"
        "200604;RWE;Nurses;12,5;1,234\n"
        "200604;RWE;Doctors;12.5;1234\n"
    )
    ingest(file)
    profile = lake.profile()
    assert profile["fte_days_lost", None]["invalid_count"] == 1
    assert profile["fte_days_available", None]["invalid_count"] == 1
