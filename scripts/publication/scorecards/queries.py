"""What scorecards are made of, read once; the SQL lies in `scorecard_assets/queries/`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publication.release_data import Facts, Release
from publication.scorecards.assets import ASSETS

Row = Mapping[str, Any]

N_QUARTERS = 8
ENGLAND = "england"


@dataclass(frozen=True)
class Data:
    """One quarter of a release."""

    facts: Facts
    quarter: str
    indicators: Mapping[str, Row]
    # Names of data-quality rules by their identifiers.
    rules: Mapping[str, str]
    organisations: Sequence[Row]
    # One row an indicator, by code of the organisation.
    rows: Mapping[str, Sequence[Row]]
    # Pounds by SHA code, and of England.
    areas: Mapping[str, Row]


def latest_quarter(release: Release) -> str | None:
    """The latest quarter with any value; None where there is none."""
    found = release.engine.sql(
        "select max(quarter) from fct_indicator_values where value is not null"
    ).fetchone()
    return found[0] if found else None


def read(release: Release, quarter: str, code: str | None = None) -> Data:
    """What the scorecards of a quarter need: of all organisations with rows in it, or of one."""
    rows = defaultdict(list)
    for row in _rows(release, "rows", quarter=quarter, code=code, n_quarters=N_QUARTERS):
        rows[row["organisation_code"]].append(row)
    return Data(
        facts=release.facts,
        quarter=quarter,
        indicators={row["indicator_id"]: row for row in _rows(release, "indicators")},
        rules={row["rule_id"]: row["name"] for row in _rows(release, "rules")},
        organisations=_rows(release, "organisations", quarter=quarter, code=code),
        rows=rows,
        areas={row["area_code"]: row for row in _rows(release, "areas", quarter=quarter)},
    )


def _rows(release: Release, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query, which takes its parameters by name."""
    sql = (ASSETS / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    result = release.engine.execute(sql, parameters)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
