"""The values of SHAs and England, of what their organisations counted together (Rulebook 9.9)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reference.intervals import DAY_CASES
from reference.measures import mean, ratio
from reference.organisations import Organisation

COUNTED = ("published", "caveat")
PARTS = ("numerator", "denominator", "expected")
INDEX = 100.0


@dataclass(frozen=True)
class Area:
    """An indicator's area: of which class of organisation, SHA or England, and which."""

    indicator_id: str
    organisation_class: str
    level: str
    code: str


def areas_of(row: dict, organisations: Mapping[str, Organisation]) -> list[Area]:
    """The areas that a row of fct_indicator_values is in."""
    indicator_id, kind = row["indicator_id"], row["organisation_class"]
    sha = organisations[row["organisation_code"]].sha
    found = [Area(indicator_id, kind, "england", "england")]
    return found if sha is None else [*found, Area(indicator_id, kind, "sha", sha)]


def area_values(
    rows: Iterable[dict],
    organisations: Mapping[str, Organisation],
    scale: Callable[[str], float],
    reference_rates: Mapping[str, float],
) -> list[dict]:
    """Rows of fct_area_values.

    rows are those of fct_indicator_values, scale the factor of an indicator's values, and
    reference_rates the shares of day cases by quarter.
    """
    together = defaultdict(list)
    for row in rows:
        for area in areas_of(row, organisations):
            together[area, row["quarter"]].append(row)
    return [
        _row(area, quarter, own, scale(area.indicator_id), reference_rates.get(quarter))
        for (area, quarter), own in together.items()
    ]


def _row(
    area: Area, quarter: str, rows: list[dict], scale: float, reference_rate: float | None
) -> dict:
    counted = [row for row in rows if row["publication_status"] in COUNTED]
    sums = {part: _sum(row[part] for row in counted) for part in PARTS}
    crude = ratio(sums["numerator"], sums["denominator"])
    factor, base = scale, crude
    if area.indicator_id == DAY_CASES:
        factor, base = reference_rate, ratio(sums["numerator"], sums["expected"])
    elif scale == INDEX:
        base = ratio(sums["numerator"], sums["expected"])
    return {
        "indicator_id": area.indicator_id,
        "organisation_class": area.organisation_class,
        "area_level": area.level,
        "area_code": area.code,
        "quarter": quarter,
        **sums,
        "crude_value": crude,
        "value": None if base is None else factor * base,
        "simple_mean": mean(row["value"] for row in counted),
        "n_organisations": len(counted),
        "n_left_out": len(rows) - len(counted),
    }


def _sum(amounts: Iterable[float | None]) -> float | None:
    given = [amount for amount in amounts if amount is not None]
    return sum(given) if given else None
