"""The products of a release, each written from the release's own database."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import duckdb

from publication.release_data import Release

FEED = "feed"
# Product by product, in the order of writing: module and entry point.
PRODUCTS = {
    "workbooks": ("publication.workbooks", "write_workbooks"),
    FEED: ("publication.api", "write_api"),
    "data package": ("publication.datapackage", "write_datapackage"),
    "metrics": ("publication.metrics", "write_metrics"),
    "Explorer": ("publication.explorer", "write_explorer"),
    "scorecards": ("publication.scorecards", "write_scorecards"),
    "README": ("publication.readme", "write_readme"),
}
# Not merged yet: the lead empties this list and then takes it away, with what it is for.
NOT_YET = {
    "publication.workbooks",
    "publication.api",
    "publication.datapackage",
    "publication.metrics",
    "publication.explorer",
    "publication.scorecards",
    "publication.audit",
}


def products(earlier: Sequence[Mapping]) -> dict[str, Callable[[Release, Path], None]]:
    """The writers, by the name that the progress bar shows.

    `earlier` are the descriptions of the releases of the kind that are still there, which the feed
    lists beside this one.
    """
    found = {name: entry(*where) for name, where in PRODUCTS.items()}
    writers = {name: writer for name, writer in found.items() if writer}
    if FEED in writers:
        writers[FEED] = partial(writers[FEED], releases=earlier)
    return writers


def create_metric_views(engine: duckdb.DuckDBPyConnection, catalogue: str) -> None:
    """Write the views of the metrics into a release's database, which is in use."""
    if create := entry("publication.metrics", "create_metric_views"):
        create(engine, catalogue)


def entry(module: str, name: str) -> Callable | None:
    """A function by its place; None of a module that is not merged yet."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name == module and module in NOT_YET:
            return None
        raise
