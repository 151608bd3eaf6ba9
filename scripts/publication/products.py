"""The products of a release, each written from the release's own database."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from publication.api import write_api
from publication.datapackage import write_datapackage
from publication.explorer import write_explorer
from publication.metrics import write_metrics
from publication.readme import write_readme
from publication.release_data import Release
from publication.scorecards import write_scorecards
from publication.workbooks import write_workbooks

Writer = Callable[[Release, Path], None]


def products(earlier: Sequence[Mapping]) -> dict[str, Writer]:
    """The writers in the order of writing, by the name that the progress bar shows.

    `earlier` are the descriptions of the releases of the kind that are still there, which the feed
    lists beside this one.
    """
    return {
        "workbooks": write_workbooks,
        "feed": partial(write_api, releases=earlier),
        "data package": write_datapackage,
        "metrics": write_metrics,
        "Explorer": write_explorer,
        "scorecards": write_scorecards,
        # Last, for it says what is there.
        "README": write_readme,
    }
