"""Ranks and thresholds: between whom a hidden value lies, and which value made a percentile."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from publication.audit.cells import Cells, Key
from publication.audit.intervals import Interval, around
from publication.audit.tables import Tables

FACTS = "fct_indicator_values"
THRESHOLDS = "fct_quartile_thresholds"
PERCENTILES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
# No index, share or rate of a hidden row lies beyond.
HIGHEST = 1e6


@dataclass(frozen=True)
class Peers:
    """Who is ranked together: a condition of SQL, the rank's column, the code of the peer group."""

    name: str
    rank: str
    count: str
    code: str
    are_specialists: bool = False


PEERS = (
    Peers("national", "national_rank", "n_ranked", "cast(null as varchar)"),
    Peers("sha", "sha_rank", "sha_n_ranked", "organisation.sha_code"),
    Peers("cluster", "cluster_rank", "cluster_n_ranked", "organisation.cluster"),
    Peers("specialist", "national_rank", "n_ranked", "'specialist'", are_specialists=True),
)


@dataclass
class Group:
    """The peers of one indicator and quarter: shown values with their ranks, and hidden rows."""

    shown: list[tuple[float, int | None]]
    hidden: list[Key]
    n_ranked: int | None = None


def attack_order(tables: Tables, cells: Cells) -> dict[str, int]:
    """Learn between which values hidden ones lie; gives how many groups were tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    if not cells.hidden:
        return tried
    _learn_from_rank_changes(tables, cells, tried)
    thresholds = _thresholds(tables)
    for peers in PEERS:
        if not tables.has(FACTS, peers.rank):
            continue
        for (indicator, quarter, code), group in _groups(tables, cells, peers).items():
            if not group.hidden:
                continue
            half = tables.half(FACTS, "value", indicator)
            tried["hole in the ranks"] += 1
            _learn_from_ranks(cells, indicator, group, half)
            printed = thresholds.get((indicator, quarter, peers.name, code))
            if printed is not None:
                tried["threshold that a hidden value makes"] += 1
                _learn_from_thresholds(cells, group, half, printed, tables, indicator)
    return tried


def _learn_from_rank_changes(tables: Tables, cells: Cells, tried: dict[str, int]) -> None:
    """The next quarter's rank less its change is the hidden row's: between whom it lies."""
    if not tables.has("fct_indicator_trend", "rank_change"):
        return
    for indicator, code, quarter, rank, before, after in tables.rows(
        "with ranks as (select tried.*, next.national_rank - trend.rank_change as rank"
        " from tried join dim_quarter as later on later.previous_quarter = tried.quarter"
        f" join {FACTS} as next on next.indicator_id = tried.indicator_id"
        " and next.organisation_code = tried.organisation_code and next.quarter = later.quarter"
        " join fct_indicator_trend as trend on trend.indicator_id = tried.indicator_id"
        " and trend.area_code = tried.organisation_code and trend.quarter = later.quarter"
        " and trend.area_level = 'organisation' and trend.rank_change is not null)"
        " select ranks.*, max_by(peer.value, peer.national_rank)"
        " filter (peer.national_rank < ranks.rank),"
        " min_by(peer.value, peer.national_rank) filter (peer.national_rank > ranks.rank)"
        f" from ranks join {FACTS} as peer on peer.indicator_id = ranks.indicator_id"
        " and peer.quarter = ranks.quarter where peer.value is not null group by all"
    ):
        tried["rank less its change"] += 1
        half = tables.half(FACTS, "value", indicator)
        falls = cells.kinds[indicator].direction == "higher"
        sides = [None if value is None else around(value, half) for value in (before, after)]
        del rank
        cells.learn(
            (indicator, code, quarter), "v", _between(sides[0], sides[1], falls),
            attack="rank less its change", table="fct_indicator_trend",
        )  # fmt: skip


def _groups(tables: Tables, cells: Cells, peers: Peers) -> dict[tuple, Group]:
    """Peers by indicator, quarter and code; the eligible, of whom the hidden show no value."""
    specialist = "coalesce(organisation.organisation_type, '') like '%specialist%'"
    who = specialist if peers.are_specialists else f"not {specialist}"
    eligible = "facts.is_eligible_for_benchmark" if not peers.are_specialists else "true"
    groups: dict[tuple, Group] = defaultdict(lambda: Group([], []))
    for indicator, code, quarter, organisation, value, rank, n_ranked in tables.rows(
        f"select facts.indicator_id, {peers.code}, facts.quarter, facts.organisation_code,"
        f" facts.value, facts.{peers.rank}, facts.{peers.count}"
        f" from {FACTS} as facts join dim_organisation as organisation"
        " on organisation.organisation_code = facts.organisation_code"
        f" where {who} and (({eligible}) or facts.{peers.rank} is not null)"
        " and facts.indicator_id in (select distinct indicator_id from tried)"
    ):
        group = groups[indicator, quarter, code]
        key = (indicator, organisation, quarter)
        if key in cells.hidden:
            group.hidden.append(key)
        elif value is not None and (rank is not None or not peers.are_specialists):
            group.shown.append((value, rank))
        if n_ranked is not None:
            group.n_ranked = max(group.n_ranked or 0, n_ranked)
    return groups


def _learn_from_ranks(cells: Cells, indicator: str, group: Group, half: float) -> None:
    """A rank that nobody shown has is a hidden row's: it lies between its neighbours.

    Ties share a rank, and take those after it.
    """
    ranks = sorted((rank, value) for value, rank in group.shown if rank is not None)
    if not ranks:
        return
    highest = max(len(group.shown) + len(group.hidden), ranks[-1][0])
    taken: dict[int, list[float]] = defaultdict(list)
    for rank, value in ranks:
        taken[rank].append(value)
    holes: list[Interval] = []
    last: Interval | None = None
    expected = 1
    falls = cells.kinds[indicator].direction == "higher"
    starts = sorted(taken)
    for rank in starts:
        here = (min(taken[rank]) - half, max(taken[rank]) + half)
        for _ in range(expected, rank):
            holes.append(_between(last, here, falls))
        expected = rank + len(taken[rank])
        last = here
    # A count of the ranked that is larger than that of the shown tells of hidden ones behind.
    n_ranked = group.n_ranked or 0
    for _ in range(expected, min(n_ranked, highest) + 1):
        holes.append(_between(last, None, falls))
    if len(holes) < len(group.hidden) or not holes:
        return
    within = (min(low for low, _ in holes), max(high for _, high in holes))
    for key in group.hidden:
        cells.learn(key, "v", within, attack="hole in the ranks", table=FACTS)


def _between(before: Interval | None, after: Interval | None, falls: bool) -> Interval:
    """From the value ranked before to the one after; falls: rank 1 is the highest."""
    low, high = (after, before) if falls else (before, after)
    return (low[0] if low else 0.0, high[1] if high else HIGHEST)


def _thresholds(tables: Tables) -> dict[tuple, tuple[int, list[float | None]]]:
    if not tables.has(THRESHOLDS, *PERCENTILES):
        return {}
    names = ", ".join(PERCENTILES)
    return {
        (indicator, quarter, peer_set, code): (n, figures)
        for indicator, quarter, peer_set, code, n, *figures in tables.rows(
            f"select indicator_id, quarter, peer_set, peer_code, n_organisations, {names}"
            f" from {THRESHOLDS} where indicator_id in (select distinct indicator_id from tried)"
        )
    }


def _learn_from_thresholds(
    cells: Cells,
    group: Group,
    half: float,
    printed: tuple[int, list[float | None]],
    tables: Tables,
    indicator: str,
) -> None:
    """Each percentile says between which bounds a lone hidden value lies.

    Percentiles only rise with each value: with all others as low as their rounding allows the
    hidden one must be at least so high, and with all others high at most so.
    """
    n_organisations, figures = printed
    # With others hidden they are unknown as well: they may be anything.
    if n_organisations != len(group.shown) + len(group.hidden) or not group.hidden:
        return
    values = sorted(value for value, _ in group.shown)
    others = len(group.hidden) - 1
    lows = [0.0] * others + [value - half for value in values]
    highs = [value + half for value in values] + [HIGHEST] * others
    low, high = 0.0, HIGHEST
    for (column, share), figure in zip(PERCENTILES.items(), figures, strict=True):
        if figure is None:
            continue
        bounds = around(figure, tables.half(THRESHOLDS, column, indicator))
        # The least that it may be: where even the highest others leave the percentile too low.
        low = max(low, _first(partial(_quantile, highs, share), bounds[0]))
        high = min(high, _last(partial(_quantile, lows, share), bounds[1]))
    if low <= high and (low > 0 or high < HIGHEST):
        for key in group.hidden:
            cells.learn(
                key, "v", (low, high), attack="threshold that a hidden value makes",
                table=THRESHOLDS,
            )  # fmt: skip


def _quantile(others: Sequence[float], share: float, one: float) -> float:
    """The percentile of others, in order, and one more value, by a straight line."""
    at = bisect_left(others, one)
    position = share * len(others)
    below = int(position)

    def value(number: int) -> float:
        if number < at:
            return others[number]
        return one if number == at else others[number - 1]

    if below >= len(others):
        return value(len(others))
    return value(below) + (position - below) * (value(below + 1) - value(below))


def _first(function: Callable[[float], float], target: float) -> float:
    """The least value with which a rising function reaches the target; 0 if any does."""
    low, high = 0.0, HIGHEST
    if function(low) >= target:
        return low
    if function(high) < target:
        return high
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) >= target else (middle, high)
    return low


def _last(function: Callable[[float], float], target: float) -> float:
    """The greatest value with which it does not pass the target; no bound if none does."""
    low, high = 0.0, HIGHEST
    if function(high) <= target:
        return high
    if function(low) > target:
        return low
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) <= target else (low, middle)
    return high
