"""Golden cases of the reference: what PCTs pay for: operations, emergencies, referrals."""

import pytest
from reference import commissioning
from reference.golden import Golden
from reference.tables import Evidence
from rows import (
    OUTPATIENTS,
    POPULATION,
    STANDS_FOR,
    appointments,
    assert_golden,
    episode,
    people,
    values_of,
    whole,
)


def test_emergency_admissions_are_standardised_by_the_population(send):
    golden, rows, population = Golden("g3"), [], []
    asthma = {"PCTCODE_HIS": "5A3", "ADMIMETH": "21", "DIAG_4_01": "J459"}
    for name, (young, young_cases, old, old_cases) in golden.given.items():
        code = STANDS_FOR[name]
        population += [people(code, young, "60-64"), people(code, old, "65-69")]
        for age, n in ((64, young_cases), (65, old_cases)):
            values = asthma | {"PCTCODE_HIS": code, "STARTAGE": age}
            rows += [episode(len(rows) + i, **values) for i in range(n)]
    for unlike in (
        {"STARTAGE": 999},
        {"SEX": 9},
        {"IMD04_QUINTILE": None},
        {"CLASSPAT": 4},
        {"ADMIMETH": "11"},
        {"DIAG_4_01": "J180"},
        {"DISDATE": None},
    ):
        rows.append(episode(len(rows), **asthma | unlike))
    send(whole(population), POPULATION)
    found = values_of(send(rows), "BCBV05")
    assert_golden(golden, found)
    for name in golden.rows:
        row = found[STANDS_FOR[name]]
        assert row["unit_price_gbp"] == pytest.approx(3626)
        assert row["publication_status"] == "published"
    assert found["5A3"]["opportunity_quarter_gbp"] == pytest.approx(8348.23, abs=0.01)


def test_operations_are_priced_by_setting_and_held_to_a_minimum_of_expected_ones(send):
    curettage = {"OPERTN_4_01": "Q103", "SUSHRG": "AA22C"}
    rows = [
        episode(1, **curettage, PCTCODE_HIS="5A3", CLASSPAT=2),
        episode(2, **curettage, PCTCODE_HIS="5A3", CLASSPAT=2),
        episode(3, **curettage, PCTCODE_HIS="5A3"),
        episode(4, **curettage, RESPCT_HIS="5A3"),
        *(episode(i, OPERTN_4_01="V254", SUSHRG="H1", RESPCT_HIS="5A4") for i in (5, 6, 7)),
        episode(8, OPERTN_4_01="Q074", SUSHRG="H1", PCTCODE_HIS="5A5"),
        episode(9, OPERTN_4_01="Q074", PCTCODE_HIS="5A3", DIAG_4_02="C541"),
    ]
    send(whole([people("5A3", 1000), people("5A4", 3000)]), POPULATION)
    found = values_of(send(rows), "BCBV04")
    # A mean of 342.07 and 6440.47, which who has no price of their own take over.
    for code, cases, expected, index in (("5A3", 4, 2, 200), ("5A4", 3, 6, 50)):
        assert found[code]["numerator"] == cases
        assert found[code]["expected"] == pytest.approx(expected)
        assert found[code]["value"] == pytest.approx(index)
        assert found[code]["unit_price_gbp"] == pytest.approx(3391.27)
        assert found[code]["benchmark_value"] is None
        assert (found[code]["publication_status"], found[code]["status_reason"]) == (
            "caveat",
            "MIN",
        )
    # Without a population the operation counts, here and in the reference, but is not compared.
    unknown = found["5A5"]
    assert (unknown["numerator"], unknown["denominator"], unknown["expected"]) == (1, None, None)
    assert (unknown["publication_status"], unknown["status_reason"]) == ("not_applicable", None)


@pytest.mark.parametrize(
    ("diagnoses", "procedures", "condition"),
    [
        *((code, "", row["condition_id"]) for code, row in Golden("g12").rows.items()),
        ("E86", "", "A1"),
        ("N10", "", "A2"),
        ("R02", "", "A9"),
        ("I10 B169", "", "V2"),  # the first in the order of the seed
        ("S720 J459", "", None),  # asthma in the first place only
        ("S720 E115", "", "C3"),
        ("J13 D571", "", None),
        ("J20", "", None),
        ("J20 J440", "", "C4b"),
        ("I500", "W371 K401", None),
        ("I249", "W371", None),
        ("I249", "- W371", "C5"),
        ("L031", "S061", "A4"),
        ("L031", "- X021", None),
    ],
)
def test_ambulatory_care_sensitive_conditions(send, diagnoses, procedures, condition):
    diagnosis, *second_diagnosis = diagnoses.split()
    codes = dict(zip(("OPERTN_4_01", "OPERTN_4_02"), procedures.split(), strict=False))
    row = episode(1, DIAG_4_01=diagnosis, DIAG_4_02="".join(second_diagnosis))
    (only,) = Evidence(send([row | codes])).episodes
    assert commissioning.condition(only) == condition


def test_referrals_are_standardised_by_the_population(send):
    unlike = (
        {"ADMINCAT": "2"},
        {"ATTENDED": 3},
        {"ATTENDED": 7},
        {"FIRSTATT": 2},
        {"FIRSTATT": 4},
        {"REFSOURC": "01"},
        {"TRETSPEF": "501"},
        {"TRETSPEF": "560"},
        {"TRETSPEF": "710"},
        {"STAFFTYP": "03"},
        {"SEX": 0},
        {"APPTAGE": None},
        {"PCTCODE_HIS": None},
        {"PROCODE3": "ZZZ"},
        {"APPTDATE": "2008-01-01"},
    )
    rows = appointments(
        (14, {}),
        (8, {"ATTENDED": 6, "FIRSTATT": 3, "REFSOURC": "3"}),
        (8, {"STAFFTYP": "1", "TRETSPEF": None}),
        (30, {"PCTCODE_HIS": "5A4", "STAFFTYP": "99"}),
        *((1, values) for values in unlike),
    )
    send(whole([people("5A3", 1000), people("5A4", 3000)]), POPULATION)
    found = values_of(send(rows, OUTPATIENTS), "BCBV06")
    # 60 of 4,000 people; the best quarter of 66.7 and 200 is 100.
    for code, expected, index in (("5A3", 15, 200), ("5A4", 45, 100 * 2 / 3)):
        assert found[code]["numerator"] == 30
        assert found[code]["expected"] == pytest.approx(expected)
        assert found[code]["value"] == pytest.approx(index)
        assert found[code]["benchmark_value"] == pytest.approx(100)
        assert found[code]["publication_status"] == "published"
    assert found["5A3"]["excess_units"] == pytest.approx(15)
    assert found["5A3"]["opportunity_quarter_gbp"] == pytest.approx(1945.95)
