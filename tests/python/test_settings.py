"""A setting is taken as meant, or the command stops with one line before it does anything."""

from pathlib import Path

import duckdb
import pytest
import yaml
from building import dbt, script
from tiny_project import tiny_dbt, write_tiny_project

from warehouse.home import BadSetting, engine_limits
from warehouse.limits import FIRST_YEAR


@pytest.mark.parametrize("threads", ["0", "-1", "abc", "1.5", "1025", "99999", "²", " 2"])
def test_threads_are_a_whole_number(monkeypatch, threads):
    monkeypatch.setenv("BCBV_THREADS", threads)
    with pytest.raises(BadSetting, match=r"^BCBV_THREADS=.*: not a whole number from 1 to 1024$"):
        engine_limits()


@pytest.mark.parametrize(
    ("memory", "reason"),
    [
        ("1MB", "too little; at least 128MB"),
        ("127MB", "too little"),
        ("0GB", "too little"),
        ("lots", "not an amount of memory, such as 500MB or 8GB"),
        ("8", "not an amount"),
        ("-8GB", "not an amount"),
        ("8GB'; drop table x; --", "not an amount"),
    ],
)
def test_a_memory_limit_is_an_amount_that_can_be_worked_with(monkeypatch, memory, reason):
    monkeypatch.setenv("BCBV_MEMORY_LIMIT", memory)
    with pytest.raises(BadSetting, match=r"^BCBV_MEMORY_LIMIT=") as refused:
        engine_limits()
    assert reason in str(refused.value)


@pytest.mark.parametrize("memory", ["128MB", "0.5 gb", "1GiB", "8GB", "1TB", ""])
def test_amounts_of_memory_are_those_of_the_engine(monkeypatch, memory):
    monkeypatch.setenv("BCBV_MEMORY_LIMIT", memory)
    monkeypatch.setenv("BCBV_THREADS", "")
    limits = engine_limits()
    assert limits == {"threads": "2", "memory_limit": memory or "8GB"}
    duckdb.connect(config=dict(limits)).close()


@pytest.mark.parametrize("command", ["ingest", "publish"])
def test_a_command_says_in_one_line_which_setting_is_wrong(tmp_path, monkeypatch, command):
    monkeypatch.setenv("BCBV_MEMORY_LIMIT", "1MB")
    (tmp_path / "warehouse.duckdb").touch()
    stopped = script(tmp_path, command, *([tmp_path] if command == "ingest" else []))
    assert stopped.status == 1
    assert stopped.err == "BCBV_MEMORY_LIMIT=1MB: too little; at least 128MB\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project of a few rows with the warehouse's hooks, whose model takes the day."""
    folder = tmp_path_factory.mktemp("project")
    write_tiny_project(folder)
    described = yaml.safe_load((folder / "dbt_project.yml").read_text())
    described["on-run-start"].insert(0, "{{ check_settings() }}")
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(described))
    return folder


@pytest.mark.parametrize(
    "day",
    [
        '"2007-07-27\' or 1=1 --"',
        "''",
        "false",
        "20070727",
        "2007-7-1",
        "'2007-02-29'",
        '"2007-07-27\\n"',
    ],
)
def test_as_at_is_a_day_or_nothing_runs(project, tmp_path, capsys, day):
    stopped = tiny_dbt(project, tmp_path, "seed", "--vars", f"{{as_at: {day}}}")
    assert not stopped.success
    [said] = [line for line in str(stopped.exception).splitlines() if "as_at:" in line]
    assert "is no day; write YYYY-MM-DD" in said
    assert not (tmp_path / "warehouse.duckdb").exists(), "the command had begun"


@pytest.mark.parametrize("day", ["2007-07-27", "'2008-02-29'", "null"])
def test_as_at_may_be_a_day_or_none(project, tmp_path, day):
    assert tiny_dbt(project, tmp_path, "seed", "--vars", f"{{as_at: {day}}}").success
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as warehouse:
        kept = warehouse.sql("select distinct as_at::varchar from audit.builds").fetchall()
    assert kept == [(None if day == "null" else day.strip("'"),)]


def test_a_variable_that_is_no_setting_is_named(project, tmp_path):
    """Misspelt it would build another state than was asked for."""
    stopped = tiny_dbt(project, tmp_path, "seed", "--vars", "{as_At: 2007-07-27}")
    assert 'no setting is called "as_At"; there is as_at' in str(stopped.exception)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as warehouse:
        assert not warehouse.sql("select * from duckdb_schemas() where schema_name = 'audit'")


def test_a_day_with_sql_in_it_stops_the_warehouse_itself(tmp_path):
    stopped = dbt(tmp_path, "build", "--vars", '{as_at: "2007-07-27\' or 1=1 --"}')
    assert stopped.status == 2
    assert 'as_at: "2007-07-27\' or 1=1 --" is no day' in stopped.out
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_landing_and_build_agree_on_the_first_year(parameters):
    assert parameters["first_year"] == FIRST_YEAR


@pytest.fixture
def parameters() -> dict[str, float]:
    """The seed of parameters."""
    seed = Path(__file__).parents[2] / "seeds" / "rules" / "parameters.csv"
    return dict(duckdb.sql(f"select parameter_id, value from '{seed}'").fetchall())
