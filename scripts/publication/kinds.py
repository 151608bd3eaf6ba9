"""The two kinds of release (Rulebook 10.9)."""

from dataclasses import dataclass
from pathlib import Path

from warehouse.built import NotPublishable, exposed_tables
from warehouse.home import Home


@dataclass(frozen=True)
class Kind:
    """A kind of release: what it is a copy of, and where it lies."""

    name: str
    schema: str  # of the warehouse, whose tables it is a copy of
    prefix: str  # of their names there, which the release drops
    exposure: str  # that lists them
    is_suppressed: bool

    def releases(self, home: Home) -> Path:
        """The folder of its releases, of the link `current` and of their ledger."""
        return home.published if self.is_suppressed else home.internal

    def tables(self) -> list[str]:
        """Its tables, by their names in a release.

        Raises NotPublishable where the exposure lists a table of another schema: a public release
        holds nothing that did not go through disclosure control.
        """
        listed = exposed_tables(self.exposure)
        if others := [t for t in listed if t.startswith(PUBLIC.prefix) != self.is_suppressed]:
            raise NotPublishable(
                f"{self.exposure} lists {', '.join(others)}, not of schema {self.schema}"
            )
        return [table.removeprefix(self.prefix) for table in listed]


PUBLIC = Kind("public", "publication", "pub_", "published_release", is_suppressed=True)
INTERNAL = Kind("internal", "marts", "", "internal_release", is_suppressed=False)
