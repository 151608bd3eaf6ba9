"""The change from the old clearing service to the Secondary Uses Service, when records got lost."""

from dataclasses import dataclass

import numpy as np

from generator.england import England
from generator.quarters import Quarter
from generator.randomness import stream


@dataclass(frozen=True)
class ChangeoverParameters:
    """Which part of their records trusts sent when."""

    # Volumes dipped in these quarters and were back to normal from 2007-08 Q2.
    quarters: tuple[str, ...] = ("fy2006-07q4", "fy2007-08q1")
    # How many trusts send only a part, between two shares drawn anew for each quarter.
    trusts: int = 18
    sent: tuple[float, float] = (0.58, 0.82)
    # One more trust sends nothing in this quarter.
    silent_quarter: str = "fy2007-08q1"


PARAMETERS = ChangeoverParameters()


def sent_share(
    england: England, quarter: Quarter, settings: ChangeoverParameters = PARAMETERS
) -> np.ndarray:
    """Share of its records that each trust sends; the same trusts in every feed."""
    rng = stream(england.seed, "changeover")
    general = np.flatnonzero(~england.is_specialist)
    silent, *changing = rng.permutation(general)[: settings.trusts + 1]
    shares = np.ones(len(england.trusts))
    if quarter.period in settings.quarters and not england.records_well:
        drawn = rng.uniform(*settings.sent, size=(len(settings.quarters), len(changing)))
        shares[changing] = drawn[settings.quarters.index(quarter.period)]
    if quarter.period == settings.silent_quarter and not england.records_well:
        shares[silent] = 0
    # Closed without a successor.
    shares[[code is None for code in england.codes(england.trusts, quarter)]] = 0
    return shares
