"""Staff turnover (Rulebook 1.7, 5.9)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reference.measures import Measure, ratio
from reference.monthly import MonthlyRow
from reference.parsing import to_month, to_month_between, to_number, upper
from reference.submissions import Row, Submission, effective_rows

# Who leaves for these reasons is no leaver.
NOT_LEAVING = ("end_of_ftc", "transfer_tupe", "rotation")
WHOLE_ORGANISATION = "all staff groups"


@dataclass(frozen=True)
class Movement(MonthlyRow):
    """Staff of a group in a month: at its start, at its end, and who left for a reason."""

    staff_group: str | None
    reason: str | None
    at_start: float | None
    at_end: float | None
    leavers: float | None


def movements(submissions: list[Submission]) -> list[Movement]:
    """The rows of esr_movement and nhse_turnover that count."""
    local = effective_rows(submissions, "esr_movement", lambda row: to_month(row["MONTH"]))
    published = effective_rows(
        submissions, "nhse_turnover", lambda row: to_month_between(row["PERIOD"])
    )
    return [_local(*found) for found in local] + [
        _published(*found) for found in published if _is_of_the_whole(found[1])
    ]


def _local(month: int, row: Row, submission: Submission) -> Movement:
    reason = row.get("LEAVING_REASON")
    return Movement(
        submission,
        month,
        row["ORG_CODE"],
        staff_group=row["STAFF_GROUP"],
        reason=None if reason is None else reason.lower(),
        at_start=to_number(row["HEADCOUNT_START"]),
        at_end=to_number(row["HEADCOUNT_END"]),
        leavers=to_number(row["LEAVERS_HC"]),
    )


def _is_of_the_whole(row: Row) -> bool:
    """An organisation's figure is its row of all staff groups, never the sum (section 3)."""
    return (row["STAFF_GROUP_1_NAME"] or "").lower() == WHOLE_ORGANISATION


def _published(month: int, row: Row, submission: Submission) -> Movement:
    """A row holds one figure; it says which."""

    def figure(kind: str) -> float | None:
        return to_number(row["HC"]) if (row["TYPE"] or "").lower().startswith(kind) else None

    return Movement(
        submission,
        month,
        row["REPORTING_ORG_CODE"],
        staff_group=WHOLE_ORGANISATION,
        reason=None,
        at_start=figure("denominator at start"),
        at_end=figure("denominator at end"),
        leavers=figure("leavers"),
    )


def staff_turnover(
    own: dict[str, list[Movement]], members: Iterable[str], months: range
) -> dict[str, Measure]:
    """BCBV09 of each member: leavers of twelve months of the mean of 13 headcounts."""
    return {member: _turnover(own.get(member, []), months) for member in members}


def _turnover(rows: list[Movement], months: range) -> Measure:
    """The rate; null without all the months, or without a headcount at the end of one."""
    by_month = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    headcounts = [
        _headcount(by_month[months[0]], lambda row: row.at_start),
        *(_headcount(by_month[month], lambda row: row.at_end) for month in months),
    ]
    if None in headcounts:
        return Measure(numerator=None, denominator=None, crude=None, value=None)
    leavers = sum(row.leavers or 0.0 for row in rows if row.reason not in NOT_LEAVING)
    staff = sum(headcounts) / len(headcounts)
    rate = ratio(leavers, staff)
    return Measure(leavers, staff, crude=rate, value=rate, volume=staff)


def _headcount(rows: list[Movement], figure: Callable[[Movement], float | None]) -> float | None:
    """The largest figure on the reason rows of a staff group, over all of them (Rulebook 5.9)."""
    largest = {}
    for row in rows:
        if figure(row) is not None:
            group = (row.submission, upper(row.code), row.staff_group)
            largest[group] = max(figure(row), largest.get(group, 0.0))
    return sum(largest.values()) if largest else None
