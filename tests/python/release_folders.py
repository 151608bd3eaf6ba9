"""What tests ask of the folders in which releases lie."""

import hashlib
import json
from pathlib import Path

import duckdb
import pytest
from bare_release import KINDS

from publication.kinds import PUBLIC, Kind
from warehouse.home import Home

BOTH = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def current(home: Path, kind: Kind = PUBLIC) -> Path:
    """The release that `current` names."""
    return (kind.releases(Home(home)) / "current").resolve(strict=True)


def ledgers(home: Path, kind: Kind = PUBLIC) -> list[str]:
    """The releases that the ledger has a file of; nothing else lies beside the files."""
    found = sorted((kind.releases(Home(home)) / "ledger").iterdir())
    assert {path.suffix for path in found} <= {".parquet"}
    return [path.stem for path in found]


def files(folder: Path) -> dict[str, Path]:
    """Every file under a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() or path.is_symlink()
    }


def assert_whole(release: Path) -> dict:
    """Every file that release.json lists is there with its checksum, and nothing else is."""
    description = json.loads((release / "release.json").read_text(encoding="utf-8"))
    checksums = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files(release).items()
        if name != "release.json"
    }
    assert checksums == description["checksums_sha256"]
    assert description["release"] == release.name
    return description


def modes(folder: Path) -> set[str]:
    """The modes of a folder's files, and of it and the folders in it."""
    return {oct(path.lstat().st_mode & 0o777) for path in (folder, *folder.rglob("*"))}


def assert_untorn(home: Path, kind: Kind) -> None:
    """What is current is whole and in the ledger, which knows no release that was not made."""
    assert_whole(current(home, kind))
    releases = kind.releases(Home(home))
    made = {path.name for path in releases.glob("[0-9]*")}
    in_ledger = {path.stem for path in (releases / "ledger").glob("[0-9]*")}
    assert current(home, kind).name in in_ledger <= made


def change(home: Path, *statements: str) -> None:
    """Change the warehouse without dbt."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        for statement in statements:
            warehouse.execute(statement)


def changed_as_if_built(home: Path, *statements: str) -> None:
    """Change the warehouse as if the build had left it so."""
    change(
        home,
        *statements,
        "update audit.build_tables set n_rows = found.n_rows, checksum = found.checksum"
        " from audit.published_tables as found where found.table_name = build_tables.table_name",
    )
