"""The tables of results from a folder of submissions (Rulebook 1.6, 4.1, 4.6, 6.1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

from reference import (
    accounts,
    appointments,
    areas,
    catalogue,
    chance,
    changes,
    checks,
    clinical,
    commissioning,
    deliveries,
    dimensions,
    drilldowns,
    episodes,
    equity,
    finance,
    gate,
    monthly,
    movement,
    outpatients,
    readmissions,
    revisions,
    sensitivity,
    trends,
)
from reference.appointments import Appointment, effective_appointments, without_duplicates
from reference.checks import Check
from reference.drilldowns import Whole
from reference.engine import compare
from reference.episodes import Episode, effective_episodes
from reference.measures import Measure
from reference.organisations import CLASSES, Organisation, Register
from reference.population import CELLS, Population
from reference.pounds import Place, Position, place_of, positions_of
from reference.quality import Quality
from reference.quarters import (
    financial_year_to,
    from_label,
    label,
    months_of,
    quarter_of_month,
    twelve_months_to,
)
from reference.reports import side_by_side
from reference.rows import by_organisation, rows_of
from reference.seeds import bnf_prefixes, registry
from reference.spells import Spell, closed_spells
from reference.submissions import Submission, effective, load

FEEDS = {
    "BCBV01": ("hes_apc",),
    "BCBV02": ("hes_apc",),
    "BCBV03": ("hes_apc",),
    "BCBV04": ("hes_apc",),
    "BCBV05": ("hes_apc",),
    "BCBV06": ("hes_op",),
    "BCBV07": ("epact", "epd"),
    "BCBV08": ("esr_absence", "nhse_sickness"),
    "BCBV09": ("esr_movement", "nhse_turnover"),
    "BCBV10": ("finance",),
    "BCBV11": ("finance",),
    "BCBV12": ("bppc",),
    "BCBV13": ("finance",),
    "BCBV14": ("procurement",),
    "BCBV15": ("hes_op",),
    "BCBV16": ("hes_op",),
    "BCBV17": ("epact", "epd"),
    "BCBV18": ("epact", "epd"),
    "BCBV19": ("epact", "epd"),
    "BCBV20": ("hes_apc",),
}
CLINICAL = {
    "BCBV01": clinical.length_of_stay,
    "BCBV02": clinical.preoperative_days,
    "BCBV03": clinical.day_cases,
    "BCBV20": readmissions.emergency_readmissions,
}
OUTPATIENT = {
    "BCBV15": outpatients.follow_up_ratio,
    "BCBV16": outpatients.missed_appointments,
}
COMMISSIONED = {
    "BCBV04": commissioning.operations,
    "BCBV05": commissioning.emergencies,
    "BCBV06": commissioning.referrals,
}
DRUGS = {
    "BCBV07": (bnf_prefixes("statin_low_cost"), bnf_prefixes("statin_all")),
    "BCBV17": (bnf_prefixes("acei"), bnf_prefixes("arb")),
    "BCBV18": (bnf_prefixes("ppi_low_cost"), bnf_prefixes("ppi_all")),
}
SUMS = {
    "BCBV08": monthly.sickness_absence,
    "BCBV11": finance.cash_flow,
    "BCBV12": finance.prompt_payment,
    "BCBV13": finance.income_and_expenditure,
    "BCBV14": finance.framework_spend,
}
# Figures without which a row says nothing to an indicator.
NEEDS = {
    "BCBV07": ("ITEMS",),
    "BCBV08": ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE"),
    "BCBV09": movement.MEASURES,
    "BCBV10": finance.PAY,
    "BCBV11": finance.CASH,
    "BCBV12": finance.PAYMENTS,
    "BCBV13": finance.SURPLUS,
    "BCBV14": finance.SPENDING,
    "BCBV17": ("ITEMS",),
    "BCBV18": ("ITEMS",),
    "BCBV19": ("ITEMS",),
}
# A stock and a running sum: one figure that cannot be read is one too many (U01).
WHOLE_OR_NOT = ("BCBV11", "BCBV13")
PER_HEAD = ("BCBV04", "BCBV05", "BCBV06", "BCBV19")
# Those that look further back than the quarter.
MONTHS = {"BCBV09": twelve_months_to, "BCBV13": financial_year_to}


@dataclass(frozen=True)
class Tables:
    """Rows of the marts of the same names, as dictionaries by column."""

    fct_indicator_values: list[dict] = field(default_factory=list)
    fct_quartile_thresholds: list[dict] = field(default_factory=list)
    fct_opportunity: list[dict] = field(default_factory=list)
    dim_indicator: list[dict] = field(default_factory=list)
    dim_organisation: list[dict] = field(default_factory=list)
    dim_quarter: list[dict] = field(default_factory=list)
    dim_submission: list[dict] = field(default_factory=list)
    rpt_trust_indicators: list[dict] = field(default_factory=list)
    rpt_pct_indicators: list[dict] = field(default_factory=list)
    fct_pct_trust_flows: list[dict] = field(default_factory=list)
    fct_practice_cases: list[dict] = field(default_factory=list)
    fct_practice_prescribing: list[dict] = field(default_factory=list)
    fct_clinical_balance: list[dict] = field(default_factory=list)
    fct_indicator_breakdown: list[dict] = field(default_factory=list)
    fct_preop_drilldown: list[dict] = field(default_factory=list)
    fct_los_drilldown: list[dict] = field(default_factory=list)
    fct_opportunity_change: list[dict] = field(default_factory=list)
    fct_revisions: list[dict] = field(default_factory=list)
    fct_opportunity_vintages: list[dict] = field(default_factory=list)
    fct_sensitivity: list[dict] = field(default_factory=list)
    fct_equity: list[dict] = field(default_factory=list)
    dim_dq_rule: list[dict] = field(default_factory=list)
    dq_rule_results: list[dict] = field(default_factory=list)
    dq_submission_status: list[dict] = field(default_factory=list)
    dq_submissions: list[dict] = field(default_factory=list)
    dq_quarantined_records: list[dict] = field(default_factory=list)
    dq_field_quality: list[dict] = field(default_factory=list)
    dq_scores: list[dict] = field(default_factory=list)
    fct_indicator_statistics: list[dict] = field(default_factory=list)
    fct_area_values: list[dict] = field(default_factory=list)
    fct_indicator_trend: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Results:
    """What was submitted on an indicator in a quarter, with its rules that are red or amber.

    unusable are those of which nothing can be used, with the rules that say so; not submitted.
    """

    submitted: set[str]
    colours: dict[str, dict[str, str]]
    measures: dict[str, Measure]
    unusable: dict[str, set[str]]


class Evidence:
    """All rows of a folder of submissions that count."""

    def __init__(self, folder: Path, as_at: date | None = None) -> None:
        self.submissions: list[Submission] = load(folder, as_at)
        self.register = Register(self.submissions)
        self.episodes: list[Episode] = effective_episodes(self.submissions, self.register)
        self.spells: list[Spell] = closed_spells(self.episodes, self.register)
        self.rows_of_appointments = effective_appointments(self.submissions, self.register)
        self.appointments = without_duplicates(self.rows_of_appointments)
        self.population = Population(self.submissions, self.register)
        self.deliveries = {}
        for kind in CLASSES:
            self.deliveries["hes_apc", kind] = deliveries.of_admissions(
                self.episodes, self.spells, self.register, kind
            )
            self.deliveries["hes_op", kind] = deliveries.of_appointments(
                self.rows_of_appointments, self.register, kind
            )
        self.monthly_rows = {
            feeds: rows_of(self.submissions, self.register, feeds)
            for feeds in sorted({FEEDS[indicator] for indicator in NEEDS})
        }
        self.outcomes = {
            "hes_apc": episodes.outcomes(self.submissions, self.episodes, self.register),
            "hes_op": appointments.outcomes(
                self.submissions, self.rows_of_appointments, self.register
            ),
        }

    def quarters(self, indicator: dict[str, str | None]) -> list[int]:
        """The quarters an indicator has rows for (Rulebook 1.6)."""
        found = self._quarters_of(FEEDS[indicator["indicator_id"]])
        first, last = indicator["active_from_quarter"], indicator["active_to_quarter"]
        return [
            quarter
            for quarter in sorted(found)
            if (first is None or quarter >= from_label(first))
            and (last is None or quarter <= from_label(last))
        ]

    def _quarters_of(self, feeds: tuple[str, ...]) -> set[int]:
        """The quarters inside the declared periods of effective submissions."""
        return {
            quarter_of_month(month)
            for feed in feeds
            for month, _ in effective(self.submissions, feed)
        }

    def results(self, indicator_id: str, quarter: int, members: dict[str, Organisation]) -> Results:
        """The gate, then the measures against the reference of those that pass it.

        Rulebook 4.1.
        """
        if indicator_id in CLINICAL:
            return self._clinical(indicator_id, quarter, members)
        if indicator_id in OUTPATIENT:
            return self._outpatient(indicator_id, quarter, members)
        if indicator_id in COMMISSIONED:
            return self._commissioned(indicator_id, quarter, members)
        return self._monthly(indicator_id, quarter, members)

    def _monthly(
        self, indicator_id: str, quarter: int, members: dict[str, Organisation]
    ) -> Results:
        feeds = FEEDS[indicator_id]
        now = self.own(feeds, months_of(quarter), quarter)
        unusable = {
            code: rules
            for code in members.keys() & now.keys()
            if (rules := _rules_that_leave_nothing(indicator_id, now[code])) is not None
        }
        submitted = (members.keys() & now.keys()) - unusable.keys()
        found = self.checks(feeds, quarter)
        colours = {
            code: _given(
                **{rule: check.colour for rule, check in found[code].items()}
                | self._colours_by_indicator(indicator_id, quarter, code, found[code])
            )
            for code in submitted
        }
        reference = _reference(members, submitted, colours)
        span = MONTHS.get(indicator_id, months_of)(quarter)
        own = self.own(feeds, span, quarter)
        measures = self._monthly_measures(indicator_id, quarter, own, members, reference)
        return Results(submitted, colours, measures, unusable)

    def own(self, feeds: tuple[str, ...], months: range, quarter: int) -> dict[str, list]:
        """The rows of months by organisation as mapped for the quarter."""
        return by_organisation(self.monthly_rows[feeds], self.register, months, quarter)

    def taken(self) -> dict[tuple[str, int], str | None]:
        """The rule that takes a row that counts, by the submission and line of each; else null.

        superseded are the rows of published formats that local ones set aside. Not among them are
        those of A06 and ORG, and those without a date.
        """
        found = {}
        for rows in self.outcomes.values():
            found |= {(row.submission.id, row.line): row.rule for row in rows}
        for feeds, rows in self.monthly_rows.items():
            for row in rows:
                found[row.submission.id, row.fields["_LINE"]] = accounts.SET_ASIDE
            for quarter in {quarter_of_month(row.month) for row in rows}:
                for own in self.own(feeds, months_of(quarter), quarter).values():
                    found |= {(r.submission.id, r.fields["_LINE"]): r.rule for r in own}
        return found

    def checks(self, feeds: tuple[str, ...], quarter: int) -> dict[str, dict[str, Check]]:
        """The rules on the files of a quarter, by organisation of either class and rule."""
        now = self.own(feeds, months_of(quarter), quarter)
        before = self.own(feeds, months_of(quarter - 1), quarter)
        covered = {
            month
            for feed in feeds
            for month, _ in effective(self.submissions, feed)
            if month in months_of(quarter)
        }
        found = {}
        for types in CLASSES.values():
            members = self.register.open_of_types(types, quarter)
            found |= checks.of_class(feeds[0], quarter, members, now, before, covered)
        return found

    def prescribed(self) -> dict[str | None, list]:
        """The rows of prescribing in use by the class of their organisation."""
        feeds, found = FEEDS["BCBV07"], defaultdict(list)
        for quarter in self._quarters_of(feeds):
            for code, own in self.own(feeds, months_of(quarter), quarter).items():
                found[self.register.class_of(code)] += [row for row in own if row.rule is None]
        return found

    def _colours_by_indicator(
        self, indicator_id: str, quarter: int, code: str, found: dict[str, Check]
    ) -> dict[str, str | None]:
        """The colours that a rule has for one indicator and not for another of the feed."""
        colours = {}
        if indicator_id in WHOLE_OR_NOT:
            span = MONTHS.get(indicator_id, months_of)(quarter)
            own = self.own(FEEDS[indicator_id], span, quarter)[code]
            if any(row.unread(NEEDS[indicator_id]) for row in own if row.is_present):
                colours["U01"] = "red"
        if "C02" in found:
            colours["C01" if indicator_id == "BCBV19" else "C02"] = None
        if indicator_id in PER_HEAD:
            colours["N01"] = self.n01(quarter).get(code, checks.NOT_EVALUATED).colour
        return colours

    def n01(self, quarter: int) -> dict[str, Check]:
        """N01 of the PCTs that have a population."""
        return {
            code: checks.share(len(CELLS), n, red=0)
            for code, n in self.population.lacking(quarter).items()
        }

    def unusable(
        self, feed: str, quarter: int, members: Iterable[str], sent_by: str
    ) -> dict[str, set[str]]:
        """Of a feed of HES: those whose rows of the quarter are all taken, and by which rules."""
        taken = defaultdict(list)
        for row in self.outcomes[feed]:
            code = row.provider if sent_by == "trust" else row.pct
            if sent_by == "trust":
                code = self.register.body(code)
            if row.quarter == quarter and code is not None:
                taken[self.register.mapped(code, quarter)].append(row.rule)
        return {
            code: set(taken[code]) for code in members if code in taken and None not in taken[code]
        }

    def _monthly_measures(
        self,
        indicator_id: str,
        quarter: int,
        own: dict[str, list],
        members: dict[str, Organisation],
        reference: set[str],
    ) -> dict[str, Measure]:
        if indicator_id in DRUGS:
            return monthly.preferred_share(own, members, reference, *DRUGS[indicator_id])
        if indicator_id == "BCBV19":
            people = self.population.from_age(45, quarter)
            return monthly.items_per_head(own, members, people, bnf_prefixes("clopidogrel"))
        if indicator_id == "BCBV09":
            return movement.staff_turnover(own, members, twelve_months_to(quarter))
        if indicator_id == "BCBV10":
            return finance.agency_spend(own, members, quarter)
        return SUMS[indicator_id](own, members)

    def _clinical(
        self, indicator_id: str, quarter: int, members: dict[str, Organisation]
    ) -> Results:
        providers = {e.provider for e in self.episodes if quarter_of_month(e.month) == quarter}
        unusable = self.unusable("hes_apc", quarter, members, "trust")
        submitted = members.keys() & {self.register.mapped(code, quarter) for code in providers}
        submitted -= unusable.keys()
        ordinary = defaultdict(list)
        for spell in self.ordinary(quarter):
            ordinary[spell.organisation].append(spell)
        is_incomplete = indicator_id == "BCBV20" and not self.is_followed(quarter)
        delivered = self.rules_on_deliveries("hes_apc", "trust", quarter)
        colours = {
            code: _colours(delivered[code])
            | _given(
                A11=gate.a11(ordinary[code]).colour,
                A13=gate.a13(ordinary[code]).colour if indicator_id == "BCBV02" else None,
                FOLLOWUP="amber" if is_incomplete else None,
            )
            for code in submitted
        }
        reference = _reference(members, submitted, colours)
        measures = CLINICAL[indicator_id](self.spells, quarter, members, reference)
        return Results(submitted, colours, measures, unusable)

    def ordinary(self, quarter: int) -> list[Spell]:
        """The ordinary spells of a quarter, on which A11 and A13 look."""
        return clinical.ordinary_spells(self.spells, quarter)

    def is_followed(self, quarter: int) -> bool:
        """Whether a submission of admissions counts in the quarter after (FOLLOWUP)."""
        return quarter + 1 in self._quarters_of(("hes_apc",))

    def rules_on_deliveries(
        self, feed: str, organisation_class: str, quarter: int
    ) -> dict[str, dict[str, Check]]:
        """A12 and V01 to V03 of the organisations of a class that submitted.

        Rulebook 6.1 to 6.3.
        """
        delivery = self.deliveries[feed, organisation_class]
        members = self.register.open_of_types(CLASSES[organisation_class], quarter)
        submitted = [code for code in members if (code, quarter) in delivery.rows]
        index = deliveries.completeness(delivery.records, quarter, submitted)
        found = {}
        for code in submitted:
            place = (code, quarter)
            checked = {
                "V01": gate.v01(index.get(code)),
                "V02": gate.v02(index.get(code), *delivery.duplicates(place)),
            }
            if feed == "hes_apc":
                checked["A12"] = gate.a12(delivery.after.get(place, []))
            if organisation_class == "trust":
                checked["V03"] = gate.v03(delivery.sent(place))
            found[code] = checked
        return found

    def _outpatient(
        self, indicator_id: str, quarter: int, members: dict[str, Organisation]
    ) -> Results:
        def by_provider(appointments: list[Appointment]) -> dict[str, list[Appointment]]:
            return outpatients.by_organisation(
                appointments, self.register, quarter, lambda appointment: appointment.provider
            )

        unusable = self.unusable("hes_op", quarter, members, "trust")
        submitted = members.keys() & by_provider(self.rows_of_appointments).keys()
        submitted -= unusable.keys()
        own = by_provider(self.appointments)
        delivered = self.rules_on_deliveries("hes_op", "trust", quarter)
        colours = {
            code: _colours(delivered[code]) | _colours_of_appointments(indicator_id, own[code])
            for code in submitted
        }
        reference = _reference(members, submitted, colours)
        measures = OUTPATIENT[indicator_id](own, quarter, members, reference)
        return Results(submitted, colours, measures, unusable)

    def _commissioned(
        self, indicator_id: str, quarter: int, members: dict[str, Organisation]
    ) -> Results:
        feed = FEEDS[indicator_id][0]
        unusable = self.unusable(feed, quarter, members, "pct")
        submitted = members.keys() & self._pcts_that_submitted(indicator_id, quarter)
        submitted -= unusable.keys()
        delivered = self.rules_on_deliveries(feed, "pct", quarter)
        records, colours = self.spells, {code: _colours(delivered[code]) for code in submitted}
        if indicator_id == "BCBV06":
            records = self.appointments
            own = outpatients.by_organisation(
                records, self.register, quarter, lambda appointment: appointment.pct
            )
            colours = {
                code: own_colours | _colours_of_appointments(indicator_id, own[code])
                for code, own_colours in colours.items()
            }
        incomplete = self.n01(quarter)
        colours = {
            code: own | _given(N01=incomplete.get(code, checks.NOT_EVALUATED).colour)
            for code, own in colours.items()
        }
        cases = COMMISSIONED[indicator_id](records, self.register, quarter)
        reference = _reference(members, submitted, colours)
        population = self.population.of(quarter)
        measures = commissioning.by_population(cases, population, members, reference)
        return Results(submitted, colours, measures, unusable)

    def _pcts_that_submitted(self, indicator_id: str, quarter: int) -> set[str]:
        """The PCTs whose code stands on a row of the feed that counts in the quarter.

        Rulebook 6.5.
        """
        if indicator_id == "BCBV06":
            codes = {a.pct for a in self.rows_of_appointments if a.quarter == quarter}
        else:
            codes = {e.pct for e in self.episodes if quarter_of_month(e.month) == quarter}
        return {self.register.mapped(code, quarter) for code in codes if code is not None}


def _rules_that_leave_nothing(indicator_id: str, own: list) -> set[str] | None:
    """The rules for which nothing of what was sent can be used; null where something can.

    Of some feeds only rows of a kind say something to an indicator.
    """
    if all(row.rule is not None for row in own):
        return {row.rule for row in own}
    if indicator_id == "BCBV12":
        own = [row for row in own if finance.category(row) == finance.OUTSIDE_THE_NHS]
    elif indicator_id == "BCBV09":
        own = [row for row in own if movement.tells(row)]
    rules = {row.rule for row in own if row.rule is not None}
    left, needs = [row for row in own if row.rule is None], NEEDS[indicator_id]
    if own and not left:
        return rules
    if any(row.unread(needs) for row in left) and all(row.lacks(needs) for row in left):
        return rules | {"U01"}
    return None


def _reference(
    members: dict[str, Organisation], submitted: set[str], colours: dict[str, dict[str, str]]
) -> set[str]:
    """The organisations against which all are held (Rulebook 4.1)."""
    return {
        code
        for code in submitted
        if "red" not in colours.get(code, {}).values() and not members[code].is_specialist
    }


def _colours_of_appointments(indicator_id: str, own: list[Appointment]) -> dict[str, str]:
    """The gate rules of hes_op that gate an indicator (Rulebook 6.1)."""
    return _given(
        O02=gate.o02(own).colour,
        O03=gate.o03(own).colour if indicator_id in ("BCBV06", "BCBV15") else None,
        O04=gate.o04(own).colour if indicator_id == "BCBV06" else None,
    )


def _colours(found: dict[str, Check]) -> dict[str, str]:
    return _given(**{rule: check.colour for rule, check in found.items()})


def _given(**colours: str | None) -> dict[str, str]:
    return {rule: colour for rule, colour in colours.items() if colour is not None}


def compute(folder: Path, as_at: date | None = None) -> Tables:
    """The tables from a folder in which every file is a submission."""
    evidence, indicators, tables = Evidence(folder, as_at), registry(), Tables()
    measures: dict[chance.Key, Measure] = {}
    for indicator_id in FEEDS:
        indicator = indicators[indicator_id]
        for types, quarter in product(_types(indicator), evidence.quarters(indicator)):
            members = evidence.register.open_of_types(types, quarter)
            results = evidence.results(indicator_id, quarter, members)
            rows, thresholds = compare(
                indicator,
                quarter,
                members,
                results.measures,
                results.submitted,
                results.colours,
                results.unusable,
            )
            tables.fct_indicator_values.extend(rows)
            tables.fct_quartile_thresholds.extend(thresholds)
            measures |= {
                (indicator_id, code, label(quarter)): results.measures[code]
                for code in results.submitted
            }
            reference = _reference(members, results.submitted, results.colours)
            of_code = {row["organisation_code"]: row for row in rows}
            _drill_down(tables, evidence, Whole(indicator_id, quarter, of_code, reference))
            if indicator_id in equity.BY_CASEMIX:
                tables.fct_equity.extend(
                    equity.of_casemix(indicator_id, rows, evidence.spells, quarter, reference)
                )
    _add_statistics(tables, evidence, measures)
    _add_money(tables, evidence, positions_of(tables.fct_indicator_values, measures))
    balance = drilldowns.balance(tables.fct_indicator_values, evidence.spells)
    tables.fct_clinical_balance.extend(balance)
    tables.dim_indicator.extend(dimensions.indicators())
    tables.dim_organisation.extend(dimensions.organisations(evidence.register))
    tables.dim_quarter.extend(dimensions.quarters(evidence.submissions))
    tables.dim_submission.extend(
        dimensions.submissions(evidence.submissions, evidence.register, evidence.prescribed())
    )
    for kind, report in (
        ("trust", tables.rpt_trust_indicators),
        ("pct", tables.rpt_pct_indicators),
    ):
        report.extend(side_by_side(tables.fct_indicator_values, evidence.register, kind))
    _add_quality(tables, evidence)
    return tables


def _add_statistics(
    tables: Tables, evidence: Evidence, measures: dict[chance.Key, Measure]
) -> None:
    """Add what chance and time make of the values; measures are of those who submitted."""
    indicators, values = registry(), tables.fct_indicator_values
    judged = chance.judged(values, measures, indicators)
    rates = {
        quarter: measure.reference_rate
        for (_, _, quarter), measure in measures.items()
        if measure.reference_rate is not None
    }
    tables.fct_area_values.extend(
        areas.area_values(
            values,
            evidence.register.organisations,
            lambda indicator_id: float(indicators[indicator_id]["value_scale"]),
            rates,
        )
    )
    points = {one.key: one.point for one in judged}
    tables.fct_indicator_trend.extend(
        trends.trend_rows(values, points, tables.fct_area_values, indicators)
    )
    tables.fct_indicator_statistics.extend(
        chance.statistics(judged, indicators, tables.fct_indicator_trend)
    )


def _add_money(tables: Tables, evidence: Evidence, positions: dict[Place, Position]) -> None:
    """Add the pounds, why they moved, what they hang on, and what was published of them."""
    rows, organisations = tables.fct_indicator_values, evidence.register.organisations
    adjusted = changes.activity_adjusted(positions)
    tables.fct_opportunity.extend(opportunity(rows, organisations, adjusted))
    tables.fct_opportunity_change.extend(
        changes.opportunity_changes(
            map(place_of, rows),
            positions,
            evidence.register,
            lambda indicator_id, own: _by_area(indicator_id, own, organisations),
        )
    )
    statistics = {place_of(row): row for row in tables.fct_indicator_statistics}
    tables.fct_sensitivity.extend(
        sensitivity.scenarios(
            rows, positions, tables.fct_quartile_thresholds, statistics, organisations
        )
    )
    tables.fct_revisions.extend(revisions.revisions(rows))
    tables.fct_opportunity_vintages.extend(revisions.vintages(tables.fct_opportunity))


def _add_quality(tables: Tables, evidence: Evidence) -> None:
    """Add what the rules on data say of organisations, submissions, rows and fields."""
    quality = Quality(evidence, tables.fct_indicator_values, FEEDS, NEEDS, PER_HEAD)
    tables.dim_dq_rule.extend(catalogue.published())
    tables.dq_rule_results.extend(quality.rule_results())
    tables.dq_submission_status.extend(quality.submission_status())
    tables.dq_field_quality.extend(quality.field_quality())
    tables.dq_scores.extend(quality.scores())
    records = accounts.of_submissions(evidence.submissions, evidence.register, evidence.taken())
    tables.dq_submissions.extend(accounts.submissions(evidence.submissions, records))
    tables.dq_quarantined_records.extend(accounts.quarantined(records))


def _drill_down(tables: Tables, evidence: Evidence, whole: Whole) -> None:
    """Add the parts of an indicator's rows, where it has any."""
    indicator_id, quarter, register = whole.indicator_id, whole.quarter, evidence.register
    if indicator_id in drilldowns.BED_DAYS:
        spells = drilldowns.BED_DAYS[indicator_id](evidence.spells, quarter, whole.reference)
        is_stays = indicator_id == "BCBV01"
        table = tables.fct_los_drilldown if is_stays else tables.fct_preop_drilldown
        table.extend(drilldowns.wards(whole, spells))
        flows = drilldowns.flows_of_bed_days(whole, spells, register)
        tables.fct_pct_trust_flows.extend(flows)
    if indicator_id in drilldowns.CASES:
        records = evidence.appointments if indicator_id == "BCBV06" else evidence.spells
        cases = drilldowns.CASES[indicator_id](records, register, quarter)
        people = evidence.population.of(quarter)
        tables.fct_indicator_breakdown.extend(drilldowns.breakdown(whole, cases, people))
        tables.fct_practice_cases.extend(drilldowns.practices(whole, cases))
        if indicator_id in equity.BY_POPULATION:
            rows = list(whole.rows.values())
            tables.fct_equity.extend(equity.of_population(rows, cases, people, whole.reference))
        if indicator_id in drilldowns.ADMISSIONS:
            tables.fct_pct_trust_flows.extend(drilldowns.flows_of_admissions(whole, cases))
    if indicator_id in DRUGS:
        own = evidence.own(FEEDS[indicator_id], months_of(quarter), quarter)
        practices = drilldowns.practices_prescribing(whole, own, *DRUGS[indicator_id])
        tables.fct_practice_prescribing.extend(practices)


def _types(indicator: dict[str, str | None]) -> list[set[str]]:
    """The types an indicator applies to by class, each compared among itself (Rulebook 2.3)."""
    types = set(indicator["org_type"].split(";"))
    return [types & of_class for of_class in CLASSES.values() if types & of_class]


# The amounts of an organisation's row, each added up over areas on its own.
AMOUNTS = (
    "opportunity_quarter_gbp",
    "opportunity_annual_gbp",
    "opportunity_annual_at_median_gbp",
    "opportunity_annual_at_best_decile_gbp",
    "releasable_annual_gbp",
)
ADJUSTED = "opportunity_annual_activity_adjusted_gbp"


def opportunity(
    rows: list[dict],
    organisations: dict[str, Organisation],
    adjusted: dict[Place, float | None] | None = None,
) -> list[dict]:
    """Rows of fct_opportunity: £ of each indicator, of all, and of all netted (Rulebook 4.6).

    adjusted are the £ at the activity of the base quarter, where there are any (Rulebook 9.14).
    """
    rows = [row | {ADJUSTED: (adjusted or {}).get(place_of(row))} for row in rows]
    by_area = defaultdict(lambda: {ADJUSTED: None})
    for amount in (*AMOUNTS, ADJUSTED):
        for (indicator_id, quarter), own in _money(rows, amount).items():
            for (level, area), gbp in _by_area(indicator_id, own, organisations).items():
                by_area[indicator_id, level, area, quarter][amount] = gbp
    for place, doubt in _in_doubt(rows, organisations).items():
        by_area[place] |= doubt
    return [
        {
            "indicator_id": indicator_id,
            "area_level": level,
            "area_code": area,
            "quarter": label(quarter),
            **amounts,
        }
        for (indicator_id, level, area, quarter), amounts in by_area.items()
    ]


def _money(rows: list[dict], amount: str) -> dict[tuple[str, int], dict[str, float | None]]:
    """One amount by organisation, of each indicator and quarter and of the two totals.

    Rulebook 4.6.
    """
    money = defaultdict(dict)
    for row in rows:
        per_organisation = money[row["indicator_id"], from_label(row["quarter"])]
        per_organisation[row["organisation_code"]] = row.get(amount)
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
    return money


def _in_doubt(rows: list[dict], organisations: dict[str, Organisation]) -> dict[tuple, dict]:
    """By row of fct_opportunity: how many organisations, how many flagged, £ of what is published.

    Of a total an organisation is flagged where one of the indicators that add to it is.
    """
    annual = "opportunity_annual_gbp"
    money = _money(rows, annual)
    # What is not published is nothing here, without taking a row away.
    published = _money(
        [
            row if row.get("publication_status") == "published" else row | {annual: None}
            for row in rows
        ],
        annual,
    )
    flagged = defaultdict(set)
    for row in rows:
        is_flagged = row.get("publication_status") in ("withheld", "caveat")
        if is_flagged and row.get(annual) is not None:
            indicator_id, quarter = row["indicator_id"], from_label(row["quarter"])
            for total in (indicator_id, "ALL", "ALL_NETTED"):
                if total == indicator_id or _is_in_total(indicator_id, quarter, money):
                    flagged[total, quarter].add(row["organisation_code"])
    doubt = defaultdict(dict)
    for (indicator_id, quarter), own in money.items():
        with_pounds = {code for code, gbp in own.items() if gbp is not None}
        doubtful = with_pounds & flagged[indicator_id, quarter]
        for column, amounts in (
            ("n_organisations", {code: int(code in with_pounds) for code in own}),
            ("n_flagged", {code: int(code in doubtful) for code in own}),
            (
                "opportunity_annual_unflagged_gbp",
                dict.fromkeys(own) | published.get((indicator_id, quarter), {}),
            ),
        ):
            for (level, area), n in _by_area(indicator_id, amounts, organisations).items():
                doubt[indicator_id, level, area, quarter][column] = n
    return doubt


def _is_in_total(indicator_id: str, quarter: int, money: dict) -> bool:
    indicator = registry()[indicator_id]
    start = indicator["published_from_quarter"]
    return (
        (indicator_id, quarter) in money
        and indicator["in_published_total"] == "true"
        and (start is None or from_label(start) <= quarter)
    )


def _counted_twice(included: dict[str, dict[str, float | None]], code: str) -> float:
    """£ of pre-operative days, which are days of stay too (Rulebook 4.6)."""
    both = [included.get(i, {}).get(code) for i in ("BCBV01", "BCBV02")]
    return 0.0 if None in both else min(both)


def _by_area(
    indicator_id: str, own: dict[str, float | None], organisations: dict[str, Organisation]
) -> dict[tuple[str, str], float | None]:
    """£ by area; in SHAs and England, of an indicator on both classes, the trusts' only.

    Rulebook 2.3.
    """
    is_on_both = indicator_id in FEEDS and len(_types(registry()[indicator_id])) > 1
    areas = defaultdict(list)
    for code, gbp in own.items():
        areas["organisation", code].append(gbp)
        if is_on_both and organisations[code].organisation_class != "trust":
            continue
        areas["england", "england"].append(gbp)
        if organisations[code].sha is not None:
            areas["sha", organisations[code].sha].append(gbp)
    return {area: _sum(amounts) for area, amounts in areas.items()}


def _sum(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is given, null of nothing."""
    given = [amount for amount in amounts if amount is not None]
    return sum(given) if given else None
