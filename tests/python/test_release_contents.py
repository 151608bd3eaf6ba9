"""What lies in a release of either kind of the sample, made by the command with all products."""

import json
from pathlib import Path

import duckdb
from building import query
from release_folders import BOTH, assert_whole, current, files
from sentinels import PATIENT_LEVEL, SENTINEL, holds_sentinel

from publication.kinds import INTERNAL, PUBLIC

LAYOUT = {
    *("parquet", "csv", "xlsx", "explorer", "scorecards", "api"),
    *("bcbv.duckdb", "datapackage.json", "metrics.json", "release.json", "README.txt"),
}


@BOTH
def test_what_lies_in_a_release(released, kind):
    release = current(released.home, kind)
    assert {path.name for path in release.iterdir()} == LAYOUT
    assert (release / "explorer" / "index.html").exists()
    assert (release / "api" / "v1" / "index.json").exists()
    names = {Path(name).parts[0] for name in assert_whole(release)["checksums_sha256"]}
    assert names == LAYOUT - {"release.json"}


@BOTH
def test_a_release_holds_every_table_in_three_formats(released, kind):
    release = current(released.home, kind)
    tables = assert_whole(release)["row_counts"]
    assert tables["fct_indicator_values"] > 1000 and tables["drilldown"] > 1000
    assert ("fct_los_drilldown" in tables) == (kind is INTERNAL)
    for table, n_rows in tables.items():
        for source in (
            f"read_parquet('{release}/parquet/{table}.parquet')",
            f"read_csv('{release}/csv/{table}.csv', all_varchar = true)",
        ):
            [(found,)] = duckdb.sql(f"select count(*) from {source}").fetchall()
            assert (source, found) == (source, n_rows)
        for name in (f"marts.{table}", table):
            [row] = query(release / "bcbv.duckdb", f"select count(*) as n from {name}")
            assert row["n"] == n_rows


@BOTH
def test_a_release_says_what_it_was_made_of(released, kind):
    description = assert_whole(current(released.home, kind))
    assert description["synthetic"] is True
    assert description["as_at"] is None
    assert description["built_at"] < description["published_at"]
    assert description["code_version"].startswith("0.1.0")
    submissions = description["submissions"]
    found = {row["submission_id"]: row for row in submissions["landed"]}
    assert submissions["total"] == len(found) == submissions["synthetic"] > 0
    kept = query(released.warehouse, f"select * from {kind.schema}.{kind.prefix}dim_submission")
    for row in kept:
        described = found[row["submission_id"]]
        assert described == {name: row[name] for name in described}
    failed = [row for row in kept if row["profile_verdict"] == "failed"]
    assert submissions["profile_failed"] == len(failed)
    if kind is PUBLIC:
        [row] = query(
            released.warehouse,
            "select count(*) as n from publication.pub_fct_indicator_values"
            " where disclosure_status = 'suppressed'",
        )
        assert description["disclosure"]["hidden_rows"]["fct_indicator_values"] == row["n"] > 0
        assert description["disclosure"]["audit"]["cells_tried"] > 0


@BOTH
def test_no_row_of_a_person_leaves_the_warehouse(released, kind):
    database = current(released.home, kind) / "bcbv.duckdb"
    columns = query(
        database, "select schema_name, column_name from duckdb_columns() where not internal"
    )
    assert {row["schema_name"] for row in columns} == {"main", "marts"}
    assert not {row["column_name"] for row in columns} & set(PATIENT_LEVEL)


@BOTH
def test_no_sentinel_of_a_patients_row_is_in_any_byte(released, kind):
    """Nor in what a file holds compressed, which the tables say."""
    release = current(released.home, kind)
    assert not [name for name, path in files(release).items() if holds_sentinel(path)]
    texts = query(
        release / "bcbv.duckdb",
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'marts' and data_type = 'VARCHAR'",
    )
    for row in texts:
        [found] = query(
            release / "bcbv.duckdb",
            f"select count(*) as n from marts.{row['table_name']}"
            f" where contains({row['column_name']}, '{SENTINEL}')",
        )
        assert (row["table_name"], row["column_name"], found["n"]) == (*row.values(), 0)


def test_a_sentinel_would_be_seen_in_the_bytes_of_a_database(released, tmp_path):
    """A table that was in the file and is dropped leaves its bytes there."""
    with duckdb.connect(str(tmp_path / "left.duckdb")) as engine:
        engine.execute(f"attach '{released.warehouse}' as warehouse (read_only)")
        engine.execute("create table spells as from warehouse.intermediate.int_spells limit 5000")
        engine.execute("checkpoint")
        # Else the file ends before what was dropped.
        engine.execute("create table later as select hash(n) as h from range(300000) as r (n)")
        engine.execute("checkpoint")
        engine.execute("drop table spells")
    assert holds_sentinel(tmp_path / "left.duckdb")


@BOTH
def test_tables_views_and_columns_keep_their_descriptions(released, kind):
    database = current(released.home, kind) / "bcbv.duckdb"
    undescribed = query(
        database,
        "select table_name as name, column_name from duckdb_columns()"
        " where not internal and comment is null and table_name not like 'metric%'"
        " union all select table_name, null from duckdb_tables() where comment is null"
        " union all select view_name, null from duckdb_views()"
        " where not internal and comment is null",
    )
    assert undescribed == []


def test_views_are_found_whatever_the_database_is_called(released):
    """A BI tool attaches the file under a name of its own, or opens it without a schema."""
    with duckdb.connect() as engine:
        engine.execute(f"attach '{released.public}/bcbv.duckdb' as elsewhere (read_only)")
        views = engine.sql(
            "select view_name from duckdb_views()"
            " where database_name = 'elsewhere' and not internal"
        ).fetchall()
        assert len(views) > 20
        for (view,) in views:
            engine.sql(f"select count(*) from elsewhere.main.{view}").fetchall()


@BOTH
def test_a_parquet_file_says_what_it_is(released, kind):
    release = current(released.home, kind)
    description = assert_whole(release)
    said = dict(
        duckdb.sql(
            "select decode(key), decode(value) from parquet_kv_metadata("
            f"'{release}/parquet/fct_indicator_values.parquet')"
        ).fetchall()
    )
    columns = json.loads(said["columns"])
    assert "One row per indicator" in said["description"]
    assert said["title"].endswith("fct_indicator_values")
    assert said["licence"] == description["licence"]["title"]
    assert (said["release"], said["kind"], said["synthetic"]) == (release.name, kind.name, "true")
    assert said["suppressed"] == ("true" if kind is PUBLIC else "false")
    assert columns["opportunity_annual_gbp"]["unit"] == "GBP"
    assert all("description" in column for column in columns.values())


@BOTH
def test_tables_lie_in_the_order_of_their_keys(released, kind):
    release = current(released.home, kind)
    key = "indicator_id, organisation_code, quarter"
    rows = query(release / "bcbv.duckdb", f"select {key} from marts.fct_indicator_values")
    for source in ("parquet/fct_indicator_values.parquet", "csv/fct_indicator_values.csv"):
        found = duckdb.sql(f"select {key} from '{release}/{source}'").fetchall()
        assert found == sorted(found) == [tuple(row.values()) for row in rows]
