"""Workbooks: the latest quarters of a release for people who work in a spreadsheet.

Laid out for people and for screen readers: a cover, notes, the meanings of columns, then one table
a sheet from its first cell, nothing merged, and a mark where a figure is missing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from publication.columns import unit_of
from publication.release_data import Facts, Release
from publication.workbook_sheets import MARK, QUARTERS, UNIT, Sheet, sheets

TITLE = "Better Care, Better Value: indicators"
# A sheet of the format has no more rows.
_MOST_ROWS = 1_048_576
_MARKS = (
    ("[c]", "Hidden to protect patients: it comes of fewer than 8 cases."),
    ("[x]", "Not available: nothing was submitted, or nothing that could be used."),
    ("[z]", "Not applicable: there is no such figure of this row."),
    ("0", "A true nought."),
    ("blank", "A text that has nothing to say, such as the reason for a status without objection."),
)
_STATUSES = (
    ("published", "No rule objects."),
    ("caveat", "Published with a note: see status_reason. An amber rule, or few cases (MIN)."),
    ("withheld", "Not ranked: the data are not to be believed, for the reason in status_reason."),
    ("unusable", "Rows were sent, none of them of use."),
    ("not_submitted", "Nothing was sent."),
    ("not_applicable", "Rows were sent; there is nothing to measure."),
)
# Characters across a page.
_PAGE_WIDTH = 180
# Number formats by kind of column; `value` is by the unit of the row's indicator.
_FORMATS = {
    "text": "@",
    "day": "d mmm yyyy",
    "count": "#,##0",
    "rank": "0",
    "one decimal": "#,##0.0",
    "proportion": "0.0%",
    "pounds": "£#,##0;-£#,##0",
    "price": "£#,##0.00;-£#,##0.00",
}
_WIDTHS = {"day": 12, "pounds": 15, "rank": 10}
_WIDE = {"organisation_name", "area_name", "indicator_name", "name", "member_name"}
_WIDEST = {"why_it_matters", "caveats", "how_to_improve", "evidence", "standardisation"}


@dataclass(frozen=True)
class _Book:
    """A workbook being written, with its formats by name."""

    workbook: xlsxwriter.Workbook
    formats: dict[str, Format]
    facts: Facts


def write_workbooks(release: Release, folder: Path) -> None:
    """Write `xlsx/bcbv.xlsx` and a workbook an SHA that has organisations with values.

    Raises ValueError where a table has more rows than a sheet may have; OSError where the folder
    cannot be written.
    """
    target = folder / "xlsx"
    target.mkdir(parents=True, exist_ok=True)
    quarters = [
        quarter
        for (quarter,) in release.engine.sql(
            "select distinct quarter from fct_indicator_values order by quarter desc"
            f" limit {QUARTERS}"
        ).fetchall()
    ][::-1]
    if not quarters:
        raise ValueError("there is no quarter to show")
    authorities = release.engine.sql(
        "select distinct authorities.organisation_code, authorities.organisation_name"
        " from fct_indicator_values"
        " inner join dim_organisation using (organisation_code)"
        " inner join dim_organisation as authorities"
        " on dim_organisation.sha_code = authorities.organisation_code order by all"
    ).fetchall()
    _write(release, target / "bcbv.xlsx", "all organisations", quarters, sheets(quarters))
    for code, name in authorities:
        _write(release, target / f"{code}.xlsx", name, quarters, sheets(quarters, code))


def _write(
    release: Release, path: Path, whose: str, quarters: Sequence[str], shown: Sequence[Sheet]
) -> None:
    options = {"constant_memory": True, "default_date_format": _FORMATS["day"]}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {
                "title": f"{TITLE}, {whose}",
                "subject": release.facts.release,
                "comments": _warning(release.facts),
                # Of the release, not of the moment: the same release gives the same bytes.
                "created": release.facts.published_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        formats = {
            name: workbook.add_format({"num_format": text, "valign": "top"})
            for name, text in _FORMATS.items()
        }
        formats["mark"] = workbook.add_format({"align": "right", "valign": "top"})
        formats["head"] = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats["title"] = workbook.add_format({"bold": True, "font_size": 16})
        formats["wrapped"] = workbook.add_format({"text_wrap": True, "valign": "top"})
        formats["warning"] = workbook.add_format({"bold": True, "text_wrap": True})
        book = _Book(workbook, formats, release.facts)
        _cover(book, whose, quarters, shown)
        _notes(book)
        _columns(book, release.engine, shown)
        for sheet in shown:
            _table(book, release.engine, sheet)


def _warning(facts: Facts) -> str:
    """What must be read first: whether restricted, whether synthetic; blank if neither."""
    said = []
    if facts.is_restricted:
        said.append("RESTRICTED: small numbers are shown. Not to be passed on.")
    if facts.is_synthetic:
        said.append("SYNTHETIC DATA: no figure is of a real organisation's work.")
    return " ".join(said)


def _sheet(book: _Book, name: str) -> Worksheet:
    """A new sheet, ready to be printed: on A4 across, the head on every page."""
    worksheet = book.workbook.add_worksheet(name)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    warning = _warning(book.facts).replace("&", "&&")
    worksheet.set_header(f"&L{warning}&R{TITLE}, {name}")
    worksheet.set_footer(f"&LRelease {book.facts.release}&RPage &P of &N")
    return worksheet


def _cover(book: _Book, whose: str, quarters: Sequence[str], shown: Sequence[Sheet]) -> None:
    facts, formats = book.facts, book.formats
    worksheet = _sheet(book, "Cover")
    worksheet.set_column(0, 0, 100)
    worksheet.fit_to_pages(1, 0)
    lines: list[tuple[str, Format]] = [(f"{TITLE}, {whose}", formats["title"])]
    if warning := _warning(facts):
        lines.append((warning, formats["warning"]))
    rounding = (
        "Small numbers are hidden and figures rounded."
        if facts.is_suppressed
        else "Nothing is hidden and nothing rounded; cells show fewer digits than they hold."
    )
    published = f"{facts.published_at.day} {facts.published_at:%B %Y}"
    said = [
        f"Release {facts.release}, published on {published}.",
        f"Quarters {quarters[0]} to {quarters[-1]}; earlier ones are in the release's CSV files.",
        "These are not targets and no league table: they show where to look, not what to do.",
        rounding,
        "Where a figure is missing a mark says why: see the sheet Notes.",
        f"Licence: {facts.licence.title}.",
        "Sheets of this workbook, each one table from its first cell:",
    ]
    lines.extend((line, formats["wrapped"]) for line in said)
    for row, (line, line_format) in enumerate(lines):
        worksheet.write_string(row, 0, line, line_format)
    contents = [("Notes", "what the marks and the words of status mean")]
    contents.append(("Columns", "what each column of each sheet means, and its unit"))
    contents.extend((sheet.name, sheet.title) for sheet in shown)
    for row, (name, title) in enumerate(contents, start=len(lines)):
        worksheet.write_url(row, 0, f"internal:'{name}'!A1", None, f"{name}: {title}")


def _notes(book: _Book) -> None:
    rows = [("Mark", *mark) for mark in _MARKS]
    rows += [("Word of publication_status", *status) for status in _STATUSES]
    _texts(book, "Notes", (("kind", 28), ("sign", 16), ("meaning", 90)), rows)


def _columns(book: _Book, engine: duckdb.DuckDBPyConnection, shown: Sequence[Sheet]) -> None:
    """What each column means, as the comments of the release's database say it."""
    comments = {
        (table, column): comment
        for table, column, comment in engine.sql(
            "select table_name, column_name, comment from duckdb_columns()"
            " where database_name = 'release' and schema_name = 'marts' and comment is not null"
        ).fetchall()
    }
    rows = []
    for sheet in shown:
        for name, data_type in _described(engine, sheet):
            table_column = {"indicator_name": "name", "area_name": "organisation_name"}
            known = table_column.get(name, name)
            sources = (*sheet.sources, "dim_organisation")
            comment = next((comments[t, known] for t in sources if (t, known) in comments), "")
            rows.append((sheet.name, name, comment, unit_of(name, data_type) or ""))
    widths = (("sheet", 16), ("column", 40), ("meaning", 90), ("unit", 30))
    _texts(book, "Columns", widths, rows)


def _texts(
    book: _Book, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[tuple[str, ...]]
) -> None:
    """A sheet of texts alone."""
    worksheet = _sheet(book, name)
    for index, (_, width) in enumerate(columns):
        worksheet.set_column(index, index, width)
    worksheet.fit_to_pages(1, 0)
    _head(book, worksheet, [column for column, _ in columns], len(rows))
    for row, texts in enumerate(rows, start=1):
        for index, text in enumerate(texts):
            worksheet.write_string(row, index, text, book.formats["wrapped"])


def _head(book: _Book, worksheet: Worksheet, names: Sequence[str], n_rows: int) -> None:
    """Names of columns in the first row, which stays in sight, is printed anew and filters."""
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    worksheet.autofilter(0, 0, n_rows, len(names) - 1)
    for index, name in enumerate(names):
        worksheet.write_string(0, index, name, book.formats["head"])


def _described(engine: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[tuple[str, str]]:
    """Names and types of the columns that a sheet shows."""
    rows = engine.sql(f"describe {sheet.query}").fetchall()
    return [(row[0], row[1]) for row in rows if row[0] not in (UNIT, MARK)]


def _table(book: _Book, engine: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    """A sheet of one table."""
    columns = _described(engine, sheet)
    rows = engine.sql(sheet.query).fetchall()
    if len(rows) >= _MOST_ROWS:
        raise ValueError(f"{sheet.name}: {len(rows)} rows are more than a sheet may have")
    worksheet = _sheet(book, sheet.name)
    kinds = [_kind(name, data_type) for name, data_type in columns]
    widths = [_width(name, kind) for (name, _), kind in zip(columns, kinds, strict=True)]
    for index, (width, kind) in enumerate(zip(widths, kinds, strict=True)):
        worksheet.set_column(index, index, width, book.formats.get(kind))
    # As many pages across as keep the print large enough to read.
    worksheet.fit_to_pages(-(-sum(widths) // _PAGE_WIDTH), 0)
    _head(book, worksheet, [name for name, _ in columns], len(rows))
    writers = [_writer(book, worksheet, kind) for kind in kinds]
    for number, (*cells, unit, mark) in enumerate(rows, start=1):
        for index, (write, cell) in enumerate(zip(writers, cells, strict=True)):
            write(number, index, cell, unit, mark)


def _kind(name: str, data_type: str) -> str:
    """How a column is written; `value` is by the unit of its row."""
    if data_type == "VARCHAR":
        return "text"
    if data_type == "DATE":
        return "day"
    if data_type == "BOOLEAN":
        return "yes or no"
    if name == "unit_price_gbp":
        return "price"
    if name.endswith("_gbp"):
        return "pounds"
    if name in ("expected", "excess_units", "dq_score"):
        return "one decimal"
    if name in ("numerator", "denominator", "observed") or name.startswith("n_"):
        return "count"
    return "value" if data_type == "DOUBLE" else "rank"


def _width(name: str, kind: str) -> int:
    if name in _WIDEST:
        return 60
    return 40 if name in _WIDE else _WIDTHS.get(kind, max(12, min(22, len(name))))


def _writer(
    book: _Book, worksheet: Worksheet, kind: str
) -> Callable[[int, int, Any, str | None, str], None]:
    """What writes a cell of a kind of column, given its place, the row's unit and its mark."""
    formats = book.formats
    mark_format, own = formats["mark"], formats.get(kind)
    by_unit = {"proportion": formats["proportion"]}

    def write_text(row: int, column: int, cell: Any, unit: str | None, mark: str) -> None:
        if cell is not None:
            worksheet.write_string(row, column, cell, own)

    def write_day(row: int, column: int, cell: date | None, unit: str | None, mark: str) -> None:
        if cell is not None:
            worksheet.write_datetime(row, column, datetime.combine(cell, time()), own)

    def write_boolean(row: int, column: int, cell: Any, unit: str | None, mark: str) -> None:
        if cell is not None:
            worksheet.write_boolean(row, column, cell)

    def write_value(row: int, column: int, cell: Any, unit: str | None, mark: str) -> None:
        if cell is None:
            worksheet.write_string(row, column, mark, mark_format)
        else:
            by_row = by_unit.get(unit or "", formats["one decimal"])
            worksheet.write_number(row, column, cell, by_row)

    def write_number(row: int, column: int, cell: Any, unit: str | None, mark: str) -> None:
        if cell is None:
            worksheet.write_string(row, column, mark, mark_format)
        else:
            worksheet.write_number(row, column, cell, own)

    special = {
        "text": write_text,
        "day": write_day,
        "yes or no": write_boolean,
        "value": write_value,
    }
    return special.get(kind, write_number)
