"""What each document of the feed holds, said once for the files and for their schema."""

from dataclasses import dataclass, field

import duckdb

from warehouse.home import identifier, literal

# What the documents are made of where one table is not enough; temporary, in memory.
_VIEWS = {
    "api_values": """
        select
            results.*,
            statistics.value_lower_95,
            statistics.value_upper_95,
            statistics.concern,
            statistics.focus_order,
            trends.variation,
            trends.signal
        from fct_indicator_values as results
        left join fct_indicator_statistics as statistics
            using (indicator_id, organisation_code, quarter)
        left join fct_indicator_trend as trends
            on
                results.indicator_id = trends.indicator_id
                and results.organisation_code = trends.area_code
                and trends.area_level = 'organisation'
                and results.organisation_class = trends.organisation_class
                and results.quarter = trends.quarter
    """,
    "api_organisations": """
        select
            organisations.*,
            authorities.organisation_name as sha_name,
            'organisations/' || organisations.organisation_code || '.json' as path
        from dim_organisation as organisations
        left join dim_organisation as authorities
            on organisations.sha_code = authorities.organisation_code
        where organisations.organisation_code in (
            select organisation_code from fct_indicator_values
        )
    """,
    "api_indicators": """
        select
            *,
            'indicators/' || indicator_id || '.json' as path
        from dim_indicator
        where indicator_id in (select indicator_id from fct_indicator_values)
    """,
    "api_areas": """
        select
            areas.area_code,
            coalesce(dim_organisation.organisation_name, 'England') as area_name,
            areas.area_level,
            'areas/' || areas.area_code || '.json' as path
        from (
            select distinct area_code, area_level from fct_area_values
        ) as areas
        left join dim_organisation on areas.area_code = dim_organisation.organisation_code
    """,
    "api_quarters": """
        select *
        from dim_quarter
        where quarter in (select quarter from fct_indicator_values)
    """,
    "api_opportunities_of_organisations": """
        select *
        from fct_opportunity
        where area_level = 'organisation' and indicator_id in ('ALL', 'ALL_NETTED')
    """,
    "api_opportunities_of_areas": """
        select * from fct_opportunity where area_level != 'organisation'
    """,
    "api_changes_of_areas": """
        select * from fct_opportunity_change where area_level != 'organisation'
    """,
}

_ORGANISATION = (
    "organisation_code",
    "organisation_name",
    "organisation_type",
    "organisation_class",
    "sha_code",
    "sha_name",
    "cluster",
)
_TIME = ("quarter", "quarter_start_date")
_STATUS = ("publication_status", "status_reason", "disclosure_status")
_OPPORTUNITY = (
    "opportunity_annual_gbp",
    "opportunity_annual_at_median_gbp",
    "opportunity_annual_at_best_decile_gbp",
    "releasable_annual_gbp",
    "opportunity_annual_unflagged_gbp",
    "n_organisations",
    "n_flagged",
    "n_suppressed",
)


@dataclass(frozen=True)
class Section:
    """A part of a document: the rows of a view that are of its subject, or its one row."""

    name: str
    view: str
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    # The column that names the subject; none: every row.
    key: str | None = None
    is_list: bool = True
    # Columns that are never null.
    required: tuple[str, ...] = ()

    def query(self) -> str:
        """Rows of code and content, an object or a list of objects."""
        pairs = ", ".join(f"{literal(c)}: {identifier(c)}" for c in self.columns)
        code = identifier(self.key) if self.key else "''"
        rows = f"any_value({{{pairs}}})"
        if self.is_list:
            order = ", ".join(identifier(column) for column in self.order)
            rows = f"list({{{pairs}}} order by {order})"
        return f"select {code} as code, {rows} as content from {self.view} group by {code}"


@dataclass(frozen=True)
class Document:
    """A kind of document; the first section says of which subject it is."""

    name: str
    folder: str
    sections: tuple[Section, ...] = field(default=())

    def query(self) -> str:
        """Code and JSON object of every subject, in the order of the codes."""
        first = self.sections[0].name
        steps = ", ".join(f"part_{part.name} as ({part.query()})" for part in self.sections)
        contents = ", ".join(
            f"{literal(part.name)}: "
            + (f"coalesce(part_{part.name}.content, [])" if part.is_list else "part_" + part.name)
            + ("" if part.is_list else ".content")
            for part in self.sections
        )
        joins = " ".join(
            f"left join part_{part.name} on part_{first}.code = part_{part.name}.code"
            for part in self.sections[1:]
        )
        return (
            f"with {steps} select part_{first}.code, cast(to_json({{{contents}}}) as varchar)"
            f" from part_{first} {joins} order by part_{first}.code"
        )


ORGANISATION = Document(
    "organisation",
    "organisations",
    (
        Section(
            "organisation",
            "api_organisations",
            (*_ORGANISATION, "open_date", "close_date", "successor_code"),
            key="organisation_code",
            is_list=False,
            required=("organisation_code", "organisation_name"),
        ),
        Section(
            "values",
            "api_values",
            (
                "indicator_id",
                *_TIME,
                *_STATUS,
                "numerator",
                "denominator",
                "expected",
                "value",
                "value_lower_95",
                "value_upper_95",
                "benchmark_value",
                "gap",
                "excess_units",
                "unit_price_gbp",
                "opportunity_annual_gbp",
                "releasable_annual_gbp",
                "national_rank",
                "n_ranked",
                "quartile",
                "sha_rank",
                "sha_n_ranked",
                "variation",
                "signal",
                "concern",
                "focus_order",
            ),
            ("indicator_id", "quarter"),
            key="organisation_code",
            required=("indicator_id", *_TIME, "publication_status", "disclosure_status"),
        ),
        Section(
            "opportunities",
            "api_opportunities_of_organisations",
            ("indicator_id", *_TIME, *_OPPORTUNITY),
            ("indicator_id", "quarter"),
            key="area_code",
            required=("indicator_id", *_TIME, "n_suppressed"),
        ),
        Section(
            "data_quality",
            "dq_submission_status",
            ("feed", "quarter", "verdict", "rules_red", "rules_amber", "dq_score"),
            ("feed", "quarter"),
            key="organisation_code",
            required=("feed", "quarter", "verdict"),
        ),
    ),
)
_AREA_VALUES = (
    "organisation_class",
    *_TIME,
    "numerator",
    "denominator",
    "expected",
    "value",
    "n_organisations",
    "n_left_out",
    "n_suppressed",
)
INDICATOR = Document(
    "indicator",
    "indicators",
    (
        Section(
            "indicator",
            "api_indicators",
            (
                "indicator_id",
                "short_name",
                "name",
                "area",
                "direction",
                "unit",
                "value_decimals",
                "numerator_label",
                "denominator_label",
                "above_words",
                "below_words",
                "standardisation",
                "is_standardised",
                "in_published_total",
                "published_from_quarter",
                "counted_within",
                "feeds",
                "evidence",
                "why_it_matters",
                "caveats",
                "how_to_improve",
                "review_date",
            ),
            key="indicator_id",
            is_list=False,
            required=("indicator_id", "short_name", "name", "unit"),
        ),
        Section(
            "thresholds",
            "fct_quartile_thresholds",
            (
                "organisation_class",
                "peer_set",
                "peer_code",
                *_TIME,
                "n_organisations",
                "p10",
                "p25",
                "median",
                "p75",
                "p90",
                "best_quartile_threshold",
            ),
            ("organisation_class", "peer_set", "peer_code", "quarter"),
            key="indicator_id",
            required=("organisation_class", "peer_set", *_TIME),
        ),
        Section(
            "areas",
            "fct_area_values",
            ("area_level", "area_code", *_AREA_VALUES),
            ("organisation_class", "area_level", "area_code", "quarter"),
            key="indicator_id",
            required=("area_level", "area_code", *_TIME),
        ),
        Section(
            "values",
            "fct_indicator_values",
            (
                "organisation_code",
                "quarter",
                "publication_status",
                "disclosure_status",
                "value",
                "national_rank",
                "n_ranked",
                "quartile",
                "opportunity_annual_gbp",
            ),
            ("organisation_code", "quarter"),
            key="indicator_id",
            required=("organisation_code", "quarter", "publication_status", "disclosure_status"),
        ),
    ),
)
AREA = Document(
    "area",
    "areas",
    (
        Section(
            "area",
            "api_areas",
            ("area_code", "area_name", "area_level"),
            key="area_code",
            is_list=False,
            required=("area_code", "area_name", "area_level"),
        ),
        Section(
            "values",
            "fct_area_values",
            ("indicator_id", *_AREA_VALUES),
            ("indicator_id", "organisation_class", "quarter"),
            key="area_code",
            required=("indicator_id", "organisation_class", *_TIME, "n_suppressed"),
        ),
        Section(
            "opportunities",
            "api_opportunities_of_areas",
            ("indicator_id", *_TIME, *_OPPORTUNITY),
            ("indicator_id", "quarter"),
            key="area_code",
            required=("indicator_id", *_TIME, "n_suppressed"),
        ),
        Section(
            "changes",
            "api_changes_of_areas",
            (
                "indicator_id",
                *_TIME,
                "comparison",
                "from_quarter",
                "opportunity_from_gbp",
                "opportunity_to_gbp",
                "performance_gbp",
                "benchmark_gbp",
                "volume_gbp",
                "price_and_mix_gbp",
                "reporting_gbp",
                "organisations_gbp",
                "scope_gbp",
                "change_gbp",
                "n_suppressed",
            ),
            ("indicator_id", "comparison", "quarter"),
            key="area_code",
            required=("indicator_id", *_TIME, "comparison", "from_quarter"),
        ),
        Section(
            "organisations",
            "api_organisations",
            ("organisation_code", "organisation_name", "organisation_class"),
            ("organisation_code",),
            key="sha_code",
            required=("organisation_code", "organisation_name"),
        ),
    ),
)
INDEX = Document(
    "index",
    "",
    (
        Section(
            "quarters",
            "api_quarters",
            ("quarter", "financial_year", "quarter_start_date", "quarter_end_date"),
            ("quarter",),
            required=("quarter", "financial_year", "quarter_start_date", "quarter_end_date"),
        ),
        Section(
            "organisations",
            "api_organisations",
            (*_ORGANISATION, "path"),
            ("organisation_code",),
            required=("organisation_code", "organisation_name", "path"),
        ),
        Section(
            "indicators",
            "api_indicators",
            ("indicator_id", "short_name", "name", "area", "direction", "unit", "path"),
            ("indicator_id",),
            required=("indicator_id", "short_name", "name", "unit", "path"),
        ),
        Section(
            "areas",
            "api_areas",
            ("area_code", "area_name", "area_level", "path"),
            ("area_level", "area_code"),
            required=("area_code", "area_name", "area_level", "path"),
        ),
    ),
)
DOCUMENTS = (ORGANISATION, INDICATOR, AREA, INDEX)


def create_views(engine: duckdb.DuckDBPyConnection) -> None:
    """The temporary views that the sections are of."""
    for name, query in _VIEWS.items():
        engine.execute(f"create or replace temp view {name} as {query}")
