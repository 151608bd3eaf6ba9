"""The feeds' contracts, read from the dbt source YAML in which they are written once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from warehouse.home import CHECKOUT

STAGING = CHECKOUT / "models" / "staging"


class Refused(Exception):
    """A file that breaks a rule; the message is the reason given to its sender."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a feed's contract; one is like no other, so that what is made of it is kept."""

    name: str
    type: str
    meta: Mapping

    @property
    def required(self) -> bool:
        """Whether a file without this column is refused."""
        return self.meta.get("required", False)

    @property
    def also_called(self) -> tuple[str, ...]:
        """Names under which publishers' layouts have the column, the preferred one first."""
        return tuple(self.meta.get("also_called", ()))

    @property
    def can_be_invalid(self) -> bool:
        """Whether there are texts that are no value of this column."""
        return self.type not in ("text", "code") or bool(self.accepted_values)

    @property
    def is_date(self) -> bool:
        """Whether its values are days or months."""
        return self.type in ("date", "month")

    @property
    def is_measure(self) -> bool:
        """Whether an indicator needs this number (Rulebook 6.38)."""
        return self.meta.get("measure", False)

    @property
    def accepted_values(self) -> tuple[str, ...]:
        """The values a code may have, after upper-casing and padding; empty: any."""
        return tuple(str(value) for value in self.meta.get("accepted_values", ()))

    @property
    def max_null_share(self) -> float | None:
        """Greatest acceptable share of rows without a value, 0 to 1; None: no bound."""
        return self.meta.get("max_null_share")

    @property
    def max_invalid_share(self) -> float | None:
        """Greatest acceptable share of invalid values, 0 to 1; None: the general bound."""
        return self.meta.get("max_invalid_share")


@dataclass(frozen=True)
class Feed:
    """A feed and the columns its files are held to."""

    name: str
    columns: tuple[Column, ...]
    record_key: tuple[str, ...]
    organisation_column: str
    meta: Mapping
    # Columns that make a file another table, one that looks like this feed.
    not_with: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The contract's columns, lower case, in the order of the contract."""
        return tuple(column.name for column in self.columns)

    @property
    def is_periodic(self) -> bool:
        """Whether its rows are of a month, and held to the declared period."""
        return self.meta["periodic"]

    def named(self, *names: str) -> list[Column]:
        """The columns of these names, in the order of the contract."""
        return [column for column in self.columns if column.name in names]

    def missing(self, names: list[str]) -> list[str]:
        """The required columns that are not among `names` (lower case)."""
        return [c.name for c in self.columns if c.required and c.name not in names]


def _lake_tables(path: Path) -> list[dict]:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    sources = [source for source in document.get("sources", []) if source["name"] == "lake"]
    return [table for source in sources for table in source["tables"]]


def _column(entry: dict) -> Column:
    meta = entry["config"]["meta"]
    return Column(name=entry["name"], type=meta["type"], meta=meta)


@cache
def feeds() -> dict[str, Feed]:
    """Every feed with a contract in models/staging, by name.

    Raises KeyError where a contract lacks one of its settings, ValueError for a feed defined twice.
    """
    found: dict[str, Feed] = {}
    for path in sorted(STAGING.glob("*/_*__sources.yml")):
        for table in _lake_tables(path):
            meta = table["config"]["meta"]
            if not meta.get("feed"):
                continue
            if table["name"] in found:
                raise ValueError(f"{path}: the feed {table['name']} has a contract elsewhere too")
            found[table["name"]] = Feed(
                name=table["name"],
                columns=tuple(_column(entry) for entry in table["columns"]),
                record_key=tuple(meta["record_key"]),
                organisation_column=meta["organisation_column"],
                meta=meta,
                not_with=tuple(meta.get("not_with", ())),
            )
    return found


@cache
def lake_table(name: str) -> dict[str, str]:
    """Columns and SQL types of one of ingest's own tables: submissions, rejects or profiles."""
    path = STAGING / "submissions" / "_submissions__sources.yml"
    [table] = [table for table in _lake_tables(path) if table["name"] == name]
    return {column["name"]: column["data_type"] for column in table["columns"]}
