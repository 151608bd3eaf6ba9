"""Which version of the code this is."""

import subprocess

import yaml

from warehouse.home import CHECKOUT


def code_version() -> str:
    """The project's version and, in a checkout, the commit that it stands at."""
    project = yaml.safe_load((CHECKOUT / "dbt_project.yml").read_text(encoding="utf-8"))
    try:
        commit = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return project["version"]
    return f"{project['version']}+{commit}"
