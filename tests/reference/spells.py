"""Spells: linking episodes, and what a spell is for the clinical indicators.

Rulebook 3.3 to 3.8.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from reference.episodes import Episode, nulls_last, without_duplicates
from reference.organisations import Register
from reference.parsing import to_integer
from reference.quarters import quarter_of

ELECTIVE = {"11", "12", "13"}
EMERGENCY = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
MAX_DAYS = 730


@dataclass(frozen=True, eq=False)
class Spell:
    """A closed spell. The first, last and dominant episodes give its facts (Rulebook 3.4)."""

    organisation: str
    discharge: date
    first: Episode
    last: Episode
    dominant: Episode
    n_episodes: int

    @property
    def quarter(self) -> int:
        """The quarter of discharge (Rulebook 3.8)."""
        return quarter_of(self.discharge)

    @property
    def quarter_of_admission(self) -> int:
        """The quarter of admission (Rulebook 3.8)."""
        return quarter_of(self.first.admission)

    @property
    def days(self) -> int:
        """Length of stay in days (Rulebook 3.4)."""
        return (self.discharge - self.first.admission).days

    @property
    def group(self) -> str | None:
        """The admission group: elective, emergency or none (Rulebook 3.5)."""
        if self.first.admission_method in ELECTIVE:
            return "elective"
        return "emergency" if self.first.admission_method in EMERGENCY else None

    @property
    def is_clinical(self) -> bool:
        """Whether the spell is in clinical indicators at all (Rulebook 3.5)."""
        return (
            self.group is not None
            and self.first.category != "02"
            and not any(_is_mental_health(specialty) for specialty in self.first.specialties)
            and self.first.type in (None, "1")
            and self.days <= MAX_DAYS
        )

    @property
    def is_regular(self) -> bool:
        """Whether the patient attends regularly by day or night (Rulebook 3.3, 3.7)."""
        return self.first.class_of_patient in ("3", "4")

    @property
    def hrg(self) -> str | None:
        """The HRG of version 4, else 3.5 (Rulebook 5.1)."""
        return self.dominant.hrg or self.dominant.hrg_35

    @property
    def is_ordinary(self) -> bool:
        """Whether the spell is an inpatient's in 01 and 02: no true day case.

        Rulebook 3.7; A10.
        """
        claimed_day_case = self.first.class_of_patient == "2"
        return self.first.class_of_patient == "1" or (
            claimed_day_case and (self.days > 0 or self.group != "elective")
        )

    @property
    def preoperative_days(self) -> int | None:
        """Days from admission to operation; null where its date is missing or outside (A13)."""
        day = self.dominant.operation_date
        if day is None or not self.first.admission <= day <= self.discharge:
            return None
        return (day - self.first.admission).days


def closed_spells(episodes: list[Episode], register: Register) -> list[Spell]:
    """The closed spells of effective episodes of all quarters and senders (Rulebook 3.3)."""
    linked = defaultdict(list)
    for number, episode in enumerate(without_duplicates([e for e in episodes if e.is_valid])):
        if episode.class_of_patient in ("3", "4") or episode.person is None:
            linked[number].append(episode)
        else:
            person = (episode.person, episode.admission, episode.linked_provider)
            linked[*person, episode.spell_number].append(episode)
    spells = [_spell(sorted(group, key=_order), register) for group in linked.values()]
    return [spell for spell in spells if spell is not None]


def _order(episode: Episode) -> tuple:
    """The order of episodes in a spell.

    File and line settle what the rule leaves open. Rulebook 3.3.
    """
    return (
        episode.start,
        nulls_last(episode.order),
        episode.end,
        nulls_last(episode.key),
        episode.submission.name,
        episode.line,
    )


def _spell(episodes: list[Episode], register: Register) -> Spell | None:
    """The spell of episodes in order, or None while it is open (Rulebook 3.4)."""
    discharges = [e.discharge for e in episodes if e.discharge is not None]
    if not discharges:
        return None
    discharge = max(discharges)
    return Spell(
        organisation=register.mapped(episodes[-1].provider, quarter_of(discharge)),
        discharge=discharge,
        first=episodes[0],
        last=episodes[-1],
        dominant=max(episodes, key=lambda e: e.end - e.start),
        n_episodes=len(episodes),
    )


def _is_mental_health(specialty: str | None) -> bool:
    number = to_integer(specialty)
    return number is not None and 700 <= number <= 715
