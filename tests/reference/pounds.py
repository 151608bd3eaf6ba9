"""What the pounds of an organisation hang on, so that they can be had under other conditions."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.measures import Measure
from reference.quarters import from_label
from reference.seeds import registry, text_parameter

# Indicator, organisation and quarter.
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Position:
    """Value and benchmark; the volume, its limit and the price that turn a gap into £.

    Rulebook 4.3, 4.5.
    """

    value: float | None
    benchmark: float | None
    volume: float | None
    most_units: float | None
    price: float | None
    lower_is_better: bool

    @property
    def annual(self) -> float | None:
        """£ a year; null where one of what they hang on is missing."""
        needed = (self.value, self.benchmark, self.volume, self.price)
        if any(amount is None for amount in needed):
            return None
        value, benchmark, volume, price = needed
        gap = max(0.0, value - benchmark if self.lower_is_better else benchmark - value)
        units = gap * volume
        return 4 * price * (units if self.most_units is None else min(units, self.most_units))


def positions_of(
    rows: Iterable[dict], measures: dict[tuple[str, str, str], Measure]
) -> dict[Place, Position]:
    """The positions of rows of fct_indicator_values; of nothing submitted none.

    measures are by indicator, organisation and the quarter's label.
    """
    found = {}
    for row in rows:
        measure = measures.get((row["indicator_id"], row["organisation_code"], row["quarter"]))
        if measure is not None:
            found[place_of(row)] = Position(
                value=row["value"],
                benchmark=row["benchmark_value"],
                volume=measure.volume,
                most_units=measure.most_units,
                price=measure.price,
                lower_is_better=registry()[row["indicator_id"]]["direction"] == "lower",
            )
    return found


def place_of(row: dict) -> Place:
    """The key of a row of fct_indicator_values."""
    return row["indicator_id"], row["organisation_code"], from_label(row["quarter"])


def base_quarter() -> int:
    """The quarter whose activity adjusted £ are worked out with (Rulebook 9.14)."""
    return from_label(text_parameter("base_quarter"))


def is_in_total(indicator_id: str, quarter: int) -> bool:
    """Whether the registry counts an indicator to the total of a quarter (Rulebook 4.6)."""
    indicator = registry()[indicator_id]
    start = indicator["published_from_quarter"]
    return indicator["in_published_total"] == "true" and (
        start is None or from_label(start) <= quarter
    )
