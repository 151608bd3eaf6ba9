"""Linear systems of hidden figures: the least and the most that each may be."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

from publication.audit.cells import Key
from publication.audit.intervals import Interval, meet

COUNTED = {"n", "d"}
# A bound in place of none, that no figure reaches.
MOST = 1e12


@dataclass(frozen=True)
class Equation:
    """Hidden figures that sum to something between two bounds."""

    members: tuple[Key, ...]
    total: Interval


def bounds(
    system: Sequence[Equation], prior: Callable[[Key], Interval], variable: str
) -> dict[Key, Interval]:
    """The least and the most of each member, by a linear program a connected part."""
    found: dict[Key, Interval] = {}
    for part in _parts(system):
        members = sorted({key for equation in part for key in equation.members})
        if len(members) == 1:
            interval = prior(members[0])
            for equation in part:
                interval = meet(interval, equation.total)
            found[members[0]] = interval
        else:
            found |= _solved(part, members, prior, variable)
    return found


def _parts(system: Iterable[Equation]) -> list[list[Equation]]:
    """Equations that share no member lie in different parts."""
    parts: list[list[Equation]] = []
    of_key: dict[Key, int] = {}
    for equation in system:
        touched = {of_key[key] for key in equation.members if key in of_key}
        joined = [equation] + [e for number in touched for e in parts[number]]
        for number in touched:
            parts[number] = []
        parts.append(joined)
        for one in joined:
            for key in one.members:
                of_key[key] = len(parts) - 1
    return [part for part in parts if part]


def _solved(
    part: Sequence[Equation],
    members: Sequence[Key],
    prior: Callable[[Key], Interval],
    variable: str,
) -> dict[Key, Interval]:
    place = {key: number for number, key in enumerate(members)}
    matrix = np.zeros((len(part), len(members)))
    low, high = np.empty(len(part)), np.empty(len(part))
    for number, equation in enumerate(part):
        for key in equation.members:
            matrix[number, place[key]] += 1
        low[number], high[number] = equation.total
    least = np.array([prior(key)[0] for key in members])
    most = np.array([min(prior(key)[1], MOST) for key in members])
    integral = np.full(len(members), int(variable in COUNTED and most.max() < MOST))
    found: dict[Key, Interval] = defaultdict(lambda: (0.0, MOST))
    for key, number in place.items():
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(members))
            goal[number] = sign
            answer = milp(
                goal,
                constraints=LinearConstraint(matrix, low, high),
                bounds=Bounds(least, most),
                integrality=integral,
            )
            ends.append(answer.x[number] if answer.x is not None else None)
        if ends[0] is not None and ends[1] is not None:
            found[key] = (ends[0] - 1e-6, ends[1] + 1e-6)
    return dict(found)
