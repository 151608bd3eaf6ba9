"""The Parquet files of one submission, as the lake holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import lake_table
from warehouse.home import identifier, literal
from warehouse.limits import MAX_LINE_BYTES, MAX_REJECT_CHARACTERS
from warehouse.parquet import parquet_relation
from warehouse.reading import Received, Sorted, Text, sort_lines
from warehouse.workbook import LINE, Workbook

# White space at the ends of a field is not part of its value; the last one is the no-break space.
_WHITE_SPACE = " \t\r\n\x0b\x0c\xa0"

# What the lake's rows are made of: a relation in SQL, and an expression for each column's text,
# trimmed, empty as null. The relation has the column `_line`.
Rows = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Written:
    """What became of a file's lines."""

    row_count: int
    # None where the file is not text, and has no lines to reject.
    lines: Sorted | None

    @property
    def reject_count(self) -> int:
        """How many lines are malformed."""
        return self.lines.reject_count if self.lines else 0


def write_data(
    engine: duckdb.DuckDBPyConnection,
    received: Received,
    submission_id: str,
    work: Path,
    target: Path,
) -> Written:
    """Write a submission's rows as text.

    The columns are the contract's (null where the file lacks one), then the file's further ones,
    then `_submission_id` and `_line`. Raises Refused where the file has no rows.
    """

    def write(rows: Rows) -> int:
        return _write_rows(engine, received, submission_id, rows, target)

    if received.workbook:
        return Written(write(_workbook_rows(received.workbook)), None)
    if not received.text:
        relation, texts = parquet_relation(engine, received.copy, received.header)
        expressions = {
            name: _trimmed(text.expression) if text.may_be_padded else text.expression
            for name, text in texts.items()
        }
        return Written(write((relation, expressions)), None)
    for distrust in (False, True):
        lines = sort_lines(received.text, work, distrust)
        try:
            count = write(_text_rows(received.text, lines))
        except duckdb.InvalidInputException:
            if distrust:
                raise
            continue
        if count == lines.row_count:
            return Written(count, lines)
    raise RuntimeError(f"{received.copy}: {lines.row_count} good lines became {count} rows")


def write_rejects(
    engine: duckdb.DuckDBPyConnection, submission_id: str, written: Written, target: Path
) -> None:
    """Write the malformed lines of a submission; a file that is not text has none."""
    names = lake_table("rejects")
    if not (written.lines and written.lines.rejects):
        nothing = ", ".join(f"null::{kind} as {name}" for name, kind in names.items())
        _copy(engine, f"select {nothing} where false", target)
        return
    types = {name: kind for name, kind in names.items() if name != "submission_id"}
    relation = _csv(written.lines.rejects, ",", types, line_size=8 * MAX_REJECT_CHARACTERS)
    _copy(engine, f"select {literal(submission_id)} as submission_id, * from {relation}", target)


def write_entry(engine: duckdb.DuckDBPyConnection, entry: Mapping, target: Path) -> None:
    """Write a submission's row of the manifest; `entry` has the columns of that table."""
    names = lake_table("submissions")
    values = ", ".join(f"${name}::{kind} as {name}" for name, kind in names.items())
    relation = engine.sql(f"select {values}", params={name: entry[name] for name in names})
    relation.write_parquet(str(target), compression="zstd")


def _write_rows(
    engine: duckdb.DuckDBPyConnection,
    received: Received,
    submission_id: str,
    rows: Rows,
    target: Path,
) -> int:
    relation, expressions = rows
    contract = received.header.feed.names
    further = [name for name in expressions if name not in contract]
    columns = [
        f"{expressions.get(name, 'null::varchar')} as {identifier(name)}"
        for name in (*contract, *further)
    ]
    return _copy(
        engine,
        f"select {', '.join(columns)}, {literal(submission_id)} as _submission_id, _line"
        f" from {relation}",
        target,
    )


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
    if not (lines.skipped and lines.mended):
        return f"({rows})", expressions
    skipped = _csv(lines.skipped, ",", {"_line": "bigint"})
    mended = _csv(lines.mended, ",", {"_line": "bigint"} | types, line_size=4 * MAX_LINE_BYTES)
    trimmed = ", ".join(f"{_trimmed(name)} as {name}" for name in names)
    return (
        f"(select * from ({rows}) where _line not in (select _line from {skipped})"
        f" union all select {trimmed}, _line from {mended})",
        expressions,
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
    return relation, expressions


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
    statement = f"copy ({query}) to {literal(target)} (format parquet, compression zstd)"
    [(count,)] = engine.execute(statement).fetchall()
    return count
