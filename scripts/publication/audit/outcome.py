"""What an audit found, and how it is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

# A hidden count is one of these; with fewer left than the least number of them it is open.
SMALL = range(1, 8)
LEAST_POSSIBLE = 3
SHOWN_IN_SUMMARY = 20


@dataclass(frozen=True)
class Opened:
    """A hidden cell that the release gives away."""

    attack: str  # the identity, or several with " + "
    table: str  # table or file in which it lies
    cell: str  # its key, and the count
    possible: tuple[
        int, ...
    ]  # whole numbers that it may still be; none: the figure itself is shown

    def __str__(self) -> str:
        left = " or ".join(map(str, self.possible)) if self.possible else "shown"
        return f"{self.table} {self.cell}: {left}, by {self.attack}"


@dataclass(frozen=True)
class Audit:
    """Hidden cells that were tried, those that were opened and how, and the seconds it took."""

    n_tried: int
    opened: tuple[Opened, ...]
    tried: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    unread: tuple[str, ...] = ()  # parts of the release that could not be read, and why

    @property
    def is_safe(self) -> bool:
        """Whether nothing was opened, and everything was read."""
        return not self.opened and not self.unread

    def by_attack(self) -> dict[str, int]:
        """Opened cells by the identity that opened them, most first."""
        return dict(Counter(opened.attack for opened in self.opened).most_common())

    def summary(self) -> str:
        """What a publisher is told, in lines."""
        said = (
            f"audit: {self.n_tried:,} hidden cells tried with {len(self.tried)} attacks,"
            f" {len(self.opened):,} opened, {self.seconds:.1f} s"
        )
        lines = [said, *(f"  not read: {unread}" for unread in self.unread)]
        lines += [f"  {count:,} by {attack}" for attack, count in self.by_attack().items()]
        lines += [f"    {opened}" for opened in self.opened[:SHOWN_IN_SUMMARY]]
        if len(self.opened) > SHOWN_IN_SUMMARY:
            lines.append(f"    and {len(self.opened) - SHOWN_IN_SUMMARY:,} more")
        return "\n".join(lines)


def is_open(possible: set[int], can_be_large: bool) -> bool:
    """Whether so few values are left for a count of a hidden row that it is told.

    `possible` are the whole numbers from 0 to 9 that remain. Where 10 or more is possible too the
    reader does not know that it is small.
    """
    return 0 < len(possible & set(SMALL)) < LEAST_POSSIBLE and not can_be_large
