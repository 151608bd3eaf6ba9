"""What was published and what is known now (Rulebook 9.15): of a home that never published."""

CURRENT = "current"
# What a row that was never published has not.
OF_RELEASES = (
    *("first_release", "first_published_value", "first_published_opportunity_annual_gbp"),
    *("last_release", "last_published_value", "last_published_opportunity_annual_gbp"),
)
AGAINST_THE_FIRST = ("is_revised", "data_changed", "code_changed")


def revisions(rows: list[dict]) -> list[dict]:
    """Rows of fct_revisions, from those of fct_indicator_values."""
    return [
        {
            **{column: row[column] for column in ("indicator_id", "organisation_code", "quarter")},
            **dict.fromkeys(OF_RELEASES),
            "current_value": row["value"],
            "current_opportunity_annual_gbp": row["opportunity_annual_gbp"],
            "n_releases": 0,
            **dict.fromkeys(AGAINST_THE_FIRST),
        }
        for row in rows
    ]


def vintages(money: list[dict]) -> list[dict]:
    """Rows of fct_opportunity_vintages, from those of fct_opportunity."""
    return [
        {
            "indicator_id": row["indicator_id"],
            "area_code": row["area_code"],
            "quarter": row["quarter"],
            "release": CURRENT,
            "published_at": None,
            "opportunity_annual_gbp": row["opportunity_annual_gbp"],
        }
        for row in money
        if row["area_level"] == "england"
    ]
