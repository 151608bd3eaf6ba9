"""One outcome for every rule, organisation, feed and quarter, and a status for every submission.

Written from the page on data quality, Q2, Q3 and Q5.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reference import checks, deliveries, fields, flags, gate, movement
from reference.catalogue import (
    CARE,
    OF_NOBODY_IN_PARTICULAR,
    RULES,
    rated,
    rules_of,
)
from reference.checks import NOT_EVALUATED, Check
from reference.finance import OUTSIDE_THE_NHS, category
from reference.organisations import CLASSES
from reference.quarters import from_label, label, months_of
from reference.rows import MonthlyRow
from reference.seeds import registry
from reference.spells import Spell

if TYPE_CHECKING:
    from reference.tables import Evidence

POPULATION = ("population",)
NOTHING = Check(0, 0, None, "")


@dataclass
class Sent:
    """What came of a subject in a quarter from an organisation, and what the rules say of it.

    feed is the one under which it stands; state is submitted, not_submitted or unusable.
    """

    feed: str
    state: str = "submitted"
    checks: dict[str, Check] = field(default_factory=dict)
    n_records: int = 0
    expected: float | None = None
    months: set[int] = field(default_factory=set)

    def outcome(self, rule_id: str) -> Check:
        """What a rule finds, or why it does not."""
        if self.state != "submitted":
            return NOTHING._replace(outcome=self.state)
        return self.checks.get(rule_id, NOT_EVALUATED)


class Quality:
    """The tables on data quality of the rows of fct_indicator_values and what they rest on.

    feeds are those of each indicator, needs the figures that it needs of a row, per_head those
    that need a population.
    """

    def __init__(
        self,
        evidence: "Evidence",
        values: list[dict],
        feeds: dict[str, tuple[str, ...]],
        needs: dict[str, tuple[str, ...]],
        per_head: Iterable[str],
    ) -> None:
        self.evidence, self.register = evidence, evidence.register
        self.feeds, self.needs, self.per_head = feeds, needs, tuple(per_head)
        self.rows_of_indicators: dict[tuple, list[dict]] = defaultdict(list)
        for row in values:
            place = (row["organisation_code"], from_label(row["quarter"]))
            self.rows_of_indicators[*place, feeds[row["indicator_id"]]].append(row)
            if row["indicator_id"] in self.per_head:
                self.rows_of_indicators[*place, POPULATION].append(row)
        self.care = {
            (feed, kind, quarter): self._care(feed, kind, quarter)
            for feed in CARE
            for kind in CLASSES
            for quarter in {q for _, q, subject in self.rows_of_indicators if subject == (feed,)}
        }
        self.sent = {
            place: self._sent(*place) for place in sorted(self.rows_of_indicators, key=str)
        }
        self.fields = self._fields()

    def _kind(self, code: str) -> str:
        return self.register.class_of(code)

    def _sent(self, code: str, quarter: int, subject: tuple[str, ...]) -> Sent:
        if subject == POPULATION:
            return self._people(code, quarter)
        if subject[0] in CARE:
            found = self.care[subject[0], self._kind(code), quarter]
            return found.get(code, Sent(subject[0], "not_submitted"))
        return self._monthly(code, quarter, subject)

    def _people(self, code: str, quarter: int) -> Sent:
        rows = self.evidence.population.standing(quarter).get(code, [])
        if not rows:
            return Sent("population", "not_submitted")
        n_repeated = sum(is_repeated for _, is_repeated in rows)
        found = {
            "N01": self.evidence.n01(quarter).get(code, NOT_EVALUATED),
            "D01": rated("D01", "population", len(rows), n_repeated),
        }
        return Sent("population", checks=found, n_records=len(rows) - n_repeated)

    def _monthly(self, code: str, quarter: int, subject: tuple[str, ...]) -> Sent:
        rows = self.evidence.own(subject, months_of(quarter), quarter).get(code, [])
        if not rows:
            return Sent(subject[0], "not_submitted")
        feed = subject[0] if any(row.is_local for row in rows) else subject[1]
        found = dict(self.evidence.checks(subject, quarter)[code])
        present = [row for row in rows if row.is_present]
        unread = sum(bool(row.unread(set(row.fields))) for row in present)
        found["U01"] = rated("U01", feed, len(present), unread)
        for rule in ("D01", "T01", "P02", "F01"):
            own = [row for row in rows if row.feed in RULES[rule].feeds]
            found[rule] = rated(rule, feed, len(own), sum(row.rule == rule for row in own))
        return Sent(
            feed,
            state="unusable" if self._is_unusable(code, quarter, subject, rows) else "submitted",
            checks=found,
            n_records=sum(row.rule is None for row in rows),
            months=checks.months(rows),
        )

    def _is_unusable(
        self, code: str, quarter: int, subject: tuple[str, ...], rows: list[MonthlyRow]
    ) -> bool:
        """Of none of its indicators there is a usable row, and of one it is said."""
        own = self.rows_of_indicators[code, quarter, subject]
        is_any = any(row["publication_status"] == "unusable" for row in own)
        return is_any and not any(
            _is_usable(row["indicator_id"], one, self.needs) for row in own for one in rows
        )

    def _care(self, feed: str, kind: str, quarter: int) -> dict[str, Sent]:
        """What came of care, by organisation."""
        delivery = self.evidence.deliveries[feed, kind]
        members = self.register.open_of_types(CLASSES[kind], quarter)
        here = [code for code in members if (code, quarter) in delivery.rows]
        expected = deliveries.expected_records(delivery.records, quarter, here)
        found = self.evidence.rules_on_deliveries(feed, kind, quarter)
        taken = self._taken(feed, quarter) if kind == "trust" else {}
        ordinary = self._ordinary(quarter) if (feed, kind) == ("hes_apc", "trust") else {}
        sent = {}
        for code in here:
            place = (code, quarter)
            rows, records = delivery.rows[place], delivery.records.get(place, [])
            own = found[code] | self._of_appointments(feed, delivery.after.get(place, []))
            if kind == "pct":
                own |= flags.of_pct(feed, rows)
            else:
                own |= flags.of_trust(feed, rows, records, self.register)
                n = len(delivery.before.get(place, []))
                rules = ("A01", "A03") if feed == "hes_apc" else ("O01",)
                own |= {r: rated(r, feed, n, taken.get((code, r), 0)) for r in rules}
            if ordinary:
                own |= self._of_trusts_alone(ordinary.get(code, []), quarter)
            sent[code] = Sent(
                feed,
                checks=own,
                n_records=len(records),
                expected=expected.get(code),
                months={row.month for row in rows},
            )
        for code in self.evidence.unusable(feed, quarter, members, kind):
            n = len(delivery.records.get((code, quarter), []))
            months = sent[code].months if code in sent else set()
            sent[code] = Sent(feed, "unusable", n_records=n, months=months)
        return sent

    def _taken(self, feed: str, quarter: int) -> dict[tuple[str, str], int]:
        """How many rows of a trust each rule takes out."""
        n = defaultdict(int)
        for row in self.evidence.outcomes[feed]:
            code = self.register.body(row.provider)
            if row.quarter == quarter and row.rule is not None and code is not None:
                n[self.register.mapped(code, quarter), row.rule] += 1
        return n

    def _of_appointments(self, feed: str, after: list) -> dict[str, Check]:
        if feed != "hes_op":
            return {}
        return {"O02": gate.o02(after), "O03": gate.o03(after), "O04": gate.o04(after)}

    def _ordinary(self, quarter: int) -> dict[str | None, list[Spell]]:
        own = defaultdict(list)
        own[None] = []  # there is somebody to ask of, whoever has any
        for spell in self.evidence.ordinary(quarter):
            own[spell.organisation].append(spell)
        return own

    def _of_trusts_alone(self, ordinary: list[Spell], quarter: int) -> dict[str, Check]:
        is_incomplete = not self.evidence.is_followed(quarter)
        return {
            "A11": gate.a11(ordinary),
            "A13": gate.a13(ordinary),
            "FOLLOWUP": rated("FOLLOWUP", "hes_apc", 1, int(is_incomplete)),
        }

    def _fields(self) -> dict[tuple[str, int, str], dict]:
        """How the fields of a trust's rows are filled, by trust, quarter and feed."""
        found = {}
        for code, quarter, subject in self.sent:
            feed = subject[0]
            if feed in CARE and self._kind(code) == "trust":
                rows = self.evidence.deliveries[feed, "trust"].rows.get((code, quarter), [])
                found[code, quarter, feed] = fields.of_rows(feed, rows) if rows else {}
        return found

    def rule_results(self) -> list[dict]:
        """Rows of dq_rule_results."""
        rows = []
        for (code, quarter, _), sent in self.sent.items():
            for rule_id in rules_of(sent.feed, self._kind(code)):
                amber, red = RULES[rule_id].thresholds(sent.feed)
                check = sent.outcome(rule_id)
                rows.append(
                    {
                        "rule_id": rule_id,
                        "organisation_code": code,
                        "feed": sent.feed,
                        "quarter": label(quarter),
                        "n_checked": check.n,
                        "n_failed": check.failed,
                        "rate": check.rate,
                        "amber_threshold": None if amber is None else float(amber),
                        "red_threshold": None if red is None else float(red),
                        "outcome": check.outcome,
                    }
                )
        return rows

    def submission_status(self) -> list[dict]:
        """Rows of dq_submission_status."""
        rows = []
        for (code, quarter, subject), sent in self.sent.items():
            colours = {
                rule: colour
                for rule in rules_of(sent.feed, self._kind(code))
                if (colour := sent.outcome(rule).colour) and rule not in OF_NOBODY_IN_PARTICULAR
            }
            red = sorted(rule for rule, colour in colours.items() if colour == "red")
            amber = sorted(rule for rule, colour in colours.items() if colour == "amber")
            completeness = sent.outcome("V01").rate
            rows.append(
                {
                    "organisation_code": code,
                    "feed": sent.feed,
                    "quarter": label(quarter),
                    "n_records": sent.n_records,
                    "expected_records": None if completeness is None else sent.expected,
                    "completeness": completeness,
                    "n_red": len(red),
                    "n_amber": len(amber),
                    "rules_red": ",".join(red) or None,
                    "rules_amber": ",".join(amber) or None,
                    "months_present": len(sent.months),
                    "dq_score": self._score(code, quarter, sent.feed),
                    "verdict": self._verdict(sent, code, subject, red, amber),
                }
            )
        return rows

    def _verdict(
        self, sent: Sent, code: str, subject: tuple[str, ...], red: list[str], amber: list[str]
    ) -> str:
        if sent.state != "submitted":
            return sent.state
        if any(self._stops_something(rule, subject, self._kind(code)) for rule in red):
            return "red"
        return "amber" if red or amber else "green"

    def _stops_something(self, rule_id: str, subject: tuple[str, ...], kind: str) -> bool:
        """Whether a rule that is red stops an indicator of the feed and the class."""
        rule = RULES[rule_id]
        needing = self.per_head if subject == POPULATION else self.feeds
        return rule.treatment == "gate" and any(
            indicator in (rule.gates or needing)
            and (subject == POPULATION or self.feeds[indicator] == subject)
            and set(registry()[indicator]["org_type"].split(";")) & CLASSES[kind]
            for indicator in needing
        )

    def field_quality(self) -> list[dict]:
        """Rows of dq_field_quality."""
        return [
            row
            for (code, quarter, feed), found in self.fields.items()
            if found
            for row in fields.as_table(code, feed, quarter, found)
        ]

    def scores(self) -> list[dict]:
        """Rows of dq_scores."""
        rows = []
        for code, quarter in sorted({(code, quarter) for code, quarter, _ in self.fields}):
            feeds_of_rows = [f for f in CARE if (code, quarter, f) in self.fields]
            for feed in (None, *feeds_of_rows):
                items, coverage = self._items(code, quarter, feed)
                rows.append(
                    {
                        "organisation_code": code,
                        "quarter": label(quarter),
                        "feed": feed,
                        "item_score": sum(items) / len(items) if items else None,
                        "coverage": coverage,
                        "dq_score": fields.score(items, [coverage]),
                    }
                )
        return rows

    def _items(self, code: str, quarter: int, feed: str | None) -> tuple[list[float], float]:
        """The scores of a feed's fields, or of both feeds', and the share of feeds that came."""
        wanted = CARE if feed is None else (feed,)
        came = [f for f in wanted if self.fields.get((code, quarter, f))]
        items = [
            item for f in came for item in fields.item_scores(f, self.fields[code, quarter, f])
        ]
        return items, len(came) / len(wanted)

    def _score(self, code: str, quarter: int, feed: str) -> float | None:
        if (code, quarter, feed) not in self.fields:
            return None
        items, coverage = self._items(code, quarter, feed)
        return fields.score(items, [coverage])


def _is_usable(indicator_id: str, row: MonthlyRow, needs: dict[str, tuple[str, ...]]) -> bool:
    """Whether a row tells an indicator what it needs."""
    if row.rule is not None or row.lacks(needs[indicator_id]):
        return False
    if indicator_id == "BCBV12":
        return category(row) == OUTSIDE_THE_NHS
    return indicator_id != "BCBV09" or movement.tells(row)
