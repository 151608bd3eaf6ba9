"""What hospitals delivered for trusts and PCTs: as much as before, each record once.

Rulebook 6.3.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from statistics import mean, median

from reference import appointments, episodes
from reference.organisations import Register
from reference.quarters import quarter_of, quarter_of_month
from reference.spells import Spell
from reference.submissions import Submission

# An organisation as mapped for a quarter, and the quarter.
Place = tuple[str, int]

N_EARLIER_QUARTERS = 4
CODE_OF = {"trust": attrgetter("provider"), "pct": attrgetter("pct")}
MIN_EXPECTED_RECORDS = 50
DECIMALS_OF_A_COMPARED_NUMBER = 10


@dataclass(frozen=True)
class Delivery:
    """What a class of organisations delivered of a feed, by place.

    rows are all that count, records those of the completeness index, before and after those of
    the rate of duplicates, with and without them.
    """

    rows: dict[Place, list]
    records: dict[Place, list]
    before: dict[Place, list]
    after: dict[Place, list]

    def sent(self, place: Place) -> list[tuple[str, int, Submission]]:
        """The provider as submitted, month and submission of each row (Rulebook 6.3, V03)."""
        return [(row.sent_as, row.month, row.submission) for row in self.rows[place]]

    def duplicates(self, place: Place) -> tuple[int, int]:
        """How many records are removed, and of how many (Rulebook 6.3, V02)."""
        n_before = len(self.before.get(place, []))
        return n_before - len(self.after.get(place, [])), n_before


def of_admissions(
    rows: list[episodes.Episode],
    spells: list[Spell],
    register: Register,
    organisation_class: str,
) -> Delivery:
    """What was delivered of hes_apc; completeness counts every closed spell."""
    code_of = CODE_OF[organisation_class]
    valid = [row for row in rows if row.is_valid]
    unique = episodes.without_duplicates(valid)

    def code_of_spell(spell: Spell) -> str | None:
        return code_of(spell.last if organisation_class == "trust" else spell.first)

    return Delivery(
        rows=by_place(rows, register, code_of, lambda row: quarter_of_month(row.month)),
        records=by_place(spells, register, code_of_spell, lambda spell: spell.quarter),
        before=by_place(valid, register, code_of, lambda row: quarter_of(row.end)),
        after=by_place(unique, register, code_of, lambda row: quarter_of(row.end)),
    )


def of_appointments(
    rows: list[appointments.Appointment], register: Register, organisation_class: str
) -> Delivery:
    """What was delivered of hes_op; completeness counts the first appointments attended."""

    def places(found: list[appointments.Appointment]) -> dict[Place, list]:
        return by_place(found, register, CODE_OF[organisation_class], lambda row: row.quarter)

    unique = appointments.without_duplicates(rows)
    attended = [row for row in unique if row.is_attended and row.kind == "first"]
    return Delivery(
        rows=places(rows), records=places(attended), before=places(rows), after=places(unique)
    )


def by_place(
    records: Iterable,
    register: Register,
    code_of: Callable[..., str | None],
    quarter_of: Callable[..., int],
) -> dict[Place, list]:
    """The records by place; one without a code is nowhere."""
    places = defaultdict(list)
    for record in records:
        code, quarter = code_of(record), quarter_of(record)
        if code is not None:
            places[register.mapped(code, quarter), quarter].append(record)
    return places


def completeness(
    records: dict[Place, list], quarter: int, comparable: Iterable[str]
) -> dict[str, float]:
    """Records of what is expected, of the organisations of a class that can be judged."""
    return {
        code: len(records.get((code, quarter), [])) / n
        for code, n in expected_records(records, quarter, comparable).items()
    }


def expected_records(
    records: dict[Place, list], quarter: int, comparable: Iterable[str]
) -> dict[str, float]:
    """The records that are expected of the organisations of a class that can be judged.

    Rulebook 6.3.

    Comparable are those open in the quarter that submitted for it. Expected is the median of the
    latest four earlier quarters with data, times the season of the class.
    """
    now = {code: len(records.get((code, quarter), [])) for code in comparable}
    earlier = {
        code: counts
        for code in now
        if len(counts := _earlier(records, code, quarter)) == N_EARLIER_QUARTERS
    }
    if not earlier:
        return {}
    season = median(now[code] / mean(counts) for code, counts in earlier.items())
    expected = {code: median(counts) * season for code, counts in earlier.items()}
    return {
        code: n
        for code, n in expected.items()
        if round(n, DECIMALS_OF_A_COMPARED_NUMBER) >= MIN_EXPECTED_RECORDS
    }


def _earlier(records: dict[Place, list], code: str, quarter: int) -> list[int]:
    """The organisation's records in its latest earlier quarters that have any."""
    counts = [
        (q, len(found)) for (place, q), found in records.items() if place == code and q < quarter
    ]
    return [n for _, n in sorted(counts)[-N_EARLIER_QUARTERS:]]
