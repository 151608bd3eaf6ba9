"""Rows of submissions with what is usual in them, and what the reference makes of a folder."""

from datetime import date, timedelta
from pathlib import Path

from reference import parsing, quarters
from reference.golden import Golden
from reference.population import BANDS
from reference.tables import compute

# The golden cases' own names, as organisations that there are.
STANDS_FOR = {
    "A": "RWE",
    "B": "RWD",
    "C": "RWF",
    "P1": "5A3",
    "P2": "5A4",
    "P3": "5A5",
    "P4": "5A7",
}
QUARTER = quarters.from_label("2006-07 Q1")


POPULATION = "population__fy2006-07__2006-06-30.csv"


OUTPATIENTS = "hes_op__fy2006-07q1__2007-12-31.csv"


FINANCE = "finance__fy2006-07q1__2006-08-22.csv"


EPACT = "epact__m2006-04__2006-08-22.csv"


def episode(number: int, **values: object) -> dict:
    """An elective inpatient episode of three days, a person and a spell of its own."""
    row = {
        "EPIKEY": number,
        "PSEUDO_HESID": f"P{number}",
        "PROCODE3": "RWE",
        "ADMIDATE": "2006-04-03",
        "DISDATE": "2006-04-05",
        "EPISTART": "2006-04-03",
        "EPIEND": "2006-04-05",
        "EPIORDER": 1,
        "EPISTAT": 3,
        "ADMIMETH": "11",
        "CLASSPAT": 1,
        "SEX": 1,
        "STARTAGE": 50,
        "IMD04_QUINTILE": 3,
        "PCTCODE_HIS": None,
        "RESPCT_HIS": None,
        "DISMETH": 1,
        "DIAG_4_01": "I10X",
        "DIAG_4_02": None,
        "OPERTN_4_01": "-",
        "SUSHRG": "AA22C",
        "OPDATE_01": None,
        "PROVSPNOPS": f"S{number}",
    }
    assert values.keys() <= row.keys()
    return row | values


def stays(*groups: tuple[str, int, int, str, str]) -> list[dict]:
    """Episodes of (provider, number of spells, days, admission method, HRG)."""
    rows = []
    for provider, n, days, method, hrg in groups:
        end = date(2006, 4, 3) + timedelta(days=days)
        values = {"PROCODE3": provider, "DISDATE": end, "EPIEND": end}
        for _ in range(n):
            rows.append(episode(len(rows), **values, ADMIMETH=method, SUSHRG=hrg))
    return rows


def people(pct: str, number: int, band: str = "50-54", year: int = 2006) -> dict:
    """Men of the middle deprivation quintile, as a row of population."""
    return {
        "PCT_CODE": pct,
        "YEAR": year,
        "AGE_BAND": band,
        "SEX": 1,
        "IMD_QUINTILE": 3,
        "POPULATION": number,
    }


def whole(rows: list[dict]) -> list[dict]:
    """Rows of population with nobody in the bands and of the sex that they do not name."""
    places = {(row["PCT_CODE"], row["YEAR"]) for row in rows}
    told = {(row["PCT_CODE"], row["YEAR"], row["AGE_BAND"], row["SEX"]) for row in rows}
    nobody = [
        people(pct, 0, band, year) | {"SEX": sex}
        for pct, year in sorted(places)
        for band in BANDS
        for sex in (1, 2)
        if (pct, year, band, sex) not in told
    ]
    return rows + nobody


def appointment(number: int, **values: object) -> dict:
    """An attended first appointment referred by a GP, of a person of its own."""
    row = {
        "ATTENDKEY": number,
        "PSEUDO_HESID": f"P{number}",
        "PROCODE3": "RWE",
        "PCTCODE_HIS": "5A3",
        "APPTDATE": "2006-04-03",
        "APPTAGE": 50,
        "SEX": 1,
        "IMD04_QUINTILE": 3,
        "ATTENDED": 5,
        "FIRSTATT": 1,
        "REFSOURC": "03",
        "ADMINCAT": "01",
        "TRETSPEF": "100",
        "STAFFTYP": None,
        "SUBDATE": "2006-05-01",
    }
    assert values.keys() <= row.keys()
    return row | values


def appointments(*groups: tuple[int, dict]) -> list[dict]:
    """Appointments of (number, what is unlike the usual one)."""
    rows = []
    for n, values in groups:
        rows += [appointment(len(rows) + i, **values) for i in range(n)]
    return rows


def months(first: str, number: int) -> list[str]:
    """Consecutive months as YYYYMM."""
    start = parsing.to_month(first)
    days = (quarters.first_day_of_month(start + i) for i in range(number))
    return [f"{day:%Y%m}" for day in days]


def movement(code: str, month: str, staff: int, leavers: int, **values: object) -> dict:
    """Staff of one group, who leave for no reason given."""
    return {
        "MONTH": month,
        "ORG_CODE": code,
        "STAFF_GROUP": "nurses",
        "HEADCOUNT_START": staff,
        "HEADCOUNT_END": staff,
        "JOINERS_HC": 0,
        "LEAVERS_HC": leavers,
        "LEAVING_REASON": None,
    } | values


def published_movement(code: str, kind: str, number: int, group: str = "All staff groups") -> dict:
    """A figure of June 2006 in the published format."""
    return {
        "PERIOD": "200605 to 200606",
        "TYPE": kind,
        "REPORTING_ORG_CODE": code,
        "STAFF_GROUP_1_NAME": group,
        "HC": number,
        "FTE": number,
    }


def money(code: str, month: str, **values: object) -> dict:
    """A row of finance."""
    columns = (
        "TOTAL_PAY",
        "PAY_SUBSTANTIVE",
        "PAY_BANK",
        "PAY_AGENCY",
        "CLOSING_CASH",
        "CLOSING_CASH_PLAN",
        "SURPLUS",
        "SURPLUS_PLAN",
        "TURNOVER_ANNUAL",
    )
    assert values.keys() <= set(columns)
    return {"PERIOD": month, "ORG_CODE": code} | dict.fromkeys(columns) | values


def paid(code: str, month: str, number: tuple, gbp: tuple, category: str = "non_nhs") -> dict:
    """Invoices as (in time, paid), by number and value."""
    return {
        "PERIOD": month,
        "ORG_CODE": code,
        "CATEGORY": category,
        "INVOICES_PAID_N": number[1],
        "INVOICES_PAID_GBP": gbp[1],
        "WITHIN_TARGET_N": number[0],
        "WITHIN_TARGET_GBP": gbp[0],
    }


def prescribed(code: str, bnf_code: str, items: int, cost: int) -> dict:
    """A drug in April 2006."""
    return {
        "PERIOD": "200604",
        "PCT_CODE": code,
        "BNF_CODE": bnf_code,
        "ITEMS": items,
        "QUANTITY": 1,
        "NIC": cost,
        "ACT_COST": 1,
    }


def values_of(folder: Path, indicator: str) -> dict[str, dict]:
    """Rows of the first quarter of 2006-07 by organisation."""
    rows = compute(folder).fct_indicator_values
    return {
        row["organisation_code"]: row
        for row in rows
        if row["indicator_id"] == indicator and row["quarter"] == "2006-07 Q1"
    }


def assert_golden(golden: Golden, found: dict[str, dict]) -> None:
    """All rows of the case are there, by its own names or of what stands for them, and agree."""
    rows = {key: found[key if key in found else STANDS_FOR[key]] for key in golden.rows}
    assert not golden.differences(rows)
