"""Limits of counts, shares and means against what is expected (Rulebook 9.2)."""

import csv
import math
from functools import cache

from reference.seeds import SEEDS

# Two-sided 95 and 99.8 per cent of a normal distribution, by the end of a column's name.
DEVIATIONS = {"95": 1.959963984540054, "998": 3.090232306167813}
EXACT_BELOW = 9.5

# Lower and upper limit by the end of a column's name.
Limits = dict[str, tuple[float, float]]


@cache
def _exact() -> dict[int, Limits]:
    path = SEEDS.parent / "rules" / "poisson_limits.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            int(row["event_count"]): {
                level: (float(row[f"lower_{level}"]), float(row[f"upper_{level}"]))
                for level in DEVIATIONS
            }
            for row in csv.DictReader(file)
        }


def of_count(observed: float) -> Limits:
    """Limits of a count of events, which is not below 0: exact of a small one, else Byar's."""
    if observed < EXACT_BELOW:
        return _exact()[math.floor(observed + 0.5)]
    return {level: _byar(observed, z) for level, z in DEVIATIONS.items()}


def _byar(observed: float, z: float) -> tuple[float, float]:
    more = observed + 1
    return (
        observed * (1 - 1 / (9 * observed) - z / (3 * math.sqrt(observed))) ** 3,
        more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3,
    )


def of_share(part: float, whole: float) -> Limits:
    """Wilson's limits of part of whole; 0 <= part <= whole, whole over 0."""
    return {level: _wilson(part, whole, z) for level, z in DEVIATIONS.items()}


def _wilson(part: float, whole: float, z: float) -> tuple[float, float]:
    half = z * math.sqrt(z * z + 4 * part * (1 - part / whole))
    middle, breadth = 2 * part + z * z, 2 * (whole + z * z)
    return (middle - half) / breadth, (middle + half) / breadth


def of_relative_mean(relative: float, error: float) -> Limits:
    """Limits of observed over expected days, over 0, by its standard error."""
    return {
        level: (
            relative * math.exp(-z * error / relative),
            relative * math.exp(z * error / relative),
        )
        for level, z in DEVIATIONS.items()
    }


def scaled(limits: Limits, factor: float) -> Limits:
    """The limits times a factor over 0."""
    return {level: (factor * low, factor * high) for level, (low, high) in limits.items()}


def as_columns(limits: Limits | None) -> dict[str, float | None]:
    """The limits by column, null where there are none."""
    return {
        f"value_{side}_{level}": None if limits is None else limits[level][end]
        for level in DEVIATIONS
        for end, side in enumerate(("lower", "upper"))
    }
