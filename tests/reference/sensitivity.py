"""England's pounds under other choices than those published (Rulebook 9.17)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reference.organisations import Organisation
from reference.pounds import Place, Position, is_in_total, place_of
from reference.quarters import label
from reference.seeds import registry

Amounts = dict[str, float | None]
TOTAL, NETTED = "ALL", "netted"
# Two days of which one is counted within the other.
COUNTED_TWICE = ("BCBV01", "BCBV02")
# Those that need limits or a standard error, which some indicators have not.
OF_CHANCE = ("shrunk", "distinguishable_only", "lower_95", "upper_95")
IN_ANY_CASE = (
    *("as_published", "median", "best_decile"),
    *("unflagged_only", "sha_benchmark", "cluster_benchmark"),
)


def scenarios(
    rows: list[dict],
    positions: dict[Place, Position],
    thresholds: list[dict],
    statistics: dict[Place, dict],
    organisations: dict[str, Organisation],
) -> list[dict]:
    """Rows of fct_sensitivity.

    rows and thresholds are of fct_indicator_values and fct_quartile_thresholds; statistics those of
    fct_indicator_statistics by indicator, organisation and quarter.
    """
    best = {
        (row["indicator_id"], row["quarter"], row["organisation_class"], *_peers(row)): row[
            "best_quartile_threshold"
        ]
        for row in thresholds
    }
    # £ of each organisation by indicator and quarter, then scenario.
    money: dict[tuple[str, int], dict[str, Amounts]] = {}
    for row in rows:
        place = place_of(row)
        indicator_id, code, quarter = place
        area_class = registry()[indicator_id]["area_class"]
        if row["organisation_class"] != area_class:
            continue
        position, organisation = positions.get(place), organisations[code]

        def against(standard: float | None, own: Position | None = position) -> float | None:
            return None if own is None else replace(own, benchmark=standard).annual

        def peers(kind: str, own: dict = row, among: Organisation = organisation) -> float | None:
            peer_code = getattr(among, kind)
            place = own["indicator_id"], own["quarter"], own["organisation_class"]
            return None if peer_code is None else best.get((*place, kind, peer_code))

        annual = row["opportunity_annual_gbp"]
        found = {
            "as_published": annual,
            "median": row["opportunity_annual_at_median_gbp"],
            "best_decile": row["opportunity_annual_at_best_decile_gbp"],
            "unflagged_only": annual if row["publication_status"] == "published" else None,
            "sha_benchmark": against(peers("sha")),
            "cluster_benchmark": against(peers("cluster")),
        }
        if registry()[indicator_id]["interval_method"] != "none":
            chance = statistics[place]
            found |= {
                "shrunk": chance["opportunity_annual_shrunk_gbp"],
                "distinguishable_only": annual if chance["is_distinguishable"] else None,
                "lower_95": chance["opportunity_annual_lower_gbp"],
                "upper_95": chance["opportunity_annual_upper_gbp"],
            }
        own = money.setdefault((indicator_id, quarter), defaultdict(dict))
        for scenario, gbp in found.items():
            own[scenario][code] = gbp
    money = {key: own for key, own in money.items() if _given(own["as_published"])}
    found = [
        _row(indicator_id, quarter, scenario, amounts.values())
        for (indicator_id, quarter), own in money.items()
        for scenario, amounts in own.items()
    ]
    for quarter in sorted({quarter for _, quarter in money}):
        included = {i: own for (i, q), own in money.items() if q == quarter and is_in_total(i, q)}
        if included:
            found += _of_all(quarter, included)
    return found


def _peers(row: dict) -> tuple[str, str | None]:
    return row["peer_set"], row["peer_code"]


def _of_all(quarter: int, included: dict[str, dict[str, Amounts]]) -> Iterator[dict]:
    """The total's rows, with that of what is not counted twice."""
    for scenario in (*IN_ANY_CASE, *OF_CHANCE):
        yield _row(TOTAL, quarter, scenario, _total(included, scenario).values())
    twice = [included.get(i, {}).get("as_published", {}) for i in COUNTED_TWICE]
    netted = {
        code: gbp - min(own.get(code) or 0.0 for own in twice)
        for code, gbp in _total(included, "as_published").items()
    }
    yield _row(TOTAL, quarter, NETTED, netted.values())


def _total(included: dict[str, dict[str, Amounts]], scenario: str) -> Amounts:
    """£ of the organisations that have some in a scenario, over the indicators."""
    total = defaultdict(float)
    for own in included.values():
        for code, gbp in _given(own.get(scenario, {})).items():
            total[code] += gbp
    return dict(total)


def _given(amounts: Amounts) -> Amounts:
    return {code: gbp for code, gbp in amounts.items() if gbp is not None}


def _row(indicator_id: str, quarter: int, scenario: str, amounts: Iterable[float | None]) -> dict:
    given = [gbp for gbp in amounts if gbp is not None]
    return {
        "indicator_id": indicator_id,
        "quarter": label(quarter),
        "scenario": scenario,
        "opportunity_annual_gbp": sum(given) if given else None,
        "n_organisations": len(given),
    }
