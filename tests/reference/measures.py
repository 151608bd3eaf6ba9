"""What an indicator says of an organisation before it is compared with others."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """The values of an organisation in a quarter (Rulebook 4.5, 5).

    volume is what a gap of 1 is multiplied by to give excess units, most_units their upper limit,
    price the £ of a unit; null where the indicator has none. expected_variance is that of the
    expected days of 01 and 02, reference_rate the reference's share of day cases of 03; both are
    for limits alone (Rulebook 9.2).
    """

    numerator: float | None
    denominator: float | None
    crude: float | None
    value: float | None
    expected: float | None = None
    volume: float | None = None
    most_units: float | None = None
    price: float | None = None
    expected_variance: float | None = None
    reference_rate: float | None = None


def ratio(part: float | None, whole: float | None) -> float | None:
    """part / whole, null where there is no part or no whole."""
    return None if part is None or not whole else part / whole


def index(
    observed: float, expected: float, denominator: float, price: float | None = None
) -> Measure:
    """Observed of expected events or days as an index (Rulebook 4.5)."""
    relative = ratio(observed, expected)
    return Measure(
        numerator=observed,
        denominator=denominator,
        expected=expected,
        crude=ratio(observed, denominator),
        value=None if relative is None else 100 * relative,
        volume=expected / 100,
        price=price,
    )


def mean(amounts: Iterable[float | None]) -> float | None:
    """The mean of what is given, null of nothing."""
    given = [amount for amount in amounts if amount is not None]
    return ratio(sum(given), len(given))
