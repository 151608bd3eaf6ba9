"""The Parquet files of one submission, as the lake holds them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Feed, lake_table
from warehouse.home import identifier, literal
from warehouse.limits import MAX_LINE_BYTES, MAX_REJECT_CHARACTERS
from warehouse.parquet import parquet_relation
from warehouse.reading import Received, Sorted, Text, sort_lines
from warehouse.workbook import LINE, Workbook

# White space at the ends of a field is not part of its value; the last one is the no-break space.
_WHITE_SPACE = " \t\r\n\x0b\x0c\xa0"


class Disagreed(Exception):
    """The engine splits a file into other rows than the rulebook."""


@dataclass(frozen=True)
class Rows:
    """The rows of a file as the lake will hold them.

    `relation` is SQL, with a column `_line`; `expressions` are of the text of each column, trimmed,
    empty as null.
    """

    relation: str
    expressions: Mapping[str, str]
    # How many there are, where that is known before they are written.
    count: int | None = None
    # Malformed lines: number, reason and text. None: there can be none.
    rejects: Path | None = None
    # Lines with content below the header, counted as the file was read, whatever became of them.
    line_count: int | None = None


def rows_of(
    engine: duckdb.DuckDBPyConnection, received: Received, work: Path, distrust: bool = False
) -> Rows:
    """The rows of a file that was received; `distrust` as in sort_lines.

    Raises Refused where it has none.
    """
    if received.text:
        return _text_rows(received.text, sort_lines(received.text, work, distrust))
    if received.workbook:
        return _workbook_rows(received.workbook)
    relation, texts, count = parquet_relation(engine, received.copy, received.header)
    return Rows(
        relation,
        {
            name: _trimmed(text.expression) if text.may_be_padded else text.expression
            for name, text in texts.items()
        },
        line_count=count,
    )


def write_data(
    engine: duckdb.DuckDBPyConnection, feed: Feed, submission_id: str, rows: Rows, target: Path
) -> int:
    """Write a submission's rows; returns how many.

    The columns are the contract's (null where the file lacks one), then the file's further ones,
    then `_submission_id` and `_line`. Raises Disagreed where the engine reads other rows than we.
    """
    further = [name for name in rows.expressions if name not in feed.names]
    columns = [
        f"{rows.expressions.get(name, 'null::varchar')} as {identifier(name)}"
        for name in (*feed.names, *further)
    ]
    with one_thread(engine):
        count = _copy(
            engine,
            f"select {', '.join(columns)}, {literal(submission_id)} as _submission_id, _line"
            f" from {rows.relation}",
            target,
        )
    if rows.count is not None and count != rows.count:
        raise Disagreed(f"{rows.count} good lines became {count} rows")
    return count


@contextmanager
def one_thread(engine: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Have the engine work on one thread: to number lines as they come it uses no more, and while
    one does that another may wait for it in circles, at the cost of as much CPU again."""
    [(threads,)] = engine.sql("select current_setting('threads')").fetchall()
    engine.execute("set threads = 1")
    try:
        yield
    finally:
        engine.execute(f"set threads = {threads}")


def write_rejects(
    engine: duckdb.DuckDBPyConnection, submission_id: str, rows: Rows, target: Path
) -> None:
    """Write the malformed lines of a submission."""
    names = lake_table("rejects")
    if rows.rejects is None:
        nothing = ", ".join(f"null::{kind} as {name}" for name, kind in names.items())
        _copy(engine, f"select {nothing} where false", target)
        return
    types = {name: kind for name, kind in names.items() if name != "submission_id"}
    relation = _csv(rows.rejects, ",", types, line_size=8 * MAX_REJECT_CHARACTERS)
    _copy(engine, f"select {literal(submission_id)} as submission_id, * from {relation}", target)


def write_entry(engine: duckdb.DuckDBPyConnection, entry: Mapping, target: Path) -> None:
    """Write a submission's row of the manifest; `entry` has the columns of that table."""
    names = lake_table("submissions")
    values = ", ".join(f"${name}::{kind} as {name}" for name, kind in names.items())
    relation = engine.sql(f"select {values}", params={name: entry[name] for name in names})
    relation.write_parquet(str(target), compression="zstd")


def _text_rows(text: Text, lines: Sorted) -> Rows:
    """The rows of a text file: the engine's, numbered as they come, then those that were mended."""
    # Positions for names: a header may hold anything.
    names = [f"c{n}" for n in range(len(text.header.columns))]
    expressions = dict(zip(text.header.columns, names, strict=True))
    types = dict.fromkeys(names, "varchar")
    above = text.header.line_number
    body = _csv(
        lines.body,
        str(text.header.delimiter),
        types,
        skip=0 if lines.skipped else above,
        quote='"' if text.has_quotes else "",
        new_line="\\r\\n" if lines.has_crlf else "\\n",
        # A byte of Windows-1252 may become three.
        line_size=MAX_LINE_BYTES * (1 if text.encoding == "utf-8" else 3),
    )
    values = ", ".join(
        f"{_trimmed(name)} as {name}" if is_padded else name
        for name, is_padded in zip(names, text.padded, strict=True)
    )
    rows = f"select {values}, row_number() over () + {above} as _line from {body}"
    line_count = text.line_count - lines.blank_count
    if not (lines.skipped and lines.mended):
        return Rows(f"({rows})", expressions, lines.row_count, line_count=line_count)
    skipped = _csv(lines.skipped, ",", {"_line": "bigint"})
    mended = _csv(lines.mended, ",", {"_line": "bigint"} | types, line_size=4 * MAX_LINE_BYTES)
    trimmed = ", ".join(f"{_trimmed(name)} as {name}" for name in names)
    return Rows(
        f"(select * from ({rows}) where _line not in (select _line from {skipped})"
        f" union all select {trimmed}, _line from {mended})",
        expressions,
        lines.row_count,
        lines.rejects,
        line_count,
    )


def _workbook_rows(workbook: Workbook) -> Rows:
    """The rows of a workbook's sheet, which were written as text with the sheet's row numbers."""
    names = [f"c{n}" for n in range(len(workbook.header.columns))]
    relation = _csv(
        workbook.rows,
        ",",
        {LINE: "bigint"} | dict.fromkeys(names, "varchar"),
        line_size=4 * MAX_LINE_BYTES,
    )
    expressions = {
        column: _trimmed(name) for column, name in zip(workbook.header.columns, names, strict=True)
    }
    return Rows(relation, expressions, workbook.row_count, line_count=workbook.row_count)


def _csv(
    path: Path,
    delimiter: str,
    columns: Mapping[str, str],
    skip: int = 0,
    quote: str = '"',
    new_line: str = "\\n",
    line_size: int = MAX_LINE_BYTES,
) -> str:
    """A relation in SQL over a text file that is known to be well formed.

    Nothing is left to detection. `line_size` is the most bytes of a line.
    """
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_csv({literal(path)}, auto_detect = false, header = false, skip = {skip},"
        f" new_line = '{new_line}', delim = {literal(delimiter)}, quote = {literal(quote)},"
        f" escape = {literal(quote)}, comment = '', max_line_size = {max(line_size, 1 << 21)},"
        f" compression = 'none', hive_partitioning = false, columns = {{{types}}})"
    )


def _trimmed(expression: str) -> str:
    return f"nullif(trim({expression}, {literal(_WHITE_SPACE)}), '')"


def _copy(engine: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    # Level 1 makes files about as small (within 5 %) as the engine's own choice, 3, with less work.
    options = "format parquet, compression zstd, compression_level 1"
    statement = f"copy ({query}) to {literal(target)} ({options})"
    [(count,)] = engine.execute(statement).fetchall()
    return count
