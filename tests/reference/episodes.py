"""Episodes of hes_apc: the rows that count, validity and duplicates (Rulebook 1.3, 3.1, 3.2)."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from reference.organisations import Register
from reference.parsing import diagnosis, procedure, to_code, to_integer, to_known_date, upper
from reference.quarters import month_of, quarter_of_month
from reference.submissions import Submission, effective_rows


class Record(Protocol):
    """What decides which of two duplicates stays (Rulebook 3.2)."""

    submission: Submission
    line: int
    key: int | None
    submitted_on: date | None


@dataclass(frozen=True)
class Outcome:
    """A row by provider and PCT as sent, its quarter, and the rule that takes it, if any.

    The row itself is told by its submission and line.
    """

    provider: str | None
    pct: str | None
    quarter: int
    rule: str | None
    submission: Submission
    line: int


@dataclass(frozen=True, eq=False)
class Episode:
    """A row of hes_apc; codes in upper case, and as received only where their name says raw."""

    submission: Submission
    line: int
    month: int
    provider: str
    sent_as: str
    linked_provider: str
    key: int | None
    person: str | None
    spell_number: str | None
    admission: date | None
    discharge: date | None
    start: date | None
    end: date | None
    submitted_on: date | None
    operation_date: date | None
    order: int | None
    status: str | None
    admission_method: str | None
    class_of_patient: str | None
    category: str | None
    type: str | None
    specialties: tuple[str | None, str | None]
    discharge_method: str | None
    pct: str | None
    age: int | None
    sex: int | None
    deprivation: int | None
    hrg: str | None
    hrg_35: str | None
    raw_diagnosis: str | None
    raw_procedure: str | None
    diagnoses: list[str | None]
    procedures: list[str | None]
    consultant: str | None
    practice: str | None
    intended: str | None
    # The row as it is read, in text.
    fields: dict

    @property
    def is_valid(self) -> bool:
        """Whether the episode is finished and its dates are in order (Rulebook 3.1)."""
        return (
            self.status == "3"
            and None not in (self.start, self.end, self.admission)
            and self.end >= self.start >= self.admission
            and (self.discharge is None or self.discharge >= self.admission)
        )


def effective_episodes(submissions: list[Submission], register: Register) -> list[Episode]:
    """The episodes of the submissions that count, without A06 and unknown providers.

    Rulebook 2.4.
    """
    return [
        _episode(row, month, submission, register)
        for month, row, submission in effective_rows(submissions, "hes_apc", month_of_row)
        if not is_after_extract(row, submission) and register.known(register.body(row["PROCODE3"]))
    ]


def outcomes(
    submissions: list[Submission], episodes: list[Episode], register: Register
) -> list[Outcome]:
    """What became of the rows of the submissions that count, without those of unknown providers.

    A06 takes rows first, then A01, then A03.
    """
    late = [
        Outcome(
            row["PROCODE3"], _pct(row), quarter_of_month(month), "A06", submission, row["_LINE"]
        )
        for month, row, submission in effective_rows(submissions, "hes_apc", month_of_row)
        if is_after_extract(row, submission)
    ]
    valid = [episode for episode in episodes if episode.is_valid]
    apart = first_of_each(valid, _same_episode)
    kept = {id(episode) for episode in first_of_each(apart, _same_record)}
    of_key = {id(episode) for episode in apart} - kept
    return late + [
        Outcome(
            e.provider,
            e.pct,
            quarter_of_month(e.month),
            _rule(e, kept, of_key),
            e.submission,
            e.line,
        )
        for e in episodes
    ]


def _rule(episode: Episode, kept: set[int], of_key: set[int]) -> str | None:
    if not episode.is_valid or id(episode) in kept:
        return None
    return "A03" if id(episode) in of_key else "A01"


def _pct(row: dict) -> str | None:
    return upper(row.get("PCTCODE_HIS") or row.get("RESPCT_HIS"))


def month_of_row(row: dict) -> int | None:
    """The month of EPIEND, else of EPISTART (Rulebook 1.3)."""
    day = to_known_date(row["EPIEND"]) or to_known_date(row["EPISTART"])
    return None if day is None else month_of(day)


def is_after_extract(row: dict, submission: Submission) -> bool:
    """A06: a date later than the extract (Rulebook 1.3)."""
    days = [to_known_date(row[name]) for name in ("EPISTART", "EPIEND", "ADMIDATE", "DISDATE")]
    return any(day is not None and day > submission.extract_date for day in days)


def _episode(row: dict, month: int, submission: Submission, register: Register) -> Episode:
    admission, start = to_known_date(row["ADMIDATE"]), to_known_date(row["EPISTART"])
    order, method = to_integer(row["EPIORDER"]), to_code("ADMIMETH", row["ADMIMETH"])
    if admission is None and order == 1 and method != "81":
        admission = start
    category = row.get("ADMINCAT")
    return Episode(
        submission=submission,
        line=row["_LINE"],
        month=month,
        provider=register.body(row["PROCODE3"]),
        sent_as=upper(row["PROCODE3"]),
        linked_provider=register.fully_mapped(register.body(row["PROCODE3"])),
        key=to_integer(row["EPIKEY"]),
        person=row["PSEUDO_HESID"],
        spell_number=row.get("PROVSPNOPS"),
        admission=admission,
        discharge=to_known_date(row["DISDATE"]),
        start=start,
        end=to_known_date(row["EPIEND"]),
        submitted_on=to_known_date(row.get("SUBDATE")),
        operation_date=to_known_date(row.get("OPDATE_01")),
        order=order,
        status=to_code("EPISTAT", row["EPISTAT"]),
        admission_method=method,
        class_of_patient=to_code("CLASSPAT", row["CLASSPAT"]),
        category=None if category is None else category.zfill(2),
        type=to_code("EPITYPE", row.get("EPITYPE")),
        specialties=(row.get("MAINSPEF"), row.get("TRETSPEF")),
        discharge_method=row.get("DISMETH"),
        pct=_pct(row),
        age=age_in_years(to_integer(row["STARTAGE"])),
        sex=to_integer(to_code("SEX", row["SEX"])),
        deprivation=to_integer(row.get("IMD04_QUINTILE")),
        hrg=upper(row["SUSHRG"]),
        hrg_35=upper(row.get("HRGLATE35")),
        raw_diagnosis=upper(row["DIAG_4_01"]),
        raw_procedure=upper(row["OPERTN_4_01"]),
        diagnoses=[diagnosis(row.get(f"DIAG_4_{n:02}")) for n in range(1, 21)],
        procedures=[procedure(row.get(f"OPERTN_4_{n:02}")) for n in range(1, 25)],
        consultant=row.get("CONSULT"),
        practice=upper(row.get("GPPRAC")),
        intended=row.get("INTMANIG"),
        fields=row,
    )


def age_in_years(start_age: int | None) -> int | None:
    """Age in years, null where unknown (Rulebook 3.6)."""
    if start_age is None or 7001 <= start_age <= 7007:
        return None if start_age is None else 0
    return start_age if 0 <= start_age <= 120 else None


def nulls_last(value: int | None) -> tuple[bool, int]:
    """A sort key that puts null after every number."""
    return value is None, value or 0


def without_duplicates(valid: list[Episode]) -> list[Episode]:
    """Valid episodes less A01, then less A03 (Rulebook 3.2)."""
    return first_of_each(first_of_each(valid, _same_episode), _same_record)


def _same_episode(episode: Episode) -> Hashable | None:
    """A01's key; null equals null, but for the person."""
    if episode.person is None:
        return None
    return (
        episode.person,
        episode.linked_provider,
        episode.start,
        episode.end,
        episode.order,
        episode.admission,
        episode.class_of_patient,
        episode.raw_diagnosis,
        episode.raw_procedure,
    )


def _same_record(episode: Episode) -> Hashable | None:
    """A03's key: the identifier within one submission."""
    return None if episode.key is None else (episode.submission.name, episode.key)


def _precedence(record: Record) -> tuple:
    """Latest SUBDATE (null last), lowest key, later extract, name of the file, line.

    Rulebook 3.2.
    """
    submitted_on = record.submitted_on or date.min
    return (
        -submitted_on.toordinal(),
        nulls_last(record.key),
        -record.submission.extract_date.toordinal(),
        record.submission.name,
        record.line,
    )


def first_of_each(records: Iterable[Record], key: Callable[[Record], Hashable | None]) -> list:
    """Per key the first by precedence; a record without a key is no duplicate."""
    kept = {}
    for record in sorted(records, key=_precedence):
        identity = key(record)
        kept.setdefault(("its own", id(record)) if identity is None else identity, record)
    return list(kept.values())
