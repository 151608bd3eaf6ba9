"""Organisations: which there are, which are open, and whom a code stands for (Rulebook 1.5, 2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reference.parsing import to_code, to_date, upper
from reference.quarters import first_day, last_day
from reference.seeds import read_seed
from reference.submissions import Submission

TRUST_TYPES = {"acute", "acute_ft", "acute_specialist"}
PCT_TYPES = {"pct", "ccg", "icb"}
CLASSES = {"trust": TRUST_TYPES, "pct": PCT_TYPES}
# Bodies that have sites, with two characters more in their codes.
TYPES_WITH_SITES = {*TRUST_TYPES, "mental_health"}
LENGTH_OF_A_SITE = 5
GROUP_SUFFIX = "00"
# Who prescribes without being a group: an organisation where it occurs.
AREA_TEAM = re.compile(r"(Q\d\d)(?:00)?")
# In prescribing, where neither who prescribes nor who pays is known; elsewhere nobody.
UNIDENTIFIED = "-"
PRESCRIBERS = {"epact": "PCT_CODE", "epd": "PCO_CODE"}


@dataclass(frozen=True)
class Organisation:
    """What the register says of an organisation; dates are inclusive, null is unbounded."""

    type: str | None
    sha: str | None = None
    cluster: str | None = None
    opened: date | None = None
    closed: date | None = None
    name: str | None = None
    source: str | None = None

    @property
    def organisation_class(self) -> str | None:
        """The class that is compared among itself: trust, pct or none (Rulebook 2.3)."""
        if self.type in TRUST_TYPES:
            return "trust"
        return "pct" if self.type in PCT_TYPES else None

    @property
    def is_specialist(self) -> bool:
        """Whether it is left out of the reference and the benchmark (Rulebook 4.1, 4.2)."""
        return self.type == "acute_specialist"


class Register:
    """The seeds of organisations and successions with landed rows laid over them (Rulebook 1.5)."""

    def __init__(self, submissions: list[Submission]) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.aliases: dict[str, str] = {}
        self.successors: dict[str, tuple[str, date]] = {}
        for row in read_seed("organisations"):
            self._register({key.upper(): value for key, value in row.items()}, row["source"])
            for alias in re.findall(r"[^;,\s]+", row["alias_codes"] or ""):
                self.aliases[alias] = row["org_code"]
        for row in read_seed("successions"):
            self._succeed({key.upper(): value for key, value in row.items()})
        for submission in sorted(submissions, key=lambda s: (s.extract_date, s.landed)):
            # Of one code twice the first line stands: it comes last.
            for row in reversed(submission.rows):
                if submission.feed == "organisations":
                    self._register(row, f"submission {submission.id}")
                elif submission.feed == "successions":
                    self._succeed(row)
        for submission in submissions:
            for row in submission.rows:
                sent_as = (row.get(PRESCRIBERS.get(submission.feed)) or "").upper()
                team = AREA_TEAM.fullmatch(sent_as)
                if team is None or self.known(sent_as):
                    continue
                self.aliases[sent_as] = team[1]
                if not self.known(team[1]):
                    self.organisations[team[1]] = Organisation(
                        type="other",
                        name=f"NHS England area team {team[1]}",
                        source="the form of its code in prescribing data",
                    )

    def _register(self, row: dict, source: str | None) -> None:
        self.organisations[row["ORG_CODE"].upper()] = Organisation(
            type=(to_code("ORG_TYPE", row["ORG_TYPE"]) or "").lower() or None,
            sha=upper(row["SHA_CODE"]),
            cluster=row.get("CLUSTER"),
            opened=to_date(row.get("OPEN_DATE")),
            closed=to_date(row.get("CLOSE_DATE")),
            name=row["ORG_NAME"],
            source=source,
        )

    def _succeed(self, row: dict) -> None:
        successor = (row["NEW_CODE"].upper(), to_date(row["EFFECTIVE_DATE"]))
        self.successors[row["OLD_CODE"].upper()] = successor

    def resolved(self, code: str) -> str:
        """An alias stands for a known code, unless it is a known code itself.

        11M00 is the group 11M.
        """
        code = code.upper()
        if code in self.organisations:
            return code
        if code in self.aliases:
            return self.aliases[code]
        stem = code.removesuffix(GROUP_SUFFIX)
        group = self.aliases.get(stem, stem)
        is_group = stem != code and group in self.organisations
        return group if is_group and self.organisations[group].type in PCT_TYPES else code

    def body(self, code: str | None) -> str | None:
        """The code of the body itself, where a code is of one of its sites (RWE01 is RWE)."""
        if code is None or self.known(code) or len(code) != LENGTH_OF_A_SITE:
            return code if code is None else self.resolved(code)
        trust = code[:3].upper()
        found = (self.organisations[c].type for c in self._line(trust) if c in self.organisations)
        return trust if TYPES_WITH_SITES.intersection(found) else self.resolved(code)

    def _line(self, code: str) -> Iterator[str]:
        """The code and its successors of whatever date, one after the other."""
        code = self.resolved(code)
        yield code
        while code in self.successors:
            code = self.successors[code][0]
            yield code

    def mapped(self, code: str, quarter: int) -> str:
        """The organisation a code stands for in the whole of a quarter (Rulebook 2.1)."""
        code = self.resolved(code)
        while self._succeeded(code, quarter):
            code = self.successors[code][0]
        return code

    def fully_mapped(self, code: str) -> str:
        """The last successor: the provider by which episodes are linked (Rulebook 2.1)."""
        return list(self._line(code))[-1]

    def known(self, code: str | None) -> bool:
        """Whether a code is known or leads to a known one by succession (Rulebook 2.4)."""
        return code not in (None, UNIDENTIFIED) and any(
            c in self.organisations for c in self._line(code)
        )

    def class_of(self, code: str) -> str | None:
        """The class of an organisation; null of one that is known by its successors alone."""
        found = self.organisations.get(code)
        return None if found is None else found.organisation_class

    def is_pct(self, code: str | None) -> bool:
        """Whether a code is one of a PCT or of what came after them."""
        return code is not None and any(
            self.organisations[c].type in PCT_TYPES
            for c in self._line(code)
            if c in self.organisations
        )

    def _succeeded(self, code: str, quarter: int) -> bool:
        return code in self.successors and self.successors[code][1] <= last_day(quarter)

    def is_open(self, code: str, quarter: int) -> bool:
        """Whether an organisation is open in a quarter (Rulebook 2.2)."""
        organisation = self.organisations[code]
        return (
            (organisation.opened is None or organisation.opened <= last_day(quarter))
            and (organisation.closed is None or organisation.closed >= first_day(quarter))
            and not self._succeeded(code, quarter)
        )

    def open_of_types(self, types: set[str], quarter: int) -> dict[str, Organisation]:
        """The organisations that have a row: of the types given and open in the quarter.

        Rulebook 2.3.
        """
        return {
            code: organisation
            for code, organisation in sorted(self.organisations.items())
            if organisation.type in types and self.is_open(code, quarter)
        }
