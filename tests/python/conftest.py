"""A home of its own for each test, writers of small hand-made files, and what tests share."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ingest as ingest_command
import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, HES_APC_ROW, Run, dbt, script
from sentinels import plant_sentinels

# Costly fixtures of more than one test, each made in one process for all of them, and a module that
# has one of its own.
# Homes that are built once: by the modules whose tests use them, which therefore share a process.
MODULES_SHARING = {
    "sample": (
        "test_build",
        "test_docs",
        "test_indicator_pages",
        "test_publication_against_reference",
        "test_metricflow",
        "test_publish",
        "test_release_contents",
        "test_revisions",
    ),
    "reference": ("test_against_reference",),
    "open data": ("test_open_data",),
    "codes": ("test_codes_of_files",),
    "extracts": ("test_generate_extracts",),
    "history": ("test_check_history",),
    "past states": ("test_past_states",),
    "faults": ("test_faults",),
    "explorer": ("test_explorer",),
}
SHARED = {module: home for home, modules in MODULES_SHARING.items() for module in modules}
SHARED_TESTS = {"test_the_dbt_project_keeps_to_its_conventions": "sample"}
SLOW_FIXTURES = ("sample", "released", "early", "late", "series", "spoilt")
SLOW_MODULES = (
    "test_build",
    "test_check_history",
    "test_codes_of_files",
    "test_open_data",
    "test_past_states",
)


def shared_home(nodeid: str) -> str | None:
    """The home that a test shares with others, by the name of its module or its own."""
    path, _, test = nodeid.partition("::")
    return SHARED_TESTS.get(test) or SHARED.get(Path(path).stem)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Keep tests that share a home in one process, so that it is made once.

    The groups of xdist itself hang on an attribute that pytest has no longer.
    """
    from xdist.scheduler import LoadScopeScheduling

    class BySharedHome(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return shared_home(nodeid) or nodeid

    return BySharedHome(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests are slow; these first, so that none is left to one process at the end."""
    for item in items:
        if {"sample", "released"} & set(item.fixturenames) and shared_home(item.nodeid) != "sample":
            raise pytest.UsageError(f"{item.nodeid}: uses the sample, name it in conftest.py")
        if item.path.stem in SLOW_MODULES or any(
            name in item.fixturenames for name in SLOW_FIXTURES
        ):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@dataclass(frozen=True)
class Lake:
    """Reads what ingest left under a home, as rows of dictionaries."""

    home: Path

    def manifest(self) -> list[dict]:
        """The submissions in the order of landing."""
        return self._rows("_submissions", "landed_at")

    def rows(self, feed: str) -> list[dict]:
        """The rows of a feed in the order of their lines."""
        return self._rows(feed, "_submission_id, _line")

    def rejects(self) -> list[dict]:
        """The malformed lines kept."""
        return self._rows("_rejects", "line_number")

    def profile(self) -> dict[tuple[str, str | None], dict]:
        """The profile by column and organisation."""
        rows = self._rows("_profiles", "column_name")
        return {(row["column_name"], row["organisation_code"]): row for row in rows}

    def files(self) -> list[str]:
        """Every file in landing and lake but the lock, as paths under the home."""
        found = [*self.home.glob("landing/**/*"), *self.home.glob("lake/**/*")]
        names = (p.relative_to(self.home).as_posix() for p in found if p.is_file())
        return sorted(name for name in names if not name.endswith(".lock"))

    def _rows(self, folder: str, order: str) -> list[dict]:
        files = [str(path) for path in (self.home / "lake" / folder).glob("*.parquet")]
        if not files:
            return []
        relation = duckdb.connect().read_parquet(files, union_by_name=True).order(order)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@dataclass(frozen=True)
class Outcome:
    """What a run of ingest said."""

    status: int
    out: str
    err: str


@pytest.fixture
def lake(tmp_path, monkeypatch) -> Lake:
    """An empty home of this test's own."""
    home = tmp_path / "home"
    monkeypatch.setenv("BCBV_HOME", str(home))
    return Lake(home)


@pytest.fixture
def ingest(lake, capsys):
    """Run the command in this process, into the test's home."""

    def run(*arguments) -> Outcome:
        status = ingest_command.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def write(tmp_path):
    """Write a file to be sent; text as UTF-8, bytes as they are."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / "sent" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def absence(write):
    """Write an esr_absence file of the given lines under its header."""

    def write_absence(*lines: str, name: str = ABSENCE_NAME, header: str = ABSENCE_COLUMNS) -> Path:
        return write(name, "\n".join([header, *lines]) + "\n")

    return write_absence


@pytest.fixture
def hes_apc(write):
    """Write a pipe-separated hes_apc file; each row overrides or adds to HES_APC_ROW."""

    def write_hes_apc(*rows: dict, name: str = "hes_apc__fy2006-07q1__2006-08-22.psv") -> Path:
        columns = list(dict.fromkeys([*HES_APC_ROW, *(key for row in rows for key in row)]))
        lines = ["|".join(columns)]
        for row in rows:
            lines.append("|".join((HES_APC_ROW | row).get(column, "") for column in columns))
        return write(name, "\n".join(lines) + "\n")

    return write_hes_apc


@dataclass(frozen=True)
class Sample:
    """A home with a small synthetic sample, built once for all tests; they only read it."""

    home: Path
    build: Run

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt built."""
        return self.home / "warehouse.duckdb"


@dataclass(frozen=True)
class Released:
    """A home with the sample's warehouse and a release of each kind; tests only read it."""

    home: Path

    @property
    def public(self) -> Path:
        """The public release."""
        return (self.home / "published" / "current").resolve(strict=True)

    @property
    def internal(self) -> Path:
        """The internal release."""
        return (self.home / "internal" / "current").resolve(strict=True)

    @property
    def warehouse(self) -> Path:
        """The warehouse that they were made of, with sentinels where patients' rows are."""
        return self.home / "warehouse.duckdb"


@pytest.fixture(scope="session")
def released(sample, tmp_path_factory) -> Released:
    """Both kinds of release of the sample, made by the command, with every product and the audit.

    Before, each text of patients' rows in the warehouse was replaced by a sentinel.
    """
    home = tmp_path_factory.mktemp("released")
    shutil.copy(sample.warehouse, home / "warehouse.duckdb")
    plant_sentinels(home / "warehouse.duckdb")
    script(home, "publish").succeeded()
    script(home, "publish", "--internal").succeeded()
    return Released(home)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> tuple[Path, Path]:
    """A project of a few rows, and a home in which it was built as a whole, with a warning."""
    # It loads dbt, which most tests do without.
    from tiny_project import tiny_dbt, write_tiny_project

    project, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("built")
    write_tiny_project(project)
    build = tiny_dbt(project, home, "build", "--vars", "{as_at: 2007-07-27}")
    assert build.success and "warn" in [result.status for result in build.result.results]
    return project, home


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Sample:
    """Two quarters of the sample generator's least activity, landed and built by the commands.

    Staff movements are those of a year, without which turnover is not known.
    """
    home = tmp_path_factory.mktemp("sample")
    extracts = ("--scale", "0.01", "--seed", "1", "--out", home / "extracts")
    script(home, "generate_extracts", *extracts, "--quarters", "2").succeeded()
    movements = ("--quarters", "4", "--feeds", "esr_movement")
    script(home, "generate_extracts", *extracts, *movements).succeeded()
    script(home, "ingest", home / "extracts").succeeded()
    return Sample(home, dbt(home, "build").succeeded())
