"""The rules of the data-quality gate, each amber, red or None for an organisation (5.6.1 to 4)."""

from collections.abc import Callable

from reference.clinical import is_fallback, is_operation, stay_cell
from reference.measures import ratio
from reference.monthly import Absence
from reference.quarters import months_of
from reference.spells import Spell


def _share(spells: list[Spell], fails: Callable[[Spell], bool], amber: int, red: int) -> str | None:
    """The colour of a share of spells against limits in percent; strict, hence whole numbers."""
    failed = 100 * sum(fails(spell) for spell in spells)
    if failed > red * len(spells):
        return "red"
    return "amber" if failed > amber * len(spells) else None


def a11(ordinary: list[Spell]) -> str | None:
    """A11: ordinary spells of an organisation without a usable HRG, over 5 and 15 percent."""
    return _share(ordinary, lambda spell: is_fallback(stay_cell(spell)), 5, 15)


def a13(ordinary: list[Spell]) -> str | None:
    """A13: operations whose date is missing or outside the spell, over 10 and 25 percent."""
    operations = [spell for spell in ordinary if is_operation(spell)]
    return _share(operations, lambda spell: spell.preoperative_days is None, 10, 25)


def w01(rows: list[Absence]) -> str | None:
    """W01: an absence rate of the quarter under 2 or over 12 percent."""
    rate = ratio(sum(row.lost for row in rows), sum(row.available for row in rows))
    return "red" if rate is not None and not 0.02 <= rate <= 0.12 else None


def w02(rows: list[Absence], before: list[Absence], quarter: int) -> str | None:
    """W02: a month missing, or days per month a quarter more or less than the quarter before."""
    if {row.month for row in rows} != set(months_of(quarter)):
        return "red"
    now, then = _days_per_month(rows), _days_per_month(before)
    return "red" if then and not 0.75 * then <= now <= 1.25 * then else None


def _days_per_month(rows: list[Absence]) -> float:
    """Days available per month present; 0 where there are none to compare with."""
    return sum(row.available for row in rows) / max(1, len({row.month for row in rows}))
