"""How a value is read: text as received, and the value that it stands for (Rulebook 1.2, 1.15)."""

import duckdb
import pytest
from building import CHECKOUT

from warehouse.contracts import Column, feeds
from warehouse.profile import cast_expression, invalid_expression, suppressed_expression

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


def test_a_percentage_is_a_share_only_where_the_contract_says_so():
    percentages = ["4.25%", "(4.25%)", "(4.25)%", "-4.25%", "1,000%", "4.25"]
    found = read(column("double"), percentages)
    assert found == ["4.25", "-4.25", "-4.25", "-4.25", "1000.0", "4.25"]
    found = read(column("double", unit="share"), percentages)
    assert found == ["0.0425", "-0.0425", "-0.0425", "-0.0425", "10.0", "4.25"]
    check(contract("nhse_sickness", "sickness_absence_rate_percent"), {"4.25%": "4.25"})


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
    other = dict.fromkeys(["non_nhs", "Non-NHS", "non nhs", "NON NHS", "Non–NHS"], "NON_NHS")
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
            "10 - 14": INVALID,
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
