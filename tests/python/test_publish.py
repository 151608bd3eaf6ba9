"""What a release promises: whole, immutable, self-describing, swapped in one step."""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from building import CHECKOUT, query, script
from dbt.cli.main import dbtRunnerResult
from tiny_project import tiny_dbt, write_tiny_project

from warehouse.home import Home
from warehouse.release import NotPublishable, publish

PERSON_LEVEL_COLUMNS = {"person_id", "spell_id", "record_key", "line_number", "practice_code"}


@pytest.fixture
def home(sample, tmp_path) -> Path:
    """A home with the sample's warehouse and nothing published."""
    shutil.copy(sample.warehouse, tmp_path / "warehouse.duckdb")
    return tmp_path


def current(home: Path) -> Path:
    """The release that published/current names."""
    return (home / "published" / "current").resolve(strict=True)


def ledgers(home: Path) -> list[str]:
    """The releases that the ledger has a file of; nothing else lies beside the files."""
    found = sorted((home / "published" / "ledger").iterdir())
    assert {path.suffix for path in found} <= {".parquet"}
    return [path.stem for path in found]


def assert_whole(release: Path) -> dict:
    """Every file that release.json lists is there with its checksum, and nothing else is."""
    description = json.loads((release / "release.json").read_text(encoding="utf-8"))
    checksums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.iterdir()
        if path.name != "release.json"
    }
    assert checksums == description["checksums_sha256"]
    assert description["release"] == release.name
    return description


def test_a_release_holds_every_table_in_three_formats(home):
    script(home, "publish").succeeded()
    description = assert_whole(current(home))
    tables = description["row_counts"]
    assert "fct_indicator_values" in tables
    assert tables["fct_indicator_values"] > 1000
    for table, n_rows in tables.items():
        for source in (
            f"read_parquet('{current(home)}/{table}.parquet')",
            f"read_csv('{current(home)}/{table}.csv', all_varchar = true)",
        ):
            [(found,)] = duckdb.sql(f"select count(*) from {source}").fetchall()
            assert (source, found) == (source, n_rows)
        [row] = query(current(home) / "bcbv.duckdb", f"select count(*) as n from marts.{table}")
        assert row["n"] == n_rows


def test_a_release_says_what_it_was_made_of(home):
    script(home, "publish").succeeded()
    description = assert_whole(current(home))
    assert description["synthetic"] is True
    assert description["suppressed"] is False
    assert description["as_at"] is None
    assert description["built_at"] < description["published_at"]
    assert description["code_version"].startswith("0.1.0")
    submissions = description["submissions"]
    found = {row["submission_id"]: row for row in submissions["landed"]}
    assert submissions["total"] == len(found) == submissions["synthetic"] > 0
    kept = query(home / "warehouse.duckdb", "select * from marts.dim_submission")
    for row in kept:
        described = found[row["submission_id"]]
        assert described == {name: row[name] for name in described}
    failed = [row for row in kept if row["profile_verdict"] == "failed"]
    assert submissions["profile_failed"] == len(failed)


def test_no_row_of_a_person_leaves_the_warehouse(home):
    script(home, "publish").succeeded()
    columns = query(
        current(home) / "bcbv.duckdb",
        "select schema_name, column_name from duckdb_columns() where not internal",
    )
    assert {row["schema_name"] for row in columns} == {"marts"}
    assert not {row["column_name"] for row in columns} & PERSON_LEVEL_COLUMNS


def test_columns_keep_their_descriptions(home):
    script(home, "publish").succeeded()
    undescribed = query(
        current(home) / "bcbv.duckdb",
        "select table_name, column_name from duckdb_columns()"
        " where not internal and comment is null",
    )
    assert undescribed == []


def test_a_reader_of_the_release_before_is_not_disturbed(home):
    script(home, "publish").succeeded()
    before = current(home)
    with duckdb.connect(str(home / "published/current/bcbv.duckdb"), read_only=True) as reader:
        counts = reader.sql("select count(*) from marts.fct_indicator_values").fetchall()
        script(home, "publish").succeeded()
        assert current(home) != before
        assert reader.sql("select count(*) from marts.fct_indicator_values").fetchall() == counts
    assert_whole(before)


def test_killed_at_any_moment_the_current_release_is_whole(home):
    script(home, "publish").succeeded()
    started = time.monotonic()
    script(home, "publish").succeeded()
    duration = time.monotonic() - started

    chance = random.Random(20061023)
    killed = 0
    for _ in range(20):
        publisher = subprocess.Popen(
            [sys.executable, "scripts/publish.py"],
            cwd=CHECKOUT,
            env=os.environ | {"BCBV_HOME": str(home)},
            stdout=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.1, 1.1) * duration)
        publisher.send_signal(signal.SIGKILL)
        killed += publisher.wait() == -signal.SIGKILL
        assert_whole(current(home))
        made = {path.name for path in (home / "published").glob("[0-9]*")}
        in_ledger = {path.stem for path in (home / "published" / "ledger").glob("[0-9]*")}
        assert current(home).name in in_ledger <= made
    assert killed >= 5, "too few were killed before they had finished"

    script(home, "publish").succeeded()
    assert_whole(current(home))
    assert ledgers(home) == sorted(path.name for path in (home / "published").glob("[0-9]*"))
    left = [path.name for path in (home / "published").iterdir()]
    assert not [name for name in left if name.startswith((".unfinished", ".current"))]


def test_without_a_warehouse_nothing_is_published(tmp_path):
    refused = script(tmp_path, "publish")
    assert refused.status == 1
    assert "there is no warehouse" in refused.err
    assert not (tmp_path / "published").exists()


def test_a_warehouse_whose_build_broke_off_is_not_published(sample, tmp_path):
    """dbt killed at work leaves tables of two states; what it recorded at its start says so."""
    shutil.copytree(sample.home / "lake", tmp_path / "lake")
    shutil.copy(sample.warehouse, tmp_path / "warehouse.duckdb")
    script(tmp_path, "publish").succeeded()
    before = current(tmp_path)
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
    assert current(tmp_path) == before


def test_a_warehouse_at_work_is_not_published(home):
    with duckdb.connect(str(home / "warehouse.duckdb")):
        refused = script(home, "publish")
    assert refused.status == 1
    assert "is held by another process" in refused.err
    assert refused.err.count("\n") == 1


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> tuple[Path, Path]:
    """A project of a few rows, and a home in which it was built as a whole, with a warning."""
    project, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("built")
    write_tiny_project(project)
    build = tiny_dbt(project, home, "build", "--vars", "{as_at: 2007-07-27}")
    assert build.success and "warn" in statuses(build)
    return project, home


def statuses(run: dbtRunnerResult) -> list[str]:
    """How the nodes of a run ended."""
    return [result.status for result in run.result.results]


@pytest.fixture
def built(tiny, tmp_path):
    """A copy of the built home, and dbt for it."""
    project, home = tiny
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    return tmp_path, lambda *arguments: tiny_dbt(project, tmp_path, *arguments)


def refusal(home: Path) -> str:
    """Why publish refuses, which leaves nothing."""
    with pytest.raises(NotPublishable) as refused:
        publish(Home(home))
    assert not list(home.glob("published/[!.]*"))
    assert "run `dbt build`" in str(refused.value)
    return str(refused.value)


def change(home: Path, *statements: str) -> None:
    """Change the warehouse without dbt."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        for statement in statements:
            warehouse.execute(statement)


def test_what_is_published_is_the_whole_build_and_its_day(built):
    home, dbt = built
    assert dbt("test").success
    description = assert_whole(publish(Home(home)))
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


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.fct_opportunity where name = 'a'",
        "update marts.fct_opportunity set name = 'c' where name = 'a'",
        "create or replace table marts.fct_opportunity as select 1 as name from range(2)",
        "alter table marts.fct_opportunity drop column sent_on",
    ],
)
def test_a_table_changed_by_another_tool_is_named(built, statement):
    home, _ = built
    change(home, statement)
    assert "fct_opportunity changed after `dbt build" in refusal(home)


def test_a_table_that_is_gone_is_named(built):
    home, _ = built
    change(home, "drop table marts.fct_opportunity")
    assert "the warehouse lacks fct_opportunity" in refusal(home)


def test_a_table_that_the_build_did_not_know_to_be_published_is_named(built):
    home, _ = built
    change(home, "delete from audit.build_tables where table_name = 'dim_quarter'")
    assert "dim_quarter was not published when `dbt build" in refusal(home)


def test_a_warehouse_without_results_is_empty(built):
    home, _ = built
    change(
        home,
        "delete from marts.fct_indicator_values",
        "delete from audit.build_tables",
        "insert into audit.build_tables"
        " select any_value(invocation_id), table_name, n_rows, checksum"
        " from audit.builds, audit.published_tables group by all",
    )
    assert "fct_indicator_values is empty" in refusal(home)


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
    assert assert_whole(publish(Home(home)))["as_at"] is None


def test_a_home_of_an_odd_name_is_published(built, tmp_path):
    home, _ = built
    odd = tmp_path / "x [v1] O'Brien a=b ü *"
    odd.mkdir()
    shutil.copy(home / "warehouse.duckdb", odd)
    assert_whole(publish(Home(odd)))
    assert_whole(current(odd))


def test_a_disk_that_is_full_is_said_in_one_line_and_left_as_it_was(built):
    """No file may grow beyond 20 kB: some tables fit, the database does not."""
    home, _ = built
    before = publish(Home(home))
    stopped = subprocess.run(
        [sys.executable, "scripts/publish.py"],
        cwd=CHECKOUT,
        env=os.environ | {"BCBV_HOME": str(home)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("not published: ")
    assert stopped.stderr.count("\n") == 1
    assert current(home) == before
    assert sorted(path.name for path in (home / "published").iterdir()) == sorted(
        [".lock", "current", "ledger", before.name]
    )
    assert ledgers(home) == [before.name]


def test_a_file_that_is_no_warehouse_is_said_in_one_line(tmp_path):
    (tmp_path / "warehouse.duckdb").write_text("no database" * 1000)
    stopped = script(tmp_path, "publish")
    assert stopped.status == 1
    assert f"not published: {tmp_path / 'warehouse.duckdb'} is no warehouse: " in stopped.err
    assert stopped.err.count("\n") == 1


def test_a_folder_that_cannot_be_written_in_is_said_in_one_line(built):
    home, _ = built
    (home / "published").touch()
    stopped = script(home, "publish")
    assert stopped.status == 1
    assert stopped.err == f"not published: {home / 'published'}: File exists\n"


def test_publishing_leaves_releases_to_be_read_by_others(built):
    """Whatever the rest of the home is, a release is for its readers: as the umask has it."""
    home, _ = built
    before = os.umask(0o022)
    try:
        release = publish(Home(home))
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in release.iterdir()} == {"0o444"}
    assert release.stat().st_mode & 0o777 == 0o755
