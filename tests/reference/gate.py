"""The rules of the data-quality gate on care, each a check of an organisation.

Rulebook 6.1 to 6.4.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from reference.appointments import Appointment
from reference.checks import NOT_EVALUATED, Check, share
from reference.clinical import is_fallback, is_operation, stay_cell
from reference.deliveries import DECIMALS_OF_A_COMPARED_NUMBER
from reference.episodes import Episode
from reference.spells import Spell
from reference.submissions import Submission


def _share(
    records: list, fails: Callable[..., bool], *, red: int, amber: int | None = None
) -> Check:
    """The check of records against limits in percent; strict, hence whole numbers."""
    return share(len(records), sum(map(fails, records)), amber=amber, red=red)


def a11(ordinary: list[Spell]) -> Check:
    """A11: ordinary spells of an organisation without a usable HRG, over 5 and 15 percent."""
    return _share(ordinary, lambda spell: is_fallback(stay_cell(spell)), amber=5, red=15)


def a12(episodes: list[Episode]) -> Check:
    """A12: episodes without a usable main diagnosis, over 10 percent."""
    return _share(episodes, lambda episode: not _is_usable(episode.diagnoses[0]), red=10)


def _is_usable(diagnosis: str | None) -> bool:
    """Whether it is a diagnosis of ICD-10 that says something: R69 is an unknown illness."""
    return re.match(r"(?!R69)[A-Z]\d", diagnosis or "") is not None


def a13(ordinary: list[Spell]) -> Check:
    """A13: operations whose date is missing or outside the spell, over 10 and 25 percent."""
    operations = [spell for spell in ordinary if is_operation(spell)]
    return _share(operations, lambda spell: spell.preoperative_days is None, amber=10, red=25)


def o02(own: list[Appointment]) -> Check:
    """O02: appointments of which it is not known whether they were kept, over 10 percent."""
    return _share(own, lambda appointment: appointment.attended in (None, "0", "9"), red=10)


def o03(own: list[Appointment]) -> Check:
    """O03: appointments neither known as first nor as follow-up, over 5 percent."""
    return _share(own, lambda appointment: appointment.first in (None, "X", "9"), red=5)


def o04(own: list[Appointment]) -> Check:
    """O04: appointments whose source of referral is not known, over 10 percent."""
    return _share(own, lambda appointment: appointment.referral in (None, "99"), red=10)


def v01(completeness: float | None) -> Check:
    """V01: under 0.90 or 0.75 of the records expected; null is not evaluated."""
    if completeness is None:
        return NOT_EVALUATED
    rounded = round(completeness, DECIMALS_OF_A_COMPARED_NUMBER)
    outcome = "red" if rounded < 0.75 else "amber" if rounded < 0.9 else "green"
    return Check(1, int(outcome != "green"), completeness, outcome)


def v02(completeness: float | None, n_removed: int, n_records: int) -> Check:
    """V02: over 1.15 of the records expected, and over 2 percent duplicates among them."""
    if completeness is None:
        return NOT_EVALUATED
    is_too_much = round(completeness, DECIMALS_OF_A_COMPARED_NUMBER) > 1.15
    return share(n_records, n_removed, red=2 if is_too_much else None)


def v03(sent: Iterable[tuple[str, int, Submission]]) -> Check:
    """V03 of care: months in which one code as submitted came from two senders, amber."""
    senders = defaultdict(set)
    for code, month, submission in sent:
        senders[code.upper(), month].add(submission.sender)
    twice = {month for (_, month), found in senders.items() if len(found) > 1}
    return share(len({month for _, month in senders}), len(twice), amber=0)
