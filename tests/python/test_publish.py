"""What a release promises: whole, immutable, self-describing, swapped in one step."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from building import CHECKOUT, query, script

PERSON_LEVEL_COLUMNS = {"person_id", "spell_id", "record_key", "line_number", "practice_code"}


@pytest.fixture
def home(sample, tmp_path) -> Path:
    """A home with the sample's warehouse and nothing published."""
    shutil.copy(sample.warehouse, tmp_path / "warehouse.duckdb")
    return tmp_path


def current(home: Path) -> Path:
    """The release that published/current names."""
    return (home / "published" / "current").resolve(strict=True)


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
    assert killed >= 5, "too few were killed before they had finished"

    script(home, "publish").succeeded()
    assert_whole(current(home))
    left = [path.name for path in (home / "published").iterdir()]
    assert not [name for name in left if name.startswith((".unfinished", ".current"))]


def test_without_a_warehouse_nothing_is_published(tmp_path):
    refused = script(tmp_path, "publish")
    assert refused.status == 1
    assert "there is no warehouse" in refused.err
    assert not (tmp_path / "published").exists()


def test_a_warehouse_whose_build_failed_is_not_published(home):
    script(home, "publish").succeeded()
    before = current(home)
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "insert into audit.builds"
            " values ('x', '2099-01-01', '2099-01-01', 'build', true, null, 2)"
        )
    refused = script(home, "publish")
    assert refused.status == 1
    assert "2 models or tests failed" in refused.err
    assert current(home) == before


def test_a_warehouse_whose_build_broke_off_is_not_published(sample, tmp_path):
    """dbt killed at work leaves tables of two states; what it recorded at its start says so."""
    shutil.copytree(sample.home / "lake", tmp_path / "lake")
    shutil.copy(sample.warehouse, tmp_path / "warehouse.duckdb")
    script(tmp_path, "publish").succeeded()
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


def test_a_warehouse_at_work_is_not_published(home):
    with duckdb.connect(str(home / "warehouse.duckdb")):
        refused = script(home, "publish")
    assert refused.status == 1
    assert "is held by another process" in refused.err
    assert refused.err.count("\n") == 1
