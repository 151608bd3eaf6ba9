"""A release of a few rows worked out by hand, with every table, column and comment of a real one.

Columns come from the contracts of the marts, so that a product that asks for one that is not there
fails here; figures are typed below, and nothing is worked out from them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import yaml
from building import CHECKOUT

from publication.release_data import DATABASE, Facts
from warehouse.home import identifier, literal

QUARTERS = {
    "2006-07 Q4": "2007-01-01",
    "2007-08 Q1": "2007-04-01",
    "2007-08 Q2": "2007-07-01",
    "2007-08 Q3": "2007-10-01",
    "2007-08 Q4": "2008-01-01",
}
LATEST = "2007-08 Q4"
# A name that a spreadsheet would reckon out, were it taken for a formula.
FORMULA = '=HYPERLINK("http://example.invalid","Prize")'
_SUMS = (
    "fct_opportunity",
    "fct_area_values",
    "fct_opportunity_change",
    "fct_sensitivity",
    "fct_equity",
)
_OF_ORGANISATIONS = (
    "drilldown",
    "fct_indicator_values",
    "fct_indicator_statistics",
    "fct_indicator_trend",
    "fct_revisions",
)
# Until the mart is there, what interfaces say of it.
_DRILLDOWN = {
    "indicator_id": "varchar",
    "organisation_code": "varchar",
    "quarter": "varchar",
    "dimension": "varchar",
    "member": "varchar",
    "member_name": "varchar",
    "n_cases": "bigint",
    "observed": "double",
    "expected": "double",
    "excess_units": "double",
    "opportunity_annual_gbp": "double",
    "quarter_start_date": "date",
}

ROWS: dict[str, list[dict]] = {
    "dim_indicator": [
        {
            "indicator_id": "BCBV01",
            "short_name": "length_of_stay",
            "name": "Reducing length of stay",
            "area": "clinical",
            "direction": "lower",
            "unit": "index",
            "value_scale": 100,
            "is_standardised": True,
            "value_decimals": 1,
            "numerator_label": "bed days",
            "denominator_label": "spells",
            "above_words": "longer than expected",
            "below_words": "shorter than expected",
            "in_published_total": True,
            "published_from_quarter": "2007-08 Q1",
            "area_class": "trust",
            "feeds": "hes_apc",
            "why_it_matters": "Beds cost.",
            "caveats": "Coding differs.",
            "how_to_improve": "Plan the discharge.",
            "review_date": "2026-11-25",
        },
        {
            "indicator_id": "BCBV07",
            "short_name": "low_cost_statins",
            "name": "Increasing low-cost statin prescribing",
            "area": "prescribing",
            "direction": "higher",
            "unit": "proportion",
            "value_scale": 1,
            "is_standardised": False,
            "value_decimals": 3,
            "numerator_label": "items of low-cost statins",
            "denominator_label": "items of statins",
            "in_published_total": True,
            "published_from_quarter": "2006-07 Q1",
            "area_class": "pct",
            "feeds": "epact",
            "why_it_matters": "Drugs cost.",
            "caveats": "Items differ in length.",
            "how_to_improve": "Make the generic the default.",
            "review_date": "2026-11-25",
        },
    ],
    "dim_organisation": [
        {
            "organisation_code": "RGT",
            "organisation_name": "Cambridge University Hospitals NHS Foundation Trust",
            "organisation_type": "acute_ft",
            "organisation_class": "trust",
            "sha_code": "Q35",
            "cluster": "Acute - Teaching",
            "open_date": "1993-04-01",
        },
        {
            "organisation_code": "RXA",
            "organisation_name": FORMULA,
            "organisation_type": "acute",
            "organisation_class": "trust",
            "sha_code": "Q35",
        },
        {
            "organisation_code": "5E1",
            "organisation_name": "Stockton-on-Tees Teaching PCT",
            "organisation_type": "pct",
            "organisation_class": "pct",
            "sha_code": "Q30",
        },
        {
            "organisation_code": "Q30",
            "organisation_name": "North East Strategic Health Authority",
            "organisation_type": "sha",
        },
        {
            "organisation_code": "Q35",
            "organisation_name": "East of England Strategic Health Authority",
            "organisation_type": "sha",
        },
        {"organisation_code": "-", "organisation_name": "Unidentified"},
    ],
    "dim_quarter": [
        {
            "quarter": quarter,
            "financial_year": quarter[:7],
            "quarter_of_year": int(quarter[-1]),
            "quarter_start_date": start,
            "quarter_end_date": start,
        }
        for quarter, start in QUARTERS.items()
    ],
    "fct_indicator_values": [
        # Shown: 3,040 bed days where 2,340.9 are expected.
        *(
            {
                "indicator_id": "BCBV01",
                "organisation_code": "RGT",
                "quarter": quarter,
                "organisation_type": "acute_ft",
                "organisation_class": "trust",
                "numerator": 3040,
                "denominator": 385,
                "expected": 2340.9,
                "crude_value": 7.9,
                "value": 129.9,
                "is_eligible_for_benchmark": True,
                "publication_status": "published",
                "benchmark_value": 91.7,
                "national_rank": 38,
                "n_ranked": 142,
                "quartile": 2,
                "gap": 38.2,
                "excess_units": 896.5,
                "unit_price_gbp": 222.34,
                "opportunity_annual_gbp": 796000,
                "opportunity_quarter_gbp": 199000,
            }
            for quarter in QUARTERS
        ),
        # Suppressed, and not submitted.
        {
            "indicator_id": "BCBV01",
            "organisation_code": "RXA",
            "quarter": LATEST,
            "organisation_type": "acute",
            "organisation_class": "trust",
            "publication_status": "published",
            "benchmark_value": 91.7,
            "disclosure_status": "suppressed",
        },
        {
            "indicator_id": "BCBV01",
            "organisation_code": "RXA",
            "quarter": "2007-08 Q3",
            "organisation_type": "acute",
            "organisation_class": "trust",
            "publication_status": "not_submitted",
            "benchmark_value": 91.7,
        },
        # With a note, and a true nought.
        {
            "indicator_id": "BCBV07",
            "organisation_code": "5E1",
            "quarter": LATEST,
            "organisation_type": "pct",
            "organisation_class": "pct",
            "numerator": 0,
            "denominator": 1500,
            "value": 0,
            "publication_status": "caveat",
            "status_reason": "P02",
            "benchmark_value": 0.712,
            "unit_price_gbp": 18.5,
            "opportunity_annual_gbp": 79000,
        },
    ],
    "fct_opportunity": [
        {
            "indicator_id": indicator,
            "area_level": level,
            "area_code": area,
            "quarter": LATEST,
            "opportunity_annual_gbp": pounds,
            "n_organisations": 1,
            "n_suppressed": hidden,
        }
        for indicator, level, area, pounds, hidden in (
            ("BCBV01", "organisation", "RGT", 796000, 0),
            ("ALL", "organisation", "RGT", 796000, 0),
            ("ALL", "sha", "Q35", 796000, 1),
            ("ALL", "england", "england", 875000, 1),
        )
    ],
    "fct_area_values": [
        {
            "indicator_id": "BCBV01",
            "organisation_class": "trust",
            "area_level": level,
            "area_code": area,
            "quarter": LATEST,
            "numerator": 3040,
            "denominator": 385,
            "expected": 2340.9,
            "value": 129.9,
            "n_organisations": 1,
            "n_left_out": 0,
            "n_suppressed": 1,
        }
        for level, area in (("sha", "Q35"), ("england", "england"))
    ],
    "fct_quartile_thresholds": [
        {
            "indicator_id": "BCBV01",
            "quarter": LATEST,
            "organisation_class": "trust",
            "peer_set": "national",
            "n_organisations": 142,
            "p25": 91.7,
            "median": 99.1,
            "best_quartile_threshold": 91.7,
        }
    ],
    "fct_indicator_statistics": [
        {
            "indicator_id": "BCBV01",
            "organisation_code": "RGT",
            "quarter": LATEST,
            "organisation_class": "trust",
            "value_lower_95": 115.4,
            "value_upper_95": 146.2,
            "concern": "watch",
            "focus_order": 1,
        }
    ],
    "fct_indicator_trend": [
        {
            "indicator_id": "BCBV01",
            "area_level": "organisation",
            "area_code": "RGT",
            "organisation_class": "trust",
            "quarter": LATEST,
            "trend_value": 129.9,
            "n_points": 5,
        }
    ],
    "fct_opportunity_change": [
        {
            "indicator_id": "ALL",
            "area_level": "england",
            "area_code": "england",
            "quarter": LATEST,
            "comparison": "previous_quarter",
            "from_quarter": "2007-08 Q3",
            "change_gbp": -12000,
        }
    ],
    "dq_submission_status": [
        {
            "organisation_code": "5E1",
            "feed": "epact",
            "quarter": LATEST,
            "verdict": "amber",
            "rules_amber": "P02",
        }
    ],
    "drilldown": [
        {
            "indicator_id": "BCBV01",
            "organisation_code": "RGT",
            "quarter": LATEST,
            "dimension": "hrg",
            "member": member,
            "member_name": name,
            "n_cases": cases,
            "observed": 120,
            "expected": 98.5,
            "excess_units": 20.1,
            "opportunity_annual_gbp": 18000,
        }
        for member, name, cases in (("5E1", "Not a number", 45), ("other", "Other", 15))
    ],
}


@dataclass(frozen=True)
class TinyRelease:
    """A folder with bcbv.duckdb alone, and what is said of the release."""

    folder: Path
    facts: Facts


def facts_of(kind: str) -> Facts:
    """What is said of a tiny release."""
    return Facts(
        release="2026-11-30T201005.000000Z",
        kind=kind,
        is_suppressed=kind == "public",
        is_synthetic=True,
        published_at=datetime(2026, 11, 30, 20, 10, 5, tzinfo=UTC),
        built_at=datetime(2026, 11, 30, 20, 9, 40, tzinfo=UTC),
        as_at=None,
        code_version="0.1.0",
    )


def write_tiny_release(
    folder: Path, kind: str = "public", rows: dict[str, list[dict]] | None = None
) -> TinyRelease:
    """Write bcbv.duckdb into a folder, with tables in marts and a view of each in main.

    `rows` are added to those above. A row takes its quarter's first day from the quarter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(folder / DATABASE)) as engine:
        engine.execute("create schema marts")
        for table, (description, columns) in contracts(kind).items():
            target = f"marts.{identifier(table)}"
            types = ", ".join(f"{identifier(c)} {kind}" for c, (kind, _) in columns.items())
            engine.execute(f"create table {target} ({types})")
            engine.execute(f"comment on table {target} is {literal(description)}")
            for column, (_, text) in columns.items():
                name = f"{target}.{identifier(column)}"
                engine.execute(f"comment on column {name} is {literal(text)}")
            for row in ROWS.get(table, []) + (rows or {}).get(table, []):
                if "quarter_start_date" in columns and "quarter_start_date" not in row:
                    row = row | {"quarter_start_date": QUARTERS[row["quarter"]]}
                if "disclosure_status" in columns:
                    row = {"disclosure_status": "shown"} | row
                if "n_suppressed" in columns:
                    row = {"n_suppressed": 0} | row
                kept = {name: value for name, value in row.items() if name in columns}
                names = ", ".join(identifier(name) for name in kept)
                marks = ", ".join("?" for _ in kept)
                engine.execute(
                    f"insert into {target} ({names}) values ({marks})", list(kept.values())
                )
            engine.execute(f"create view main.{identifier(table)} as select * from {target}")
    return TinyRelease(folder, facts_of(kind))


def contracts(kind: str) -> dict[str, tuple[str, dict[str, tuple[str, str]]]]:
    """Description, and type and description by column, of each table of a release."""
    found = {}
    for table, model in _tables(kind).items():
        columns = {c["name"]: (c["data_type"], c["description"]) for c in model["columns"]}
        if kind == "public":
            if table in _SUMS:
                columns.setdefault("n_suppressed", ("bigint", "Hidden rows left out."))
            if table in _OF_ORGANISATIONS:
                columns.setdefault("disclosure_status", ("varchar", "shown or suppressed."))
        found[table] = (model["description"].strip(), columns)
    if "drilldown" not in found:
        text = "One row per indicator, organisation, quarter, dimension and member."
        found["drilldown"] = (text, {c: (t, f"{c}.") for c, t in _DRILLDOWN.items()})
    return found


@cache
def _tables(kind: str) -> dict[str, dict]:
    """The contracts of the tables of a kind of release, as its exposure lists them."""
    models: dict[str, dict] = {}
    exposures: dict[str, dict] = {}
    for path in (CHECKOUT / "models").rglob("*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        models |= {model["name"]: model for model in document.get("models", [])}
        exposures |= {each["name"]: each for each in document.get("exposures", [])}
    release = exposures.get(f"{kind}_release", exposures["published_release"])
    names = [re.sub(r"ref\('(\w+)'\)", r"\1", entry) for entry in release["depends_on"]]
    return {name.removeprefix("pub_"): models[name] for name in sorted(names)}
