"""Random submissions of esr_movement and nhse_turnover (Rulebook 1.7, 5.9)."""

from reference.quarters import (
    first_day_of_month,
    last_day,
    months_of,
    quarter_of_month,
    twelve_months_to,
)
from reference.random_files import DAY, Scene, period_of, periods_of

REASONS = (
    "voluntary",
    "retirement",
    "dismissal",
    "end_of_ftc",
    "transfer_tupe",
    "death",
    "Rotation",
    None,
)
GROUPS = ("nurses", "doctors", None)
ROTATING = "doctors"
# How a trust sends its months: all in the local format, none, one left out, only the later ones,
# in the published format, in both, or in either.
HABITS = ("local", "absent", "gap", "late", "published", "both", "mixed")
# Bodies that merge send everything, so that what they sent before counts for the new one.
MERGING = ("RM4", "RW3", "RM2")
WHOLE = "All staff groups"
TOTALS = ("All staff groups", "all", "Total")
KINDS = {
    "Denominator at start of period": "start",
    "Denominator at end of period": "end",
    "Joiners": "joiners",
    "Leavers": "leavers",
}


def write_movement(scene: Scene) -> None:
    """Write both feeds of the scene's quarters and of the year before the first one's end."""
    rng = scene.rng
    months = range(twelve_months_to(scene.quarters[0])[0], months_of(scene.quarters[-1])[-1] + 1)
    local = [_local("ZZ9", months[-1], "nurses", 100, 90, "voluntary", 10)]
    published = []
    others = [trust for trust in scene.trusts if trust not in MERGING]
    for trust in scene.trusts:
        habit = "local"
        if trust in others:
            habit = HABITS[others.index(trust) % len(HABITS)]
        missing = rng.choice(months[:-6])
        unread = rng.choice((0.0, 0.0, 0.02, 0.15))
        total = rng.choice(TOTALS) if scene.is_dirty(0.25) else None
        staff = {group: rng.randint(200, 900) for group in GROUPS}
        for month in months:
            if month == months_of(scene.quarters[-1])[0] and scene.is_dirty(0.2):  # J01
                staff = {group: heads // rng.choice((2, 4)) for group, heads in staff.items()}
            if habit == "absent" or (habit == "gap" and month == missing):
                continue
            if habit == "late" and month < months_of(scene.quarters[0])[0]:
                continue
            is_published = habit == "published" or (habit == "mixed" and scene.happens(0.5))
            if is_published or habit == "both":
                published += _published_rows(scene, trust, month)
            if not is_published:
                local += _local_rows(scene, trust, month, staff, unread, total)
    quarters = range(quarter_of_month(months[0]), scene.quarters[-1] + 1)
    for period, held in periods_of(quarters).items():
        _write(scene, period, held, local, published)
    _write_again(scene, local, published)


def _local_rows(
    scene: Scene, trust: str, month: int, staff: dict, unread: float, total: str | None
) -> list[dict]:
    """A row for each reason for which someone of a group leaves, which repeat the headcounts."""
    rng, rows = scene.rng, []
    for group in GROUPS:
        start = staff[group]
        staff[group] = end = start + rng.randint(-12, 12)
        reasons = rng.sample(REASONS, rng.randint(1, 4))
        if group == ROTATING and month % 6 == 0 and "Rotation" not in reasons:
            reasons.append("rotation")
        for reason in reasons:
            leavers = rng.choice((0, 1, 3, 8))
            row = _local(trust, month, group, start, end, reason, leavers)
            if scene.happens(0.05):
                row["HEADCOUNT_END"] = end - 5
            if len(reasons) > 1 and reason == reasons[0] and scene.is_dirty(unread):
                row |= {"HEADCOUNT_START": None, "HEADCOUNT_END": "x"}
            if scene.is_dirty(unread / 2):
                row["LEAVERS_HC"] = rng.choice((None, "none", "*", 1.5))
            rows.append(row)
            if scene.is_dirty(0.001):  # D02
                rows.append(row | {"LEAVERS_HC": leavers + 1})
    if total is not None:  # T01
        heads = {row["STAFF_GROUP"]: row["HEADCOUNT_START"] or 0 for row in rows}
        row = _local(trust, month, total, sum(heads.values()), sum(heads.values()), None, 9)
        return [*rows, row] if scene.happens(0.95) else [row]
    return rows


def _local(
    trust: str, month: int, group: str | None, start: int, end: int, reason: str | None, n: int
) -> dict:
    return {
        "MONTH": f"{first_day_of_month(month):%Y%m}",
        "ORG_CODE": trust,
        "STAFF_GROUP": group,
        "HEADCOUNT_START": start,
        "HEADCOUNT_END": end,
        "JOINERS_HC": 5,
        "LEAVERS_HC": n,
        "LEAVING_REASON": reason,
    }


def _published_rows(scene: Scene, trust: str, month: int) -> list[dict]:
    """Four figures of everyone, leavers only where there are some, and the same of a group."""
    staff = scene.rng.randint(1500, 1600)
    figures = {"start": staff + 2, "end": staff, "joiners": 30, "leavers": scene.rng.randint(0, 40)}
    return [
        {
            "PERIOD": f"{first_day_of_month(month - 1):%Y%m} to {first_day_of_month(month):%Y%m}",
            "TYPE": kind.upper() if scene.happens(0.2) else kind,
            "REPORTING_ORG_CODE": trust,
            "STAFF_GROUP_1_NAME": group,
            "HC": _published_figure(scene, figures[name] // (1 if group == WHOLE else 3)),
            "FTE": figures[name] * 0.9,
        }
        for kind, name in KINDS.items()
        for group in (WHOLE, "Nurses & health visitors")
        if figures[name] > 0
    ]


def _published_figure(scene: Scene, figure: int) -> int | str | None:
    return scene.rng.choice(("*", None, figure + 0.5)) if scene.is_dirty(0.004) else figure


def _write(
    scene: Scene, period: str, quarters: list[int], local: list[dict], published: list[dict]
) -> None:
    day = last_day(quarters[-1]) + 50 * DAY
    months = {
        f"{first_day_of_month(month):%Y%m}" for quarter in quarters for month in months_of(quarter)
    }
    rows = [row for row in local if row["MONTH"] in months]
    scene.write("esr_movement", period, day, rows)
    rows = [row for row in published if row["PERIOD"][-6:] in months]
    scene.write("nhse_turnover", period, day + DAY, rows)


def _write_again(scene: Scene, local: list[dict], published: list[dict]) -> None:
    """Another sender repeats a month of the last quarter: V03, unless the rows are set aside."""
    quarter = scene.quarters[-1]
    day, month = last_day(quarter) + 55 * DAY, f"{first_day_of_month(months_of(quarter)[0]):%Y%m}"
    trust = scene.trusts[0]
    rows = [row for row in local if row["MONTH"] == month and row["ORG_CODE"] == trust]
    if rows:
        scene.write("esr_movement", period_of(quarter), day, rows, sender="agency")
    rows = [row for row in published if row["PERIOD"].endswith(month)]
    scene.write("nhse_turnover", period_of(quarter), day, rows, sender="agency")
