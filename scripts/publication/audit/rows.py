"""Whether what is known of a row gives one of its counts away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from publication.audit.cells import Cells, Fact, Kind
from publication.audit.identities import Identity, Impossible, State, identities, known, learn
from publication.audit.intervals import TOLERANCE, Interval
from publication.audit.outcome import SMALL, Opened, is_open

VARIABLES = {"numerator": "n", "denominator": "d", "complement": "c"}
TRIED_VALUES = range(10)  # of which 8 and 9 tell whether it may be no small one
LARGE = 10.0
PASSES = 12


@dataclass(frozen=True)
class Solver:
    """Tries the whole numbers that a row's counts may be."""

    kind: Kind
    identities: Sequence[Identity]

    def contradicts(self, facts: Iterable[Fact]) -> bool:
        """Whether no row can be as the facts say."""
        return not any(
            values or more for values, more in (self.possible(facts, c) for c in self.kind.counts)
        )

    def possible(
        self, facts: Iterable[Fact], count: str, is_hidden: bool = False
    ) -> tuple[set[int], bool]:
        """The whole numbers up to 9 that a count may be, and whether it may be more.

        Of a hidden row only where one of the other counts is small then.
        """
        state = State(frozenset(VARIABLES[name] for name in self.kind.counts))
        try:
            for fact in facts:
                learn(state, fact.variable, fact.interval)
            self._narrow(state)
        except Impossible:
            return set(), False
        variable = VARIABLES[count]
        low, high = known(state, variable)
        left = {
            value
            for value in TRIED_VALUES
            if low <= value <= high and self._holds(state, {variable: (value, value)})
        }
        if high < LARGE:
            return left, False
        large = {variable: (LARGE, high)}
        if not is_hidden:
            return left, self._holds(state, large)
        others = [VARIABLES[name] for name in self.kind.counts if name != count]
        return left, any(
            self._holds(state, large | {other: (value, value)})
            for other in others
            for value in SMALL
        )

    def _holds(self, state: State, tries: Mapping[str, Interval]) -> bool:
        tried = state.copy()
        try:
            for variable, interval in tries.items():
                learn(tried, variable, interval)
            self._narrow(tried)
        except Impossible:
            return False
        return True

    def _narrow(self, state: State) -> None:
        for _ in range(PASSES):
            before = state.copy()
            for identity in self.identities:
                identity.narrow(state)
            if all(
                (
                    abs(interval[0] - before[variable][0]) <= TOLERANCE * (1 + abs(interval[0]))
                    and abs(interval[1] - before[variable][1]) <= TOLERANCE * (1 + abs(interval[1]))
                )
                or interval == before[variable]
                for variable, interval in state.items()
                if variable in before
            ) and len(before) == len(state):
                return


def opened_counts(
    solver: Solver, facts: Sequence[Fact], is_hidden: bool
) -> list[tuple[str, set[int]]]:
    """The counts of a row that so few values are left for that they are told.

    Of a hidden row one count at least is from 1 to 7, so that a lone one must be; of another, only
    what shows itself to be.
    """
    left = {count: solver.possible(facts, count, is_hidden) for count in solver.kind.counts}
    if not is_hidden:
        return [
            (count, values)
            for count, (values, more) in left.items()
            if values and values <= set(SMALL) and not more
        ]
    return [
        (count, values & set(SMALL))
        for count, (values, more) in left.items()
        if is_open(values, more)
    ]


# Facts that all rows of an indicator share: benchmarks, the price of all.
BACKGROUND = "background"
SHOWN = "a figure that is shown"
# How the names of attacks end that take a hidden row to be like others.
LIKELY = "of a quarter near by"


def attack_rows(cells: Cells) -> list[Opened]:
    """Rows that the facts found of them open, each with the identities that do it."""
    solvers = {name: Solver(kind, identities(kind)) for name, kind in cells.kinds.items()}
    opened = []
    for key in sorted(cells.keys()):
        facts, solver = cells.facts.get(key, []), solvers[key[0]]
        if all(fact.attack == BACKGROUND for fact in facts):
            continue
        is_hidden = key in cells.hidden
        for count, (values, attack, tables) in _opened_row(solver, facts, is_hidden).items():
            cell = f"{' '.join(key)} {count}"
            opened.append(Opened(attack, tables, cell, tuple(sorted(values))))
    return opened


def _opened_row(
    solver: Solver, facts: Sequence[Fact], is_hidden: bool
) -> dict[str, tuple[set[int], str, str]]:
    """Counts that are told: what they may be, by which identities, from which tables."""
    found: dict[str, tuple[set[int], str, str]] = {}
    for said in _that_agree(solver, facts):
        for count, values in opened_counts(solver, said, is_hidden):
            if count not in found:
                attack, needed = _told_by(solver, said, is_hidden, count)
                found[count] = (values, attack, ", ".join(sorted({f.table for f in needed})))
    return found


def _that_agree(solver: Solver, facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    """All facts; where they contradict one another, those of each attack for themselves."""
    if not solver.contradicts(facts):
        return [facts]
    attacks = sorted({fact.attack for fact in facts} - {BACKGROUND})
    parts = [[f for f in facts if f.attack in (attack, BACKGROUND)] for attack in attacks]
    return [part for part in parts if not solver.contradicts(part)]


def _how_hard(attack: str) -> tuple[int, str]:
    return (0 if attack.endswith(LIKELY) else 2 if attack in (SHOWN, BACKGROUND) else 1, attack)


def _told_by(
    solver: Solver, facts: Sequence[Fact], is_hidden: bool, count: str
) -> tuple[str, list[Fact]]:
    """The name of what opens a count, and the facts that it takes.

    Each identity that does it alone, with all that is known; else those that are needed together.
    Before them stand the attacks without whose facts it would not be so.
    """

    def opens(kept: Sequence[Identity], said: Sequence[Fact]) -> bool:
        found = opened_counts(Solver(solver.kind, kept), said, is_hidden)
        return any(name == count for name, _ in found)

    needed = list(facts)
    # What is only likely is done without first, what stands in the row itself last.
    for attack in sorted({fact.attack for fact in facts}, key=_how_hard):
        fewer = [fact for fact in needed if fact.attack != attack]
        if opens(solver.identities, fewer):
            needed = fewer
    attacks = sorted({fact.attack for fact in needed} - {BACKGROUND, SHOWN})
    if opens([], needed):
        return " + ".join(attacks) or SHOWN, needed
    names = sorted({identity.name for identity in solver.identities})
    alone = [
        name for name in names if opens([i for i in solver.identities if i.name == name], needed)
    ]
    if alone:
        return " + ".join([*attacks, " or ".join(alone)]), needed
    kept = list(solver.identities)
    for name in names:
        fewer_identities = [identity for identity in kept if identity.name != name]
        if opens(fewer_identities, needed):
            kept = fewer_identities
    return " + ".join([*attacks, *sorted({identity.name for identity in kept})]), needed
