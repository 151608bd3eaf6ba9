"""Golden cases of the reference: spells, and the indicators of stays, operations and returns."""

from datetime import date, timedelta

import pytest
from reference import engine, gate, quarters
from reference.golden import Golden
from reference.tables import Evidence
from rows import STANDS_FOR, assert_golden, episode, stays, values_of


def test_episodes_become_spells(send):
    golden = Golden("g10")
    one_spell = {"PSEUDO_HESID": "P1", "PROVSPNOPS": "S1"}
    second = {"EPISTART": "2006-04-05", "EPIEND": "2006-04-10", "DISDATE": "2006-04-10"}
    same_day = {"EPIEND": "2006-04-03", "DISDATE": "2006-04-03"}
    across = {"ADMIDATE": "2006-06-29", "EPISTART": "2006-06-29"}
    rows = [
        episode(1, **one_spell, DISDATE=None),
        episode(2, **one_spell, **second, EPIORDER=2),
        episode(3, **one_spell, **second, EPIORDER=2),
        episode(4, PSEUDO_HESID="P2", CLASSPAT=2, **same_day),
        episode(5, PSEUDO_HESID="P3", CLASSPAT=3, **same_day),
        episode(6, PSEUDO_HESID="P4", **across, EPIEND="2006-07-02", DISDATE="2006-07-02"),
        episode(7, PSEUDO_HESID="P5", EPISTAT=1, EPIEND=None, DISDATE=None),
    ]
    spells = Evidence(send(rows, "hes_apc__fy2006-07__2007-12-31.csv")).spells
    found = {
        spell.first.person: {
            "n_episodes": spell.n_episodes,
            "los_days": spell.days,
            "discharge_quarter": quarters.label(spell.quarter),
        }
        for spell in spells
    }
    assert (len(spells), found.keys()) == (4, golden.rows.keys())
    assert_golden(golden, found)


def test_length_of_stay_is_standardised_by_hrg_and_admission_group(send):
    # The seed lists neither HRG, so that nothing is trimmed.
    golden = Golden("g2")
    rows = stays(*((STANDS_FOR[name], *values) for name, *values in golden.given))
    found = values_of(send(rows), "BCBV01")
    # Too few spells for a benchmark.
    assert {row["benchmark_value"] for row in found.values()} == {None}
    compared = ("numerator", "expected", "value", "publication_status", "status_reason")
    cut = {code: {column: row[column] for column in compared} for code, row in found.items()}
    assert_golden(golden, cut)
    for name, row in golden.rows.items():
        code = STANDS_FOR[name]
        assert (cut[code]["publication_status"], cut[code]["status_reason"]) == ("caveat", "MIN")
        own = [cut[STANDS_FOR[other]]["value"] for other in golden.rows]
        assert engine.percentile(own, 0.25) == pytest.approx(row["benchmark_value"], abs=1e-4)


def test_a_rare_hrg_takes_the_mean_of_its_letter_without_the_frequent_ones(send):
    rows = stays(("RWE", 19, 2, "11", "H1"), ("RWE", 20, 4, "11", "H2"), ("RWD", 1, 10, "11", "H3"))
    found = values_of(send(rows), "BCBV01")
    assert found["RWE"]["expected"] == pytest.approx(19 * 2.4 + 80)
    assert found["RWD"]["value"] == pytest.approx(100 * 10 / 2.4)


def test_day_cases_are_standardised_by_procedure(send):
    golden, rows = Golden("g4"), []
    for name, procedure, n_day, n_inpatient in golden.given:
        for i in range(n_day + n_inpatient):
            end = "2006-04-03" if i < n_day else "2006-04-04"
            kind = {"CLASSPAT": 2 if i < n_day else 1, "DISDATE": end, "EPIEND": end}
            code = STANDS_FOR[name]
            rows.append(episode(len(rows), PROCODE3=code, OPERTN_4_01=procedure, **kind))
    found = values_of(send(rows), "BCBV03")
    assert_golden(golden, found)
    # An inpatient stays one night: a bed day.
    assert {found[STANDS_FOR[name]]["unit_price_gbp"] for name in golden.rows} == {222}


def test_an_operation_before_admission_or_undated_has_no_preoperative_days(send):
    golden = Golden("g11")
    admission = date(2006, 4, 3)
    stay = {"OPERTN_4_01": "W371", "EPIEND": "2006-04-10", "DISDATE": "2006-04-10"}
    days = [None if n is None else admission + timedelta(days=n) for n in golden.given]
    rows = [episode(i, **stay, OPDATE_01=day) for i, day in enumerate(days)]
    spells = Evidence(send(rows)).spells
    known = [s.preoperative_days for s in spells if s.preoperative_days is not None]
    found = {"numerator": sum(known), "denominator": len(known)}
    assert_golden(golden, {"A": found | {"crude_value": sum(known) / len(known)}})
    assert gate.a13(spells).colour == "red"


def test_a_return_within_30_days_is_counted_against_the_expected(send):
    stays = [episode(i) for i in (1, 2, 3, 4)]
    stays += [episode(i, PROCODE3="RWD") for i in (5, 8, 9, 10)]
    stays += [episode(6, DISMETH=4), episode(7, DIAG_4_02="C509")]
    returns = [
        episode(
            20 + i,
            PSEUDO_HESID=f"P{i}",
            PROCODE3=provider,
            ADMIMETH=method,
            CLASSPAT=3,  # may be a return, but is none after which one counts
            **dict.fromkeys(("ADMIDATE", "DISDATE", "EPISTART", "EPIEND"), day),
        )
        for i, provider, method, day in (
            (1, "RWD", "21", "2006-04-05"),
            (2, "RWE", "28", "2006-05-05"),
            (3, "RWE", "21", "2006-05-06"),
            (5, "RWD", "11", "2006-04-20"),
            (6, "RWE", "21", "2006-04-20"),
            (7, "RWE", "21", "2006-04-20"),
            (8, "RWE", "2A", "2006-04-10"),
        )
    ]
    folder = send(stays + returns)
    found = values_of(folder, "BCBV20")
    for code, n_returns, index in (("RWE", 2, 133.333333), ("RWD", 1, 66.666667)):
        assert (found[code]["numerator"], found[code]["denominator"]) == (n_returns, 4)
        assert found[code]["expected"] == pytest.approx(1.5)
        assert found[code]["value"] == pytest.approx(index, abs=1e-6)
        assert found[code]["status_reason"] == "FOLLOWUP,MIN"
        assert found[code]["publication_status"] == "caveat"
    # Too few expected for a benchmark.
    assert {row["benchmark_value"] for row in found.values()} == {None}
    assert found["RWE"]["excess_units"] is None
    assert found["RWE"]["opportunity_quarter_gbp"] is None
    later = dict.fromkeys(("ADMIDATE", "DISDATE", "EPISTART", "EPIEND"), "2006-08-01")
    send([episode(1, **later)], "hes_apc__fy2006-07q2__2007-12-31.csv")
    now = values_of(folder, "BCBV20")["RWE"]
    assert (now["publication_status"], now["status_reason"]) == ("caveat", "MIN")
