"""The feeds esr_absence and esr_movement: staff by trust, staff group and month."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.england import England
from generator.output import coded, merged, quarterly
from generator.quarters import Quarter, days_in_month
from generator.randomness import normal_scores


@dataclass(frozen=True)
class StaffGroup:
    """A staff group as the Electronic Staff Record names it."""

    name: str
    # Share of full-time equivalents, full-time equivalents a head, sickness absence and yearly
    # turnover beside the mean of all staff.
    share: float
    fte_per_head: float
    sickness: float
    turnover: float


STAFF_GROUPS = (
    StaffGroup("Add Prof Scientific and Technic", 0.04, 0.87, 0.80, 1.0),
    StaffGroup("Additional Clinical Services", 0.17, 0.82, 1.40, 1.1),
    StaffGroup("Administrative and Clerical", 0.20, 0.83, 0.90, 1.0),
    StaffGroup("Allied Health Professionals", 0.07, 0.82, 0.75, 1.1),
    StaffGroup("Estates and Ancillary", 0.09, 0.76, 1.45, 1.1),
    StaffGroup("Healthcare Scientists", 0.03, 0.91, 0.75, 0.8),
    StaffGroup("Medical and Dental", 0.11, 0.95, 0.30, 1.2),
    StaffGroup("Nursing and Midwifery Registered", 0.29, 0.85, 1.10, 0.8),
)


@dataclass(frozen=True)
class WorkforceParameters:
    """Staff, sickness and turnover, and how trusts recorded them at first."""

    # Full-time equivalents in acute trusts in England; the run's scale applies.
    staff_fte: float = 640_000
    growth: float = 0.004
    # Sickness absence of all staff, spread between trusts (of the logarithm), and the seasons by
    # calendar month, January to December.
    sickness: float = 0.047
    sickness_sd: float = 0.13
    sickness_season: tuple[float, ...] = (
        1.12, 1.07, 1.02, 0.96, 0.95, 0.95, 0.95, 0.94, 0.97, 1.01, 1.03, 1.06,
    )  # fmt: skip
    sickness_noise_sd: float = 0.04
    # At launch, of 135 trusts 14 sent nothing, 6 said 0 % and 47 others less than 2 %; shares, and
    # how much of that is left in each quarter from 2006-07 Q1 (the last holds on).
    missing_share: float = 0.104
    zero_share: float = 0.044
    under_recording_share: float = 0.348
    fault_left: tuple[float, ...] = (1.0, 0.85, 0.65, 0.5, 0.35, 0.22, 0.12, 0.05)
    # What under-recording trusts say, between these rates.
    under_recorded: tuple[float, float] = (0.006, 0.018)

    # Leavers a year of those in post; spread between trusts; shares of the reasons.
    turnover: float = 0.125
    turnover_sd: float = 0.20
    leaving_reasons: tuple[tuple[str, float], ...] = (
        ("voluntary", 0.58),
        ("retirement", 0.12),
        ("end_of_ftc", 0.10),
        ("rotation", 0.12),
        ("dismissal", 0.03),
        ("redundancy", 0.02),
        ("transfer_tupe", 0.02),
        ("death", 0.01),
    )


PARAMETERS = WorkforceParameters()


def _grid(england: England, quarter: Quarter) -> pd.DataFrame:
    """One row for each month, trust and staff group, with positions and full-time equivalents."""
    size = england.trust_size / england.trust_size.sum()
    trusts, groups = len(size), len(STAFF_GROUPS)
    month, trust, group = (axis.ravel() for axis in np.indices((3, trusts, groups)))
    growth = (1 + PARAMETERS.growth) ** (quarter.index / 4 + month / 12)
    share = np.array([item.share for item in STAFF_GROUPS])[group]
    fte = PARAMETERS.staff_fte * england.scale * growth * size[trust] * share
    return pd.DataFrame({"month": month, "trust": trust, "group": group, "fte": fte})


def _absence(
    england: England, quarter: Quarter, steady: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    settings, trusts = PARAMETERS, len(england.trusts)
    effect = np.exp(settings.sickness_sd * normal_scores(steady, trusts))
    # Trusts in an order in which they put their recording right; each fault ends for the last of
    # its trusts first, so that a trust that has mended stays mended.
    place = (steady.permutation(trusts) + 0.5) / trusts
    left = settings.fault_left[min(quarter.index, len(settings.fault_left) - 1)]
    if england.records_well:
        left = 0
    bounds = np.cumsum(
        [0, settings.missing_share, settings.zero_share, settings.under_recording_share]
    )
    is_missing, is_zero, is_low = (
        (place >= start) & (place < start + (end - start) * left)
        for start, end in itertools.pairwise(bounds)
    )
    low_rate = steady.uniform(*settings.under_recorded, trusts)

    rows = _grid(england, quarter)
    rows = rows[~is_missing[rows["trust"]]].reset_index(drop=True)
    trust, group, month = (rows[name].to_numpy() for name in ("trust", "group", "month"))
    starts = quarter.month_starts
    season = np.array([settings.sickness_season[start.month - 1] for start in starts])
    days = np.array([days_in_month(start) for start in starts])
    relative = np.array([item.sickness for item in STAFF_GROUPS])
    relative = relative / np.average(relative, weights=[item.share for item in STAFF_GROUPS])
    rate = np.where(is_low, low_rate, np.where(is_zero, 0, settings.sickness * effect))[trust]
    noise = np.exp(settings.sickness_noise_sd * now.standard_normal(len(rows)))
    available = (rows["fte"].to_numpy() * days[month]).round(2)
    per_head = np.array([item.fte_per_head for item in STAFF_GROUPS])[group]
    extract = pd.DataFrame(
        {
            "month": coded(month, quarter.months),
            "org_code": coded(trust, england.codes(england.trusts, quarter)),
            "staff_group": coded(group, [item.name for item in STAFF_GROUPS]),
            "fte_days_lost": (available * rate * relative[group] * season[month] * noise).round(2),
            "fte_days_available": available,
            "headcount": np.ceil(rows["fte"] / per_head).astype(int),
            "fte": rows["fte"].round(2),
        }
    )
    return merged(extract, ["month", "org_code", "staff_group"])


def _movement(
    england: England, quarter: Quarter, steady: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    """One row for each month, trust, staff group and reason; voluntary leavers always have one.

    Headcounts are repeated on the rows of the reasons; joiners stand on the voluntary row only.
    """
    settings = PARAMETERS
    effect = normal_scores(steady, len(england.trusts))
    rows = _grid(england, quarter)
    group = rows["group"].to_numpy()
    per_head = np.array([item.fte_per_head for item in STAFF_GROUPS])[group]
    fte_start = rows["fte"].to_numpy()
    fte_end = fte_start * (1 + settings.growth) ** (1 / 12)
    # The end of a month is the start of the next, in the next quarter too.
    start, end = (np.ceil((fte / per_head).round(6)).astype(int) for fte in (fte_start, fte_end))
    turnover = settings.turnover * np.exp(settings.turnover_sd * effect)[rows["trust"]]
    turnover = turnover * np.array([item.turnover for item in STAFF_GROUPS])[group] / 12
    names, shares = zip(*settings.leaving_reasons, strict=True)
    leavers = now.poisson((start * turnover)[:, None] * np.array(shares))
    joiners = end - start + leavers.sum(axis=1)
    is_kept = (leavers > 0) | (np.arange(len(names)) == names.index("voluntary"))
    row, reason = np.nonzero(is_kept)
    left = leavers[row, reason]
    extract = pd.DataFrame(
        {
            "month": coded(rows["month"].to_numpy()[row], quarter.months),
            "org_code": coded(
                rows["trust"].to_numpy()[row], england.codes(england.trusts, quarter)
            ),
            "staff_group": coded(group[row], [item.name for item in STAFF_GROUPS]),
            "leaving_reason": coded(reason, names),
            "headcount_start": start[row],
            "headcount_end": end[row],
            "joiners_hc": np.where(reason == names.index("voluntary"), joiners[row], 0),
            "leavers_hc": left,
            "fte_start": fte_start[row],
            "fte_end": fte_end[row],
            "leavers_fte": left * per_head[row],
        }
    )
    return merged(extract, ["month", "org_code", "staff_group", "leaving_reason"])


absence_extracts = quarterly("esr_absence", _absence)
movement_extracts = quarterly("esr_movement", _movement)
