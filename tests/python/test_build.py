"""The whole way on a small synthetic sample: generated, landed, built, tested by dbt."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from building import CHECKOUT, WITH_DATA, dbt, query, script

INDICATOR_MODELS = CHECKOUT / "models" / "intermediate" / "indicators"


def listed(file: str, macro: str) -> set[str]:
    """The quoted names in a macro."""
    text = (CHECKOUT / "macros" / file).read_text(encoding="utf-8")
    body = text.split(f"{{% macro {macro}(")[1].split("{% endmacro %}")[0]
    return set(re.findall(r"'(\w+)'", body))


def computed_short_names() -> set[str]:
    """The indicators that have a model, by the names of the files."""
    return {
        path.stem.removeprefix("int_indicator__")
        for path in INDICATOR_MODELS.glob("int_indicator__*.sql")
    }


def test_the_lists_that_dbt_needs_before_it_reads_anything_are_complete():
    """dbt resolves references before it sees contracts or models, hence two lists in macros."""
    periodic = set()
    for path in (CHECKOUT / "models" / "staging").glob("*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                if table["config"]["meta"].get("periodic"):
                    periodic.add(table["name"])
    assert listed("contract.sql", "periodic_feeds") == periodic
    assert listed("indicators.sql", "computed_indicators") - {"trust", "pct"} == (
        computed_short_names()
    )


def test_every_model_and_every_test_passes_on_the_sample(sample):
    assert re.search(r"PASS=\d+ WARN=0 ERROR=0 SKIP=0", sample.build.out), sample.build.out[-3000:]


def test_the_indicators_computed_are_the_registry_and_have_values(sample):
    with (CHECKOUT / "seeds" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        registry = {row["short_name"] for row in csv.DictReader(file)}
    assert computed_short_names() == registry

    valued = query(
        sample.warehouse,
        "select short_name, count(*) as n from marts.fct_indicator_values"
        " inner join marts.dim_indicator using (indicator_id)"
        " where is_computed and value is not null group by short_name",
    )
    assert {row["short_name"] for row in valued if row["n"] > 100} == registry


def test_every_drilldown_has_parts(sample):
    """That they sum to the whole is a test of dbt, which nothing to sum would pass."""
    for table in (CHECKOUT / "models" / "marts" / "drilldown").glob("*.sql"):
        [row] = query(sample.warehouse, f"select count(*) as n from marts.{table.stem}")
        assert row["n"] > 100, table.stem


def test_no_row_is_lost_between_the_files_and_the_accounts(sample):
    [counts] = query(
        sample.warehouse,
        "select sum(n_landed) as landed,"
        " sum(n_in_use + n_set_aside + n_superseded + n_quarantined) as accounted,"
        " sum(n_quarantined) as quarantined"
        " from intermediate.int_submission_row_counts",
    )
    assert counts["landed"] == counts["accounted"] > 0
    assert counts["quarantined"] > 0, "the sample holds duplicates on purpose"


def test_synthetic_submissions_say_so(sample):
    flags = query(sample.warehouse, "select distinct is_synthetic from marts.dim_submission")
    assert flags == [{"is_synthetic": True}]


def test_an_empty_lake_builds_to_empty_tables(tmp_path):
    build = dbt(tmp_path, "build", *WITH_DATA).succeeded()
    assert "ERROR=0" in build.out
    [row] = query(
        tmp_path / "warehouse.duckdb", "select count(*) as n from marts.fct_indicator_values"
    )
    assert row["n"] == 0


ABSENCE_HEADER = "month,org_code,staff_group,fte_days_lost,fte_days_available\n"


def absence(path: Path, days_lost: int) -> Path:
    """A quarter's sickness of one trust: the same days lost each month, of 1,000 available."""
    months = "".join(f"20060{month},RWE,All,{days_lost},1000\n" for month in (4, 5, 6))
    path.write_text(ABSENCE_HEADER + months, encoding="utf-8")
    return path


def test_a_past_state_is_built_again_as_it_stood(tmp_path):
    files = [
        absence(tmp_path / "esr_absence__fy2006-07q1__2006-08-22.csv", 40),
        absence(tmp_path / "esr_absence__fy2006-07__2007-05-31.csv", 50),
    ]
    script(tmp_path, "ingest", *files).succeeded()
    models = ("--resource-type", "model", "--resource-type", "seed")
    dbt(tmp_path, "build", *models, "--vars", "{as_at: 2006-09-30}").succeeded()
    [row] = query(
        tmp_path / "warehouse.duckdb",
        "select value, publication_status from marts.fct_indicator_values"
        " where indicator_id = 'BCBV08' and organisation_code = 'RWE' and quarter = '2006-07 Q1'",
    )
    assert row == {"value": pytest.approx(0.04), "publication_status": "published"}
