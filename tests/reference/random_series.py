"""A random set of four years and few organisations, for what chance and time make of values.

The files are clean: what makes one hard to read is the other sets' matter (Rulebook 9).
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reference.organisations import PCT_TYPES, TRUST_TYPES
from reference.population import BANDS
from reference.quarters import (
    financial_year,
    first_day,
    first_day_of_month,
    from_label,
    last_day,
    months_of,
)
from reference.random_files import DAY, Scene
from reference.seeds import read_seed

QUARTERS = range(from_label("2006-07 Q1"), from_label("2009-10 Q4") + 1)
TRUSTS = [f"RZ{letter}" for letter in "ABCDEFGHJKLMNP"]
PCTS = [f"5Z{letter}" for letter in "ABCDEFGHJKLMN"]
# Two that are compared among themselves alone; two that merge; one that opens later.
SPECIALISTS = TRUSTS[-2:]
MERGED, MERGED_INTO, MERGED_ON = TRUSTS[10], TRUSTS[9], date(2008, 9, 1)
NEWCOMER, OPENED_ON = TRUSTS[11], date(2008, 4, 1)
# Nobody of this trust misses an appointment or leaves, nobody of this PCT has clopidogrel.
WITHOUT_EVENTS, WITHOUT_DRUG = TRUSTS[4], PCTS[4]
# Of the last quarters there is more care, so that few are under a minimum: not of those before,
# which would make it too much or too little (V01).
N_FULL_QUARTERS = 2
# Quarters by number that some do not send; in two of them figures begin to come about otherwise.
GAPS = (2, 6, 12)
HRGS = ("AA22C", "AA22D", "FZ12A", "HB12B")
BASKET = ("T201", "C712", "N303", "W822")
# Procedures and diagnoses of the surgical thresholds that are in the basket too.
THRESHOLDS = (("D151", "H652"), ("Q103", "N920"))
SENSITIVE = ("J459", "I500", "N10X", "L031")
DRUGS = (
    # preferred, other: of 07, 17 and 18
    ("0212000Y0AAAAAA", "0212000B0AAABAB"),
    ("0205051R0AAABAB", "0205052N0AAAAAA"),
    ("0103050P0AAAAAA", "0103050E0AAAAAA"),
)
CLOPIDOGREL = "0209000C0AAAAAA"

# How a figure goes on: its factor by number of the quarter, and the noise on it.
PATTERNS: dict[str, tuple[Callable[[int], float], float]] = {
    "steady": (lambda _: 1.0, 0.02),
    "even": (lambda _: 1.0, 0.0),
    "rising": (lambda n: 1 + 0.02 * n, 0.004),
    "falling": (lambda n: 1 - 0.02 * n, 0.004),
    "up and down": (lambda n: 1.3 - 0.03 * abs(n - 8), 0.002),
    "stepping": (lambda n: 1.0 if n < 8 else 1.15, 0.02),
    "leaping": (lambda n: 1.25 if n % 9 == 5 else 1.0, 0.01),
    "wandering": (lambda n: 1 + 0.12 * math.sin(n / 2), 0.02),
}


@dataclass
class Series:
    """The organisations' figures in time."""

    scene: Scene
    started: dict[tuple, tuple[str, float]] = field(default_factory=dict)

    def at(self, name: str, code: str, number: int, usual: float, spread: float) -> float:
        """A figure of an organisation in a quarter by number.

        usual is that of all, spread how far one's own may be from it.
        """
        if (name, code) not in self.started:
            pattern = self.scene.rng.choice(list(PATTERNS))
            # To few digits, so that some are equal.
            own = round(usual * (1 + self.scene.rng.uniform(-spread, spread)), 3)
            self.started[name, code] = pattern, own
        pattern, own = self.started[name, code]
        factor, noise = PATTERNS[pattern]
        return own * factor(number) * (1 + self.scene.rng.gauss(0, noise))

    def silent(self, name: str, code: str, number: int) -> bool:
        """Whether an organisation sends nothing of a feed in a quarter."""
        chance = random.Random(f"{name} {code}")
        return chance.random() < 0.25 and number == chance.choice(GAPS)


def write_series(folder: Path, seed: int) -> None:
    """Write the files of the set into a folder, one a feed and financial year."""
    quarters = list(QUARTERS)
    scene = Scene(folder, random.Random(seed), quarters, TRUSTS, PCTS, dirt=0.0, layouts=False)
    folder.mkdir(parents=True)
    _write_organisations(scene)
    series = Series(scene)
    rows: dict[tuple[str, int], list[dict]] = {}
    for number, quarter in enumerate(quarters):
        for feed, sent in (
            ("epact", _prescribed(series, number, quarter)),
            ("esr_absence", _absences(series, number, quarter)),
            ("esr_movement", _movements(series, number, quarter)),
            *_returns(series, number, quarter).items(),
            ("hes_op", _appointments(series, number, quarter)),
            ("hes_apc", _spells(series, number, quarter)),
        ):
            rows.setdefault((feed, quarter // 4), []).extend(sent)
    for (feed, year), sent in rows.items():
        day = last_day(4 * year + 3) + 60 * DAY
        scene.write(feed, f"fy{financial_year(year)}", day, sent, faulty=False)
    _write_population(scene)


def _open(code: str, quarter: int) -> bool:
    if code == MERGED:
        return last_day(quarter) < MERGED_ON
    return code != NEWCOMER or last_day(quarter) >= OPENED_ON


def _write_organisations(scene: Scene) -> None:
    """Those of the set; all others were closed long ago, which keeps the tables small."""
    rows = [
        {
            "ORG_CODE": row["org_code"],
            "ORG_NAME": row["org_name"],
            "ORG_TYPE": row["org_type"],
            "SHA_CODE": row["sha_code"],
            "OPEN_DATE": None,
            "CLOSE_DATE": date(2000, 1, 1),
            "CLUSTER": None,
        }
        for row in read_seed("organisations")
        if row["org_type"] in TRUST_TYPES | PCT_TYPES
    ]
    for number, code in enumerate(TRUSTS + PCTS):
        kind = "acute" if number % 2 else "acute_ft"
        if code in SPECIALISTS:
            kind = "acute_specialist"
        rows.append(
            {
                "ORG_CODE": code,
                "ORG_NAME": f"Body {code}",
                "ORG_TYPE": "pct" if code in PCTS else kind,
                "SHA_CODE": (None, "Q33", "Q34", "Q33")[number % 4],
                "OPEN_DATE": OPENED_ON if code == NEWCOMER else None,
                "CLOSE_DATE": None,
                "CLUSTER": (None, "Acute - Large", "Acute - Small")[number % 3],
            }
        )
    day = first_day(scene.quarters[0]) + 40 * DAY
    scene.write("organisations", "fy2006-07", day, rows, faulty=False)
    merger = {"OLD_CODE": MERGED, "NEW_CODE": MERGED_INTO, "EFFECTIVE_DATE": MERGED_ON}
    scene.write("successions", "fy2006-07", day, [merger], faulty=False)


def _month(month: int) -> str:
    return f"{first_day_of_month(month):%Y%m}"


def _prescribed(series: Series, number: int, quarter: int) -> list[dict]:
    """Items of each pair of drugs, and of clopidogrel; of one PCT few, of another none of it."""
    rows = []
    for pct in PCTS:
        if series.silent("epact", pct, number):
            continue
        size = 60 if pct == PCTS[-1] else 400 + 40 * PCTS.index(pct)
        for name, pair in enumerate(DRUGS):
            share = min(0.99, series.at(f"drugs {name}", pct, number, 0.6, 0.2))
            items = [round(size * share), size - round(size * share)]
            for month in months_of(quarter):
                for code, n, cost in zip(pair, items, (3.1, 22.7), strict=True):
                    rows.append(_drug(pct, month, code, n, round(n * cost, 2)))
        if pct != WITHOUT_DRUG:
            n = round(series.at("clopidogrel", pct, number, 45, 0.4))
            rows += [_drug(pct, month, CLOPIDOGREL, n, 30.0 * n) for month in months_of(quarter)]
    return rows


def _drug(pct: str, month: int, bnf_code: str, items: int, cost: float) -> dict:
    return {
        "PERIOD": _month(month),
        "PCT_CODE": pct,
        "BNF_CODE": bnf_code,
        "ITEMS": items,
        "QUANTITY": 28 * items + 1,
        "NIC": cost,
        "ACT_COST": cost,
    }


def _absences(series: Series, number: int, quarter: int) -> list[dict]:
    """Days of a trust; once more than can be (W01)."""
    rows = []
    for trust in TRUSTS:
        if not _open(trust, quarter) or series.silent("esr_absence", trust, number):
            continue
        days = 9000 + 1000 * TRUSTS.index(trust)
        rate = series.at("absence", trust, number, 0.05, 0.3)
        if trust == TRUSTS[2] and number == 9:
            rate = 0.2
        rows += [
            {
                "MONTH": _month(month),
                "ORG_CODE": trust,
                "STAFF_GROUP": "nurses",
                "FTE_DAYS_LOST": round(days * rate, 1),
                "FTE_DAYS_AVAILABLE": days,
            }
            for month in months_of(quarter)
        ]
    return rows


def _movements(series: Series, number: int, quarter: int) -> list[dict]:
    """Heads of a trust and who leaves."""
    rows = []
    for trust in TRUSTS:
        if not _open(trust, quarter):
            continue
        heads = 800 + 70 * TRUSTS.index(trust)
        for month in months_of(quarter):
            leavers = round(heads * series.at("leavers", trust, number, 0.009, 0.5))
            rows.append(
                {
                    "MONTH": _month(month),
                    "ORG_CODE": trust,
                    "STAFF_GROUP": "nurses",
                    "HEADCOUNT_START": heads,
                    "HEADCOUNT_END": heads,
                    "JOINERS_HC": 5,
                    "LEAVERS_HC": 0 if trust == WITHOUT_EVENTS else leavers,
                    "LEAVING_REASON": "voluntary",
                }
            )
    return rows


def _returns(series: Series, number: int, quarter: int) -> dict[str, list[dict]]:
    """Finance, payments and purchases of trusts and PCTs."""
    rows = {"finance": [], "bppc": [], "procurement": []}
    for place, code in enumerate(TRUSTS + PCTS):
        if not _open(code, quarter) or series.silent("returns", code, number):
            continue
        turnover = 100_000_000 + 4_000_000 * place
        pay, spent = turnover / 20, turnover / 100
        agency = series.at("agency", code, number, 0.04, 0.5)
        cash = series.at("cash", code, number, 0.02, 0.5)
        surplus = series.at("surplus", code, number, 0.004, 2.0)
        in_time = min(1.0, series.at("payments", code, number, 0.8, 0.1))
        framework = series.at("framework", code, number, 0.5, 0.2)
        for month in months_of(quarter):
            key = {"PERIOD": _month(month), "ORG_CODE": code}
            rows["finance"].append(
                key
                | {
                    "TOTAL_PAY": pay,
                    "PAY_SUBSTANTIVE": round(pay * (1 - agency), 2),
                    "PAY_BANK": 0,
                    "PAY_AGENCY": round(pay * agency, 2),
                    "CLOSING_CASH": round(turnover * cash, 2),
                    "CLOSING_CASH_PLAN": turnover * 0.02,
                    "SURPLUS": round(turnover / 12 * surplus, 2),
                    "SURPLUS_PLAN": 0,
                    "TURNOVER_ANNUAL": turnover,
                }
            )
            rows["bppc"].append(
                key
                | {
                    "CATEGORY": "non_nhs",
                    "INVOICES_PAID_N": 1000,
                    "INVOICES_PAID_GBP": spent,
                    "WITHIN_TARGET_N": round(1000 * in_time),
                    "WITHIN_TARGET_GBP": round(spent * in_time, 2),
                }
            )
            rows["procurement"].append(
                key
                | {
                    "ADDRESSABLE_SPEND_GBP": spent,
                    "FRAMEWORK_SPEND_GBP": round(spent * framework, 2),
                }
            )
    return rows


def _day(scene: Scene, quarter: int) -> date:
    length = (last_day(quarter) - first_day(quarter)).days
    return first_day(quarter) + scene.rng.randint(0, length) * DAY


def _patient(scene: Scene) -> dict:
    return {
        "SEX": scene.rng.choice("12"),
        "IMD04_QUINTILE": scene.rng.choice("12345"),
        "PCTCODE_HIS": scene.rng.choice(PCTS),
    }


def _appointments(series: Series, number: int, quarter: int) -> list[dict]:
    """Appointments of a trust: too few for a judgement of how complete they are."""
    scene, rng, rows = series.scene, series.scene.rng, []
    for trust in TRUSTS:
        if not _open(trust, quarter) or series.silent("hes_op", trust, number):
            continue
        missed = series.at("missed", trust, number, 0.12, 0.5)
        follow_ups = series.at("follow-ups", trust, number, 0.5, 0.2)
        for _ in range(70):
            is_missed = trust != WITHOUT_EVENTS and scene.happens(missed)
            is_first = not scene.happens(follow_ups)
            rows.append(
                _patient(scene)
                | {
                    "ATTENDKEY": scene.new_key(),
                    "PSEUDO_HESID": f"A{scene.n_keys}",
                    "PROCODE3": trust,
                    "APPTDATE": _day(scene, quarter),
                    "APPTAGE": rng.randint(0, 95),
                    "ATTENDED": "3" if is_missed else "5",
                    "FIRSTATT": "1" if is_first else "2",
                    "REFSOURC": rng.choice(("03", "03", "01")),
                    "TRETSPEF": rng.choice(("100", "300")),
                }
            )
    return rows


def _spells(series: Series, number: int, quarter: int) -> list[dict]:
    """Elective and emergency spells of one episode, and returns after them."""
    is_full = number >= len(QUARTERS) - N_FULL_QUARTERS
    rows = []
    for trust in TRUSTS:
        if not _open(trust, quarter) or series.silent("hes_apc", trust, number):
            continue
        stay = series.at("stay", trust, number, 4.0, 0.3)
        waiting = series.at("waiting", trust, number, 0.8, 0.5)
        in_a_day = series.at("day cases", trust, number, 0.5, 0.3)
        returning = series.at("returns of patients", trust, number, 0.12, 0.4)
        n_elective, n_emergency = (190, 40) if is_full else (20, 14)
        for n in range(n_elective + n_emergency):
            is_elective = n < n_elective
            is_day = is_elective and series.scene.happens(in_a_day * (0.6 if is_full else 1.0))
            spell = _spell(series.scene, trust, quarter, is_elective, is_day, stay, waiting)
            rows.append(spell)
            if series.scene.happens(returning):
                rows += _return_after(series.scene, spell, quarter)
    return rows


def _spell(
    scene: Scene,
    trust: str,
    quarter: int,
    is_elective: bool,
    is_day: bool,
    stay: float,
    waiting: float,
) -> dict:
    rng = scene.rng
    days = 0 if is_day else 1 + int(rng.expovariate(1 / stay))
    discharged = _day(scene, quarter)
    admitted = discharged - days * DAY
    procedure, diagnosis = "-", rng.choice(SENSITIVE)
    if is_elective:
        pair = rng.choice(THRESHOLDS) if scene.happens(0.7) else (rng.choice(BASKET), "K409")
        procedure, diagnosis = pair
    operated = admitted + min(days, int(rng.expovariate(1 / waiting))) * DAY
    return _patient(scene) | {
        "EPIKEY": scene.new_key(),
        "PSEUDO_HESID": f"S{scene.n_keys}",
        "PROCODE3": trust,
        "ADMIDATE": admitted,
        "DISDATE": discharged,
        "EPISTART": admitted,
        "EPIEND": discharged,
        "EPIORDER": 1,
        "EPISTAT": 3,
        "ADMIMETH": "11" if is_elective else "21",
        "CLASSPAT": 2 if is_day else 1,
        "STARTAGE": rng.randint(0, 95),
        "DIAG_4_01": diagnosis,
        "OPERTN_4_01": procedure,
        "OPDATE_01": operated if is_elective else None,
        "SUSHRG": rng.choice(HRGS) if scene.happens(0.98) else None,
        "DISMETH": "1",
    }


def _return_after(scene: Scene, spell: dict, quarter: int) -> list[dict]:
    """A stay of a day soon after, where it ends in the same quarter."""
    admitted = spell["DISDATE"] + scene.rng.randint(0, 30) * DAY
    discharged = admitted + DAY
    if discharged > last_day(quarter):
        return []
    return [
        spell
        | {
            "EPIKEY": scene.new_key(),
            "ADMIDATE": admitted,
            "DISDATE": discharged,
            "EPISTART": admitted,
            "EPIEND": discharged,
            "ADMIMETH": "22",
            "CLASSPAT": 1,
            "DIAG_4_01": "K358",
            "OPERTN_4_01": "-",
            "OPDATE_01": None,
        }
    ]


def _write_population(scene: Scene) -> None:
    rows = [
        {
            "PCT_CODE": pct,
            "YEAR": 2006,
            "AGE_BAND": band,
            "SEX": sex,
            "IMD_QUINTILE": quintile,
            "POPULATION": scene.rng.randint(300, 700),
        }
        for pct in PCTS
        for band in BANDS
        for sex in (1, 2)
        for quintile in range(1, 6)
    ]
    scene.write("population", "fy2006-07", date(2006, 6, 30), rows, faulty=False)
