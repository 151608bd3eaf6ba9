"""The semantic layer: what MetricFlow answers, against SQL and against the views of a release."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from building import CHECKOUT, query, run

from publication.metrics import create_metric_views, metrics

QUARTER = "metric_time__financial_quarter"
YEAR = "metric_time__financial_year"
SHA = "organisation__sha_code"
CLASS = "indicator_value__organisation_class"
INDICATOR = "indicator"
TABLES = (
    "dim_indicator",
    "dim_organisation",
    "dim_quarter",
    "fct_area_values",
    "fct_indicator_values",
)
OF_INDICATORS = [metric.name for metric in metrics() if metric.indicator_id]
POUNDS = [
    "opportunity_quarter_gbp",
    "opportunity_annual_gbp",
    "opportunity_annual_at_median_gbp",
    "opportunity_annual_at_best_decile_gbp",
    "releasable_annual_gbp",
]
COUNTS = ["results", "results_published", "results_withheld", "results_not_submitted"]
TOTAL = "opportunity_total_annual_gbp"
QUESTIONS: list[tuple[list[str], list[str]]] = [
    *(([name], [QUARTER, CLASS, SHA]) for name in OF_INDICATORS),
    *(([name], [QUARTER, CLASS]) for name in OF_INDICATORS),
    (POUNDS, [QUARTER, INDICATOR]),
    (POUNDS, [YEAR]),
    (COUNTS, [QUARTER, INDICATOR]),
    ([TOTAL], [QUARTER]),
    ([TOTAL], [QUARTER, SHA]),
]


@pytest.fixture(scope="module")
def answers(sample) -> dict[tuple, dict[tuple, tuple]]:
    """MetricFlow's figures by question, then by group."""
    asked = json.dumps(QUESTIONS)
    result = subprocess.run(
        [sys.executable, str(CHECKOUT / "tests" / "python" / "ask_metricflow.py"), asked],
        cwd=CHECKOUT,
        env=os.environ
        | {"BCBV_HOME": str(sample.home), "PYTHONPATH": str(CHECKOUT / "tools"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    [line] = [line for line in result.stdout.splitlines() if line.startswith("answers:")]
    return {
        (tuple(names), tuple(groups)): {
            tuple(row[: len(groups)]): tuple(row[len(groups) :]) for row in rows
        }
        for (names, groups), rows in zip(
            QUESTIONS, json.loads(line.removeprefix("answers:")), strict=True
        )
    }


@pytest.fixture(scope="module")
def release(sample, tmp_path_factory) -> Path:
    """The marts that metrics are of and their views, as an internal release has them."""
    path = tmp_path_factory.mktemp("views") / "bcbv.duckdb"
    with duckdb.connect() as engine:
        engine.execute(f"attach '{sample.warehouse}' as warehouse (read_only)")
        engine.execute(f"attach '{path}' as release")
        engine.execute("create schema release.marts")
        for table in TABLES:
            engine.execute(
                f"create table release.marts.{table} as select * from warehouse.marts.{table}"
            )
        create_metric_views(engine, "release")
    return path


def figures(database: Path, sql: str, n_groups: int) -> dict[tuple, tuple]:
    """The rows of a query: figures by group."""
    rows = [tuple(row.values()) for row in query(database, sql)]
    return {row[:n_groups]: row[n_groups:] for row in rows}


def same(found: dict[tuple, tuple], expected: dict[tuple, tuple]) -> None:
    """Equal groups, and figures equal but for the order in which doubles were added."""
    assert expected
    assert found.keys() == expected.keys()
    for group, row in expected.items():
        assert [figure is None for figure in found[group]] == [figure is None for figure in row]
        known = [(a, b) for a, b in zip(found[group], row, strict=True) if b is not None]
        assert [a for a, _ in known] == pytest.approx([b for _, b in known], rel=1e-9), group


def test_the_configuration_is_valid(sample):
    validated = run(sample.home, sys.executable, "tools/mf.py", "validate-configs").succeeded()
    assert validated.out.count("ERRORS: 0") >= 5, validated.out
    assert "FUTURE_ERRORS: 0" in validated.out and "✖" not in validated.out


@pytest.mark.parametrize("name", OF_INDICATORS)
def test_an_indicator_is_that_of_the_areas(sample, answers, name):
    """The marts work it out by another way: from int_area_values."""
    [metric] = [metric for metric in metrics() if metric.name == name]
    rows = (
        "select quarter, organisation_class, {area}value from marts.fct_area_values"
        f" where indicator_id = '{metric.indicator_id}' and area_level = '{{level}}'"
    )
    england = figures(sample.warehouse, rows.format(area="", level="england"), 2)
    same(answers[(name,), (QUARTER, CLASS)], england)
    of_areas = answers[(name,), (QUARTER, CLASS, SHA)]
    areas = figures(sample.warehouse, rows.format(area="area_code, ", level="sha"), 3)
    # Organisations without an authority are in England alone.
    same({group: row for group, row in of_areas.items() if group[2] is not None}, areas)
    assert any(row[0] is not None for row in england.values()), "nothing to compare"


def test_pounds_add_up_over_organisations_and_the_year_is_its_last_quarter(sample, answers):
    sums = ", ".join(f"sum({name})" for name in POUNDS)
    table = "marts.fct_indicator_values"
    by_indicator = f"select quarter, indicator_id, {sums} from {table} group by all"
    same(
        answers[tuple(POUNDS), (QUARTER, INDICATOR)],
        figures(sample.warehouse, by_indicator, 2),
    )
    # Other indicators may have later quarters, in which there are no pounds.
    of_year = figures(
        sample.warehouse,
        f"""
        with known as (
            select *, left(quarter, 7) as year
            from {table}
            where opportunity_quarter_gbp is not null
        ),
        whole as (select year, sum(opportunity_quarter_gbp) as pounds from known group by all),
        lasts as (select year, max(quarter) as quarter from known group by all)
        select year, any_value(whole.pounds), {", ".join(f"sum({name})" for name in POUNDS[1:])}
        from known
        inner join lasts using (year, quarter)
        inner join whole using (year)
        group by year
        """,
        1,
    )
    same(answers[tuple(POUNDS), (YEAR,)], of_year)
    # Were quarters of annual pounds added up, a year would be about four times its own quarters.
    assert all(0 < annual < 2 * whole for whole, annual, *_ in of_year.values())


def test_the_total_is_the_published_one(sample, answers):
    rows = (
        "select quarter, {area}opportunity_annual_gbp from marts.fct_opportunity"
        " where indicator_id = 'ALL' and area_level = '{level}'"
    )
    england = figures(sample.warehouse, rows.format(area="", level="england"), 1)
    same(answers[(TOTAL,), (QUARTER,)], england)
    areas = figures(sample.warehouse, rows.format(area="area_code, ", level="sha"), 2)
    found = answers[(TOTAL,), (QUARTER, SHA)]
    same({group: row for group, row in found.items() if group[1] is not None}, areas)


def test_results_are_counted(sample, answers):
    counted = figures(
        sample.warehouse,
        """
        select
            quarter, indicator_id, count(*),
            count(*) filter (publication_status in ('published', 'caveat')),
            count(*) filter (publication_status in ('withheld', 'unusable')),
            count(*) filter (publication_status = 'not_submitted')
        from marts.fct_indicator_values
        group by all
        """,
        2,
    )
    same(answers[tuple(COUNTS), (QUARTER, INDICATOR)], counted)


@pytest.mark.parametrize("name", OF_INDICATORS)
def test_a_view_of_an_indicator_says_what_metricflow_says(release, answers, name):
    view = f"select quarter, organisation_class, {{area}}value from metric_{name}"
    england = view.format(area="") + " where area_level = 'england'"
    same(answers[(name,), (QUARTER, CLASS)], figures(release, england, 2))
    areas = view.format(area="area_code, ") + " where area_level = 'sha'"
    found = answers[(name,), (QUARTER, CLASS, SHA)]
    same(
        {group: row for group, row in found.items() if group[2] is not None},
        figures(release, areas, 3),
    )
    # What a reader makes of the sums beside it is the same again, of organisations and of England.
    ratio = (
        f"select quarter, organisation_class, sum(numerator) / sum(denominator) from metric_{name}"
    )
    for level in ("organisation", "england"):
        own = f"{ratio} where area_level = '{level}' group by all"
        same(answers[(name,), (QUARTER, CLASS)], figures(release, own, 2))


@pytest.mark.parametrize("name", [*POUNDS, *COUNTS])
def test_a_view_of_a_sum_says_what_metricflow_says(release, answers, name):
    names = POUNDS if name in POUNDS else COUNTS
    asked = answers[tuple(names), (QUARTER, INDICATOR)]
    found = figures(
        release,
        f"select quarter, indicator_id, sum(value) from metric_{name}"
        " where area_level = 'organisation' group by all",
        2,
    )
    place = names.index(name)
    same({group: (row[place],) for group, row in asked.items()}, found)


def test_the_view_of_the_total_says_what_metricflow_says(release, answers):
    sql = f"select quarter, value from metric_{TOTAL} where area_level = 'england'"
    same(answers[(TOTAL,), (QUARTER,)], figures(release, sql, 1))
