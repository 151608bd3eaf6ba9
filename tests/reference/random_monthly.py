"""Random submissions of prescribing and sickness, local and published.

Rulebook 1.7, 5.7 to 5.19.
"""

from reference.quarters import first_day_of_month, last_day, months_of
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
)
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
        without_clopidogrel = rng.choice(scene.pcts)
        for pct in scene.pcts:
            for month in months_of(quarter):
                sent = rng.choice(((local,), (local, published), (published,)))
                for feed in sent if pct != silent else ():
                    rows = _prescribed(scene, pct, month, cheap_share[pct], pct == costly)
                    if pct == without_statins:
                        rows = [row for row in rows if not row["BNF_CODE"].startswith(STATINS)]
                    if pct == without_clopidogrel:
                        rows = [row for row in rows if row["BNF_CODE"] not in CLOPIDOGREL]
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
            row |= scene.rng.choice(IMPLAUSIBLE)
        if scene.happens(0.005):
            row["PCT"] = scene.rng.choice(("ZZ9", None, "RWE", "Q33"))
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
    again = [row | {"NIC": (row["NIC"] or 0) + 5} for row in local if row["MONTH"] == month]
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
    }


def _as_epd(scene: Scene, row: dict) -> dict:
    """The published format has other names, and aliases of some codes."""
    pct = row["PCT"]
    aliases = {"TAP": "5CC", "11M": "11M00", "00D": "00D00", "00N": "00N00"}
    return {
        "YEAR_MONTH": f"{first_day_of_month(row['MONTH']):{scene.rng.choice(('%Y%m', '%Y_%m'))}}",
        "PCO_CODE": aliases.get(pct, pct) if scene.happens(0.6) else pct,
        "PRACTICE_CODE": "L84073",
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
        local, published = [], [("Q71", months_of(quarter)[0], 1, 2)]
        for trust in scene.trusts:
            usual = ("usual", (rng.choice((0.04, 0.05, rng.uniform(0.03, 0.07))), 1.0))
            unusual = rng.choice(list(ABSENCE_HABITS.items()))
            habit, (rate, factor) = unusual if scene.happens(0.5) else usual
            days = usual_days[trust] * factor
            for i, month in enumerate(months_of(quarter)):
                if habit == "absent" or (habit == "month missing" and i == 1):
                    continue
                is_published = habit == "published" or (habit == "mixed" and i == 2)
                if is_published or habit == "both":
                    published.append((trust, month, round(days * rate), days))
                if not is_published:
                    lost = round(days * rate * (1.1 if habit == "both" else 1))
                    local.append((trust, month, lost * 0.75, days * 0.75))
                    local.append((trust, month, lost * 0.25, days * 0.25))
        _write_sickness(scene, quarter, local, published)


def _write_sickness(scene: Scene, quarter: int, local: list[tuple], published: list[tuple]) -> None:
    extract_date = last_day(quarter) + 45 * DAY
    rows = [_as_esr_absence(*row) for row in local]
    scene.write("esr_absence", period_of(quarter), extract_date, rows)
    for month in months_of(quarter):
        rows = [_as_nhse_sickness(*row) for row in published if row[1] == month]
        if rows:
            scene.write("nhse_sickness", period_of_month(month), extract_date + DAY, rows)
    trust = scene.rng.choice(scene.trusts)
    again = [row for row in local if row[:2] == (trust, months_of(quarter)[2])]
    if again:
        rows = [_as_esr_absence(*row) for row in again]
        scene.write("esr_absence", period_of(quarter), extract_date, rows, sender="agency")
    if scene.happens(0.5):
        month = months_of(quarter)[0]
        again = [(code, m, lost * 1.2, days) for code, m, lost, days in local if m == month]
        rows = [_as_esr_absence(*row) for row in again]
        scene.write("esr_absence", period_of_month(month), extract_date + 40 * DAY, rows)


def _as_esr_absence(code: str, month: int, lost: float, days: float) -> dict:
    return {
        "MONTH": f"{first_day_of_month(month):%Y%m}",
        "ORG_CODE": code,
        "STAFF_GROUP": "nurses",
        "FTE_DAYS_LOST": lost,
        "FTE_DAYS_AVAILABLE": days,
    }


def _as_nhse_sickness(code: str, month: int, lost: float, days: float) -> dict:
    return {
        "DATE": first_day_of_month(month + 1) - DAY,
        "ORG_CODE": code,
        "ORG_NAME": "Trust, the",
        "ORG_TYPE": "Acute",
        "FTE_DAYS_LOST": lost,
        "FTE_DAYS_AVAILABLE": days,
        "SICKNESS_ABSENCE_RATE_PERCENT": 4,
    }
