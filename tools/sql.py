"""Hold the SQL of models, tests and macros to .sqlfluff: what is changed, or all of it."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
FOLDERS = ("models", "tests", "macros")

# What only the written form of a model can keep to, and what dbt or a formula within a formula
# brings about: quoted names of relations, scalar subqueries, a column cast under its own name.
NOT_OF_COMPILED_SQL = (
    "layout",
    "aliasing.self_alias.column",
    "ambiguous.column_count",
    "references.keywords",
    "references.qualification",
    "references.quoting",
    "structure.column_order",
    "structure.nested_case",
)

DESCRIPTION = """\
Lint or fix SQL with sqlfluff: files that differ from the merge base with origin/main (from HEAD
where there is none) or are not tracked yet, or with --all every file. sqlfluff reads no macro and
no generic test; so the models (and of a generic test one test) that expand them are linted as dbt
compiles them, without the rules of layout, and nothing is mended there. What only hooks expand, and
branches that no model takes, are not linted. dbt's artefacts go to BCBV_HOME.
"""


def main(arguments: list[str] | None = None) -> int:
    """Lint or fix; 0 only if nothing is left to say."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("lint", "fix"))
    parser.add_argument("--all", action="store_true", help="every file, changed or not")
    options = parser.parse_args(arguments)
    files = _tracked() if options.all else _changed()
    expanded = [file for file in files if _is_expanded(file)]
    written = [file for file in files if file not in expanded]
    statuses = [0]
    if written:
        statuses.append(_run("sqlfluff", options.what, "--disable-progress-bar", *written))
    if expanded and options.what == "lint":
        statuses.append(_lint_compiled(expanded))
    return max(statuses)


def _is_expanded(file: str) -> bool:
    """Whether a file holds macros or generic tests, which are SQL only where they are expanded."""
    return file.startswith(("macros/", "tests/generic/"))


def _tracked() -> list[str]:
    return _git("ls-files", "--cached", "--others", "--exclude-standard")


def _changed() -> list[str]:
    base = subprocess.run(
        ["git", "merge-base", "HEAD", "origin/main"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    differing = _git("diff", "--name-only", base or "HEAD")
    return sorted({*differing, *_git("ls-files", "--others", "--exclude-standard")})


def _git(*arguments: str) -> list[str]:
    """The SQL files in FOLDERS that a git command lists and that are there."""
    listed = subprocess.run(
        ["git", *arguments, "--", *(f"{folder}/*.sql" for folder in FOLDERS)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [file for file in listed if (CHECKOUT / file).is_file()]


def _run(command: str, *arguments: str | Path) -> int:
    return subprocess.run([BIN / command, *arguments], cwd=CHECKOUT, check=False).returncode


def _lint_compiled(files: Iterable[str]) -> int:
    """Lint what the macros and generic tests in `files` are expanded into."""
    if status := _run("dbt", "--quiet", "compile"):
        return status
    target = CHECKOUT / (os.environ.get("BCBV_HOME") or "data") / "target"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    compiled = expansions(manifest, set(files))
    if not compiled:
        return 0
    return _run(
        "sqlfluff",
        *("lint", "--disable-progress-bar", "--templater", "raw", "--config", ".sqlfluff"),
        *("--exclude-rules", ",".join(NOT_OF_COMPILED_SQL)),
        *compiled,
    )


def expansions(manifest: dict[str, Any], files: set[str]) -> list[str]:
    """Compiled models and tests that can expand a macro of `files`, themselves or through another;
    of a generic test one, for all are alike."""
    macros = manifest["macros"]
    uses = {name for name, macro in macros.items() if macro["original_file_path"] in files}
    while more := {
        name
        for name, macro in macros.items()
        if name not in uses and uses.intersection(macro["depends_on"]["macros"])
    }:
        uses |= more
    found: dict[str, str] = {}
    for name, node in manifest["nodes"].items():
        is_compiled = node["resource_type"] in ("model", "test")
        if is_compiled and uses.intersection(node["depends_on"]["macros"]):
            generic = (node.get("test_metadata") or {}).get("name")
            found.setdefault(generic or name, node["compiled_path"])
    return sorted(found.values())


if __name__ == "__main__":
    sys.exit(main())
