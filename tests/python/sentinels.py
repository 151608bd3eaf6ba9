"""Sentinels in a warehouse where patients' rows are, to be looked for where none may be."""

from pathlib import Path

import duckdb

SENTINEL = "sentinel-of-a-patients-row"
# A table with one of these columns has a row a patient's record, or points at one.
PATIENT_LEVEL = ("person_id", "spell_id", "record_key", "line_number", "epikey")


def plant_sentinels(warehouse: Path) -> None:
    """Replace each text of each table of patients' rows by a sentinel that names table and column.

    Publishing looks at none of these tables, so that it does not refuse what was changed.
    """
    with duckdb.connect(str(warehouse)) as engine:
        columns = engine.execute(
            "select schema_name, table_name, list(column_name) filter (where data_type = 'VARCHAR')"
            " from duckdb_columns() where database_name = current_database()"
            " and schema_name in ('intermediate', 'marts') and not internal"
            " and table_name in (select table_name from duckdb_tables())"
            " group by all having bool_or(list_contains($1, column_name))",
            [list(PATIENT_LEVEL)],
        ).fetchall()
        assert len(columns) >= 5, columns
        for schema, table, texts in columns:
            values = ", ".join(f"{name} = '{SENTINEL} {table}.{name}'" for name in texts)
            engine.execute(f"update {schema}.{table} set {values}")


def holds_sentinel(path: Path) -> bool:
    """Whether the bytes of a file have one."""
    return SENTINEL.encode() in path.read_bytes()
