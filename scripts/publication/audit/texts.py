"""Leaks in what people read: a figure that the tables do not have, or have hidden."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import chain
from pathlib import Path

import pandas

from publication.audit.cells import Cells
from publication.audit.outcome import Opened
from publication.audit.payloads import (
    Payload,
    json_payloads,
    script_payloads,
    workbook_payloads,
)
from publication.audit.tables import Tables
from publication.pdf_text import pages_of
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
# Numbers that are no figures of the row, whatever is hidden.
NEVER_FIGURES = ("n_points", "n_suppressed", "_row", "quarter_start_date")
# Types of columns that hold figures; in a sheet dates and yes or no are numbers too.
NUMBERS = ("DOUBLE", "BIGINT", "INTEGER")
POUNDS = re.compile(r"£\s?[\d.,]+\s?[km]?")
RANK = re.compile(r"\b\d+(?:st|nd|rd|th) of \d+")
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)


def attack_texts(folder: Path, tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Figures in documents that the tables do not have; gives the documents' tables tried."""
    tried: dict[str, int] = defaultdict(int)
    hidden = sorted({key[1] for key in cells.hidden})
    alike: dict[tuple[str, ...], list[Payload]] = defaultdict(list)
    for payload in chain(
        json_payloads(folder), script_payloads(folder), workbook_payloads(folder, hidden)
    ):
        tried["a figure in JSON, scripts or workbooks"] += 1
        alike[(payload.kind, *sorted(payload.columns))].append(payload)
    opened: list[Opened] = []
    for payloads in alike.values():
        opened += _not_in_tables(payloads, tables, cells)
    opened += _scorecards(folder, tables, cells, tried)
    return tried, opened


def _not_in_tables(payloads: Sequence[Payload], tables: Tables, cells: Cells) -> Iterable[Opened]:
    """Numbers beside names of rows that no table has for them; of documents that are alike."""
    frame = pandas.DataFrame(
        {
            name: list(chain.from_iterable(payload.columns[name] for payload in payloads))
            for name in payloads[0].columns
        }
    )
    for name in frame.columns:  # a hidden cell of a sheet is a star among numbers
        if any(isinstance(value, float) for value in frame[name]):
            frame[name] = pandas.to_numeric(frame[name], errors="coerce")
    frame["_place"] = list(chain.from_iterable([p.place] * p.size for p in payloads))
    figures = [
        str(name)
        for name in frame.columns
        if pandas.api.types.is_numeric_dtype(frame[name])
        and not pandas.api.types.is_bool_dtype(frame[name])
        and name not in NEVER_FIGURES
    ]
    asked = {
        table: [
            column
            for column in figures
            if tables.has(table, column)
            and column not in names
            and tables.columns[table][column] in NUMBERS
        ]
        for table, names in NAMES.items()
        if all(name in frame.columns for name in names) and tables.has(table, *names)
    }
    asked = {table: columns for table, columns in asked.items() if columns}
    if not asked:
        return
    tables.engine.register("said", frame.reset_index(names="_row"))
    try:
        for column in sorted({column for columns in asked.values() for column in columns}):
            holding = [table for table, columns in asked.items() if column in columns]
            yield from _not_in_any(column, holding, tables)
        unknown = [
            column
            for column in figures
            if not any(column in columns for columns in asked.values())
            and not any(column in names for names in NAMES.values())
        ]
        yield from _beside_hidden(unknown, tables, frame, cells)
    finally:
        tables.engine.unregister("said")


def _not_in_any(column: str, holding: Sequence[str], tables: Tables) -> Iterable[Opened]:
    """A column's figures that none of the tables has that have such a row."""
    name = identifier(column)
    found = " union all ".join(
        f"select said._row, held.{name} is not null"
        f" and abs(held.{name} - said.{name}) <= 1e-9 * greatest(1, abs(said.{name})) as is_so"
        f" from said join {table} as held on "
        + " and ".join(f"held.{n} = {_named(tables, table, n)}" for n in NAMES[table])
        + f" where said.{name} is not null and not isnan(said.{name})"
        for table in holding
    )
    told = ", ".join(f"cast(said.{identifier(n)} as varchar)" for n in NAMES[holding[0]])
    for place, row in tables.rows(
        f"with found as ({found}), wrong as"
        " (select _row from found group by _row having not bool_or(is_so))"
        f" select said._place, concat_ws(' ', {told}) from said join wrong using (_row)"
        " order by all"
    ):
        yield Opened("a figure that the tables do not have", place, f"{row} {column}", ())


def _named(tables: Tables, table: str, name: str) -> str:
    """A payload's name of a row, of the table's type."""
    return f"try_cast(said.{identifier(name)} as {tables.columns[table][name]})"


def _beside_hidden(
    columns: Sequence[str], tables: Tables, frame: pandas.DataFrame, cells: Cells
) -> Iterable[Opened]:
    """Numbers of other names beside the name of a hidden row."""
    code = "organisation_code" if "organisation_code" in frame.columns else "area_code"
    if not {"indicator_id", "quarter", code} <= set(frame.columns):
        return
    for column in columns:
        name = identifier(column)
        for place, *key in tables.rows(
            "select said._place, tried.* from said join tried"
            " on tried.indicator_id = said.indicator_id and tried.quarter = said.quarter"
            f" and tried.organisation_code = said.{identifier(code)}"
            f" where said.{name} is not null and not isnan(said.{name}) order by all"
        ):
            if (key[0], key[1], key[2]) in cells.hidden:
                cell = f"{' '.join(key)} {column}"
                yield Opened("a figure of a hidden row", place, cell, ())


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
    return " ".join(" ".join(pages_of(path.read_bytes())).split())


def _parts_about(text: str, name: str, names: list[str]) -> Iterator[str]:
    """What follows an indicator's name, up to the next indicator's."""
    others = "|".join(re.escape(other) for other in names)
    for found in re.finditer(rf"{re.escape(name)}(.*?)(?={others}|$)", text):
        yield found.group(1)[:400]
