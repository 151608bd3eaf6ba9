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
    codes = list(turnovers)
    silent, empty, impossible = (scene.rng.choice(codes[4:-3]) for _ in range(3))
    for number, code in enumerate(codes):
        months = months_of(quarter)[2:] if number % 3 == 2 else months_of(quarter)
        for month in months if code != silent else ():
            row = _finance(scene, code, month, turnovers[code])
            rows["finance"].append(row | NOTHING if code == empty else row)
            rows["bppc"] += _payments(scene, code, month, code == impossible)
            rows["procurement"].append(_purchases(scene, code, month, code == empty))
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
        if scene.happens(0.08):
            row[column] = value
    return row


def _payments(scene: Scene, code: str, month: int, is_impossible: bool) -> list[dict]:
    """A row a category; of some codes every one is impossible, or only the NHS's are sent."""
    rows = []
    for category in ("nhs", scene.rng.choice(("non_nhs", "non_nhs", "NON_NHS"))):
        gbp = scene.rng.randint(1000, 900_000)
        row = _key(code, month) | {
            "CATEGORY": category,
            "INVOICES_PAID_N": gbp // 1000,
            "INVOICES_PAID_GBP": gbp,
            "WITHIN_TARGET_N": gbp // scene.rng.choice((1000, 1500)),
            "WITHIN_TARGET_GBP": gbp if scene.happens(0.1) else round(gbp * scene.rng.random(), 2),
        }
        if is_impossible:
            row |= IMPOSSIBLE[month % 4]
        elif scene.happens(0.05):
            row |= scene.rng.choice(IMPOSSIBLE)
        rows.append(row)
    return rows[:1] if scene.happens(0.03) else rows


def _purchases(scene: Scene, code: str, month: int, is_empty: bool) -> dict:
    addressable = scene.rng.choice((0, scene.rng.randint(10_000, 500_000)))
    row = _key(code, month) | {
        "ADDRESSABLE_SPEND_GBP": addressable,
        "FRAMEWORK_SPEND_GBP": round(addressable * scene.rng.random(), 2),
    }
    if is_empty or scene.happens(0.05):
        row["FRAMEWORK_SPEND_GBP"] = None
    if is_empty or scene.happens(0.05):
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
