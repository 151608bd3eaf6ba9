"""Limits of counts and shares, as the rules say that a release prints them (Rulebook 9.2).

The attacker's own: exact limits of Poisson counts from the chi-squared distribution, Byar's beyond.
"""

import math
from collections.abc import Callable
from functools import cache

from scipy.stats import chi2  # type: ignore[import-untyped]

Z_95 = 1.959963984540054
Z_998 = 3.090232306167813
EXACT_BELOW = 9.5


@cache
def _exact(count: int, share: float, upper: bool) -> float:
    """The exact limit of a Poisson count with the share of chance beyond it."""
    if upper:
        return float(chi2.ppf(1 - share, 2 * count + 2) / 2)
    return float(chi2.ppf(share, 2 * count) / 2) if count else 0.0


def _limit(z: float, share: float, upper: bool) -> Callable[[float], float]:
    def limit(count: float) -> float:
        if count < EXACT_BELOW:
            return _exact(math.floor(count + 0.5), share, upper)
        middle = count + 1 if upper else count
        side = z / (3 * math.sqrt(middle))
        return middle * (1 - 1 / (9 * middle) + (side if upper else -side)) ** 3

    return limit


RATIO: dict[str, Callable[[float], float]] = {
    "l95": _limit(Z_95, 0.025, upper=False),
    "u95": _limit(Z_95, 0.025, upper=True),
    "l998": _limit(Z_998, 0.001, upper=False),
    "u998": _limit(Z_998, 0.001, upper=True),
}
# The sign of z: on which side the limit lies.
WILSON = {"l95": -Z_95, "u95": Z_95, "l998": -Z_998, "u998": Z_998}


def wilson(count: float, of: float, z: float) -> float:
    """Wilson's limit of a share, on the side that the sign of z says."""
    if of <= 0:
        return 0.0 if z < 0 else 1.0
    count = min(count, of)
    root = math.sqrt(z * z + 4 * count * (1 - count / of))
    return max(0.0, (2 * count + z * z + z * root) / (2 * (of + z * z)))


def arcsine(share: float) -> float:
    """The scale on which the spread of a share is even."""
    return math.asin(math.sqrt(min(1.0, max(0.0, share))))


def log_ratio(index: float) -> float:
    """The scale on which the spread of a ratio of means is even."""
    return math.log(index / 100) if index > 0 else -math.inf
