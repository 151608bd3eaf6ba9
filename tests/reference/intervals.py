"""How far chance reaches: limits of a value, and its standard error (Rulebook 9.2, 9.3)."""

import math
from dataclasses import dataclass

from reference.engine import DECIMALS_OF_A_RANKED_VALUE
from reference.measures import Measure
from reference.seeds import parameter, poisson_limits

INDICES = ("ratio", "casemix_mean")
LEVELS = ("95", "998")
DAY_CASES = "BCBV03"

# Lower and upper limit.
Limits = tuple[float, float]


def z(level: str) -> float:
    """Standard deviations of a two-sided level of a normal distribution."""
    return parameter(f"z_{level}")


@dataclass(frozen=True)
class Kind:
    """What of the registry decides an indicator's limits."""

    indicator_id: str
    method: str
    scale: float
    design_effect: float
    is_lower_better: bool

    @classmethod
    def of(cls, indicator: dict[str, str | None]) -> "Kind":
        """That of a row of the registry."""
        return cls(
            indicator["indicator_id"],
            indicator["interval_method"],
            float(indicator["value_scale"]),
            float(indicator["design_effect"]),
            indicator["direction"] == "lower",
        )

    def on_the_scale_of_values(self, y: float) -> float:
        """A transformed value, cut to where there are values, as a value."""
        if self.method == "ratio":
            return self.scale * max(0.0, y) ** 2
        if self.method == "proportion":
            return math.sin(min(max(0.0, y), math.pi / 2)) ** 2
        return self.scale * math.exp(y)


def comparable(value: float) -> float:
    """A value as it is held against another: they differ by noise alone below that."""
    return round(value, DECIMALS_OF_A_RANKED_VALUE)


def count_limits(count: float, level: str) -> Limits:
    """Limits of a count of events: exact ones of a small, Byar's of a larger one."""
    if count < parameter("exact_limits_below"):
        return poisson_limits()[math.floor(count + 0.5)][level]
    more = count + 1
    deviations = z(level) / 3
    lower = count * (1 - 1 / (9 * count) - deviations / math.sqrt(count)) ** 3
    upper = more * (1 - 1 / (9 * more) + deviations / math.sqrt(more)) ** 3
    return lower, upper


def wilson(events: float, trials: float, level: str) -> Limits:
    """Wilson's limits of events among trials."""
    square = z(level) ** 2
    middle, whole = 2 * events + square, 2 * (trials + square)
    reach = z(level) * math.sqrt(square + 4 * events * (1 - events / trials))
    return (middle - reach) / whole, (middle + reach) / whole


def _is_possible(kind: Kind, measure: Measure) -> bool:
    """Whether there are events among something: neither less than none of anything."""
    whole = measure.expected if kind.method in INDICES else measure.denominator
    return measure.numerator >= 0 and whole is not None and whole > 0 and measure.value >= 0


def _relative_error(measure: Measure) -> float | None:
    """Standard error of the ratio of observed to expected days, over the ratio; null of no days."""
    observed, expected = measure.numerator, measure.expected
    if not expected or observed <= 0:
        return None
    return math.sqrt(measure.expected_variance) / expected / (observed / expected)


def value_limits(kind: Kind, measure: Measure | None) -> dict[str, Limits]:
    """Limits of a value by level, on its own scale; nothing where there are none."""
    if measure is None or measure.value is None or kind.method == "none":
        return {}
    if not _is_possible(kind, measure):
        return {}
    if kind.method == "casemix_mean":
        error = _relative_error(measure)
        if error is None:
            return {}
        return {
            level: (
                measure.value * math.exp(-z(level) * error),
                measure.value * math.exp(z(level) * error),
            )
            for level in LEVELS
        }
    if kind.method == "proportion":
        if measure.numerator > measure.denominator:
            return {}
        factor = 1.0
        if kind.indicator_id == DAY_CASES:
            factor = measure.denominator / measure.expected * measure.reference_rate
        events = measure.numerator / kind.design_effect
        trials = measure.denominator / kind.design_effect
        found = {level: wilson(events, trials, level) for level in LEVELS}
    else:
        whole = measure.expected if kind.method == "ratio" else measure.denominator
        factor = kind.scale / whole
        found = {level: count_limits(measure.numerator, level) for level in LEVELS}
    return {level: (lower * factor, upper * factor) for level, (lower, upper) in found.items()}


def transformed(kind: Kind, measure: Measure | None) -> tuple[float, float] | None:
    """The value on a scale on which chance is even (y), and its standard error there (s).

    Null where either is not to be had.
    """
    if measure is None or measure.value is None or kind.method == "none":
        return None
    if not _is_possible(kind, measure):
        return None
    if kind.method == "ratio":
        ratio = measure.numerator / measure.expected
        return math.sqrt(ratio), 1 / (2 * math.sqrt(measure.expected))
    if kind.method == "casemix_mean":
        error = _relative_error(measure)
        return (math.log(measure.numerator / measure.expected), error) if error else None
    n = measure.denominator
    if kind.method == "proportion":
        y = math.asin(math.sqrt(min(1.0, measure.value)))
        return y, math.sqrt(kind.design_effect) / (2 * math.sqrt(n))
    events = measure.numerator
    if events == 0:
        return None
    more, whole = events + 0.5, n + 0.5
    return math.log(more / whole), math.sqrt(events / more**2 + n / whole**2)
