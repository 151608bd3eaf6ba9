"""How a table stands in a shard, and back again.

A shard is a classic script, as a page opened from disk may load nothing else:
`BCBV.put("o/RGT", {"values": {"n": 96, "indicator_id": "0,0,1", "value": "129.9,,91.6"}})`.
A column is one text: its values between commas, nothing where there is none, `~` where the value is
the one above it. A column whose name stands in `codes` holds places in that list; `t` and `f` are
true and false. Texts of no fixed list are a JSON list. It is about a third of rows of objects, and
a number keeps every digit that the release has.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from warehouse.home import identifier, literal

# Columns written as a place in a list, which the index holds.
CODED = (
    "indicator_id",
    "organisation_code",
    "quarter",
    "from_quarter",
    "area_code",
    "area_level",
    "organisation_class",
    "publication_status",
    "disclosure_status",
    "status_reason",
    "feed",
    "rule_id",
    "verdict",
    "outcome",
    "peer_set",
    "dimension",
    "comparison",
    "scenario",
    "signal",
    "variation",
    "concern",
    "funnel_position",
)
_PUT = "BCBV.put("


def make_codes(engine: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, list[str]]:
    """Each coded column's values over the tables, sorted; also an enumerated type of its name."""
    held = engine.sql(
        "select column_name, table_name from duckdb_columns()"
        f" where database_name = current_database() and list_contains({tables!r}, table_name)"
        " order by all"
    ).fetchall()
    codes = {}
    for column in CODED:
        sources = " union ".join(
            f"select cast({identifier(column)} as varchar) as code from {identifier(table)}"
            for name, table in held
            if name == column
        )
        if not sources:
            continue
        values = [
            code
            for (code,) in engine.sql(
                f"select distinct code from ({sources}) where code is not null order by code"
            ).fetchall()
        ]
        # A type must have a value; nothing is ever coded as this one.
        members = ", ".join(literal(value) for value in values or ["none"])
        engine.execute(f"create type {identifier('code_' + column)} as enum ({members})")
        codes[column] = values
    return codes


def columnar(engine: duckdb.DuckDBPyConnection, query: str, order: str) -> str:
    """A query with a column `shard` as one that gives `shard` and `content`, JSON, for each."""
    described = engine.sql(f"select * from ({query}) limit 0")
    columns = [
        (name, str(kind))
        for name, kind in zip(described.columns, described.types, strict=True)
        if name != "shard"
    ]
    texts = {name for name, kind in columns if kind == "VARCHAR" and name not in CODED}
    cells = ", ".join(f"{_cell(name, kind)} as {identifier(name)}" for name, kind in columns)
    fields = ", ".join(
        f"{literal(name)}, "
        + (
            f"to_json(list_transform(cells, lambda cell: cell.{identifier(name)}))"
            if name in texts
            else f"array_to_string(list_transform(cells, lambda cell, place:"
            f" case when place > 1 and cell.{identifier(name)} <> ''"
            f" and cell.{identifier(name)} = cells[place - 1].{identifier(name)} then '~'"
            f" else cell.{identifier(name)} end), ',')"
        )
        for name, _ in columns
    )
    record = ", ".join(f"{identifier(name)} := {identifier(name)}" for name, _ in columns)
    return f"""
        with rows_of_shards as ({query}),
        written as (select shard, {order_keys(order)}, {cells} from rows_of_shards),
        gathered as (
            select shard, list(struct_pack({record}) order by {order_names(order)}) as cells
            from written
            group by shard
        )
        select shard, json_object('n', len(cells), {fields}) as content
        from gathered
    """


def order_keys(order: str) -> str:
    """What the rows are sorted by, under names of its own: the cells are texts by then."""
    return ", ".join(
        f"{identifier(column)} as {identifier('_by_' + column)}" for column in order.split(", ")
    )


def order_names(order: str) -> str:
    """The names that `order_keys` gives."""
    return ", ".join(identifier("_by_" + column) for column in order.split(", "))


def _cell(name: str, kind: str) -> str:
    column = identifier(name)
    if name in CODED:
        # Cast by way of text: what the release holds is text, never this type.
        code = f"enum_code(cast(cast({column} as varchar) as {identifier('code_' + name)}))"
        return f"coalesce(cast({code} as varchar), '')"
    if kind == "VARCHAR":
        return column
    if kind == "BOOLEAN":
        return f"case when {column} is null then '' when {column} then 't' else 'f' end"
    if kind in ("DOUBLE", "FLOAT"):
        # 129.0 is 129 and -0.0 is 0: as short as may be, the same number.
        return f"coalesce(regexp_replace(cast({column} + 0.0 as varchar), '\\.0$', ''), '')"
    return f"coalesce(cast({column} as varchar), '')"


def read_shard(path: Path) -> tuple[str, dict[str, Any]]:
    """Key and content of a shard, as the pages read it; for tests and audits.

    Raises ValueError where the file is no shard.
    """
    text = path.read_text(encoding="utf-8").strip()
    if not text.startswith(_PUT) or not text.endswith(");"):
        raise ValueError(f"{path.name} is no shard")
    key, content = json.loads(f"[{text[len(_PUT) : -2]}]")
    return key, content


def decode(table: dict[str, Any], codes: dict[str, list[str]]) -> list[dict[str, Any]]:
    """A table of a shard as rows; numbers are floats, nothing is None."""
    columns = {}
    for name, written in table.items():
        if name == "n":
            continue
        if isinstance(written, list):
            columns[name] = written
            continue
        values: list[Any] = []
        for cell in written.split(",") if table["n"] else []:
            values.append(values[-1] if cell == "~" else _value(cell, codes.get(name)))
        columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _value(cell: str, codes: list[str] | None) -> Any:
    if cell == "":
        return None
    if codes is not None:
        return codes[int(cell)]
    return {"t": True, "f": False}[cell] if cell in "tf" else float(cell)
