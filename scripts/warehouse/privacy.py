"""Who may read what a home holds: patients' rows, and the salt that consultants are hashed with."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.files import sync
from warehouse.home import BadSetting, Home, first_line


@contextmanager
def private(home: Home) -> Iterator[None]:
    """Let only the user into landing and lake, and into what is made meanwhile; see close()."""
    before = close(home)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def private_folder(folder: Path, home: Home) -> Iterator[None]:
    """Make a folder of the home that only the user may enter, as all that is made meanwhile.

    Raises BadSetting where this cannot be done.
    """
    before = os.umask(0o077)
    try:
        _make(folder, home)
        _close(folder, 0o700, home)
        yield
    finally:
        os.umask(before)


def close(home: Home) -> int:
    """Make landing and lake and close them, the warehouse and what is made from now on to others.

    They hold patients' rows: folders are of mode 0700, files of 0600, whatever the umask, which is
    changed for that; returns what it was. The home itself is left as it is: releases are there to
    be read. Raises BadSetting where this cannot be done, or the home is not to be written in.
    """
    _make(home.path, home)
    if not os.access(home.path, os.W_OK | os.X_OK):
        raise BadSetting(f"BCBV_HOME={home.path}: no permission to write there")
    before = os.umask(0o077)
    try:
        for folder in (home.landing, home.lake):
            _make(folder, home)
            _close(folder, 0o700, home)
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise BadSetting(f"BCBV_HOME={home.path}: no permission to write in {folder.name}/")
        for file in (home.warehouse, home.warehouse.with_name(f"{home.warehouse.name}.wal")):
            if file.exists():
                _close(file, 0o600, home)
    except BaseException:
        os.umask(before)
        raise
    return before


def _make(folder: Path, home: Home) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"BCBV_HOME={home.path}: cannot make {folder}: {error.strerror}"
        ) from error


def _close(path: Path, mode: int, home: Home) -> None:
    """Take from others what they may do with a file or folder."""
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(mode)
    except OSError as error:
        raise BadSetting(
            f"BCBV_HOME={home.path}: {path.name} is open to others and cannot be closed to them:"
            f" {error.strerror}"
        ) from error


def keep_salt(home: Home) -> None:
    """Make the home's salt if it has none.

    Kept in the lake, so that a copy of the lake gives the same hashes. Raises BadSetting where it
    cannot be written.
    """
    if home.salt.exists():
        return
    draft = home.salt.with_suffix(".draft")
    try:
        home.salt.parent.mkdir(exist_ok=True)
        with duckdb.connect() as engine:
            salt = engine.sql("select $1 as salt", params=[secrets.token_hex(32)])
            salt.write_parquet(str(draft))
        sync(draft)
        draft.replace(home.salt)
        sync(home.salt.parent)
    except (OSError, duckdb.Error) as error:
        raise BadSetting(
            f"BCBV_HOME={home.path}: cannot write {home.salt}: {first_line(error)}"
        ) from error
