"""What makes a row of a release's table one, and which columns are keys of other tables.

Held by tests to what the marts are tested for, and to the tables themselves.
"""

KEYS: dict[str, tuple[str, ...]] = {
    "dim_dq_rule": ("rule_id",),
    "dim_indicator": ("indicator_id",),
    "dim_organisation": ("organisation_code",),
    "dim_quarter": ("quarter",),
    "dim_submission": ("submission_id",),
    "dq_field_quality": ("organisation_code", "feed", "quarter", "field"),
    "dq_rule_results": ("rule_id", "organisation_code", "feed", "quarter"),
    "dq_scores": ("organisation_code", "quarter", "feed"),
    "dq_submission_status": ("organisation_code", "feed", "quarter"),
    "dq_submissions": ("submission_id",),
    "drilldown": ("indicator_id", "organisation_code", "quarter", "dimension", "member"),
    "fct_area_values": ("indicator_id", "organisation_class", "area_level", "area_code", "quarter"),
    "fct_clinical_balance": ("organisation_code", "quarter"),
    "fct_equity": ("indicator_id", "area_level", "area_code", "quarter", "deprivation_quintile"),
    "fct_indicator_breakdown": ("indicator_id", "organisation_code", "quarter", "item_id"),
    "fct_indicator_statistics": ("indicator_id", "organisation_code", "quarter"),
    "fct_indicator_trend": (
        "indicator_id",
        "area_level",
        "area_code",
        "organisation_class",
        "quarter",
    ),
    "fct_indicator_values": ("indicator_id", "organisation_code", "quarter"),
    "fct_los_drilldown": (
        "organisation_code",
        "quarter",
        "hrg_code",
        "admission_group",
        "treatment_function",
        "consultant",
    ),
    "fct_opportunity": ("indicator_id", "area_level", "area_code", "quarter"),
    "fct_opportunity_change": (
        "indicator_id",
        "area_level",
        "area_code",
        "quarter",
        "comparison",
    ),
    "fct_opportunity_vintages": ("indicator_id", "area_code", "quarter", "release"),
    "fct_pct_trust_flows": (
        "indicator_id",
        "organisation_code",
        "quarter",
        "pct_code",
        "provider_code",
    ),
    "fct_practice_cases": ("indicator_id", "organisation_code", "quarter", "practice_code"),
    "fct_practice_prescribing": ("indicator_id", "organisation_code", "quarter", "practice_code"),
    "fct_preop_drilldown": (
        "organisation_code",
        "quarter",
        "hrg_code",
        "admission_group",
        "treatment_function",
        "consultant",
    ),
    "fct_quartile_thresholds": (
        "indicator_id",
        "quarter",
        "organisation_class",
        "peer_set",
        "peer_code",
    ),
    "fct_revisions": ("indicator_id", "organisation_code", "quarter"),
    "fct_sensitivity": ("indicator_id", "quarter", "scenario"),
    "rpt_pct_indicators": ("organisation_code", "quarter"),
    "rpt_trust_indicators": ("organisation_code", "quarter"),
}
# A column that is another table's key, and tables in which it may be something else as well:
# ALL and ALL_NETTED are no indicators.
REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "indicator_id",
        "dim_indicator",
        (
            "fct_opportunity",
            "fct_opportunity_change",
            "fct_opportunity_vintages",
            "fct_sensitivity",
        ),
    ),
    ("organisation_code", "dim_organisation", ()),
    ("quarter", "dim_quarter", ()),
    ("rule_id", "dim_dq_rule", ()),
    ("submission_id", "dim_submission", ()),
)
