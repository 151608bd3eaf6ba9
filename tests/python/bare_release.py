"""Releases without their products, for tests of what every release is and how it is made.

So is any release of the project of a few rows, whose tables have too few columns for most products.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from building import Run, run

from publication import release
from publication.kinds import INTERNAL, PUBLIC, Kind
from publication.readme import write_readme
from warehouse.home import Home

KINDS = {kind.name: kind for kind in (PUBLIC, INTERNAL)}
# The steps of a bare release, as the progress bar names them.
STEPS = ("figures", "Parquet and CSV", "README", "checksums", "seal")


def publish_bare(home: Home, kind: Kind = PUBLIC) -> Path:
    """Publish with the README for the only product, and nobody to try the release."""
    with (
        patch.object(release, "products", lambda earlier: {"README": write_readme}),
        patch("publication.release_files.create_metric_views", lambda engine, catalogue: None),
    ):
        return release.publish(home, kind, is_audited=False)


def bare_code(before: str = "", kind: Kind = PUBLIC) -> str:
    """Python that does so and says what the command would, after lines that may spoil something."""
    return f"""
import sys
sys.path[:0] = ["scripts", "tests/python"]
{before}
from bare_release import KINDS, publish_bare
from warehouse.built import NotPublishable
from warehouse.home import find_home, told_in_one_line
try:
    with told_in_one_line("not published"):
        publish_bare(find_home(), KINDS["{kind.name}"])
except NotPublishable as error:
    sys.exit(f"not published: {{error}}")
"""


def publish_apart(home: Path, before: str = "", kind: Kind = PUBLIC) -> Run:
    """Run it in a process of its own, in a home."""
    return run(home, sys.executable, "-c", bare_code(before, kind))
