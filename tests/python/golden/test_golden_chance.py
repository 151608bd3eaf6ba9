"""Golden cases of the reference: limits, funnels and ranks, by hand and as published."""

import math
from collections.abc import Iterable

import pytest
from reference import chance, funnels, intervals
from reference.funnels import Funnel
from reference.intervals import Kind
from reference.measures import Measure, index

ROUNDED = 1e-6
RATIO = Kind("BCBV05", "ratio", 100.0, 1.0, is_lower_better=True)
RATE = Kind("BCBV19", "rate", 1000.0, 1.0, is_lower_better=True)
SHARE = Kind("BCBV16", "proportion", 1.0, 1.0, is_lower_better=True)
PRESCRIBING = Kind("BCBV07", "proportion", 1.0, 3.0, is_lower_better=False)
DAY_CASES = Kind("BCBV03", "proportion", 1.0, 1.0, is_lower_better=False)
STAYS = Kind("BCBV01", "casemix_mean", 100.0, 1.0, is_lower_better=True)
MONEY = Kind("BCBV10", "none", 1.0, 1.0, is_lower_better=True)

# The published test numbers of PHEindicatormethods (tests/testthat, testdata_funnel_ratio_outputs
# at 8ac28e5): events, limits at 95 % and at 99.8 %, all of them exact and solved to some five
# decimals. Byar's come near them where there are many.
PUBLISHED_COUNTS = [
    (1, (0.025317898, 5.571644585), (0.001000547, 9.233410143)),
    (5, (1.623486324, 11.6683331), (0.739371928, 16.45474478)),
    (9, (4.11537405, 17.08479966), (2.452425215, 22.65737951)),
    (394, (356.0513892, 434.8917709), (335.4983912, 459.2770402)),
    (543, (498.2826676, 590.6533532), (473.8300258, 618.9343757)),
    (716, (664.5083011, 770.4222128), (636.1521174, 802.60414)),
]


def of(events: float, whole: float, scale: float = 1.0) -> Measure:
    """Events among a whole, as a share or a rate."""
    crude = events / whole
    return Measure(events, whole, crude=crude, value=scale * crude)


def close(found: Iterable[float], wanted: Iterable[float], tolerance: float = ROUNDED) -> bool:
    """Whether numbers are those that are wanted."""
    return all(
        math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
        for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize(("events", "of_95", "of_998"), PUBLISHED_COUNTS)
def test_limits_of_a_count_are_those_published(events, of_95, of_998):
    tolerance = 2e-6 if events < 10 else 3e-5
    assert close(intervals.count_limits(events, "95"), of_95, tolerance)
    assert close(intervals.count_limits(events, "998"), of_998, tolerance)


def test_byar_of_a_hundred_is_as_published():
    # The test of the same authors' package for Python.
    assert close(intervals.count_limits(100, "95")[:1], [81.36210549052788])


def test_wilson_of_a_hundred_among_ten_thousand_is_as_published():
    # A test of another Python port, in percent.
    found = intervals.wilson(100, 10_000, "95")
    assert close([100 * x for x in found], (0.8229336148148417, 1.2146982255114647))


def test_g7_limits_of_45_cases_where_40_are_expected():
    found = intervals.value_limits(RATIO, index(45, 40.0, 1000))
    assert close(found["95"], (82.0506, 150.5374))
    assert close(found["998"], (67.6305, 174.6549))


def test_g7_limits_of_30_among_200():
    assert close(intervals.value_limits(SHARE, of(30, 200))["95"], (0.107136, 0.206056), 1e-5)


@pytest.mark.parametrize(("events", "nearest"), [(0, 0), (2.4, 2), (2.5, 3), (9.4, 9)])
def test_a_small_count_has_the_limits_of_the_nearest_whole(events, nearest):
    assert intervals.count_limits(events, "95") == intervals.count_limits(nearest, "95")


def test_from_nine_and_a_half_on_the_limits_are_byars_of_the_count_as_it_is():
    assert intervals.count_limits(9.5, "95") != intervals.count_limits(10, "95")
    assert intervals.count_limits(9.5, "95")[0] < 9.5 < intervals.count_limits(9.5, "95")[1]


def test_items_of_one_patient_are_one_decision():
    thirds = intervals.wilson(100, 200, "95")
    assert close(intervals.value_limits(PRESCRIBING, of(300, 600))["95"], thirds)


def test_limits_of_the_day_case_rate_are_moved_with_it_and_not_cut():
    measure = Measure(95, 100, crude=0.95, value=1.14, expected=50.0, reference_rate=0.6)
    lower, upper = intervals.value_limits(DAY_CASES, measure)["95"]
    assert close((lower, upper), [1.2 * x for x in intervals.wilson(95, 100, "95")])
    assert upper > 1


def test_limits_of_stays_by_hand():
    # O = 110, E = 100, variance 25: the standard error is 5 / 100 / 1.1 = 0.0454545.
    measure = Measure(110, 20, crude=5.5, value=110.0, expected=100.0, expected_variance=25.0)
    found = intervals.value_limits(STAYS, measure)
    assert close(found["95"], (100.6239, 120.2498), 1e-5)
    assert close(intervals.transformed(STAYS, measure), (math.log(1.1), 0.05 / 1.1))


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        (STAYS, Measure(0, 20, crude=0, value=0.0, expected=100.0, expected_variance=25.0)),
        (SHARE, of(-1, 10)),
        (RATE, of(-1, 10)),
        (RATE, of(5, -10)),
        (MONEY, of(5, 10)),
        (SHARE, Measure(5, None, crude=None, value=None)),
    ],
)
def test_neither_limits_nor_error_where_there_are_none(kind, measure):
    assert intervals.value_limits(kind, measure) == {}
    assert intervals.transformed(kind, measure) is None


def test_stays_of_no_variance_have_the_value_for_limits_and_no_error():
    measure = Measure(110, 20, crude=5.5, value=110.0, expected=100.0, expected_variance=0.0)
    assert intervals.value_limits(STAYS, measure)["998"] == (110.0, 110.0)
    assert intervals.transformed(STAYS, measure) is None


def test_more_than_all_have_an_error_but_no_limits():
    assert intervals.value_limits(SHARE, of(11, 10)) == {}
    assert close(intervals.transformed(SHARE, of(11, 10)), (math.pi / 2, 0.5 / math.sqrt(10)))


def test_no_event_of_a_rate_has_limits_but_no_error():
    assert close(intervals.value_limits(RATE, of(0, 2000, 1000))["95"], (0, 3.688879 / 2))
    assert intervals.transformed(RATE, of(0, 2000, 1000)) is None
    assert close(intervals.transformed(RATIO, index(0, 4.0, 100)), (0, 0.25))


# G8 (Rulebook 9.4): observed and expected, here as logarithms of the ratio.
G8 = {
    "A": (120, 100),
    "B": (80, 100),
    "C": (230, 200),
    "D": (150, 200),
    "E": (52, 50),
    "F": (310, 300),
    "G": (240, 300),
    "H": (45, 50),
    "I": (420, 400),
    "J": (330, 400),
}


def test_g8_overdispersion():
    points = {code: (math.log(o / e), 1 / math.sqrt(e)) for code, (o, e) in G8.items()}
    found = funnels.funnel(STAYS, {}, points)
    assert close((found.phi, found.tau2), (5.842668, 0.027279), 1e-5)
    assert close(found.limits(0.1, "95"), (68.4940, 145.9983), 1e-5)
    assert close(found.limits(0.1, "998"), (55.0651, 181.6032), 1e-5)
    assert close(found.limits(0.05, "998"), (58.6685, 170.4493), 1e-5)


def test_fewer_than_ten_make_no_funnel():
    points = {code: (math.log(o / e), 1 / math.sqrt(e)) for code, (o, e) in G8.items()}
    points.pop("A")
    assert funnels.funnel(STAYS, {}, points) is None


def test_targets_are_those_of_all_together():
    measures = {"A": of(10, 100), "B": of(0, 100), "C": of(30, 100)}
    points = dict.fromkeys("AC", (0.0, 1.0))
    # Of a rate only those with an error, of a share everyone.
    assert close([funnels.target(RATE, measures, points)], [math.log(0.2)])
    whole = funnels.target(SHARE, measures, points)
    assert close([whole], [math.asin(math.sqrt(40 / 300))])


def test_no_more_spread_than_chance_makes_is_none_between_organisations():
    assert funnels.between(0.8, [0.1] * 10) == 0
    # Equal errors: (10 x 2 - 9) / (9 / s^2).
    assert close([funnels.between(2, [0.1] * 10)], [11 * 0.01 / 9])


def test_positions_on_either_side_by_direction():
    drawn = Funnel(RATIO, 1.0, 1.0, 0.0, 0.0)
    places = [drawn.position(1 + u * 0.1, 0.1) for u in (0, 1.9, 2, 3.2, -2, -3.2)]
    assert places == ["within", "within", "worse_95", "worse_998", "better_95", "better_998"]
    assert Funnel(DAY_CASES, 1.0, 1.0, 0.0, 0.0).position(0.5, 0.1) == "worse_998"


def test_limits_of_a_funnel_end_where_there_are_no_values():
    drawn = Funnel(RATIO, 1.0, 1.0, 1.0, 0.0)
    assert drawn.limits(1.0, "95")[0] == 0
    wide = Funnel(SHARE, 0.3, 1.0, 1.0, 0.0).limits(1.0, "95")
    assert wide == (0.0, 1.0)


def test_what_is_drawn_to_the_target_by_half():
    # tau2 is s^2: y = 1.2 becomes 1.1, which is 100 x 1.21.
    drawn = Funnel(RATIO, 1.0, 1.0, 0.5, 0.01)
    assert close([drawn.shrunk(1.2, 0.1)], [121.0])
    assert Funnel(RATIO, 1.0, 1.0, 0.5, 0.0).shrunk(1.2, 0.1) == 100.0


def test_ranks_of_two_that_are_two_errors_apart():
    # d = 2: one is surely better. The share of a normal distribution is from tables.
    points = {"A": (1.0, 0.1), "B": (1.0 + 0.2 * math.sqrt(2), 0.1)}
    found = funnels.ranks(points, is_lower_better=True)
    assert close([found["A"].expected, found["B"].expected], [1.0227501, 1.9772499])
    assert [(r.best, r.worst) for r in found.values()] == [(1, 1), (2, 2)]
    turned = funnels.ranks(points, is_lower_better=False)
    assert close([turned["A"].expected], [1.9772499])


def test_ranks_of_equals_are_in_the_middle():
    found = funnels.ranks(dict.fromkeys("ABC", (1.0, 0.1)), is_lower_better=True)
    assert all((r.expected, r.best, r.worst) == (2.0, 1, 3) for r in found.values())


INDICATOR = {
    "BCBV16": {
        "indicator_id": "BCBV16",
        "interval_method": "proportion",
        "value_scale": "1",
        "design_effect": "1",
        "direction": "lower",
        "benchmark_quantile": "0.25",
    }
}


def judged(quarter: str, **values: object) -> chance.Judged:
    """A published row of a share of 0.3, worst quartile, held to a benchmark of 0.2."""
    measure = Measure(30, 100, crude=0.3, value=0.3, volume=100, price=10.0)
    row = {
        "indicator_id": "BCBV16",
        "organisation_code": "RWE",
        "quarter": quarter,
        "organisation_class": "trust",
        "is_eligible_for_benchmark": True,
        "publication_status": "published",
        "quartile": 4,
        "benchmark_value": 0.2,
        "opportunity_annual_gbp": 400.0,
    }
    row |= values
    [found] = chance.judged([row], {chance.key_of(row): measure}, INDICATOR)
    return found


def test_money_at_the_limits_is_the_engines():
    # 30 of 100: Wilson 0.2189 to 0.3958; less 0.2, times 100 of 10 pounds, four times.
    [row] = chance.statistics([judged("2006-07 Q1")], INDICATOR, [])
    assert close(
        [row["opportunity_annual_lower_gbp"], row["opportunity_annual_upper_gbp"]],
        [75.8, 783.4],
        1e-2,
    )
    assert row["is_distinguishable"] is True
    assert row["focus_order"] == 1
    assert (row["expected_rank"], row["funnel_z"]) == (1, None)


def test_two_quarters_among_the_worst_and_surely_so_are_to_be_watched():
    found = [judged("2006-07 Q1"), judged("2006-07 Q2"), judged("2006-07 Q4")]
    rows = chance.statistics(found, INDICATOR, [])
    assert [row["concern"] for row in rows] == ["none", "watch", "none"]


def test_a_trend_for_the_worse_is_a_concern_among_the_worst_and_else_watched():
    found = [judged("2006-07 Q1"), judged("2006-07 Q2", quartile=3)]
    trend = {"indicator_id": "BCBV16", "area_level": "organisation", "area_code": "RWE"}
    trends = [trend | {"quarter": q, "variation": "concern"} for q in ("2006-07 Q1", "2006-07 Q2")]
    rows = chance.statistics(found, INDICATOR, trends)
    assert [row["concern"] for row in rows] == ["concern", "watch"]


def test_data_come_before_what_they_say():
    statuses = ("withheld", "unusable", "not_submitted", "not_applicable")
    rows = chance.statistics(
        [judged(f"2006-07 Q{n}", publication_status=s) for n, s in enumerate(statuses, 1)],
        INDICATOR,
        [],
    )
    assert [row["concern"] for row in rows] == ["data", "data", "data", None]
    assert all(row["focus_order"] is None for row in rows)
