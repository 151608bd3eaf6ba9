"""The rules on data: feeds, bounds, what they gate (pages on data quality, Q1, and on files, F5).

Written from the pages, apart from the seed, which dim_dq_rule repeats.
"""

from dataclasses import dataclass
from fractions import Fraction

from reference.checks import NOT_EVALUATED, Check
from reference.measures import ratio
from reference.seeds import rules_as_published

CARE = ("hes_apc", "hes_op")
PRESCRIBING = ("epact", "epd")
ABSENCE = ("esr_absence", "nhse_sickness")
MOVEMENT = ("esr_movement", "nhse_turnover")
RETURNS = ("finance", "bppc", "procurement")
MONTHLY = (*PRESCRIBING, *ABSENCE, *MOVEMENT, *RETURNS)
NUMBERS = ("amber_over", "red_over", "amber_under", "red_under")

# What is amber only from some rows on.
MIN_ROWS, FEW_ROWS, SHARE_OF_FEW = 10, 200, Fraction("0.05")


@dataclass(frozen=True)
class Rule:
    """A rule that stands for organisations: of which feeds, over which shares amber and red.

    gates are the indicators that it gates where these are not all of the feed; bounds replace the
    amber and red of a feed.
    """

    feeds: tuple[str, ...]
    treatment: str
    amber: str | None = None
    red: str | None = None
    gates: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str | None, str | None], ...] = ()

    def thresholds(self, feed: str) -> tuple[Fraction | None, Fraction | None]:
        """The bounds of amber and of red for a feed."""
        found = {name: (amber, red) for name, amber, red in self.bounds}
        both = found.get(feed, (self.amber, self.red))
        return tuple(None if bound is None else Fraction(bound) for bound in both)


def _indicators(*numbers: int) -> tuple[str, ...]:
    return tuple(f"BCBV{number:02}" for number in numbers)


RULES = {
    "A01": Rule(("hes_apc",), "quarantine", amber="0.02"),
    "A03": Rule(("hes_apc",), "quarantine", amber="0.02"),
    "A04": Rule(("hes_apc",), "flag", amber="0.02"),
    "A05": Rule(("hes_apc",), "flag", amber="0.005"),
    "A07": Rule(("hes_apc",), "flag", amber="0.01"),
    "A08": Rule(("hes_apc",), "flag", amber="0.05"),
    "A09": Rule(("hes_apc",), "flag", amber="0.005"),
    "A10": Rule(("hes_apc",), "flag", amber="0.1"),
    "A11": Rule(("hes_apc",), "gate", "0.05", "0.15", _indicators(1, 2, 3, 20)),
    "A12": Rule(("hes_apc",), "gate", red="0.1"),
    "A13": Rule(("hes_apc",), "gate", "0.1", "0.25", _indicators(2)),
    "A14": Rule(("hes_apc",), "flag", amber="0.05"),
    "A15": Rule(CARE, "flag", amber="0.02"),
    "A16": Rule(CARE, "flag", amber="0.02"),
    "A17": Rule(CARE, "flag", amber="0.05"),
    "C01": Rule((*PRESCRIBING, *RETURNS), "gate", amber="0"),
    "C02": Rule(PRESCRIBING, "gate", red="0", gates=_indicators(19)),
    "D01": Rule(
        (*MONTHLY, "population"),
        "quarantine",
        amber="0.02",
        bounds=tuple((feed, "0", None) for feed in RETURNS),
    ),
    "D02": Rule((*ABSENCE, *MOVEMENT, *RETURNS), "gate", red="0"),
    "F01": Rule(("bppc",), "quarantine", amber="0"),
    "FOLLOWUP": Rule(("hes_apc",), "gate", amber="0", gates=_indicators(20)),
    "J01": Rule((*PRESCRIBING, *MOVEMENT, *RETURNS), "gate", red="3"),
    "N01": Rule(("population",), "gate", red="0", gates=_indicators(4, 5, 6, 19)),
    "O01": Rule(("hes_op",), "quarantine", amber="0.02"),
    "O02": Rule(("hes_op",), "gate", red="0.1"),
    "O03": Rule(("hes_op",), "gate", red="0.05", gates=_indicators(6, 15)),
    "O04": Rule(("hes_op",), "gate", red="0.1", gates=_indicators(6)),
    "P02": Rule(PRESCRIBING, "quarantine", amber="0.02"),
    "R01": Rule(("nhse_sickness",), "gate", red="0"),
    "S01": Rule(("finance",), "gate", red="50"),
    "T01": Rule(("esr_absence", "esr_movement"), "quarantine"),
    "U01": Rule(
        MONTHLY,
        "gate",
        amber="0",
        red="0.05",
        bounds=tuple((feed, "0.01", "0.05") for feed in PRESCRIBING),
    ),
    "V01": Rule(CARE, "gate", amber="0.9", red="0.75"),
    "V02": Rule(CARE, "gate", red="0.02"),
    "V03": Rule(
        (*CARE, *MONTHLY), "gate", red="0", bounds=tuple((feed, "0", None) for feed in CARE)
    ),
    "W01": Rule(ABSENCE, "gate", red="0.12"),
    "W02": Rule(ABSENCE, "gate", red="0.25"),
    "W03": Rule(ABSENCE, "gate", red="0"),
}
# Of the patients of a PCT, wherever they were treated (Q2).
RULES_OF_PCTS = {
    "hes_apc": ("A12", "A16", "V01", "V02"),
    "hes_op": ("A16", "O02", "O03", "O04", "V01", "V02"),
}
# Everybody has it in the newest quarter: it says nothing of an organisation.
OF_NOBODY_IN_PARTICULAR = ("FOLLOWUP",)


def rules_of(feed: str, organisation_class: str) -> list[str]:
    """The rules that stand for an organisation's feed."""
    if organisation_class == "pct" and feed in RULES_OF_PCTS:
        return list(RULES_OF_PCTS[feed])
    return [rule_id for rule_id, rule in RULES.items() if feed in rule.feeds]


def rated(rule_id: str, feed: str, n: int, failed: int) -> Check:
    """The check of a share of rows against the bounds of the rule, which are strict.

    What takes rows out or flags them is amber from a number of rows on, unless any row is.
    """
    if not n:
        return NOT_EVALUATED
    amber, red = RULES[rule_id].thresholds(feed)
    outcome = "green"
    if red is not None and failed > red * n:
        outcome = "red"
    elif amber is not None and failed > amber * n:
        is_any = amber == 0 or RULES[rule_id].treatment == "gate"
        is_enough = failed >= MIN_ROWS or (n < FEW_ROWS and failed >= SHARE_OF_FEW * n)
        outcome = "amber" if is_any or is_enough else "green"
    return Check(n, failed, ratio(failed, n), outcome)


def published() -> list[dict]:
    """Rows of dim_dq_rule: the seed as it stands."""
    return [
        row | {name: None if row[name] is None else float(row[name]) for name in NUMBERS}
        for row in rules_as_published()
    ]
