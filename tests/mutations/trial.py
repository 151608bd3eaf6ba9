"""What is built once, and how one mutation is tried on a copy of it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from catalogue import CHECKOUT, Mutation

DBT = Path(sys.executable).parent / "dbt"
# What a change can reach; unit tests hang on the models that they test.
REACHED = ("--select", "state:modified+")
SAMPLE = ("--scale", "0.01", "--seed", "1")
UNIT_TESTS, DATA_TESTS, BUILD, REFERENCE = "unit tests", "data tests", "build error", "reference"
# A warning is told by the build, and the suite wants none on the sample.
BAD = ("error", "fail", "runtime error", "warn")
SHOWN = 3


class Failed(Exception):
    """A step that should not fail did; the message holds the end of what it said."""


@dataclass
class Outcome:
    """Which checks noticed a mutation, with what they said, and what it took.

    seconds are of the clock, by check; is_late where the time ran out; commit is what was tried.
    """

    mutation: Mutation
    noticed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    is_late: bool = False
    commit: str = ""

    @property
    def is_noticed_by_dbt_build(self) -> bool:
        """Whether a build with unit tests fails."""
        return bool(self.noticed.keys() & {UNIT_TESTS, DATA_TESTS, BUILD})


class Baseline:
    """The checkout as it stands, and two homes built from it: the sample and the random set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "checkout"
        self.homes = {"sample": folder / "sample", "random": folder / "random"}
        self.expected = folder / "expected.pickle"

    def prepare(self) -> None:
        """Build what is not built yet of the files as they stand; Failed where that fails."""
        files = _files()
        digest = hashlib.sha256()
        for name in files:
            if name.endswith(".md") or name == "tests/mutations/mutations.yml":
                continue
            digest.update(name.encode() + b"\0" + (CHECKOUT / name).read_bytes() + b"\0")
        done = self.folder / "digest"
        if done.exists() and done.read_text(encoding="utf-8") == digest.hexdigest():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in files:
            target = self.checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, target)
        for home in self.homes.values():
            home.mkdir()
        self._land()
        _must(self.checkout, self.homes["sample"], DBT, "build")
        _must(self.checkout, self.homes["random"], DBT, "build", *_tables_only())
        done.write_text(digest.hexdigest(), encoding="utf-8")

    def _land(self) -> None:
        home = self.homes["sample"]
        extracts = home / "extracts"
        for what in (("--quarters", "2"), ("--quarters", "4", "--feeds", "esr_movement")):
            command = ("scripts/generate_extracts.py", *SAMPLE, "--out", extracts, *what)
            _must(self.checkout, home, sys.executable, *command)
        _must(self.checkout, home, sys.executable, "scripts/ingest.py", extracts)
        home = self.homes["random"]
        compare = (sys.executable, "tests/mutations/compare.py")
        _must(self.checkout, home, *compare, "--write", home / "extracts")
        # One file is made to be refused, which is no failure here.
        _run(self.checkout, home, None, sys.executable, "scripts/ingest.py", home / "extracts")
        what = ("--submissions", home / "extracts", "--expected", self.expected)
        _must(self.checkout, home, *compare, *what)


class Worker:
    """A checkout and homes of its own, in which mutations are tried one after the other.

    The folders stay the same between mutations, so that dbt reads only what a mutation changed
    since the checkout was clean.
    """

    def __init__(self, baseline: Baseline, number: int, timeout: float, every_check: bool) -> None:
        self.baseline = baseline
        self.timeout = timeout
        self.every_check = every_check
        folder = baseline.folder / f"worker{number}"
        shutil.rmtree(folder, ignore_errors=True)
        self.checkout = folder / "checkout"
        shutil.copytree(baseline.checkout, self.checkout)
        self.homes = {}
        for name, home in baseline.homes.items():
            self.homes[name] = folder / name
            self.homes[name].mkdir()
            (self.homes[name] / "lake").symlink_to(home / "lake")
            _must(self.checkout, self.homes[name], DBT, "parse")
            parsed = self._parsed(name)
            shutil.copy(parsed, parsed.with_suffix(".clean"))

    def try_one(self, mutation: Mutation) -> Outcome:
        """Apply the mutation, run the checks until one notices (or every one), take it back."""
        outcome = Outcome(mutation)
        deadline = time.monotonic() + self.timeout
        mutation.apply(self.checkout)
        for name in self.homes:
            parsed = self._parsed(name)
            shutil.copy(parsed.with_suffix(".clean"), parsed)
        try:
            for check in (self._near, self._unit_tests, self._data_tests, self._reference):
                started = time.monotonic()
                outcome.noticed |= check(mutation, deadline)
                outcome.seconds[check.__name__] = time.monotonic() - started
                if outcome.noticed and not self.every_check:
                    break
        except subprocess.TimeoutExpired:
            outcome.is_late = True
        finally:
            shutil.copy(self.baseline.checkout / mutation.file, self.checkout / mutation.file)
        return outcome

    def _parsed(self, name: str) -> Path:
        return self.homes[name] / "target" / "partial_parse.msgpack"

    def _near(self, mutation: Mutation, deadline: float) -> dict[str, str]:
        """Whether the tests of the changed file itself notice: quick, and in most cases enough."""
        if self.every_check:
            return {}
        changed = ("--select", "state:modified")
        if mutation.file.startswith("seeds/"):
            # Other tests of the seed would hold it to models that were built before it changed.
            others = ("--exclude-resource-type", "unit_test", "--fail-fast")
            alone = ("--indirect-selection", "cautious")
            return self._dbt("sample", deadline, "build", changed, *others, *alone)
        only = ("--resource-type", "unit_test", "--fail-fast")
        return self._dbt("sample", deadline, "test", changed, *only)

    def _unit_tests(self, mutation: Mutation, deadline: float) -> dict[str, str]:
        if mutation.file.startswith("seeds/"):
            # dbt keeps the rows that a unit test takes from a seed, changed or not.
            self._parsed("sample").unlink()
        only = ("--select", f"{REACHED[1]},resource_type:unit_test")
        first = () if self.every_check else ("--fail-fast",)
        return self._dbt("sample", deadline, "test", only, "--resource-type", "unit_test", *first)

    def _data_tests(self, mutation: Mutation, deadline: float) -> dict[str, str]:
        others = ("--exclude-resource-type", "unit_test", "--fail-fast")
        return self._dbt("sample", deadline, "build", REACHED, *others)

    def _reference(self, mutation: Mutation, deadline: float) -> dict[str, str]:
        noticed = self._dbt("random", deadline, "build", REACHED, *_tables_only())
        if noticed:
            return noticed
        home = self.homes["random"]
        command = ["--warehouse", home / "warehouse.duckdb"]
        # The reference reads the same seeds of facts, so that it would go along with a change.
        if mutation.file.startswith("seeds/reference/"):
            command += ["--submissions", self.baseline.homes["random"] / "extracts"]
        else:
            command += ["--expected", self.baseline.expected]
        compare = (sys.executable, "tests/mutations/compare.py")
        run = _run(self.checkout, home, deadline, *compare, *command)
        if run.returncode == 0:
            return {}
        lines = run.stdout.strip().splitlines()
        if not lines:
            raise Failed(run.stderr[-2000:])
        return {REFERENCE: f"{len(lines)} differences; {lines[0]}"}

    def _dbt(
        self, name: str, deadline: float, command: str, select: tuple[str, ...], *arguments: str
    ) -> dict[str, str]:
        """Run a command on a copy of the built home; what failed in it, by kind of check."""
        home, built = self.homes[name], self.baseline.homes[name]
        shutil.copy(built / "warehouse.duckdb", home / "warehouse.duckdb")
        results = home / "target" / "run_results.json"
        # Without a node that the change can reach (a macro of a hook, say) all are run.
        for chosen in ((*select, "--state", str(built / "target")), ()):
            results.unlink(missing_ok=True)
            run = _run(self.checkout, home, deadline, DBT, command, *chosen, *arguments)
            found = []
            if results.exists():
                found = json.loads(results.read_text(encoding="utf-8"))["results"]
            elif run.returncode:
                return {BUILD: _last_line(run.stdout)}
            if command == "test" or any(_kind(node) != "operation" for node in found):
                break
        failed = {UNIT_TESTS: [], DATA_TESTS: [], BUILD: []}
        for node in found:
            if node["status"] in BAD:
                check = {"unit_test": UNIT_TESTS, "test": DATA_TESTS}.get(_kind(node), BUILD)
                # A unit test's name follows its model's, a data test's precedes a digest.
                name = node["unique_id"].split(".")[3 if check == UNIT_TESTS else 2]
                failed[check].append(name)
        return {kind: _shortened(names) for kind, names in failed.items() if names}


def _kind(node: dict) -> str:
    return node["unique_id"].split(".")[0]


def _tables_only() -> tuple[str, ...]:
    return ("--resource-type", "model", "--resource-type", "seed")


def _shortened(names: list[str]) -> str:
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(sorted(names)[:SHOWN]) + rest


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing said"


def _files() -> list[str]:
    """The files of the checkout as they stand, tracked or new, in order."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted(name for name in listed if (CHECKOUT / name).is_file())


def _run(
    checkout: Path, home: Path, deadline: float | None, *command: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run a command with a home; subprocess.TimeoutExpired at the deadline."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=checkout,
        env=os.environ | {"BCBV_HOME": str(home), "NO_COLOR": "1", "DBT_USE_COLORS": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=None if deadline is None else max(1.0, deadline - time.monotonic()),
    )


def _must(checkout: Path, home: Path, *command: str | Path) -> None:
    run = _run(checkout, home, None, *command)
    if run.returncode:
        raise Failed(f"{' '.join(map(str, command))}\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
