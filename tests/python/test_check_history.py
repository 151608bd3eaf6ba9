"""What the checks of each run found is kept, across runs and warehouses (Rulebook 8.10)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW, CHECKOUT, dbt, query, script

# A quote ends a text of SQL, brackets and * are patterns of the engine.
ODD = "O'Brien [v1] *"
HISTORY = ("--select", "+fct_check_history")
SEEN = "select kind, name, status, n_failures from marts.fct_check_history order by kind, name"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with one small submission and the history built once, by a run in part."""
    home = tmp_path_factory.mktemp("history") / ODD
    sent = tmp_path_factory.mktemp("sent") / ABSENCE_NAME
    sent.write_text(f"{ABSENCE_COLUMNS}\n{ABSENCE_ROW}\n")
    script(home, "ingest", sent).succeeded()
    dbt(home, "build", *HISTORY).succeeded()
    return home


def files(home: Path) -> list[Path]:
    return sorted((home / "audit").iterdir())


def test_a_run_in_part_leaves_what_it_ran_and_the_history_shows_it(home):
    rows = query(home / "warehouse.duckdb", SEEN)
    kinds = {row["kind"] for row in rows}
    assert kinds == {"data_test", "unit_test", "model", "profile"}, "there are no results of rules"
    found = {(row["kind"], row["name"]): (row["status"], row["n_failures"]) for row in rows}
    assert found["model", "fct_check_history"] == ("success", None)
    assert found["data_test", "not_null_fct_check_history_kind"] == ("pass", 0)
    assert found["unit_test", "fct_check_history.history_of_checks"][0] == "pass"
    [profile] = [name for kind, name in found if kind == "profile"]
    assert profile.startswith("esr_absence__fy2006-07q1__2006-08-22__")
    [times] = query(
        home / "warehouse.duckdb",
        "select count(distinct build_id) as builds, min(execution_s) as least, count(as_at) as days"
        " from marts.fct_check_history where kind in ('model', 'data_test', 'unit_test')",
    )
    assert times["builds"] == 1 and times["least"] > 0 and times["days"] == 0


def test_the_history_outlives_the_warehouse_and_what_was_cut_off(home):
    [first] = files(home)
    (home / "audit" / "tmp_build_cut_off.parquet").write_bytes(b"PAR1 cut off")
    (home / "warehouse.duckdb").unlink()
    dbt(home, "run", *HISTORY, "--vars", "{as_at: 2006-08-21}").succeeded()
    builds = query(
        home / "warehouse.duckdb",
        "select as_at, count(*) filter (where kind = 'model') as models,"
        " count(*) filter (where kind = 'data_test') as tests,"
        " count(*) filter (where kind = 'profile') as profiles"
        " from marts.fct_check_history group by build_id, built_at, as_at order by built_at",
    )
    assert [(str(b["as_at"]), b["models"] > 0, b["tests"] > 0, b["profiles"]) for b in builds] == [
        ("None", True, True, 1),
        # The only submission is of the day after.
        ("2006-08-21", True, False, 0),
    ]
    assert first in files(home)


def test_runs_on_no_rows_and_commands_that_judge_nothing_leave_nothing(home):
    before = files(home)
    dbt(home, "run", "--empty", "--select", "stg_check_results").succeeded()
    dbt(home, "compile", "--select", "stg_check_results").succeeded()
    assert files(home) == before


def test_a_rule_is_told_by_the_worst_that_it_found():
    """The order of outcomes as the macro has it, on a table of results made by hand."""
    engine = duckdb.connect()
    engine.execute(
        "create table dq_rule_results as from (values"
        " ('A12', 'hes_apc', 'green'), ('A12', 'hes_apc', 'amber'), ('A12', 'hes_apc', 'red'),"
        " ('W01', 'esr_absence', 'green'), ('W01', 'esr_absence', 'not_submitted'),"
        " ('W02', 'esr_absence', 'not_submitted'), ('W02', 'esr_absence', 'not_evaluated'),"
        " ('S01', 'finance', 'not_submitted'), ('P02', 'epact', 'unusable'),"
        " ('V01', 'hes_op', 'amber'), ('V01', 'hes_op', 'amber'), ('V01', 'hes_op', 'green')"
        ") as results(rule_id, feed, outcome)"
    )
    found = engine.execute(rule_query("dq_rule_results")).fetchall()
    assert {name: (status, n_failures) for _, name, status, n_failures, _ in found} == {
        "A12 hes_apc": ("red", 2),
        "W01 esr_absence": ("green", 0),
        "W02 esr_absence": ("not_evaluated", 0),
        "S01 finance": ("not_submitted", 0),
        "P02 epact": ("unusable", 0),
        "V01 hes_op": ("amber", 2),
    }


def rule_query(relation: str) -> str:
    """The macro's query over a relation, as dbt would write it where there are results."""
    text = (CHECKOUT / "macros" / "builds.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    node = SimpleNamespace(database=None, schema=None, alias=None)
    environment.globals |= {
        "project_name": "bcbv",
        "graph": SimpleNamespace(nodes={"model.bcbv.dq_rule_results": node}),
        "adapter": SimpleNamespace(get_relation=lambda *_: relation),
    }
    module: Any = environment.from_string(text).module
    return module.rule_checks().strip().removeprefix("union all")
