"""Staff turnover (Rulebook 1.7, 5.9)."""

from collections import defaultdict
from collections.abc import Iterable

from reference.measures import Measure, ratio
from reference.parsing import alike, to_code
from reference.rows import MonthlyRow, counted

# Who leaves for these reasons is no leaver.
NOT_LEAVING = ("END_OF_FTC", "TRANSFER_TUPE", "ROTATION")
WHOLE_ORGANISATION = "ALL_STAFF_GROUPS"
# A row of the published format holds one figure, and says which.
TYPE_OF = {
    "HEADCOUNT_START": "DENOMINATOR_AT_START_OF_PERIOD",
    "HEADCOUNT_END": "DENOMINATOR_AT_END_OF_PERIOD",
    "LEAVERS_HC": "LEAVERS",
}
MEASURES = (*TYPE_OF, "HC")


def figure(row: MonthlyRow, column: str) -> float | None:
    """A figure of a row, under its name in the local format.

    Of a published organisation it is that of all staff groups, never the sum (section 3).
    """
    if row.is_local:
        return row.number(column)
    is_whole = alike(row.fields["STAFF_GROUP_1_NAME"]) == WHOLE_ORGANISATION
    is_it = is_whole and to_code("TYPE", row.fields["TYPE"]) == TYPE_OF[column]
    return row.number("HC") if is_it else None


def tells(row: MonthlyRow) -> bool:
    """Whether a row may hold a figure of the indicator's: in the published format not all do."""
    return row.is_local or (
        alike(row.fields["STAFF_GROUP_1_NAME"]) == WHOLE_ORGANISATION
        and to_code("TYPE", row.fields["TYPE"]) in TYPE_OF.values()
    )


def staff_turnover(
    own: dict[str, list[MonthlyRow]], members: Iterable[str], months: range
) -> dict[str, Measure]:
    """BCBV09 of each member: leavers of twelve months of the mean of 13 headcounts."""
    return {member: _turnover(own.get(member, []), months) for member in members}


def _turnover(rows: list[MonthlyRow], months: range) -> Measure:
    """The rate; null without all the months, or without a headcount at the end of one."""
    # A published row is one figure of its month, which is nothing without it.
    without = {
        row.month for row in rows if not row.is_local and tells(row) and row.unread(MEASURES)
    }
    rows = [row for row in counted(rows, *MEASURES) if row.is_local or row.month not in without]
    headcounts = [
        headcount([row for row in rows if row.month == months[0]], "HEADCOUNT_START"),
        *(
            headcount([row for row in rows if row.month == month], "HEADCOUNT_END")
            for month in months
        ),
    ]
    if None in headcounts:
        return Measure(numerator=None, denominator=None, crude=None, value=None)
    leavers = sum(
        figure(row, "LEAVERS_HC") or 0.0
        for row in rows
        if to_code("LEAVING_REASON", row.fields.get("LEAVING_REASON")) not in NOT_LEAVING
    )
    staff = sum(headcounts) / len(headcounts)
    rate = ratio(leavers, staff)
    return Measure(leavers, staff, crude=rate, value=rate, volume=staff)


def headcount(rows: list[MonthlyRow], column: str) -> float | None:
    """The largest figure on the reason rows of a staff group, over all of them (Rulebook 5.9)."""
    largest = defaultdict(float)
    for row in rows:
        if figure(row, column) is not None:
            group = (row.submission, row.sent_as.upper(), row.fields.get("STAFF_GROUP"))
            largest[group] = max(figure(row, column), largest[group])
    return sum(largest.values()) if largest else None
