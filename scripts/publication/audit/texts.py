"""Leaks in what people read: a figure that the tables do not have, or have hidden."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

from publication.audit.cells import Cells, Key
from publication.audit.outcome import Opened
from publication.audit.payloads import (
    Payload,
    Row,
    json_payloads,
    script_payloads,
    workbook_payloads,
)
from publication.audit.tables import Tables
from warehouse.home import identifier

# By table, the columns that name a row. What a payload says of a row must stand in one of them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "fct_indicator_values": ("indicator_id", "organisation_code", "quarter"),
    "fct_indicator_statistics": ("indicator_id", "organisation_code", "quarter"),
    "fct_revisions": ("indicator_id", "organisation_code", "quarter"),
    "fct_indicator_trend": ("indicator_id", "area_level", "area_code", "quarter"),
    "fct_opportunity": ("indicator_id", "area_level", "area_code", "quarter"),
    "fct_area_values": ("indicator_id", "area_level", "area_code", "quarter"),
    "fct_opportunity_change": (
        "indicator_id", "area_level", "area_code", "quarter", "comparison",
    ),
    "fct_equity": (
        "indicator_id", "area_level", "area_code", "quarter", "deprivation_quintile",
    ),
    "drilldown": ("indicator_id", "organisation_code", "quarter", "dimension", "member"),
    "fct_sensitivity": ("indicator_id", "quarter", "scenario"),
    "fct_opportunity_vintages": ("indicator_id", "quarter", "release"),
    "fct_quartile_thresholds": ("indicator_id", "quarter", "peer_set", "peer_code"),
    "dq_rule_results": ("rule_id", "organisation_code", "feed", "quarter"),
    "dq_field_quality": ("field", "organisation_code", "feed", "quarter"),
    "dq_submission_status": ("organisation_code", "feed", "quarter"),
    "dq_scores": ("organisation_code", "feed", "quarter"),
}  # fmt: skip
POUNDS = re.compile(r"£\s?[\d.,]+\s?[km]?")
RANK = re.compile(r"\b\d+(?:st|nd|rd|th) of \d+")
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
LEFT_OUT = 3  # of a kind of difference, so many are told and the rest counted


def attack_texts(folder: Path, tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Figures in documents that the tables do not have; gives the documents' tables tried."""
    tried: dict[str, int] = defaultdict(int)
    book = _Book(tables)
    hidden = sorted({key[1] for key in cells.hidden})
    opened: list[Opened] = []
    for payload in chain(
        json_payloads(folder), script_payloads(folder), workbook_payloads(folder, hidden)
    ):
        tried["a figure in JSON, scripts or workbooks"] += 1
        opened += _not_in_tables(payload, book, cells)
    opened += _scorecards(folder, tables, cells, tried)
    return tried, opened


class _Book:
    """Rows of the tables by their names, read when they are asked for."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: dict[str, dict[tuple, dict[str, Any]]] = {}

    def asked(self, row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows that a payload's row names, with the table of each."""
        for table, names in NAMES.items():
            if all(name in row for name in names) and self._tables.has(table, *names):
                found = self._of(table).get(tuple(_plain(row[name]) for name in names))
                if found is not None:
                    yield table, found

    def _of(self, table: str) -> dict[tuple, dict[str, Any]]:
        if table not in self._rows:
            columns = self._tables.columns[table]
            figures = [
                c for c, kind in columns.items()
                if kind in ("DOUBLE", "FLOAT", "BIGINT", "INTEGER") and c not in NAMES[table]
            ]  # fmt: skip
            names = [identifier(c) for c in (*NAMES[table], *figures)]
            size = len(NAMES[table])
            self._rows[table] = {
                tuple(_plain(part) for part in row[:size]): dict(
                    zip(figures, row[size:], strict=True)
                )
                for row in self._tables.rows(f"select {', '.join(names)} from {table}")
            }
        return self._rows[table]


def _plain(part: Any) -> Any:
    return int(part) if isinstance(part, float) and part.is_integer() else part


def _not_in_tables(payload: Payload, book: _Book, cells: Cells) -> Iterable[Opened]:
    """Numbers beside names of rows that no table has for them."""
    for row in payload.rows:
        said = {
            column: value
            for column, value in row.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        }
        if not said:
            continue
        key = _key(row)
        found = list(book.asked(row))
        if not found:
            continue
        for column, value in said.items():
            held = [figures[column] for _, figures in found if column in figures]
            if held and not any(_same(value, figure) for figure in held):
                name = " ".join(str(row[n]) for n in NAMES[found[0][0]])
                yield Opened(
                    "a figure that the tables do not have",
                    payload.place,
                    f"{name} {column}",
                    (),
                )
            elif not held and key in cells.hidden and _tells(column, found):
                yield Opened(
                    "a figure of a hidden row", payload.place, f"{' '.join(key)} {column}", ()
                )


def _key(row: Row) -> Key:
    code = row.get("organisation_code", row.get("area_code", ""))
    return str(row.get("indicator_id", "")), str(code), str(row.get("quarter", ""))


def _tells(column: str, found: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether a column that no table has by its name may be a figure of the row."""
    named = {name for table, _ in found for name in NAMES[table]}
    return column not in named and not column.startswith(("_", "n_points", "deprivation"))


def _same(one: float, other: Any) -> bool:
    return other is not None and abs(one - other) <= 1e-9 * max(1.0, abs(one))


def _scorecards(
    folder: Path, tables: Tables, cells: Cells, tried: dict[str, int]
) -> Iterable[Opened]:
    """Pounds or a rank beside the name of an indicator that is hidden for an organisation."""
    where = folder / "scorecards"
    latest = tables.rows("select max(quarter) from fct_indicator_values")[0][0]
    names = dict(tables.rows("select indicator_id, name from dim_indicator"))
    hidden: dict[str, list[str]] = defaultdict(list)
    for indicator, organisation, quarter in sorted(cells.hidden):
        if quarter == latest:
            hidden[organisation].append(indicator)
    for organisation, indicators in hidden.items():
        for path in (where / f"{organisation}.html", where / f"{organisation}.pdf"):
            if not path.exists():
                continue
            text = _text_of(path)
            for indicator in indicators:
                tried["a figure on a scorecard"] += 1
                for part in _parts_about(text, names[indicator], list(names.values())):
                    for told in chain(POUNDS.findall(part), RANK.findall(part)):
                        cell = f"{indicator} {organisation} {latest}: {told.strip()}"
                        yield Opened("a figure on a scorecard", f"scorecards/{path.name}", cell, ())


def _text_of(path: Path) -> str:
    if path.suffix == ".html":
        return " ".join(unescape(TAG.sub(" ", path.read_text(encoding="utf-8"))).split())
    told = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=False
    )
    return " ".join(told.stdout.split())


def _parts_about(text: str, name: str, names: list[str]) -> Iterator[str]:
    """What follows an indicator's name, up to the next indicator's."""
    others = "|".join(re.escape(other) for other in names)
    for found in re.finditer(rf"{re.escape(name)}(.*?)(?={others}|$)", text):
        yield found.group(1)[:400]
