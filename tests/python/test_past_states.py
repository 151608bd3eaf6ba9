"""Three extracts of one quarter: each state is built again exactly, every row accounted for."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from building import HES_APC_ROW, dbt, query, script

from warehouse.home import literal

DAYS = ("2006-08-22", "2006-11-22", "2007-05-31")
ABSENCE_HEADER = "month,org_code,staff_group,fte_days_lost,fte_days_available"
COLUMNS = [*HES_APC_ROW, "REMARK"]
# Of runs, not of submissions; it goes on.
HISTORY = "fct_check_history"


def episode(**values: str) -> str:
    """A line of hes_apc of trust RWE."""
    row = HES_APC_ROW | {"PROCODE3": "RWE"} | values
    return "|".join(row.get(column, "") for column in COLUMNS)


def write(folder: Path, day: str, days_lost: int, *episodes: str) -> None:
    """An extract of a day: sickness of two trusts, and lines of hes_apc."""
    folder.mkdir()
    absence = [f"20060{m},RWE,All,{days_lost},1000" for m in (4, 5, 6)]
    absence += [f"20060{m},RXA,All,30,1000" for m in (4, 5, 6)]
    text = "\n".join([ABSENCE_HEADER, *absence]) + "\n"
    (folder / f"esr_absence__fy2006-07q1__{day}.csv").write_text(text)
    text = "\n".join(["|".join(COLUMNS), *episodes]) + "\n"
    (folder / f"hes_apc__fy2006-07q1__{day}.psv").write_text(text)


FIRST = [
    episode(EPIKEY="1"),
    # Nobody knows the provider, and the line after is too long; then one outside the period.
    episode(EPIKEY="2", PROCODE3="ZZZ"),
    episode(EPIKEY="3") + "|and|more",
    episode(EPIKEY="4", EPIEND="2006-07-02", DISDATE="2006-07-02", REMARK='a "late" end'),
    "",
    # Without a date; then the first episode once more, under another key.
    episode(EPIKEY="5", EPISTART="", EPIEND="", PSEUDO_HESID="P5"),
    episode(EPIKEY="6"),
]


def build(home: Path, *variables: str) -> Path:
    """All models; seeds do not change from one state to the next."""
    dbt(home, "run", *variables).succeeded()
    return home / "warehouse.duckdb"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home in which the extracts landed one by one, with a copy of the first two states."""
    home = tmp_path_factory.mktemp("states")
    write(home / "first", DAYS[0], 40, *FIRST)
    write(
        home / "second", DAYS[1], 50, *(episode(EPIKEY=str(n), PSEUDO_HESID=f"Q{n}") for n in "789")
    )
    # The later extracts know of another name, and of more people.
    listed = "org_code,org_name,org_type,sha_code,open_date,close_date,cluster\n"
    name = f"organisations__fy2006-07__{DAYS[1]}.csv"
    (home / "second" / name).write_text(
        f"{listed}RWE,Known by another name,acute,Q33,2001-04-01,,\n"
    )
    write(home / "third", DAYS[2], 60, episode(EPIKEY="1", SEX="2"))
    script(home, "ingest", home / "first").succeeded()
    dbt(home, "seed").succeeded()
    for state in ("first", "second"):
        if state != "first":
            script(home, "ingest", home / state).succeeded()
        shutil.copy(build(home), home / f"{state}.duckdb")
    script(home, "ingest", home / "third").succeeded()
    return home


def differences(then: Path, again: Path) -> list[str]:
    """What is in a mart of one warehouse and not in that of the other."""
    with duckdb.connect() as engine:
        engine.execute(f"attach {literal(then)} as was (read_only)")
        engine.execute(f"attach {literal(again)} as now (read_only)")
        tables = [
            {
                name
                for (name,) in engine.execute(
                    "select table_name from information_schema.tables"
                    " where table_catalog = $1 and table_schema = 'marts' and table_name <> $2",
                    [catalog, HISTORY],
                ).fetchall()
            }
            for catalog in ("was", "now")
        ]
        assert tables[0] == tables[1] and len(tables[0]) > 10
        found = []
        for table in sorted(tables[0]):
            was, now = f"was.marts.{table}", f"now.marts.{table}"
            for one, other in ((was, now), (now, was)):
                rows = engine.sql(f"from {one} except all from {other} limit 3").fetchall()
                found += [f"{one}: {row}" for row in rows]
        return found


@pytest.fixture(scope="module")
def second_again(home) -> Path:
    """The second state, built when the third had landed; the day of an extract belongs to it."""
    again = build(home, "--vars", f"{{as_at: {DAYS[1]}}}")
    return Path(shutil.copy(again, home / "second_again.duckdb"))


def test_the_first_state_is_built_again_exactly(home):
    again = build(home, "--vars", "{as_at: 2006-11-21}")
    assert differences(home / "first.duckdb", again) == []


def test_the_second_state_is_built_again_exactly(home, second_again):
    assert differences(home / "second.duckdb", second_again) == []
    found = differences(home / "first.duckdb", second_again)
    for table in ("dim_organisation", "fct_indicator_values", "dq_submissions"):
        assert any(f".{table}:" in line for line in found), f"the states do not differ in {table}"


def accounts(database: Path) -> dict[str, dict]:
    """What became of the lines of each submission, by feed and extract date; noughts left out."""
    rows = query(database, "select * from marts.dq_submissions")
    return {
        f"{row['feed']} {row['extract_date']}": {
            name: value for name, value in row.items() if name.startswith("n_") and value
        }
        | {"is_effective": row["is_effective"]}
        for row in rows
    }


def test_every_line_is_accounted_for(home):
    found = accounts(home / "first.duckdb")[f"hes_apc {DAYS[0]}"]
    # Six lines with content, one malformed; A06, ORG and A01 take one each. One has no date.
    assert found == {
        **{"n_lines": 6, "n_rejected": 1, "n_landed": 5, "n_quarantined": 3, "n_in_use": 2},
        **{"n_a01": 1, "n_a06": 1, "n_org": 1, "is_effective": True},
    }


def test_what_a_later_extract_replaced_is_superseded_but_for_a06(second_again):
    found = accounts(second_again)
    assert found[f"hes_apc {DAYS[0]}"] == {
        **{"n_lines": 6, "n_rejected": 1, "n_landed": 5, "n_superseded": 4, "n_quarantined": 1},
        **{"n_a06": 1, "is_effective": False},
    }
    assert found[f"esr_absence {DAYS[0]}"] == {
        **{"n_lines": 6, "n_landed": 6, "n_superseded": 6, "is_effective": False},
    }
    assert found[f"organisations {DAYS[1]}"] == {
        **{"n_lines": 1, "n_landed": 1, "n_in_use": 1, "is_effective": True},
    }
    assert f"hes_apc {DAYS[2]}" not in found


def test_quarantined_records_are_the_lines_as_they_came(home):
    rows = query(
        home / "first.duckdb",
        "select line_number, rule_id, organisation_code, quarter, record_key, record"
        " from marts.dq_quarantined_records order by line_number",
    )
    columns = [column.lower() for column in COLUMNS]
    for row in rows:
        line = FIRST[row["line_number"] - 2].split("|")
        wanted = dict(zip(columns, (text or None for text in line), strict=True))
        assert json.loads(row.pop("record")) == wanted
    assert [tuple(row.values()) for row in rows] == [
        (3, "ORG", None, "2006-07 Q1", "2"),
        (5, "A06", "RWE", "2006-07 Q2", "4"),
        (8, "A01", "RWE", "2006-07 Q1", "6"),
    ]
