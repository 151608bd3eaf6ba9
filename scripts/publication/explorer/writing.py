"""Writes the Explorer's folder: its pages, and the release's figures as scripts beside them."""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from publication.explorer.encoding import columnar, make_codes
from publication.explorer.tables import DETAILED_QUARTERS, DRILLDOWN_QUARTERS, TABLES
from publication.release_data import Facts, Release
from warehouse.home import CHECKOUT, identifier

ASSETS = Path(__file__).resolve().parents[1] / "explorer_assets"
INDICATOR_MODELS = CHECKOUT / "models" / "intermediate" / "indicators"
# Tables that shards are made of, whose codes the index therefore lists.
USED = [
    "dim_indicator",
    "dim_organisation",
    "dq_submission_status",
    "drilldown",
    "fct_area_values",
    "fct_indicator_statistics",
    "fct_indicator_trend",
    "fct_indicator_values",
    "fct_opportunity",
    "fct_opportunity_change",
    "fct_opportunity_vintages",
    "fct_quartile_thresholds",
    "fct_sensitivity",
]
_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


class BadKey(ValueError):
    """A code that cannot be a file's name."""


def write_explorer(release: Release, folder: Path) -> None:
    """The Explorer of a release under `explorer/` in its folder; made anew if it is there.

    Raises BadKey where a code of the release cannot be a file's name.
    """
    target = folder / "explorer"
    if target.exists():
        shutil.rmtree(target)
    data = target / "data"
    data.mkdir(parents=True)
    codes = make_codes(release.engine, USED)
    # So that no page asks for a file that is not there: browsers report that as a fault.
    shards = [*_write_tables(release, data), *_write_definitions(release, data)]
    index = _index(release, codes) | {"shards": sorted(shards)}
    _write_shard(data, "index", json.dumps(index, ensure_ascii=False))
    for asset in sorted(ASSETS.rglob("*")):
        if asset.is_file() and asset.name != "index.html":
            place = target / asset.relative_to(ASSETS)
            place.parent.mkdir(parents=True, exist_ok=True)
            # Bytes alone: modes and times of a checkout are no part of a release.
            place.write_bytes(asset.read_bytes())
    page = (ASSETS / "index.html").read_text(encoding="utf-8")
    (target / "index.html").write_text(_with_scripts(page), encoding="utf-8")


def _with_scripts(page: str) -> str:
    """The page with its scripts: what others stand on first, then each view there is."""
    names = ["vendor/d3.min.js", "vendor/plot.min.js", "core.js", "words.js"]
    names += ["names.js", "charts.js"]
    names += sorted(path.name for path in ASSETS.glob("charts_*.js"))
    names += ["components.js", "frame.js", "shell.js"]
    names += sorted(path.name for path in ASSETS.glob("figures*.js"))
    names += sorted(path.name for path in ASSETS.glob("view_*.js"))
    names += ["data/index.js", "start.js"]
    tags = "\n".join(f'<script src="{name}"></script>' for name in names)
    return page.replace("<!-- scripts -->", tags)


def _write_tables(release: Release, data: Path) -> list[str]:
    """The shards that are made of tables; their keys."""
    written = []
    engine = release.engine
    engine.execute(
        "create or replace temp table shard_tables"
        " (shard varchar, table_name varchar, content varchar)"
    )
    for table in TABLES:
        engine.execute(
            f"insert into shard_tables select shard, '{table.name}', content"
            f" from ({columnar(engine, table.query, table.order)})"
        )
    shards = engine.execute(
        """
        select
            shard,
            '{' || string_agg('"' || table_name || '":' || content, ',' order by table_name) || '}'
        from shard_tables
        group by shard
        order by shard
        """
    )
    while rows := shards.fetchmany(100):
        for shard, content in rows:
            _write_shard(data, shard, content)
            written.append(shard)
    engine.execute("drop table shard_tables")
    return written


def _write_definitions(release: Release, data: Path) -> list[str]:
    """The SQL of each indicator, as text: `s/<id>`; their keys."""
    written = []
    for indicator, short_name in release.engine.sql(
        "select indicator_id, short_name from dim_indicator order by indicator_id"
    ).fetchall():
        model = INDICATOR_MODELS / f"int_indicator__{short_name}.sql"
        text = model.read_text(encoding="utf-8") if model.is_file() else None
        _write_shard(data, f"s/{indicator}", json.dumps({"name": model.name, "sql": text}))
        written.append(f"s/{indicator}")
    return written


def _write_shard(data: Path, key: str, content: str) -> None:
    if not _KEY.fullmatch(key):
        raise BadKey(f"{key!r} cannot be the name of a file")
    path = data / f"{key}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    # A script may hold every text but these two, which JSON allows.
    content = content.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    path.write_text(f'BCBV.put("{key}", {content});\n', encoding="utf-8")


def _index(release: Release, codes: dict[str, list[str]]) -> dict[str, Any]:
    quarters = _records(
        release,
        """
        select quarter, quarter_start_date, quarter_end_date, previous_quarter
        from dim_quarter
        where quarter in (select quarter from fct_indicator_values)
        order by quarter
        """,
    )
    return {
        "facts": _facts(release.facts),
        "codes": codes,
        "quarters": quarters,
        "indicators": _records(release, "from dim_indicator order by indicator_id"),
        "organisations": _records(
            release,
            """
            select
                organisation_code, organisation_name, organisation_type, organisation_class,
                sha_code, cluster, close_date, successor_code
            from dim_organisation
            where organisation_code in (select organisation_code from fct_indicator_values)
            order by organisation_code
            """,
        ),
        "areas": _records(
            release,
            """
            select organisation_code as area_code, organisation_name as area_name
            from dim_organisation
            where organisation_code in (
                select area_code from fct_opportunity where area_level = 'sha'
            )
            order by organisation_code
            """,
        ),
        "rules": _records(
            release,
            "select rule_id, name, feeds, dimension, description, treatment, gates_indicators,"
            " advice, evidence from dim_dq_rule order by rule_id",
        ),
        "hidden": _records(
            release,
            "select quarter, count(*) as n_rows from fct_indicator_values"
            " where disclosure_status = 'suppressed' group by quarter order by quarter",
        ),
        "tables": _tables(release),
        "detailed_quarters": [row["quarter"] for row in quarters][-DETAILED_QUARTERS:],
        "drilldown_quarters": [row["quarter"] for row in quarters][-DRILLDOWN_QUARTERS:],
    }


def _tables(release: Release) -> list[dict[str, Any]]:
    """Tables of the release, with their size, for the page that links to them."""
    tables = [
        name
        for (name,) in release.engine.sql(
            "select view_name from duckdb_views()"
            " where database_name = current_database() and not internal order by view_name"
        ).fetchall()
    ]
    return [
        {"table": name, "n_rows": release.engine.sql(f"from {identifier(name)}").shape[0]}
        for name in tables
    ]


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "release": facts.release,
        "kind": facts.kind,
        "suppressed": facts.is_suppressed,
        "synthetic": facts.is_synthetic,
        "restricted": facts.is_restricted,
        "published_at": _told(facts.published_at),
        "built_at": _told(facts.built_at),
        "as_at": facts.as_at.isoformat() if facts.as_at else None,
        "code_version": facts.code_version,
    }


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _records(release: Release, query: str) -> list[dict[str, Any]]:
    """Rows as objects, made by the engine: dates are text, and what is null is left out."""
    found = release.engine.sql(f"select to_json(list(told)) from ({query}) as told").fetchone()
    rows = json.loads(found[0]) if found and found[0] else []
    return [{name: value for name, value in row.items() if value is not None} for row in rows]
