"""Hidden rows of a release, and what is known of each of their figures."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from publication.audit.intervals import Interval
from publication.audit.tables import Tables

Key = tuple[str, str, str]  # indicator, organisation, quarter
# Rulebook 10.1, where a registry does not say it.
DISCLOSIVE = {
    "BCBV01": "denominator",
    "BCBV02": "denominator",
    "BCBV03": "numerator;denominator;complement",
    "BCBV04": "numerator",
    "BCBV05": "numerator",
    "BCBV06": "numerator",
    "BCBV15": "numerator;denominator",
    "BCBV16": "numerator;denominator;complement",
    "BCBV20": "numerator;denominator",
}


@dataclass(frozen=True)
class Kind:
    """What the attacker knows of an indicator from the registry."""

    indicator: str
    counts: tuple[str, ...]  # those that may be small
    unit: str
    direction: str
    method: str
    is_standardised: bool
    short_name: str = ""
    class_: str = ""

    @property
    def is_index(self) -> bool:
        """Whether its value is 100 x observed / expected."""
        return self.unit == "index"


@dataclass(frozen=True)
class Fact:
    """What a place says of a variable of a row."""

    attack: str
    table: str
    variable: str
    interval: Interval


@dataclass
class Cells:
    """Rows whose counts may be small, with all that was found out about each."""

    kinds: dict[str, Kind]
    hidden: set[Key] = field(default_factory=set)
    # Shown with a count that rounds to so few that it may be small: they ought to be hidden.
    suspected: set[Key] = field(default_factory=set)
    facts: dict[Key, list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def keys(self) -> set[Key]:
        """All rows that are tried."""
        return self.hidden | self.suspected

    def learn(
        self, key: Key, variable: str, interval: Interval, *, attack: str, table: str
    ) -> None:
        """Add a fact on a row that is tried; others are of no interest."""
        if key in self.hidden or key in self.suspected:
            self.facts[key].append(Fact(attack, table, variable, interval))


def kinds_of(tables: Tables) -> dict[str, Kind]:
    """Activity indicators by their identifier."""
    registry = {
        indicator: rest
        for indicator, *rest in tables.rows(
            "select indicator_id, unit, direction, interval_method, is_standardised, short_name,"
            " area_class from dim_indicator"
        )
    }
    counts = dict(DISCLOSIVE)
    if tables.has("dim_indicator", "disclosive_counts"):
        counts = dict(
            tables.rows(
                "select indicator_id, disclosive_counts from dim_indicator"
                " where disclosive_counts is not null"
            )
        )
    return {
        indicator: Kind(indicator, tuple(counts[indicator].split(";")), *registry[indicator])
        for indicator in sorted(counts)
        if indicator in registry
    }


def find_cells(tables: Tables) -> Cells:
    """Rows that are hidden, by their status or because a count is missing beside a value."""
    kinds = kinds_of(tables)
    cells = Cells(kinds)
    status = (
        "disclosure_status" if tables.has("fct_indicator_values", "disclosure_status") else "null"
    )
    for kind in kinds.values():
        half_n = tables.half("fct_indicator_values", "numerator", kind.indicator)
        half_d = tables.half("fct_indicator_values", "denominator", kind.indicator)
        printed = {
            "numerator": ("numerator", half_n),
            "denominator": ("denominator", half_d),
            "complement": ("denominator - numerator", half_n + half_d),
        }
        # Nought is told of nobody; a count of 8, rounded to 10, may be 7.5 by its half unit alone.
        small = " or ".join(
            f"({figure} > 0 and {figure} - {half} < 7.5 and {figure} < 7.5)"
            for figure, half in (printed[count] for count in kind.counts)
        )
        missing = " or ".join(
            f"{column} is null" for column in {"numerator", "denominator"} & set(kind.counts)
        )
        for organisation, quarter, is_hidden in tables.rows(
            f"select organisation_code, quarter, coalesce({status}, '') = 'suppressed'"
            f" or (({missing}) and coalesce(value, crude_value, expected) is not null)"
            f" from fct_indicator_values where indicator_id = '{kind.indicator}'"
            f" and (coalesce({status}, '') = 'suppressed' or {small}"
            f" or (({missing}) and coalesce(value, crude_value, expected) is not null))"
        ):
            key = (kind.indicator, organisation, quarter)
            (cells.hidden if is_hidden else cells.suspected).add(key)
    return cells


def key_list(keys: Collection[Key]) -> str:
    """Keys as a relation of SQL with the columns indicator_id, organisation_code, quarter."""
    if not keys:
        return "(select '' as indicator_id, '' as organisation_code, '' as quarter where false)"
    rows = ", ".join(
        "(" + ", ".join("'" + part.replace("'", "''") + "'" for part in key) + ")"
        for key in sorted(keys)
    )
    return f"(values {rows}) as tried(indicator_id, organisation_code, quarter)"
