"""Comparing organisations: eligibility, benchmark, rank, gap, £ and status (Rulebook 4, 6.5)."""

import math
from collections import defaultdict
from collections.abc import Iterable

from reference.measures import Measure
from reference.organisations import Organisation
from reference.quarters import label

# Ties differ by floating-point noise alone.
DECIMALS_OF_A_RANKED_VALUE = 10
# Half of an opportunity could be turned into cash (Rulebook 4.9).
RELEASABLE_FRACTION = 0.5
MINIMUM_IS_OF_EXPECTED = {"BCBV04", "BCBV05", "BCBV06", "BCBV20"}


def percentile(values: Iterable[float], share: float) -> float | None:
    """percentile_cont over double: linear between neighbours, null of nothing (Rulebook 4.3)."""
    ordered = sorted(values)
    if not ordered:
        return None
    position = (len(ordered) - 1) * share
    below, above = math.floor(position), math.ceil(position)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def ranks_and_quartiles(
    values: dict[str, float], lower_is_better: bool
) -> dict[str, tuple[int, int]]:
    """Rank (1 is best, ties share) and quartile (1 is best, thresholds belong to it).

    Rulebook 4.4.
    """
    sign = 1 if lower_is_better else -1
    scores = {code: sign * round(v, DECIMALS_OF_A_RANKED_VALUE) for code, v in values.items()}
    thresholds = [percentile(scores.values(), share) for share in (0.25, 0.5, 0.75)]
    return {
        code: (
            1 + sum(other < score for other in scores.values()),
            1 + sum(score > threshold for threshold in thresholds),
        )
        for code, score in scores.items()
    }


def compare(
    indicator: dict[str, str | None],
    quarter: int,
    members: dict[str, Organisation],
    measures: dict[str, Measure],
    submitted: set[str],
    colours: dict[str, dict[str, str]],
    unusable: dict[str, set[str]] | None = None,
) -> tuple[list[dict], list[dict]]:
    """Rows of fct_indicator_values and fct_quartile_thresholds of one indicator, quarter, class.

    members are the organisations that have a row, colours the red and amber rules by organisation;
    unusable those that sent nothing that can be used, with the rules that say so: they are not
    among the submitted.
    An indicator of context compares nobody (Rulebook 5.11).
    """
    unusable = unusable or {}
    lower, is_context = indicator["direction"] == "lower", indicator["direction"] == "context"
    # Even less than nothing is enough where there is no minimum.
    minimum = float(indicator["min_denominator"] or "-inf")
    excluded = set((indicator["benchmark_excluded_types"] or "").split(";"))
    passing = {
        code: measures[code].value
        for code, organisation in members.items()
        if not is_context
        and code in submitted
        and "red" not in colours.get(code, {}).values()
        and measures[code].value is not None
        and _size(indicator, measures[code]) >= minimum
        and organisation.type not in excluded
    }
    eligible = {code: v for code, v in passing.items() if not members[code].is_specialist}
    specialists = {code: v for code, v in passing.items() if members[code].is_specialist}
    benchmark = percentile(eligible.values(), 0.25 if lower else 0.75)
    alternatives = {
        "median": percentile(eligible.values(), 0.5),
        "best_decile": percentile(eligible.values(), 0.1 if lower else 0.9),
    }
    ranks = ranks_and_quartiles(eligible, lower) | ranks_and_quartiles(specialists, lower)

    rows = []
    for code, organisation in members.items():
        has_submitted, measure = code in submitted, measures[code]
        rules = colours.get(code, {}) if has_submitted else {}
        size = _size(indicator, measure)
        if has_submitted and size is not None and size < minimum:
            rules = rules | {"MIN": "amber"}
        rank, quartile = ranks.get(code, (None, None))
        rows.append(
            {
                "indicator_id": indicator["indicator_id"],
                "organisation_code": code,
                "quarter": label(quarter),
                "organisation_type": organisation.type,
                "organisation_class": organisation.organisation_class,
                "is_eligible_for_benchmark": code in eligible,
                "publication_status": (
                    "unusable" if code in unusable else _status(has_submitted, measure, rules)
                ),
                "status_reason": ",".join(sorted(unusable.get(code, rules))) or None,
                "benchmark_value": benchmark,
                "national_rank": rank,
                "n_ranked": len(specialists if organisation.is_specialist else eligible),
                "quartile": quartile,
                **_own_values(measure if has_submitted else None, benchmark, lower),
                **_at_other_standards(measure if has_submitted else None, alternatives, lower),
                **_among_neighbours(code, eligible, members, lower),
            }
        )
    thresholds = [
        {
            "indicator_id": indicator["indicator_id"],
            "quarter": label(quarter),
            "organisation_class": rows[0]["organisation_class"],
            "peer_set": peer_set,
            "peer_code": peer_code,
            **_percentiles(values, lower),
        }
        for (peer_set, peer_code), values in _peers(eligible, specialists, members).items()
    ]
    return rows, thresholds


def _size(indicator: dict[str, str | None], measure: Measure) -> float | None:
    """What has to reach the minimum (Rulebook 4.2)."""
    is_expected = indicator["indicator_id"] in MINIMUM_IS_OF_EXPECTED
    return measure.expected if is_expected else measure.denominator


def _status(has_submitted: bool, measure: Measure, rules: dict[str, str]) -> str:
    """The publication status (Rulebook 6.5)."""
    if not has_submitted:
        return "not_submitted"
    if measure.denominator == 0 or measure.value is None:
        return "not_applicable"
    if "red" in rules.values():
        return "withheld"
    return "caveat" if rules else "published"


def _own_values(
    measure: Measure | None, benchmark: float | None, lower_is_better: bool
) -> dict[str, float | None]:
    """An organisation's own values, gap and £.

    All null of nothing submitted. Rulebook 4.3, 4.5.
    """
    gap, units, money = _excess(measure, benchmark, lower_is_better)
    return {
        "numerator": measure and measure.numerator,
        "denominator": measure and measure.denominator,
        "expected": measure and measure.expected,
        "crude_value": measure and measure.crude,
        "value": measure and measure.value,
        "gap": gap,
        "excess_units": units,
        "unit_price_gbp": measure and measure.price,
        "opportunity_quarter_gbp": money,
        "opportunity_annual_gbp": None if money is None else 4 * money,
        "releasable_annual_gbp": None if money is None else 4 * money * RELEASABLE_FRACTION,
    }


def _excess(
    measure: Measure | None, standard: float | None, lower_is_better: bool
) -> tuple[float | None, float | None, float | None]:
    """Gap to a standard, the units it is worth and their £ of the quarter (Rulebook 4.3, 4.5)."""
    if measure is None or measure.value is None or standard is None:
        return None, None, None
    return excess(measure, measure.value, standard, lower_is_better)


def excess(
    measure: Measure, value: float, standard: float, lower_is_better: bool
) -> tuple[float, float | None, float | None]:
    """The same of another value than its own."""
    distance = value - standard
    gap = max(0.0, distance if lower_is_better else -distance)
    if measure.volume is None:
        return gap, None, None
    units = gap * measure.volume
    units = units if measure.most_units is None else min(measure.most_units, units)
    return gap, units, None if measure.price is None else units * measure.price


def _at_other_standards(
    measure: Measure | None, standards: dict[str, float | None], lower_is_better: bool
) -> dict[str, float | None]:
    """£ a year if another standard than the best quarter held."""
    found = {}
    for name, standard in standards.items():
        _, _, money = _excess(measure, standard, lower_is_better)
        found[f"opportunity_annual_at_{name}_gbp"] = None if money is None else 4 * money
    return found


def _among_neighbours(
    code: str,
    eligible: dict[str, float],
    members: dict[str, Organisation],
    lower_is_better: bool,
) -> dict[str, float | None]:
    """Benchmark, rank and quartile among the eligible of the same SHA and of the same cluster."""
    found = {}
    for peer_set in ("sha", "cluster"):
        own = getattr(members[code], peer_set)
        peers = {c: v for c, v in eligible.items() if getattr(members[c], peer_set) == own}
        is_among_them = own is not None and code in peers
        rank, quartile = (
            ranks_and_quartiles(peers, lower_is_better)[code] if is_among_them else (None, None)
        )
        best = percentile(peers.values(), 0.25 if lower_is_better else 0.75)
        found |= {
            f"{peer_set}_benchmark_value": best if is_among_them else None,
            f"{peer_set}_rank": rank,
            f"{peer_set}_n_ranked": len(peers) if is_among_them else None,
            f"{peer_set}_quartile": quartile,
        }
    return found


def _peers(
    eligible: dict[str, float],
    specialists: dict[str, float],
    members: dict[str, Organisation],
) -> dict[tuple[str, str | None], list[float]]:
    """The values of each peer set (Rulebook 4.7)."""
    peers = defaultdict(list)
    for code, value in eligible.items():
        peers["national", None].append(value)
        if members[code].sha is not None:
            peers["sha", members[code].sha].append(value)
        if members[code].cluster is not None:
            peers["cluster", members[code].cluster].append(value)
    for value in specialists.values():
        peers["specialist", "specialist"].append(value)
    return peers


def _percentiles(values: list[float], lower_is_better: bool) -> dict[str, float]:
    """The percentiles of a peer set, ascending with the value (Rulebook 4.7)."""
    shares = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
    found = {name: percentile(values, share) for name, share in shares.items()}
    best = found["p25" if lower_is_better else "p75"]
    return {"n_organisations": len(values), **found, "best_quartile_threshold": best}
