"""Which warehouse may be published, and what a publisher says of one that may not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from bare_release import KINDS, publish_bare
from building import CHECKOUT, query, script
from dbt.cli.main import dbtRunnerResult
from release_folders import assert_whole, change
from tiny_project import tiny_dbt

from publication.kinds import INTERNAL, PUBLIC, Kind
from warehouse.built import NotPublishable
from warehouse.home import Home


def statuses(run: dbtRunnerResult) -> list[str]:
    """How the nodes of a run ended."""
    return [result.status for result in run.result.results]


@pytest.fixture
def built(tiny, tmp_path):
    """A copy of the built home, and dbt for it."""
    project, home = tiny
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    return tmp_path, lambda *arguments: tiny_dbt(project, tmp_path, *arguments)


def refusal(home: Path, kind: Kind = PUBLIC) -> str:
    """Why publish refuses, which leaves nothing."""
    with pytest.raises(NotPublishable) as refused:
        publish_bare(Home(home), kind)
    assert not list(home.glob("published/[!.]*")) and not list(home.glob("internal/[!.]*"))
    assert "run `dbt build`" in str(refused.value)
    return str(refused.value)


def test_what_is_published_is_the_whole_build_and_its_day(built):
    home, dbt = built
    assert dbt("test").success
    description = assert_whole(publish_bare(Home(home)))
    [build] = query(home / "warehouse.duckdb", "select * from audit.builds where is_full")
    assert description["invocation_id"] == build["invocation_id"]
    assert description["as_at"] == "2007-07-27"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--select", "dim_quarter", "--vars", "{as_at: 2006-09-01}"),
        ("seed",),
        ("snapshot",),
        ("build", "--empty"),
        ("build", "--sample", "3 days"),
        ("build", "--exclude-resource-type", "test"),
        ("build", "--resource-type", "model", "--resource-type", "test"),
    ],
    ids=" ".join,
)
def test_whatever_ran_since_and_is_no_whole_build_is_named(built, arguments):
    home, dbt = built
    assert dbt(*arguments).success
    said = refusal(home)
    assert f"`dbt {' '.join(arguments)}` of 20" in said
    assert "is no whole build" in said


def test_a_failure_counts_once_and_what_is_skipped_for_it_does_not(built):
    """And a retry that goes well mends the part that failed, not what is published."""
    home, dbt = built
    failed = statuses(dbt("build", "--vars", "{broken: model}"))
    assert failed.count("error") == 1 and "skipped" in failed
    assert "1 models or tests failed in `dbt build --vars {broken: model}`" in refusal(home)
    assert dbt("retry", "--vars", "{broken: null}").success
    assert "`dbt retry --vars {broken: null}` of 20" in refusal(home)


def test_a_data_test_that_fails_is_named(built):
    home, dbt = built
    assert not dbt("test", "--vars", "{broken: test}").success
    assert "1 models or tests failed in `dbt test --vars {broken: test}`" in refusal(home)


def test_a_table_changed_by_a_command_without_a_record_is_named(built):
    home, dbt = built
    assert dbt("run-operation", "change").success
    assert "dim_quarter changed after `dbt build --vars {as_at: 2007-07-27}` of 20" in refusal(home)


@pytest.mark.parametrize("room", ["marts.fct_opportunity", "publication.pub_fct_opportunity"])
@pytest.mark.parametrize(
    "statement",
    [
        "delete from {} where name = 'a'",
        "update {} set name = 'c' where name = 'a'",
        "create or replace table {} as select 1 as name from range(2)",
        "alter table {} drop column sent_on",
    ],
)
def test_a_table_changed_by_another_tool_is_named(built, statement, room):
    """Of either room, whichever kind is published."""
    home, _ = built
    change(home, statement.format(room))
    for kind in KINDS.values():
        assert f"{room.partition('.')[2]} changed after `dbt build" in refusal(home, kind)


def test_a_table_that_is_gone_is_named(built):
    home, _ = built
    change(home, "drop table publication.pub_fct_opportunity")
    for kind in KINDS.values():
        assert "the warehouse lacks pub_fct_opportunity" in refusal(home, kind)


def test_a_table_that_the_build_did_not_know_to_be_published_is_named(built):
    home, _ = built
    change(home, "delete from audit.build_tables where table_name = 'pub_dim_quarter'")
    assert "pub_dim_quarter was not published when `dbt build" in refusal(home)


def test_a_warehouse_without_results_is_empty(built):
    home, _ = built
    change(
        home,
        "delete from marts.fct_indicator_values",
        "delete from publication.pub_fct_indicator_values",
        "delete from audit.build_tables",
        "insert into audit.build_tables"
        " select any_value(invocation_id), table_name, n_rows, checksum"
        " from audit.builds, audit.published_tables group by all",
    )
    assert "pub_fct_indicator_values is empty" in refusal(home)
    assert refusal(home, INTERNAL).startswith("fct_indicator_values is empty")


def test_a_warehouse_of_the_version_before_is_built_again_without_unit_tests(built):
    """It did not keep the words of the command, nor what a build left."""
    home, dbt = built
    change(
        home,
        "alter table audit.builds drop column invocation",
        "alter table audit.builds drop column code_version",
        "drop table audit.build_tables",
        "drop view audit.published_tables",
    )
    assert "a version that did not record what it left" in refusal(home)
    assert dbt("build", "--exclude-resource-type", "unit_test").success
    assert assert_whole(publish_bare(Home(home)))["as_at"] is None


def test_a_file_that_is_no_warehouse_is_said_in_one_line(tmp_path):
    (tmp_path / "warehouse.duckdb").write_text("no database" * 1000)
    stopped = script(tmp_path, "publish")
    assert stopped.status == 1
    assert f"not published: {tmp_path / 'warehouse.duckdb'} is no warehouse: " in stopped.err
    assert stopped.err.count("\n") == 1


def test_without_a_warehouse_nothing_is_published(tmp_path):
    for arguments in ((), ("--internal",)):
        refused = script(tmp_path, "publish", *arguments)
        assert refused.status == 1
        assert "there is no warehouse" in refused.err
    assert not (tmp_path / "published").exists() and not (tmp_path / "internal").exists()


def test_a_warehouse_whose_build_broke_off_is_not_published(sample, released, tmp_path):
    """dbt killed at work leaves tables of two states; what it recorded at its start says so."""
    shutil.copytree(sample.home / "lake", tmp_path / "lake")
    shutil.copy(sample.warehouse, tmp_path / "warehouse.duckdb")
    build = subprocess.Popen(
        [Path(sys.executable).parent / "dbt", "build"],
        cwd=CHECKOUT,
        env=os.environ | {"BCBV_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in build.stdout:
        if "OK created sql table model" in line:
            break
    build.kill()
    build.wait()
    refused = script(tmp_path, "publish")
    assert refused.status == 1
    assert "has not ended, or broke off" in refused.err
    assert not list((tmp_path / "published").glob("[!.]*"))


def test_a_warehouse_at_work_is_not_published(built):
    home, _ = built
    with duckdb.connect(str(home / "warehouse.duckdb")):
        refused = script(home, "publish")
    assert refused.status == 1
    assert "is held by another process" in refused.err
    assert refused.err.count("\n") == 1
