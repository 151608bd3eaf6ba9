"""The reports: results side by side, a row an organisation and quarter."""

from reference.organisations import CLASSES, Register
from reference.seeds import registry

# The end of a column's name, and the column of fct_indicator_values that it takes.
COLUMNS = {
    "value": "value",
    "rank": "national_rank",
    "quartile": "quartile",
    "status": "publication_status",
    "opportunity_annual_gbp": "opportunity_annual_gbp",
}


def side_by_side(rows: list[dict], register: Register, organisation_class: str) -> list[dict]:
    """Rows of rpt_trust_indicators or rpt_pct_indicators, from those of fct_indicator_values."""
    of_class = [row for row in rows if row["organisation_class"] == organisation_class]
    found = {
        (row["indicator_id"], row["organisation_code"], row["quarter"]): row for row in of_class
    }
    report = []
    for code, quarter in sorted({(row["organisation_code"], row["quarter"]) for row in of_class}):
        organisation = register.organisations[code]
        line = {
            "organisation_code": code,
            "organisation_name": organisation.name,
            "sha_code": organisation.sha,
            "quarter": quarter,
            "organisation_type": organisation.type,
        }
        for indicator_id, indicator in registry().items():
            if CLASSES[organisation_class] & set(indicator["org_type"].split(";")):
                result = found.get((indicator_id, code, quarter), {})
                for end, column in COLUMNS.items():
                    line[f"{indicator['short_name']}_{end}"] = result.get(column)
        report.append(line)
    return report
