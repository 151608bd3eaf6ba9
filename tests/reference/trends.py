"""What changed by more than chance in time: charts of single values (Rulebook 9.10 to 9.12)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reference.areas import COUNTED, INDEX
from reference.intervals import comparable, z
from reference.measures import mean
from reference.quarters import from_label, label
from reference.seeds import parameter, process_changes

RUN = 7
WINDOW = 3
NEARLY_A_LIMIT = 2 / 3

# A value each of consecutive rows.
Series = Sequence[float]


@dataclass(frozen=True)
class Chart:
    """The mean of a segment and the limits of chance; no limits where nothing ever moved."""

    mean: float
    limits: tuple[float, float] | None


def chart(values: Series) -> Chart | None:
    """The chart of a segment, null of too few points.

    Moves that are far larger than the rest are left out of the mean move, once.
    """
    if len(values) < parameter("xmr_min_points"):
        return None
    middle = mean(values)
    moves = [abs(after - before) for before, after in pairwise(values)]
    most = comparable(parameter("xmr_range_limit_factor") * mean(moves))
    move = mean(move for move in moves if comparable(move) < most)
    if move is None:
        return Chart(middle, None)
    reach = parameter("xmr_limit_factor") * move
    return Chart(middle, (middle - reach, middle + reach))


@dataclass(frozen=True)
class Signal:
    """What a point is a sign of, and whether the values are high or rise there."""

    name: str
    is_upward: bool


def signals(values: Series, drawn: Chart | None) -> list[Signal | None]:
    """The first sign of something more than chance that holds of each point of a segment."""
    if drawn is None or drawn.limits is None:
        return [None] * len(values)
    lower, upper = (comparable(limit) for limit in drawn.limits)
    reach = drawn.limits[1] - drawn.mean
    nearly = [comparable(drawn.mean + sign * NEARLY_A_LIMIT * reach) for sign in (-1, 1)]
    middle = comparable(drawn.mean)
    points = [comparable(value) for value in values]
    sides = [(point > middle) - (point < middle) for point in points]
    is_outside = [not lower <= point <= upper for point in points]
    is_near = [
        not outside and not nearly[0] <= point <= nearly[1]
        for point, outside in zip(points, is_outside, strict=True)
    ]
    rises = _rises(points)
    trending = _last_of_windows(len(points), RUN, lambda w: _same(rises[w.start + 1 : w.stop]))
    shifted = _last_of_windows(len(points), RUN, lambda w: _same(sides[w.start : w.stop]))
    near = _last_of_windows(
        len(points),
        WINDOW,
        lambda w: _same(sides[w.start : w.stop]) if sum(is_near[i] for i in w) >= 2 else 0,
    )
    found: list[Signal | None] = []
    for i, side in enumerate(sides):
        if is_outside[i]:
            found.append(Signal("outside", side > 0))
        elif trending[i]:
            found.append(Signal("trend", trending[i] > 0))
        elif is_near[i] and near[i]:
            found.append(Signal("two_of_three", side > 0))
        elif shifted[i]:
            found.append(Signal("shift", side > 0))
        else:
            found.append(None)
    return found


def _rises(points: Series) -> list[int]:
    """Of each point whether it is above (1), below (-1) or at (0) the one before."""
    return [0, *((after > before) - (after < before) for before, after in pairwise(points))]


def _same(signs: Sequence[int]) -> int:
    """The sign that all have, 0 if they differ or are 0."""
    return signs[0] if len(set(signs)) == 1 else 0


def _last_of_windows(n: int, width: int, sign_of) -> list[int]:
    """Of each of n points the sign of the last window of the width that holds it and has one."""
    found = [0] * n
    for start in range(n - width + 1):
        window = range(start, start + width)
        sign = sign_of(window)
        if sign:
            for i in window:
                found[i] = sign
    return found


def variation(signal: Signal | None, direction: str) -> str:
    """What a sign means."""
    if signal is None:
        return "common_cause"
    if direction == "context":
        return "neutral"
    return "concern" if signal.is_upward == (direction == "lower") else "improvement"


@dataclass(frozen=True)
class Point:
    """A quarter of a series, with y and s of an organisation where it has them, and its rank."""

    quarter: int
    value: float
    transformed: tuple[float, float] | None = None
    rank: int | None = None


def series_rows(
    points: Iterable[Point], indicator: dict[str, str | None], *, is_of_an_organisation: bool
) -> list[dict]:
    """The rows of fct_indicator_trend of one series, from the quarter on."""
    points = sorted(points, key=lambda point: point.quarter)
    changes = [from_label(text) for text in process_changes(indicator["indicator_id"])]
    segments: dict[int, list[Point]] = {}
    for point in points:
        segments.setdefault(sum(change <= point.quarter for change in changes), []).append(point)
    rows = [row for own in segments.values() for row in _segment(own, indicator)]
    compared = dict.fromkeys(COMPARED)
    before: dict[int, tuple[Point, int]] = {}
    for point, row in zip(points, rows, strict=True):
        if is_of_an_organisation:
            previous, n_improving = before.get(point.quarter - 1, (None, 0))
            compared = _compared(point, previous, n_improving, indicator)
            before[point.quarter] = point, compared["quarters_improving"] or 0
        row |= compared
    return rows


def _segment(points: list[Point], indicator: dict[str, str | None]) -> list[dict]:
    values = [point.value for point in points]
    drawn = chart(values) if indicator["trend_method"] == "xmr" else None
    lower, upper = (drawn and drawn.limits) or (None, None)
    return [
        {
            "quarter": label(point.quarter),
            "trend_value": point.value,
            "segment_from_quarter": label(points[0].quarter),
            "n_points": len(points),
            "mean": drawn and drawn.mean,
            "lower_limit": lower,
            "upper_limit": upper,
            "is_trial": len(points) < parameter("xmr_trial_points"),
            "signal": signal and signal.name,
            "variation": drawn and variation(signal, indicator["direction"]),
        }
        for point, signal in zip(points, signals(values, drawn), strict=True)
    ]


COMPARED = (
    "previous_value",
    "change",
    "change_z",
    "is_change_significant",
    "rank_change",
    "quarters_improving",
)


def _compared(
    point: Point, previous: Point | None, n_improving: int, indicator: dict[str, str | None]
) -> dict:
    """A row's columns against the calendar quarter before, which n_improving were better up to."""
    found = dict.fromkeys(COMPARED)
    direction = indicator["direction"]
    if direction != "context":
        found["quarters_improving"] = 0
    if previous is None:
        return found
    found["previous_value"] = previous.value
    found["change"] = point.value - previous.value
    if None not in (point.rank, previous.rank):
        found["rank_change"] = point.rank - previous.rank
    now, then = point.transformed, previous.transformed
    if now and then and indicator["is_overlapping"] != "true":
        found["change_z"] = (now[0] - then[0]) / (now[1] ** 2 + then[1] ** 2) ** 0.5
        found["is_change_significant"] = abs(found["change_z"]) > z("95")
    rise = comparable(point.value) - comparable(previous.value)
    if (direction == "lower" and rise < 0) or (direction == "higher" and rise > 0):
        found["quarters_improving"] = n_improving + 1
    return found


def trend_rows(
    values: Iterable[dict],
    transformed: Mapping[tuple[str, str, str], tuple[float, float] | None],
    areas: Iterable[dict],
    registry: Mapping[str, dict[str, str | None]],
) -> list[dict]:
    """Rows of fct_indicator_trend.

    values are the rows of fct_indicator_values and areas of fct_area_values; transformed is y and
    s by indicator, organisation and quarter.
    """
    series: dict[tuple, list[Point]] = {}
    for row in values:
        key = (row["indicator_id"], row["organisation_code"], row["quarter"])
        if row["publication_status"] in COUNTED:
            place = (key[0], "organisation", key[1], row["organisation_class"])
            point = Point(
                from_label(key[2]), row["value"], transformed.get(key), row["national_rank"]
            )
            series.setdefault(place, []).append(point)
    for row in areas:
        indicator_id, level = row["indicator_id"], row["area_level"]
        is_index = float(registry[indicator_id]["value_scale"]) == INDEX
        # An index of the whole against itself says nothing.
        value = row["crude_value" if level == "england" and is_index else "value"]
        if value is not None:
            place = (indicator_id, level, row["area_code"], row["organisation_class"])
            series.setdefault(place, []).append(Point(from_label(row["quarter"]), value))
    names = ("indicator_id", "area_level", "area_code", "organisation_class")
    return [
        dict(zip(names, place, strict=True)) | row
        for place, points in series.items()
        for row in series_rows(
            points, registry[place[0]], is_of_an_organisation=place[1] == "organisation"
        )
    ]
