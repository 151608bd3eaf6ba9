"""A release of 500 organisations, 20 indicators and 40 quarters, made of a smaller one's rows.

For timing alone: its figures are those of the smaller release under other codes and quarters, so
that sums do not add up and names repeat.
"""

import shutil
from pathlib import Path

import duckdb

ORGANISATIONS = 500
# Eight quarters are two years; each copy lies two years on.
COPIES_OF_YEARS = 5
DATABASE = "bcbv.duckdb"
QUARTERS = ("quarter", "from_quarter", "previous_quarter", "segment_from_quarter")
# Indicators that both classes have: of a pair of a trust and a PCT the trust's are kept.
_ON_BOTH_CLASSES = (
    "select indicator_id from source.marts.fct_indicator_values"
    " group by indicator_id having count(distinct organisation_class) > 1"
)


def write_large_release(source: Path, target: Path) -> None:
    """Write bcbv.duckdb and release.json of a large release into the folder target.

    The source is the folder of a release of eight quarters. Raises duckdb.Error where it has none.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "release.json", target / "release.json")
    with duckdb.connect() as engine:
        engine.execute(f"attach '{source / DATABASE}' as source (read_only)")
        engine.execute(f"attach '{target / DATABASE}' as target")
        engine.execute("create schema target.marts")
        _pair_organisations(engine)
        engine.execute(
            "create table shifts as select unnest(range(0, $1)) * 2 as years", [COPIES_OF_YEARS]
        )
        for table, columns in engine.sql(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = 'source' and schema_name = 'marts' group by table_name"
        ).fetchall():
            engine.execute(f"create table target.marts.{table} as {_rows(table, columns)}")
            engine.execute(f"create view target.main.{table} as from marts.{table}")
        for table, comment in engine.sql(
            "select table_name, comment from duckdb_tables()"
            " where database_name = 'source' and schema_name = 'marts' and comment is not null"
        ).fetchall():
            text = comment.replace("'", "''")
            engine.execute(f"comment on table target.marts.{table} is '{text}'")


def _pair_organisations(engine: duckdb.DuckDBPyConnection) -> None:
    """Each new organisation is a trust and a PCT under one code, and so has twenty indicators."""
    engine.execute(f"""
        create table numbered as
        select
            organisation_code,
            organisation_class,
            row_number() over (partition by organisation_class order by organisation_code) - 1 as n,
            count(*) over (partition by organisation_class) as n_of_class
        from (
            select distinct organisation_code, organisation_class
            from source.marts.fct_indicator_values
        );
        create table pairs as
        select
            'Z' || lpad(copies.k::varchar, 3, '0') as new_code,
            numbered.organisation_code,
            numbered.organisation_class
        from (select unnest(range(0, {ORGANISATIONS})) as k) as copies
        inner join numbered on copies.k % numbered.n_of_class = numbered.n
    """)


def _rows(table: str, columns: list[str]) -> str:
    """Query of a table's rows, once for each new organisation and each shift of years."""
    selected = {name: f"rows.{name}" for name in columns}
    relation, conditions = f"source.marts.{table} as rows", ["true"]
    of_both = f"indicator_id in ({_ON_BOTH_CLASSES})"
    code = "organisation_code" if "organisation_code" in columns else None
    if "area_level" in columns:
        code = "area_code"
    if code:
        relation += f" left join pairs on rows.{code} = pairs.organisation_code"
        known = "pairs.organisation_code is not null"
        conditions.append(
            known if code == "organisation_code" else f"({known} or area_level <> 'organisation')"
        )
        selected[code] = f"coalesce(pairs.new_code, rows.{code})"
        conditions.append(
            f"(pairs.organisation_class is distinct from 'pct' or not rows.{of_both})"
            if "indicator_id" in columns
            else "pairs.organisation_class is distinct from 'pct'"
        )
    if any(column in columns for column in QUARTERS) and table != "dim_submission":
        relation += " cross join shifts"
        for column in QUARTERS:
            if column in columns:
                selected[column] = _shifted(f"rows.{column}")
        for column in ("quarter_start_date", "quarter_end_date"):
            if column in columns:
                selected[column] = f"(rows.{column} + to_years(shifts.years))::date"
    listed = ", ".join(f"{value} as {name}" for name, value in selected.items())
    return f"select {listed} from {relation} where {' and '.join(conditions)}"


def _shifted(quarter: str) -> str:
    """A quarter of two, four ... years later: 2006-07 Q1 becomes 2008-09 Q1."""
    year = f"(left({quarter}, 4)::int + shifts.years)"
    return (
        f"case when {quarter} is not null then {year} || '-'"
        f" || lpad((({year} + 1) % 100)::varchar, 2, '0') || right({quarter}, 3) end"
    )
