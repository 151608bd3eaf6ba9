"""The conventions of the code: linters, and dbt-bouncer on what dbt documents of the project."""

import subprocess
import sys
from pathlib import Path

import pytest
from building import CHECKOUT, dbt, run

BIN = Path(sys.executable).parent


def test_python_keeps_to_ruff(tmp_path):
    run(tmp_path, BIN / "ruff", "check", ".").succeeded()
    run(tmp_path, BIN / "ruff", "format", "--check", ".").succeeded()


def test_python_keeps_to_its_types(tmp_path):
    run(tmp_path, BIN / "mypy", "--cache-dir", tmp_path).succeeded()


@pytest.mark.slow
def test_sql_keeps_to_sqlfluff(tmp_path):
    run(tmp_path, sys.executable, "tools/sql.py", "lint", "--all").succeeded()


def test_the_dbt_project_keeps_to_its_conventions(sample):
    """dbt-bouncer: layers, names, contracts, and a description of every model and column."""
    dbt(sample.home, "docs", "generate").succeeded()
    config = (CHECKOUT / "dbt-bouncer.yml").read_text(encoding="utf-8")
    beside_the_artefacts = sample.home / "dbt-bouncer.yml"
    beside_the_artefacts.write_text(config.replace("data/target", "target"), encoding="utf-8")
    run(sample.home, BIN / "dbt-bouncer", "--config-file", beside_the_artefacts).succeeded()


def test_no_tracked_file_names_a_machine_path():
    """Paths of the machine that it was written on mean nothing elsewhere."""
    pattern = r"(^|[^A-Za-z0-9_.}])/(root|tmp|work|home)/[A-Za-z0-9]"
    found = subprocess.run(
        ["git", "grep", "-n", "-I", "-E", pattern, "--", ".", ":!*.csv"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout + found.stderr
