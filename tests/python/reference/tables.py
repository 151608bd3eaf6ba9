"""The three tables of results from a folder of submissions (5.1.6, 5.4.1, 5.4.6, 5.6.1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reference import clinical, gate, monthly
from reference.engine import compare
from reference.episodes import Episode, effective_episodes
from reference.measures import Measure
from reference.organisations import Organisation, Register
from reference.quarters import from_label, label, quarter_of_month
from reference.seeds import bnf_prefixes, registry
from reference.spells import Spell, closed_spells
from reference.submissions import Submission, effective, load

FEEDS = {
    "BCBV01": ("hes_apc",),
    "BCBV02": ("hes_apc",),
    "BCBV03": ("hes_apc",),
    "BCBV07": ("epact", "epd"),
    "BCBV08": ("esr_absence", "nhse_sickness"),
    "BCBV17": ("epact", "epd"),
}
CLINICAL = {
    "BCBV01": clinical.length_of_stay,
    "BCBV02": clinical.preoperative_days,
    "BCBV03": clinical.day_cases,
}
DRUGS = {
    "BCBV07": (bnf_prefixes("statin_low_cost"), bnf_prefixes("statin_all")),
    "BCBV17": (bnf_prefixes("acei"), bnf_prefixes("arb")),
}


@dataclass(frozen=True)
class Tables:
    """Rows of the marts of the same names, as dictionaries by column."""

    fct_indicator_values: list[dict] = field(default_factory=list)
    fct_quartile_thresholds: list[dict] = field(default_factory=list)
    fct_opportunity: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """What was submitted on an indicator in a quarter, with its rules that are red or amber."""

    submitted: set[str]
    colours: dict[str, dict[str, str]]
    measures: dict[str, Measure]


class Evidence:
    """All rows of a folder of submissions that count."""

    def __init__(self, folder: Path, as_at: date | None = None) -> None:
        self.submissions: list[Submission] = load(folder, as_at)
        self.register = Register(self.submissions)
        self.episodes: list[Episode] = effective_episodes(self.submissions, self.register)
        self.spells: list[Spell] = closed_spells(self.episodes, self.register)
        self.prescriptions = monthly.prescriptions(self.submissions)
        self.absences = monthly.absences(self.submissions)

    def quarters(self, indicator: dict[str, str | None]) -> list[int]:
        """The quarters an indicator has rows for (5.1.6)."""
        found = {
            quarter_of_month(month)
            for feed in FEEDS[indicator["indicator_id"]]
            for month, _ in effective(self.submissions, feed)
        }
        first, last = indicator["active_from_quarter"], indicator["active_to_quarter"]
        return [
            quarter
            for quarter in sorted(found)
            if (first is None or quarter >= from_label(first))
            and (last is None or quarter <= from_label(last))
        ]

    def results(self, indicator_id: str, quarter: int, members: dict[str, Organisation]) -> Results:
        """The gate, then the measures against the reference of those that pass it (5.4.1)."""
        if indicator_id in CLINICAL:
            return self._clinical(indicator_id, quarter, members)
        if indicator_id in DRUGS:
            own = monthly.by_organisation(self.prescriptions, self.register, quarter, quarter)
            submitted = members.keys() & own.keys()
            measures = monthly.preferred_share(own, members, submitted, *DRUGS[indicator_id])
            return Results(submitted, {}, measures)
        own = monthly.by_organisation(self.absences, self.register, quarter, quarter)
        before = monthly.by_organisation(self.absences, self.register, quarter - 1, quarter)
        submitted = members.keys() & own.keys()
        colours = {
            code: _given(
                W01=gate.w01(own[code]), W02=gate.w02(own[code], before.get(code, []), quarter)
            )
            for code in submitted
        }
        return Results(submitted, colours, monthly.sickness_absence(own, members))

    def _clinical(
        self, indicator_id: str, quarter: int, members: dict[str, Organisation]
    ) -> Results:
        providers = {e.provider for e in self.episodes if quarter_of_month(e.month) == quarter}
        submitted = members.keys() & {self.register.mapped(code, quarter) for code in providers}
        ordinary = defaultdict(list)
        for spell in clinical.ordinary_spells(self.spells, quarter):
            ordinary[spell.organisation].append(spell)
        colours = {
            code: _given(
                A11=gate.a11(ordinary[code]),
                A13=gate.a13(ordinary[code]) if indicator_id == "BCBV02" else None,
            )
            for code in submitted
        }
        reference = {
            code
            for code in submitted
            if "red" not in colours[code].values() and not members[code].is_specialist
        }
        measures = CLINICAL[indicator_id](self.spells, quarter, members, reference)
        return Results(submitted, colours, measures)


def _given(**colours: str | None) -> dict[str, str]:
    return {rule: colour for rule, colour in colours.items() if colour is not None}


def compute(folder: Path, as_at: date | None = None) -> Tables:
    """The three tables from a folder in which every file is a submission."""
    evidence, indicators, tables = Evidence(folder, as_at), registry(), Tables()
    for indicator_id in FEEDS:
        indicator = indicators[indicator_id]
        types = set(indicator["org_type"].split(";"))
        for quarter in evidence.quarters(indicator):
            members = evidence.register.open_of_types(types, quarter)
            results = evidence.results(indicator_id, quarter, members)
            rows, thresholds = compare(
                indicator,
                quarter,
                members,
                results.measures,
                results.submitted,
                results.colours,
            )
            tables.fct_indicator_values.extend(rows)
            tables.fct_quartile_thresholds.extend(thresholds)
    money = opportunity(tables.fct_indicator_values, evidence.register.organisations)
    tables.fct_opportunity.extend(money)
    return tables


def opportunity(rows: list[dict], organisations: dict[str, Organisation]) -> list[dict]:
    """Rows of fct_opportunity: £ of each indicator, of all, and of all netted (5.4.6)."""
    money = defaultdict(dict)
    for row in rows:
        per_organisation = money[row["indicator_id"], from_label(row["quarter"])]
        per_organisation[row["organisation_code"]] = row["opportunity_quarter_gbp"]
    money = {key: own for key, own in money.items() if any(x is not None for x in own.values())}
    for quarter in {quarter for _, quarter in money}:
        included = {i: money[i, quarter] for i in FEEDS if _is_in_total(i, quarter, money)}
        members = {code for own in included.values() for code in own}
        total = {code: _sum(own.get(code) for own in included.values()) for code in members}
        if members:
            money["ALL", quarter] = total
            money["ALL_NETTED", quarter] = {
                code: None if gbp is None else gbp - _counted_twice(included, code)
                for code, gbp in total.items()
            }
    return [
        {
            "indicator_id": indicator_id,
            "area_level": level,
            "area_code": area,
            "quarter": label(quarter),
            "opportunity_quarter_gbp": gbp,
            "opportunity_annual_gbp": None if gbp is None else 4 * gbp,
        }
        for (indicator_id, quarter), own in money.items()
        for (level, area), gbp in _by_area(own, organisations).items()
    ]


def _is_in_total(indicator_id: str, quarter: int, money: dict) -> bool:
    indicator = registry()[indicator_id]
    start = indicator["published_from_quarter"]
    return (
        (indicator_id, quarter) in money
        and indicator["in_published_total"] == "true"
        and (start is None or from_label(start) <= quarter)
    )


def _counted_twice(included: dict[str, dict[str, float | None]], code: str) -> float:
    """£ of pre-operative days, which are days of stay too (5.4.6)."""
    both = [included.get(i, {}).get(code) for i in ("BCBV01", "BCBV02")]
    return 0.0 if None in both else min(both)


def _by_area(
    own: dict[str, float | None], organisations: dict[str, Organisation]
) -> dict[tuple[str, str], float | None]:
    areas = defaultdict(list)
    for code, gbp in own.items():
        areas["organisation", code].append(gbp)
        areas["england", "england"].append(gbp)
        if organisations[code].sha is not None:
            areas["sha", organisations[code].sha].append(gbp)
    return {area: _sum(amounts) for area, amounts in areas.items()}


def _sum(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is given, null of nothing."""
    given = [amount for amount in amounts if amount is not None]
    return sum(given) if given else None
