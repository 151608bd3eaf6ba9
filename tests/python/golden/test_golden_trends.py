"""Golden cases of the reference: charts in time and the values of areas, by hand or published."""

import pytest
from reference import areas, trends
from reference.organisations import Organisation
from reference.quarters import from_label
from reference.trends import Point

FIRST = from_label("2010-11 Q1")
INDICATOR = {
    "indicator_id": "BCBV08",
    "direction": "lower",
    "trend_method": "xmr",
    "is_overlapping": "false",
    "value_scale": "1",
}

# G9 (Rulebook 9.11).
G9 = [5.1, 5.0, 5.2, 5.1, 4.9, 5.0, 5.1, 5.2, 4.8, 4.7, 4.7, 4.6, 4.6, 4.5, 4.4]
# The published test of NHSRplotthedots (tests/testthat/_snaps at 174380d): rnorm(20) of R after
# set.seed(123), for which it prints three digits of mean and limits.
TWENTY = [
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774),
    *(1.71506499, 0.46091621, -1.26506123, -0.68685285, -0.44566197),
    *(1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113),
    *(1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141),
]


def names(values: list[float]) -> list[str | None]:
    """The signals of a segment."""
    found = trends.signals(values, trends.chart(values))
    return [signal and signal.name for signal in found]


def test_g9_chart_and_signals():
    drawn = trends.chart(G9)
    assert drawn.mean == pytest.approx(4.86)
    assert drawn.limits == pytest.approx((4.594, 5.126), abs=1e-9)
    expected = dict.fromkeys(range(1, 16), "shift")
    expected |= dict.fromkeys((3, 8, 14, 15), "outside") | dict.fromkeys((12, 13), "two_of_three")
    assert names(G9) == list(expected.values())


@pytest.mark.parametrize(
    ("values", "mean", "limits"),
    [
        (TWENTY, 0.142, (-3.01, 3.29)),
        (TWENTY[:10], 0.0746, (-2.60, 2.75)),
        (TWENTY[10:], 0.209, (-3.28, 3.70)),
    ],
)
def test_a_published_chart(values, mean, limits):
    drawn = trends.chart(values)
    assert drawn.mean == pytest.approx(mean, abs=5e-4)
    assert drawn.limits == pytest.approx(limits, abs=5e-3)
    assert names(values) == [None] * len(values)


def test_two_near_limits_on_either_side_are_no_signal_as_published():
    values = [1.0, -1.0] * 7 + [5.5, -5.5]
    assert names(values) == [None] * 16


def test_a_move_far_larger_than_the_rest_is_left_out_of_the_mean_move():
    # Moves are 1 each but the last two of 9: their mean is (10 + 18) / 12, times 3.267 is 7.62.
    values = [0.0, 1.0] * 5 + [0.0, 9.0, 0.0]
    drawn = trends.chart(values)
    assert drawn.limits == pytest.approx((14 / 13 - 2.66, 14 / 13 + 2.66))


def test_the_move_is_left_out_once_alone():
    # Moves 1, 1, 1, 1, 1, 1, 6, 30: 30 goes (the mean is 5.25), 6 stays, though it is more than
    # 3.267 times the mean of what is left (12 / 7).
    values = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 6.0, 36.0]
    drawn = trends.chart(values)
    middle, reach = 45 / 9, 2.66 * 12 / 7
    assert drawn.limits == pytest.approx((middle - reach, middle + reach))


def test_equal_values_have_a_mean_and_no_limits():
    drawn = trends.chart([0.1] * 8)
    assert drawn.mean == pytest.approx(0.1)
    assert drawn.limits is None
    assert names([0.1] * 8) == [None] * 8


def test_six_points_have_no_chart():
    assert trends.chart([1.0, 2.0] * 3) is None


def limited(values: list[float], reach: float = 100.0) -> list[str | None]:
    """Signals around 0 with limits that are given."""
    found = trends.signals(values, trends.Chart(0.0, (-reach, reach)))
    return [signal and f"{signal.name}{'+' if signal.is_upward else '-'}" for signal in found]


def test_seven_that_rise_and_six_that_do_as_published():
    assert limited([-3, -2, -1, 0, 1, 2]) == [None] * 6
    assert limited([-3, -2, -1, 0, 1, 2, 3]) == ["trend+"] * 7
    assert limited([-2, -3, -2, -1, 0, 1, 2, 3, -1]) == [None, *["trend+"] * 7, None]
    # Published: one that stands still ends it.
    assert limited([-3, -2, -1, -1, 0, 1, 2]) == [None] * 7


def test_a_point_that_ends_a_trend_and_begins_another_is_of_the_later():
    up, down = [-3, -2, -1, 0, 1, 2, 3], [2, 1, 0, -1, -2, -3]
    assert limited(up + down) == ["trend+"] * 6 + ["trend-"] * 7


def test_eight_on_one_side_and_six():
    assert limited([1, 2, 1, 2, 1, 2, -1]) == [None] * 7
    assert limited([1, 2, 1, 2, 1, 2, 1, 2, -1]) == [*["shift+"] * 8, None]
    # A point on the mean is on no side.
    assert limited([1, 2, 1, 0, 1, 2, 1, 2]) == [None] * 8


def test_two_of_three_as_published():
    def near(values: list[float]) -> list[bool]:
        return [name is not None and name.startswith("two") for name in limited(values, 3.0)]

    # Published patterns of points near a limit, the others on the same side of the mean.
    assert near([1, 1, 2.5, 1, 2.5, 1]) == [False, False, True, False, True, False]
    assert near([1, 2.5, 2.5, 1]) == [False, True, True, False]
    assert near([2.5, 1, 1, 2.5, 2.5]) == [False, False, False, True, True]
    # One on the other side breaks it, one outside does not count but may be the third.
    assert near([2.5, -1, 2.5, 1]) == [False] * 4
    assert limited([2.5, 4, 1, 2.5, 4, 2.6], 3.0) == [
        *(None, "outside+", None),
        *("two_of_three+", "outside+", "two_of_three+"),
    ]


def rows(values: dict[int, float], **others: object) -> list[dict]:
    """The rows of an organisation with a value by number of the quarter."""
    points = [Point(FIRST + n, value, (value, 0.1), 10 - n) for n, value in values.items()]
    return trends.series_rows(points, INDICATOR | others, is_of_an_organisation=True)


def test_against_the_quarter_before():
    found = rows({0: 0.5, 1: 0.4, 2: 0.1, 4: 0.05, 5: 0.05, 6: 0.04})
    assert [row["quarters_improving"] for row in found] == [0, 1, 2, 0, 0, 1]
    assert [row["rank_change"] for row in found] == [None, -1, -1, None, -1, -1]
    assert found[2]["change"] == pytest.approx(-0.3)
    # -0.3 over 0.1 x the root of 2.
    assert found[2]["change_z"] == pytest.approx(-2.1213203)
    assert [row["is_change_significant"] for row in found] == [
        None,
        False,
        True,
        None,
        False,
        False,
    ]
    assert found[3]["previous_value"] is None


def test_running_sums_have_no_z_and_context_no_improvement():
    [_, second] = rows({0: 0.5, 1: 0.4}, is_overlapping="true")
    assert (second["change_z"], second["is_change_significant"]) == (None, None)
    assert (second["rank_change"], second["quarters_improving"]) == (-1, 1)
    found = rows(dict(enumerate([0.5, 0.4] * 4)), direction="context")
    assert {row["quarters_improving"] for row in found} == {None}
    assert {row["variation"] for row in found} == {"common_cause"}


def test_improvement_and_concern_by_direction():
    rising = {n: float(n) for n in range(7)}
    for direction, meaning in (
        ("lower", "concern"),
        ("higher", "improvement"),
        ("context", "neutral"),
    ):
        found = rows(rising, direction=direction)
        assert {(row["signal"], row["variation"]) for row in found if row["signal"] == "trend"} == {
            ("trend", meaning)
        }


def test_a_change_of_how_figures_come_about_begins_a_segment(monkeypatch):
    monkeypatch.setattr(trends, "process_changes", lambda _: ["2012-13 Q2", "2012-13 Q3"])
    # Quarters 0 to 8, none at 9 (2012-13 Q2) and 10, then 11 and 12.
    found = rows({n: float(n % 3) for n in (*range(9), 11, 12)})
    assert [row["n_points"] for row in found] == [9] * 9 + [2] * 2
    assert found[-1]["segment_from_quarter"] == "2012-13 Q4"
    assert [row["mean"] is None for row in found] == [False] * 9 + [True] * 2
    assert all(row["is_trial"] for row in found)
    # Against the quarter before it is compared all the same.
    assert found[-1]["change"] == -2


def value(code: str, **values: object) -> dict:
    """A published row of 05."""
    return {
        "indicator_id": "BCBV05",
        "organisation_code": code,
        "organisation_class": "pct",
        "quarter": "2010-11 Q1",
        "publication_status": "published",
        "numerator": 10,
        "denominator": 100,
        "expected": 8.0,
        "value": 125.0,
    } | values


def test_areas_are_what_is_counted_together():
    organisations = {
        "A": Organisation("pct", "Q33"),
        "B": Organisation("pct"),
        "C": Organisation("pct", "Q34"),
    }
    found = areas.area_values(
        [
            value("A"),
            value("B", numerator=20, denominator=300, expected=32.0, value=62.5),
            value("C", publication_status="withheld"),
        ],
        organisations,
        lambda _: 100.0,
        {},
    )
    by_area = {row["area_code"]: row for row in found}
    assert by_area.keys() == {"england", "Q33", "Q34"}
    england = by_area["england"]
    assert (england["numerator"], england["denominator"], england["expected"]) == (30, 400, 40)
    assert england["crude_value"] == pytest.approx(0.075)
    assert england["value"] == pytest.approx(75)
    assert england["simple_mean"] == pytest.approx(93.75)
    assert (england["n_organisations"], england["n_left_out"]) == (2, 1)
    nobody = by_area["Q34"]
    assert (nobody["numerator"], nobody["value"], nobody["n_organisations"]) == (None, None, 0)


def test_the_day_case_rate_of_an_area_is_at_the_references_rate():
    rows_of_trusts = [value("A", indicator_id="BCBV03"), value("A2", indicator_id="BCBV03")]
    organisations = {"A": Organisation("acute"), "A2": Organisation("acute")}
    [row] = areas.area_values(rows_of_trusts, organisations, lambda _: 1.0, {"2010-11 Q1": 0.6})
    assert row["value"] == pytest.approx(20 / 16 * 0.6)
    assert row["crude_value"] == pytest.approx(0.1)
