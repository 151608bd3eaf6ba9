"""A release: the figures of one build, frozen in files, and how it becomes the current one."""

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from publication.audit import audit
from publication.description import FILE, disclosure_rule, write_description
from publication.kinds import INTERNAL, PUBLIC, Kind
from publication.products import products
from publication.release_data import DATABASE, Facts, open_release
from publication.release_files import write_database, write_tables, write_views
from warehouse.built import Build, NotPublishable, last_build, require_tables
from warehouse.files import only_one, sync
from warehouse.home import Home, attach_warehouse, connect
from warehouse.ledger import (
    BadLedger,
    Entry,
    finish_ledger,
    kept_ledger,
    name_of_release,
    require_ledger,
    write_ledger,
)
from warehouse.privacy import private_folder

# Without a row of it there is nothing to tell.
RESULTS = "fct_indicator_values"
UNFINISHED = ".unfinished-"
NEXT_CURRENT = ".current-"


class _Step(Protocol):
    """Says which step begins."""

    def __call__(self, name: str) -> None: ...


def publish(home: Home, kind: Kind = PUBLIC, *, is_audited: bool = True) -> Path:
    """Publish the warehouse as a release of a kind and return its folder.

    Killed at any moment, `current` still names a whole release that is in the ledger: files are
    written under other names; when all are complete the folder is renamed, then the file of the
    ledger, and the link is replaced last. The warehouse is read for the ledger and for the
    release's database alone; everything else is made from that database. A public release is
    audited, unless `is_audited` says no; an internal one hides nothing (Rulebook 10.8).

    Raises NotPublishable where there is no warehouse, its tables are not those of the last whole
    build, which went well and found submissions, the ledger cannot be read, or the audit opens a
    hidden figure; OSError or duckdb.Error where the release cannot be written.
    """
    if not home.warehouse.exists():
        raise NotPublishable(f"there is no warehouse at {home.warehouse}: run `dbt build` first")
    releases = kind.releases(home)
    closed = private_folder(releases, home) if kind is INTERNAL else nullcontext()
    with closed, only_one(releases / ".lock", "publisher"), _progress() as step:
        published_at = datetime.now(UTC)
        release = releases / name_of_release(published_at)
        folder = releases / f"{UNFINISHED}{uuid.uuid4().hex}"
        try:
            with kept_ledger(releases, release.name):
                step("figures")
                build, rule = _copy(home, kind, folder, published_at)
                is_synthetic = write_views(home, folder)
                facts = _facts(kind, build, rule, published_at, is_synthetic)
                _write_products(home, folder, facts, build, step, is_audited)
                step("seal")
                _seal(folder, kind)
                folder.rename(release)
                # Lost with the power, it would leave a ledger of a release that is not there.
                sync(releases)
        except BaseException:
            # A full disk is not to stay full of it.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _make_current(releases, release)
    return release


def _copy(
    home: Home, kind: Kind, folder: Path, published_at: datetime
) -> tuple[Build, Mapping[str, float]]:
    """Copy out of the warehouse what the release and its ledger are of, and close it.

    Returns the build that they are from and the rule of disclosure, empty of an internal release.
    """
    releases = kind.releases(home)
    with connect(home) as engine:
        attach_warehouse(engine, home, NotPublishable)
        build = last_build(engine)
        tables = kind.tables()
        require_tables(engine, build, [kind.prefix + t for t in tables], kind.prefix + RESULTS)
        _clear_leftovers(releases)
        try:
            require_ledger(releases, engine)
        except BadLedger as error:
            raise NotPublishable(str(error)) from error
        folder.mkdir()
        release = name_of_release(published_at)
        write_ledger(engine, releases, Entry(release, kind.name, build, published_at))
        write_database(engine, kind, tables, folder / DATABASE)
        return build, disclosure_rule(engine) if kind.is_suppressed else {}


def _facts(
    kind: Kind,
    build: Build,
    rule: Mapping[str, float],
    published_at: datetime,
    is_synthetic: bool,
) -> Facts:
    """What every product says of the release."""
    return Facts(
        release=name_of_release(published_at),
        kind=kind.name,
        is_suppressed=kind.is_suppressed,
        is_synthetic=is_synthetic,
        published_at=published_at,
        built_at=build.built_at.replace(tzinfo=UTC),
        as_at=build.as_at,
        code_version=build.code_version,
        rule=rule,
    )


def _write_products(
    home: Home, folder: Path, facts: Facts, build: Build, step: _Step, is_audited: bool
) -> None:
    """Everything that is made from the release's database, and the description of it all."""
    step("Parquet and CSV")
    write_tables(home, folder, facts)
    earlier = _earlier(folder.parent, facts.kind)
    with open_release(folder, facts) as release:
        for name, write in products(list(earlier.values())).items():
            step(name)
            write(release, folder)
        audited = None
        if is_audited and facts.is_suppressed:
            step("audit")
            audited = _tried(folder, list(earlier))
        step("checksums")
        write_description(release, folder, build.invocation_id, audited)


def _tried(folder: Path, earlier: list[Path]) -> dict[str, int]:
    """What the attacker tried on the release, as release.json says it.

    Raises NotPublishable where a hidden figure can be told from what is shown, here and in earlier
    releases.
    """
    found = audit(folder, earlier)
    if not found.is_safe:
        raise NotPublishable(f"the release tells what it hides\n{found.summary()}")
    return {"cells_tried": found.n_tried, "cells_opened": 0}


def _earlier(releases: Path, kind: str) -> dict[Path, dict]:
    """The releases of the kind that are still there, as they describe themselves, first one first.

    Versions before wrote what is internal now among the public ones, and named no kind.
    """
    found = {
        path.parent: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(releases.glob(f"[0-9]*/{FILE}"))
    }
    return {folder: said for folder, said in found.items() if said.get("kind") == kind}


def _seal(folder: Path, kind: Kind) -> None:
    """Close the files to writing, and make all last through a loss of power."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444 if kind.is_suppressed else 0o400)
        sync(path)
    sync(folder)


def _clear_leftovers(releases: Path) -> None:
    """Take away what a publisher that was killed had not finished."""
    for folder in releases.glob(f"{UNFINISHED}*"):
        # What it started may be at its end still; then the next publisher clears the rest.
        shutil.rmtree(folder, ignore_errors=True)
    for link in releases.glob(f"{NEXT_CURRENT}*"):
        link.unlink()
    finish_ledger(releases)


def _make_current(releases: Path, release: Path) -> None:
    """Point `current` at the release, in one step that a reader cannot fall into."""
    link = releases / f"{NEXT_CURRENT}{uuid.uuid4().hex}"
    link.symlink_to(release.name)
    link.replace(releases / "current")
    sync(releases)


@contextmanager
def _progress() -> Iterator[_Step]:
    """A bar on a terminal that names the step, for work of over two seconds."""
    n_steps = len(("figures", "Parquet and CSV", *products([]), "audit", "checksums", "seal"))
    with tqdm(total=n_steps, unit="step", delay=2, disable=None, leave=False) as bar:

        def step(name: str) -> None:
            bar.set_description(f"publish: {name}")
            bar.update()

        yield step
