"""A home to try files in: what is known is that of the real one, which nothing is written to."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.home import Home
from warehouse.landing import Landed

# The feeds that say which organisations there are.
_LISTS = ("organisations", "successions")


@contextmanager
def trial_home(home: Home) -> Iterator[Home]:
    """A home for the time of a check, with the manifest and the lists of organisations of `home`.

    It lies in the system's folder for temporary files (TMPDIR), closed to others, and is removed
    whatever happens but a kill. `home` need not exist. Raises OSError where that folder cannot be
    written, or what `home` knows cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="bcbv-check-") as folder:
        # The name of a home is held to more than that of a folder; links would be resolved later.
        trial = Home(Path(folder).resolve())
        for name in ("_submissions", *_LISTS):
            (trial.lake / name).mkdir(parents=True)
            for file in (home.lake / name).glob("*.parquet"):
                (trial.lake / name / file.name).symlink_to(file)
        yield trial


def forget(trial: Home, landed: Landed) -> None:
    """Remove the rows of a file that was tried, unless those of others are judged by them."""
    submission_id, feed = landed.entry["submission_id"], landed.entry["feed"]
    if landed.already or feed in _LISTS:
        return
    for copy in (trial.landing / feed / submission_id).iterdir():
        copy.unlink()
    (trial.lake / feed / f"{submission_id}.parquet").unlink()
