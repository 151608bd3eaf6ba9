"""Random submissions of prescribing and sickness, local and published.

Rulebook 1.7, 5.7 to 5.19.
"""

from reference.quarters import first_day_of_month, last_day, months_of
from reference.random_dirt import spoiled
from reference.random_files import DAY, Scene, period_of, period_of_month

CHEAP = (
    "0212000Y0AAAAAA",
    "0212000X0AAABAB",
    "0205051R0AAABAB",
    "0205051L0AAACAC",
    "0103050P0AAAAAA",
    "0103050L0AAABAB",
)
DEAR = (
    "0212000B0AAABAB",
    "0212000AAAAAAAA",
    "0212000C0AAAAAA",
    "0205052N0AAAAAA",
    "0103050P0AAABAB",
    "0103050E0AAAAAA",
)
NEITHER = (
    "0212000ACAAAAAA",
    "0205053A0AAAAAA",
    "0301011R0AAAPAP",
    "0103040T0AAAAAA",
    "0209000A0AAABAB",
)
CLOPIDOGREL = ("0209000C0AAAAAA", "0209000C0BBAAAA")
STATINS = "0212000"
IMPLAUSIBLE = (
    {"ITEMS": -3},
    {"QUANTITY": 0},
    {"QUANTITY": -5},
    {"NIC": 0},
    {"ITEMS": 0, "NIC": 0},
    {"ITEMS": None},
    {"NIC": None},
    {"ITEMS": "x"},
    {"QUANTITY": None},
    {"ITEMS": 1.5},
)
# Against the quarter before: a jump (J01), or nearly one.
LEVELS = (0.2, 0.36, 2.9, 4.0)
# By number, the PCT that sends more impossible rows than others (P02).
IMPOSSIBLE = 4
# By number, the trust of which there are published rates of sickness alone, at last wrong ones.
PUBLISHED = 3
UNREAD = (0.005, 0.02, 0.09)
NOBODY = ("ZZ9", None, "RWE", "Q33", "-", "Q59", "Q99", "Q9800", "13A", "5.00E+01", "RWE00")
GROUPS = ("nurses", "doctors", "Midwives", "porters", "clerks", "cooks", "drivers", "others")
TOTALS = ("All staff groups", "TOTAL", "all_groups", "Grand Total ")
ABSENCE_HABITS = {
    # name: (rate, factor on days available); the limits of W01 and W02 and beyond
    "zero": (0.0, 1.0),
    "low": (0.015, 1.0),
    "two percent": (0.02, 1.0),
    "twelve percent": (0.12, 1.0),
    "high": (0.13, 1.0),
    "jump": (0.05, 1.3),
    "drop": (0.05, 0.7),
    "quarter more": (0.05, 1.25),
    "no days": (0.05, 0.0),
    "month missing": (0.05, 1.0),
    "absent": (0.05, 1.0),
    "published": (0.04, 1.0),
    "both": (0.04, 1.0),
    "mixed": (0.04, 1.0),
}


def write_prescribing(scene: Scene) -> None:
    """Write epact and epd of each quarter; PCTs send one, both or, now and then, neither."""
    rng = scene.rng
    cheap_share = {pct: rng.uniform(0.3, 0.97) for pct in scene.pcts}
    cheap_share[scene.pcts[-1]] = 0.03  # under 100 items: the reference's price
    for quarter in scene.quarters:
        local, published = [], []
        silent, without_statins, costly = (rng.choice(scene.pcts) for _ in range(3))
        # How much is prescribed against the usual, and how much of it cannot be read.
        levels = {pct: rng.choice(LEVELS) if scene.is_dirty(0.1) else 1.0 for pct in scene.pcts}
        unread = {pct: rng.choice(UNREAD) if scene.is_dirty(0.4) else 0.0 for pct in scene.pcts}
        without_clopidogrel = rng.choice(scene.pcts)
        for pct in scene.pcts:
            for month in months_of(quarter):
                sent = rng.choice(((local,), (local, published), (published,)))
                if scene.is_dirty(0.06):  # C01, C02
                    continue
                for feed in sent if pct != silent else ():
                    rows = _prescribed(scene, pct, month, cheap_share[pct], pct == costly)
                    if levels[pct] != 1:
                        for row in rows:
                            if isinstance(row["ITEMS"], int):
                                row["ITEMS"] = int(row["ITEMS"] * levels[pct])
                    if pct == without_statins:
                        rows = [row for row in rows if not row["BNF_CODE"].startswith(STATINS)]
                    if pct == without_clopidogrel:
                        rows = [row for row in rows if row["BNF_CODE"] not in CLOPIDOGREL]
                    spoiled(rng, rows, ("ITEMS", "ITEMS", "NIC", "QUANTITY"), unread[pct])
                    if pct == scene.pcts[IMPOSSIBLE]:
                        rows += [row | {"ITEMS": -1} for row in rows[:2]]
                    feed += rows
        first_month = months_of(quarter)[0]
        # Rows of P02 alone are rows: submitted, and no more.
        local.append(_drug(silent, first_month, CHEAP[0], items=-1, cost=1))
        local.append(_drug(scene.pcts[0], first_month - 12, CHEAP[0], items=999, cost=1))
        local = _write_of_another_sender(scene, quarter, local, published)
        _write_prescribing(scene, quarter, local, published)


def _prescribed(
    scene: Scene, pct: str, month: int, cheap_share: float, is_costly: bool
) -> list[dict]:
    rows = []
    for code in CHEAP + DEAR + NEITHER + CLOPIDOGREL:
        is_cheap = code in CHEAP
        items = int((cheap_share if is_cheap else 1 - cheap_share) * scene.rng.randint(100, 500))
        per_item = scene.rng.uniform(2, 5) if is_cheap else scene.rng.uniform(15, 30)
        # Dearer than the rest: the saving is floored at 0.
        per_item = 40.0 if is_costly and is_cheap else per_item
        row = _drug(pct, month, code, items, round(items * per_item, 2))
        if scene.happens(0.02):
            row |= scene.rng.choice(IMPLAUSIBLE if scene.dirt else IMPLAUSIBLE[:5])
        if scene.happens(0.008):
            row["PCT"] = scene.rng.choice(NOBODY)
        if scene.is_dirty(0.006):  # the group's, whoever is named
            row["PRACTICE"] = f"{scene.rng.choice((pct, pct, scene.pcts[0]))}998"
        rows.append(row)
        if scene.happens(0.02):
            rows.append(row | {"ITEMS": 7, "NIC": 33.5})
    return rows


def _drug(pct: str, month: int, bnf_code: str, items: int, cost: float) -> dict:
    return {
        "PCT": pct,
        "MONTH": month,
        "BNF_CODE": bnf_code,
        "ITEMS": items,
        "QUANTITY": max(1, items * 28),
        "NIC": cost,
    }


def _write_prescribing(
    scene: Scene, quarter: int, local: list[dict], published: list[dict]
) -> None:
    extract_date = last_day(quarter) + 60 * DAY
    rows = [_as_epact(row) for row in local]
    scene.write("epact", period_of(quarter), extract_date, rows)
    rows = [_as_epd(scene, row) for row in published]
    scene.write("epd", period_of(quarter), extract_date + DAY, rows)
    month = scene.rng.choice(months_of(quarter))
    again = [
        row | {"NIC": row["NIC"] + 5 if isinstance(row["NIC"], int | float) else row["NIC"]}
        for row in local
        if row["MONTH"] == month
    ]
    if again and scene.happens(0.5):
        rows = [_as_epact(row) for row in again]
        scene.write("epact", period_of_month(month), extract_date + 30 * DAY, rows)


def _write_of_another_sender(
    scene: Scene, quarter: int, local: list[dict], published: list[dict]
) -> list[dict]:
    """Write what another sender has; the local rows returned are what is left to the main one.

    Months that both send are of V03, unless published rows are set aside; a month that is moved
    from one to the other is not, be it of a body that merges or not.
    """
    rng, day = scene.rng, last_day(quarter) + 65 * DAY
    months, (twice, moved) = months_of(quarter), rng.sample(scene.pcts, 2)
    others = [row for row in local if row["PCT"] == moved and row["MONTH"] == months[0]]
    again = [row for row in local if row["PCT"] == twice and row["MONTH"] == months[1]][:6]
    if others + again:
        rows = [_as_epact(row) for row in others + again]
        scene.write("epact", period_of(quarter), day, rows, sender="north")
    few = rng.sample(scene.pcts, 3)
    again = [row for row in published if row["PCT"] in few and row["MONTH"] == months[2]]
    if again:
        rows = [_as_epd(scene, row) for row in again[::5]]
        scene.write("epd", period_of(quarter), day, rows, sender="north")
    return [row for row in local if row not in others]


def _as_epact(row: dict) -> dict:
    return {
        "PERIOD": f"{first_day_of_month(row['MONTH']):%Y%m}",
        "PCT_CODE": row["PCT"],
        "BNF_CODE": row["BNF_CODE"],
        "ITEMS": row["ITEMS"],
        "QUANTITY": row["QUANTITY"],
        "NIC": row["NIC"],
        "ACT_COST": row["NIC"],
        "PRACTICE_CODE": row.get("PRACTICE"),
    }


def _as_epd(scene: Scene, row: dict) -> dict:
    """The published format has other names, and aliases of some codes."""
    pct = row["PCT"]
    aliases = {"TAP": "5CC", "11M": "11M00", "00D": "00D00", "00N": "00N00"}
    return {
        "YEAR_MONTH": f"{first_day_of_month(row['MONTH']):{scene.rng.choice(('%Y%m', '%Y_%m'))}}",
        "PCO_CODE": aliases.get(pct, pct) if scene.happens(0.6) else pct,
        "PRACTICE_CODE": row.get("PRACTICE"),
        "BNF_CODE": row["BNF_CODE"],
        "ITEMS": row["ITEMS"],
        "QUANTITY": 28,
        "TOTAL_QUANTITY": row["QUANTITY"],
        "NIC": row["NIC"],
        "ACTUAL_COST": row["NIC"],
    }


def write_sickness(scene: Scene) -> None:
    """Write esr_absence of each quarter and nhse_sickness of each month; some trusts send both."""
    rng = scene.rng
    usual_days = {trust: rng.randint(20, 60) * 1000 for trust in scene.trusts}
    usual_days[scene.trusts[1]] = usual_days[scene.trusts[0]]  # a tie
    for quarter in scene.quarters:
        local, published = [], [("Q71", months_of(quarter)[0], None, 1, 2)]
        for trust in scene.trusts:
            usual = ("usual", (rng.choice((0.04, 0.05, rng.uniform(0.03, 0.07))), 1.0))
            unusual = rng.choice(list(ABSENCE_HABITS.items()))
            habit, (rate, factor) = unusual if scene.happens(0.5) else usual
            if trust == scene.trusts[PUBLISHED]:
                habit = "published"
            days = usual_days[trust] * factor
            groups = rng.choice((GROUPS[:2], GROUPS))
            total = rng.choice((None, *TOTALS)) if scene.is_dirty(0.5) else None
            for i, month in enumerate(months_of(quarter)):
                if habit == "absent" or (habit == "month missing" and i == 1):
                    continue
                is_published = habit == "published" or (habit == "mixed" and i == 2)
                if is_published or habit == "both":
                    published.append((trust, month, None, round(days * rate), days))
                if not is_published:
                    lost = round(days * rate * (1.1 if habit == "both" else 1))
                    local += _absences(scene, (trust, month), groups, lost, days)
                    if total is not None:  # T01, or the only row that there is
                        parts = local if scene.happens(0.9) else []
                        local = [row for row in local if row[:2] != (trust, month) or parts]
                        local.append((trust, month, total, lost, days))
        _write_sickness(scene, quarter, local, published)


def _absences(
    scene: Scene, place: tuple[str, int], groups: tuple[str, ...], lost: float, days: float
) -> list[tuple]:
    """Rows of the groups of a trust and month: the first has the most; some cannot be read."""
    shares = [0.75, *[0.25 / (len(groups) - 1)] * (len(groups) - 1)]
    rows = []
    for group, share in zip(groups, shares, strict=True):
        row = (*place, group, lost * share, days * share)
        if scene.is_dirty(0.01):
            row = (*place, group, *scene.rng.choice(((lost, "*"), (None, days), ("x", days))))
        if scene.is_dirty(0.008):  # W03
            row = (*place, group, *scene.rng.choice(((days + 1, days), (-1, days), (0, -5))))
        rows.append(row)
        if scene.is_dirty(0.004):  # D02
            rows.append((*place, group, 1, days * share))
    return rows


def _write_sickness(scene: Scene, quarter: int, local: list[tuple], published: list[tuple]) -> None:
    extract_date = last_day(quarter) + 45 * DAY
    rows = [_as_esr_absence(*row) for row in local]
    scene.write("esr_absence", period_of(quarter), extract_date, rows)
    for month in months_of(quarter):
        rows = [_as_nhse_sickness(scene, row) for row in published if row[1] == month]
        for row in rows if quarter == scene.quarters[-1] else ():
            if row["ORG_CODE"] == scene.trusts[PUBLISHED]:
                row["SICKNESS_ABSENCE_RATE_PERCENT"] = 9.9
        if rows:
            scene.write("nhse_sickness", period_of_month(month), extract_date + DAY, rows)
    trust = scene.rng.choice(scene.trusts)
    again = [row for row in local if row[:2] == (trust, months_of(quarter)[2])]
    if again:
        rows = [_as_esr_absence(*row) for row in again]
        scene.write("esr_absence", period_of(quarter), extract_date, rows, sender="agency")
    if scene.happens(0.5):
        month = months_of(quarter)[0]
        again = [
            (code, m, group, lost * 1.2 if isinstance(lost, int | float) else lost, days)
            for code, m, group, lost, days in local
            if m == month
        ]
        rows = [_as_esr_absence(*row) for row in again]
        scene.write("esr_absence", period_of_month(month), extract_date + 40 * DAY, rows)


def _as_esr_absence(code: str, month: int, group: str, lost: object, days: object) -> dict:
    return {
        "MONTH": f"{first_day_of_month(month):%Y%m}",
        "ORG_CODE": code,
        "STAFF_GROUP": group,
        "FTE_DAYS_LOST": lost,
        "FTE_DAYS_AVAILABLE": days,
    }


def _as_nhse_sickness(scene: Scene, row: tuple) -> dict:
    """The published row; now and then its rate is not that of its days (R01)."""
    code, month, _, lost, days = row
    rate = round(100 * lost / days, 2) if days else None
    if rate is not None and scene.is_dirty(0.2):
        rate = round(rate + scene.rng.choice((0.01, 0.03, -0.5)), 2)
    return {
        "DATE": first_day_of_month(month + 1) - DAY,
        "ORG_CODE": code,
        "ORG_NAME": "Trust, the",
        "ORG_TYPE": "Acute",
        "FTE_DAYS_LOST": scene.rng.choice(("*", None)) if scene.is_dirty(0.03) else lost,
        "FTE_DAYS_AVAILABLE": days,
        "SICKNESS_ABSENCE_RATE_PERCENT": f"{rate}%" if rate and scene.is_dirty(0.1) else rate,
    }
