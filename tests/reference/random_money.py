"""Random submissions of finance, bppc and procurement, of trusts and PCTs.

Rulebook 5.10 to 5.14.
"""

from reference.quarters import (
    financial_year_to,
    first_day_of_month,
    last_day,
    months_of,
    quarter_of_month,
)
from reference.random_dirt import UNREADABLE
from reference.random_files import DAY, Scene, periods_of

# What may be missing from a row of finance.
NOTHING = {
    "TOTAL_PAY": None,
    "PAY_AGENCY": None,
    "CLOSING_CASH": None,
    "CLOSING_CASH_PLAN": None,
    "SURPLUS": "n/a",
    "SURPLUS_PLAN": None,
    "TURNOVER_ANNUAL": None,
}
# More in time than paid, in number or £, or less than nothing: F01; a null is not.
IMPOSSIBLE = (
    {"WITHIN_TARGET_N": 10_000},
    {"WITHIN_TARGET_GBP": 99_000_000},
    {"WITHIN_TARGET_N": -1},
    {"WITHIN_TARGET_GBP": -0.01},
    {"WITHIN_TARGET_N": None, "INVOICES_PAID_N": "x"},
    {"WITHIN_TARGET_GBP": None},
    {"INVOICES_PAID_GBP": None},
    {"INVOICES_PAID_GBP": "*"},
    {"INVOICES_PAID_GBP": -5, "WITHIN_TARGET_GBP": None},
)
STRANGERS = ("ZZ9", "RAT", "Q33")


def write_money(scene: Scene) -> None:
    """Write the feeds of the first quarter's financial year to the last quarter."""
    first, last = quarter_of_month(financial_year_to(scene.quarters[0])[0]), scene.quarters[-1]
    codes = [*scene.trusts, *scene.pcts, *STRANGERS]
    turnovers = {code: scene.rng.randint(50, 400) * 1_000_000 for code in codes}
    for period, quarters in periods_of(range(first, last + 1)).items():
        rows = {"finance": [], "bppc": [], "procurement": []}
        for quarter in quarters:
            for feed, sent in _of_quarter(scene, quarter, turnovers).items():
                rows[feed] += sent
        for feed, sent in rows.items():
            _write(scene, feed, period, quarters[-1], sent)


def _of_quarter(scene: Scene, quarter: int, turnovers: dict[str, int]) -> dict[str, list[dict]]:
    """Rows by feed; most send every month, every third by quarter, one nothing."""
    rows = {"finance": [], "bppc": [], "procurement": []}
    codes, rng = list(turnovers), scene.rng
    # Of these a quarter much more or less is sent than before, or amounts in thousands.
    factors = {code: rng.choice((0.25, 0.34, 3.1, 4)) for code in codes if scene.is_dirty(0.06)}
    if scene.is_dirty(0.5):
        factors[rng.choice(codes)] = 0.001
    silent, empty, impossible = (scene.rng.choice(codes[4:-3]) for _ in range(3))
    for number, code in enumerate(codes):
        months = months_of(quarter)[2:] if number % 3 == 2 else months_of(quarter)
        if len(months) > 1 and scene.is_dirty(0.1):  # C01
            months = [month for month in months if month != rng.choice(months)]
        for month in months if code != silent else ():
            row = _finance(scene, code, month, turnovers[code] * factors.get(code, 1))
            rows["finance"].append(row | NOTHING if code == empty else row)
            factor = factors.get(code, 1)
            rows["bppc"] += _payments(scene, code, month, code == impossible, factor)
            rows["procurement"].append(_purchases(scene, code, month, code == empty, factor))
            for sent in rows.values():
                if sent and scene.is_dirty(0.01):  # D02, or D01 where nothing differs
                    last = sent[-1]
                    figure = list(last)[-1]
                    sent.append(last | {figure: scene.rng.choice((last[figure], 7))})
    return rows


def _key(code: str, month: int) -> dict:
    return {"PERIOD": f"{first_day_of_month(month):%Y%m}", "ORG_CODE": code}


def _finance(scene: Scene, code: str, month: int, turnover: int) -> dict:
    rng, pay = scene.rng, turnover / 20
    row = _key(code, month) | {
        "TOTAL_PAY": pay,
        "PAY_SUBSTANTIVE": round(0.9 * pay, 2),
        "PAY_BANK": "",
        "PAY_AGENCY": round(pay * rng.choice((0, 0.02, rng.uniform(0.01, 0.1))), 2),
        "CLOSING_CASH": rng.randint(-500_000, 4_000_000),
        "CLOSING_CASH_PLAN": rng.choice((0, 2_000_000)),
        "SURPLUS": rng.randint(-900_000, 900_000),
        "SURPLUS_PLAN": rng.choice((0, 50_000, -20_000)),
        "TURNOVER_ANNUAL": turnover + rng.randint(0, 1000),
    }
    if scene.happens(0.02):
        row["TOTAL_PAY"] = 0
    for column, value in NOTHING.items():
        if scene.is_dirty(0.012):
            row[column] = scene.rng.choice((value, *UNREADABLE))
        elif column not in ("TOTAL_PAY", "PAY_AGENCY") and scene.happens(0.05):
            row[column] = None
    return row


def _payments(
    scene: Scene, code: str, month: int, is_impossible: bool, factor: float
) -> list[dict]:
    """A row a category; of some codes every one is impossible, or only the NHS's are sent."""
    rows = []
    for category in ("nhs", scene.rng.choice(("non_nhs", "non_nhs", "NON_NHS"))):
        gbp = int(scene.rng.randint(300_000, 600_000) * factor)
        row = _key(code, month) | {
            "CATEGORY": category,
            "INVOICES_PAID_N": gbp // 1000,
            "INVOICES_PAID_GBP": gbp,
            "WITHIN_TARGET_N": gbp // scene.rng.choice((1000, 1500)),
            "WITHIN_TARGET_GBP": gbp if scene.happens(0.1) else round(gbp * scene.rng.random(), 2),
        }
        if is_impossible:
            row |= IMPOSSIBLE[month % 4]
        elif scene.is_dirty(0.03):
            row |= scene.rng.choice(IMPOSSIBLE)
        rows.append(row)
    if scene.is_dirty(0.05):
        label = scene.rng.choice(("Total", "All", "other"))
        rows.append(rows[-1] | {"CATEGORY": label, "INVOICES_PAID_GBP": 9_000_000})
    return rows[:1] if scene.happens(0.03) else rows


def _purchases(scene: Scene, code: str, month: int, is_empty: bool, factor: float) -> dict:
    addressable = scene.rng.choice((0, *[scene.rng.randint(200_000, 300_000)] * 3)) * factor
    row = _key(code, month) | {
        "ADDRESSABLE_SPEND_GBP": addressable,
        "FRAMEWORK_SPEND_GBP": round(addressable * scene.rng.random(), 2),
    }
    if is_empty or scene.is_dirty(0.02):
        row["FRAMEWORK_SPEND_GBP"] = scene.rng.choice((None, "*", "n/a", "c"))
    if is_empty or scene.is_dirty(0.02):
        row["ADDRESSABLE_SPEND_GBP"] = None
    return row


def _write(scene: Scene, feed: str, period: str, quarter: int, rows: list[dict]) -> None:
    """The file to a quarter; one organisation is another sender's, and one of both (V03)."""
    day = last_day(quarter) + 40 * DAY
    moved, repeated = scene.rng.sample([*scene.trusts[4:], *scene.pcts], 2)
    others = [row for row in rows if row["ORG_CODE"] == moved]
    rows = [row for row in rows if row["ORG_CODE"] != moved]
    again = [row for row in rows if row["ORG_CODE"] == repeated][:2]
    scene.write(feed, period, day, rows)
    if others + again:
        scene.write(feed, period, day + DAY, others + again, sender="north")
