"""release.json: what a release was made of and from, and how to check that it is whole."""

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from publication.release_data import Release
from warehouse.files import sha256

FILE = "release.json"
# Columns of dim_submission that it repeats: what was found in a file when it landed.
FOUND_AT_LANDING = (
    "submission_id",
    "is_synthetic",
    "inferred",
    "row_count",
    "reject_count",
    "reject_lines",
    "invalid_count",
    "suppressed_count",
    "missing_count",
    "unread_values",
    "repeated_key_count",
    "unknown_organisation_row_count",
    "unknown_organisation_codes",
    "unknown_organisation_gbp",
    "unknown_organisation_item_count",
    "profile_verdict",
    "profile_failures",
)
# Parameters of the build that say what is hidden and how the rest is rounded (Rulebook 10).
RULE = ("small_count", "count_rounding", "pounds_rounding")


def disclosure_rule(warehouse: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The bounds that the build hid and rounded by, from the warehouse in use."""
    rows = warehouse.execute(
        "select parameter_id, value from seeds.parameters where list_contains($1, parameter_id)",
        [list(RULE)],
    ).fetchall()
    return {name: int(value) if value == int(value) else value for name, value in sorted(rows)}


def write_description(
    release: Release,
    folder: Path,
    invocation_id: str,
    audit: Mapping[str, int] | None,
) -> None:
    """Describe the release in the folder, all of whose other files are there."""
    facts = release.facts
    submissions = _submissions(release.engine)
    n_synthetic = sum(submission.pop("is_synthetic") for submission in submissions)
    described = {
        "release": facts.release,
        "kind": facts.kind,
        "published_at": facts.published_at.isoformat(),
        "built_at": facts.built_at.isoformat(),
        "as_at": facts.as_at.isoformat() if facts.as_at else None,
        "code_version": facts.code_version,
        "invocation_id": invocation_id,
        "licence": {
            "name": facts.licence.name,
            "title": facts.licence.title,
            "url": facts.licence.url,
        },
        "synthetic": facts.is_synthetic,
        "suppressed": facts.is_suppressed,
        "disclosure": {
            "rule": dict(facts.rule),
            "hidden_rows": _hidden_rows(release.engine),
            "audit": audit,
        }
        if facts.is_suppressed
        else None,
        "submissions": {
            "total": len(submissions),
            "synthetic": n_synthetic,
            "profile_failed": sum(row["profile_verdict"] == "failed" for row in submissions),
            "landed": submissions,
        },
        "row_counts": {
            table: _count(release.engine, table, "true") for table in _tables(release.engine)
        },
        "checksums_sha256": {
            path.relative_to(folder).as_posix(): sha256(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(described, indent=2) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")


def _tables(engine: duckdb.DuckDBPyConnection, column: str | None = None) -> list[str]:
    """The tables of the release, or those with a column."""
    rows = engine.execute(
        "select distinct table_name from duckdb_columns() where database_name = 'release'"
        " and schema_name = 'marts' and ($1 is null or column_name = $1) order by table_name",
        [column],
    ).fetchall()
    return [table for (table,) in rows]


def _hidden_rows(engine: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows of each table show no figure."""
    counts = {
        table: _count(engine, table, "disclosure_status = 'suppressed'")
        for table in _tables(engine, "disclosure_status")
    }
    return {table: n_rows for table, n_rows in counts.items() if n_rows}


def _count(engine: duckdb.DuckDBPyConnection, table: str, condition: str) -> int:
    [(n_rows,)] = engine.sql(f"select count(*) from {table} where {condition}").fetchall()
    return n_rows


def _submissions(engine: duckdb.DuckDBPyConnection) -> list[dict]:
    """What was found in each submission when it landed (Rulebook 1.17)."""
    relation = engine.sql(
        f"select {', '.join(FOUND_AT_LANDING)} from dim_submission order by submission_id"
    )
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
