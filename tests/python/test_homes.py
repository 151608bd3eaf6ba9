"""Any folder can be a home, for every command alike, or is refused at once with the reason."""

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ingest as ingest_command
import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW, CHECKOUT, Run, dbt, query, script
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt_common.exceptions import DbtRuntimeError
from document_warehouse import NamesThisMachine, of_no_machine

from warehouse.dbt_home import Plugin
from warehouse.home import BadSetting, Home, find_home, parquet, pattern
from warehouse.privacy import keep_salt, private

# A quote ends a text of SQL, [v1] and * are patterns, a=b a column, # begins a part of a URL.
ODD = 'x [v1] O\'Brien a=b ü * {c,d} #1 "q"'


def one_line(run: Run) -> str:
    """What a command that failed said, which is one line and no traceback."""
    assert run.status == 1, run.out
    assert run.err.count("\n") == 1, run.err
    return run.err


def send(folder: Path) -> Path:
    """Write a file that lands."""
    folder.mkdir()
    (folder / ABSENCE_NAME).write_text(f"{ABSENCE_COLUMNS}\n{ABSENCE_ROW}\n")
    return folder


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Home:
    """A home of an odd name, landed in and built in part, with the usual umask."""
    folder = tmp_path_factory.mktemp("odd")
    home = Home(folder / ODD)
    before = os.umask(0o022)
    try:
        script(home.path, "ingest", send(folder / "sent")).succeeded()
        dbt(home.path, "run", "--select", "stg_esr_absence", "stg_submissions").succeeded()
    finally:
        os.umask(before)
    return home


def test_what_lands_in_a_home_of_an_odd_name_is_built(odd):
    [row] = query(odd.warehouse, "select count(*) as n from staging.stg_esr_absence")
    assert row["n"] == 1
    columns = query(odd.warehouse, "select column_name from (describe lake.esr_absence)")
    assert not [row for row in columns if row["column_name"].startswith("x [v1]")]


def test_landing_again_finds_what_landed_in_a_home_of_an_odd_name(odd, tmp_path):
    said = script(odd.path, "ingest", send(tmp_path / "sent")).succeeded()
    assert said.out.startswith("already landed")


def test_only_the_user_may_read_what_holds_rows_of_patients(odd):
    """Whatever the umask: 022 there."""
    paths = [odd.warehouse, odd.landing, odd.lake, *odd.landing.rglob("*"), *odd.lake.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert len(modes) > 10
    # Who reads releases has to come through.
    assert stat.S_IMODE(odd.path.stat().st_mode) == 0o755


def test_what_an_earlier_version_left_open_is_closed(tmp_path):
    home = Home(tmp_path)
    home.lake.mkdir()
    home.lake.chmod(0o755)
    home.warehouse.touch()
    home.warehouse.chmod(0o644)
    with private(home):
        assert stat.S_IMODE(home.lake.stat().st_mode) == 0o700
        assert stat.S_IMODE(home.warehouse.stat().st_mode) == 0o600
        (tmp_path / "made").touch()
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


def test_the_umask_is_the_users_again_after_ingest(lake, absence):
    before = os.umask(0o022)
    try:
        assert ingest_command.main([str(absence("200604,RXA,Nurses,1,2"))]) == 0
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("~/x", "a ~ that the shell did not expand"),
        ("~", "a ~ that the shell did not expand"),
        ("a?b", "DuckDB keeps no database in a folder with ? in its name"),
        (" ", "blanks at its beginning or end"),
        ("data\n", "blanks at its beginning or end"),
        ("da\x1bta", "a line break or another control character"),
        ("da\udcffta", "its name is not UTF-8"),
        ("/dev/null", "not a folder"),
        ("/dev/null/x", "/dev/null is not a folder"),
        ("/" + "x" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_a_home_is_refused_with_the_reason(monkeypatch, value, reason):
    monkeypatch.setenv("BCBV_HOME", value)
    with pytest.raises(BadSetting) as refused:
        find_home()
    said = str(refused.value)
    assert said.startswith("BCBV_HOME=") and reason in said
    assert said.isprintable(), "a terminal would obey it"


def test_a_link_is_judged_by_what_it_leads_to(monkeypatch, tmp_path):
    (tmp_path / "a?b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a?b")
    monkeypatch.setenv("BCBV_HOME", str(tmp_path / "link"))
    with pytest.raises(BadSetting, match="with \\? in its name"):
        find_home()
    (tmp_path / "round").symlink_to(tmp_path / "round")
    monkeypatch.setenv("BCBV_HOME", str(tmp_path / "round"))
    with pytest.raises(BadSetting, match="BCBV_HOME="):
        find_home()


@pytest.mark.parametrize("value", [None, "", "data"])
def test_no_home_is_data_in_the_checkout_wherever_the_command_runs(monkeypatch, tmp_path, value):
    monkeypatch.delenv("BCBV_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("BCBV_HOME", value)
    monkeypatch.chdir(tmp_path)
    assert find_home().path == (CHECKOUT / "data").resolve()


@pytest.mark.parametrize("command", ["ingest", "publish", "national_opportunity"])
def test_every_command_refuses_a_home_that_is_a_file(tmp_path, command):
    (tmp_path / "file").touch()
    arguments = [tmp_path] if command == "ingest" else []
    said = one_line(script(tmp_path / "file", command, *arguments))
    assert said == f"BCBV_HOME={tmp_path / 'file'}: not a folder\n"


def test_dbt_refuses_a_home_with_a_tilde_and_makes_no_folder_of_that_name():
    refused = dbt(Path("~/no such home"), "run", "--select", "stg_submissions")
    assert refused.status == 2
    assert "BCBV_HOME=~/no such home: a ~ that the shell did not expand" in refused.out
    assert not (CHECKOUT / "~").exists()


def plugin(home: str) -> Plugin:
    """The plugin as dbt makes it, from the profile's path and settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BCBV_HOME", home)
        before = os.umask(0o022)
        try:
            credentials = DuckDBCredentials(path="warehouse.duckdb", settings={"a": "b"})
            return Plugin("dbt_home", {}, credentials)
        finally:
            os.umask(before)


def test_dbt_builds_where_ingest_lands(tmp_path, monkeypatch):
    monkeypatch.setenv("BCBV_THREADS", "3")
    credentials = plugin(str(tmp_path / ODD)).creds
    assert credentials.path == str(tmp_path / ODD / "warehouse.duckdb")
    assert credentials.settings == {"a": "b", "threads": "3", "memory_limit": "8GB"}


@pytest.mark.parametrize("home", ["a?b", "/dev/null", "da\x07ta"])
def test_dbt_refuses_what_the_other_commands_refuse(home):
    with pytest.raises(DbtRuntimeError, match="BCBV_HOME="):
        plugin(home)


def test_dbt_refuses_settings_that_the_other_commands_refuse(tmp_path, monkeypatch):
    monkeypatch.setenv("BCBV_THREADS", "0")
    with pytest.raises(DbtRuntimeError, match="BCBV_THREADS=0"):
        plugin(str(tmp_path))


def test_a_lake_that_the_engine_does_not_see_is_no_empty_lake(tmp_path, monkeypatch):
    """As it would be if the home's name were taken as a pattern."""
    odd = plugin(str(tmp_path / "[ab]"))
    manifest = tmp_path / "[ab]" / "lake" / "_submissions"
    manifest.mkdir()
    (manifest / "one.parquet").touch()
    with duckdb.connect() as engine:
        odd.configure_connection(engine)
        monkeypatch.setattr("warehouse.dbt_home.pattern", lambda folder, names: f"{folder}/{names}")
        with pytest.raises(DbtRuntimeError, match="does not find 1 of the files"):
            odd.configure_connection(engine)


def test_a_home_that_may_not_be_written_in_is_refused(lake, absence, monkeypatch):
    """Simulated, for root may write anywhere."""
    path = absence("200604,RXA,Nurses,1,2")
    lake.home.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(BadSetting, match="no permission to write there"):
        ingest_command.main([str(path)])
    assert not list(lake.home.iterdir())


def test_a_home_in_a_folder_that_may_not_be_written_in_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("BCBV_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(BadSetting, match=f"no permission to make a folder in {tmp_path}"):
        find_home()


NOBODY = 65534


def said_to_another_user(home: Path) -> str:
    """What a command's start says to a user who is not root, in a process of its own."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            os.environ["BCBV_HOME"] = str(home)
            with private(find_home()):
                said = "nothing"
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        return pipe.read()


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder that every user may go through and write in; that of pytest is the user's alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (0o700, "no permission to read {home}"),
        (0o755, "no permission to write there"),
        (0o777, None),
    ],
)
def test_a_home_of_somebody_else_is_refused_unless_open(passable, mode, reason):
    home = passable / "home"
    home.mkdir()
    home.chmod(mode)
    wanted = f"BadSetting: BCBV_HOME={home}: {reason.format(home=home)}" if reason else "nothing"
    if os.geteuid() == 0:
        assert said_to_another_user(home) == wanted
    else:
        home.chmod(0o500)
        assert "no permission to write there" in said_to_another_user(home)
        home.chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of another user")
def test_rows_that_another_user_left_open_are_told(passable):
    """Only who they belong to may close them."""
    home = passable / "home"
    home.mkdir()
    home.chmod(0o777)
    (home / "lake").mkdir()
    (home / "lake").chmod(0o777)
    assert "lake is open to others and cannot be closed to them" in said_to_another_user(home)


def test_a_manifest_that_cannot_be_read_is_said_in_one_line(tmp_path):
    manifest = tmp_path / "home" / "lake" / "_submissions"
    manifest.mkdir(parents=True)
    (manifest / "spoilt.parquet").write_text("no Parquet")
    said = one_line(script(tmp_path / "home", "ingest", send(tmp_path / "sent")))
    assert said.startswith("ingest: ") and "spoilt.parquet" in said


def test_the_salt_is_made_once_and_is_another_in_another_home(tmp_path):
    salts = []
    for name in ("a", "b", "a"):
        home = Home(tmp_path / name)
        with private(home):
            keep_salt(home)
        [(salt,)] = duckdb.sql(f"select salt from {parquet(home.salt)}").fetchall()
        assert stat.S_IMODE(home.salt.stat().st_mode) == 0o600
        assert list(home.salt.parent.iterdir()) == [home.salt]
        salts.append(salt)
    assert len(salts[0]) == 64
    assert salts[0] == salts[2] != salts[1]


def test_a_pattern_of_a_folder_takes_its_name_as_it_is(tmp_path):
    for name in ("[ab]", "a", "*"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.parquet").touch()
    for name in ("[ab]", "*"):
        found = duckdb.execute("from glob($1)", [pattern(tmp_path / name, "*.parquet")]).fetchall()
        assert found == [(str(tmp_path / name / "x.parquet"),)]


def test_a_folder_that_looks_like_a_column_adds_none(tmp_path):
    folder = tmp_path / "sex=1"
    folder.mkdir()
    duckdb.sql("select 2 as sex").write_parquet(str(folder / "x.parquet"))
    assert duckdb.sql(f"from {parquet(folder / 'x.parquet')}").fetchall() == [(2,)]


CHECKOUT_OF_ANN, HOME_OF_ANN = Path("/srv/ann/bcbv"), Home(Path('/srv/ann/bcbv/da "ü" ta'))


def test_the_documentation_holds_no_path_of_the_machine():
    there = {
        "root_path": str(CHECKOUT_OF_ANN),
        "compiled_path": f"{HOME_OF_ANN.path}/target/compiled/x.sql",
        "original_file_path": "models/x.sql",
        "url": "https://example.org/srv/ann/bcbv/x",
    }
    for ascii_only in (True, False):
        text = json.dumps(there, ensure_ascii=ascii_only)
        page = of_no_machine(text, HOME_OF_ANN, CHECKOUT_OF_ANN, Path("/srv/ann"))
        assert json.loads(page) == there | {
            "root_path": ".",
            "compiled_path": "target/compiled/x.sql",
        }


@pytest.mark.parametrize("text", ["in /srv/ann/bcbv.", '"/srv/ann/.dbt"'])
def test_documentation_that_names_the_machine_is_refused(text):
    with pytest.raises(NamesThisMachine, match="/srv/ann"):
        of_no_machine(text, HOME_OF_ANN, CHECKOUT_OF_ANN, Path("/srv/ann"))


def test_the_documentation_is_written_from_what_dbt_left(tmp_path):
    assert "not documented: " in one_line(script(tmp_path, "document_warehouse"))
    (tmp_path / "target").mkdir()
    left = tmp_path / "target" / "static_index.html"
    left.write_text(json.dumps({"compiled_path": f"{tmp_path}/target/x.sql"}))
    script(tmp_path, "document_warehouse").succeeded()
    page = tmp_path / "reports" / "documentation.html"
    assert json.loads(page.read_text()) == {"compiled_path": "target/x.sql"}
    left.write_text(f"built in {tmp_path}")
    assert "is named in the page" in one_line(script(tmp_path, "document_warehouse"))
