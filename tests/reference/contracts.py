"""What the feeds hold: columns, other names of them, keys of records, figures, accepted codes.

Written from the page on files as they come, for the reading of files and the rules on rows.
"""

import re

REQUIRED = {
    "hes_apc": (
        "EPIKEY PSEUDO_HESID PROCODE3 ADMIDATE DISDATE EPISTART EPIEND EPIORDER EPISTAT ADMIMETH"
        " CLASSPAT SEX STARTAGE DIAG_4_01 OPERTN_4_01 SUSHRG"
    ),
    "hes_op": (
        "ATTENDKEY PSEUDO_HESID PROCODE3 APPTDATE APPTAGE SEX ATTENDED FIRSTATT REFSOURC TRETSPEF"
    ),
    "epact": "PERIOD PCT_CODE BNF_CODE ITEMS QUANTITY NIC ACT_COST",
    "epd": "YEAR_MONTH PCO_CODE PRACTICE_CODE BNF_CODE ITEMS TOTAL_QUANTITY NIC ACTUAL_COST",
    "esr_absence": "MONTH ORG_CODE STAFF_GROUP FTE_DAYS_LOST FTE_DAYS_AVAILABLE",
    "nhse_sickness": (
        "DATE ORG_CODE ORG_NAME ORG_TYPE FTE_DAYS_LOST FTE_DAYS_AVAILABLE"
        " SICKNESS_ABSENCE_RATE_PERCENT"
    ),
    "esr_movement": (
        "MONTH ORG_CODE STAFF_GROUP HEADCOUNT_START HEADCOUNT_END JOINERS_HC LEAVERS_HC"
    ),
    "nhse_turnover": "PERIOD TYPE REPORTING_ORG_CODE STAFF_GROUP_1_NAME HC FTE",
    "finance": "PERIOD ORG_CODE TOTAL_PAY PAY_SUBSTANTIVE PAY_BANK PAY_AGENCY",
    "bppc": (
        "PERIOD ORG_CODE CATEGORY INVOICES_PAID_N INVOICES_PAID_GBP WITHIN_TARGET_N"
        " WITHIN_TARGET_GBP"
    ),
    "procurement": "PERIOD ORG_CODE ADDRESSABLE_SPEND_GBP FRAMEWORK_SPEND_GBP",
    "population": "PCT_CODE YEAR AGE_BAND SEX IMD_QUINTILE POPULATION",
    "organisations": "ORG_CODE ORG_NAME ORG_TYPE SHA_CODE",
    "successions": "OLD_CODE NEW_CODE EFFECTIVE_DATE",
}
_NUMBERED = [f"DIAG_4_{n:02}" for n in range(2, 21)]
_NUMBERED += [f"OPERTN_4_{n:02}" for n in range(2, 25)] + [f"OPDATE_{n:02}" for n in range(1, 25)]
OPTIONAL = {
    "hes_apc": (
        "FYEAR PROVSPNOPS PROCODE5 SITETRET SENDER EPITYPE INTMANIG DISMETH DISDEST ADMINCAT"
        " ADMISORC MAINSPEF TRETSPEF CONSULT PCTCODE_HIS RESPCT_HIS GPPRAC LSOA01 IMD04_QUINTILE"
        f" HRGLATE35 SUBDATE {' '.join(_NUMBERED)}"
    ),
    "hes_op": (
        "PCTCODE_HIS GPPRAC LSOA01 IMD04_QUINTILE ADMINCAT MAINSPEF CONSULT STAFFTYP OUTCOME"
        " REQDATE PRIORITY SUSHRG SUBDATE"
    ),
    "epact": "PRACTICE_CODE BNF_NAME",
    "epd": (
        "REGIONAL_OFFICE_NAME REGIONAL_OFFICE_CODE AREA_TEAM_NAME AREA_TEAM_CODE PCO_NAME"
        " PRACTICE_NAME ADDRESS_1 ADDRESS_2 ADDRESS_3 ADDRESS_4 POSTCODE BNF_CHEMICAL_SUBSTANCE"
        " CHEMICAL_SUBSTANCE_BNF_DESCR BNF_DESCRIPTION BNF_CHAPTER_PLUS_CODE QUANTITY ADQUSAGE"
        " UNIDENTIFIED SNOMED_CODE"
    ),
    "esr_absence": "HEADCOUNT FTE",
    "nhse_sickness": "NHSE_REGION_CODE NHSE_REGION_NAME ICS_CODE ICS_NAME",
    "esr_movement": "FTE_START FTE_END LEAVERS_FTE LEAVING_REASON",
    "nhse_turnover": (
        "NHSE_REGION_CODE NHSE_REGION_NAME ICS_CODE ICS_NAME REPORTING_ORG_NAME CLUSTER_GROUP"
        " BENCHMARK_GROUP"
    ),
    "finance": (
        "TOTAL_INCOME NON_PAY CLOSING_CASH CLOSING_CASH_PLAN SURPLUS SURPLUS_PLAN TURNOVER_ANNUAL"
        " RECEIVABLES_NHS RECEIVABLES_NONNHS PAYABLES_NHS PAYABLES_NONNHS"
    ),
    "organisations": "OPEN_DATE CLOSE_DATE CLUSTER",
}
# Names that publishers give to columns, by feed.
ALSO_CALLED = {
    "epd": {
        "BNF_PRESENTATION_CODE": "BNF_CODE",
        "BNF_PRESENTATION_NAME": "BNF_DESCRIPTION",
        "BNF_CHEMICAL_SUBSTANCE_CODE": "BNF_CHEMICAL_SUBSTANCE",
        "ICB_NAME": "AREA_TEAM_NAME",
        "ICB_CODE": "AREA_TEAM_CODE",
        "ADQ_USAGE": "ADQUSAGE",
    },
    "epact": {
        "PCT": "PCT_CODE",
        "PRACTICE": "PRACTICE_CODE",
        "BNF CODE": "BNF_CODE",
        "BNF NAME": "BNF_NAME",
        "ACT COST": "ACT_COST",
    },
    "nhse_sickness": {
        "MONTH": "DATE",
        "FTE DAYS SICK": "FTE_DAYS_LOST",
        "SA RATE (%)": "SICKNESS_ABSENCE_RATE_PERCENT",
    },
}
RECORD_KEYS = {
    "esr_absence": ("MONTH", "ORG_CODE", "STAFF_GROUP"),
    "nhse_sickness": ("DATE", "ORG_CODE"),
    "esr_movement": ("MONTH", "ORG_CODE", "STAFF_GROUP", "LEAVING_REASON"),
    "nhse_turnover": ("PERIOD", "TYPE", "REPORTING_ORG_CODE", "STAFF_GROUP_1_NAME"),
    "finance": ("PERIOD", "ORG_CODE"),
    "bppc": ("PERIOD", "ORG_CODE", "CATEGORY"),
    "procurement": ("PERIOD", "ORG_CODE"),
}
# Figures that an indicator of the feed needs (U01).
MEASURES = {
    "epact": ("ITEMS", "NIC"),
    "epd": ("ITEMS", "NIC"),
    "esr_absence": ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE"),
    "nhse_sickness": ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE"),
    "esr_movement": ("HEADCOUNT_START", "HEADCOUNT_END", "LEAVERS_HC"),
    "nhse_turnover": ("HC",),
    "finance": (
        "TOTAL_PAY",
        "PAY_AGENCY",
        "CLOSING_CASH",
        "CLOSING_CASH_PLAN",
        "SURPLUS",
        "SURPLUS_PLAN",
        "TURNOVER_ANNUAL",
    ),
    "bppc": ("INVOICES_PAID_GBP", "WITHIN_TARGET_GBP"),
    "procurement": ("ADDRESSABLE_SPEND_GBP", "FRAMEWORK_SPEND_GBP"),
}
WHOLE_NUMBERS = {
    "HEADCOUNT_START",
    "HEADCOUNT_END",
    "LEAVERS_HC",
    "HC",
    "INVOICES_PAID_N",
    "WITHIN_TARGET_N",
}
# Codes, by column; any other value is null.
ACCEPTED = {
    "EPISTAT": ("1", "3", "9"),
    "CLASSPAT": ("1", "2", "3", "4", "5", "8", "9"),
    "SEX": ("0", "1", "2", "9"),
    "EPITYPE": ("1", "2", "3", "4", "5", "6"),
    "ADMIMETH": (
        *("11", "12", "13", "21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"),
        *("31", "32", "81", "82", "83", "84", "89", "98", "99"),
    ),
    "ATTENDED": ("0", "2", "3", "4", "5", "6", "7", "9"),
    "FIRSTATT": ("1", "2", "3", "4", "5", "9", "X"),
    "CATEGORY": ("NHS", "NON_NHS"),
    "LEAVING_REASON": (
        "VOLUNTARY",
        "RETIREMENT",
        "DISMISSAL",
        "REDUNDANCY",
        "END_OF_FTC",
        "TRANSFER_TUPE",
        "DEATH",
        "ROTATION",
    ),
    "TYPE": (
        "DENOMINATOR_AT_START_OF_PERIOD",
        "DENOMINATOR_AT_END_OF_PERIOD",
        "JOINERS",
        "LEAVERS",
    ),
    "ORG_TYPE": (
        "ACUTE",
        "ACUTE_FT",
        "ACUTE_SPECIALIST",
        "PCT",
        "CCG",
        "ICB",
        "SHA",
        "REGION",
        "MENTAL_HEALTH",
        "OTHER",
    ),
}
# Labels of a group that is all groups together (T01).
TOTAL_LABELS = (
    "all",
    "all employees",
    "all groups",
    "all staff",
    "all staff groups",
    "grand total",
    "total",
    "total staff",
)


def required(feed: str) -> list[str]:
    """The columns without which a file is refused."""
    return REQUIRED[feed].split()


def columns(feed: str) -> list[str]:
    """The columns of a feed's contract."""
    return [*required(feed), *OPTIONAL.get(feed, "").split()]


def plain(name: str) -> str:
    """A column's name as names are compared: without case, blanks, underscores, punctuation."""
    return re.sub(r"[\W_]", "", name).upper()


def names(feed: str) -> dict[str, str]:
    """The columns of a contract by every name that they go by, plain."""
    others = {plain(other): column for other, column in ALSO_CALLED.get(feed, {}).items()}
    return others | {plain(column): column for column in columns(feed)}
