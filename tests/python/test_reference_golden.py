"""The reference itself, by numbers worked by hand (the golden cases of the methodology)."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from reference import engine, gate, parsing, quarters
from reference.measures import Measure
from reference.organisations import Organisation, Register
from reference.tables import Evidence, compute

QUARTER = quarters.from_label("2006-07 Q1")


def episode(number: int, **values: object) -> dict:
    """An elective inpatient episode of three days, a person and a spell of its own."""
    row = {
        "EPIKEY": number,
        "PSEUDO_HESID": f"P{number}",
        "PROCODE3": "RWE",
        "ADMIDATE": "2006-04-03",
        "DISDATE": "2006-04-05",
        "EPISTART": "2006-04-03",
        "EPIEND": "2006-04-05",
        "EPIORDER": 1,
        "EPISTAT": 3,
        "ADMIMETH": "11",
        "CLASSPAT": 1,
        "SEX": 1,
        "STARTAGE": 50,
        "DIAG_4_01": "I10X",
        "OPERTN_4_01": "-",
        "SUSHRG": "AA22C",
        "OPDATE_01": None,
        "PROVSPNOPS": f"S{number}",
    }
    assert values.keys() <= row.keys()
    return row | values


def stays(*groups: tuple[str, int, int, str, str]) -> list[dict]:
    """Episodes of (provider, number of spells, days, admission method, HRG)."""
    rows = []
    for provider, n, days, method, hrg in groups:
        end = date(2006, 4, 3) + timedelta(days=days)
        values = {"PROCODE3": provider, "DISDATE": end, "EPIEND": end}
        for _ in range(n):
            rows.append(episode(len(rows), **values, ADMIMETH=method, SUSHRG=hrg))
    return rows


@pytest.fixture
def send(tmp_path):
    """Write rows as one submission; the folder it lies in."""

    def write(rows: list[dict], name: str = "hes_apc__fy2006-07q1__2007-12-31.csv") -> Path:
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return write


def values_of(folder: Path, indicator: str) -> dict[str, dict]:
    """Rows of the first quarter of 2006-07 by organisation."""
    rows = compute(folder).fct_indicator_values
    return {
        row["organisation_code"]: row
        for row in rows
        if row["indicator_id"] == indicator and row["quarter"] == "2006-07 Q1"
    }


def test_benchmark_rank_and_money():
    stay = {"RA1": 5.2, "RA2": 4.8, "RA3": 6.1, "RA4": 4.5, "RA5": 5.0}
    spells = {"RA1": 1000, "RA2": 1500, "RA3": 800, "RA4": 1200, "RA5": 900}
    indicator = {
        "indicator_id": "BCBV01",
        "direction": "lower",
        "min_denominator": None,
        "benchmark_excluded_types": None,
    }
    measures = {
        code: Measure(1.0, spells[code], crude=value, value=value, volume=spells[code], price=200.0)
        for code, value in stay.items()
    }
    members = {code: Organisation("acute") for code in stay}
    rows, _ = engine.compare(indicator, QUARTER, members, measures, set(stay), {})
    assert [row["benchmark_value"] for row in rows] == pytest.approx([4.8] * 5)
    assert [row["excess_units"] for row in rows] == pytest.approx([400, 0, 1040, 0, 180])
    assert [row["national_rank"] for row in rows] == [4, 2, 5, 1, 3]
    assert sum(row["opportunity_annual_gbp"] for row in rows) == pytest.approx(1_296_000)


def test_length_of_stay_is_standardised_by_hrg_and_admission_group(send):
    # The seed lists neither HRG, so that nothing is trimmed.
    rows = stays(
        ("RWE", 10, 3, "11", "H1"),
        ("RWE", 20, 8, "21", "H2"),
        ("RWD", 10, 2, "11", "H1"),
        ("RWD", 10, 9, "21", "H2"),
        ("RWF", 20, 4, "11", "H1"),
        ("RWF", 40, 6, "21", "H2"),
    )
    found = values_of(send(rows), "BCBV01")
    for code, observed, expected, index in (
        ("RWE", 190, 172.5, 110.1449),
        ("RWD", 110, 102.5, 107.3171),
        ("RWF", 320, 345, 92.7536),
    ):
        assert found[code]["numerator"] == observed
        assert found[code]["expected"] == pytest.approx(expected)
        assert found[code]["value"] == pytest.approx(index, abs=1e-4)
        assert (found[code]["publication_status"], found[code]["status_reason"]) == (
            "caveat",
            "MIN",
        )
    shares = [found[code]["value"] / 100 for code in ("RWE", "RWD", "RWF")]
    assert engine.percentile(shares, 0.25) == pytest.approx(1.000353, abs=1e-6)


def test_a_rare_hrg_takes_the_mean_of_its_letter_without_the_frequent_ones(send):
    rows = stays(("RWE", 19, 2, "11", "H1"), ("RWE", 20, 4, "11", "H2"), ("RWD", 1, 10, "11", "H3"))
    found = values_of(send(rows), "BCBV01")
    assert found["RWE"]["expected"] == pytest.approx(19 * 2.4 + 80)
    assert found["RWD"]["value"] == pytest.approx(100 * 10 / 2.4)


def test_day_cases_are_standardised_by_procedure(send):
    rows = []
    for code, procedure, n_day, n_inpatient in (
        ("RWE", "N303", 80, 20),
        ("RWE", "T201", 30, 70),
        ("RWD", "N303", 60, 10),
        ("RWD", "T201", 60, 40),
        ("RWF", "N303", 90, 5),
        ("RWF", "T201", 20, 60),
    ):
        for i in range(n_day + n_inpatient):
            end = "2006-04-03" if i < n_day else "2006-04-04"
            kind = {"CLASSPAT": 2 if i < n_day else 1, "DISDATE": end, "EPIEND": end}
            rows.append(episode(len(rows), PROCODE3=code, OPERTN_4_01=procedure, **kind))
    found = values_of(send(rows), "BCBV03")
    for code, crude, value, excess in (
        ("RWE", 0.55, 0.544296, 26.50686),
        ("RWD", 0.705882, 0.748321, 0),
        ("RWF", 0.628571, 0.602591, 13.301226),
    ):
        assert found[code]["crude_value"] == pytest.approx(crude, abs=1e-6)
        assert found[code]["value"] == pytest.approx(value, abs=1e-6)
        assert found[code]["excess_units"] == pytest.approx(excess, abs=1e-5)
        # An inpatient stays one night: a bed day.
        assert found[code]["unit_price_gbp"] == pytest.approx(222)


def test_prescribing_share_and_the_price_of_an_item_changed(send):
    rows = []
    for code, low, high, low_cost, high_cost in (
        ("5A3", 700, 300, 1500, 9000),
        ("5A4", 800, 200, 1700, 6200),
        ("5A5", 600, 400, 1300, 11800),
        ("5A7", 750, 250, 1600, 7400),
    ):
        common = {"PERIOD": "200604", "PCT_CODE": code, "QUANTITY": 1, "ACT_COST": 1}
        rows.append(common | {"BNF_CODE": "0212000Y0AAAAAA", "ITEMS": low, "NIC": low_cost})
        rows.append(common | {"BNF_CODE": "0212000B0AAAAAA", "ITEMS": high, "NIC": high_cost})
    folder = send(rows, "epact__fy2006-07q1__2006-08-22.csv")
    found = values_of(folder, "BCBV07")
    for code, share, shifted, gbp in (
        ("5A3", 0.7, 62.5, 1741.07),
        ("5A4", 0.8, 0, 0),
        ("5A5", 0.6, 162.5, 4441.67),
        ("5A7", 0.75, 12.5, 343.33),
    ):
        assert found[code]["value"] == pytest.approx(share)
        assert found[code]["benchmark_value"] == pytest.approx(0.7625)
        assert found[code]["excess_units"] == pytest.approx(shifted)
        assert found[code]["opportunity_quarter_gbp"] == pytest.approx(gbp, abs=0.005)
    assert found["5A8"]["publication_status"] == "not_submitted"
    assert values_of(folder, "BCBV17")["5A3"]["publication_status"] == "not_applicable"


def test_episodes_become_spells(send):
    one_spell = {"PSEUDO_HESID": "P1", "PROVSPNOPS": "S1"}
    second = {"EPISTART": "2006-04-05", "EPIEND": "2006-04-10", "DISDATE": "2006-04-10"}
    same_day = {"EPIEND": "2006-04-03", "DISDATE": "2006-04-03"}
    across = {"ADMIDATE": "2006-06-29", "EPISTART": "2006-06-29"}
    rows = [
        episode(1, **one_spell, DISDATE=None),
        episode(2, **one_spell, **second, EPIORDER=2),
        episode(3, **one_spell, **second, EPIORDER=2),
        episode(4, CLASSPAT=2, **same_day),
        episode(5, CLASSPAT=3, **same_day),
        episode(6, **across, EPIEND="2006-07-02", DISDATE="2006-07-02"),
        episode(7, EPISTAT=1, EPIEND=None, DISDATE=None),
    ]
    spells = Evidence(send(rows, "hes_apc__fy2006-07__2007-12-31.csv")).spells
    facts = sorted(
        (s.first.person, s.days, s.n_episodes, quarters.label(s.quarter)) for s in spells
    )
    assert facts == [
        ("P1", 7, 2, "2006-07 Q1"),
        ("P4", 0, 1, "2006-07 Q1"),
        ("P5", 0, 1, "2006-07 Q1"),
        ("P6", 3, 1, "2006-07 Q2"),
    ]


def test_an_operation_before_admission_or_undated_has_no_preoperative_days(send):
    days = ("2006-04-04", "2006-04-03", "2006-04-06", "2006-04-02", None)
    stay = {"OPERTN_4_01": "W371", "EPIEND": "2006-04-10", "DISDATE": "2006-04-10"}
    rows = [episode(i, **stay, OPDATE_01=day) for i, day in enumerate(days)]
    spells = Evidence(send(rows)).spells
    assert sorted(s.preoperative_days for s in spells if s.preoperative_days is not None) == [
        0,
        1,
        3,
    ]
    assert gate.a13(spells) == "red"


@pytest.mark.parametrize(
    ("received", "normal"),
    [("i10", "I10X"), ("A17.0D", "A170"), ("I10XD", "I10X"), ("M00.01A", "M0001")],
)
def test_diagnoses_are_normalised(received, normal):
    assert parsing.diagnosis(received) == normal


@pytest.mark.parametrize(
    ("line", "fields"),
    [('a|"b|""c"|d"e', ["a", 'b|"c', 'd"e']), ('a|"b', None), ('""|', ["", ""]), ('"a""', None)],
)
def test_lines_are_split(line, fields):
    assert parsing.split_line(line, "|") == fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/01/2007", date(2007, 1, 31)),
        ("2007-01-31 00:00:00", date(2007, 1, 31)),
        ("2007-02-30", None),
    ],
)
def test_dates_are_read(text, day):
    assert parsing.to_date(text) == day


@pytest.mark.parametrize(
    ("code", "quarter", "successor"),
    [
        ("RM4", "2006-07 Q4", "RM4"),
        ("RM4", "2012-13 Q1", "RW3"),
        ("RM4", "2017-18 Q3", "R0A"),
        ("RN1", "2011-12 Q4", "RN5"),  # in the middle of the quarter: for the whole of it
        ("11M00", "2017-18 Q1", "11M"),
    ],
)
def test_codes_map_to_the_successor_of_the_quarter(code, quarter, successor):
    assert Register([]).mapped(code, quarters.from_label(quarter)) == successor


def test_an_organisation_is_open_until_it_is_succeeded():
    register = Register([])
    assert register.is_open("RJ5", quarters.from_label("2007-08 Q2"))
    assert not register.is_open("RJ5", quarters.from_label("2007-08 Q3"))
