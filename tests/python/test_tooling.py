"""What developers lean on: quick commands, locks that agree, a Python that runs, lint of macros."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import CHECKOUT, Run, run
from sql import expansions

# What takes most of a second, or seconds, to load.
HEAVY = ("great_expectations", "pandas", "scipy", "dbt", "numpy")
COMMANDS = sorted(path.stem for path in (CHECKOUT / "scripts").glob("*.py"))
MAKE, SHELL = Path(shutil.which("make") or ""), Path(shutil.which("sh") or "")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_loads_nothing_heavy(tmp_path, command):
    arguments = ("-X", "importtime", f"scripts/{command}.py", "--help")
    helped = run(tmp_path, sys.executable, *arguments).succeeded()
    loaded = {line.split("|")[-1].strip() for line in helped.err.splitlines()}
    assert "argparse" in loaded
    assert loaded.isdisjoint(HEAVY)


def pins(lock: str) -> dict[str, str]:
    """Version, and the marker if there is one, by package."""
    lines = (CHECKOUT / lock).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if line and not line.startswith("#"))


def test_the_locks_agree():
    """Who develops tests what others run."""
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(runtime) > 50
    assert {name: development.get(name) for name in runtime} == runtime
    assert not {"pytest", "ruff", "mypy", "sqlfluff"} & runtime.keys()
    assert {"pytest", "ruff", "mypy", "sqlfluff"} <= development.keys()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_versions_and_no_address(lock):
    text = (CHECKOUT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.match(r"[a-z0-9.-]+==[\w.]+( ; .+)?$", line)] == []
    direct = (CHECKOUT / lock.replace(".lock", ".in")).read_text(encoding="utf-8")
    named = re.findall(r"^[a-z][a-z0-9-]*", direct, re.MULTILINE)
    assert named and [name for name in named if name not in pins(lock)] == []


def program(folder: Path, name: str, text: str) -> None:
    """An executable shell script."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!{SHELL}\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def make(tmp_path):
    """Run make in a copy of the Makefile where no program is found but those of a folder."""
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).touch()
    path = tmp_path / "bin"
    path.mkdir()
    (path / "sh").symlink_to(SHELL)
    (path / "touch").symlink_to(shutil.which("touch") or "")

    def run_make(*arguments: str) -> Run:
        without = {name: text for name, text in os.environ.items() if name != "PYTHON"}
        done = subprocess.run(
            [MAKE, "--silent", f"SHELL={SHELL}", *arguments],
            cwd=tmp_path,
            env=without | {"PATH": str(path), "BCBV_HOME": "home", "MAKEFLAGS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run_make


def test_the_newest_python_that_runs_is_taken(make, tmp_path):
    """A shim of a version that is not installed is on the path, but does not run."""
    program(tmp_path / "bin", "python3.13", "echo 'no such version' >&2; exit 127")
    program(tmp_path / "bin", "python3.12", "exit 0")
    program(tmp_path / "bin", "python3.11", "exit 0")
    assert make("python").succeeded().out.strip() == str(tmp_path / "bin" / "python3.12")
    (tmp_path / "bin" / "python3.12").unlink()
    assert make("python").succeeded().out.strip() == str(tmp_path / "bin" / "python3.11")


def test_the_python_that_is_named_is_taken(make, tmp_path):
    program(tmp_path / "bin", "python3.13", "exit 0")
    assert make("python", "PYTHON=mine").succeeded().out.strip() == "mine"


def test_the_python_of_these_tests_would_be_taken(make, tmp_path):
    program(tmp_path / "bin", "python3", f'exec {sys.executable} "$@"')
    assert make("python").succeeded().out.strip() == str(tmp_path / "bin" / "python3")


def test_a_machine_without_a_python_that_fits_is_told_so(make, tmp_path):
    program(tmp_path / "bin", "python3", "exit 1")
    refused = make("setup")
    assert refused.status != 0
    assert "Python 3.11, 3.12 or 3.13 is needed" in refused.err
    assert "nothing on the path is" in refused.err
    assert "mine is not" in make("setup", "PYTHON=mine").err
    assert not (tmp_path / ".venv").exists()


INSTALLER = """
mkdir .venv .venv/bin
echo "$*" > .venv/uv
echo 'echo "$*" > .venv/pip' > .venv/bin/python
chmod +x .venv/bin/python
"""


@pytest.mark.parametrize(
    ("target", "lock"), [("setup", "requirements.lock"), ("develop", "requirements-dev.lock")]
)
def test_uv_brings_a_python_where_there_is_none(make, tmp_path, target, lock):
    for name in ("mkdir", "chmod", "rm"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or "")
    program(tmp_path / "bin", "uv", INSTALLER)
    another = tmp_path / "another"
    another.mkdir()
    (another / "kept").touch()
    (tmp_path / ".venv").symlink_to(another)
    make(target).succeeded()
    said = {name: (tmp_path / ".venv" / name).read_text(encoding="utf-8") for name in ("uv", "pip")}
    assert said["uv"].startswith("venv ")
    assert said["pip"].split()[-1] == lock
    assert [path.name for path in another.iterdir()] == ["kept"]
    # Nothing is done again until the lock changes.
    (tmp_path / "bin" / "uv").unlink()
    make(target).succeeded()
    os.utime(tmp_path / lock, (2**31, 2**31))
    assert make(target).status != 0


def test_lint_reads_what_macros_expand_into():
    """Linted for a macro are the models that need it, itself or through another, and of a generic
    test one."""

    def entry(file: str, *macros: str, **more: object) -> dict:
        return {"original_file_path": file, "depends_on": {"macros": list(macros)}, **more}

    def node(name: str, *macros: str, test: str | None = None) -> dict:
        kind = "test" if test else "model"
        metadata = {"name": test} if test else None
        more = {"resource_type": kind, "compiled_path": name, "test_metadata": metadata}
        return entry(f"models/{name}", *macros, **more)

    manifest = {
        "macros": {
            "inner": entry("macros/inner.sql"),
            "outer": entry("macros/outer.sql", "inner"),
            "test_alike": entry("tests/generic/alike.sql"),
        },
        "nodes": {
            "a": node("a", "outer"),
            "b": node("b", "inner"),
            "c": node("c"),
            "d": node("d", "test_alike", test="alike"),
            "e": node("e", "test_alike", test="alike"),
        },
    }
    assert expansions(manifest, {"macros/inner.sql"}) == ["a", "b"]
    assert expansions(manifest, {"macros/outer.sql"}) == ["a"]
    assert expansions(manifest, {"macros/inner.sql", "tests/generic/alike.sql"}) == ["a", "b", "d"]
    assert expansions(manifest, {"macros/elsewhere.sql"}) == []
