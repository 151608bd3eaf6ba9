"""Files of the interface's names and formats, the same bytes for the same rows."""

import gzip
import shutil
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from generator.quarters import Quarter

SENDER = "synthetic"

# Extracts are compressed once and read a few times: speed before size.
GZIP_LEVEL = 1


def file_name(feed: str, period: str, quarter: Quarter, extension: str) -> str:
    """<feed>__<period>__<extract date of the quarter>__synthetic.<extension>."""
    return f"{feed}__{period}__{quarter.extract_date}__{SENDER}.{extension}"


def labels(codes: np.ndarray, names: list[str]) -> pd.Categorical:
    """Text as positions in a list of names; -1 is null. Costs a few bytes a row."""
    return pd.Categorical.from_codes(codes, names)


def write(rows: pd.DataFrame, target: Path) -> None:
    """Write rows as delimited text with a header: .psv with pipes, .csv with commas, .gz compressed.

    The file appears under its name only when it is whole.
    """
    delimiter = "|" if ".psv" in target.suffixes else ","
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".generating-") as scratch:
        text = Path(scratch) / "rows"
        with duckdb.connect(config={"threads": 1}) as engine:
            engine.register("extract", rows)
            engine.execute(
                f"copy extract to '{_quoted(text)}' (format csv, header, delimiter '{delimiter}')"
            )
        if target.suffix == ".gz":
            text = _compressed(text)
        text.replace(target)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _compressed(text: Path) -> Path:
    """The file compressed; name and time, which gzip would write into it, are left out."""
    packed = text.with_suffix(".gz")
    with (
        text.open("rb") as source,
        packed.open("wb") as sink,
        gzip.GzipFile("", "wb", GZIP_LEVEL, sink, mtime=0) as archive,
    ):
        shutil.copyfileobj(source, archive, 1 << 20)
    return packed
