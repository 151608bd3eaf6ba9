"""Who differs by more than chance and what all share: funnel, shrinkage, ranks (Rulebook 9.4)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reference.engine import percentile
from reference.intervals import DAY_CASES, LEVELS, Kind, z
from reference.measures import Measure
from reference.seeds import parameter

# A transformed value (y) and its standard error (s), by organisation.
Points = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Funnel:
    """The funnel of an indicator, quarter and class.

    phi is the mean square of the winsorised distances from the target, tau2 the variance between
    organisations that it leaves; shrinking_tau2 that of the distances as they are.
    """

    kind: Kind
    target: float
    phi: float
    tau2: float
    shrinking_tau2: float

    def distance(self, y: float, s: float) -> float:
        """Standard deviations from the target, those between organisations among them."""
        return (y - self.target) / math.sqrt(s**2 + self.tau2)

    def limits(self, s: float, level: str) -> tuple[float, float]:
        """Where a value of this error lies by chance, on the scale of values."""
        reach = z(level) * math.sqrt(s**2 + self.tau2)
        back = self.kind.on_the_scale_of_values
        return back(self.target - reach), back(self.target + reach)

    def position(self, y: float, s: float) -> str:
        """Within the limits, or on which side of which."""
        distance = self.distance(y, s)
        is_worse = (distance > 0) == self.kind.is_lower_better
        for level in reversed(LEVELS):
            if abs(distance) > z(level):
                return f"{'worse' if is_worse else 'better'}_{level}"
        return "within"

    def shrunk(self, y: float, s: float) -> float:
        """The value drawn to the target by as much as chance makes of it."""
        tau2 = self.shrinking_tau2
        weight = tau2 / (tau2 + s**2) if tau2 else 0.0
        return self.kind.on_the_scale_of_values(self.target + weight * (y - self.target))


def target(kind: Kind, measures: Mapping[str, Measure], eligible: Points) -> float | None:
    """The transformed value of them all together; measures are of all who are eligible."""
    if kind.method == "ratio":
        return 1.0
    if kind.method == "casemix_mean":
        return 0.0
    if kind.method == "rate":
        pooled = _pooled([measures[code] for code in eligible])
        return math.log(pooled) if pooled else None
    if kind.indicator_id == DAY_CASES:
        pooled = next((measure.reference_rate for measure in measures.values()), None)
    else:
        pooled = _pooled(measures.values())
    return None if pooled is None else math.asin(math.sqrt(pooled))


def _pooled(measures: Iterable[Measure]) -> float | None:
    measures = list(measures)
    whole = sum(measure.denominator for measure in measures)
    return sum(measure.numerator for measure in measures) / whole if whole else None


def funnel(kind: Kind, measures: Mapping[str, Measure], eligible: Points) -> Funnel | None:
    """The funnel that the eligible with an error make; null where they are too few.

    measures are of all who are eligible, with an error or not.
    """
    if len(eligible) < parameter("funnel_min_organisations"):
        return None
    middle = target(kind, measures, eligible)
    if middle is None:
        return None
    distances = [(y - middle) / s for y, s in eligible.values()]
    share = parameter("winsorised_share")
    lowest, highest = percentile(distances, share), percentile(distances, 1 - share)
    phi = _mean_square(min(max(lowest, u), highest) for u in distances)
    errors = [s for _, s in eligible.values()]
    return Funnel(
        kind,
        middle,
        phi,
        between(phi, errors),
        between(_mean_square(distances), errors),
    )


def _mean_square(distances: Iterable[float]) -> float:
    squares = [u**2 for u in distances]
    return math.fsum(squares) / len(squares)


def between(phi: float, errors: list[float]) -> float:
    """The variance between organisations by the mean square of their distances, floored at 0."""
    n = len(errors)
    if n * phi < n - 1:
        return 0.0
    weights = [s**-2 for s in errors]
    whole = math.fsum(weights)
    spread = whole - math.fsum(weight**2 for weight in weights) / whole
    return max(0.0, (n * phi - (n - 1)) / spread)


@dataclass(frozen=True)
class Rank:
    """Where an organisation stands: the rank to be expected, and the best and worst possible."""

    expected: float
    best: int
    worst: int


def ranks(eligible: Points, is_lower_better: bool) -> dict[str, Rank]:
    """Ranks of organisations among themselves, with what chance does to them (1 is best)."""
    sign = 1 if is_lower_better else -1
    found = {}
    for code, (y, s) in eligible.items():
        behind = [
            sign * (y - other_y) / math.hypot(s, other_s)
            for other, (other_y, other_s) in eligible.items()
            if other != code
        ]
        found[code] = Rank(
            1 + math.fsum(normal(distance) for distance in behind),
            1 + sum(distance > z("95") for distance in behind),
            len(eligible) - sum(-distance > z("95") for distance in behind),
        )
    return found


def normal(x: float) -> float:
    """The share of a normal distribution below x."""
    return math.erfc(-x / math.sqrt(2)) / 2
