"""A public release with enough in it for every view of the Explorer: figures typed or counted up.

20 trusts in two health authorities beside those of the tiny release, five quarters; and of each
kind of missing figure one: suppressed, withheld, not submitted, without a case, and a true nought.
"""

from tiny_release import LATEST, QUARTERS

WITHHELD, SUPPRESSED, NO_CASE = "RB9", "RXA", "RB8"
TRUSTS = [f"RA{digit}" for digit in range(10)] + [f"RB{digit}" for digit in range(10)]
PRACTICES = 30


def value_of(place: int, turn: int) -> float:
    """An index of length of stay: 80 for the best trust, 3 more for each after it."""
    return 80.0 + 3 * place + turn


def _values(indicator: str, code: str, place: int, turn: int, quarter: str) -> dict:
    value = value_of(place, turn)
    is_share = indicator != "BCBV01"
    row = {
        "indicator_id": indicator,
        "organisation_code": code,
        "quarter": quarter,
        "organisation_type": "acute",
        "organisation_class": "trust",
        "publication_status": "published",
        "numerator": 10 * round(value),
        "denominator": 200 + 5 * place,
        "expected": None if is_share else 1000 + 100.5 * place,
        "value": round(value / 1000, 3) if is_share else value,
        "benchmark_value": 0.09 if is_share else 91.7,
        "national_rank": place + 1,
        "n_ranked": len(TRUSTS) - 2,
        "quartile": min(4, place // 5 + 1),
        "is_eligible_for_benchmark": True,
        "opportunity_annual_gbp": None if is_share else 1000 * place,
        "sha_rank": place // 2 + 1,
        "sha_n_ranked": 10,
    }
    unranked = {"national_rank": None, "n_ranked": None, "quartile": None, "sha_rank": None}
    if code == WITHHELD:
        return row | unranked | {"publication_status": "withheld", "status_reason": "A12"}
    if code == NO_CASE:
        missing = dict.fromkeys(("numerator", "denominator", "expected", "value"))
        return (
            row
            | unranked
            | missing
            | {"opportunity_annual_gbp": None, "publication_status": "not_applicable"}
        )
    return row


def _statistics(code: str, place: int, quarter: str) -> dict:
    return {
        "indicator_id": "BCBV01",
        "organisation_code": code,
        "quarter": quarter,
        "organisation_class": "trust",
        "interval_method": "casemix_mean",
        "overdispersion_phi": 2.5,
        "funnel_centre": 100,
        "funnel_lower_95": 80 + place / 4,
        "funnel_upper_95": 122 - place / 4,
        "funnel_lower_998": 70 + place / 4,
        # The smallest trust's limit is far out, as limits of few cases are.
        "funnel_upper_998": 8967.2 if place == 0 else 136 - place / 4,
        "funnel_position": "worse_998" if place > 15 else "within",
        "concern": "concern" if place > 16 else "none",
        "focus_order": 1,
        "rank_best_95": max(1, place - 3),
        "rank_worst_95": place + 4,
        "opportunity_annual_lower_gbp": 500 * place,
        "opportunity_annual_upper_gbp": 2000 * place,
    }


def _trend(code: str, place: int, turn: int, quarter: str) -> dict:
    return {
        "indicator_id": "BCBV01",
        "area_level": "organisation",
        "area_code": code,
        "organisation_class": "trust",
        "quarter": quarter,
        "trend_value": value_of(place, turn),
        "segment_from_quarter": "2006-07 Q4",
        "n_points": 8,
        "mean": value_of(place, 2),
        "lower_limit": value_of(place, 0) - 1,
        "upper_limit": value_of(place, 3),
        "is_trial": True,
        "signal": "outside" if turn == 4 else None,
        "variation": "concern" if turn == 4 else "common_cause",
        "change": 1.0,
    }


def _change(level: str, area: str, indicator: str) -> dict:
    return {
        "indicator_id": indicator,
        "area_level": level,
        "area_code": area,
        "quarter": LATEST,
        "comparison": "previous",
        "from_quarter": "2007-08 Q3",
        "opportunity_from_gbp": 100000,
        "opportunity_to_gbp": 128000,
        "performance_gbp": 40000,
        "benchmark_gbp": -6000,
        "volume_gbp": 3000,
        "price_and_mix_gbp": -2000,
        "reporting_gbp": -9000,
        "organisations_gbp": 1000,
        "scope_gbp": 1000,
        "change_gbp": 28000,
    }


def _areas(indicator: str, quarter: str) -> list[dict]:
    return [
        {
            "indicator_id": indicator,
            "organisation_class": "trust",
            "area_level": "sha",
            "area_code": area,
            "quarter": quarter,
            "value": value,
            "n_organisations": 10,
            "n_left_out": 1,
            "n_suppressed": 0,
        }
        for area, value in (("Q30", 101.5),)
    ]


def _thresholds(quarter: str) -> list[dict]:
    return [
        {
            "indicator_id": "BCBV01",
            "quarter": quarter,
            "organisation_class": "trust",
            "peer_set": peers,
            "peer_code": code,
            "n_organisations": 18,
            "p10": 83,
            "p25": 91.7,
            "median": 105.5,
            "p75": 119,
            "p90": 130,
            "best_quartile_threshold": 91.7,
        }
        for peers, code in (("national", None), ("sha", "Q30"), ("cluster", "Acute - Large"))
        # The tiny release has this one.
        if (peers, quarter) != ("national", LATEST)
    ]


def _opportunity(level: str, area: str, indicator: str, quarter: str, pounds: int) -> dict:
    return {
        "indicator_id": indicator,
        "area_level": level,
        "area_code": area,
        "quarter": quarter,
        "opportunity_annual_gbp": pounds,
        "opportunity_annual_unflagged_gbp": pounds - 1000,
        "n_organisations": 18,
        "n_flagged": 1,
        "n_suppressed": 1,
    }


def _drilldown(code: str) -> list[dict]:
    rows = [
        {"dimension": "practice", "member": f"P{number:05d}", "n_cases": 10 + 5 * number}
        for number in range(PRACTICES)
    ]
    rows += [
        {"dimension": "hrg_chapter", "member": letter, "n_cases": 50} for letter in ("D", "H", "L")
    ]
    return [
        row
        | {
            "indicator_id": "BCBV01",
            "organisation_code": code,
            "quarter": LATEST,
            "observed": row["n_cases"],
            "expected": row["n_cases"] - 5.5,
            "excess_units": 5.5,
            "opportunity_annual_gbp": 100 * row["n_cases"] // 1000 * 1000,
        }
        for row in rows
    ]


_INDICATOR = {
    "indicator_id": "BCBV08",
    "short_name": "sickness_absence",
    "name": "Reducing sickness absence",
    "area": "workforce",
    "direction": "lower",
    "unit": "proportion",
    "value_scale": 1,
    "is_standardised": False,
    "value_decimals": 3,
    "numerator_label": "days lost (FTE)",
    "denominator_label": "days available (FTE)",
    "price_basis": "none",
    "trend_method": "xmr",
    "interval_method": "none",
    "in_published_total": False,
    "feeds": "esr_absence",
    "why_it_matters": "Absence costs.",
    "caveats": "Recording differs.",
    "how_to_improve": "Ask why.",
}
_PLACES = [
    (code, place, turn, quarter)
    for turn, quarter in enumerate(QUARTERS)
    for place, code in enumerate(TRUSTS)
]

ROWS: dict[str, list[dict]] = {
    "dim_indicator": [_INDICATOR],
    "dim_organisation": [
        {
            "organisation_code": code,
            "organisation_name": f"Trust {code} of the Valley NHS Trust",
            "organisation_type": "acute",
            "organisation_class": "trust",
            "sha_code": ("Q30", "Q35")[place % 2],
            "cluster": "Acute - Large",
        }
        for place, code in enumerate(TRUSTS)
    ],
    "dim_dq_rule": [
        {"rule_id": "A12", "name": "Diagnoses missing", "feeds": "hes_apc", "dimension": "complete"}
    ],
    "fct_indicator_values": [
        _values(indicator, *place) for indicator in ("BCBV01", "BCBV08") for place in _PLACES
    ],
    "fct_indicator_statistics": [
        _statistics(code, place, quarter)
        for code, place, _, quarter in _PLACES
        if code not in (WITHHELD, NO_CASE)
    ],
    "fct_indicator_trend": [_trend(*place) for place in _PLACES if place[0] != NO_CASE],
    "fct_quartile_thresholds": [row for quarter in QUARTERS for row in _thresholds(quarter)],
    "fct_area_values": [row for quarter in QUARTERS for row in _areas("BCBV01", quarter)],
    "fct_opportunity": [
        *(
            _opportunity("organisation", code, indicator, quarter, 1000 * place)
            for code, place, _, quarter in _PLACES
            for indicator in ("ALL", "ALL_NETTED")
        ),
        *(
            _opportunity("england", "england", indicator, quarter, 171000 + 1000 * turn)
            for turn, quarter in enumerate(QUARTERS)
            for indicator in ("BCBV01", "ALL", "ALL_NETTED")
            # The tiny release has this one.
            if (indicator, quarter) != ("ALL", LATEST)
        ),
        *(
            _opportunity("sha", "Q30", indicator, quarter, 90000)
            for quarter in QUARTERS
            for indicator in ("BCBV01", "ALL", "ALL_NETTED")
        ),
    ],
    "fct_opportunity_change": [
        *(_change("organisation", code, "BCBV01") for code in TRUSTS),
        _change("sha", "Q30", "ALL"),
        _change("england", "england", "ALL"),
        _change("england", "england", "BCBV01"),
    ],
    "fct_sensitivity": [
        {
            "indicator_id": "ALL",
            "quarter": LATEST,
            "scenario": scenario,
            "opportunity_annual_gbp": pounds,
            "n_organisations": 18,
        }
        for scenario, pounds in (("as_published", 175000), ("unflagged_only", 160000))
    ],
    "dq_submission_status": [
        {
            "organisation_code": code,
            "feed": "hes_apc",
            "quarter": quarter,
            "verdict": "red" if code == WITHHELD else "green",
            "rules_red": "A12" if code == WITHHELD else None,
            "n_records": 1000,
            "completeness": 0.98,
            "months_present": 3,
            "dq_score": 97.5,
        }
        for code, _, _, quarter in _PLACES
    ],
    "drilldown": [row for code in ("RA9",) for row in _drilldown(code)],
}
