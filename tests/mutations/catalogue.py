"""The mutations: small wrong changes to a file, each declared by the text that it replaces."""

from dataclasses import dataclass
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutations.yml")


class NotApplicable(Exception):
    """A mutation does not fit the files as they stand; the message says which and why."""


@dataclass(frozen=True)
class Mutation:
    """A change: of what kind, in which file, from which text to which.

    occurrence is counted from 1; it may be left out where the text occurs once.
    """

    id: str
    kind: str
    file: str
    old: str
    new: str
    occurrence: int | None = None

    def apply(self, checkout: Path) -> None:
        """Change the file under a checkout; NotApplicable where the text is not found."""
        path = checkout / self.file
        path.write_text(self.changed(path), encoding="utf-8")

    def changed(self, path: Path) -> str:
        """The text of the file with the change; NotApplicable where it does not fit."""
        if not path.exists():
            raise NotApplicable(f"{self.id}: there is no {self.file}")
        pieces = path.read_text(encoding="utf-8").split(self.old)
        found = len(pieces) - 1
        if not found:
            raise NotApplicable(f"{self.id}: {self.file} does not hold {self.old!r}")
        if self.occurrence is None and found > 1:
            raise NotApplicable(
                f"{self.id}: {self.file} holds {self.old!r} {found} times: say which occurrence"
            )
        nth = self.occurrence or 1
        if not 1 <= nth <= found:
            raise NotApplicable(f"{self.id}: {self.file} holds {self.old!r} only {found} times")
        return self.old.join(pieces[:nth]) + self.new + self.old.join(pieces[nth:])


def mutations(path: Path = LIST) -> list[Mutation]:
    """The mutations of the list, each of which fits the checkout.

    Raises NotApplicable for one that does not, or an identifier used twice.
    """
    found = [Mutation(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]
    seen = set()
    for mutation in found:
        if mutation.id in seen:
            raise NotApplicable(f"{mutation.id}: two mutations have this identifier")
        seen.add(mutation.id)
        if mutation.changed(CHECKOUT / mutation.file) == (CHECKOUT / mutation.file).read_text(
            encoding="utf-8"
        ):
            raise NotApplicable(f"{mutation.id}: it changes nothing")
    return found
