"""The Parquet files of one submission, as the lake holds them."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.contracts import Feed, lake_table
from warehouse.home import identifier, literal
from warehouse.reading import CleanText

# White space at the ends of a field is not part of its value; the last one is the no-break space.
_WHITE_SPACE = " \t\r\n\x0b\x0c\xa0"
# DuckDB's default, which only lines of megabytes exceed.
_LEAST_MAX_LINE_SIZE = 2_097_152


def csv_relation(path: Path, delimiter: str, columns: Mapping[str, str], longest: int) -> str:
    """A relation in SQL over a file that reading.py wrote.

    `longest` is the longest line in bytes, as received. Nothing is left to detection: the file is
    known to be well formed.
    """
    # A byte of Windows-1252 may become three, an empty field two quotes; a number comes on top.
    max_line_size = max(_LEAST_MAX_LINE_SIZE, 5 * longest + 100)
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_csv({literal(path)}, auto_detect = false, header = false, new_line = '\\n',"
        f" delim = {literal(delimiter)}, quote = '\"', escape = '\"',"
        f" max_line_size = {max_line_size}, columns = {{{types}}})"
    )


def text_relation(text: CleanText) -> tuple[str, dict[str, str]]:
    """A relation over the good lines with `_line`, and the expression of each column's text."""
    # Positions for names: a header may hold anything.
    positions = {name: f"c{n}" for n, name in enumerate(text.columns)}
    types = {"_line": "bigint"} | dict.fromkeys(positions.values(), "varchar")
    return csv_relation(text.clean, text.delimiter, types, text.longest), positions


def write_data(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    submission_id: str,
    relation: str,
    expressions: Mapping[str, str],
    target: Path,
) -> int:
    """Write a submission's rows as text, trimmed, empty as null; returns how many.

    The columns are the contract's (null where the file lacks one), then the file's further ones,
    then `_submission_id` and `_line`.
    """
    further = [name for name in expressions if name not in feed.names]
    columns = [
        f"{_trimmed(expressions[name]) if name in expressions else 'null::varchar'}"
        f" as {identifier(name)}"
        for name in (*feed.names, *further)
    ]
    return _copy(
        engine,
        f"select {', '.join(columns)}, {literal(submission_id)} as _submission_id, _line"
        f" from {relation}",
        target,
    )


def write_rejects(
    engine: duckdb.DuckDBPyConnection, submission_id: str, text: CleanText | None, target: Path
) -> None:
    """Write the malformed lines of a submission; Parquet input, where `text` is None, has none."""
    names = lake_table("rejects")
    if text is None:
        nothing = ", ".join(f"null::{kind} as {name}" for name, kind in names.items())
        _copy(engine, f"select {nothing} where false", target)
        return
    types = {name: kind for name, kind in names.items() if name != "submission_id"}
    relation = csv_relation(text.rejects, ",", types, text.longest)
    _copy(engine, f"select {literal(submission_id)} as submission_id, * from {relation}", target)


def write_entry(engine: duckdb.DuckDBPyConnection, entry: Mapping, target: Path) -> None:
    """Write a submission's row of the manifest; `entry` has the columns of that table."""
    names = lake_table("submissions")
    values = ", ".join(f"${name}::{kind} as {name}" for name, kind in names.items())
    relation = engine.sql(f"select {values}", params={name: entry[name] for name in names})
    relation.write_parquet(str(target), compression="zstd")


def _trimmed(expression: str) -> str:
    return f"nullif(trim({expression}, {literal(_WHITE_SPACE)}), '')"


def _copy(engine: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    statement = f"copy ({query}) to {literal(target)} (format parquet, compression zstd)"
    [(count,)] = engine.execute(statement).fetchall()
    return count
