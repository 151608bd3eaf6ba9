"""Golden cases of the reference: files as they come, and the rules on them.

The numbers are worked by hand in the comments.
"""

from pathlib import Path

import pytest
from reference import checks, quarters
from reference.tables import Evidence, compute
from rows import (
    EPACT,
    FINANCE,
    OUTPATIENTS,
    POPULATION,
    QUARTER,
    appointment,
    episode,
    money,
    movement,
    paid,
    people,
    prescribed,
    values_of,
    whole,
)

ABSENCE = "esr_absence__fy2006-07q1__2006-08-22.csv"
SICKNESS = "nhse_sickness__fy2006-07q1__2006-08-22.csv"
MONTHS = ("200604", "200605", "200606")
LOW, HIGH = "0212000Y0AAAAAA", "0212000B0AAAAAA"
CLOPIDOGREL = "0209000C0AAAAAA"


def absence(code: str, lost: object, available: object, group: str = "n", month: str = "200604"):
    """A row of esr_absence."""
    return {
        "MONTH": month,
        "ORG_CODE": code,
        "STAFF_GROUP": group,
        "FTE_DAYS_LOST": lost,
        "FTE_DAYS_AVAILABLE": available,
    }


def sickness(code: str, lost: float, available: float, rate: object, month: int) -> dict:
    """A row of nhse_sickness of a month of 2006."""
    return {
        "DATE": f"2006-{month:02}-30",
        "ORG_CODE": code,
        "ORG_NAME": "Trust",
        "ORG_TYPE": "Acute",
        "FTE_DAYS_LOST": lost,
        "FTE_DAYS_AVAILABLE": available,
        "SICKNESS_ABSENCE_RATE_PERCENT": rate,
    }


def three_months(make, *values: object) -> list[dict]:
    """The same row in each month of the quarter."""
    return [make(*values, month=month) for month in MONTHS]


def outcome(row: dict) -> tuple:
    """Status and reason."""
    return row["publication_status"], row["status_reason"]


def test_what_cannot_be_read_is_left_out_of_both_sides(send):
    rows = []
    for code, groups in (("RWE", 10), ("RWD", 7), ("RWF", 1)):
        for n in range(groups):
            rows += three_months(absence, code, 5, 100, f"group {n}")
    for row in rows:
        if row["ORG_CODE"] == "RWF":
            row["FTE_DAYS_LOST"] = "*"
    rows[0]["FTE_DAYS_LOST"] = "[c]"  # 1 of 30 is 3.3 %
    rows[30]["FTE_DAYS_AVAILABLE"] = "1,00"  # 2 of 21 are 9.5 %
    rows[31]["FTE_DAYS_LOST"] = None
    rows += three_months(absence, "RBK", "(5)", 100)  # read, but less than nothing
    rows += three_months(absence, "RBD", " 4.0 ", "£1,00.0")  # no groups of thousands
    found = values_of(send(rows, ABSENCE), "BCBV08")
    # 29 x 5 of 29 x 100; 19 of 19.
    assert (found["RWE"]["numerator"], found["RWE"]["denominator"]) == (145, 2900)
    assert outcome(found["RWE"]) == ("caveat", "U01")
    assert (found["RWD"]["numerator"], found["RWD"]["denominator"]) == (95, 1900)
    assert outcome(found["RWD"]) == ("withheld", "U01")
    assert outcome(found["RBK"]) == ("withheld", "W01,W03")
    for code in ("RWF", "RBD"):
        own = [found[code][column] for column in ("numerator", "denominator", "value", "gap")]
        assert own == [None] * 4
        assert outcome(found[code]) == ("unusable", "U01")
        assert found[code]["benchmark_value"] == pytest.approx(0.05)
        assert not found[code]["is_eligible_for_benchmark"]


def test_a_figure_of_a_stock_or_a_running_sum_that_cannot_be_read_is_one_too_many(send):
    def result(month: str, **values: object) -> dict:
        usual = {"TOTAL_PAY": 100, "PAY_AGENCY": 5, "TURNOVER_ANNUAL": 1000, "SURPLUS_PLAN": 0}
        return money("RWE", month, **usual | values)

    first = [result("200604", SURPLUS="(900)"), result("200605", SURPLUS="-")]
    first += [result("200606", SURPLUS=300)]
    send(
        [result(f"2006{n:02}", SURPLUS=50) for n in (7, 8, 9)],
        "finance__fy2006-07q2__2006-12-01.csv",
    )
    rows = compute(send(first, FINANCE)).fct_indicator_values
    found = {
        (row["indicator_id"], row["quarter"][-2:]): row
        for row in rows
        if row["organisation_code"] == "RWE"
    }
    # One of three rows is over 5 %. The months left: -900 + 300, then 3 x 50 more.
    assert outcome(found["BCBV10", "Q1"]) == ("withheld", "U01")
    assert found["BCBV10", "Q1"]["value"] == pytest.approx(15 / 300)
    assert found["BCBV13", "Q1"]["value"] == pytest.approx(-600 / 1000)
    assert outcome(found["BCBV13", "Q1"]) == ("withheld", "U01")
    # The year to date has that month still; the quarter's own rows are all read.
    assert found["BCBV13", "Q2"]["value"] == pytest.approx(-450 / 1000)
    assert outcome(found["BCBV13", "Q2"]) == ("withheld", "U01")
    assert outcome(found["BCBV10", "Q2"]) == ("published", None)
    # Cash was never given.
    assert outcome(found["BCBV11", "Q2"]) == ("not_applicable", None)


def test_prescribing_has_one_per_cent_of_grace(send):
    def rows(n_unread: int, code: str) -> list[dict]:
        lines = [prescribed(code, f"0212000Y0{n:06}", 20, 40) for n in range(100)]
        for line in lines[:n_unread]:
            line["ITEMS"] = "*"
        return lines

    found = values_of(send(rows(1, "5A3") + rows(2, "5A4") + rows(6, "5A5"), EPACT), "BCBV07")
    assert outcome(found["5A3"]) == ("published", None)
    assert found["5A3"]["denominator"] == 99 * 20
    assert outcome(found["5A4"]) == ("caveat", "U01")
    assert outcome(found["5A5"]) == ("withheld", "U01")


def test_the_price_of_an_item_is_of_the_rows_that_tell_items_and_cost(send):
    rows = [
        prescribed("5A3", LOW, 200, 400),
        prescribed("5A3", "0212000Y0AAABAB", 50, 1) | {"NIC": "*"},
        prescribed("5A3", HIGH, 100, 2000),
        prescribed("5A3", "0212000C0AAAAAA", 100, 500) | {"ITEMS": "n/a"},
    ]
    found = values_of(send(rows, EPACT), "BCBV07")["5A3"]
    # Items 200 + 50 of 350; £20 of the dear less £2 of the cheap, an item.
    assert (found["numerator"], found["denominator"]) == (250, 350)
    assert found["unit_price_gbp"] == pytest.approx(18)


def test_identical_rows_count_once_where_practices_are_told(send):
    line = {"PRACTICE_CODE": "L84073", "COMMENT": "first"}
    rows = [
        prescribed("5A3", LOW, 300, 600) | line,
        *[prescribed("5A3", HIGH, 700, 7000) | line | {"COMMENT": n} for n in range(3)],
        # The words are not the same, though the numbers are.
        prescribed("5A3", HIGH, "700.0", 7000) | line,
        *[prescribed("5A4", HIGH, 700, 7000) | line | {"PRACTICE_CODE": None}] * 2,
    ]
    folder = send(rows, EPACT)
    found = values_of(folder, "BCBV07")
    assert found["5A3"]["denominator"] == 300 + 700 + 700
    assert found["5A4"]["denominator"] == 1400
    assert outcome(found["5A3"]) == ("published", None)
    evidence = Evidence(folder)
    rules = [row.rule for row in evidence.monthly_rows[("epact", "epd")]]
    assert rules == [None, None, "D01", "D01", None, None, None]


def test_two_rows_of_one_key_are_a_conflict(send):
    rows = [
        *three_months(absence, "RWE", 5, 100),
        *three_months(absence, "RWD", 5, 100),
        absence("rwd", 6, 100),
        *three_months(absence, "RWF", 5, 100),
        absence("RWF", 5, 100),
    ]
    found = values_of(send(rows, ABSENCE), "BCBV08")
    assert outcome(found["RWE"]) == ("published", None)
    # Both count: 21 of 400.
    assert (found["RWD"]["numerator"], found["RWD"]["denominator"]) == (21, 400)
    assert outcome(found["RWD"]) == ("withheld", "D02")
    # The same row twice is no conflict: it is there once.
    assert (found["RWF"]["denominator"], *outcome(found["RWF"])) == (300, "published", None)


def test_codes_that_are_none_are_told_apart_as_they_came(send):
    rows = [
        paid("RWE", "200604", (1, 1), (50, 100)),
        paid("RWE", "200604", (1, 1), (70, 100), " Non-NHS"),
        paid("RWD", "200604", (1, 1), (50, 100), "Non NHS"),
        paid("RWD", "200604", (1, 1), (9, 90), "Total"),
        paid("RWD", "200604", (1, 1), (8, 80), "Other"),
        paid("RWF", "200604", (1, 1), (9, 90), "total"),
        paid("RWF", "200604", (1, 1), (8, 80), "TOTAL"),
    ]
    found = values_of(send(rows, "bppc__fy2006-07q1__2006-08-22.csv"), "BCBV12")
    assert (found["RWE"]["numerator"], *outcome(found["RWE"])) == (120, "withheld", "D02")
    assert (found["RWD"]["value"], *outcome(found["RWD"])) == (0.5, "published", None)
    # Rows of no category count nowhere; what they say is in conflict.
    assert outcome(found["RWF"]) == ("not_applicable", "D02")


def test_a_total_beside_its_parts_is_not_added(send):
    rows = []
    for month in MONTHS:
        rows += [
            absence("RWE", 20, 400, "Nurses", month),
            absence("RWE", 10, 200, "Doctors", month),
            absence("RWE", 30, 600, " ALL STAFF-GROUPS ", month),
            absence("RWD", 30, 600, "Total", month),
            absence("RWD", None, None, None, month),
            absence("RWF", 30, 600, "All_staff_groups", month),
            absence("RWF00", 10, 100, "Nurses", month),
        ]
    found = values_of(send(rows, ABSENCE), "BCBV08")
    assert (found["RWE"]["numerator"], found["RWE"]["denominator"]) == (90, 1800)
    assert outcome(found["RWE"]) == ("published", None)
    # Alone it counts; a row of no group is no group. Three of six rows cannot be read.
    assert (found["RWD"]["denominator"], *outcome(found["RWD"])) == (1800, "withheld", "U01")
    # The site is the trust.
    assert (found["RWF"]["denominator"], *outcome(found["RWF"])) == (300, "published", None)


def test_a_total_alone_that_is_quarantined_by_nothing_counts_beside_another_submission(send):
    send(three_months(absence, "RWE", 10, 200, "Nurses"), ABSENCE)
    other = "esr_absence__fy2006-07q1__2006-08-22__north.csv"
    folder = send(three_months(absence, "RWE", 10, 200, "Total"), other)
    found = values_of(folder, "BCBV08")["RWE"]
    assert (found["denominator"], *outcome(found)) == (1200, "withheld", "V03")


@pytest.mark.parametrize(
    ("spoil", "n_lacking"),
    [
        (lambda rows: rows, 0),
        (lambda rows: rows[1:], 1),
        (lambda rows: [row for row in rows if row["SEX"] == 1], 18),
        (lambda rows: [rows[0] | {"POPULATION": "*"}, *rows], 1),
        (lambda rows: [rows[0] | {"AGE_BAND": "5-Sep"}, *rows[1:]], 1),
        # The sum of both sexes is no sex.
        (lambda rows: [*rows, rows[0] | {"SEX": 3, "POPULATION": 5000}], 0),
    ],
)
def test_a_population_without_a_band_or_sex_has_nothing_per_head(send, spoil, n_lacking):
    rows = whole([people("5A3", 3000, "65-69")])
    send(spoil(rows), POPULATION)
    folder = send([prescribed("5A3", CLOPIDOGREL, 300, 900)], EPACT)
    found = values_of(folder, "BCBV19")["5A3"]
    assert ("N01" in (found["status_reason"] or "")) == (n_lacking > 0)
    if not n_lacking:
        assert (found["denominator"], found["publication_status"]) == (3000, "published")
    assert Evidence(folder).population.lacking(QUARTER) == {"5A3": n_lacking}


def test_bands_of_the_very_old_are_one_and_leading_noughts_are_nothing(send):
    rows = [row for row in whole([people("5A3", 100, "00-04")]) if row["AGE_BAND"] != "0-4"]
    rows = [row for row in rows if row["AGE_BAND"] != "85+"]
    rows += [people("5A3", 10, band) for band in ("85-89", "90 and over")]
    rows += [people("5A3", 1, band) | {"SEX": 2} for band in ("0 - 4", "85+")]
    folder = send(rows, POPULATION)
    population = Evidence(folder).population
    assert population.lacking(QUARTER) == {"5A3": 0}
    assert population.of(QUARTER)["5A3"][0, 1, 3] == 100
    assert population.of(QUARTER)["5A3"][17, 1, 3] == 20


def test_a_merged_population_lacks_what_one_of_the_old_ones_lacks(send):
    old = whole([people("5P3", 10)])[:-2] + whole([people("5P4", 10)])[:-1]
    population = Evidence(send(old, POPULATION)).population
    assert population.lacking(QUARTER) == {"5P3": 2, "5P4": 1}
    # The last two cells of one hold the last one of the other.
    assert population.lacking(quarters.from_label("2010-11 Q1")) == {"5QV": 2}


def test_one_of_the_published_figures_that_cannot_be_read_is_its_month(send):
    def published(code: str, month: int, kind: str, number: object, group: str) -> dict:
        return {
            "PERIOD": f"2006{month - 1:02} to 2006{month:02}",
            "TYPE": kind,
            "REPORTING_ORG_CODE": code,
            "STAFF_GROUP_1_NAME": group,
            "HC": number,
            "FTE": 1,
        }

    kinds = ("Denominator at start of period", "denominator-at-end of period", "Leavers")
    rows = [
        published(code, month, kind, n, group)
        for code in ("RWE", "RWD", "RWF")
        for month in (4, 5, 6)
        for kind, n in zip(kinds, (100, 100, 2), strict=True)
        for group in ("All staff groups", "Nurses", "Doctors")
    ]
    of_leavers = [r for r in rows if _is_of(r, "RWD", "Leavers", "All staff groups")]
    of_leavers[-1]["HC"] = "*"
    for row in rows:
        if _is_of(row, "RWF", None, "All staff groups"):
            row["HC"] = "[c]"
    local = [movement(code, f"2005{n:02}", 100, 2) for code in ("RWE", "RWD") for n in range(7, 13)]
    local += [movement(code, f"2006{n:02}", 100, 2) for code in ("RWE", "RWD") for n in range(1, 4)]
    send(local, "esr_movement__m2005-07_2006-03__2006-08-22.csv")
    found = values_of(send(rows, "nhse_turnover__fy2006-07q1__2006-08-22.csv"), "BCBV09")
    # Twelve months of 2 leavers of 100.
    assert (found["RWE"]["value"], *outcome(found["RWE"])) == (0.24, "published", None)
    # Without June there are no twelve; 1 of 27 rows is 3.7 %.
    assert (found["RWD"]["value"], *outcome(found["RWD"])) == (None, "not_applicable", "U01")
    # Those of the groups say nothing to the indicator.
    assert outcome(found["RWF"]) == ("unusable", "U01")


def _is_of(row: dict, code: str, kind: str | None, group: str) -> bool:
    return (
        row["REPORTING_ORG_CODE"] == code
        and kind in (None, row["TYPE"])
        and row["STAFF_GROUP_1_NAME"] == group
    )


def test_payments_to_the_nhs_are_no_use_to_the_indicator(send):
    rows = [
        paid("RWE", "200604", (1, 1), (50, 100), "nhs"),
        paid("RWE", "200604", (1, 1), (101, 100)),  # F01
        paid("RWD", "200604", (1, 1), (50, 100), "nhs"),
        paid("RWF", "200604", (1, 1), (50, 100), "nhs"),
        paid("RWF", "200604", (1, 1), ("*", 100)),
        paid("RBD", "200604", (1, 1), (101, 100), "nhs"),
        paid("RBK", "200604", (1, 1), (None, -5)),  # less than nothing is F01, whatever else
    ]
    found = values_of(send(rows, "bppc__fy2006-07q1__2006-08-22.csv"), "BCBV12")
    assert outcome(found["RWE"]) == ("unusable", "F01")
    assert outcome(found["RWD"]) == ("not_applicable", None)
    assert outcome(found["RWF"]) == ("unusable", "U01")
    assert outcome(found["RBD"]) == outcome(found["RBK"]) == ("unusable", "F01")


def test_a_month_without_prescriptions_is_said_and_no_rate_per_head_is_made_of_the_rest(send):
    send(whole([people(code, 3000, "65-69") for code in ("5A3", "5A4")]), POPULATION)
    rows = []
    for month in MONTHS:
        for code in ("5A3", "5A4"):
            for drug in (LOW, CLOPIDOGREL):
                rows.append(prescribed(code, drug, 2000, 2000) | {"PERIOD": month})
    rows = [row for row in rows if (row["PCT_CODE"], row["PERIOD"]) != ("5A4", "200605")]
    folder = send(rows, "epact__fy2006-07q1__2006-08-22.csv")
    shares, volumes = values_of(folder, "BCBV07"), values_of(folder, "BCBV19")
    assert outcome(shares["5A3"]) == outcome(volumes["5A3"]) == ("published", None)
    assert outcome(shares["5A4"]) == ("caveat", "C01")
    assert outcome(volumes["5A4"]) == ("withheld", "C02")
    # A month of which nobody sent a file is nobody's fault.
    only_april = [row for row in rows if row["PERIOD"] == "200604"]
    (folder / "epact__fy2006-07q1__2006-08-22.csv").unlink()
    folder = send(only_april, EPACT)
    assert outcome(values_of(folder, "BCBV19")["5A4"]) == ("published", None)


def test_fewer_months_than_before_are_said(send):
    def pay(code: str, *months: int) -> list[dict]:
        return [money(code, f"2006{m:02}", TOTAL_PAY=100, PAY_AGENCY=5) for m in months]

    send(
        pay("RWE", 1, 2, 3) + pay("RWD", 3) + pay("RBK", 1, 2, 3),
        "finance__fy2005-06q4__2006-05-22.csv",
    )
    merger = {"OLD_CODE": "RBK", "NEW_CODE": "RBD", "EFFECTIVE_DATE": "2006-05-01"}
    send([merger], "successions__fy2006-07__2006-08-22.csv")
    folder = send(pay("RWE", 4, 6) + pay("RWD", 6) + pay("RWF", 6) + pay("RBD", 4, 5), FINANCE)
    found = values_of(folder, "BCBV10")
    assert outcome(found["RWE"]) == ("caveat", "C01")
    assert outcome(found["RBD"]) == ("caveat", "C01")
    assert outcome(found["RWD"]) == outcome(found["RWF"]) == ("published", None)
    check = Evidence(folder).checks(("finance",), QUARTER)["RWE"]["C01"]
    assert check == checks.Check(3, 1, pytest.approx(1 / 3), "amber")


@pytest.mark.parametrize(
    ("now", "before", "typical", "result"),
    [
        (300.0, 100.0, 200.0, "green"),
        (301.0, 100.0, 200.0, "red"),
        (100.0, 300.0, 200.0, "green"),
        (99.0, 300.0, 200.0, "red"),
        (0.0, 300.0, 200.0, "red"),
        (300.0, 0.0, 200.0, "red"),
        (0.0, 0.0, 200.0, "not_evaluated"),
        (300.0, None, 200.0, "not_evaluated"),
        (None, 300.0, 200.0, "not_evaluated"),
        (9.9, 1.0, 1000.0, "not_evaluated"),
        (10.0, 1.0, 1000.0, "red"),
    ],
)
def test_a_jump_is_more_than_threefold(now, before, typical, result):
    assert checks.j01(now, before, typical).outcome == result


def test_sizes_are_per_month_that_tells_them(send):
    rows = [
        movement("RWE", "200604", 100, 1),
        movement("RWE", "200604", 40, 1, STAFF_GROUP="doctors", LEAVING_REASON="death"),
        movement("RWE", "200604", 50, 1, STAFF_GROUP="doctors", LEAVING_REASON="Retirement"),
        movement("RWE", "200605", "*", 1),
        movement("RWE", "200606", 200, 1),
        movement("RWE", "200606", 1000, 1, STAFF_GROUP="All staff"),
    ]
    evidence = Evidence(send(rows, "esr_movement__fy2006-07q1__2006-08-22.csv"))
    own = evidence.own(("esr_movement", "nhse_turnover"), quarters.months_of(QUARTER), QUARTER)
    # 100 + 50 in April, 200 in June; the total is beside a part.
    assert checks.size(own["RWE"], "esr_movement") == 175
    payments = [
        paid("RWE", "200604", (1, 1), (60, 100)),
        paid("RWE", "200604", (1, 1), (60, 50), "nhs"),  # F01
        paid("RWE", "200606", (1, 1), (60, 200), "nhs"),
        paid("RWE", "200606", (1, 1), (60, 900), "total"),
    ]
    evidence = Evidence(send(payments, "bppc__fy2006-07q1__2006-08-22.csv"))
    own = evidence.own(("bppc",), quarters.months_of(QUARTER), QUARTER)
    assert checks.size(own["RWE"], "bppc") == 150


def test_thousands_for_pounds_are_of_another_order(send):
    def pay(code: str, amount: float, *months: int) -> list[dict]:
        return [
            money(code, f"2006{m:02}", TOTAL_PAY=amount, PAY_AGENCY=0, CLOSING_CASH=1)
            for m in months
        ]

    rows = pay("RWE", 6_000, 4, 5, 6) + pay("RWD", 6_000_000, 4, 5, 6)
    # 12 million of a quarter are 4 million a month; of a month that is not the last, 12.
    rows += pay("RWF", 12_000_000, 6) + pay("RBD", 12_000_000, 5)
    folder = send(rows, FINANCE)
    found = values_of(folder, "BCBV10")
    assert outcome(found["RWE"]) == ("withheld", "S01")
    assert {code for code, row in found.items() if row["status_reason"] == "S01"} == {"RWE"}
    amounts = {
        code: own["S01"].rate
        for code, own in Evidence(folder).checks(("finance",), QUARTER).items()
    }
    assert amounts == {"RWE": 6e3, "RWD": 6e6, "RWF": 4e6, "RBD": 12e6}
    assert checks.s01(2.0, [100.0]).outcome == "green"
    assert checks.s01(1.99, [100.0]).outcome == "red"
    assert checks.s01(5000.0, [50.0, 100.0, 150.0]).outcome == "green"
    assert checks.s01(5001.0, [50.0, 100.0, 150.0]).outcome == "red"
    assert checks.s01(1.0, []).outcome == "not_evaluated"


def test_a_month_that_tells_no_days_is_none_to_divide_by(send):
    send(
        [absence("RWE", 5, 100, "n", f"2006{n:02}") for n in (1, 2, 3)],
        "esr_absence__fy2005-06q4__2006-05-22.csv",
    )
    rows = three_months(absence, "RWE", 5, 100)
    rows[1]["FTE_DAYS_AVAILABLE"] = "*"
    found = values_of(send(rows, ABSENCE), "BCBV08")["RWE"]
    # 200 of two months are 100 a month, as before; one of three rows cannot be read.
    assert (found["denominator"], *outcome(found)) == (200, "withheld", "U01")


def test_a_published_rate_that_is_another_rows(send):
    rows = []
    for n in (4, 5, 6):
        rows += [
            sickness("RWE", 45, 1000, 4.51, n),
            sickness("RWD", 45, 1000, "4.53%" if n == 5 else "4.5%", n),
            sickness("RWF", 1001, 1000, 100.1, n),
        ]
    found = values_of(send(rows, SICKNESS), "BCBV08")
    assert outcome(found["RWE"]) == ("published", None)
    assert outcome(found["RWD"]) == ("withheld", "R01")
    assert outcome(found["RWF"]) == ("withheld", "W01,W03")


def test_an_item_is_whole(send):
    rows = [
        prescribed("5A3", LOW, "2,000.0", 2000),
        prescribed("5A3", HIGH, 0.5, 10),
        prescribed("5A4", HIGH, 0.5, 10),
    ]
    found = values_of(send(rows, EPACT), "BCBV07")
    assert (found["5A3"]["denominator"], *outcome(found["5A3"])) == (2000, "published", None)
    assert outcome(found["5A4"]) == ("unusable", "P02")


def test_the_rows_of_a_hospital_that_are_all_taken_leave_nothing_to_use(send):
    late = {"DISDATE": "2008-01-05"}
    rows = [
        episode(1, PCTCODE_HIS="5A3"),
        episode(2, PROCODE3="RWD", PCTCODE_HIS="5A4", **late),
        episode(3, PROCODE3="ZZZ", PCTCODE_HIS="5A5", **late),
        episode(4, PROCODE3="ZZZ", PCTCODE_HIS="5A7"),
        episode(5, PROCODE3="RWF", PCTCODE_HIS="5A8", EPISTART="2005-01-01", EPIEND="2005-01-02"),
    ]
    send([appointment(1), appointment(2, PROCODE3="RWD")], OUTPATIENTS)
    folder = send(rows)
    trusts, pcts = values_of(folder, "BCBV01"), values_of(folder, "BCBV05")
    assert outcome(trusts["RWD"]) == outcome(pcts["5A4"]) == ("unusable", "A06")
    assert outcome(pcts["5A5"]) == ("unusable", "A06")
    # Of an unknown provider, or outside the period: none.
    for found in (pcts["5A7"], trusts["RWF"], pcts["5A8"]):
        assert outcome(found) == ("not_submitted", None)
    assert values_of(folder, "BCBV15")["RWD"]["publication_status"] == "not_applicable"


def test_codes_of_sites_and_groups(send):
    rows = [
        *three_months(absence, "RWE00", 5, 100, "a"),
        *three_months(absence, "rwe01", 5, 100, "a"),
        *three_months(absence, "RXX99", 5, 100, "a"),
        *three_months(absence, "ZZZ00", 5, 100, "a"),
    ]
    found = values_of(send(rows, ABSENCE), "BCBV08")
    assert (found["RWE"]["denominator"], *outcome(found["RWE"])) == (600, "published", None)
    register = Evidence(send(rows, ABSENCE)).register
    assert register.body("RM401") == "RM4"
    assert register.mapped(register.body("RM401"), quarters.from_label("2017-18 Q3")) == "R0A"
    assert register.body("RXX99") == "RXX"  # of mental health
    assert register.body("5A399") == "5A399"
    assert register.resolved("5A300") == "5A3"
    # A patient's PCT is no site of a trust.
    assert not register.known("RWE00")


def test_prescriptions_of_nobody_in_particular_are_their_groups(send):
    practice = {"PRACTICE_CODE": "5A3998"}
    rows = [
        prescribed("-", LOW, 1000, 9) | practice,
        prescribed("5A3", LOW, 1000, 9) | practice,
        prescribed("5A4", LOW, 2000, 9) | practice,
        prescribed("-", LOW, 7, 9) | {"PRACTICE_CODE": "-"},
        prescribed("Q99", LOW, 500, 9) | {"PRACTICE_CODE": "A1"},
        prescribed("q9900", LOW, 500, 9) | {"PRACTICE_CODE": "A1"},
    ]
    folder = send(rows, EPACT)
    found = values_of(folder, "BCBV07")
    # Whoever is named as commissioner.
    assert found["5A3"]["denominator"] == 4000
    assert found["5A4"]["publication_status"] == "not_submitted"
    evidence = Evidence(folder)
    rows = evidence.monthly_rows[("epact", "epd")]
    assert [row.code for row in rows] == ["5A3", "5A3", "5A3", "-", "Q99", "Q99"]
    assert "Q99" in evidence.register.organisations
    # Elsewhere it is nobody.
    assert not evidence.register.known("-")


FORMS = {
    "esr_absence__m2006-04__2006-08-22.csv": (
        "sep=;\nSickness absence; April\n\n"
        "Org Code;Month ;Staff-group;fte days lost;FTE_Days_Available;\n"
        'RWE;Apr-06;a;5;"1,00";\nRWE;2006-APR;b;5;100.0;;;\nRWE;Apr 2006;c;5;100;;7\n'
        'RWE;200604;d;5;"1,000";\n'
    ),
    "nhse_sickness__m2013-01_2013-02__2013-08-22.csv": (
        "Date,Org Code,Org Name,Org Type,FTE Days Sick,FTE Days Available,SA Rate (%)\n"
        '2013-JAN,RWE,x,Acute,"1,200.50","30,012.50",4.00\n2013-FEB,RWE,x,Acute,1200,30000,4\n'
    ),
    "epact__m2011-09__2011-11-20.csv": (
        " SHA,PCT,PRACTICE,BNF CODE,BNF NAME  ,ITEMS  ,NIC ,ACT COST ,QUANTITY,PERIOD, \n"
        "Q30,5D7,X00001,0212000Y0AAADAD,Simvastatin,0000700,00000700.00,00000651.00,0019600,201109,\n"
    ),
    "epd__m2017-09__2017-11-15.csv": (
        "YEAR_MONTH,ICB_CODE,PCO_CODE,PRACTICE_CODE,BNF_PRESENTATION_CODE,ITEMS,TOTAL_QUANTITY,NIC,"
        "ACTUAL_COST,ADQ_USAGE,SNOMED_CODE\n"
        "2017_09,QOP,11M00,X1,0212000Y0AAADAD,5,140,5.0,5.0,0,1111\n"
        "2017_09,QOP,11M00,X1,0212000Y0AAADAD,5,140,5.0,5.0,0,2222\n"
    ),
}


def test_layouts_that_publishers_put_out_are_read(tmp_path: Path):
    for name, text in FORMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
    evidence = Evidence(tmp_path)
    landed = {s.feed: s for s in evidence.submissions}
    # A line with something beyond the header is malformed.
    assert (len(landed["esr_absence"].rows), landed["esr_absence"].n_rejects) == (3, 1)
    assert [row["_LINE"] for row in landed["esr_absence"].rows] == [5, 6, 8]
    rows = evidence.monthly_rows[("esr_absence", "nhse_sickness")]
    told = [
        (row.month, row.number("FTE_DAYS_LOST"), row.number("FTE_DAYS_AVAILABLE")) for row in rows
    ]
    april, january = 12 * 2006 + 3, 12 * 2013
    assert told == [
        (april, 5, None),
        (april, 5, 100),
        (april, 5, None),  # a thousand, or one
        (january, 1200.5, 30012.5),
        (january + 1, 1200, 30000),
    ]
    rows = evidence.monthly_rows[("epact", "epd")]
    assert [(row.code, row.number("ITEMS"), row.rule) for row in rows] == [
        ("5D7", 700, None),
        ("11M", 5, None),
        ("11M", 5, None),
    ]


def test_a_word_for_nothing_is_nothing(send):
    rows = [episode(n, PSEUDO_HESID=("NA", "NULL", "n/a", "None")[n]) for n in range(4)]
    rows[0] |= {"OPERTN_4_01": "NaN", "CLASSPAT": "1.0", "ADMIMETH": "33", "SEX": "3"}
    first, *_ = evidence = Evidence(send(rows)).episodes
    assert [e.person for e in evidence] == [None] * 4
    assert (first.raw_procedure, first.class_of_patient) == (None, "1")
    assert (first.admission_method, first.sex) == (None, None)
