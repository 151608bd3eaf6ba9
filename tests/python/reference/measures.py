"""What an indicator says of an organisation before it is compared with others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """The values of an organisation in a quarter (5.4.5, 5.5).

    volume is what a gap of 1 is multiplied by to give excess units, most_units their upper limit,
    price the £ of a unit; null where the indicator has none.
    """

    numerator: float
    denominator: float
    crude: float | None
    value: float | None
    expected: float | None = None
    volume: float | None = None
    most_units: float | None = None
    price: float | None = None


def ratio(part: float, whole: float) -> float | None:
    """part / whole, null where there is no whole."""
    return None if whole == 0 else part / whole
