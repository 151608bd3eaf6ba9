"""Rulebook 1.9: landing is idempotent and atomic, and loses nothing."""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW, CHECKOUT

from warehouse import landing as landing_module
from warehouse.contracts import feeds, lake_table
from warehouse.fingerprint import Encoding

COMMAND = [sys.executable, str(CHECKOUT / "scripts" / "ingest.py")]


def test_a_landed_file_has_its_row_in_the_manifest(ingest, lake, absence):
    path = absence(ABSENCE_ROW, "bad", name="esr_absence__fy2006-07q1__2006-08-22__RXA.csv")
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    before = datetime.now(UTC).replace(tzinfo=None)
    outcome = ingest(path)
    [entry] = lake.manifest()
    landed_at = entry.pop("landed_at")
    assert before <= landed_at <= before + timedelta(minutes=5)
    submission_id = f"esr_absence__fy2006-07q1__2006-08-22__RXA__{checksum[:8]}"
    assert entry == {
        "submission_id": submission_id,
        "feed": "esr_absence",
        "period": "fy2006-07q1",
        "period_start_date": date(2006, 4, 1),
        "period_end_date": date(2006, 6, 30),
        "extract_date": date(2006, 8, 22),
        "sender": "RXA",
        "file_name": path.name,
        "checksum_sha256": checksum,
        "size_bytes": path.stat().st_size,
        "row_count": 1,
        "reject_count": 1,
        "invalid_count": 0,
        "encoding": "utf-8",
        "delimiter": "comma",
        "is_synthetic": False,
        "inferred": None,
        "reject_lines": "3",
        "suppressed_count": 0,
        "missing_count": 0,
        "unread_values": None,
        "repeated_key_count": 0,
        "unknown_organisation_row_count": 0,
        "unknown_organisation_codes": None,
        "unknown_organisation_gbp": None,
        "unknown_organisation_item_count": None,
        "line_count": 2,
        "column_names": ABSENCE_COLUMNS.replace(",", "\n"),
        "container": "csv",
        "preamble_line_count": 0,
        "preamble": None,
        "profile_verdict": "failed",
        "profile_failures": "rejected lines: 0.5, at most 0.05 expected",
    }
    assert outcome.status == 0
    assert outcome.err.splitlines() == [
        f"warning {path}: line 3: 1 fields, the header has 5, kept in the rejects",
        f"warning {path}: profile: rejected lines: 0.5, at most 0.05 expected",
    ]
    assert outcome.out == (
        f"landed {path}: {submission_id}, 1 rows, 1 rejects, 0 invalid values, profile failed\n"
    )
    assert lake.files() == [
        f"lake/_profiles/{submission_id}.parquet",
        f"lake/_rejects/{submission_id}.parquet",
        f"lake/_submissions/{submission_id}.parquet",
        f"lake/esr_absence/{submission_id}.parquet",
        f"landing/esr_absence/{submission_id}/{path.name}",
    ]


@pytest.mark.parametrize(
    ("folder", "table"),
    [("_submissions", "submissions"), ("_rejects", "rejects"), ("_profiles", "profiles")],
)
def test_the_lake_s_own_tables_have_the_columns_of_their_sources_file(
    ingest, lake, absence, folder, table
):
    ingest(absence(ABSENCE_ROW, "bad"))
    relation = duckdb.read_parquet(str(lake.home / "lake" / folder / "*.parquet"))
    types = [str(kind).lower() for kind in relation.types]
    assert dict(zip(relation.columns, types, strict=True)) == lake_table(table)


def test_a_lake_file_has_every_contract_column_as_text(ingest, lake, hes_apc):
    ingest(hes_apc({"Further": "x"}))
    relation = duckdb.read_parquet(str(lake.home / "lake" / "hes_apc" / "*.parquet"))
    assert relation.columns == [*feeds()["hes_apc"].names, "further", "_submission_id", "_line"]
    assert [str(kind) for kind in relation.types[:-1]] == ["VARCHAR"] * (len(relation.types) - 1)
    assert str(relation.types[-1]) == "BIGINT"


def test_the_file_received_is_kept_byte_for_byte_and_stays_where_it_was(ingest, lake, write):
    content = b"\xef\xbb\xbf" + ABSENCE_COLUMNS.encode() + b"\r\n" + ABSENCE_ROW.encode() + b"\r\n"
    path = write(ABSENCE_NAME, content)
    os.utime(path, (1, 1))
    ingest(path)
    [copy] = lake.home.glob("landing/esr_absence/*/*")
    assert copy.read_bytes() == path.read_bytes() == content
    assert path.stat().st_mtime == 1


def test_the_same_bytes_again_change_nothing_and_it_says_so(ingest, lake, absence):
    path = absence(ABSENCE_ROW)
    ingest(path)
    before = lake.manifest(), lake.files()
    outcome = ingest(path)
    assert outcome.status == 0 and outcome.out.startswith(f"already landed {path}")
    assert (lake.manifest(), lake.files()) == before


def test_the_same_file_twice_in_one_run_lands_once(ingest, lake, absence):
    path = absence(ABSENCE_ROW)
    outcome = ingest(path, path)
    assert outcome.status == 0 and "already landed" in outcome.out
    assert len(lake.manifest()) == 1


@pytest.mark.parametrize(
    "name",
    [
        "esr_absence__fy2006-07q2__2006-08-22.csv",
        "esr_absence__fy2006-07q1__2006-08-23.csv",
        "esr_absence__fy2006-07q1__2006-08-22__RXA.csv",
    ],
)
def test_the_same_bytes_declared_otherwise_are_another_submission(ingest, lake, absence, name):
    ingest(absence(ABSENCE_ROW))
    assert ingest(absence(ABSENCE_ROW, name=name)).status == 0
    first, second = lake.manifest()
    assert first["checksum_sha256"] == second["checksum_sha256"]
    assert first["submission_id"] != second["submission_id"]


def test_other_bytes_under_the_same_name_are_another_submission(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW))
    ingest(absence(ABSENCE_ROW, ABSENCE_ROW))
    assert [entry["row_count"] for entry in lake.manifest()] == [1, 2]
    assert len(list(lake.home.glob("landing/esr_absence/*/*"))) == 2


def test_a_refused_file_leaves_nothing_and_stays_where_it_was(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW))
    before = lake.manifest(), lake.files()
    path = absence("bad", name="esr_absence__fy2006-07q1__2006-09-22.csv")
    content = path.read_bytes()
    outcome = ingest(path)
    assert outcome.status == 1 and outcome.out == ""
    assert outcome.err == f"refused {path}: no rows, only malformed lines (1)\n"
    assert (lake.manifest(), lake.files()) == before
    assert path.read_bytes() == content


def test_landing_times_strictly_increase_even_if_the_clock_stands_still(
    ingest, lake, absence, monkeypatch
):
    class StoppedClock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 1, 12, 0, 0, 7, tzinfo=tz)

    monkeypatch.setattr(landing_module, "datetime", StoppedClock)
    for day in (1, 2, 3):
        ingest(absence(ABSENCE_ROW, name=f"esr_absence__fy2006-07q1__2006-08-0{day}.csv"))
    times = [entry["landed_at"] for entry in lake.manifest()]
    first = datetime(2026, 1, 1, 12, 0, 0, 7)
    assert times == [first + timedelta(microseconds=n) for n in range(3)]
    assert [entry["extract_date"].day for entry in lake.manifest()] == [1, 2, 3]


def test_another_file_whose_checksum_begins_alike_is_refused(ingest, lake, absence, monkeypatch):
    ingest(absence(ABSENCE_ROW))
    monkeypatch.setattr(
        "warehouse.naming.Submission.identifier", lambda *_: lake.manifest()[0]["submission_id"]
    )
    outcome = ingest(absence(ABSENCE_ROW, ABSENCE_ROW))
    assert outcome.status == 1 and "checksums begin alike" in outcome.err
    assert len(lake.manifest()) == 1


def test_a_file_that_changes_while_it_is_read_is_refused(ingest, lake, absence, monkeypatch):
    path = absence(ABSENCE_ROW)
    found = Encoding.found

    def found_late(encoding):
        path.write_bytes(path.read_bytes() + b"more")
        return found(encoding)

    monkeypatch.setattr(Encoding, "found", found_late)
    outcome = ingest(path)
    assert outcome.status == 1 and "changed while it was read" in outcome.err
    assert lake.files() == []


RENAMES = ["landing", "data", "rejects", "profile", "page", "manifest"]


@pytest.mark.parametrize("killed_before", range(len(RENAMES)), ids=RENAMES)
def test_an_ingest_killed_at_any_rename_leaves_nothing_that_counts(
    ingest, lake, absence, monkeypatch, killed_before
):
    path = absence(ABSENCE_ROW)
    renamed = landing_module._rename
    done = []

    class Killed(BaseException):
        """Not an exception that anything on the way handles, as a kill is none."""

    def rename_until_killed(source, target):
        if len(done) == killed_before:
            raise Killed
        done.append(target)
        renamed(source, target)

    monkeypatch.setattr(landing_module, "_rename", rename_until_killed)
    # A killed process does not clean up after itself.
    monkeypatch.setattr(landing_module.Landing, "_remove_work", lambda *_: None)
    with pytest.raises(Killed):
        ingest(path)
    assert lake.manifest() == []
    monkeypatch.undo()
    monkeypatch.setenv("BCBV_HOME", str(lake.home))

    ingest(absence(ABSENCE_ROW, name="esr_absence__fy2006-07q2__2006-11-22.csv"))
    orphans = [name for name in lake.files() if "fy2006-07q1" in name and name.startswith("lake")]
    assert orphans == []

    assert ingest(path).status == 0
    assert [entry["period"] for entry in lake.manifest()] == ["fy2006-07q2", "fy2006-07q1"]
    assert len([name for name in lake.files() if "fy2006-07q1" in name]) == 5


def test_an_ingest_killed_after_the_manifest_has_landed(ingest, lake, absence, monkeypatch):
    path = absence(ABSENCE_ROW)
    monkeypatch.setattr(landing_module.shutil, "rmtree", lambda *_, **__: None)
    ingest(path)
    monkeypatch.undo()
    monkeypatch.setenv("BCBV_HOME", str(lake.home))
    assert "already landed" in ingest(path).out
    assert len(lake.rows("esr_absence")) == 1
    assert not any("_tmp" in name for name in lake.files())


def test_a_killed_process_lands_nothing_and_the_next_lands_the_file_whole(ingest, lake, absence):
    rows = [f"2006{month:02},R{n:05},Nurses,1,2" for month in (4, 5, 6) for n in range(100_000)]
    path = absence(*rows)
    process = subprocess.Popen([*COMMAND, str(path)], stdout=subprocess.DEVNULL)
    scratch = lake.home / "lake" / "_tmp"
    deadline = time.monotonic() + 60
    while not any(scratch.glob("*/received/*")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert lake.manifest() == [] and any("_tmp" in name for name in lake.files())

    assert ingest(path).status == 0
    assert lake.manifest()[0]["row_count"] == 300_000
    assert not any("_tmp" in name for name in lake.files())


def test_one_ingest_at_a_time_works_in_a_home(ingest, lake, absence):
    path = absence(ABSENCE_ROW)
    (lake.home / "lake").mkdir(parents=True)
    with (lake.home / "lake" / ".ingest.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = subprocess.Popen([*COMMAND, str(path)], stderr=subprocess.PIPE, text=True)
        assert process.stderr.readline().startswith("waiting for another ingest into ")
        assert process.poll() is None and lake.manifest() == []
    assert process.wait(timeout=60) == 0
    process.stderr.close()
    assert len(lake.manifest()) == 1


def test_two_homes_never_touch_each_other(ingest, lake, absence, monkeypatch, tmp_path):
    path = absence(ABSENCE_ROW)
    ingest(path)
    before = lake.files()
    monkeypatch.setenv("BCBV_HOME", str(tmp_path / "other"))
    assert ingest(path).out.startswith("landed ")
    assert lake.files() == before
