"""What other quarters tell of a hidden one: means of a trend, and what changes slowly."""

from collections import defaultdict

from publication.audit.cells import Cells, Key
from publication.audit.intervals import Interval, meet, times
from publication.audit.tables import Tables

TREND = "fct_indicator_trend"
FACTS = "fct_indicator_values"
HIGHEST = 1e6
# Of so many organisations the range of a change is taken to hold of another one.
ENOUGH = 5
RESIDENTS = "pct"

# Points of a trend: shown or hidden, in the segment that they belong to.
POINTS = f"""
with series as (
    select distinct tried.indicator_id, tried.organisation_code from tried
),
segments as (
    select distinct
        trend.indicator_id,
        trend.area_code as organisation_code,
        trend.segment_from_quarter,
        trend.n_points,
        trend.mean
    from {TREND} as trend
    join series
        on series.indicator_id = trend.indicator_id
        and series.organisation_code = trend.area_code
    where trend.area_level = 'organisation' and trend.mean is not null
),
bounded as (
    select
        *,
        lead(segment_from_quarter) over (
            partition by indicator_id, organisation_code order by segment_from_quarter
        ) as next_segment
    from segments
),
points as (
    select facts.indicator_id, facts.organisation_code, facts.quarter,
        facts.value, tried.indicator_id is not null as is_tried
    from {FACTS} as facts
    left join tried
        on tried.indicator_id = facts.indicator_id
        and tried.organisation_code = facts.organisation_code and tried.quarter = facts.quarter
    where facts.publication_status in ('published', 'caveat')
        and (facts.value is not null or tried.indicator_id is not null)
)
select
    bounded.indicator_id,
    bounded.organisation_code,
    any_value(bounded.n_points),
    any_value(bounded.mean),
    coalesce(sum(points.value), 0),
    count(points.value),
    list(points.quarter) filter (points.value is null)
from bounded
join points
    on points.indicator_id = bounded.indicator_id
    and points.organisation_code = bounded.organisation_code
    and points.quarter >= bounded.segment_from_quarter
    and (bounded.next_segment is null or points.quarter < bounded.next_segment)
group by bounded.indicator_id, bounded.organisation_code, bounded.segment_from_quarter
having list(points.quarter) filter (points.value is null) is not null
"""


def attack_series(tables: Tables, cells: Cells) -> dict[str, int]:
    """Learn what a series tells of the quarter that it hides; gives what was tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    if not cells.hidden:
        return tried
    if tables.has(TREND, "segment_from_quarter", "n_points", "mean"):
        _means(tables, cells, tried)
    if tables.has(FACTS, "expected"):
        for column, variable in (("expected", "e"), ("denominator", "d")):
            tried[f"{column} of a quarter near by"] += _steady(tables, cells, column, variable)
    return tried


def _means(tables: Tables, cells: Cells, tried: dict[str, int]) -> None:
    """Points x mean less the shown points is the hidden one."""
    for indicator, organisation, n_points, mean, shown, n_shown, quarters in tables.rows(POINTS):
        tried["mean of a trend less the shown"] += len(quarters)
        if n_points != n_shown + len(quarters):
            continue  # the mean is of other points than all of these
        width = n_points * tables.half(TREND, "mean", indicator)
        width += n_shown * tables.half(FACTS, "value", indicator) + 1e-9 * (1 + abs(shown))
        left = n_points * mean - shown
        # Of several hidden points none is below nought, so that each is at most their sum.
        low = left - width if len(quarters) == 1 else 0.0
        for quarter in quarters:
            cells.learn(
                (indicator, organisation, quarter), "v", (low, left + width),
                attack="mean of a trend less the shown", table=TREND,
            )  # fmt: skip


def _steady(tables: Tables, cells: Cells, column: str, variable: str) -> int:
    """What hardly moves is about what it was: within the range of what others' moved by.

    Of residents alone, whose expected numbers are rates times people; what trusts do moves freely.
    """
    half = max(tables.half(FACTS, column, name) for name in cells.kinds)
    shown: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for indicator, quarter, organisation, figure in tables.rows(
        f"select indicator_id, quarter, organisation_code, {column} from {FACTS}"
        f" where {column} > 0 and indicator_id in (select distinct indicator_id from tried)"
    ):
        shown[indicator, quarter][organisation] = figure
    quarters = [q for (q,) in tables.rows("select quarter from dim_quarter order by all")]
    found = 0
    ranges: dict[tuple[str, str, str], Interval | None] = {}
    for key in sorted(cells.hidden):
        indicator, organisation, quarter = key
        if cells.kinds[indicator].class_ != RESIDENTS:
            continue
        at = quarters.index(quarter) if quarter in quarters else -1
        left: Interval = (0.0, HIGHEST * 10)
        for place in (at - 1, at + 1):
            if at < 0 or not 0 <= place < len(quarters):
                continue
            near = quarters[place]
            figure = shown[indicator, near].get(organisation)
            if figure is None:
                continue
            pair = (indicator, near, quarter)
            if pair not in ranges:
                ranges[pair] = _range_of_change(
                    shown[indicator, near], shown[indicator, quarter], half
                )
            change = ranges[pair]
            if change is not None:
                left = meet(left, times(change, (figure - half, figure + half)))
        if left[0] <= left[1] and left != (0.0, HIGHEST * 10):
            found += 1
            _learn(cells, key, variable, left, column)
    return found


def _learn(cells: Cells, key: Key, variable: str, interval: Interval, column: str) -> None:
    cells.learn(key, variable, interval, attack=f"{column} of a quarter near by", table=FACTS)


def _range_of_change(
    before: dict[str, float], after: dict[str, float], half: float
) -> Interval | None:
    """The least and the most that a figure was multiplied by, over who is shown in both."""
    ratios = [
        ((after[code] - half) / (before[code] + half), (after[code] + half) / (before[code] - half))
        for code in before.keys() & after.keys()
        if before[code] > half
    ]
    if len(ratios) < ENOUGH:
        return None
    # Rounding widens each ratio; the range is of their middles, so that small ones do not rule it.
    middles = [(low + high) / 2 for low, high in ratios if high - low < 0.1 * (low + high)]
    if len(middles) < ENOUGH:
        return None
    return min(middles), max(middles)
