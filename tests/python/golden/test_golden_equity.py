"""Golden cases of the reference: indicators by the deprivation of the patients (Rulebook 9.18)."""

import pytest
from reference.tables import compute
from rows import POPULATION, episode, people, whole


def by_quintile(rows: list[dict], indicator_id: str, area: str) -> dict[int, dict]:
    """Rows of fct_equity of an indicator and area."""
    return {
        row["deprivation_quintile"]: row
        for row in rows
        if (row["indicator_id"], row["area_code"]) == (indicator_id, area)
    }


def limits(row: dict) -> list[float]:
    """The limits at 95 per cent."""
    return [row["value_lower_95"], row["value_upper_95"]]


def test_a_pcts_cases_are_held_to_rates_by_age_and_sex_alone(send):
    # 80 cases of 6,000 people: one of 75, whoever is poor.
    lives = [("5A3", 1, 1000), ("5A3", 5, 1000), ("5A4", 1, 1000), ("5A4", 5, 3000)]
    lives += [("5A3", 3, 0), ("5A5", 1, 750), ("5A5", 5, 600)]
    cases = [("5A3", 1, 30), ("5A3", 5, 10), ("5A4", 1, 20), ("5A4", 5, 20)]
    asthma = {"ADMIMETH": "21", "DIAG_4_01": "J459"}
    rows = []
    for pct, quintile, n in cases:
        for _ in range(n):
            values = asthma | {"PCTCODE_HIS": pct, "IMD04_QUINTILE": quintile}
            rows.append(episode(len(rows), **values))
    # Of unknown deprivation; one that makes 5A5 a sender.
    rows.append(episode(900, **asthma, PCTCODE_HIS="5A3", IMD04_QUINTILE=None))
    rows.append(episode(901, PCTCODE_HIS="5A5"))
    population = whole([people(pct, n) | {"IMD_QUINTILE": q} for pct, q, n in lives])
    send(population, POPULATION)
    found = compute(send(rows)).fct_equity
    # 5A5 has nobody ill: 80 cases of 7,350 people.
    rate = 80 / 7350
    own = by_quintile(found, "BCBV05", "5A3")
    assert own.keys() == {1, 2, 3, 4, 5}
    assert [own[1]["observed"], own[5]["observed"], own[3]["observed"]] == [30, 10, 0]
    assert own[1]["expected"] == pytest.approx(1000 * rate)
    assert own[3]["expected"] == 0
    assert own[1]["value"] == pytest.approx(100 * 30 / 10.884354, abs=1e-4)
    assert own[3]["value"] is None
    assert own[1]["gap_q1_q5"] == pytest.approx(100 * 20 / 10.884354, abs=1e-4)
    # Byar: 30 x (1 - 1/270 - 1.96/(3 x sqrt 30)) cubed = 20.2369; 31 x (...) cubed = 42.8278.
    assert limits(own[1]) == pytest.approx([185.926, 393.480], abs=0.05)
    few = by_quintile(found, "BCBV05", "5A5")
    assert few[1]["expected"] == pytest.approx(8.163265, abs=1e-5)
    assert few[1]["value"] is None
    assert few[1]["gap_q1_q5"] is None
    england = by_quintile(found, "BCBV05", "england")
    assert england[1]["area_level"] == "england"
    # 5A5, with nobody expected of its own strata, has no value and is not in the sum.
    assert [england[q]["observed"] for q in (1, 5)] == [50, 30]


def test_englands_stays_are_held_to_their_casemix(send):
    rows = []
    for provider, quintile, day in (("RWE", 1, "07"), ("RWD", 5, "05")):
        for _ in range(12):
            end = {"DISDATE": f"2006-04-{day}", "EPIEND": f"2006-04-{day}"}
            values = end | {"PROCODE3": provider, "IMD04_QUINTILE": quintile}
            rows.append(episode(len(rows), **values))
    found = by_quintile(compute(send(rows)).fct_equity, "BCBV01", "england")
    # 12 of 4 days and 12 of 2: 3 are expected of each, with a variance of 24/23.
    assert [(found[q]["observed"], found[q]["expected"]) for q in (1, 5)] == [(48, 36), (24, 36)]
    assert found[1]["value"] == pytest.approx(133.333333, abs=1e-5)
    assert found[1]["gap_q1_q5"] == pytest.approx(66.666667, abs=1e-5)
    # sqrt(12 x 24/23) / 36 = 0.098295, over 4/3: 133.33 x exp(-+ 1.96 x 0.073721).
    assert limits(found[1]) == pytest.approx([115.395, 154.060], abs=0.005)
    assert [found[2][column] for column in ("observed", "expected", "value")] == [0, 0, None]


def test_englands_day_cases_are_held_to_their_procedures(send):
    rows = []
    for provider, quintile, n_day in (("RWE", 1, 10), ("RWD", 5, 15)):
        for n in range(20):
            values = {"PROCODE3": provider, "IMD04_QUINTILE": quintile, "OPERTN_4_01": "N303"}
            end = {"DISDATE": "2006-04-03", "EPIEND": "2006-04-03", "CLASSPAT": 2}
            rows.append(episode(len(rows), **values | (end if n < n_day else {})))
    found = by_quintile(compute(send(rows)).fct_equity, "BCBV03", "england")
    # 25 of 40 by day: 12.5 of 20 are expected.
    assert [(found[q]["observed"], found[q]["expected"]) for q in (1, 5)] == [
        (10, 12.5),
        (15, 12.5),
    ]
    assert [found[q]["value"] for q in (1, 5)] == pytest.approx([80, 120])
    assert found[5]["gap_q1_q5"] == pytest.approx(-40)
    # Wilson of 10 of 20 is 0.299298 to 0.700702, times 100 x 20 / 12.5.
    assert limits(found[1]) == pytest.approx([47.8877, 112.1123], abs=1e-3)
