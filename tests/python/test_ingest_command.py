"""Rulebook 1.11: the command line of ingest, what it says and its exit status."""

import os
import pty
import socket
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from building import ABSENCE_NAME, ABSENCE_ROW, CHECKOUT

from warehouse import landing as landing_module
from warehouse.expectations import rule_name
from warehouse.home import CHECKOUT as FOUND_CHECKOUT
from warehouse.home import connect, find_home

COMMAND = [sys.executable, str(CHECKOUT / "scripts" / "ingest.py")]


def test_a_folder_is_landed_recursively_in_order_and_a_readme_is_passed_over(
    ingest, lake, absence, write
):
    last = absence(ABSENCE_ROW, name="esr_absence__fy2006-07q1__2006-08-02.csv")
    folder = last.parent
    (folder / "deeper").mkdir()
    first = folder / "deeper" / "esr_absence__fy2006-07q1__2006-08-01.csv"
    first.write_bytes(last.read_bytes())
    write("README.md", "no extract")
    write("~$absence.xlsx", "Excel's lock")
    outcome = ingest(folder)
    assert outcome.status == 0
    assert [entry["extract_date"].day for entry in lake.manifest()] == [1, 2]
    assert f"passed over {folder / 'README.md'}: a README" in outcome.err
    assert f"passed over {folder / '~$absence.xlsx'}: Excel's lock of a workbook" in outcome.err


def test_a_file_named_with_another_extension_is_refused(ingest, lake, write):
    outcome = ingest(write("README.md", "no extract"))
    assert outcome.status == 1 and "extensions are csv" in outcome.err
    assert outcome.err.startswith(f"refused {write('README.md', 'no extract')}: 'README.md' is no")
    assert lake.files() == []


def test_in_a_folder_too_and_the_others_land(ingest, lake, absence, write):
    folder = absence(ABSENCE_ROW).parent
    other = write("notes.docx", "no extract")
    outcome = ingest(folder)
    assert outcome.status == 1 and len(lake.manifest()) == 1
    assert outcome.err.startswith(f"refused {other}: 'notes.docx' is no file that can be landed")


def test_what_is_no_file_is_named_and_never_opened(ingest, lake, absence, monkeypatch):
    folder = absence(ABSENCE_ROW).parent
    os.mkfifo(folder / "a pipe.csv")
    (folder / "b link.csv").symlink_to(folder / "nowhere.csv")
    (folder / "c closed").mkdir()
    (folder / "d null.csv").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "e.csv"))
    iterdir = Path.iterdir

    def iterdir_unless_closed(path):
        if path.name == "c closed":
            raise PermissionError(13, "Permission denied")
        return iterdir(path)

    # The superuser, as whom tests may run, may read every folder.
    monkeypatch.setattr(Path, "iterdir", iterdir_unless_closed)
    outcome = ingest(folder)
    assert outcome.status == 1 and len(lake.manifest()) == 1
    assert outcome.err.splitlines() == [
        f"refused {folder}/a pipe.csv: a pipe (FIFO), not a file",
        f"refused {folder}/b link.csv: a link that leads nowhere",
        f"refused {folder}/c closed: a folder that cannot be read: Permission denied",
        f"refused {folder}/d null.csv: a device, not a file",
        f"refused {folder}/e.csv: a socket, not a file",
    ]


def test_links_are_followed_once_around(ingest, lake, absence, tmp_path):
    path = absence(ABSENCE_ROW)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "there").symlink_to(path.parent)
    (path.parent / "back").symlink_to(tmp_path / "folder")
    outcome = ingest(tmp_path / "folder")
    assert outcome.status == 0 and len(lake.manifest()) == 1
    assert "back: a link back to a folder that it lies in" in outcome.err


def test_a_name_that_is_no_text_is_shown_escaped_and_lands(ingest, lake, absence):
    path = absence(ABSENCE_ROW)
    odd = path.with_name(os.fsdecode(b"\xff\x1b[31m red.csv"))
    path.rename(odd)
    outcome = ingest(odd)
    assert outcome.status == 0
    assert outcome.out.startswith(
        f"landed {path.parent}/\\xff\\x1b[31m red.csv: esr_absence__m2006-04__"
    )
    assert lake.manifest()[0]["file_name"] == "\\xff\\x1b[31m red.csv"
    [copy] = (lake.home / "landing").glob("esr_absence/*/*")
    assert copy.name == odd.name


def test_a_terminal_without_the_letters_of_a_name_keeps_nothing_out(lake, absence):
    path = absence(ABSENCE_ROW)
    path = path.rename(path.with_name("Ärzte→.csv"))
    done = subprocess.run(
        [*COMMAND, str(path)],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\\xc4rzte\\u2192.csv: esr_absence__m2006-04" in done.stdout


def test_an_error_of_ours_with_one_file_does_not_keep_the_others_out(
    ingest, lake, absence, monkeypatch
):
    odd = absence(ABSENCE_ROW, name="esr_absence__fy2006-07q1__2006-08-22__odd.csv")
    absence(ABSENCE_ROW)

    def fails_on_odd(stem, *_):
        if stem[0].endswith("odd"):
            raise ZeroDivisionError("not foreseen")
        return declared(stem, *_)

    declared = landing_module.declared
    monkeypatch.setattr(landing_module, "declared", fails_on_odd)
    outcome = ingest(odd.parent)
    assert outcome.status == 1 and len(lake.manifest()) == 1
    assert outcome.err == f"refused {odd}: ZeroDivisionError: not foreseen\n"


def test_the_others_still_land_when_one_is_refused(ingest, lake, absence):
    good = absence(ABSENCE_ROW)
    bad = absence("bad", name="esr_absence__fy2006-07q2__2006-08-22.csv")
    also_good = absence(ABSENCE_ROW, name="esr_absence__fy2006-07q3__2007-08-22.csv")
    outcome = ingest(bad, good, also_good)
    assert outcome.status == 1
    assert f"refused {bad}: no rows, only malformed lines (1)" in outcome.err.splitlines()
    assert len(outcome.out.splitlines()) == len(lake.manifest()) == 2


@pytest.mark.parametrize("name", [ABSENCE_NAME, "folder"])
def test_a_path_that_is_not_there_is_refused(ingest, tmp_path, name):
    outcome = ingest(tmp_path / name)
    assert outcome.status == 1
    assert outcome.err.startswith(f"refused {tmp_path / name}: no such file or folder")


def test_a_folder_with_nothing_to_land_is_refused(ingest, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = ingest(tmp_path / "empty")
    assert (
        outcome.status == 1
        and f"refused {tmp_path / 'empty'}: no file in this folder" in outcome.err
    )


def test_the_options_land_a_file_of_any_name(ingest, lake, absence):
    path = absence(ABSENCE_ROW, name="from the trust.csv")
    options = ["--feed", "esr_absence", "--period", "m2006-04", "--extract-date", "2006-05-20"]
    outcome = ingest(path, *options, "--sender", "RXA")
    assert outcome.status == 0
    [entry] = lake.manifest()
    assert entry["file_name"] == "from the trust.csv"
    assert entry["submission_id"].startswith("esr_absence__m2006-04__2006-05-20__RXA__")


def test_a_failed_profile_is_a_warning_and_the_file_lands(ingest, lake, absence):
    path = absence(ABSENCE_ROW, "200604,RWE,Nurses,much,300")
    outcome = ingest(path)
    assert outcome.status == 0 and "1 invalid values, profile failed" in outcome.out
    assert f"warning {path}: profile: {rule_name('U01')}, fte_days_lost: 0.5, at" in outcome.err
    assert lake.manifest()[0]["profile_verdict"] == "failed"


def test_help_has_examples():
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    assert "examples:" in done.stdout and "--extract-date" in done.stdout


def run_on_terminal(*arguments) -> str:
    """Run the command with standard error on a terminal; returns what the terminal showed."""
    terminal, screen = pty.openpty()
    termios.tcsetwinsize(screen, (24, 120))
    with os.fdopen(terminal, "rb", buffering=0) as shown:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=screen)
        os.close(screen)
        text = b""
        try:
            while block := shown.read(1024):
                text += block
        except OSError:
            # How a terminal ends on Linux.
            assert process.wait() == 0
    return text.decode()


def test_no_progress_bar_where_standard_error_is_no_terminal(lake, absence):
    path = str(absence(ABSENCE_ROW))
    done = subprocess.run([*COMMAND, path], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_no_progress_bar_on_a_terminal_when_there_is_next_to_nothing_to_do(lake, absence):
    path = str(absence(ABSENCE_ROW))
    subprocess.run([*COMMAND, path], capture_output=True, check=True)
    assert run_on_terminal(path) == ""


def test_a_progress_bar_on_a_terminal_once_work_lasts(lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(500_000)]
    assert "file 1 of 1" in run_on_terminal(str(absence(*rows)))


def test_the_default_home_is_data_in_the_checkout_from_anywhere(monkeypatch, tmp_path):
    monkeypatch.delenv("BCBV_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert FOUND_CHECKOUT == CHECKOUT
    assert find_home().path == CHECKOUT / "data"


def test_the_engine_keeps_to_the_limits(lake, monkeypatch):
    monkeypatch.setenv("BCBV_THREADS", "3")
    monkeypatch.setenv("BCBV_MEMORY_LIMIT", "1GiB")
    with connect(find_home()) as engine:
        settings = engine.sql(
            "select current_setting('threads'), current_setting('memory_limit'),"
            " current_setting('temp_directory')"
        ).fetchone()
    assert settings == (3, "1.0 GiB", str(lake.home / "lake" / "_tmp" / "spill"))


def test_limits_that_are_none_are_refused_by_name(lake, monkeypatch):
    monkeypatch.setenv("BCBV_MEMORY_LIMIT", "plenty")
    with pytest.raises(SystemExit, match="BCBV_MEMORY_LIMIT=plenty"):
        connect(find_home())


def test_malformed_lines_and_invalid_columns_are_named(ingest, absence):
    short = [f"2006{month:02d},RXA,Nurses,1" for month in (4, 5, 6, 4, 5, 6, 4)]
    good = [f"2006{month:02d},RWE,Nurses,1,300" for month in (4, 5, 6, 4, 5, 6)]
    said = ingest(absence(ABSENCE_ROW, "200605,RXA,Nurses,many,300", *short, *good))
    assert said.status == 0
    assert "line 4: 4 fields, the header has 5, kept in the rejects" in said.err
    assert "2 more malformed lines in the rejects" in said.err
    assert "column fte_days_lost: 1 invalid values, read as null" in said.err
