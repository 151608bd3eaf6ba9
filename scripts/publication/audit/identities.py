"""What the figures of a row have to do with one another: identities, each by its name.

A state holds what is known of each variable of a row. An identity narrows it, and says whether
anything is left. Variables: n, d, c numerator, denominator and their difference; e expected; v
value; cr crude value; t, tm, tb benchmark at the best quarter, the median, the best tenth; gap;
x excess; p price; oq, oa pounds of the quarter and of the year, oam, oab at the other two
benchmarks, oal, oau at the value's limits; rel what can be released; l95 to u998 limits of the
value; y, s transformed value and its standard error; z place in the funnel, target and tau2 its
parameters; vs, ts, oas shrunk value, benchmark and pounds; ref the reference's rate.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from publication.audit import limits
from publication.audit.cells import Kind
from publication.audit.intervals import (
    NOT_NEGATIVE,
    UNKNOWN,
    Interval,
    add,
    image,
    is_empty,
    meet,
    over,
    preimage,
    subtract,
    times,
    whole,
)


class State(dict[str, Interval]):
    """What is known of each variable of a row, some of which are whole numbers."""

    def __init__(self, whole: frozenset[str], known: "State | None" = None) -> None:
        super().__init__(known or {})
        self.whole = whole

    def copy(self) -> "State":
        """The same, to narrow further."""
        return State(self.whole, self)


Narrow = Callable[[State], None]
SIGNED = {"y", "z", "target", "diff"}
QUARTERS = 4  # of a year's pounds
RELEASABLE = 0.5
# Beyond this no count of an organisation's quarter lies.
MOST = 1e7


class Impossible(Exception):
    """Nothing is left that a figure may be."""


@dataclass(frozen=True)
class Identity:
    """A named identity, and how it narrows a state."""

    name: str
    narrow: Narrow


def known(state: State, variable: str) -> Interval:
    """What is known of a variable so far."""
    return state.get(variable, UNKNOWN if variable in SIGNED else NOT_NEGATIVE)


def learn(state: State, variable: str, interval: Interval) -> None:
    """Narrow a variable; raises Impossible where nothing is left."""
    left = meet(known(state, variable), interval)
    if variable in state.whole:
        left = whole(left)
    if is_empty(left):
        raise Impossible
    state[variable] = left


def product(one: str, first: str, second: str, factor: float = 1.0) -> Narrow:
    """one = factor x first x second."""
    scale = (factor, factor)

    def narrow(state: State) -> None:
        learn(state, one, times(scale, times(known(state, first), known(state, second))))
        scaled = over(known(state, one), scale)
        learn(state, first, over(scaled, known(state, second)))
        learn(state, second, over(scaled, known(state, first)))

    return narrow


def multiple(one: str, other: str, factor: float) -> Narrow:
    """one = factor x other."""

    def narrow(state: State) -> None:
        learn(state, one, times((factor, factor), known(state, other)))
        learn(state, other, over(known(state, one), (factor, factor)))

    return narrow


def total(whole_: str, first: str, second: str) -> Narrow:
    """whole = first + second."""

    def narrow(state: State) -> None:
        learn(state, whole_, add(known(state, first), known(state, second)))
        learn(state, first, subtract(known(state, whole_), known(state, second)))
        learn(state, second, subtract(known(state, whole_), known(state, first)))

    return narrow


def floored_gap(gap: str, value: str, benchmark: str, sign: float) -> Narrow:
    """gap = the distance from the benchmark to the value on the worse side, at least 0."""

    def narrow(state: State) -> None:
        distance = times((sign, sign), subtract(known(state, value), known(state, benchmark)))
        learn(state, gap, (max(0.0, distance[0]), max(0.0, distance[1])))
        low, high = known(state, gap)
        # A gap of nought says only on which side the value lies.
        bounds = (low if low > 0 else -math.inf, high)
        learn(state, value, add(known(state, benchmark), times((sign, sign), bounds)))
        learn(state, benchmark, subtract(known(state, value), times((sign, sign), bounds)))

    return narrow


def function_of(one: str, other: str, function: Callable[[float], float], rises: bool) -> Narrow:
    """one = function of other, which only rises or only falls over 0 to MOST."""

    def narrow(state: State) -> None:
        within = meet(known(state, other), (0.0, MOST))
        if is_empty(within):
            raise Impossible
        learn(state, one, image(function, within, rises))
        learn(state, other, preimage(function, known(state, one), within, rises))

    return narrow


def _pounds(suffix: str, value: str, benchmark: str, pounds: str, kind: Kind) -> Narrow:
    """Pounds of the year at one benchmark, by the engine's formula (Rulebook 4.5)."""
    gap, units, quarter = f"gap_{suffix}", f"x_{suffix}", f"oq_{suffix}"
    steps = (
        floored_gap(gap, value, benchmark, _sign(kind)),
        _excess(units, gap, kind),
        product(quarter, units, "p"),
        multiple(pounds, quarter, QUARTERS),
    )

    def narrow(state: State) -> None:
        for step in steps:
            step(state)

    return narrow


def _sign(kind: Kind) -> float:
    return -1.0 if kind.direction == "higher" else 1.0


def _excess(units: str, gap: str, kind: Kind) -> Narrow:
    if kind.is_index:
        return product(units, gap, "e", 0.01)
    if kind.is_standardised:  # BCBV03: the smaller of its inpatients and gap / reference x expected
        return _capped_excess(units, gap)
    return product(units, gap, "d")


def _capped_excess(units: str, gap: str) -> Narrow:
    def narrow(state: State) -> None:
        free = over(times(known(state, gap), known(state, "e")), known(state, "ref"))
        inpatients = known(state, "c")
        learn(state, units, (0.0, min(free[1], inpatients[1])))
        low = min(free[0], inpatients[0])
        learn(state, units, (max(0.0, low), math.inf))
        learn(state, "c", (known(state, units)[0], math.inf))
        if known(state, units)[1] < free[0]:  # capped: the excess is the inpatients
            learn(state, "c", known(state, units))

    return narrow


def identities(kind: Kind) -> list[Identity]:
    """Those that hold of an indicator's rows."""
    found = [
        Identity("crude value x denominator", product("n", "cr", "d")),
        Identity("gap + benchmark", floored_gap("gap", "v", "t", _sign(kind))),
        Identity("excess / gap", _excess("x", "gap", kind)),
        Identity("pounds / price", product("oq", "x", "p")),
        Identity("pounds / price", multiple("oa", "oq", QUARTERS)),
        Identity("pounds / price", multiple("rel", "oa", RELEASABLE)),
        Identity("pounds at the median", _pounds("m", "v", "tm", "oam", kind)),
        Identity("pounds at the best tenth", _pounds("b", "v", "tb", "oab", kind)),
        Identity("shrunk pounds", _pounds("s", "vs", "ts", "oas", kind)),
        Identity("limits of the pounds", _pounds("l", _better(kind), "t", "oal", kind)),
        Identity("limits of the pounds", _pounds("u", _worse(kind), "t", "oau", kind)),
    ]
    if "complement" in kind.counts:
        found.append(Identity("numerator + complement = denominator", total("d", "n", "c")))
    if kind.is_index:
        found.append(Identity("value x expected", product("n", "v", "e", 0.01)))
    elif kind.is_standardised:
        found.append(Identity("value x expected", _standardised_share))
    else:
        found.append(Identity("value x denominator", product("n", "v", "d")))
    found += _identities_of_chance(kind)
    return found


def _better(kind: Kind) -> str:
    return "u95" if kind.direction == "higher" else "l95"


def _worse(kind: Kind) -> str:
    return "l95" if kind.direction == "higher" else "u95"


def _standardised_share(state: State) -> None:
    """value x expected = numerator x the reference's rate (BCBV03)."""
    learn(state, "ve", times(known(state, "v"), known(state, "e")))
    learn(state, "ve", times(known(state, "n"), known(state, "ref")))
    learn(state, "n", over(known(state, "ve"), known(state, "ref")))
    learn(state, "v", over(known(state, "ve"), known(state, "e")))
    learn(state, "e", over(known(state, "ve"), known(state, "v")))


def _identities_of_chance(kind: Kind) -> Iterable[Identity]:
    """Limits, and the scale on which spread is even, by the indicator's method."""
    if kind.method == "ratio":
        for limit, function in limits.RATIO.items():
            yield Identity("limits of the value", _ratio_limit(limit, function))
        yield Identity("standard error", function_of("s", "e", _of_expected, rises=False))
        yield Identity("transformed value", _root_of_ratio)
    elif kind.method == "proportion":
        for limit, z in limits.WILSON.items():
            yield Identity("limits of the value", _share_limit(limit, z, kind))
        yield Identity("standard error", function_of("s", "d", _of_expected, rises=False))
        yield Identity("transformed value", function_of("y", "share", limits.arcsine, rises=True))
        yield Identity("transformed value", _cut_at_one)
    elif kind.method == "casemix_mean":
        yield Identity("transformed value", function_of("y", "v", limits.log_ratio, rises=True))
    yield Identity("place in the funnel", _funnel)


def _of_expected(size: float) -> float:
    return 1 / (2 * math.sqrt(size)) if size > 0 else math.inf


def _root_of_ratio(state: State) -> None:
    """y = root of observed / expected."""
    low, high = meet(known(state, "y"), NOT_NEGATIVE)
    learn(state, "y2", (low * low, high * high))
    learn(state, "n", times(known(state, "y2"), known(state, "e")))
    learn(state, "y2", over(known(state, "n"), known(state, "e")))
    learn(state, "e", over(known(state, "n"), known(state, "y2")))
    low, high = known(state, "y2")
    learn(state, "y", (math.sqrt(low), math.sqrt(high)))


def _cut_at_one(state: State) -> None:
    """The share on whose scale y is: the value, at most 1."""
    low, high = known(state, "v")
    learn(state, "share", (min(1.0, low), min(1.0, high)))
    low, high = known(state, "share")
    learn(state, "v", (low, high if high < 1 else math.inf))


def _ratio_limit(limit: str, function: Callable[[float], float]) -> Narrow:
    """limit = 100 x the count's limit / expected."""

    def narrow(state: State) -> None:
        low, high = known(state, "n")
        # Exact limits are printed from a table to six decimals.
        count = (
            max(0.0, function(low) - 1e-6),
            function(high) + 1e-6 if high < MOST else math.inf,
        )
        learn(state, limit, over(times((100.0, 100.0), count), known(state, "e")))
        learn(state, "e", over(times((100.0, 100.0), count), known(state, limit)))

    return narrow


def _share_limit(limit: str, z: float, kind: Kind) -> Narrow:
    """Wilson's limit of n in d; of a standardised share times denominator / expected x ref."""

    def narrow(state: State) -> None:
        low_n, high_n = known(state, "n")
        low_d, high_d = known(state, "d")
        if high_n >= MOST or high_d >= MOST:
            return
        low = limits.wilson(low_n, max(high_d, low_n), z)
        high = limits.wilson(high_n, max(low_d, high_n), z)
        bounds = (low, max(low, high))
        if kind.is_standardised:
            size = over(times(known(state, "d"), known(state, "ref")), known(state, "e"))
            learn(state, limit, times(bounds, size))
        else:
            learn(state, limit, bounds)

    return narrow


def _funnel(state: State) -> None:
    """z = (y - target) / root of (s2 + tau2)."""
    low, high = known(state, "s")
    tau2 = known(state, "tau2")
    learn(state, "width", (math.sqrt(low * low + tau2[0]), math.sqrt(high * high + tau2[1])))
    learn(state, "diff", times(known(state, "z"), known(state, "width")))
    learn(state, "y", add(known(state, "target"), known(state, "diff")))
    learn(state, "diff", subtract(known(state, "y"), known(state, "target")))
    learn(state, "width", over(known(state, "diff"), known(state, "z")))
    low, high = known(state, "width")
    learn(state, "s", (0.0, math.sqrt(max(0.0, high * high - tau2[0]))))
