"""The rules of the data-quality gate, each amber, red or None for an organisation.

Rulebook 6.1 to 6.4.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from reference.appointments import Appointment
from reference.clinical import is_fallback, is_operation, stay_cell
from reference.deliveries import DECIMALS_OF_A_COMPARED_NUMBER
from reference.episodes import Episode
from reference.spells import Spell
from reference.submissions import Submission


def _share(
    records: list, fails: Callable[..., bool], *, red: int, amber: int | None = None
) -> str | None:
    """The colour of a share of records against limits in percent; strict, hence whole numbers."""
    failed = 100 * sum(fails(record) for record in records)
    if failed > red * len(records):
        return "red"
    return "amber" if amber is not None and failed > amber * len(records) else None


def a11(ordinary: list[Spell]) -> str | None:
    """A11: ordinary spells of an organisation without a usable HRG, over 5 and 15 percent."""
    return _share(ordinary, lambda spell: is_fallback(stay_cell(spell)), amber=5, red=15)


def a12(episodes: list[Episode]) -> str | None:
    """A12: episodes without a usable main diagnosis, over 10 percent."""
    return _share(episodes, lambda episode: not _is_usable(episode.diagnoses[0]), red=10)


def _is_usable(diagnosis: str | None) -> bool:
    """Whether it is a diagnosis of ICD-10 that says something: R69 is an unknown illness."""
    return re.match(r"(?!R69)[A-Z]\d", diagnosis or "") is not None


def a13(ordinary: list[Spell]) -> str | None:
    """A13: operations whose date is missing or outside the spell, over 10 and 25 percent."""
    operations = [spell for spell in ordinary if is_operation(spell)]
    return _share(operations, lambda spell: spell.preoperative_days is None, amber=10, red=25)


def o02(own: list[Appointment]) -> str | None:
    """O02: appointments of which it is not known whether they were kept, over 10 percent."""
    return _share(own, lambda appointment: appointment.attended in (None, "0", "9"), red=10)


def o03(own: list[Appointment]) -> str | None:
    """O03: appointments neither known as first nor as follow-up, over 5 percent."""
    return _share(own, lambda appointment: appointment.first in (None, "X", "9"), red=5)


def o04(own: list[Appointment]) -> str | None:
    """O04: appointments whose source of referral is not known, over 10 percent."""
    return _share(own, lambda appointment: appointment.referral in (None, "99"), red=10)


def v01(completeness: float | None) -> str | None:
    """V01: under 0.90 or 0.75 of the records expected; null is not evaluated."""
    if completeness is None:
        return None
    rounded = round(completeness, DECIMALS_OF_A_COMPARED_NUMBER)
    return "red" if rounded < 0.75 else "amber" if rounded < 0.9 else None


def v02(completeness: float | None, n_removed: int, n_records: int) -> str | None:
    """V02: over 1.15 of the records expected, and over 2 percent duplicates among them."""
    if completeness is None or round(completeness, DECIMALS_OF_A_COMPARED_NUMBER) <= 1.15:
        return None
    return "red" if 100 * n_removed > 2 * n_records else None


def v03(sent: Iterable[tuple[str, int, Submission]], colour: str) -> str | None:
    """V03: a code as submitted of which two senders sent the same month."""
    senders = defaultdict(set)
    for code, month, submission in sent:
        senders[code.upper(), month].add(submission.sender)
    return colour if any(len(found) > 1 for found in senders.values()) else None
