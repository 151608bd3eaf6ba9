"""Golden cases of the reference: what the rules on data say of organisations, rows and fields.

The numbers are worked by hand in the comments.
"""

from pathlib import Path

import pytest
from reference import catalogue, fields, tables
from reference.seeds import rules_as_published
from reference.tables import compute
from rows import (
    FINANCE,
    OUTPATIENTS,
    POPULATION,
    appointment,
    appointments,
    episode,
    money,
    people,
    prescribed,
    values_of,
    whole,
)

QUARTER = "2006-07 Q1"
HES = "hes_apc__fy2006-07q1__2007-12-31.csv"
COLUMNS = ("n_checked", "n_failed", "outcome")
PRESCRIBED = "epact__fy2006-07q1__2006-08-22.csv"
STATIN = "0212000Y0AAAAAA"


def results(folder: Path, code: str, feed: str, quarter: str = QUARTER) -> dict[str, tuple]:
    """Checked, failed and outcome of an organisation's feed by rule."""
    return {
        row["rule_id"]: tuple(row[column] for column in COLUMNS)
        for row in compute(folder).dq_rule_results
        if (row["organisation_code"], row["feed"], row["quarter"]) == (code, feed, quarter)
    }


def status(folder: Path, code: str, feed: str) -> dict:
    """The row of dq_submission_status of the first quarter of 2006-07."""
    key = {"organisation_code": code, "feed": feed, "quarter": QUARTER}
    (found,) = [row for row in compute(folder).dq_submission_status if key.items() <= row.items()]
    return found


def of_care(n: int, *spoiled: dict) -> list[dict]:
    """Whole episodes, of which the first have something else."""
    rows = [
        episode(i, PCTCODE_HIS="5A3") | {"CONSULT": "C1000001", "TRETSPEF": "100"} for i in range(n)
    ]
    return [row | other for row, other in zip(rows, spoiled, strict=False)] + rows[len(spoiled) :]


def test_the_catalogue_of_the_reference_is_that_of_the_seed():
    seed = {row["rule_id"]: row for row in rules_as_published() if row["grain"] == "organisation"}
    seed = {rule: row for rule, row in seed.items() if row["treatment"] != "caveat"}
    assert seed.keys() == catalogue.RULES.keys()
    for rule_id, rule in catalogue.RULES.items():
        row = seed[rule_id]
        assert set(row["feeds"].split(";")) == set(rule.feeds), rule_id
        assert row["treatment"] == rule.treatment, rule_id


@pytest.mark.parametrize(
    ("rule", "n", "failed", "outcome"),
    [
        ("A15", 0, 0, "not_evaluated"),
        ("A15", 500, 10, "green"),  # 2 % is not over 2 %
        ("A15", 450, 10, "amber"),  # 2.2 %, ten rows
        ("A15", 400, 9, "green"),  # 2.25 %, too few rows
        ("A15", 199, 9, "green"),  # 4.5 % of under 200
        ("A15", 180, 9, "amber"),  # 5 % of under 200
        ("A15", 200, 9, "green"),  # 200 are not under 200
        ("A10", 100, 10, "green"),
        ("A10", 100, 9, "green"),  # over 5 %, but not over the bound of 10 %
        ("A05", 1999, 10, "amber"),
        ("A05", 2000, 10, "green"),
        ("F01", 5000, 1, "amber"),
        ("T01", 10, 9, "green"),
    ],
)
def test_a_flag_needs_some_rows(rule, n, failed, outcome):
    assert catalogue.rated(rule, "bppc", n, failed).outcome == outcome


@pytest.mark.parametrize(
    ("feed", "n", "outcome"),
    [("epact", 100, "green"), ("epd", 99, "amber"), ("bppc", 500, "amber")],
)
def test_bounds_of_a_feed(feed, n, outcome):
    assert catalogue.rated("U01", feed, n, 1).outcome == outcome


@pytest.mark.parametrize(
    ("rule", "n", "failing", "passing"),
    [
        (
            "A04",
            40,
            ({"OPDATE_01": "1801-01-01"}, {"DISDATE": "15/10/1582"}, {"ADMIDATE": "16000101"}),
            ({"OPDATE_01": "1801-01-02"}, {"SUBDATE": "1801-01-01"}),
        ),
        (
            "A05",  # the unfinished and the one without an end are not looked at
            38,
            ({"EPIEND": "2006-04-02"}, {"ADMIDATE": "2006-04-04"}, {"DISDATE": "2006-04-02"}),
            ({"EPISTAT": "1", "EPIEND": "2006-04-02"}, {"EPIEND": None}),
        ),
        (
            "A07",
            40,
            (
                {"ADMIDATE": None},
                {"ADMIDATE": "1800-01-01", "ADMIMETH": None},
                {"ADMIDATE": "?", "ADMIMETH": "33"},
            ),
            (
                {"ADMIDATE": None, "ADMIMETH": "81"},
                {"ADMIDATE": None, "EPIORDER": 2},
                {"ADMIDATE": None, "EPISTART": None},
            ),
        ),
        (
            "A08",
            40,
            ({"EPISTAT": "1"}, {"EPISTAT": None}, {"EPISTAT": "2"}),
            ({"EPISTAT": "3.0"},),
        ),
        (
            "A09",  # of 40 spells 2 are no inpatients' and 1 is of mental health
            37,
            ({"ADMIDATE": "2004-04-04"}, {"ADMIDATE": "2000-01-01"}),  # 731 days to 2006-04-05
            (
                {"ADMIDATE": "2004-04-05"},
                {"ADMIDATE": "2000-01-01", "CLASSPAT": 2},
                {"ADMIDATE": "2000-01-01", "CLASSPAT": 5},
                {"ADMIDATE": "2000-01-01", "TRETSPEF": "710"},
            ),
        ),
        (
            "A10",
            4,
            (
                {"CLASSPAT": 2},
                {"CLASSPAT": 2, "DISDATE": "2006-04-03", "EPIEND": "2006-04-03", "ADMIMETH": "21"},
                {"CLASSPAT": 2, "DISDATE": "2006-04-03", "EPIEND": "2006-04-03", "ADMIMETH": "31"},
            ),
            ({"CLASSPAT": 2, "DISDATE": "2006-04-03", "EPIEND": "2006-04-03"},),
        ),
        (
            "A14",
            40,
            ({"CONSULT": None}, {"CONSULT": "&"}, {"CONSULT": "cd999998"}),
            ({"CONSULT": "C9999997"},),
        ),
        (
            "A15",
            40,
            ({"TRETSPEF": None}, {"TRETSPEF": "ABC"}, {"TRETSPEF": "1000"}),
            ({"TRETSPEF": "999"},),
        ),
        (
            "A16",
            40,
            ({"SEX": 9}, {"SEX": None}, {"STARTAGE": 999}, {"STARTAGE": 121}),
            ({"STARTAGE": 7001}, {"STARTAGE": 120}),
        ),
        (
            "A17",  # TAP stands for 5CC in the seed of organisations
            40,
            (
                {"PCTCODE_HIS": None},
                {"PCTCODE_HIS": "-"},
                {"PCTCODE_HIS": "ZZ9"},
            ),
            ({"PCTCODE_HIS": None, "RESPCT_HIS": "5a4"}, {"PCTCODE_HIS": "5CC"}),
        ),
        ("A01", 40, ({"PSEUDO_HESID": "P39"}, {"PSEUDO_HESID": "P39"}), ()),
        ("A03", 40, ({"EPIKEY": 39}, {"EPIKEY": 39}), ()),
    ],
)
def test_rows_fail_or_pass(send, rule, n, failing, passing):
    rows = of_care(40, *failing, *passing)
    rows = [{"SUBDATE": None} | row for row in rows]
    found = results(send(rows), "RWE", "hes_apc")
    assert found[rule][:2] == (n, len(failing))


def test_appointments_fail_or_pass(send):
    other = (
        {"TRETSPEF": None, "SEX": "0", "PCTCODE_HIS": "ZZ9"},
        {"TRETSPEF": "&", "APPTAGE": "x"},
        {"PCTCODE_HIS": None},
        {"PSEUDO_HESID": "P9", "ATTENDKEY": 77},  # sent twice
    )
    rows = [appointment(i, **(other[i] if i < len(other) else {})) for i in range(10)]
    found = results(send(rows, OUTPATIENTS), "RWE", "hes_op")
    expected = {"A15": 2, "A16": 2, "A17": 2, "O01": 1}
    assert {rule: found[rule] for rule in expected} == {
        rule: (10, n, "amber") for rule, n in expected.items()
    }
    # Of the PCT's own rows: 8 are of 5A3, and one is another's.
    pct = results(send(rows, OUTPATIENTS), "5A3", "hes_op")
    assert pct.keys() == {"A16", "O02", "O03", "O04", "V01", "V02"}
    assert pct["A16"] == (8, 1, "amber")


def test_a_column_that_no_file_has_is_not_judged(send):
    rows = [
        {name: value for name, value in row.items() if name not in ("CONSULT", "TRETSPEF")}
        for row in of_care(30)
    ]
    without = ("PCTCODE_HIS", "RESPCT_HIS")
    bare = [{name: v for name, v in row.items() if name not in without} for row in rows]
    found = results(send(bare), "RWE", "hes_apc")
    for rule in ("A14", "A15", "A17"):
        assert found[rule] == (0, 0, "not_evaluated")
    assert found["A16"] == (30, 0, "green")
    # One file that has it is enough: what the other does not say is unknown.
    folder = send(of_care(2), "hes_apc__m2006-04__2007-12-31__west.csv")
    assert results(folder, "RWE", "hes_apc")["A14"] == (32, 30, "amber")


def test_one_row_a_rule_of_who_is_expected(send):
    folder = send(of_care(30))
    found = results(folder, "RWD", "hes_apc")
    assert found.keys() == set(catalogue.rules_of("hes_apc", "trust"))
    assert set(found.values()) == {(0, 0, "not_submitted")}
    # No submission of the feed counts in the quarter: nobody is expected to send it.
    assert results(folder, "RWD", "hes_op") == {}
    assert results(folder, "5A3", "hes_apc").keys() == {"A12", "A16", "V01", "V02"}
    assert results(folder, "5A3", "population")["N01"] == (0, 0, "not_submitted")


def test_rows_that_are_all_taken_are_of_no_use(send):
    late = [episode(i, DISDATE="2008-01-01") for i in range(3)]
    folder = send(of_care(30) + [row | {"PROCODE3": "RWD"} for row in late])
    assert set(results(folder, "RWD", "hes_apc").values()) == {(0, 0, "unusable")}
    row = status(folder, "RWD", "hes_apc")
    assert (row["verdict"], row["n_records"], row["months_present"]) == ("unusable", 0, 0)
    # Money of which one figure was never given is of use for another.
    paid = dict.fromkeys(("PAY_SUBSTANTIVE", "PAY_BANK"), 1)
    own = money("RWE", "200604", TOTAL_PAY=10, PAY_AGENCY="*", **paid)
    usable = own | {"CLOSING_CASH": 1, "CLOSING_CASH_PLAN": 1, "TURNOVER_ANNUAL": 9}
    rows = [own, usable | {"ORG_CODE": "RWD"}]
    folder = send(rows, FINANCE)
    assert status(folder, "RWE", "finance")["verdict"] == "unusable"
    assert status(folder, "RWD", "finance")["verdict"] == "red"  # U01


def published_prescribing(code: str, month: str, practice: int, items: object = 100) -> dict:
    """A practice's statins in the published format."""
    return {
        "YEAR_MONTH": month,
        "PCO_CODE": code,
        "PRACTICE_CODE": f"L8407{practice}",
        "BNF_CODE": STATIN,
        "ITEMS": items,
        "TOTAL_QUANTITY": 1,
        "NIC": 100,
        "ACTUAL_COST": 1,
    }


def test_both_formats_of_a_quarter_are_one_count(send):
    send([prescribed("5A3", STATIN, 100, 100)] * 18, PRESCRIBED)
    published = [
        published_prescribing(code, "200605", n, items)
        for code in ("5A3", "5A4")
        for n, items in enumerate(("*", 100))
    ]
    folder = send(published, "epd__fy2006-07q1__2006-08-22.csv")
    # 1 of 2 rows of May alone would be red; of all 20 rows it is 5 %, and not over that.
    assert results(folder, "5A3", "epact")["U01"] == (20, 1, "amber")
    assert results(folder, "5A3", "epd") == {}
    assert results(folder, "5A4", "epd")["U01"] == (2, 1, "red")
    found = values_of(folder, "BCBV07")
    assert (found["5A3"]["publication_status"], found["5A3"]["status_reason"]) == (
        "caveat",
        "C01,U01",
    )
    assert found["5A4"]["publication_status"] == "withheld"


def test_of_a_code_twice_in_a_list_the_first_line_stands(send):
    rows = [
        {"ORG_CODE": "RQ9", "ORG_NAME": name, "ORG_TYPE": "acute", "SHA_CODE": "Q33"}
        | {"OPEN_DATE": None, "CLOSE_DATE": None, "CLUSTER": None}
        for name in ("First", "Second")
    ]
    send(of_care(1))
    found = compute(send(rows, "organisations__fy2006-07__2006-06-30.csv"))
    assert [
        r["organisation_name"] for r in found.dim_organisation if r["organisation_code"] == "RQ9"
    ] == ["First"]
    (of_file,) = [row for row in found.dq_submissions if row["feed"] == "organisations"]
    assert (of_file["n_in_use"], of_file["n_superseded"]) == (1, 1)
    rows = [
        {"OLD_CODE": "RQ9", "NEW_CODE": new, "EFFECTIVE_DATE": "2006-05-01"}
        for new in ("RWE", "RWD")
    ]
    found = compute(send(rows, "successions__fy2006-07__2006-06-30.csv"))
    assert [
        r["successor_code"] for r in found.dim_organisation if r["organisation_code"] == "RQ9"
    ] == ["RWE"]


def test_the_published_format_stands_for_those_who_sent_it_alone(send):
    local = [prescribed(code, STATIN, 100, 100) for code in ("5A3", "5A4")]
    published = [
        published_prescribing(code, month, n)
        for code in ("5A4", "5A5")
        for month in ("200604", "200605")
        for n in range(2)
    ]
    send(local, PRESCRIBED)
    folder = send(published, "epd__fy2006-07q1__2006-08-22.csv")
    # Of May 5A4 has two rows, those of April are set aside.
    assert results(folder, "5A4", "epact")["P02"] == (3, 0, "green")
    assert results(folder, "5A4", "epd") == {}
    assert results(folder, "5A5", "epd")["P02"] == (4, 0, "green")
    assert results(folder, "5A7", "epact")["P02"] == (0, 0, "not_submitted")
    row = status(folder, "5A4", "epact")
    # June is missing: C01 is amber, C02 red, and stops 19.
    assert (row["n_records"], row["months_present"], row["verdict"]) == (3, 2, "red")
    assert (row["rules_amber"], row["rules_red"]) == ("C01", "C02")
    by_file = {row["feed"]: row for row in compute(folder).dq_submissions}
    assert by_file["epd"]["n_superseded"] == 2 and by_file["epd"]["n_in_use"] == 6


def test_a_rule_that_stops_nothing_of_a_class_is_amber(send):
    rows = appointments((20, {}))
    for row in rows[:3]:
        row["REFSOURC"] = "99"
    folder = send(rows, OUTPATIENTS)
    trust, pct = status(folder, "RWE", "hes_op"), status(folder, "5A3", "hes_op")
    assert (trust["rules_red"], trust["verdict"]) == ("O04", "amber")
    assert (pct["rules_red"], pct["verdict"]) == ("O04", "red")


def test_followup_is_told_and_does_not_count(send):
    folder = send(of_care(30, {"OPERTN_4_01": "-"}))
    found = results(folder, "RWE", "hes_apc")
    assert found["FOLLOWUP"] == (1, 1, "amber")
    row = status(folder, "RWE", "hes_apc")
    assert (row["n_amber"], row["rules_amber"], row["verdict"]) == (0, None, "green")


def test_a_population_that_lacks_a_band_is_red(send):
    send(appointments((5, {})), OUTPATIENTS)
    rows = whole([people("5A3", 100)])
    folder = send([*rows[:-1], rows[0]], POPULATION)
    found = results(folder, "5A3", "population")
    # One of 36 is lacking; the first stands twice, and 1 of 36 rows is 2.8 %, but under 5 %.
    assert found == {"N01": (36, 1, "red"), "D01": (36, 1, "green")}
    row = status(folder, "5A3", "population")
    assert (row["verdict"], row["n_records"], row["months_present"]) == ("red", 35, 0)


def test_what_became_of_each_row(send):
    rows = of_care(
        8,
        {"PSEUDO_HESID": "P7"},  # A01
        {"EPIKEY": 6},  # the first line of this key stays
        {"DISDATE": "2008-01-01"},  # A06
        {"EPIEND": "2006-07-01", "DISDATE": "2006-07-01"},  # A06, outside the period
        {"PROCODE3": "ZZZ"},  # ORG
        {"EPIEND": None, "EPISTART": None},  # without a date, in use
    )
    send([*rows, rows[2] | {"PROCODE3": "ZZZ", "EPIKEY": None}])
    folder = send(of_care(3), "hes_apc__fy2006-07q1__2007-10-31.csv")
    found = compute(folder)
    of_file = {row["file_name"]: row for row in found.dq_submissions}
    latest = of_file[HES]
    counts = ("n_lines", "n_rejected", "n_landed", "n_superseded", "n_quarantined", "n_in_use")
    assert [latest[name] for name in counts] == [9, 0, 9, 0, 6, 3]
    assert {rule: latest[f"n_{rule.lower()}"] for rule in ("A01", "A03", "A06", "ORG")} == {
        "A01": 1,
        "A03": 1,
        "A06": 3,
        "ORG": 1,
    }
    earlier = of_file["hes_apc__fy2006-07q1__2007-10-31.csv"]
    assert not earlier["is_effective"] and earlier["n_superseded"] == 3
    assert [
        (row["line_number"], row["record_key"], row["rule_id"], row["organisation_code"])
        for row in sorted(found.dq_quarantined_records, key=lambda row: row["line_number"])
    ] == [
        (4, "2", "A06", "RWE"),
        (5, "3", "A06", "RWE"),
        (6, "4", "ORG", None),
        (8, "6", "A03", "RWE"),
        (9, "7", "A01", "RWE"),
        (10, None, "A06", None),
    ]
    by_line = {row["line_number"]: row for row in found.dq_quarantined_records}
    assert [by_line[n]["quarter"] for n in (4, 5)] == [QUARTER, "2006-07 Q2"]
    assert by_line[5]["record"]["DISDATE"] == "2006-07-01"


@pytest.mark.parametrize(
    ("feed", "column", "received", "state"),
    [
        ("hes_apc", "SEX", None, "missing"),
        ("hes_apc", "SEX", "9", "default"),
        ("hes_apc", "SEX", "1.0", "valid"),
        ("hes_apc", "SEX", "M", "invalid"),
        ("hes_apc", "STARTAGE", "999", "default"),
        ("hes_apc", "STARTAGE", "130", "valid"),
        ("hes_apc", "STARTAGE", "*", "invalid"),
        ("hes_apc", "ADMIDATE", "01/01/1800", "default"),
        ("hes_apc", "ADMIDATE", "31/02/2007", "invalid"),
        ("hes_apc", "SUSHRG", "uz01z", "default"),
        ("hes_apc", "DIAG_4_01", "r69x", "default"),
        ("hes_apc", "DIAG_4_01", "R6", "valid"),
        ("hes_apc", "OPERTN_4_01", "-", "valid"),
        ("hes_apc", "OPERTN_4_01", "&", "default"),
        ("hes_apc", "CONSULT", "n9999998", "default"),
        ("hes_apc", "ADMINCAT", "1", "valid"),
        ("hes_apc", "ADMINCAT", "05", "invalid"),
        ("hes_apc", "IMD04_QUINTILE", "6", "invalid"),
        ("hes_apc", "DISMETH", "9", "default"),
        ("hes_op", "REFSOURC", "99", "default"),
        ("hes_op", "REFSOURC", "3", "valid"),
        ("hes_op", "FIRSTATT", "x", "default"),
        ("hes_op", "ATTENDED", "9", "default"),
        ("hes_op", "ATTENDED", "0", "valid"),
    ],
)
def test_a_field_is_one_of_four(feed, column, received, state):
    assert fields.state(feed, column, {column: received, "_DELIMITER": ","}) == state


def test_scores_are_those_of_the_published_example():
    # NHS Digital's: twelve scores that sum to 9.7, twelve coverages that sum to 7.
    items, coverages = [1.0] * 9 + [0.7, 0.0, 0.0], [1.0] * 7 + [0.0] * 5
    assert fields.score(items, coverages) == pytest.approx(47.1528, abs=1e-4)
    assert fields.score([], [1.0]) is None


def test_a_trust_is_scored_on_what_it_sent(send):
    send([appointment(1, PROCODE3="RWD")], OUTPATIENTS)
    folder = send(of_care(4, {"SEX": 9, "CONSULT": None}, {"SUSHRG": "UZ01Z"}))
    found = {
        (row["organisation_code"], row["feed"]): row
        for row in compute(folder).dq_scores
        if row["quarter"] == QUARTER
    }
    # Of 13 fields three have 3 of 4: (10 + 3 x 0.75) / 13.
    items = pytest.approx(12.25 / 13)
    whole_score = {"item_score": items, "coverage": 0.5, "dq_score": pytest.approx(1225 / 26)}
    assert whole_score.items() <= found["RWE", None].items()
    assert found["RWE", "hes_apc"]["dq_score"] == pytest.approx(1225 / 13)
    nothing = {"item_score": None, "coverage": 0.0, "dq_score": None}
    assert nothing.items() <= found["RWE", "hes_op"].items()
    assert ("5A3", None) not in found


def test_money_with_and_without_doubt():
    def value(number: int, code: str, status: str, gbp: float | None) -> dict:
        return {
            "indicator_id": f"BCBV{number:02}",
            "organisation_code": code,
            "quarter": QUARTER,
            "publication_status": status,
            "opportunity_annual_gbp": gbp,
        }

    rows = [
        value(1, "RWE", "published", 100),
        value(2, "RWE", "caveat", 30),
        value(3, "RWE", "withheld", None),
        value(1, "RWD", "published", 40),
        value(2, "RWD", "published", 10),
        value(1, "RWF", "withheld", 7),
        value(2, "RWF", "not_submitted", None),
        value(10, "RWD", "caveat", 5),
    ]
    organisations = dict.fromkeys(("RWE", "RWD", "RWF"), tables.Organisation("acute", sha="Q33"))
    found = {
        (row["indicator_id"], row["area_code"]): (
            row["n_organisations"],
            row["n_flagged"],
            row["opportunity_annual_unflagged_gbp"],
        )
        for row in tables.opportunity(rows, organisations)
    }
    assert found["BCBV01", "england"] == (3, 1, 140)
    assert found["BCBV02", "Q33"] == (2, 1, 10)
    # RWE is flagged for its pre-operative days, RWF is too; what is published of them counts.
    assert found["ALL", "england"] == (3, 2, 150)
    # Days are counted once where both are published: 100, and 40 + 10 - 10.
    assert found["ALL_NETTED", "england"] == (3, 2, 140)
    assert found["ALL", "RWF"] == (1, 1, None)
    assert found["BCBV10", "england"] == (1, 1, None)
