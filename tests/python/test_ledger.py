"""The ledger of releases: a file for each that was made, whatever happens while it is written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from bare_release import bare_code, publish_apart, publish_bare
from building import CHECKOUT
from release_folders import changed_as_if_built

from publication.kinds import INTERNAL
from warehouse.built import NotPublishable
from warehouse.home import Home
from warehouse.ledger import BadLedger, require_ledger

RELEASES = [f"2007-0{month}-01T090000.000000Z" for month in (1, 2, 3)]


@pytest.fixture
def home(tiny, tmp_path) -> Home:
    """A copy of the built home, with one release."""
    shutil.copytree(tiny[1], tmp_path, dirs_exist_ok=True)
    publish_bare(Home(tmp_path))
    return Home(tmp_path)


def files(home: Home) -> list[Path]:
    return sorted((home.published / "ledger").iterdir())


def releases(home: Home) -> list[str]:
    return sorted(path.name for path in home.published.glob("[0-9]*"))


def test_a_public_release_leaves_a_file_without_the_figures_of_hidden_rows(home):
    """Of a, shown, to the last digit, with its rank among the shown; of b, hidden, none."""
    [file] = files(home)
    assert (file.stem, oct(file.stat().st_mode & 0o777)) == (releases(home)[0], "0o400")
    [row, other] = duckdb.sql(f"from '{file}'").fetchall()
    moment = row[4].strftime("%Y-%m-%dT%H%M%S.%fZ")
    assert row[:2] == (moment, "public") == (file.stem, "public")
    # The tiny project has no plugin to tell the version of the code.
    assert (row[2], str(row[3])) == (None, "2007-07-27")
    # The warehouse says rank 1, the released table rank 2, of b none.
    figures = ("2006-07 Q1", "trust", 90.25, "published", 2, 400.0, True, "f1", "shown")
    assert row[5:] == ("BCBV01", "a", *figures)
    assert other[6:] == (
        *("b", "2006-07 Q1", "trust", None, "published", None, None, True, "f1", "suppressed"),
    )


def test_an_internal_release_leaves_its_own_file_with_every_figure(home):
    before = files(home)
    release = publish_bare(home, INTERNAL)
    assert files(home) == before
    [file] = (home.internal / "ledger").iterdir()
    assert file.stem == release.name
    [row, other] = duckdb.sql(f"from '{file}'").fetchall()
    assert row[1] == other[1] == "internal"
    for code, found in (("a", row), ("b", other)):
        figures = ("2006-07 Q1", "trust", 90.25, "published", 1, 400.0, True, "f1", "shown")
        assert found[5:] == ("BCBV01", code, *figures)


def test_a_ledger_that_an_older_version_left_open_is_closed(home):
    (home.published / "ledger").chmod(0o755)
    publish_bare(home)
    assert oct((home.published / "ledger").stat().st_mode & 0o777) == "0o700"


def test_two_releases_of_one_build_are_two_files_and_the_first_is_as_it_was(home):
    [first] = files(home)
    before = first.read_bytes(), first.stat().st_mtime_ns
    publish_bare(home)
    assert [file.stem for file in files(home)] == releases(home)
    assert len(files(home)) == 2
    assert (first.read_bytes(), first.stat().st_mtime_ns) == before


def test_the_file_stays_when_the_folder_of_the_release_goes(home):
    [first] = files(home)
    publish_bare(home)
    shutil.rmtree(home.published / first.stem)
    publish_bare(home)
    assert first in files(home)
    assert len(files(home)) == 3


STOPS = {
    "with all files written": (0, False, False),
    "when the release is made": (1, True, False),
    "when it is in the ledger": (2, True, True),
}


@pytest.mark.parametrize("stop", STOPS)
def test_what_a_killed_publisher_left_is_mended_or_cleared_by_the_next(home, stop):
    """Killed at the first rename, the second, or the swap of the link."""
    n_renames, is_made, is_in_ledger = STOPS[stop]
    before = (home.published / "current").resolve()
    spoilt = f"""
import itertools, os, pathlib
calls = itertools.count()
def unless_killed(method):
    def stopped(self, target):
        if next(calls) == {n_renames}:
            os._exit(9)
        return method(self, target)
    return stopped
pathlib.Path.rename = unless_killed(pathlib.Path.rename)
pathlib.Path.replace = unless_killed(pathlib.Path.replace)
"""
    assert publish_apart(home.path, spoilt).status == 9
    assert (home.published / "current").resolve() == before
    made = releases(home)
    assert (len(made) == 2, len([f for f in files(home) if f.name[0] != "."]) == 2) == (
        is_made,
        is_in_ledger,
    )
    last = publish_bare(home)
    assert (home.published / "current").resolve() == last
    assert releases(home) == sorted([*made, last.name]) == [file.stem for file in files(home)]


def test_an_engine_that_fails_leaves_no_ledger(home):
    before = files(home)
    changed_as_if_built(
        home.path, "alter table intermediate.int_ledger_rows rename column value to figure"
    )
    with pytest.raises(duckdb.Error, match="value"):
        publish_bare(home)
    assert files(home) == before
    assert len(releases(home)) == 1


def test_a_table_of_ledger_rows_that_was_changed_is_not_published(home):
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("update intermediate.int_ledger_rows set data_fingerprint = 'f2'")
    with pytest.raises(NotPublishable, match="int_ledger_rows changed after"):
        publish_bare(home)


@pytest.mark.parametrize("name", ["notes.txt", "copy.parquet", "2007-01-01.parquet"])
def test_a_file_of_another_name_is_named(home, name):
    (home.published / "ledger" / name).write_text("x")
    with pytest.raises(NotPublishable, match=f"{name} is no ledger of a release: move it"):
        publish_bare(home)
    with pytest.raises(BadLedger, match=name), duckdb.connect() as engine:
        require_ledger(home.published, engine)


@pytest.mark.parametrize(
    "write, reason",
    [
        (lambda path: path.write_bytes(b"PAR1 cut off"), "cannot be read as the ledger"),
        (lambda path: duckdb.sql("select 1 as one").write_parquet(str(path)), "cannot be read as"),
        (lambda path: shutil.copy(files(Home(path.parents[2]))[-1], path), "holds the ledger of"),
    ],
    ids=["cut off", "no ledger", "of another release"],
)
def test_a_file_that_is_no_ledger_is_named_in_one_line(home, write, reason):
    path = home.published / "ledger" / f"{RELEASES[0]}.parquet"
    write(path)
    with pytest.raises(NotPublishable, match=reason) as refused:
        publish_bare(home)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)
    stopped = subprocess.run(
        [sys.executable, "-c", bare_code()],
        cwd=CHECKOUT,
        env=os.environ | {"BCBV_HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (stopped.returncode, stopped.stderr.count("\n")) == (1, 1)


def test_files_of_other_versions_and_what_a_file_manager_leaves_are_no_fault(home):
    write_ledger(home, RELEASES[0], [row()], without=["data_fingerprint", "kind"])
    write_ledger(home, RELEASES[1], [row() | {"is_suppressed": True}])
    (home.published / "ledger" / ".DS_Store").write_text("x")
    publish_bare(home)


def row(**changes) -> dict:
    """A row of a ledger, as SQL values by column."""
    return {
        "kind": "public",
        "code_version": "0.1.0+a",
        "as_at": None,
        "published_at": "2007-01-01",
        "indicator_id": "BCBV01",
        "organisation_code": "RA1",
        "quarter": "2006-07 Q1",
        "organisation_class": "trust",
        "value": 100.0,
        "publication_status": "published",
        "national_rank": 1,
        "opportunity_annual_gbp": 4_000_000.0,
        "is_in_published_total": True,
        "data_fingerprint": "f1",
        "disclosure_status": "shown",
        **changes,
    }


def write_ledger(home: Home, release: str, rows: list[dict], without=(), releases=None) -> Path:
    """A ledger made by hand, with or without columns of this version."""
    path = (releases or home.published) / "ledger" / f"{release}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["release", *(name for name in rows[0] if name not in without)]
    with duckdb.connect() as engine:
        marks = ", ".join(f"${name} as {name}" for name in names)
        for number, values in enumerate(rows):
            given = {name: ({"release": release} | values)[name] for name in names}
            into = "insert into ledger" if number else "create table ledger as"
            engine.execute(f"{into} select {marks}", given)
        engine.table("ledger").write_parquet(str(path))
    return path
