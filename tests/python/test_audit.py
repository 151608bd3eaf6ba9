"""The audit: each attack opens a release that gives a count away, and not one that does not.

Every release is a few rows worked by hand; the arithmetic stands beside it.
"""

import json
from pathlib import Path
from typing import Any

import audit_release
import duckdb
import pytest
import xlsxwriter
from audited import Q1, Q2, QUARTERS, Row, hidden, row_of, write_release

from publication.audit import Audit, audit

Tables = dict[str, list[Row]]
AREA = {"organisation_class": "trust", "area_level": "sha", "area_code": "Q30", "quarter": Q1}


def opened(folder: Path, tables: Tables, earlier: list[Path] | None = None) -> dict[str, Any]:
    """What the audit opens: by cell, the attack and the numbers left.

    But for what simply stands in a hidden row, which is a finding of its own.
    """
    found = audit(write_release(folder, tables), earlier or [])
    assert not found.unread
    return {
        one.cell: (one.attack, one.possible)
        for one in found.opened
        if one.attack != "a figure of a hidden row"
    }


def attacks(folder: Path, tables: Tables) -> set[str]:
    """The names of the attacks that open something."""
    return {attack for attack, _ in opened(folder, tables).values()}


def others(indicator: str = "BCBV15", first: str = "RB") -> list[Row]:
    """Three rows that are shown, so that units of rounding can be seen."""
    return [
        row_of(indicator, f"{first}{letter}", numerator=n, denominator=d, expected=e, value=v)
        for letter, n, d, e, v in (
            ("A", 105.0, 45.0, 103.7, 101.3),
            ("B", 35.0, 20.0, 40.3, 86.8),
            ("C", 60.0, 40.0, 52.2, 114.9),
        )
    ]


def test_a_release_that_hides_all_is_safe(tmp_path: Path) -> None:
    """A hidden row alone among shown ones tells nothing, and it was tried."""
    folder = write_release(tmp_path, {"fct_indicator_values": [hidden("BCBV15", "RAA"), *others()]})
    found = audit(folder, [])
    assert found.is_safe
    assert found.n_tried == 1
    assert "1 hidden cells tried" in found.summary()


def test_value_times_expected_gives_the_numerator(tmp_path: Path) -> None:
    """Value 41.7 (41.65 to 41.75) x expected 12.0 (11.95 to 12.05): 4.98 to 5.03, so 5."""
    starred = hidden("BCBV04", "5AA", value=41.7, expected=12.0)
    found = opened(tmp_path, {"fct_indicator_values": [starred, *others("BCBV04", "5B")]})
    assert found == {f"BCBV04 5AA {Q1} numerator": ("value x expected", (5,))}


def test_a_value_alone_leaves_enough(tmp_path: Path) -> None:
    """41.7 of an unknown expected number may be of any count; but it ought not to stand there."""
    rows = [hidden("BCBV04", "5AA", value=41.7), *others("BCBV04", "5B")]
    found = audit(write_release(tmp_path, {"fct_indicator_values": rows}), []).opened
    assert [(one.attack, one.cell) for one in found] == [
        ("a figure of a hidden row", f"BCBV04 5AA {Q1} value")
    ]


def test_crude_value_times_denominator(tmp_path: Path) -> None:
    """0.0050 (0.00495 to 0.00505) x 1,195 people is 5.92 to 6.03: 6."""
    starred = hidden("BCBV04", "5AA", crude_value=0.0050, denominator=1195)
    shown = [
        row_of("BCBV04", f"5B{i}", numerator=n, denominator=d, crude_value=c)
        for i, n, d, c in ((1, 21, 3001, 0.0072), (2, 13, 2003, 0.0063), (3, 17, 1517, 0.0112))
    ]
    found = opened(tmp_path, {"fct_indicator_values": [starred, *shown]})
    assert found == {f"BCBV04 5AA {Q1} numerator": ("crude value x denominator", (6,))}


def test_whole_less_numerator_gives_the_complement(tmp_path: Path) -> None:
    """200 appointments missed of 203: 3 kept."""
    rows = [
        hidden("BCBV16", "RAA", numerator=200, denominator=203),
        row_of("BCBV16", "RBA", numerator=21, denominator=211),
        row_of("BCBV16", "RBB", numerator=34, denominator=187),
    ]
    found = opened(tmp_path, {"fct_indicator_values": rows})
    told = "numerator + complement = denominator"
    assert found == {f"BCBV16 RAA {Q1} complement": (told, (3,))}


def test_a_share_of_few_is_a_fraction_of_few(tmp_path: Path) -> None:
    """0.429 of few is 3 of 7 only, where denominators are under 10: 3/7 = 0.4286, 6/14 = 0.4286."""
    rows = [
        hidden("BCBV16", "RAA", value=0.429),
        row_of("BCBV16", "RBA", numerator=20, denominator=210, value=0.095),
        row_of("BCBV16", "RBB", numerator=35, denominator=190, value=0.184),
    ]
    found = opened(tmp_path, {"fct_indicator_values": rows})
    # 1/d: d from 2.328 to 2.334; 2/d: 4.66; 4/d: 9.31 to 9.34; 5/d: 11.64 to 11.67; 7/d: 16.3.
    assert found[f"BCBV16 RAA {Q1} numerator"][1] == (3, 6)


@pytest.mark.parametrize(
    ("figures", "names"),
    [
        # Excess 8 at a gap of 20 is 40 expected; value 120 less ... of 40 is 48: not small; so
        # gap 20 and benchmark 100 make 120, and with 5 expected 6.
        ({"gap": 20.1, "excess_units": 1.005}, {"gap + benchmark", "excess / gap"}),
        # £888 a year at £222 is 1 excess of the quarter; at a gap of 20.1 expected 4.975.
        (
            {"gap": 20.1, "opportunity_annual_gbp": 892.44, "unit_price_gbp": 222.0},
            {"pounds / price"},
        ),
    ],
)
def test_gap_excess_and_pounds(tmp_path: Path, figures: Row, names: set[str]) -> None:
    """Benchmark 100.1 + gap 20.1 = 120.2; excess 1.005 / gap x 100 = 5 expected; 6.01, so 6."""
    rows = [
        hidden("BCBV04", "5AA", benchmark_value=100.1, **figures),
        *(
            row_of("BCBV04", f"5B{i}", benchmark_value=100.1, gap=g, excess_units=x,
                   unit_price_gbp=p, opportunity_annual_gbp=o)
            for i, g, x, p, o in ((1, 3.3, 2.013, 222.01, 1787.6), (2, 1.7, 4.021, 221.5, 3562.61))
        ),
    ]  # fmt: skip
    found = opened(tmp_path, {"fct_indicator_values": rows})
    attack, possible = found[f"BCBV04 5AA {Q1} numerator"]
    assert possible == (6,)
    assert all(name in attack for name in names)


def test_limits_tell_the_count(tmp_path: Path) -> None:
    """Exact 95 % limits of 4 are 1.09 and 10.24: only 4 has that ratio of 9.40.

    Of 5 it is 1.62 and 11.67 (7.19), of 3 0.62 and 8.77 (14.2). With 8 expected: 13.6 and 128.0.
    """
    statistic = {"indicator_id": "BCBV04", "quarter": Q1}
    found = opened(
        tmp_path,
        {
            "fct_indicator_values": [hidden("BCBV04", "5AA"), *others("BCBV04", "5B")],
            "fct_indicator_statistics": [
                statistic
                | {"organisation_code": "5AA", "value_lower_95": 13.6, "value_upper_95": 128.0},
                statistic
                | {"organisation_code": "5BA", "value_lower_95": 82.7, "value_upper_95": 122.3},
            ],
        },
    )
    assert found == {f"BCBV04 5AA {Q1} numerator": ("limits of the value", (4,))}


def _area(numerator: float, n: int, **figures: Any) -> Row:
    return AREA | {"indicator_id": "BCBV15", "numerator": numerator, "n_organisations": n} | figures


def _two_authorities(remainder: float) -> Tables:
    """Q30 has RAA (hidden), RBA and RBB: 105 + 35; Q31 has RCA alone: 60."""
    rows = [
        hidden("BCBV15", "RAA"),
        *(row | {"organisation_code": code} for row, code in
          zip(others(), ("RBA", "RBB", "RCA"), strict=True)),
    ]  # fmt: skip
    organisations = [
        {"organisation_code": code, "sha_code": sha, "organisation_class": "trust"}
        for code, sha in (("RAA", "Q30"), ("RBA", "Q30"), ("RBB", "Q30"), ("RCA", "Q31"))
    ]
    areas = [
        _area(140 + remainder, 2, denominator=65.0),
        _area(60, 1, denominator=40.0) | {"area_code": "Q31"},
    ]
    return {
        "fct_indicator_values": rows,
        "dim_organisation": organisations,
        "fct_area_values": areas,
    }


def test_an_areas_total_less_its_members(tmp_path: Path) -> None:
    """146 less 105 and 35 is 6; the total of the shown, 140, tells nothing."""
    unrounded = _two_authorities(6.0)
    unrounded["fct_indicator_values"][1]["numerator"] = 104.0  # figures are printed whole
    unrounded["fct_area_values"][0]["numerator"] = 145.0
    found = opened(tmp_path / "leaks", unrounded)
    assert found == {f"BCBV15 RAA {Q1} numerator": ("area's numerator less members", (6,))}
    assert opened(tmp_path / "shown alone", _two_authorities(0.0)) == {}


def test_a_rounded_total_that_holds_the_hidden(tmp_path: Path) -> None:
    """Sums of what is rounded: a remainder of 5 is 3 to 7, five numbers; so far it is safe.

    But if a hidden row of another authority leaves nothing, it is 1 or 2: it rounds to nought.
    """
    assert opened(tmp_path / "one", _two_authorities(5.0)) == {}
    tables = _two_authorities(5.0)
    tables["fct_indicator_values"].append(hidden("BCBV04", "RDA"))
    tables["fct_indicator_values"].append(row_of("BCBV04", "RDB", numerator=25.0))
    tables["dim_organisation"] += [
        {"organisation_code": code, "sha_code": "Q32", "organisation_class": "pct"}
        for code in ("RDA", "RDB")
    ]
    for row in tables["fct_indicator_values"][-2:]:
        row["organisation_class"] = "pct"
    tables["fct_area_values"].append(
        _area(25, 1) | {"area_code": "Q32", "indicator_id": "BCBV04", "organisation_class": "pct"}
    )
    found = opened(tmp_path / "two", tables)
    assert found == {f"BCBV04 RDA {Q1} numerator": ("area's numerator less members", (1, 2))}


def test_two_hidden_rows_of_seven(tmp_path: Path) -> None:
    """Two lone small counts that sum to 14 are 7 and 7; to 8 they may be anything."""
    for total, left in ((14, (7,)), (8, None)):
        tables = _two_authorities(0.0)
        tables["fct_indicator_values"] = [
            hidden("BCBV04", "RAA") | {"organisation_class": "pct"},
            hidden("BCBV04", "RBA") | {"organisation_class": "pct"},
            row_of("BCBV04", "RBB", numerator=33.0) | {"organisation_class": "pct"},
            row_of("BCBV04", "RCA", numerator=61.0) | {"organisation_class": "pct"},
        ]
        tables["fct_area_values"] = [
            row | {"indicator_id": "BCBV04", "organisation_class": "pct", "numerator": figure}
            for row, figure in zip(tables["fct_area_values"], (33.0 + total, 61.0), strict=True)
        ]
        found = opened(tmp_path / str(total), tables)
        assert {possible for _, possible in found.values()} == ({left} if left else set())


def test_a_hole_in_the_ranks(tmp_path: Path) -> None:
    """Ranks 1, 2, 4: the hidden row lies between 39.9 and 41.9; of 12 expected 4.8 to 5.03: 5."""
    ranked = [
        row_of("BCBV04", f"5B{i}", value=v, national_rank=rank, n_ranked=n)
        for i, v, rank, n in ((1, 30.3, 1, 4), (2, 39.9, 2, 4), (3, 41.9, 4, 4))
    ]
    leak = hidden("BCBV04", "5AA", expected=12.0)
    found = opened(tmp_path / "hole", {"fct_indicator_values": [leak, *ranked]})
    assert found[f"BCBV04 5AA {Q1} numerator"][1] == (5,)
    closed = [row | {"national_rank": i, "n_ranked": 3} for i, row in enumerate(ranked, 1)]
    found = opened(tmp_path / "closed", {"fct_indicator_values": [leak, *closed]})
    assert found == {}


def test_a_threshold_that_a_hidden_value_makes(tmp_path: Path) -> None:
    """Of three values 30.3, x, 90.9 the median is x: 41.7; of 12 expected it is 5."""
    tables = {
        "fct_indicator_values": [
            hidden("BCBV04", "5AA", expected=12.0),
            row_of("BCBV04", "5BA", value=30.3),
            row_of("BCBV04", "5BB", value=90.9),
        ],
        "fct_quartile_thresholds": [
            {"indicator_id": "BCBV04", "quarter": Q1, "organisation_class": "pct",
             "peer_set": "national", "n_organisations": 3, "median": 41.7,
             "p10": 32.6, "p25": 36.0, "p75": 66.3, "p90": 81.1},
        ],
    }  # fmt: skip
    found = opened(tmp_path / "made", tables)
    assert found[f"BCBV04 5AA {Q1} numerator"] == (
        "threshold that a hidden value makes + value x expected", (5,),
    )  # fmt: skip
    tables["fct_quartile_thresholds"][0] |= {"n_organisations": 2}
    assert opened(tmp_path / "not in it", tables) == {}


def test_the_mean_of_a_trend_less_the_shown(tmp_path: Path) -> None:
    """Seven points of mean 98.3 are 688.1; six shown ones of 110.1 are 660.6; left is 27.5.

    27.5, give or take 0.65, of 14.5 expected is 3.89 to 4.09: 4.
    """
    rows = [hidden("BCBV04", "5AA", QUARTERS[0], expected=14.5)]
    rows += [row_of("BCBV04", "5AA", quarter, value=110.1) for quarter in QUARTERS[1:7]]
    trend = {
        "indicator_id": "BCBV04", "area_level": "organisation", "area_code": "5AA",
        "segment_from_quarter": QUARTERS[0], "n_points": 7, "mean": 98.3,
    }  # fmt: skip
    trends = [trend | {"quarter": q, "trend_value": 110.1} for q in QUARTERS[1:7]]
    tables = {"fct_indicator_values": rows, "fct_indicator_trend": trends}
    found = opened(tmp_path / "with it", tables)
    assert found[f"BCBV04 5AA {Q1} numerator"] == (
        "mean of a trend less the shown + value x expected", (4,),
    )  # fmt: skip
    for row in trends:
        row |= {"n_points": 6, "mean": 110.1, "segment_from_quarter": QUARTERS[1]}
    assert opened(tmp_path / "without", tables) == {}


def test_the_next_quarter_tells_of_the_one_before(tmp_path: Path) -> None:
    """Value 53.5 less a change of 11.8 is 41.7; of 12 expected 5."""
    rows = [hidden("BCBV04", "5AA", expected=12.0), row_of("BCBV04", "5AA", Q2, value=53.5)]
    trend = {"indicator_id": "BCBV04", "area_level": "organisation", "area_code": "5AA",
             "quarter": Q2, "trend_value": 53.5}  # fmt: skip
    for told in ({"change": 11.8}, {"previous_value": 41.7}):
        tables = {"fct_indicator_values": rows, "fct_indicator_trend": [trend | told]}
        found = opened(tmp_path / next(iter(told)), tables)
        assert found[f"BCBV04 5AA {Q1} numerator"][1] == (5,)
    tables = {"fct_indicator_values": rows, "fct_indicator_trend": [trend]}
    assert opened(tmp_path / "nothing", tables) == {}


def test_expected_numbers_of_residents_hardly_move(tmp_path: Path) -> None:
    """Six PCTs have 1.00 to 1.02 times the expected numbers of the quarter before.

    12.1 x 1.00 to 1.02 is 12.0 to 12.4; of a value of 41.0, as the next quarter says, 4.9 to 5.1.
    """
    first = [20.1, 31.3, 40.7, 50.9, 61.1, 33.3]
    moved = [1.0, 1.02, 1.01, 1.005, 1.015, 1.0]
    rows = [hidden("BCBV04", "5AA", Q2), row_of("BCBV04", "5AA", Q1, expected=12.1)]
    for number, (expected, factor) in enumerate(zip(first, moved, strict=True)):
        rows.append(row_of("BCBV04", f"5B{number}", Q1, expected=expected))
        rows.append(row_of("BCBV04", f"5B{number}", Q2, expected=round(expected * factor, 1)))
    trend = {"indicator_id": "BCBV04", "area_level": "organisation", "area_code": "5AA",
             "quarter": QUARTERS[2], "previous_value": 41.0, "trend_value": 50.3,
             "change": 9.3}  # fmt: skip
    rows.append(row_of("BCBV04", "5AA", QUARTERS[2], value=50.3))
    tables = {"fct_indicator_values": rows, "fct_indicator_trend": [trend]}
    attack, possible = opened(tmp_path, tables)[f"BCBV04 5AA {Q2} numerator"]
    assert possible == (5,)
    assert "expected of a quarter near by" in attack


def test_a_rank_less_its_change(tmp_path: Path) -> None:
    """Ranked 5th now, 2 places worse: it was 3rd, between 39.9 and 41.9; of 12 expected 5."""
    rows = [
        hidden("BCBV04", "5AA", expected=12.0),
        row_of("BCBV04", "5AA", Q2, value=60.3, national_rank=5),
        row_of("BCBV04", "5BA", value=39.9, national_rank=2, n_ranked=3),
        row_of("BCBV04", "5BB", value=41.9, national_rank=4, n_ranked=3),
    ]
    trend = {"indicator_id": "BCBV04", "area_level": "organisation", "area_code": "5AA",
             "quarter": Q2, "trend_value": 60.3, "rank_change": 2}  # fmt: skip
    tables = {"fct_indicator_values": rows, "fct_indicator_trend": [trend]}
    attack, possible = opened(tmp_path, tables)[f"BCBV04 5AA {Q1} numerator"]
    assert possible == (5,)
    assert attack == "rank less its change + value x expected"


def test_the_total_of_all_indicators_less_each(tmp_path: Path) -> None:
    """5,892.44 less 5,000 of BCBV05 is 892.44 of BCBV04, the pounds of 1.005 excess units."""
    amount = {"area_level": "organisation", "area_code": "5AA", "quarter": Q1}
    rows = [
        hidden("BCBV04", "5AA", benchmark_value=100.1, gap=20.1, unit_price_gbp=222.0),
        row_of("BCBV05", "5AA", numerator=65.0, opportunity_annual_gbp=5000.01),
        row_of("BCBV04", "5BA", benchmark_value=100.1, gap=3.3, unit_price_gbp=221.51),
    ]
    amounts = [
        amount | {"indicator_id": "BCBV05", "opportunity_annual_gbp": 5000.01},
        amount | {"indicator_id": "ALL", "opportunity_annual_gbp": 5892.45},
    ]
    tables = {"fct_indicator_values": rows, "fct_opportunity": amounts}
    attack, possible = opened(tmp_path / "held", tables)[f"BCBV04 5AA {Q1} numerator"]
    assert possible == (6,)
    assert attack.startswith("total of all indicators less each")
    amounts[1]["opportunity_annual_gbp"] = 5000.01
    assert opened(tmp_path / "left out", tables) == {}


def _parts(total: float, members: list[tuple[str, float, str]]) -> Tables:
    """Emergency admissions of one PCT by practice, in fives."""
    part = {"indicator_id": "BCBV05", "organisation_code": "5AA", "quarter": Q1,
            "dimension": "practice"}  # fmt: skip
    return {
        "fct_indicator_values": [row_of("BCBV05", "5AA", numerator=total)],
        "drilldown": [
            part | {"member": member, "n_cases": cases, "observed": cases, "member_name": name}
            for member, cases, name in members
        ],
    }


def test_what_stands_together(tmp_path: Path) -> None:
    """Two practices of 1 to 7 with 15 (13 to 17): 6 and 7, or 7 and 7, if none joined them.

    One of 8 may have joined only if the smallest shown one was as large: shown are 20 (18 to 22),
    so any from 8 to 16 may have.
    """
    shown = [("A", 100.0, "A"), ("B", 20.0, "B")]
    several = _parts(135, [*shown, ("other", 15.0, "Other (2 members)")])
    assert attacks(tmp_path / "joined", several) == set()
    # The smallest shown has 8 to 12: of 13 to 17 together, 1 to 7 are left.
    close = _parts(125, [("A", 100.0, "A"), ("B", 10.0, "B"), ("other", 15.0, "Other (2 members)")])
    assert attacks(tmp_path / "close", close) == set()
    # Told to the one: 14 in two that none can have joined, as the smallest shown has 8.
    exact = _parts(113, [("A", 91.0, "A"), ("B", 8.0, "B"), ("other", 14.0, "Other (2 members)")])
    found = opened(tmp_path / "exact", exact)
    assert found == {f"BCBV05 5AA {Q1} practice": ("what stands together", (6, 7))}


def test_a_rest_that_is_small_and_a_total_less_its_parts(tmp_path: Path) -> None:
    """`other` with 5 is small itself; without it 102 less 91 and 9 is 2."""
    small = _parts(105, [("A", 100.0, "A"), ("other", 5.0, "Other (2 members)")])
    assert attacks(tmp_path / "other", small) == {"what stands together is small"}
    missing = _parts(102, [("A", 91.0, "A"), ("B", 9.0, "B")])
    found = opened(tmp_path / "missing", missing)
    assert found == {f"BCBV05 5AA {Q1} practice": ("total less the parts", (2,))}
    whole = _parts(100, [("A", 91.0, "A"), ("B", 9.0, "B")])
    assert attacks(tmp_path / "whole", whole) == set()


def test_a_chapter_less_its_hrgs(tmp_path: Path) -> None:
    """Chapter E of 22 less E01 of 20 is 2; of 40 less 20 it is 20."""
    part = {"indicator_id": "BCBV02", "organisation_code": "RAA", "quarter": Q1}

    def tables(chapter: int) -> Tables:
        return {
            "fct_indicator_values": [row_of("BCBV02", "RAA", denominator=chapter + 31)],
            "drilldown": [
                part | {"dimension": dimension, "member": member, "n_cases": cases,
                        "observed": 2.0 * cases, "expected": 2.1 * cases, "member_name": member}
                for dimension, member, cases in (
                    ("hrg_chapter", "E", chapter), ("hrg_chapter", "F", 31), ("hrg", "E01", 20),
                    ("hrg", "F01", 31), ("hrg", "other", chapter - 20),
                )
            ],
        }  # fmt: skip

    assert any("chapter less its HRGs" in name for name in attacks(tmp_path / "two", tables(22)))
    assert attacks(tmp_path / "twenty", tables(40)) == set()


def test_patients_in_a_part_that_its_excess_tells(tmp_path: Path) -> None:
    """Observed 5 (3 to 7): excess -2.4 at benchmark 90 of 6 expected is 5.4 - 2.4 = 3, to 0.1."""
    part = {"indicator_id": "BCBV15", "organisation_code": "RAA", "quarter": Q1,
            "dimension": "specialty", "n_cases": 10, "member_name": "General"}  # fmt: skip
    tables = {
        "fct_indicator_values": [
            row_of(
                "BCBV15", "RAA", numerator=105.0, denominator=20.0, benchmark_value=90.0, gap=2.2
            )
        ],
        "drilldown": [
            part | {"member": "100", "observed": 5.0, "expected": 6.0, "excess_units": -2.4},
            part | {"member": "110", "observed": 100.0, "expected": 92.1, "excess_units": 17.1},
        ],
    }
    found = opened(tmp_path / "told", tables)
    assert found == {f"BCBV15 RAA {Q1} specialty 100 observed": ("observed of a part", (3,))}
    tables["drilldown"][0] |= {"expected": None, "excess_units": None}
    assert opened(tmp_path / "closed", tables) == {}


def _fifths(total: float, observed: list[float | None], **figures: Any) -> Tables:
    fifth = {"indicator_id": "BCBV05", "area_level": "organisation", "area_code": "5AA",
             "quarter": Q1}  # fmt: skip
    return {
        "fct_indicator_values": [row_of("BCBV05", "5AA", numerator=total)],
        "fct_equity": [
            fifth | {"deprivation_quintile": number, "observed": count} | figures
            for number, count in enumerate(observed, 1)
        ],
    }


def test_fifths_of_deprivation(tmp_path: Path) -> None:
    """83 less 21, 19, 17 and 22 is 4; with another hidden fifth of 17 it is 4 of 21, or less."""
    lone = opened(tmp_path / "one", _fifths(83, [21, 19, 17, 22, None]))
    assert lone == {f"BCBV05 5AA {Q1} fifth 5": ("area less its fifths", (4,))}
    assert opened(tmp_path / "two", _fifths(83, [21, 19, None, 22, None])) == {}
    # 1 and 2 make 3: neither is more than 2.
    few = opened(tmp_path / "three", _fifths(64, [21, 18, None, 22, None]))
    assert {possible for _, possible in few.values()} == {(1, 2)}


def test_records_that_failed_a_rule(tmp_path: Path) -> None:
    """Green up to 0.5 % of 380 records is at most 1 of them; up to 2 % at most 7."""
    result = {"feed": "hes_apc", "quarter": Q1, "outcome": "green"}

    def tables(amber: float) -> Tables:
        shown = [
            result | {"rule_id": rule, "organisation_code": f"R{i:02}", "n_checked": 380 + i,
                      "n_failed": 40, "rate": round(40 / (380 + i), 3)}
            for i in range(25) for rule in ("A05", "A07")
        ]  # fmt: skip
        shown[0] |= {"n_checked": None, "n_failed": None, "rate": None, "amber_threshold": amber}
        return {"dq_rule_results": shown}

    found = opened(tmp_path / "tight", tables(0.005))
    assert found == {f"A05 R00 hes_apc {Q1}": ("outcome with a known bound", (1,))}
    assert opened(tmp_path / "wide", tables(0.02)) == {}


def test_small_counts_of_records(tmp_path: Path) -> None:
    """3 of 381 stands there; 381 less 378 does as well; 8 of 381 may."""
    field = {"feed": "hes_op", "quarter": Q1, "field": "SEX", "n_default": 0, "n_invalid": 0}

    def tables(missing: int | None, valid: int | None) -> Tables:
        shown = field | {"organisation_code": "RAA", "n_records": 381, "n_missing": missing,
                         "n_valid": valid}  # fmt: skip
        other = field | {"organisation_code": "RAA", "field": "DOB", "n_records": 381,
                         "n_missing": 0, "n_valid": 381}  # fmt: skip
        return {"dq_field_quality": [shown, other]}

    assert "small count of records" in attacks(tmp_path / "there", tables(3, 378))
    assert attacks(tmp_path / "less", tables(None, 378)) >= {"records less the shown states"}
    assert attacks(tmp_path / "eight", tables(8, 373)) == set()


def test_rows_of_a_submission(tmp_path: Path) -> None:
    """10,003 landed less 10,001 in use and none superseded: 2 were set aside."""
    account = {"submission_id": "a__1", "feed": "hes_apc", "n_landed": 10003, "n_superseded": 0,
               "n_in_use": 10001}  # fmt: skip
    found = opened(tmp_path, {"dq_submissions": [account]})
    assert found == {"a__1 n_landed": ("submission less its parts", (2,))}


SUBMISSION = {"submission_id": "a__1", "feed": "hes_apc", "period_start_date": "2006-04-01",
              "period_end_date": "2006-06-28", "n_effective_months": 3}  # fmt: skip


def test_an_earlier_release_of_the_same_data(tmp_path: Path) -> None:
    """Hidden now and shown then, or shown now and hidden then: of the same submissions it tells."""
    shown = row_of("BCBV04", "5AA", numerator=6.0, expected=12.1, value=49.6)
    base = others("BCBV04", "5B")

    def release(name: str, row: Row, submission: Row = SUBMISSION) -> Path:
        tables = {"fct_indicator_values": [row, *base], "dim_submission": [submission]}
        return write_release(tmp_path / name, tables, name)

    then = release("then shown", shown)
    now = release("now hidden", hidden("BCBV04", "5AA"))
    found = {one.attack: one.possible for one in audit(now, [then]).opened}
    assert found == {"an earlier release shows it": (6,)}
    found = {one.attack: one.possible for one in audit(then, [now]).opened}
    assert "hidden in an earlier release" in found
    sent_again = release("sent again", hidden("BCBV04", "5AA"), SUBMISSION | {"submission_id": "b"})
    assert audit(sent_again, [then]).is_safe


def test_documents_say_no_more_than_the_tables(tmp_path: Path) -> None:
    """A hidden row's figure in JSON and in a script of a page, and a shown row's other figure."""
    tables = {"fct_indicator_values": [hidden("BCBV15", "RAA"), *others()]}
    folder = write_release(tmp_path, tables)
    feed = folder / "api" / "v1" / "organisations"
    feed.mkdir(parents=True)
    values = {"indicator_id": "BCBV15", "quarter": Q1, "value": None}

    def told(value: float | None, code: str = "RAA") -> set[str]:
        document = {
            "organisation": {"organisation_code": code},
            "values": [values | {"value": value}],
        }
        for old in feed.iterdir():
            old.unlink()
        (feed / f"{code}.json").write_text(json.dumps(document), encoding="utf-8")
        return {one.attack for one in audit(folder, []).opened}

    assert told(None) == set()
    assert told(41.7) == {"a figure that the tables do not have"}
    assert told(101.3, "RBA") == set()
    assert told(101.34, "RBA") == {"a figure that the tables do not have"}
    pages = folder / "explorer" / "data" / "o"
    pages.mkdir(parents=True)
    codes = {"codes": {"indicator_id": ["BCBV04", "BCBV15"], "quarter": [Q1]}}
    (pages.parent / "index.js").write_text(
        f'BCBV.put("index", {json.dumps(codes)});', encoding="utf-8"
    )
    table = {"values": {"n": 2, "indicator_id": "0,+", "quarter": "0,~", "value": ",41.7"}}
    (pages / "RAA.js").write_text(f'BCBV.put("o/RAA", {json.dumps(table)});', encoding="utf-8")
    assert [one.table for one in audit(folder, []).opened if "explorer" in one.table] == [
        "explorer/data/o/RAA.js values"
    ]


@pytest.mark.parametrize("constant_memory", [True, False], ids=["inline", "shared"])
def test_a_workbook_says_no_more_than_the_tables(tmp_path: Path, constant_memory: bool) -> None:
    """A hidden row's figure among stars; texts in the cells and in the list that cells share."""
    folder = write_release(tmp_path, {"fct_indicator_values": [hidden("BCBV15", "RAA"), *others()]})
    (folder / "xlsx").mkdir()

    def told(value: float | str) -> set[str]:
        path = str(folder / "xlsx" / "bcbv.xlsx")
        with xlsxwriter.Workbook(path, {"constant_memory": constant_memory}) as workbook:
            text = workbook.add_format({"num_format": "@"})
            sheet = workbook.add_worksheet("values")
            sheet.write_row(0, 0, ["indicator_id", "organisation_code", "quarter", "value"], text)
            sheet.write_row(1, 0, ["BCBV15", "RAA", Q1, value], text)
            sheet.write_row(2, 0, ["BCBV15", "RAA", Q2, "*"], text)
        return {one.attack for one in audit(folder, []).opened}

    assert told("*") == set()
    assert told(41.7) == {"a figure that the tables do not have"}


@pytest.mark.parametrize("figure", ["£69k", "£1.2m", "£1,204", "13th of 15"])
def test_a_scorecard_has_no_figure_of_a_hidden_row(tmp_path: Path, figure: str) -> None:
    """Pounds and ranks between the name of a hidden indicator and the next one's."""
    folder = write_release(tmp_path, {"fct_indicator_values": [hidden("BCBV15", "RAA"), *others()]})
    card = folder / "scorecards" / "RAA.html"
    card.parent.mkdir()

    def told(of_hidden: str, of_next: str) -> list[tuple[str, str]]:
        card.write_text(
            "<style>p { top: 1 }</style><table>"
            f"<tr><th>BCBV15</th><td>73.7</td><td>{of_hidden}</td></tr>"
            f"<tr><th>BCBV16</th><td>{of_next}</td></tr></table>",
            encoding="utf-8",
        )
        return [(one.attack, one.cell) for one in audit(folder, []).opened]

    assert told("suppressed", figure) == []
    assert told(figure, "") == [("a figure on a scorecard", f"BCBV15 RAA {Q1}: {figure}")]


def test_csv_that_says_more_than_the_database(tmp_path: Path) -> None:
    """The tables of each format are attacked where they differ."""
    folder = write_release(
        tmp_path, {"fct_indicator_values": [hidden("BCBV04", "5AA"), *others("BCBV04", "5B")]}
    )
    csv = folder / "csv" / "fct_indicator_values.csv"
    csv.parent.mkdir()
    with duckdb.connect(str(folder / "bcbv.duckdb"), read_only=True) as engine:
        figures = "case when organisation_code = '5AA' then {} else {} end as {}"
        engine.execute(
            "copy (select * replace ("
            + figures.format(41.7, "value", "value")
            + ", "
            + figures.format(12.0, "expected", "expected")
            + f") from marts.fct_indicator_values) to '{csv}'"
        )
    attacks_told = {one.attack for one in audit(folder, []).opened}
    assert attacks_told == {"value x expected", "a figure of a hidden row"}
    csv.write_text("indicator_id,quarter\nBCBV04,2006-07 Q1\n", encoding="utf-8")
    found = audit(folder, [])
    assert not found.is_safe
    assert found.unread[0].startswith("csv: ")


def test_the_command_refuses_what_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, and the cell with what opens it; status 0 where nothing is opened."""
    starred = hidden("BCBV04", "5AA", value=41.7, expected=12.0)
    leaks = write_release(
        tmp_path / "leaks", {"fct_indicator_values": [starred, *others("BCBV04", "5B")]}
    )
    assert audit_release.main([str(leaks)]) == 1
    assert f"BCBV04 5AA {Q1} numerator: 5, by value x expected" in capsys.readouterr().out
    safe = write_release(tmp_path / "safe", {"fct_indicator_values": [*others()]})
    assert audit_release.main([str(safe)]) == 0


def test_what_could_not_be_read_is_not_safe() -> None:
    """An audit that left something out refuses."""
    assert not Audit(0, (), unread=("parquet: damaged",)).is_safe
