"""Golden cases of the reference: the rules that hold back what cannot be trusted."""

import pytest
from reference import deliveries, gate, quarters
from reference.tables import Evidence
from rows import (
    EPACT,
    OUTPATIENTS,
    POPULATION,
    QUARTER,
    appointments,
    episode,
    people,
    prescribed,
    values_of,
    whole,
)


@pytest.mark.parametrize(
    ("rule", "column", "values", "most", "indicators"),
    [
        ("O02", "ATTENDED", (None, 0, 9), 4, ("BCBV06", "BCBV15", "BCBV16")),
        ("O03", "FIRSTATT", (None, "X", "x", 9), 2, ("BCBV06", "BCBV15")),
        ("O04", "REFSOURC", (None, "99"), 4, ("BCBV06",)),
    ],
)
def test_unknown_codes_gate_above_a_share(send, rule, column, values, most, indicators):
    rows = appointments((40, {}))
    for i in range(most + 1):
        rows[i][column] = values[i % len(values)]
    for n, gated in ((most, ()), (most + 1, indicators)):
        rows[most][column] = 3 if n == most else values[0]
        send(whole([people("5A3", 1000)]), POPULATION)
        folder = send(rows, OUTPATIENTS)
        for indicator, code in (("BCBV06", "5A3"), ("BCBV15", "RWE"), ("BCBV16", "RWE")):
            reasons = values_of(folder, indicator)[code]["status_reason"] or ""
            assert (rule in reasons.split(",")) == (indicator in gated)


def test_a_month_of_two_senders_gates_unless_it_is_set_aside(send):
    statin = "0212000Y0AAAAAA"
    codes = ("5A3", "5A4", "5A5", "5A7")
    rows = [prescribed(code, statin, 2000, 2000) for code in codes[:2]]
    send(rows, EPACT)
    send([prescribed("5a4", statin, 1, 1)], "epact__m2006-04__2006-08-22__north.csv")
    published = [
        {
            "YEAR_MONTH": "2006_04",
            "PCO_CODE": code,
            "PRACTICE_CODE": "L84073",
            "BNF_CODE": statin,
            "ITEMS": 2000,
            "TOTAL_QUANTITY": 1,
            "NIC": 2000,
            "ACTUAL_COST": 1,
        }
        for code in codes
    ]
    send(published, "epd__m2006-04__2006-08-22.csv")
    again = [row for row in published if row["PCO_CODE"] in ("5A3", "5A5")]
    folder = send(again, "epd__m2006-04__2006-08-22__north.csv")
    found = values_of(folder, "BCBV07")
    for code, items, status in (
        ("5A3", 2000, "published"),
        ("5A4", 2001, "withheld"),
        ("5A5", 4000, "withheld"),
        ("5A7", 2000, "published"),
    ):
        assert found[code]["denominator"] == items
        assert found[code]["publication_status"] == status
        assert found[code]["status_reason"] == ("V03" if status == "withheld" else None)


def test_completeness_is_held_against_four_quarters_and_the_season_of_the_class():
    counts = {
        # The first is too old, and the one without records is passed over.
        "A": (1000, 100, 100, 0, 100, 100, 90),
        "B": (0, 0, 200, 200, 200, 200, 150),
        "C": (0, 0, 60, 60, 60, 60, 60),
        "D": (0, 0, 54, 54, 54, 54, 54),
        "E": (0, 0, 100, 100, 100, 100, 0),
        "F": (0, 0, 0, 100, 100, 100, 100),
    }
    records = {
        (code, QUARTER - 6 + i): [None] * n
        for code, numbers in counts.items()
        for i, n in enumerate(numbers)
        if n
    }
    # A season of 0.9: the median of 0.9, 0.75, 1, 1 and 0. D has 48.6 expected.
    found = deliveries.completeness(records, QUARTER, counts)
    assert found == pytest.approx({"A": 1, "B": 150 / 180, "C": 60 / 54, "E": 0})


@pytest.mark.parametrize(
    ("completeness", "removed", "colours"),
    [
        (None, 9, (None, None)),
        (0.0, 0, ("red", None)),
        (0.7499, 0, ("red", None)),
        (0.75, 0, ("amber", None)),
        (0.8999, 0, ("amber", None)),
        (0.9, 0, (None, None)),
        (1.15, 9, (None, None)),
        (1.1501, 2, (None, None)),
        (1.1501, 3, (None, "red")),
    ],
)
def test_too_few_records_and_too_many(completeness, removed, colours):
    checks = gate.v01(completeness), gate.v02(completeness, removed, 100)
    assert tuple(check.colour for check in checks) == colours


def test_deliveries_gate_trusts_and_pcts_for_themselves(send):
    earlier, now = [], []
    for code, pct, n in (("RWE", "5A3", 40), ("RWD", "5A4", 60), ("RWF", "5A5", 75)):
        places = {"PROCODE3": code, "PCTCODE_HIS": pct, "CLASSPAT": 3}
        for quarter in range(QUARTER - 4, QUARTER):
            days = ("ADMIDATE", "DISDATE", "EPISTART", "EPIEND")
            when = dict.fromkeys(days, quarters.first_day(quarter))
            first = len(earlier)
            earlier += [episode(10_000 + first + i, **places, **when) for i in range(60)]
        now += [episode(len(now) + i, **places) for i in range(n)]
    # 7 of 60 without a diagnosis, 3 of 78 or 79 sent twice, one by another sender.
    for row in now[40:47]:
        row["DIAG_4_01"] = "R69X"
    now += [row | {"EPIKEY": 5000 + i} for i, row in enumerate(now[-3:])]
    send(earlier, "hes_apc__fy2005-06__2007-12-31.csv")
    send([episode(9000, PROCODE3="RWF")], "hes_apc__m2006-04__2007-12-31__west.csv")
    folder = send(now)
    reasons = {"RWE": "MIN,V01", "RWD": "A12,MIN", "RWF": "MIN,V02,V03"}
    trusts = values_of(folder, "BCBV01")
    assert {code: trusts[code]["status_reason"] for code in reasons} == reasons
    # 76 spells of the trust, 75 of its PCT.
    pcts = values_of(folder, "BCBV05")
    reasons = {"5A3": "V01", "5A4": "A12", "5A5": "V02"}
    assert {code: pcts[code]["status_reason"] for code in reasons} == reasons


@pytest.mark.parametrize(
    ("received", "colour"),
    [("I10", None), ("a00.1", None), ("R690", "red"), ("5A1", "red"), ("AB1", "red"), ("", "red")],
)
def test_a_main_diagnosis_is_of_use_or_not(send, received, colour):
    rows = [episode(i) for i in range(9)] + [episode(9, DIAG_4_01=received)]
    assert gate.a12(Evidence(send(rows)).episodes).colour is None
    assert gate.a12(Evidence(send(rows[1:])).episodes).colour == colour
