"""Metrics as views and as metrics.json, on a tiny release; for MetricFlow see test_metricflow."""

import csv
import json
import re
import sys
from pathlib import Path

import duckdb
import pytest
from building import CHECKOUT, query, run
from tiny_release import LATEST, contracts, write_tiny_release

from publication.api import write_api
from publication.columns import columns_of, csv_query
from publication.datapackage import write_datapackage
from publication.metrics import create_metric_views, metrics, write_metrics
from publication.release_data import DATABASE, open_release


def with_views(folder: Path, kind: str = "public") -> Path:
    """The database of a tiny release with its metrics' views, under another name."""
    tiny = write_tiny_release(folder, kind)
    with duckdb.connect() as engine:
        engine.execute(f"attach '{tiny.folder / DATABASE}' as release")
        create_metric_views(engine, "release")
    return (tiny.folder / DATABASE).rename(folder / "sent by mail.duckdb")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return with_views(tmp_path_factory.mktemp("metrics"))


def test_each_metric_has_a_view_that_says_what_it_is(database):
    views = query(
        database,
        "select view_name, comment from duckdb_views()"
        " where schema_name = 'main' and view_name like 'metric\\_%' escape '\\'",
    )
    assert {view["view_name"] for view in views} == {metric.view for metric in metrics()}
    assert all(view["comment"] for view in views)
    assert len(views) == 30
    for view in views:
        name = view["view_name"]
        columns = query(
            database,
            f"select column_name, comment from duckdb_columns() where table_name = '{name}'",
        )
        assert columns and all(column["comment"] for column in columns), name
        query(database, f"select * from {name}")


def test_an_indicator_at_each_level(database):
    rows = query(
        database,
        "select area_level, area_code, numerator, denominator, value, n_organisations, n_left_out"
        f" from metric_length_of_stay where quarter = '{LATEST}' order by area_level, area_code",
    )
    # 100 times 3,040 bed days; the hidden trust is left out, and says nothing of itself.
    sums = {"numerator": 304000, "denominator": 2340.9, "value": 129.9}
    counts = {"n_organisations": 1, "n_left_out": 1}
    none = {"numerator": None, "denominator": None, "value": None}
    assert rows == [
        {"area_level": "england", "area_code": "england", **sums, **counts},
        {
            "area_level": "organisation",
            "area_code": "RGT",
            **sums,
            "n_organisations": 1,
            "n_left_out": 0,
        },
        {
            "area_level": "organisation",
            "area_code": "RXA",
            **none,
            "n_organisations": 0,
            "n_left_out": 1,
        },
        {"area_level": "sha", "area_code": "Q35", **sums, **counts},
    ]


def test_a_nought_stays_a_nought(database):
    [row] = query(
        database, "select * from metric_low_cost_statins where area_level = 'organisation'"
    )
    assert (row["area_code"], row["value"], row["numerator"], row["denominator"]) == (
        "5E1",
        0,
        0,
        1500,
    )
    assert (row["area_name"], row["financial_year"]) == ("Stockton-on-Tees Teaching PCT", "2007-08")


def test_the_total_counts_what_is_published_of_each_indicator(database):
    """796,000 and 79,000 pounds; length of stay only from the quarter in which its total begins."""
    rows = query(
        database,
        "select quarter, value from metric_opportunity_total_annual_gbp"
        " where area_level = 'england' order by quarter",
    )
    assert [(row["quarter"], row["value"]) for row in rows] == [
        ("2007-08 Q1", 796000),
        ("2007-08 Q2", 796000),
        ("2007-08 Q3", 796000),
        (LATEST, 875000),
    ]


def test_results_are_counted_by_status(database):
    sums = {
        name: query(
            database,
            f"select sum(value) as n from metric_{name} where area_level = 'england'",
        )[0]["n"]
        for name in ("results", "results_published", "results_withheld", "results_not_submitted")
    }
    assert sums == {
        "results": 8,
        "results_published": 7,
        "results_withheld": 0,
        "results_not_submitted": 1,
    }


def test_views_work_of_a_database_attached_under_any_name(database):
    with duckdb.connect() as engine:
        engine.execute(f"attach '{database}' as other (read_only)")
        [(n_rows,)] = engine.sql("select count(*) from other.main.metric_results").fetchall()
    assert n_rows > 0


def test_metrics_json_says_the_same(tmp_path):
    tiny = write_tiny_release(tmp_path)
    with open_release(tiny.folder, tiny.facts) as release:
        write_metrics(release, tmp_path)
        first = (tmp_path / "metrics.json").read_bytes()
        write_metrics(release, tmp_path)
    assert (tmp_path / "metrics.json").read_bytes() == first
    content = json.loads(first)
    assert (content["suppressed"], content["licence"]["name"]) == (True, "OGL-UK-3.0")
    listed = {metric["name"]: metric for metric in content["metrics"]}
    assert listed.keys() == {metric.name for metric in metrics()}
    stay = listed["length_of_stay"]
    assert stay["view"] == "metric_length_of_stay"
    assert stay["unit"] == "index"
    assert stay["caveat"].endswith("Coding differs.")
    assert stay["formula"].startswith("sum(100 * case") and "BCBV01" in stay["formula"]
    for metric in content["metrics"]:
        for said in ("label", "description", "formula", "unit", "additivity", "caveat"):
            assert metric[said], (metric["name"], said)
        assert "{{" not in metric["formula"]


def test_each_indicator_has_the_metric_that_the_registry_asks_for():
    with (CHECKOUT / "seeds" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        registry = {row["indicator_id"]: row for row in csv.DictReader(file)}
    of_indicators = {metric.indicator_id: metric for metric in metrics() if metric.indicator_id}
    assert of_indicators.keys() == registry.keys()
    for code, row in registry.items():
        metric = of_indicators[code]
        assert (metric.name, metric.label, metric.unit) == (
            row["short_name"],
            row["name"],
            row["unit"],
        )
        assert metric.condition == f"figures.indicator_id = '{code}'"
        part = "expected" if row["is_standardised"] == "true" else "denominator"
        assert metric.denominator and metric.denominator.endswith(f"then {part} end")
        scale = {"1": "case", "100": "100 * case", "1000": "1000 * case"}[row["value_scale"]]
        assert metric.numerator.startswith(f"{scale} when")


EXAMPLES = re.findall(
    r"^```python\n(.*?)^```$",
    (CHECKOUT / "docs" / "for-bi-tools.md").read_text(encoding="utf-8"),
    re.DOTALL | re.MULTILINE,
)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A tiny release with all that the page for BI tools reads."""
    folder = tmp_path_factory.mktemp("published")
    tiny = write_tiny_release(folder)
    with duckdb.connect() as engine:
        engine.execute(f"attach '{folder / DATABASE}' as release")
        create_metric_views(engine, "release")
        engine.execute("use release")
        for kind in ("csv", "parquet"):
            (folder / kind).mkdir()
        for table in contracts("public"):
            rows = csv_query(columns_of(engine, table, "marts"), table)
            engine.execute(f"copy ({rows}) to '{folder}/csv/{table}.csv' (format csv, header)")
            engine.execute(f"copy marts.{table} to '{folder}/parquet/{table}.parquet'")
    with open_release(tiny.folder, tiny.facts) as release:
        write_api(release, folder)
        write_datapackage(release, folder)
    return folder


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_for_bi_tools_run(tmp_path, published, number):
    code = EXAMPLES[number]
    assert "data/published/current" in code
    code = code.replace("data/published/current", str(published))
    assert run(tmp_path, sys.executable, "-c", code).succeeded().out.strip()
