"""Whether what is known of a row gives one of its counts away."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from publication.audit.cells import Cells, Fact, Key, Kind
from publication.audit.identities import Identity, Impossible, State, identities, known, learn
from publication.audit.intervals import TOLERANCE
from publication.audit.outcome import LEAST_POSSIBLE, SMALL, Opened, is_open

VARIABLES = {"numerator": "n", "denominator": "d", "complement": "c"}
TRIED_VALUES = range(10)  # of which 8 and 9 tell whether it may be no small one
LARGE = 10.0
PASSES = 12


@dataclass(frozen=True)
class Solver:
    """Tries the whole numbers that a row's counts may be."""

    kind: Kind
    identities: Sequence[Identity]

    def possible(self, facts: Iterable[Fact], count: str) -> tuple[set[int], bool]:
        """The whole numbers up to 9 that a count may be, and whether it may be more."""
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
            if low <= value <= high and self._holds(state, variable, (value, value))
        }
        return left, high >= LARGE and self._holds(state, variable, (LARGE, high))

    def _holds(self, state: State, variable: str, interval: tuple[float, float]) -> bool:
        tried = state.copy()
        try:
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
                (abs(interval[0] - before[variable][0]) <= TOLERANCE * (1 + abs(interval[0]))
                and abs(interval[1] - before[variable][1]) <= TOLERANCE * (1 + abs(interval[1])))
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
    kind = solver.kind
    left = {count: solver.possible(facts, count) for count in kind.counts}
    if any(not values and not more for values, more in left.values()):
        return []  # what was found contradicts itself: it is of no such row
    found = []
    for count, (values, more) in left.items():
        others_large = all(
            not set(SMALL) & left[other][0] for other in kind.counts if other != count
        )
        if is_hidden:
            if is_open(values, others_large, more):
                found.append((count, values & set(SMALL)))
        elif values and values <= set(SMALL) and not more:
            found.append((count, values))
    return found


def attack_rows(cells: Cells, keys: Collection[Key] | None = None) -> list[Opened]:
    """Rows that the facts found of them open, each with the identities that do it."""
    solvers = {name: Solver(kind, identities(kind)) for name, kind in cells.kinds.items()}
    opened = []
    for key in sorted(cells.keys() if keys is None else keys):
        facts = cells.facts.get(key, [])
        solver = solvers[key[0]]
        if not _says_anything(facts):
            continue
        is_hidden = key in cells.hidden
        for count, values in opened_counts(solver, facts, is_hidden):
            attack = _told_by(solver, facts, is_hidden, count)
            tables = sorted({fact.table for fact in facts if fact.attack != BACKGROUND})
            opened.append(
                Opened(attack, ", ".join(tables), f"{' '.join(key)} {count}", tuple(sorted(values)))
            )
    return opened


# Facts that all rows of an indicator share: benchmarks, the price of all.
BACKGROUND = "background"


def _says_anything(facts: Iterable[Fact]) -> bool:
    return any(fact.attack != BACKGROUND for fact in facts)


def _told_by(solver: Solver, facts: Sequence[Fact], is_hidden: bool, count: str) -> str:
    """Names of what opens a count: each that does so alone, else those that are needed together.

    An identity alone is tried with all facts; facts of an attack with all identities.
    """

    def opens(kept: Sequence[Identity], said: Sequence[Fact]) -> bool:
        return any(
            found == count for found, _ in opened_counts(Solver(solver.kind, kept), said, is_hidden)
        )

    attacks = sorted({fact.attack for fact in facts} - {BACKGROUND, SHOWN})
    if opens([], [fact for fact in facts if fact.attack == SHOWN]):
        return SHOWN
    alone = [
        attack for attack in attacks if opens([], [fact for fact in facts if fact.attack == attack])
    ]
    if alone:
        return " or ".join(alone)
    names = sorted({identity.name for identity in solver.identities})
    alone = [
        name for name in names if opens([i for i in solver.identities if i.name == name], facts)
    ]
    if alone:
        needed = _needed_attacks(solver, facts, opens)
        return " + ".join([*needed, " or ".join(alone)])
    kept = list(solver.identities)
    for name in names:
        fewer = [identity for identity in kept if identity.name != name]
        if opens(fewer, facts):
            kept = fewer
    needed = _needed_attacks(solver, facts, opens)
    return " + ".join([*needed, *sorted({identity.name for identity in kept})])


def _needed_attacks(solver: Solver, facts: Sequence[Fact], opens) -> list[str]:
    """Attacks without whose facts nothing opens, but for figures that simply stand there."""
    said = list(facts)
    for attack in sorted({fact.attack for fact in facts} - {BACKGROUND}):
        fewer = [fact for fact in said if fact.attack != attack]
        if opens(solver.identities, fewer):
            said = fewer
    return sorted({fact.attack for fact in said} - {BACKGROUND, SHOWN})


SHOWN = "a figure that is shown"
assert len(SMALL) > LEAST_POSSIBLE
