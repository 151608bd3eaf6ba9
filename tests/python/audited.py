"""Small releases for the audit, made of a few rows each: what is not said is null."""

import json
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
QUARTERS = ("2006-07 Q1", "2006-07 Q2", "2006-07 Q3", "2006-07 Q4", "2007-08 Q1", "2007-08 Q2",
            "2007-08 Q3", "2007-08 Q4")  # fmt: skip
Q1, Q2 = QUARTERS[:2]
INDEX = {"unit": "index", "direction": "lower", "is_standardised": True, "value_scale": 100}
SHARE = {"unit": "proportion", "direction": "lower", "is_standardised": False}
INDICATORS = {
    "BCBV02": INDEX | {"interval_method": "casemix_mean", "disclosive_counts": "denominator"},
    "BCBV03": SHARE | {
        "direction": "higher", "is_standardised": True, "interval_method": "proportion",
        "disclosive_counts": "numerator;denominator;complement",
    },
    "BCBV04": INDEX | {
        "interval_method": "ratio", "disclosive_counts": "numerator", "area_class": "pct",
        "in_published_total": True,
    },
    "BCBV05": INDEX | {
        "interval_method": "ratio", "disclosive_counts": "numerator", "area_class": "pct",
        "in_published_total": True,
    },
    "BCBV15": INDEX | {"interval_method": "ratio", "disclosive_counts": "numerator;denominator"},
    "BCBV16": SHARE | {
        "interval_method": "proportion", "disclosive_counts": "numerator;denominator;complement",
    },
}  # fmt: skip
TEXT = "varchar"
COLUMNS: dict[str, dict[str, str]] = {
    "dim_indicator": dict.fromkeys(
        ("indicator_id", "name", "short_name", "unit", "direction", "interval_method",
         "area_class", "disclosive_counts", "published_from_quarter", "minimum_applies_to",
         "feeds"), TEXT,
    ) | {"is_standardised": "boolean", "in_published_total": "boolean",
         "min_denominator": "double", "value_scale": "double"},
    "dim_organisation": dict.fromkeys(
        ("organisation_code", "organisation_name", "organisation_type", "organisation_class",
         "sha_code", "cluster"), TEXT,
    ),
    "dim_quarter": {"quarter": TEXT, "previous_quarter": TEXT, "quarter_start_date": "date",
                    "quarter_end_date": "date"},
    "fct_indicator_values": dict.fromkeys(
        ("indicator_id", "organisation_code", "quarter", "organisation_class",
         "publication_status", "status_reason", "disclosure_status"), TEXT,
    ) | dict.fromkeys(
        ("numerator", "denominator", "expected", "crude_value", "value", "benchmark_value",
         "gap", "excess_units", "unit_price_gbp", "opportunity_quarter_gbp",
         "opportunity_annual_gbp", "opportunity_annual_at_median_gbp",
         "opportunity_annual_at_best_decile_gbp", "releasable_annual_gbp"), "double",
    ) | dict.fromkeys(
        ("national_rank", "n_ranked", "quartile", "sha_rank", "sha_n_ranked", "cluster_rank",
         "cluster_n_ranked"), "bigint",
    ) | {"is_eligible_for_benchmark": "boolean"},
    "fct_indicator_statistics": dict.fromkeys(
        ("indicator_id", "organisation_code", "quarter"), TEXT,
    ) | dict.fromkeys(
        ("value_lower_95", "value_upper_95", "value_lower_998", "value_upper_998", "funnel_z",
         "transformed_value", "transformed_standard_error", "overdispersion_tau2",
         "funnel_target", "shrunk_value", "shrunk_benchmark_value",
         "opportunity_annual_shrunk_gbp", "opportunity_annual_lower_gbp",
         "opportunity_annual_upper_gbp"), "double",
    ),
    "fct_indicator_trend": dict.fromkeys(
        ("indicator_id", "area_level", "area_code", "quarter", "segment_from_quarter"), TEXT,
    ) | dict.fromkeys(("trend_value", "mean", "previous_value", "change"), "double")
      | {"n_points": "bigint", "rank_change": "bigint"},
    "fct_area_values": dict.fromkeys(
        ("indicator_id", "organisation_class", "area_level", "area_code", "quarter"), TEXT,
    ) | dict.fromkeys(("numerator", "denominator", "expected", "value", "simple_mean"), "double")
      | {"n_organisations": "bigint", "n_suppressed": "bigint"},
    "fct_opportunity": dict.fromkeys(
        ("indicator_id", "area_level", "area_code", "quarter"), TEXT,
    ) | dict.fromkeys(
        ("opportunity_quarter_gbp", "opportunity_annual_gbp", "opportunity_annual_at_median_gbp",
         "opportunity_annual_at_best_decile_gbp", "releasable_annual_gbp"), "double",
    ),
    "fct_quartile_thresholds": dict.fromkeys(
        ("indicator_id", "quarter", "organisation_class", "peer_set", "peer_code"), TEXT,
    ) | dict.fromkeys(("p10", "p25", "median", "p75", "p90"), "double")
      | {"n_organisations": "bigint"},
    "fct_equity": dict.fromkeys(("indicator_id", "area_level", "area_code", "quarter"), TEXT)
    | dict.fromkeys(("observed", "expected", "value", "value_lower_95", "value_upper_95",
                     "gap_q1_q5"), "double") | {"deprivation_quintile": "integer"},
    "drilldown": dict.fromkeys(
        ("indicator_id", "organisation_code", "quarter", "dimension", "member", "member_name"),
        TEXT,
    ) | dict.fromkeys(("observed", "expected", "excess_units", "opportunity_annual_gbp"), "double")
      | {"n_cases": "bigint"},
    "dq_rule_results": dict.fromkeys(
        ("rule_id", "organisation_code", "feed", "quarter", "outcome", "disclosure_status"), TEXT,
    ) | dict.fromkeys(("rate", "amber_threshold", "red_threshold"), "double")
      | dict.fromkeys(("n_checked", "n_failed"), "bigint"),
    "dq_field_quality": dict.fromkeys(("organisation_code", "feed", "quarter", "field"), TEXT)
    | dict.fromkeys(("n_records", "n_valid", "n_default", "n_invalid", "n_missing"), "bigint")
    | {"item_score": "double"},
    "dq_submissions": dict.fromkeys(("submission_id", "feed"), TEXT) | dict.fromkeys(
        ("n_lines", "n_rejected", "n_landed", "n_superseded", "n_quarantined", "n_in_use",
         "n_a01", "n_a03"), "bigint",
    ),
    "dim_submission": dict.fromkeys(("submission_id", "feed"), TEXT)
    | {"period_start_date": "date", "period_end_date": "date", "n_effective_months": "bigint"},
}  # fmt: skip


def write_release(folder: Path, tables: dict[str, list[Row]], name: str = "a release") -> Path:
    """A folder with a database of these tables, and the dimensions that every release has."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release.json").write_text(json.dumps({"release": name}), encoding="utf-8")
    every = {
        "dim_indicator": [_indicator(i) for i in INDICATORS],
        "dim_organisation": _organisations(tables),
        "dim_quarter": [_quarter(number) for number in range(len(QUARTERS))],
        "fct_indicator_values": [],
        "dim_submission": [],
    } | tables
    with duckdb.connect(str(folder / "bcbv.duckdb")) as engine:
        engine.execute("create schema marts")
        for table, rows in every.items():
            columns = COLUMNS[table]
            engine.execute(
                f"create table marts.{table}"
                f" ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
            )
            for row in rows:
                assert set(row) <= set(columns), set(row) - set(columns)
                engine.execute(
                    f"insert into marts.{table} ({', '.join(row)})"
                    f" values ({', '.join('?' for _ in row)})",
                    list(row.values()),
                )
    return folder


def _indicator(indicator: str) -> Row:
    defaults = {
        "indicator_id": indicator, "name": indicator, "short_name": indicator.lower(),
        "area_class": "trust", "in_published_total": False,
        "published_from_quarter": QUARTERS[0], "feeds": "hes_apc",
    }  # fmt: skip
    return defaults | INDICATORS[indicator]


def _organisations(tables: dict[str, list[Row]]) -> list[Row]:
    """Those with values, of one authority and cluster."""
    codes = sorted({row["organisation_code"] for row in tables.get("fct_indicator_values", [])})
    return [
        {"organisation_code": code, "organisation_class": "pct" if code[0] == "5" else "trust",
         "organisation_type": "pct" if code[0] == "5" else "acute", "sha_code": "Q30",
         "cluster": "Acute - Small"}
        for code in codes
    ]  # fmt: skip


def _quarter(number: int) -> Row:
    quarter = QUARTERS[number]
    year, month = int(quarter[:4]), 4 + 3 * (int(quarter[-1]) - 1)
    start = f"{year + (month > 12)}-{(month - 1) % 12 + 1:02}-01"
    return {
        "quarter": quarter,
        "previous_quarter": QUARTERS[number - 1] if number else None,
        "quarter_start_date": start,
        "quarter_end_date": f"{start[:8]}28",
    }


def row_of(indicator: str, organisation: str, quarter: str = Q1, **figures: Any) -> Row:
    """A row of fct_indicator_values that is shown, with the figures that are said."""
    return {
        "indicator_id": indicator, "organisation_code": organisation, "quarter": quarter,
        "organisation_class": "pct" if organisation[0] == "5" else "trust",
        "publication_status": "published", "disclosure_status": "shown",
        "is_eligible_for_benchmark": True, "numerator": 101.0, "denominator": 1003.0, **figures,
    }  # fmt: skip


def hidden(indicator: str, organisation: str, quarter: str = Q1, **figures: Any) -> Row:
    """One that is hidden, but for the figures that are said."""
    bare = row_of(indicator, organisation, quarter, numerator=None, denominator=None)
    return bare | {"disclosure_status": "suppressed"} | figures
