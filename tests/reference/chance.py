"""Rows of fct_indicator_statistics: what chance makes of a value, and whom to look at first.

Rulebook 9.2 to 9.8.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reference.engine import excess, percentile
from reference.funnels import Funnel, Rank, funnel, ranks
from reference.intervals import LEVELS, Kind, Limits, comparable, transformed, value_limits
from reference.measures import Measure
from reference.quarters import from_label, label

# Indicator, organisation and quarter of a row.
Key = tuple[str, str, str]

NOT_USED = ("withheld", "not_submitted", "unusable")
POSITIONS_WORSE = ("worse_95", "worse_998")
WORST_QUARTILE = 4


def key_of(row: dict) -> Key:
    """The key of a row of values or of statistics."""
    return row["indicator_id"], row["organisation_code"], row["quarter"]


@dataclass(frozen=True)
class Judged:
    """A row of fct_indicator_values with its measure (null where nothing was submitted).

    limits and point (y and s) are those of the value.
    """

    row: dict
    measure: Measure | None
    kind: Kind
    limits: dict[str, Limits]
    point: tuple[float, float] | None

    @property
    def key(self) -> Key:
        """Indicator, organisation and quarter."""
        return key_of(self.row)

    @property
    def is_eligible(self) -> bool:
        """Whether it is one of those by which all are measured."""
        return self.row["is_eligible_for_benchmark"]

    def pounds(self, value: float | None, standard: float | None) -> float | None:
        """£ a year if the organisation had this value, and were held to this standard."""
        if self.measure is None or value is None or standard is None:
            return None
        _, _, money = excess(self.measure, value, standard, self.kind.is_lower_better)
        return None if money is None else 4 * money


def judged(
    rows: Iterable[dict],
    measures: Mapping[Key, Measure],
    registry: Mapping[str, dict[str, str | None]],
) -> list[Judged]:
    """Each row with its limits; measures are of those who submitted."""
    found = []
    for row in rows:
        kind, measure = Kind.of(registry[row["indicator_id"]]), measures.get(key_of(row))
        limits, point = value_limits(kind, measure), transformed(kind, measure)
        found.append(Judged(row, measure, kind, limits, point))
    return found


def statistics(
    found: list[Judged],
    registry: Mapping[str, dict[str, str | None]],
    trends: Iterable[dict],
) -> list[dict]:
    """The rows; trends are those of fct_indicator_trend."""
    groups = defaultdict(list)
    for one in found:
        row = one.row
        groups[row["indicator_id"], row["quarter"], row["organisation_class"]].append(one)
    rows = {}
    for (indicator_id, _, _), own in groups.items():
        rows |= _group(own, registry[indicator_id])
    variations = {
        (row["indicator_id"], row["area_code"], row["quarter"]): row["variation"]
        for row in trends
        if row["area_level"] == "organisation"
    }
    by_key = {one.key: one for one in found}
    for key, row in rows.items():
        row["concern"] = _concern(key, by_key, rows, variations, registry[key[0]])
        row["focus_order"] = None
    _order_by_focus(found, rows)
    return list(rows.values())


def _group(own: list[Judged], indicator: dict[str, str | None]) -> dict[Key, dict]:
    """Rows of one indicator, quarter and class, without what other groups have to say."""
    kind = own[0].kind
    eligible = {one.key[1]: one for one in own if one.is_eligible}
    points = {code: one.point for code, one in eligible.items() if one.point is not None}
    drawn = (
        funnel(kind, {code: one.measure for code, one in eligible.items()}, points)
        if points
        else None
    )
    ranked = ranks(points, kind.is_lower_better)
    shrunk = {
        one.key[1]: drawn.shrunk(*one.point) for one in own if drawn and one.point is not None
    }
    standard = (
        percentile(
            [value for code, value in shrunk.items() if code in eligible],
            float(indicator["benchmark_quantile"]),
        )
        if shrunk
        else None
    )
    return {
        one.key: {
            "indicator_id": one.key[0],
            "organisation_code": one.key[1],
            "quarter": one.key[2],
            "organisation_class": one.row["organisation_class"],
            "interval_method": kind.method,
            **_limits(one),
            "transformed_value": one.point and one.point[0],
            "transformed_standard_error": one.point and one.point[1],
            **_in_funnel(one, drawn),
            **_shrunk(one, shrunk.get(one.key[1]), standard),
            **_money(one),
            **_ranked(ranked.get(one.key[1])),
        }
        for one in own
    }


def _limits(one: Judged) -> dict[str, float | None]:
    found = {}
    for level in LEVELS:
        lower, upper = one.limits.get(level, (None, None))
        found |= {f"value_lower_{level}": lower, f"value_upper_{level}": upper}
    return found


def _in_funnel(one: Judged, drawn: Funnel | None) -> dict[str, object]:
    is_placed = drawn is not None and one.point is not None
    found: dict[str, object] = {
        "overdispersion_phi": drawn and drawn.phi,
        "overdispersion_tau2": drawn and drawn.tau2,
        "funnel_target": drawn and drawn.target,
        "funnel_centre": drawn and one.kind.on_the_scale_of_values(drawn.target),
        "funnel_z": drawn.distance(*one.point) if is_placed else None,
        "funnel_position": drawn.position(*one.point) if is_placed else None,
    }
    for level in LEVELS:
        lower, upper = drawn.limits(one.point[1], level) if is_placed else (None, None)
        found |= {f"funnel_lower_{level}": lower, f"funnel_upper_{level}": upper}
    return found


def _shrunk(one: Judged, value: float | None, standard: float | None) -> dict[str, float | None]:
    return {
        "shrunk_value": value,
        "shrunk_benchmark_value": None if value is None else standard,
        "opportunity_annual_shrunk_gbp": one.pounds(value, standard),
    }


def _better_and_worse(one: Judged) -> Limits | tuple[None, None]:
    """The 95 % limits on the better and on the worse side."""
    limits = one.limits.get("95", (None, None))
    return limits if one.kind.is_lower_better else limits[::-1]


def _money(one: Judged) -> dict[str, object]:
    better, worse = _better_and_worse(one)
    benchmark = one.row["benchmark_value"]
    is_distinguishable = None
    if better is not None and benchmark is not None:
        beyond = comparable(better) - comparable(benchmark)
        is_distinguishable = (beyond if one.kind.is_lower_better else -beyond) > 0
    return {
        "opportunity_annual_lower_gbp": one.pounds(better, benchmark),
        "opportunity_annual_upper_gbp": one.pounds(worse, benchmark),
        "is_distinguishable": is_distinguishable,
    }


def _ranked(rank: Rank | None) -> dict[str, float | None]:
    return {
        "expected_rank": rank and rank.expected,
        "rank_best_95": rank and rank.best,
        "rank_worst_95": rank and rank.worst,
    }


def _concern(
    key: Key,
    judged_by_key: Mapping[Key, Judged],
    rows: Mapping[Key, dict],
    variations: Mapping[Key, str | None],
    indicator: dict[str, str | None],
) -> str | None:
    """How much an organisation should look at an indicator."""
    one, row = judged_by_key[key], rows[key]
    status = one.row["publication_status"]
    if indicator["direction"] == "context" or status == "not_applicable":
        return None
    if status in NOT_USED:
        return "data"
    before = (key[0], key[1], label(from_label(key[2]) - 1))
    is_worst = one.row["quartile"] == WORST_QUARTILE
    was_worst = before in rows and judged_by_key[before].row["quartile"] == WORST_QUARTILE
    position = row["funnel_position"]
    is_worse = position in POSITIONS_WORSE
    was_worse = before in rows and rows[before]["funnel_position"] in POSITIONS_WORSE
    is_getting_worse = variations.get(key) == "concern"
    if is_worst and (position == "worse_998" or (is_worse and was_worse) or is_getting_worse):
        return "concern"
    is_certain = row["is_distinguishable"] is True or row["interval_method"] == "none"
    if (is_worst and was_worst and is_certain) or is_worse or is_getting_worse:
        return "watch"
    return "none"


def _order_by_focus(found: Iterable[Judged], rows: Mapping[Key, dict]) -> None:
    """Number an organisation's indicators of a quarter by what is surely to be had."""
    own = defaultdict(list)
    for one in found:
        money = one.row["opportunity_annual_gbp"]
        if one.row["publication_status"] in ("published", "caveat") and (money or 0) > 0:
            sure = rows[one.key]["opportunity_annual_lower_gbp"] or 0.0
            own[one.key[1:]].append((-sure, -money, one.key[0], one.key))
    for ordered in own.values():
        for number, (*_, key) in enumerate(sorted(ordered), start=1):
            rows[key]["focus_order"] = number
