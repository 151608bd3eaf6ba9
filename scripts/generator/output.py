"""Files named as Rulebook 1.8 says, in the contracts' formats, the same bytes for the same rows."""

import gzip
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from generator.england import England
from generator.quarters import Quarter
from generator.randomness import stream

SENDER = "synthetic"

# Days that are none, among days since 1970.
NO_DATE, DUMMY_DAY = -1, 0
DUMMY_DATE = "1801-01-01"

# Extracts are compressed once and read a few times: speed before size.
GZIP_LEVEL = 1

# A feed's extracts for some quarters, each yielded once it is written.
Extracts = Callable[[England, list[Quarter], Path], Iterator[Path]]
# The rows of one quarter. The first stream is the same in every quarter and holds what
# organisations are like; the second is the quarter's own.
QuarterRows = Callable[[England, Quarter, np.random.Generator, np.random.Generator], pd.DataFrame]


def file_name(feed: str, period: str, quarter: Quarter, extension: str) -> str:
    """<feed>__<period>__<extract date of the quarter>__synthetic.<extension>."""
    return f"{feed}__{period}__{quarter.extract_date}__{SENDER}.{extension}"


def coded(positions: np.ndarray, names: Sequence[str | None]) -> pd.Categorical:
    """Text as positions in a list of names, of which some may be equal or null; -1 is null.

    Costs one or two bytes a row, where text would cost dozens.
    """
    distinct = sorted({name for name in names if name is not None})
    place = {name: number for number, name in enumerate(distinct)}
    # Position -1 is the last one.
    codes = np.array([*(-1 if name is None else place[name] for name in names), -1])
    return pd.Categorical.from_codes(codes[np.asarray(positions)], distinct)


def chosen(cases: Sequence[tuple[np.ndarray, str]], otherwise: str) -> pd.Categorical:
    """The text of the first case whose condition holds."""
    conditions = [np.asarray(condition) for condition, _ in cases]
    positions = np.select(conditions, range(len(cases)), len(cases))
    return coded(positions, [*(text for _, text in cases), otherwise])


def dates(days: np.ndarray) -> pd.Categorical:
    """Days since 1970 as dates; NO_DATE is null, DUMMY_DAY the dummy date."""
    real = days[days > DUMMY_DAY]
    first = int(real.min()) if len(real) else 1
    length = int(real.max()) - first + 1 if len(real) else 0
    start = np.datetime64("1970-01-01") + first
    names = [DUMMY_DATE, *(str(start + offset) for offset in range(length))]
    return coded(np.where(days > DUMMY_DAY, days - first + 1, days), names)


def merged(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row a key: what organisations report that merged since 2006-07 Q1 is added up.

    Rows of organisations that closed without a successor (a null key) are left out.
    """
    return rows.groupby(keys, observed=True, sort=False, as_index=False).sum().round(2)


def quarterly(feed: str, rows: QuarterRows, extension: str = "csv") -> Extracts:
    """The extracts of a feed whose quarters can each be made by themselves."""

    def extracts(england: England, quarters: list[Quarter], folder: Path) -> Iterator[Path]:
        for quarter in quarters:
            steady = stream(england.seed, feed, "organisations")
            now = stream(england.seed, feed, quarter.index)
            target = folder / file_name(feed, quarter.period, quarter, extension)
            write(rows(england, quarter, steady, now), target)
            yield target

    return extracts


def write(rows: pd.DataFrame, target: Path) -> None:
    """Write rows as delimited text with a header: .psv with pipes, .csv with commas, or either .gz.

    The file appears under its name only when it is whole.
    """
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.register("extract", rows)
        write_query(engine, "from extract", target)


def write_query(engine: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write the rows of a query as `write` does, in their order where the engine has one thread."""
    delimiter = "|" if ".psv" in target.suffixes else ","
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".generating-") as scratch:
        text = Path(scratch) / "rows"
        engine.execute(
            f"copy ({query}) to '{quoted(text)}' (format csv, header, delimiter '{delimiter}')"
        )
        if target.suffix == ".gz":
            text = _compressed(text)
        text.replace(target)


def quoted(path: Path) -> str:
    """A path as it stands between the quotes of SQL."""
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
