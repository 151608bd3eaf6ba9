"""Appointments of hes_op: the rows that count, and duplicates (Rulebook 1.3, 2.4, O01)."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from reference.episodes import Outcome, age_in_years, first_of_each
from reference.organisations import Register
from reference.parsing import to_code, to_integer, to_known_date, upper
from reference.quarters import month_of, quarter_of, quarter_of_month
from reference.submissions import Submission, effective_rows


@dataclass(frozen=True, eq=False)
class Appointment:
    """A dated row of hes_op; the provider and the PCT are as submitted, in upper case."""

    submission: Submission
    line: int
    provider: str
    sent_as: str
    linked_provider: str
    pct: str | None
    key: int | None
    person: str | None
    day: date
    submitted_on: date | None
    attended: str | None
    first: str | None
    referral: str | None
    category: str | None
    specialty: str | None
    staff_type: str | None
    age: int | None
    sex: int | None
    deprivation: int | None
    practice: str | None
    # The row as it is read, in text.
    fields: dict

    @property
    def month(self) -> int:
        """The month of the appointment."""
        return month_of(self.day)

    @property
    def quarter(self) -> int:
        """The quarter of the appointment (Rulebook 3.8)."""
        return quarter_of(self.day)

    @property
    def is_attended(self) -> bool:
        """Whether the patient was seen (Rulebook 5.6)."""
        return self.attended in ("5", "6")

    @property
    def kind(self) -> str | None:
        """first or follow_up, also by telephone; else null (Rulebook 5.6 and 5.15)."""
        return {"1": "first", "3": "first", "2": "follow_up", "4": "follow_up"}.get(self.first)

    @property
    def is_private(self) -> bool:
        """Whether the patient pays (Rulebook 5.6)."""
        return self.category == "02"

    def is_of_specialty(self, *numbers: int) -> bool:
        """Whether the treatment specialty is of those given or of mental health (Rulebook 5.6)."""
        number = to_integer(self.specialty)
        return number is not None and (number in numbers or 700 <= number <= 715)


def effective_appointments(submissions: list[Submission], register: Register) -> list[Appointment]:
    """The dated rows of the submissions that count, without A06 and unknown providers.

    Rulebook 2.4.
    """
    return [
        _appointment(row, submission, register)
        for _, row, submission in effective_rows(submissions, "hes_op", month_of_row)
        if not is_after_extract(row, submission) and register.known(register.body(row["PROCODE3"]))
    ]


def outcomes(
    submissions: list[Submission], appointments: list[Appointment], register: Register
) -> list[Outcome]:
    """What became of the dated rows of the submissions that count, but of unknown providers."""
    late = [
        Outcome(
            row["PROCODE3"],
            upper(row.get("PCTCODE_HIS")),
            quarter_of_month(month),
            "A06",
            submission,
            row["_LINE"],
        )
        for month, row, submission in effective_rows(submissions, "hes_op", month_of_row)
        if is_after_extract(row, submission)
    ]
    kept = {id(appointment) for appointment in without_duplicates(appointments)}
    return late + [
        Outcome(
            a.provider, a.pct, a.quarter, None if id(a) in kept else "O01", a.submission, a.line
        )
        for a in appointments
    ]


def month_of_row(row: dict) -> int | None:
    """The month of APPTDATE (Rulebook 1.3)."""
    day = to_known_date(row["APPTDATE"])
    return None if day is None else month_of(day)


def is_after_extract(row: dict, submission: Submission) -> bool:
    """A06: a date later than the extract (Rulebook 1.3)."""
    day = to_known_date(row["APPTDATE"])
    return day is not None and day > submission.extract_date


def _appointment(row: dict, submission: Submission, register: Register) -> Appointment:
    return Appointment(
        submission=submission,
        line=row["_LINE"],
        provider=register.body(row["PROCODE3"]),
        sent_as=upper(row["PROCODE3"]),
        linked_provider=register.fully_mapped(register.body(row["PROCODE3"])),
        pct=upper(row.get("PCTCODE_HIS")),
        key=to_integer(row["ATTENDKEY"]),
        person=row["PSEUDO_HESID"],
        day=to_known_date(row["APPTDATE"]),
        submitted_on=to_known_date(row.get("SUBDATE")),
        attended=to_code("ATTENDED", row["ATTENDED"]),
        first=to_code("FIRSTATT", row["FIRSTATT"]),
        referral=_two_digits(row["REFSOURC"]),
        category=_two_digits(row.get("ADMINCAT")),
        specialty=upper(row["TRETSPEF"]),
        staff_type=(row.get("STAFFTYP") or "").lstrip("0") or None,
        age=age_in_years(to_integer(row["APPTAGE"])),
        sex=to_integer(to_code("SEX", row["SEX"])),
        deprivation=to_integer(row.get("IMD04_QUINTILE")),
        practice=upper(row.get("GPPRAC")),
        fields=row,
    )


def _two_digits(code: str | None) -> str | None:
    return None if code is None else code.zfill(2)


def without_duplicates(appointments: list[Appointment]) -> list[Appointment]:
    """O01: less those of the same care, then less repeated keys."""
    return first_of_each(first_of_each(appointments, _same_care), _same_record)


def _same_care(appointment: Appointment) -> Hashable | None:
    """The same person's same appointment; null equals null, but for the person."""
    if appointment.person is None:
        return None
    return (
        appointment.person,
        appointment.linked_provider,
        appointment.day,
        appointment.specialty,
        appointment.first,
        appointment.attended,
    )


def _same_record(appointment: Appointment) -> Hashable | None:
    """The identifier within one submission."""
    return None if appointment.key is None else (appointment.submission.name, appointment.key)
