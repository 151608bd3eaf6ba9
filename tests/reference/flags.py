"""The rules that flag what came of care: they change no number (page on data quality, Q1)."""

import re
from collections.abc import Callable, Iterable

from reference.appointments import Appointment
from reference.catalogue import rated
from reference.checks import NOT_EVALUATED, Check
from reference.episodes import Episode
from reference.organisations import Register
from reference.parsing import DUMMY_DATES, to_date, to_integer, to_known_date, upper
from reference.spells import MAX_DAYS, Spell

DATES = ("EPISTART", "EPIEND", "ADMIDATE", "DISDATE", "OPDATE_01")
UNKNOWN_CONSULTANTS = {
    *("&", "C9999998", "CD999998", "D9999998"),
    *("H9999998", "M9999998", "N9999998"),
}
MENTAL_HEALTH = range(700, 716)

Row = Episode | Appointment


def has_dummy_date(episode: Episode) -> bool:
    """A04: a date that systems write for "not known"."""
    return any(to_date(episode.fields.get(column)) in DUMMY_DATES for column in DATES)


def has_an_order(episode: Episode) -> bool:
    """Whether A05 can be judged: finished, with the dates of the episode and of admission."""
    return episode.status == "3" and None not in (episode.start, episode.end, episode.admission)


def is_out_of_order(episode: Episode) -> bool:
    """A05, of those that can be judged."""
    return (
        episode.end < episode.start
        or episode.start < episode.admission
        or (episode.discharge is not None and episode.discharge < episode.admission)
    )


def has_another_admission(episode: Episode) -> bool:
    """A07: the start of the episode stands for a missing day of admission."""
    return to_known_date(episode.fields["ADMIDATE"]) is None and episode.admission is not None


def is_unfinished(episode: Episode) -> bool:
    """A08."""
    return episode.status != "3"


def has_unknown_consultant(row: Row) -> bool:
    """A14."""
    code = upper(row.fields.get("CONSULT"))
    return code is None or code in UNKNOWN_CONSULTANTS


def has_unknown_specialty(row: Row) -> bool:
    """A15: none, or not of three digits."""
    return re.fullmatch(r"[0-9]{3}", row.fields.get("TRETSPEF") or "") is None


def is_of_unknown_age_or_sex(row: Row) -> bool:
    """A16."""
    return row.age is None or row.sex not in (1, 2)


def is_of_no_pct(row: Row, register: Register) -> bool:
    """A17: no code of a PCT, or one that is nobody's."""
    return not register.known(register.body(row.pct))


def is_inpatient(spell: Spell) -> bool:
    """Whether A09 looks at it."""
    specialty = to_integer(spell.first.specialties[1])
    return spell.first.class_of_patient == "1" and specialty not in MENTAL_HEALTH


def is_very_long(spell: Spell) -> bool:
    """A09."""
    return spell.days > MAX_DAYS


def is_called_day_case(spell: Spell) -> bool:
    """Whether A10 looks at it."""
    return spell.first.class_of_patient == "2"


def is_no_day_case(spell: Spell) -> bool:
    """A10: a night, or not planned."""
    return spell.days > 0 or spell.group != "elective"


def of_trust(feed: str, rows: list[Row], spells: list[Spell], register: Register) -> dict:
    """The flags of a trust's quarter, by rule: of its rows, and of its spells by discharge."""

    def of_rows(rule: str, fails: Callable[[Row], bool], own: Iterable[Row] = rows) -> Check:
        own = list(own)
        return rated(rule, feed, len(own), sum(map(fails, own)))

    def where_given(rule: str, fails: Callable[[Row], bool], *columns: str) -> Check:
        is_given = any(column in row.fields for row in rows for column in columns)
        return of_rows(rule, fails) if is_given else NOT_EVALUATED

    found = {
        "A15": where_given("A15", has_unknown_specialty, "TRETSPEF"),
        "A16": of_rows("A16", is_of_unknown_age_or_sex),
        "A17": where_given(
            "A17", lambda row: is_of_no_pct(row, register), "PCTCODE_HIS", "RESPCT_HIS"
        ),
    }
    if feed == "hes_apc":
        found |= {
            "A04": of_rows("A04", has_dummy_date),
            "A05": of_rows("A05", is_out_of_order, filter(has_an_order, rows)),
            "A07": of_rows("A07", has_another_admission),
            "A08": of_rows("A08", is_unfinished),
            "A09": of_rows("A09", is_very_long, filter(is_inpatient, spells)),
            "A10": of_rows("A10", is_no_day_case, filter(is_called_day_case, spells)),
            "A14": where_given("A14", has_unknown_consultant, "CONSULT"),
        }
    return found


def of_pct(feed: str, rows: list[Row]) -> dict[str, Check]:
    """The flag of a PCT's patients."""
    return {"A16": rated("A16", feed, len(rows), sum(map(is_of_unknown_age_or_sex, rows)))}
