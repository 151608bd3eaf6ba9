"""Rulebook 8.11: `ingest.py --check` judges files in the words of a landing, and lands none."""

import os
import re
import tempfile
from pathlib import Path

import pytest
from building import ABSENCE_ROW
from test_ingest_profile import U01


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    """A folder for temporary files of this test's own, to see what is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def everything(home: Path) -> dict[str, tuple]:
    """What there is under a home, with sizes, times and modes."""
    return {
        str(path.relative_to(home)): (found.st_size, found.st_mtime_ns, found.st_mode)
        for path in sorted(home.rglob("*"))
        for found in [path.lstat()]
    }


def test_a_check_needs_no_home_and_makes_none(ingest, lake, absence, temporary):
    outcome = ingest("--check", absence(ABSENCE_ROW))
    assert outcome.status == 0 and outcome.err == ""
    assert outcome.out.startswith("would land ")
    assert "1 rows, 0 rejects, 0 invalid values, profile passed" in outcome.out
    assert not lake.home.exists() and list(temporary.iterdir()) == []


def test_it_says_what_a_landing_says_and_changes_nothing_of_a_home(ingest, lake, absence, write):
    ingest(absence(ABSENCE_ROW, name="esr_absence__fy2006-07q1__2006-08-01.csv"))
    before = everything(lake.home)
    sent = absence(
        ABSENCE_ROW, "200604,RXA,Doctors,much,300", "200604,RXA", "200604,ZZ9,Nurses,1,2"
    )
    checked = ingest("--check", sent, write("notes.docx", "no extract"))
    assert everything(lake.home) == before
    landed = ingest(sent, write("notes.docx", "no extract"))
    assert checked.status == landed.status == 1
    assert checked.err == landed.err and f"profile: {U01}" in checked.err
    words = (("would land", "landed"), ("would replace", "replaces"))
    said = checked.out
    for trial, real in words:
        assert re.search(rf"^{trial} ", said, re.MULTILINE)
        said = re.sub(rf"^{trial} ", f"{real} ", said, flags=re.MULTILINE)
    assert said == landed.out


def test_what_would_be_refused_is_told_with_the_reason(ingest, lake, absence):
    good = absence(ABSENCE_ROW)
    bad = absence("2006-13,RXA,Nurses,1,2", name="esr_absence__fy2006-07q2__2006-11-22.csv")
    outcome = ingest("--check", bad, good)
    assert outcome.status == 1
    assert outcome.err.startswith(f"refused {bad}: column month: 1 of 1 rows have no")
    assert outcome.out.startswith(f"would land {good}")
    assert ingest("--check", good).status == 0


def test_codes_are_judged_by_what_the_home_knows_and_by_lists_checked_with_them(
    ingest, lake, absence, write
):
    sent = absence("200604,XX1,Nurses,10.5,300")
    nobody = "every organisation is unknown, no row counts"
    outcome = ingest("--check", sent)
    assert outcome.status == 0 and outcome.out.startswith("would land") and nobody in outcome.out
    header = "org_code,org_name,org_type,sha_code,cluster,open_date,close_date"
    row = "XX1,New Trust,acute,Q30,Acute - Small,2002-04-01,"
    organisations = write("organisations__m2006-04__2006-05-01.csv", f"{header}\n{row}\n")
    assert nobody not in ingest("--check", sent, organisations).out
    # Nothing stays of a check.
    assert nobody in ingest("--check", sent).out
    ingest(organisations)
    assert nobody not in ingest("--check", sent).out


def test_a_file_that_landed_before_is_told(ingest, lake, absence):
    sent = absence(ABSENCE_ROW)
    ingest(sent)
    outcome = ingest("--check", sent)
    assert outcome.status == 0 and outcome.out.startswith("already landed")


def test_rows_of_patients_lie_nowhere_when_it_ends(ingest, lake, hes_apc, temporary, monkeypatch):
    seen = []
    cleanup = tempfile.TemporaryDirectory.cleanup

    def look(directory):
        folder = Path(directory.name)
        files = [path for path in folder.rglob("*") if path.is_file()]
        seen.extend(path.relative_to(folder).as_posix() for path in files)
        modes = {path.stat().st_mode & 0o077 for path in (folder, *files)}
        assert modes == {0}
        cleanup(directory)

    monkeypatch.setattr(tempfile.TemporaryDirectory, "cleanup", look)
    before = os.umask(0o022)
    try:
        assert ingest("--check", hes_apc({})).status == 0
    finally:
        os.umask(before)
    # One file's rows are gone before the next file is looked at.
    assert seen and not [name for name in seen if name.startswith(("landing", "lake/hes_apc"))]
    assert list(temporary.iterdir()) == []
