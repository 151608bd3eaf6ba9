"""How a release of either kind is made: from its own room, whole or not at all, for whom it is."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from bare_release import KINDS, STEPS, bare_code, publish_apart, publish_bare
from building import CHECKOUT, query
from release_folders import (
    BOTH,
    assert_untorn,
    assert_whole,
    changed_as_if_built,
    current,
    files,
    ledgers,
    modes,
)

from publication.kinds import INTERNAL, PUBLIC
from publication.release import publish
from warehouse import built as built_warehouse
from warehouse.built import NotPublishable
from warehouse.home import Home


@pytest.fixture
def home(tiny, tmp_path) -> Path:
    """A copy of the built home, with nothing published."""
    shutil.copy(tiny[1] / "warehouse.duckdb", tmp_path)
    return tmp_path


@BOTH
def test_a_disk_that_is_full_is_said_in_one_line_and_left_as_it_was(home, kind):
    """No file may grow beyond 20 kB: the ledger fits, the database does not."""
    before = publish_bare(Home(home), kind)
    stopped = subprocess.run(
        [sys.executable, "-c", bare_code(kind=kind)],
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
    assert current(home, kind) == before
    assert sorted(path.name for path in before.parent.iterdir()) == sorted(
        [".lock", "current", "ledger", before.name]
    )
    assert ledgers(home, kind) == [before.name]


def test_a_folder_that_cannot_be_written_in_is_said_in_one_line(home):
    for kind in KINDS.values():
        (home / kind.releases(Home(home)).name).touch()
        stopped = publish_apart(home, kind=kind)
        assert stopped.status == 1
        assert str(kind.releases(Home(home))) in stopped.err and "File exists" in stopped.err
        assert stopped.err.count("\n") == 1


def test_a_public_release_is_for_others_and_its_ledger_is_not(home):
    """Whatever the rest of the home is, a release is for its readers: as the umask has it."""
    before = os.umask(0o022)
    try:
        release = publish_bare(Home(home))
    finally:
        os.umask(before)
    assert modes(release) == {"0o755", "0o444"}
    assert modes(home / "published" / "ledger") == {"0o700", "0o400"}


def test_an_internal_release_is_closed_whatever_the_umask(home):
    before = os.umask(0)
    try:
        publish_bare(Home(home), INTERNAL)
        assert os.umask(0) == 0
    finally:
        os.umask(before)
    (home / "internal" / "current").unlink()
    assert modes(home / "internal") == {"0o700", "0o600", "0o400"}


def test_an_internal_release_leaves_the_public_ones_alone(home):
    publish_bare(Home(home))
    before = {name: path.lstat().st_mtime_ns for name, path in files(home / "published").items()}
    publish_bare(Home(home), INTERNAL)
    after = {name: path.lstat().st_mtime_ns for name, path in files(home / "published").items()}
    assert after == before
    assert len(ledgers(home)) == len(ledgers(home, INTERNAL)) == 1


def test_a_release_is_copied_from_its_own_room(home):
    """A mart that a public release would show lacks what hides it."""
    changed_as_if_built(home, "alter table marts.fct_opportunity add column unrounded double")
    for kind in KINDS.values():
        [row] = query(
            publish_bare(Home(home), kind) / "bcbv.duckdb", "from fct_opportunity limit 1"
        )
        assert ("unrounded" in row) == (kind is INTERNAL)


def test_an_exposure_that_lists_a_table_of_the_other_room_is_refused(tmp_path, monkeypatch):
    (tmp_path / "rooms").mkdir()
    listed = "exposures: [{name: published_release, depends_on: [\"ref('fct_opportunity')\"]}]"
    (tmp_path / "rooms" / "_exposures.yml").write_text(listed)
    monkeypatch.setattr(built_warehouse, "MODELS", tmp_path)
    with pytest.raises(NotPublishable, match="lists fct_opportunity, not of schema publication"):
        PUBLIC.tables()


@BOTH
def test_the_last_release_says_what_it_is(home, kind):
    release = publish_bare(Home(home), kind)
    description = assert_whole(release)
    is_public = kind is PUBLIC
    assert (description["kind"], description["suppressed"]) == (kind.name, is_public)
    said = (release / "README.txt").read_text(encoding="utf-8")
    assert f"release {release.name}" in said and len(said.splitlines()) <= 40
    assert ("RESTRICTED" in said, "1 of 2 values are hidden" in said) == (not is_public, is_public)
    if is_public:
        assert description["licence"]["title"] == "Open Government Licence v3.0"
        assert "Open Government Licence v3.0" in said
        rule = {"small_count": 7, "count_rounding": 5, "pounds_rounding": 1000}
        assert description["disclosure"]["rule"] == rule
        assert description["disclosure"]["hidden_rows"]["fct_indicator_values"] == 1
    else:
        assert description["licence"]["name"] == "restricted"
        assert description["disclosure"] is None


def test_a_csv_has_names_beside_codes_and_no_formula(home):
    """An organisation calls itself a formula; a code that looks like a number keeps its name."""
    named = "update marts.{} set organisation_name = '=1+1', organisation_code = '5E1'"
    changed_as_if_built(
        home,
        named.format("dim_organisation") + " where name = 'a'",
        "alter table marts.fct_opportunity drop column organisation_name",
        "update marts.fct_opportunity set organisation_code = '5E1' where name = 'a'",
    )
    release = publish_bare(Home(home), INTERNAL)
    lines = (release / "csv" / "fct_opportunity.csv").read_text(encoding="utf-8").splitlines()
    header = [name.strip('"') for name in lines[0].split(",")]
    assert header[:4] == ["indicator_id", "organisation_code", "organisation_name", "quarter"]
    names = [line.split(",")[1:3] for line in lines[1:]]
    assert names == [['"5E1"', '"\'=1+1"'], ['"b"', '"Trust b"']]
    kept = duckdb.sql(f"from '{release}/parquet/dim_organisation.parquet'").fetchall()
    assert kept[0][1:3] == ("5E1", "=1+1")


def test_a_comma_far_down_a_csv_does_not_mislead_who_guesses(home):
    """The first text that needs quotes lies behind what a reader looks at to guess the form."""
    changed_as_if_built(
        home,
        "insert into marts.fct_opportunity by name select 'x' as indicator_id, 'b' as"
        " organisation_code, '2006-07 Q1' as quarter, n as name from range(100000) as rows(n)",
        "insert into marts.fct_opportunity by name select 'y' as indicator_id, 'b, c' as name",
    )
    release = publish_bare(Home(home), INTERNAL)
    source = f"read_csv('{release}/csv/fct_opportunity.csv', all_varchar = true, header = true)"
    assert duckdb.sql(f"select name from {source}").fetchall()[-1] == ("b, c",)


def test_a_reader_of_the_release_before_is_not_disturbed(home):
    before = publish_bare(Home(home))
    with duckdb.connect(str(home / "published/current/bcbv.duckdb"), read_only=True) as reader:
        counts = reader.sql("select count(*) from fct_indicator_values").fetchall()
        publish_bare(Home(home))
        assert current(home) != before
        assert reader.sql("select count(*) from fct_indicator_values").fetchall() == counts
    assert_whole(before)


@BOTH
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_current_release_is_whole(home, kind, step):
    before = publish_bare(Home(home), kind)
    killed = publish_apart(
        home,
        "import os\n"
        "from tqdm import tqdm\n"
        f"tqdm.set_description = lambda _, text: text == 'publish: {step}' and os._exit(9)",
        kind,
    )
    assert killed.status == 9
    assert current(home, kind) == before
    assert_untorn(home, kind)
    # Before anything is written there is nothing to clear.
    assert bool(list(before.parent.glob(".unfinished-*"))) == (step != "figures")
    last = publish_bare(Home(home), kind)
    assert sorted(path.name for path in before.parent.iterdir()) == sorted(
        [".lock", "current", "ledger", before.name, last.name]
    )
    assert ledgers(home, kind) == [before.name, last.name]


def test_killed_at_any_moment_the_current_release_is_whole(home):
    publish_bare(Home(home))
    started = time.monotonic()
    publish_apart(home)
    duration = time.monotonic() - started

    chance = random.Random(20061023)
    killed = 0
    for _ in range(20):
        publisher = subprocess.Popen(
            [sys.executable, "-c", bare_code()],
            cwd=CHECKOUT,
            env=os.environ | {"BCBV_HOME": str(home)},
            stdout=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.3, 1.1) * duration)
        publisher.send_signal(signal.SIGKILL)
        killed += publisher.wait() == -signal.SIGKILL
        assert_untorn(home, PUBLIC)
    assert killed >= 5, "too few were killed before they had finished"

    publish_bare(Home(home))
    assert_whole(current(home))
    assert ledgers(home) == sorted(path.name for path in (home / "published").glob("[0-9]*"))
    left = [path.name for path in (home / "published").iterdir()]
    assert not [name for name in left if name.startswith((".unfinished", ".current"))]


class Opened:
    """An audit that opens a figure."""

    is_safe = False

    def summary(self) -> str:
        """What the publisher is told."""
        return "audit: 1 hidden cell tried, 1 opened\n  RA1 by value x expected"


def test_a_release_that_the_audit_opens_is_refused_and_leaves_nothing(home):
    earlier = publish_bare(Home(home))
    (home / "published" / "2006-01-01T000000.000000Z").mkdir()
    seen = []

    def audit(folder, releases):
        seen.append((sorted(path.name for path in folder.iterdir()), releases))
        return Opened()

    with (
        patch("publication.release.products", lambda earlier: {}),
        patch("publication.release_files.create_metric_views", lambda engine, catalogue: None),
        patch("publication.release.audit", audit),
        pytest.raises(NotPublishable, match=r"tells what it hides\n.*\n  RA1 by value"),
    ):
        publish(Home(home))
    # What it read was all that there is but the description, which has no figure of its own.
    assert seen == [(["bcbv.duckdb", "csv", "parquet"], [earlier])]
    assert current(home) == earlier
    assert ledgers(home) == [earlier.name]


def test_a_home_of_an_odd_name_is_published(home, tmp_path):
    odd = tmp_path / "x [v1] O'Brien a=b ü *"
    odd.mkdir()
    shutil.copy(home / "warehouse.duckdb", odd)
    assert_whole(publish_bare(Home(odd)))
    assert_whole(current(odd))
