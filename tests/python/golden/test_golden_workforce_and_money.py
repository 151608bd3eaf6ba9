"""Golden cases of the reference: turnover, agency pay, cash, surplus, payment in time."""

import pytest
from reference import finance
from reference.golden import Golden
from reference.tables import Evidence, compute
from rows import (
    FINANCE,
    assert_golden,
    money,
    months,
    movement,
    paid,
    published_movement,
    values_of,
)


def test_turnover_is_of_twelve_months_and_thirteen_headcounts(send):
    rows = []
    for month in months("200507", 12):
        is_last = month == "200606"
        # 100 nurses and 50 doctors, 37 of them at the end; 3 leavers a month that count.
        rows += [
            movement("RWE", month, 100, 2, LEAVING_REASON="voluntary"),
            movement("RWE", month, 100, 9, LEAVING_REASON="Transfer_TUPE", HEADCOUNT_END=74),
            movement("RWE", month, 50, 5, STAFF_GROUP="doctors", LEAVING_REASON="rotation"),
            movement("RWE", month, 50, 1, STAFF_GROUP="doctors"),
            movement("RBD", month, 100, 1),
        ]
        if is_last:
            for row in rows[-3:-1]:
                row["HEADCOUNT_END"] = 37
        else:
            rows.append(movement("RWF", month, 200, 4))
        if month != "200601":
            rows.append(movement("RWD", month, 100, 1))
        if month <= "200604":
            rows.append(movement("RBK", month, 50, 1))
    published = [
        published_movement("RWF", "Denominator at start of period", 700),
        published_movement("RWF", "DENOMINATOR AT END OF PERIOD", 213),
        published_movement("RWF", "Joiners", 50),
        published_movement("RWF", "Leavers", 8),
        published_movement("RWF", "Leavers", 100, "Midwives"),
        published_movement("RWE", "Leavers", 100),
    ]
    merger = {"OLD_CODE": "RBK", "NEW_CODE": "RBD", "EFFECTIVE_DATE": "2006-05-01"}
    send([merger], "successions__fy2006-07__2006-08-22.csv")
    send(published, "nhse_turnover__m2006-06__2006-08-22.csv")
    send([r for r in rows if r["MONTH"] < "200604"], "esr_movement__fy2005-06__2006-08-22.csv")
    last_rows = [row for row in rows if row["MONTH"] >= "200604"]
    found = values_of(send(last_rows, "esr_movement__fy2006-07q1__2006-08-22.csv"), "BCBV09")
    for code, leavers, staff in (
        ("RWE", 36, (12 * 150 + 137) / 13),
        ("RWF", 52, (12 * 200 + 213) / 13),
        ("RBD", 22, (11 * 150 + 2 * 100) / 13),
    ):
        assert found[code]["numerator"] == leavers
        assert found[code]["denominator"] == pytest.approx(staff)
        assert found[code]["value"] == pytest.approx(leavers / staff)
        assert found[code]["publication_status"] == "published"
    unknown = found["RWD"]
    assert (unknown["numerator"], unknown["denominator"], unknown["value"]) == (None, None, None)
    assert unknown["publication_status"] == "not_applicable"


def test_a_fifth_of_the_agency_pay_above_the_benchmark_is_an_opportunity(send):
    rows = [
        money("RWE", "200604", TOTAL_PAY=100, PAY_AGENCY=10),
        money("RWE", "200606", TOTAL_PAY=200, PAY_AGENCY=5),
        money("RWD", "200606", TOTAL_PAY=100, PAY_AGENCY=3),
        money("RWF", "200606", TOTAL_PAY=100),
    ]
    found = values_of(send(rows, FINANCE), "BCBV10")
    assert found["RWE"]["value"] == pytest.approx(0.05)
    assert found["RWE"]["benchmark_value"] == pytest.approx(0.035)
    assert found["RWE"]["excess_units"] == pytest.approx(4.5)
    assert found["RWE"]["opportunity_quarter_gbp"] == pytest.approx(0.9)
    # A required figure that is missing cannot be read, and there is nothing else.
    assert (found["RWF"]["numerator"], found["RWF"]["denominator"]) == (None, None)
    assert (found["RWF"]["publication_status"], found["RWF"]["status_reason"]) == (
        "unusable",
        "U01",
    )


def test_cash_is_context_and_the_surplus_adds_up_over_the_year(send):
    def result(code: str, month: str, **values: object) -> dict:
        return money(code, month, TOTAL_PAY=100, PAY_AGENCY=0, **values)

    months = (
        ("200604", {"CLOSING_CASH": 10, "CLOSING_CASH_PLAN": 20, "SURPLUS": 10, "SURPLUS_PLAN": 4}),
        ("200605", {"CLOSING_CASH": 70, "CLOSING_CASH_PLAN": 50, "SURPLUS": -3, "SURPLUS_PLAN": 0}),
        ("200606", {"CLOSING_CASH": 5, "SURPLUS": 50}),
    )
    first = [
        *(result("RWE", month, **values) for month, values in months),
        result("RWD", "200606", SURPLUS=2, SURPLUS_PLAN=1, TURNOVER_ANNUAL=60),
        result("RBK", "200606", SURPLUS=1, SURPLUS_PLAN=1, TURNOVER_ANNUAL=40),
    ]
    first[0]["TURNOVER_ANNUAL"], first[2]["TURNOVER_ANNUAL"] = 100, 400
    second = [result("RWE", "200609", SURPLUS=8, SURPLUS_PLAN=2, TURNOVER_ANNUAL=500)]
    merger = {"OLD_CODE": "RBK", "NEW_CODE": "RWD", "EFFECTIVE_DATE": "2006-06-30"}
    send([merger], "successions__fy2006-07__2006-08-22.csv")
    send(second, "finance__fy2006-07q2__2006-11-22.csv")
    folder = send(first, FINANCE)
    cash = values_of(folder, "BCBV11")["RWE"]
    assert (cash["numerator"], cash["denominator"]) == (20, 400)
    assert cash["value"] == pytest.approx(0.05)
    assert cash["publication_status"] == "published"
    compared = ("benchmark_value", "national_rank", "quartile", "gap", "excess_units")
    assert [cash[column] for column in compared] == [None] * 5
    assert not cash["is_eligible_for_benchmark"]
    result = values_of(folder, "BCBV13")
    assert result["RWE"]["value"] == pytest.approx(0.0075)
    assert result["RWD"]["value"] == pytest.approx(0.01)
    assert result["RWE"]["benchmark_value"] == pytest.approx(0.009375)
    assert result["RWE"]["excess_units"] == pytest.approx(0.75)
    assert result["RWE"]["opportunity_quarter_gbp"] is None
    tables = compute(folder)
    (later,) = (
        row
        for row in tables.fct_indicator_values
        if (row["indicator_id"], row["organisation_code"]) == ("BCBV13", "RWE")
        and row["quarter"] == "2006-07 Q2"
    )
    assert later["value"] == pytest.approx(9 / 500)
    assert not any(r["indicator_id"] == "BCBV11" for r in tables.fct_quartile_thresholds)


def test_suppliers_outside_the_nhs_paid_in_time(send):
    golden = Golden("g14")
    within, gbp = golden.rows["RMP"]["numerator"], golden.rows["RMP"]["denominator"]
    rows = [
        paid("RMP", "200604", (4893, 13_930), (40_000_000, 60_000_000)),
        paid("RMP", "200605", (10_000, 30_000), (within - 40_000_000, gbp - 60_000_000)),
        paid("RMP", "200606", (2, 1), (5, 900)),
        paid("RWF", "200606", (1, 1), (901, 900)),
        paid("RMP", "200606", (1, 1), (900, 900), "nhs"),
        paid("RWD", "200606", (1, 2), (50, 100)),
        paid("RWE", "200606", (-1, 2), (50, 100)),
        paid("5A3", "200606", (1, 2), (90, 100)),
    ]
    folder = send(rows, "bppc__fy2006-07q1__2006-08-22.csv")
    found = values_of(folder, "BCBV12")
    assert_golden(golden, found)
    counted = [
        row
        for row in Evidence(folder).monthly_rows[("bppc",)]
        if row.code == "RMP" and finance.category(row) == "NON_NHS" and row.rule is None
    ]
    in_time, all_paid = (
        sum(row.number(column) for row in counted)
        for column in ("WITHIN_TARGET_N", "INVOICES_PAID_N")
    )
    assert in_time / all_paid == pytest.approx(golden.given["share_of_invoices"], abs=0.0005)
    # Each class has a benchmark of its own.
    assert found["RWD"]["benchmark_value"] == pytest.approx(0.6471017, abs=1e-6)
    assert (found["5A3"]["benchmark_value"], found["5A3"]["n_ranked"]) == (0.9, 1)
    for code in ("RWE", "RWF"):
        assert (found[code]["numerator"], found[code]["denominator"]) == (None, None)
        assert found[code]["publication_status"] == "unusable"
        assert found[code]["status_reason"] == "F01"
