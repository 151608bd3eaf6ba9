"""Golden cases of the reference: appointments: follow-ups, missed ones, duplicates."""

import pytest
from reference.tables import Evidence
from rows import OUTPATIENTS, appointment, appointments, values_of


def test_follow_ups_are_standardised_by_specialty(send):
    follow_up = {"FIRSTATT": 2}
    rows = appointments(
        (10, {}),
        (40, follow_up),
        (20, {"TRETSPEF": "300"}),
        (20, {"TRETSPEF": "300", "FIRSTATT": 4}),
        (30, {"PROCODE3": "RWD"}),
        (50, {"PROCODE3": "RWD"} | follow_up),
        (20, {"PROCODE3": "RWD", "TRETSPEF": "300"}),
        (40, {"PROCODE3": "RWD", "TRETSPEF": "300"} | follow_up),
        (5, {"TRETSPEF": "370"} | follow_up),
        (5, {"TRETSPEF": "190"} | follow_up),  # nobody has a first appointment
        (5, {"ATTENDED": 3} | follow_up),
    )
    found = values_of(send(rows, OUTPATIENTS), "BCBV15")
    # 90 to 40 in 100, 60 to 40 in 300.
    for code, follow_ups, firsts, expected, index in (
        ("RWE", 60, 30, 52.5, 114.285714),
        ("RWD", 90, 50, 97.5, 92.307692),
    ):
        assert (found[code]["numerator"], found[code]["denominator"]) == (follow_ups, firsts)
        assert found[code]["crude_value"] == pytest.approx(follow_ups / firsts)
        assert found[code]["expected"] == pytest.approx(expected)
        assert found[code]["value"] == pytest.approx(index, abs=1e-6)
        assert found[code]["benchmark_value"] == pytest.approx(97.802198, abs=1e-6)
    assert found["RWE"]["excess_units"] == pytest.approx(8.653846, abs=1e-6)
    assert found["RWE"]["opportunity_quarter_gbp"] == pytest.approx(930.20, abs=0.005)


def test_a_missed_appointment_costs_half_of_one(send):
    rows = appointments(
        (6, {"ATTENDED": 3}),
        (4, {"ATTENDED": 7, "FIRSTATT": 2}),
        (90, {}),
        (3, {"PROCODE3": "RWD", "ATTENDED": 3}),
        (97, {"PROCODE3": "RWD", "ATTENDED": 6}),
        (50, {"PROCODE3": "RWF"}),
        (7, {"ATTENDED": 2}),
        (7, {"ATTENDED": 4}),
        (7, {"ATTENDED": 3, "ADMINCAT": "02"}),
        (7, {"ATTENDED": 3, "TRETSPEF": "715"}),
    )
    found = values_of(send(rows, OUTPATIENTS), "BCBV16")
    # 6 x 129.73 and 4 x 107.49 missed by RWE's patients, 9 and 4 by all.
    for code, rate, excess, price in (
        ("RWE", 0.1, 8.5, 60.417),
        ("RWD", 0.03, 1.5, 64.865),
        ("RWF", 0, 0, 61.443462),
    ):
        assert found[code]["value"] == pytest.approx(rate)
        assert found[code]["benchmark_value"] == pytest.approx(0.015)
        assert found[code]["excess_units"] == pytest.approx(excess)
        assert found[code]["unit_price_gbp"] == pytest.approx(price)
    assert found["RWE"]["opportunity_quarter_gbp"] == pytest.approx(513.5445)


def test_one_of_duplicate_appointments_stays(send):
    care = {"PSEUDO_HESID": "P"}
    rows = [
        appointment(1, **care, SUBDATE=None),
        appointment(20, **care),
        appointment(9, **care),
        appointment(8, **care, SUBDATE="2006-04-20"),
        appointment(10, **care, FIRSTATT=3),  # another appointment
        appointment(11, PSEUDO_HESID=None),
        appointment(12, PSEUDO_HESID=None),
        appointment(13),
        appointment(13, TRETSPEF="300", SUBDATE="2006-05-02"),
        appointment(14, TRETSPEF="100"),
        appointment(14, TRETSPEF="300"),
    ]
    kept = Evidence(send(rows, OUTPATIENTS)).appointments
    assert sorted((a.key, a.specialty) for a in kept) == [
        (9, "100"),
        (10, "100"),
        (11, "100"),
        (12, "100"),
        (13, "300"),
        (14, "100"),
    ]
