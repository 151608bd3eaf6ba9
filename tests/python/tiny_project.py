"""A dbt project of a few rows that records its runs as the warehouse does, in seconds."""

import os
import shutil
import sys
from pathlib import Path
from unittest.mock import patch

import yaml
from building import CHECKOUT
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from publication.description import FOUND_AT_LANDING, RULE
from publication.kinds import INTERNAL, PUBLIC

# What decides whether a run was a whole build is taken from the warehouse as it stands.
MACROS = (
    "builds.sql",
    "settings.sql",
    "engine/checksums.sql",
    "engine/versions.sql",
    "generate_schema_name.sql",
)

PROFILE = {
    "bcbv": {
        "target": "duckdb",
        "outputs": {
            "duckdb": {"type": "duckdb", "path": "{{ env_var('BCBV_HOME') }}/warehouse.duckdb"}
        },
    }
}
PROJECT = {
    "name": "bcbv",
    "config-version": 2,
    "profile": "bcbv",
    "target-path": "{{ env_var('BCBV_HOME') }}/target",
    "flags": {"send_anonymous_usage_stats": False, "log_level_file": "none"},
    "vars": {"as_at": None, "broken": None},
    "on-run-start": ["{{ record_start() }}"],
    "on-run-end": ["{{ record_end(results) }}"],
    "models": {
        "bcbv": {
            "+materialized": "table",
            "+schema": "marts",
            "publication": {"+schema": "publication"},
        }
    },
    "seeds": {"bcbv": {"+schema": "seeds"}},
}
# With what publishing itself reads of a release's tables: names of organisations, what is hidden.
ROWS = """
select
    'BCBV01' as indicator_id,
    name as organisation_code,
    'Trust ' || name as organisation_name,
    '2006-07 Q1' as quarter,
    name,
    is_synthetic,
    sent_on,
    '{{ var('as_at') }}' as as_at,
    case when name = 'a' then cast(2 as bigint) end as national_rank,
    case when name = 'a' then 'shown' else 'suppressed' end as disclosure_status
from {{ ref('sent') }}
"""
FOUND = ", ".join(
    f"cast(null as varchar) as {name}" for name in FOUND_AT_LANDING if name != "is_synthetic"
)
# What a release adds to the ledger: a row a name.
LEDGER_ROWS = """
{{ config(schema='intermediate') }}
select
    'BCBV01' as indicator_id,
    name as organisation_code,
    '2006-07 Q1' as quarter,
    'trust' as organisation_class,
    cast(90.25 as double) as value,
    'published' as publication_status,
    cast(1 as bigint) as national_rank,
    cast(400 as double) as opportunity_annual_gbp,
    true as is_in_published_total,
    'f1' as data_fingerprint,
    case when name = 'a' then 'shown' else 'suppressed' end as disclosure_status
from {{ ref('sent') }}
"""
BROKEN_MODEL = "{% if var('broken') == 'model' %} where no_such_column {% endif %}"
BROKEN_TEST = "select 1 as found where {{ var('broken') == 'test' }}"
CHANGE = (
    "{% macro change() %}"
    """{% do run_query("delete from marts.dim_quarter where name = 'a'") %}"""
    "{% endmacro %}"
)
ALWAYS_WARNS = "{{ config(severity='warn') }} select 1 as found"


def write_tiny_project(folder: Path) -> None:
    """Write a project whose published tables are those of the exposures, all of the same rows."""
    tables = [INTERNAL.prefix + table for table in INTERNAL.tables()]
    public = [PUBLIC.prefix + table for table in PUBLIC.tables()]
    exposures = [
        {
            "name": kind.exposure,
            "type": "analysis",
            "owner": {"name": "nobody"},
            "depends_on": [f"ref('{table}')" for table in listed],
        }
        for kind, listed in ((INTERNAL, tables), (PUBLIC, public))
    ]
    snapshot = {
        "name": "history",
        "relation": "ref('sent')",
        "config": {"strategy": "check", "unique_key": "name", "check_cols": "all"},
    }
    unit_test = {
        "name": "rows_are_taken_as_they_are",
        "model": tables[-1],
        "given": [{"input": "ref('sent')", "rows": [{"name": "x"}]}],
        "expect": {"rows": [{"name": "x"}]},
    }
    documents = {
        "dbt_project.yml": PROJECT,
        "profiles.yml": PROFILE,
        "models/exposures.yml": {"exposures": exposures},
        "models/unit_tests.yml": {"unit_tests": [unit_test]},
        "snapshots/history.yml": {"snapshots": [snapshot]},
    }
    # The first model may fail, and the second is then skipped.
    models = {f"models/{table}.sql": ROWS for table in tables}
    models |= {f"models/publication/{table}.sql": ROWS for table in public}
    for submissions in ("models/dim_submission.sql", "models/publication/pub_dim_submission.sql"):
        models[submissions] = ROWS.replace("from {{", f", {FOUND} from {{{{", 1)
    models[f"models/{tables[0]}.sql"] += BROKEN_MODEL
    models[f"models/{tables[1]}.sql"] = f"select * from {{{{ ref('{tables[0]}') }}}}"
    models["models/int_ledger_rows.sql"] = LEDGER_ROWS
    parameters = "".join(
        f"{name},{value}\n" for name, value in zip(RULE, (7, 5, 1000), strict=True)
    )
    texts = models | {
        "seeds/sent.csv": "name,is_synthetic,sent_on\na,true,2006-08-22\nb,true,2006-11-22\n",
        "seeds/parameters.csv": f"parameter_id,value\n{parameters}",
        "tests/broken.sql": BROKEN_TEST,
        "tests/warns.sql": ALWAYS_WARNS,
        "macros/change.sql": CHANGE,
    }
    texts |= {path: yaml.safe_dump(document) for path, document in documents.items()}
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for macro in MACROS:
        shutil.copy(CHECKOUT / "macros" / macro, folder / "macros")


def tiny_dbt(project: Path, home: Path, *arguments: str) -> dbtRunnerResult:
    """Run dbt in the project with a BCBV_HOME, in this process: most of a command is its start."""
    folders = ("--project-dir", str(project), "--profiles-dir", str(project))
    with (
        patch.dict(os.environ, {"BCBV_HOME": str(home)}),
        patch.object(sys, "argv", ["dbt", *arguments]),
    ):
        try:
            return dbtRunner().invoke([*arguments, *folders, "--quiet"])
        finally:
            # Until then the file is held.
            DuckDBConnectionManager.close_all_connections()
