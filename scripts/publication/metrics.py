"""The metrics of the semantic layer, given to tools that do not speak MetricFlow.

One list, `models/marts/semantic/`, is read by MetricFlow and here: each metric becomes a view
`metric_<name>` in a release's database, and an entry of metrics.json.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from publication.release_data import Release
from warehouse.home import CHECKOUT, identifier, literal

_FOLDER = CHECKOUT / "models" / "marts" / "semantic"
PREFIX = "metric_"
# Metrics that are parts of others alone.
_PART = "part_"
_FACTS = "indicator_values"
# Names in filters: {{ Entity('x') }} and {{ Dimension('entity__x') }}.
_NAMED = re.compile(r"\{\{\s*(?:Entity\('(\w+)'\)|Dimension\('(\w+?)__(\w+)'\))\s*\}\}")
# Keeps MetricFlow's last quarter to one that has pounds; at the grain of a view it would but take
# out rows that have none, which a view keeps and counts as left out.
_OF_THE_LAST_QUARTER = "has_pounds"
_NOT_OVER_AREAS = "A ratio of sums, never a sum or mean of ratios: add up numerator and denominator"


@dataclass(frozen=True)
class Metric:
    """A metric: a sum, or a ratio of two sums, of the rows of the values that a condition takes."""

    name: str
    label: str
    description: str
    numerator: str  # SQL of a row of fct_indicator_values
    denominator: str | None
    condition: str | None  # SQL over `figures` (the values), `indicators` and `organisations`
    indicator_id: str | None
    unit: str
    additivity: str
    caveat: str
    is_total: bool  # of several indicators as one

    @property
    def view(self) -> str:
        """Name of its view."""
        return PREFIX + self.name

    @property
    def formula(self) -> str:
        """What it is worked out by, over fct_indicator_values."""
        sums = f"sum({self.numerator})"
        if self.denominator:
            sums = f"{sums} / nullif(sum({self.denominator}), 0)"
        return f"{sums} where {self.condition}" if self.condition else sums


def create_metric_views(engine: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Write a view of each metric, with comments, into schema `main` of a release's database.

    The database is attached under the name `catalog` and has its tables in schema `marts`, by which
    the views call them: they work wherever the file is opened.

    Raises duckdb.Error where a table that a view is of is not there.
    """
    with engine.cursor() as own:
        own.execute(f"use {identifier(catalog)}")
        own.execute("begin")
        [(is_rounded,)] = own.sql(
            "select count(*) > 0 from duckdb_columns() where database_name = current_database()"
            " and table_name = 'fct_indicator_values' and column_name = 'disclosure_status'"
        ).fetchall()
        for metric in metrics():
            view = f"main.{identifier(metric.view)}"
            own.execute(f"create view {view} as {_view_query(metric, is_rounded)}")
            comment = f"{metric.label}. {metric.description} {metric.caveat}"
            own.execute(f"comment on view {view} is {literal(comment.strip())}")
            described = {row[0] for row in own.sql(f"describe {view}").fetchall()}
            for column, text in _COMMENTS.items():
                if column in described:
                    said = literal(text.format(unit=metric.unit))
                    own.execute(f"comment on column {view}.{column} is {said}")
        own.execute("commit")


def write_metrics(release: Release, folder: Path) -> None:
    """Write `metrics.json`: what each metric is, in words and as a formula, and its view.

    Raises OSError where the folder cannot be written.
    """
    facts = release.facts
    caveats = dict(release.engine.sql("select indicator_id, caveats from dim_indicator").fetchall())
    content = {
        "release": facts.release,
        "kind": facts.kind,
        "synthetic": facts.is_synthetic,
        "suppressed": facts.is_suppressed,
        "licence": {
            "name": facts.licence.name,
            "title": facts.licence.title,
            "path": facts.licence.url,
        },
        "table": "fct_indicator_values",
        "metrics": [
            {
                "name": metric.name,
                "label": metric.label,
                "description": metric.description,
                "view": metric.view,
                "formula": metric.formula,
                "unit": metric.unit,
                "additivity": metric.additivity,
                "indicator_id": metric.indicator_id,
                "caveat": " ".join(
                    filter(None, (metric.caveat, caveats.get(metric.indicator_id or "")))
                ),
            }
            for metric in metrics()
        ],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8", newline="\n")


@cache
def metrics() -> tuple[Metric, ...]:
    """The metrics that have a view, in the order of the list.

    Raises KeyError where the list names a measure or a dimension that the models do not have.
    """
    listed = _read("_metrics.yml")["metrics"]
    models = {model["name"]: model for model in _read("_semantic_models.yml")["semantic_models"]}
    measures = {
        measure["name"]: str(measure.get("expr", measure["name"]))
        for measure in models[_FACTS]["measures"]
    }
    expressions = {
        each["name"]: measures[each["type_params"]["measure"]]
        for each in listed
        if each["type"] == "simple"
    }
    return tuple(
        _metric(each, expressions, models) for each in listed if not each["name"].startswith(_PART)
    )


def _metric(each: dict[str, Any], expressions: dict[str, str], models: dict[str, Any]) -> Metric:
    meta, parameters = each["config"]["meta"], each["type_params"]
    is_ratio = each["type"] == "ratio"
    return Metric(
        name=each["name"],
        label=each["label"],
        description=each["description"],
        numerator=expressions[parameters["numerator"] if is_ratio else each["name"]],
        denominator=expressions[parameters["denominator"]] if is_ratio else None,
        condition=_condition(each.get("filter", []), models),
        indicator_id=meta.get("indicator"),
        unit=meta["unit"],
        additivity=meta["additivity"],
        caveat=meta.get("caveat") or f"{_NOT_OVER_AREAS}.",
        is_total=meta.get("is_total", False),
    )


def _condition(filters: str | list[str], models: dict[str, Any]) -> str | None:
    """Filters of MetricFlow as SQL over the tables by their names in a view; None: all rows."""
    listed = [filters] if isinstance(filters, str) else filters
    text = " and ".join(each for each in listed if _OF_THE_LAST_QUARTER not in each)
    entities = {each["name"]: each for each in models[_FACTS]["entities"]}
    own = models[_FACTS]["primary_entity"]
    tables = {own: ("figures", _FACTS)} | {
        each["name"]: (name, name)
        for name, model in models.items()
        for each in model.get("entities", [])
        if each["type"] == "primary"
    }

    def named(match: re.Match[str]) -> str:
        entity, of, dimension = match.groups()
        if entity:
            return f"figures.{entities[entity]['expr']}"
        table, model = tables[of]
        dimensions = {each["name"]: each for each in models[model]["dimensions"]}
        return f"{table}.{dimensions[dimension].get('expr', dimension)}"

    return " ".join(_NAMED.sub(named, text).split()) or None


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return content


_COMMENTS = {
    "indicator_id": "Indicator, such as BCBV01; ALL of the published total.",
    "area_level": "organisation, sha or england: choose one, for each holds the one before.",
    "area_code": "Code of the organisation or authority; england.",
    "area_name": "Name of the organisation or authority; England.",
    "organisation_class": "trust or pct: organisations that are compared with each other; all.",
    "sha_code": "The organisation's strategic health authority; of an authority itself.",
    "quarter": "Quarter of the NHS financial year, such as 2006-07 Q1 (April to June 2006).",
    "quarter_start_date": "First day of the quarter.",
    "financial_year": "Financial year from April to March, such as 2006-07.",
    "numerator": "Sum of the numerators, times the scale of the unit: add it up for groups.",
    "denominator": "Sum of the denominators, or of what is expected: add it up for groups.",
    "value": "The metric; unit: {unit}. Null where nothing is known.",
    "n_organisations": "Organisations with a figure.",
    "n_left_out": "Organisations without: withheld, not submitted, suppressed or none.",
}
_LEVELS = """
    select
        'organisation' as area_level,
        organisation_code as area_code,
        organisation_name as area_name,
        *
    from rows_of_metric
    union all
    select
        'sha' as area_level,
        sha_code as area_code,
        sha_name as area_name,
        *
    from rows_of_metric
    where sha_code is not null
    union all
    select
        'england' as area_level,
        'england' as area_code,
        'England' as area_name,
        * replace (cast(null as varchar) as sha_code)
    from rows_of_metric
"""


def _view_query(metric: Metric, is_rounded: bool) -> str:
    """Rows of area, class and quarter, and of indicator where a metric is of each.

    An indicator's value is that of the tables, of organisations and of areas, so that it is the
    same figure everywhere to the last digit; the sums beside it are for the reader's own groups.
    Where the release is rounded they lose what adding doubles leaves.
    """
    where = f"where {metric.condition}" if metric.condition else ""
    indicator, peers = "figures.indicator_id", "figures.organisation_class"
    if metric.is_total:
        indicator, peers = "'ALL'", "'all'"
    numerator, denominator = "sum(part_of_numerator)", "sum(part_of_denominator)"
    measured, has_figure = f"{numerator} as value", "part_of_numerator is not null"
    if metric.denominator:
        value = "any_value(published_value)"
        if metric.indicator_id is None:
            value = f"{numerator} / nullif({denominator}, 0)"
        if is_rounded:
            numerator, denominator = f"round({numerator}, 6)", f"round({denominator}, 6)"
        measured = f"{numerator} as numerator, {denominator} as denominator, {value} as value"
        has_figure += " and part_of_denominator is not null"
    return f"""
        with figures as (
            select
                *,
                {metric.numerator} as part_of_numerator,
                {metric.denominator or "cast(null as double)"} as part_of_denominator
            from marts.fct_indicator_values
        ),
        rows_of_metric as (
            select
                {indicator} as indicator_id,
                figures.organisation_code,
                organisations.organisation_name,
                organisations.sha_code,
                authorities.organisation_name as sha_name,
                {peers} as organisation_class,
                figures.quarter,
                figures.quarter_start_date,
                quarters.financial_year,
                figures.part_of_numerator,
                figures.part_of_denominator,
                case when figures.part_of_numerator is not null then figures.value end as own_value
            from figures
            left join marts.dim_indicator as indicators
                on figures.indicator_id = indicators.indicator_id
            left join marts.dim_organisation as organisations
                on figures.organisation_code = organisations.organisation_code
            left join marts.dim_organisation as authorities
                on organisations.sha_code = authorities.organisation_code
            left join marts.dim_quarter as quarters on figures.quarter = quarters.quarter
            {where}
        ),
        levels as ({_LEVELS}),
        valued as (
            select
                levels.*,
                case
                    when levels.area_level = 'organisation' then levels.own_value
                    else areas.value
                end as published_value
            from levels
            left join marts.fct_area_values as areas
                on
                    levels.indicator_id = areas.indicator_id
                    and levels.organisation_class = areas.organisation_class
                    and levels.area_level = areas.area_level
                    and levels.area_code = areas.area_code
                    and levels.quarter = areas.quarter
        )
        select
            indicator_id,
            area_level,
            area_code,
            any_value(area_name) as area_name,
            organisation_class,
            any_value(sha_code) as sha_code,
            quarter,
            quarter_start_date,
            financial_year,
            {measured},
            count(distinct organisation_code) filter ({has_figure}) as n_organisations,
            count(distinct organisation_code)
            - count(distinct organisation_code) filter ({has_figure}) as n_left_out
        from valued
        group by
            indicator_id, area_level, area_code, organisation_class, quarter, quarter_start_date,
            financial_year
    """
