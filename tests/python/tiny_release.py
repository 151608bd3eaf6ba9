"""Releases of the project of a few rows, whose tables have too few columns for most products."""

import sys
from pathlib import Path
from unittest.mock import patch

from building import Run, run

from publication import release
from publication.kinds import INTERNAL, PUBLIC, Kind
from publication.readme import write_readme
from warehouse.home import Home

KINDS = {kind.name: kind for kind in (PUBLIC, INTERNAL)}


def publish_tiny(home: Home, kind: Kind = PUBLIC) -> Path:
    """Publish with the README for the only product, and nobody to try the release."""
    with (
        patch.object(release, "products", lambda: {"README": write_readme}),
        patch("publication.release_files.create_metric_views", lambda engine, catalogue: None),
    ):
        return release.publish(home, kind, is_audited=False)


def publish_apart(home: Path, before: str = "", kind: Kind = PUBLIC) -> Run:
    """The same in a process of its own, after a few lines of Python that may spoil something."""
    code = f"""
import sys
sys.path[:0] = ["scripts", "tests/python"]
{before}
from tiny_release import KINDS, publish_tiny
from warehouse.built import NotPublishable
from warehouse.home import find_home, told_in_one_line
try:
    with told_in_one_line("not published"):
        publish_tiny(find_home(), KINDS["{kind.name}"])
except NotPublishable as error:
    sys.exit(f"not published: {{error}}")
"""
    return run(home, sys.executable, "-c", code)
