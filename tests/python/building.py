"""Runs the project's own commands as a user would, in processes of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

CHECKOUT = Path(__file__).resolve().parents[2]

# A small file that lands: sickness absence of one trust.
ABSENCE_COLUMNS = "month,org_code,staff_group,fte_days_lost,fte_days_available"
ABSENCE_NAME = "esr_absence__fy2006-07q1__2006-08-22.csv"
ABSENCE_ROW = "200604,RXA,Nurses,10.5,300"


# A row of hes_apc that counts, as text by column.
HES_APC_ROW = {
    "EPIKEY": "1",
    "PSEUDO_HESID": "P1",
    "PROCODE3": "RXA",
    "ADMIDATE": "2006-04-03",
    "DISDATE": "2006-04-05",
    "EPISTART": "2006-04-03",
    "EPIEND": "2006-04-05",
    "EPIORDER": "1",
    "EPISTAT": "3",
    "ADMIMETH": "11",
    "CLASSPAT": "1",
    "SEX": "1",
    "STARTAGE": "54",
    "DIAG_4_01": "J180",
    "OPERTN_4_01": "-",
    "SUSHRG": "DZ11A",
}


@dataclass(frozen=True)
class Run:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    def succeeded(self) -> "Run":
        """This run, if it ended well; else an assertion error with what it said."""
        assert self.status == 0, f"{self.out[-6000:]}\n{self.err[-6000:]}"
        return self


def run(home: Path, *command: str | Path) -> Run:
    """Run a command from the project's root with a BCBV_HOME of its own."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=CHECKOUT,
        env=os.environ | {"BCBV_HOME": str(home), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(result.returncode, result.stdout, result.stderr)


def script(home: Path, name: str, *arguments: str | Path) -> Run:
    """Run one of the project's scripts."""
    return run(home, sys.executable, f"scripts/{name}.py", *arguments)


def dbt(home: Path, *arguments: str) -> Run:
    """Run dbt as installed beside this Python."""
    return run(home, Path(sys.executable).parent / "dbt", "--no-use-colors", *arguments)


# A whole build without what hangs on no data: unit tests, and data tests of seeds. These run once,
# on the sample.
WITH_DATA = ("--exclude", "resource_type:unit_test", "path:seeds,resource_type:test")


def query(database: Path, sql: str) -> list[dict]:
    """The rows of a query on a DuckDB file, which is opened for reading only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        relation = connection.sql(sql)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
