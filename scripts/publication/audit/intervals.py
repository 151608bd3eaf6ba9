"""Intervals: what is known of a figure, as the least and the most that it may be."""

import math
from collections.abc import Callable

Interval = tuple[float, float]

UNKNOWN: Interval = (-math.inf, math.inf)
NOT_NEGATIVE: Interval = (0.0, math.inf)
# Sums of doubles differ in their last digits; figures nearer than this are the same.
TOLERANCE = 1e-9


def around(figure: float, half: float) -> Interval:
    """What a printed figure says: itself, half a unit of its rounding either way."""
    slack = half + TOLERANCE * max(1.0, abs(figure))
    return figure - slack, figure + slack


def is_empty(interval: Interval) -> bool:
    """Whether nothing is left that the figure may be."""
    low, high = interval
    return low > high + TOLERANCE * max(1.0, abs(low), abs(high))


def meet(one: Interval, other: Interval) -> Interval:
    """What both say."""
    return max(one[0], other[0]), min(one[1], other[1])


def add(one: Interval, other: Interval) -> Interval:
    """The sum."""
    return one[0] + other[0], one[1] + other[1]


def subtract(one: Interval, other: Interval) -> Interval:
    """The difference."""
    return one[0] - other[1], one[1] - other[0]


def times(one: Interval, other: Interval) -> Interval:
    """The product; nought times what has no bound is nought."""
    products = [0.0 if a == 0 or b == 0 else a * b for a in one for b in other]
    return min(products), max(products)


def over(one: Interval, other: Interval) -> Interval:
    """The quotient; unknown where the divisor may be on both sides of nought."""
    low, high = other
    if low < 0 < high or (low == 0 and high == 0):
        return UNKNOWN
    if low == 0:
        return times(one, (1 / high if high < math.inf else 0.0, math.inf))
    if high == 0:
        return times(one, (-math.inf, 1 / low))
    return times(one, (1 / high if high < math.inf else 0.0, 1 / low if low > -math.inf else 0.0))


def image(function: Callable[[float], float], interval: Interval, rises: bool) -> Interval:
    """What a function that only rises, or only falls, makes of an interval."""
    low, high = (function(interval[0]), function(interval[1]))
    return (low, high) if rises else (high, low)


def preimage(
    function: Callable[[float], float], figure: Interval, within: Interval, rises: bool
) -> Interval:
    """Where such a function gives a figure: bisected between two finite bounds."""
    sign = 1.0 if rises else -1.0
    low_target, high_target = figure if rises else (-figure[1], -figure[0])

    def first(target: float) -> float:
        """The least place at which the function reaches the target, less a hair."""
        low, high = within
        if sign * function(low) >= target:
            return low
        for _ in range(60):
            middle = (low + high) / 2
            if sign * function(middle) >= target:
                high = middle
            else:
                low = middle
        return low

    def last(target: float) -> float:
        """The greatest place at which it has not passed the target, and a hair."""
        low, high = within
        if sign * function(high) <= target:
            return high
        for _ in range(60):
            middle = (low + high) / 2
            if sign * function(middle) <= target:
                low = middle
            else:
                high = middle
        return high

    if sign * function(within[1]) < low_target or sign * function(within[0]) > high_target:
        return 1.0, 0.0
    return first(low_target), last(high_target)


def whole(interval: Interval) -> Interval:
    """The whole numbers in an interval, from the least to the greatest."""
    low, high = interval
    return (
        math.ceil(low - TOLERANCE * max(1.0, abs(low))) if low > -math.inf else low,
        math.floor(high + TOLERANCE * max(1.0, abs(high))) if high < math.inf else high,
    )
