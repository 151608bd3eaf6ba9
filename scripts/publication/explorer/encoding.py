"""How a table stands in a shard, and back again.

A shard is a classic script, as a page opened from disk may load nothing else:
`BCBV.put("o/RGT", {"values": {"n": 96, "indicator_id": "0,0,1", "value": "129.9,,91.6"}})`.
A column is one text: its values between commas, nothing where there is none. `~` is the value above
it once more, `~5` five times; `+` is the value above and one, `+5` that five times. A column of
`CODED` holds places in the list of its name (or of what `LISTS` names), which the index has; `t`
and `f` are true and false. Texts of no fixed list are a JSON list. It is about a fifth of rows of
objects, and a number keeps every digit that the release has.
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
    "rules_red",
    "rules_amber",
    "member_name",
)
# Columns written as a place in the list of another.
LISTS = {"from_quarter": "quarter", "segment_from_quarter": "quarter"}
# Values that no shard holds and no list needs: a member without a name of its own.
UNLISTED = {"member_name": "member_name = member"}
# Lengths of runs that have a mark of their own, the longest first.
_RUNS = (100, 20, 5, 2)
_PUT = "BCBV.put("


def make_codes(engine: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, list[str]]:
    """Each coded column's values over the tables, sorted; also an enumerated type of each."""
    held = engine.sql(
        "select column_name, table_name from duckdb_columns()"
        f" where database_name = current_database() and list_contains({tables!r}, table_name)"
        " order by all"
    ).fetchall()
    codes = {}
    for column in CODED:
        sources = " union ".join(
            f"select cast({identifier(name)} as varchar) as code from {identifier(table)}"
            f" where ({UNLISTED.get(name, 'false')}) is not true"
            for name, table in held
            if LISTS.get(name, name) == column
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
    texts = {name for name, kind in columns if kind == "VARCHAR" and _list_of(name) is None}
    cells = ", ".join(f"{_cell(name, kind)} as {identifier(name)}" for name, kind in columns)
    fields = ", ".join(
        f"{literal(name)}, {_written(name, name in texts, _list_of(name) is not None)}"
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


def _list_of(column: str) -> str | None:
    """The list whose places a column holds."""
    name = LISTS.get(column, column)
    return name if name in CODED else None


def _written(name: str, is_text: bool, is_coded: bool) -> str:
    """A column of the gathered cells as it stands in a shard."""
    this = f"cell.{identifier(name)}"
    above = f"cells[place - 1].{identifier(name)}"
    if is_text:
        return f"to_json(list_transform(cells, lambda cell: {this}))"
    next_code = (
        f" when place > 1 and try_cast({this} as bigint) = try_cast({above} as bigint) + 1 then '+'"
        if is_coded
        else ""
    )
    text = (
        "array_to_string(list_transform(cells, lambda cell, place:"
        f" case when place > 1 and {this} = {above} then '~'{next_code} else {this} end), ',')"
    )
    for length in _RUNS:
        for mark in "~+" if is_coded else "~":
            # A run begins with its longest marks, so that none of these is cut in two.
            text = f"replace({text}, repeat(',{mark}', {length}), ',{mark}{length}')"
    return text


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
    codes = _list_of(name)
    if codes is not None:
        # Cast by way of text: what the release holds is text, never this type.
        code = f"enum_code(cast(cast({column} as varchar) as {identifier('code_' + codes)}))"
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
        listed = codes.get(LISTS.get(name, name))
        above = ""
        for cell in written.split(",") if table["n"] else []:
            times = int(cell[1:] or 1) if cell[:1] in ("~", "+") else 0
            for _ in range(times):
                above = str(int(above) + 1) if cell[0] == "+" else above
                values.append(_value(above, listed))
            if not times:
                above = cell
                values.append(_value(cell, listed))
        columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _value(cell: str, codes: list[str] | None) -> Any:
    if cell == "":
        return None
    if codes is not None:
        return codes[int(cell)]
    return {"t": True, "f": False}[cell] if cell in "tf" else float(cell)
