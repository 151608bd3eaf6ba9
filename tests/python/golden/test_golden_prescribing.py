"""Golden cases of the reference: shares of drugs, and items a head."""

import pytest
from reference.golden import Golden
from rows import (
    EPACT,
    POPULATION,
    STANDS_FOR,
    assert_golden,
    people,
    prescribed,
    values_of,
    whole,
)


def test_prescribing_share_and_the_price_of_an_item_changed(send):
    golden, rows = Golden("g5"), []
    for name, (low, high, low_cost, high_cost) in golden.given.items():
        code = STANDS_FOR[name]
        common = {"PERIOD": "200604", "PCT_CODE": code, "QUANTITY": 1, "ACT_COST": 1}
        rows.append(common | {"BNF_CODE": "0212000Y0AAAAAA", "ITEMS": low, "NIC": low_cost})
        rows.append(common | {"BNF_CODE": "0212000B0AAAAAA", "ITEMS": high, "NIC": high_cost})
    folder = send(rows, "epact__fy2006-07q1__2006-08-22.csv")
    found = values_of(folder, "BCBV07")
    assert_golden(golden, found)
    assert found["5A8"]["publication_status"] == "not_submitted"
    assert values_of(folder, "BCBV17")["5A3"]["publication_status"] == "not_applicable"


def test_clopidogrel_is_counted_against_the_people_of_45_and_over(send):
    rows = [
        prescribed("5A3", "0209000C0AAAAAA", 200, 3000),
        prescribed("5A3", "0209000C0BBAAAA", 300, 3000),
        prescribed("5A4", "0209000C0AAAAAA", 400, 8000),
        prescribed("5A5", "0209000C0AAAAAA", 7, 70),
        prescribed("5A7", "0209000C0AAAAAA", 90, 90),
        prescribed("5A8", "0209000A0AAAAAA", 90, 90),
    ]
    population = [
        people("5A3", 9000, "40-44"),
        people("5A3", 3000, "45-49"),
        people("5A3", 2000, "85+"),
        people("5A4", 2000),
        people("5A7", 900),
        people("5A8", 3000),
    ]
    send(whole(population), POPULATION)
    found = values_of(send(rows, EPACT), "BCBV19")
    for code, items, n_people, value, units, gbp, status in (
        ("5A3", 500, 5000, 100, 250, 3000, "published"),
        ("5A4", 400, 2000, 200, 300, 6000, "published"),
        ("5A5", 7, None, None, None, None, "not_applicable"),
        ("5A7", 90, 900, 100, 45, 45, "caveat"),
        ("5A8", 0, 3000, 0, 0, None, "published"),
    ):
        row = found[code]
        assert (row["numerator"], row["denominator"]) == (items, n_people)
        assert row["benchmark_value"] == pytest.approx(50)
        assert row["value"] == (value if value is None else pytest.approx(value))
        assert row["excess_units"] == (units if units is None else pytest.approx(units))
        assert row["opportunity_quarter_gbp"] == (gbp if gbp is None else pytest.approx(gbp))
        assert row["publication_status"] == status
        assert row["status_reason"] == ("MIN" if code == "5A7" else None)
