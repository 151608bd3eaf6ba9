"""A small release to make scorecards of: real names and words, figures made up by hand."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import yaml

from publication.release_data import ADDED_BY_DISCLOSURE, DATABASE, Facts

CHECKOUT = Path(__file__).resolve().parents[2]
REFERENCE = CHECKOUT / "seeds" / "reference"
QUARTERS = [
    f"{year}-{year % 100 + 1:02} Q{number}" for year in (2006, 2007) for number in range(1, 5)
]
LATEST = QUARTERS[-1]
STARTS = [(4, 1), (7, 1), (10, 1), (1, 1)]

# The longest name of an acute trust; a PCT whose code looks like a number; a specialist trust; one
# that belongs to no SHA. RGT's states are in STATES.
ORGANISATIONS = {
    "RDZ": ("acute_ft", "trust", "Q39"),
    "RGT": ("acute_ft", "trust", "Q35"),
    "RGM": ("acute_specialist", "trust", "Q35"),
    "5E1": ("pct", "pct", "Q30"),
    "RA9": ("acute", "trust", None),
}
# Another state than published, of RGT in the latest quarter.
STATES = {
    "BCBV02": ("caveat", "A13", "shown"),
    "BCBV03": ("published", None, "suppressed"),
    "BCBV08": ("not_submitted", None, "shown"),
    "BCBV09": ("not_applicable", "MIN", "shown"),
    "BCBV10": ("withheld", "U01", "shown"),
    "BCBV12": ("unusable", "U01", "shown"),
}
# Of RGT in the latest quarter: numerator, denominator, expected, value, best quarter, rank, of how
# many, quartile, pounds.
FIGURES = {
    "BCBV01": (3040, 385, 2340.9, 130.0, 91.7, 145, 147, 4, 796000),
    "BCBV02": (195, 145, 283.9, 68.3, 66.3, 38, 142, 2, 5000),
    "BCBV10": (139805, 3278750, None, 0.043, 0.026, None, 148, None, 44000),
    "BCBV14": (0, 314560, None, 0.0, 0.531, 151, 151, 4, None),
    "BCBV16": (285, 2595, None, 0.11, 0.106, 48, 149, 2, 3000),
}
HAVE_NO_FIGURES = ("not_submitted", "not_applicable", "unusable")


def facts(kind: str = "public", is_synthetic: bool = True) -> Facts:
    """What is said of the small release."""
    return Facts(
        release="2008-05-20T093000.000000Z",
        kind=kind,
        is_suppressed=kind == "public",
        is_synthetic=is_synthetic,
        published_at=datetime(2008, 5, 20, 9, 30, tzinfo=UTC),
        built_at=datetime(2008, 5, 20, 9, 0, tzinfo=UTC),
        as_at=None,
        code_version=None,
    )


def write_small_release(folder: Path) -> None:
    """Write the database of a public release with what scorecards read."""
    with duckdb.connect(str(folder / DATABASE)) as engine:
        engine.execute("create schema marts")
        engine.execute(
            f"create table marts.dim_indicator as from read_csv('{REFERENCE}/indicators.csv')"
        )
        engine.execute(
            "create table marts.dim_organisation as select org_code as organisation_code,"
            " org_name as organisation_name, org_type as organisation_type, sha_code, cluster"
            f" from read_csv('{REFERENCE}/organisations.csv', all_varchar = true)"
        )
        for code, (kind, _, sha_code) in ORGANISATIONS.items():
            engine.execute(
                "update marts.dim_organisation set sha_code = $2, organisation_type = $3"
                " where organisation_code = $1",
                [code, sha_code, kind],
            )
        indicators = engine.sql(
            "select indicator_id, area_class, org_type, direction from marts.dim_indicator"
        ).fetchall()
        _write_tables(engine, list(_values(indicators)))


def _values(indicators: Iterable[tuple]) -> Iterable[dict]:
    """One row per indicator, organisation and quarter, as in fct_indicator_values."""
    for indicator_id, _, kinds, direction in indicators:
        for code, (kind, class_, sha_code) in ORGANISATIONS.items():
            if kind not in kinds.split(";"):
                continue
            for number, quarter in enumerate(QUARTERS):
                row = _row(indicator_id, direction, number)
                row |= {"indicator_id": indicator_id, "organisation_code": code}
                row |= {"quarter": quarter, "organisation_type": kind, "organisation_class": class_}
                if code == "RDZ":
                    # As much text as there can be.
                    row |= {"publication_status": "caveat", "status_reason": "A11,A12,FOLLOWUP"}
                if code == "RGT" and quarter == LATEST:
                    row |= _of_rgt(indicator_id)
                if sha_code is None:
                    row |= {"sha_rank": None, "sha_n_ranked": None}
                yield row


def _row(indicator_id: str, direction: str, number: int) -> dict:
    scale = 0.8 if direction == "context" else 0.1
    return {
        "numerator": 1000.0,
        "denominator": 5000.0,
        "expected": 1111.1,
        "value": scale + number / 100,
        "publication_status": "published",
        "status_reason": None,
        "disclosure_status": "shown",
        "benchmark_value": None if direction == "context" else 0.12,
        "national_rank": None if direction == "context" else 100,
        "n_ranked": 150,
        "quartile": None if direction == "context" else 3,
        "opportunity_annual_gbp": 25000.0,
        "sha_rank": 7,
        "sha_n_ranked": 16,
    }


def _of_rgt(indicator_id: str) -> dict:
    names = (
        "numerator",
        "denominator",
        "expected",
        "value",
        "benchmark_value",
        "national_rank",
        "n_ranked",
        "quartile",
        "opportunity_annual_gbp",
    )
    row = dict(zip(names, FIGURES.get(indicator_id, ()), strict=False))
    if indicator_id in STATES:
        status, reason, disclosure = STATES[indicator_id]
        row |= {
            "publication_status": status,
            "status_reason": reason,
            "disclosure_status": disclosure,
        }
        if disclosure == "suppressed" or status in HAVE_NO_FIGURES:
            row |= dict.fromkeys(set(names) - {"benchmark_value", "n_ranked"})
            row |= {"sha_rank": None, "sha_n_ranked": None}
    return row


def _write_tables(engine: duckdb.DuckDBPyConnection, values: list[dict]) -> None:
    keys = ("indicator_id", "organisation_code", "quarter")
    latest = [row for row in values if row["quarter"] == LATEST]
    _write(engine, "fct_indicator_values", values)
    _write(engine, "dim_quarter", [
        {"quarter": quarter, "quarter_start_date": _start(quarter)} for quarter in QUARTERS
    ])  # fmt: skip
    # The three with the longest texts to start with; others flagged.
    order = {"BCBV01": 1, "BCBV02": 2, "BCBV08": 3, "BCBV05": 1, "BCBV04": 2, "BCBV06": 3}
    _write(engine, "fct_indicator_statistics", [
        {key: row[key] for key in keys}
        | {
            "concern": {"BCBV01": "concern", "BCBV12": "watch"}.get(row["indicator_id"], "none"),
            "focus_order": order.get(row["indicator_id"])
            if row["organisation_code"] != "RA9" and row["value"] is not None else None,
            "opportunity_annual_lower_gbp": 498000.0,
        }
        for row in latest
    ])  # fmt: skip
    _write(engine, "fct_indicator_trend", [
        {
            "indicator_id": row["indicator_id"],
            "area_level": "organisation",
            "area_code": row["organisation_code"],
            "quarter": LATEST,
            "variation": "improvement" if row["value"] is not None else None,
        }
        for row in latest
    ])  # fmt: skip
    spread = {"p10": 0.08, "p25": 0.1, "median": 0.12, "p75": 0.15, "p90": 0.2}
    _write(engine, "fct_quartile_thresholds", [
        {
            "indicator_id": indicator_id,
            "quarter": LATEST,
            "organisation_class": class_,
            "peer_set": peer_set,
            **{name: value * (600 if indicator_id == "BCBV01" else 1)
               for name, value in spread.items()},
        }
        for indicator_id, class_ in sorted(
            {(row["indicator_id"], row["organisation_class"]) for row in latest}
        )
        for peer_set in ("national", "specialist")
        if indicator_id != "BCBV11"
    ])  # fmt: skip
    _write(engine, "fct_area_values", [
        {
            "indicator_id": row["indicator_id"],
            "organisation_class": row["organisation_class"],
            "area_level": "sha",
            "area_code": sha_code,
            "quarter": LATEST,
            "value": 100.9 if row["indicator_id"] == "BCBV01" else 0.13,
        }
        for row in latest
        if row["organisation_code"] in ("RDZ", "RGT", "5E1")
        and (sha_code := ORGANISATIONS[row["organisation_code"]][2])
    ])  # fmt: skip
    _write(engine, "fct_opportunity", list(_pounds()))
    _write(engine, "dq_submission_status", [
        {"organisation_code": code, "quarter": LATEST, "feed": feed, "verdict": verdict}
        for code in ORGANISATIONS
        for feed, verdict in (("hes_apc", "amber"), ("finance", "green"), ("esr", "not_submitted"))
    ])  # fmt: skip
    _write(engine, "dq_scores", [
        {"organisation_code": "RGT", "quarter": LATEST, "feed": "-", "dq_score": 90.0},
        {"organisation_code": "RGT", "quarter": LATEST, "feed": None, "dq_score": 99.8},
    ])  # fmt: skip
    _write(engine, "dim_dq_rule", [
        {"rule_id": "A11", "name": "Uncoded casemix"},
        {"rule_id": "A12", "name": "Diagnosis not coded"},
        {"rule_id": "A13", "name": "Operation date missing or outside the stay"},
        {"rule_id": "FOLLOWUP", "name": "Follow-up not complete"},
        {"rule_id": "MIN", "name": "Few events"},
        {"rule_id": "U01", "name": "Unreadable figure"},
    ])  # fmt: skip


def _pounds() -> Iterable[dict]:
    amounts = {
        ("organisation", "RGT"): (801000.0, 796000.0),
        ("organisation", "RDZ"): (1250000.0, 1200000.0),
        ("sha", "Q35"): (8000000.0, 7000000.0),
        ("england", "england"): (102700000.0, 85900000.0),
    }
    for (level, code), both in amounts.items():
        for indicator_id, amount in zip(("ALL", "ALL_NETTED"), both, strict=True):
            yield {
                "indicator_id": indicator_id,
                "area_level": level,
                "area_code": code,
                "quarter": LATEST,
                "opportunity_annual_gbp": amount,
                "n_flagged": 1,
                "opportunity_annual_unflagged_gbp": 752000.0,
                "n_suppressed": 1 if code == "RGT" else 0,
            }


def _start(quarter: str) -> date:
    number = int(quarter[-1])
    month, day = STARTS[number - 1]
    return date(int(quarter[:4]) + (number == 4), month, day)


def _columns(table: str) -> set[str]:
    """The columns of a mart by its contract, so that this release does not drift away from it."""
    [contract] = (CHECKOUT / "models" / "marts").glob(f"*/{table}.yml")
    described = yaml.safe_load(contract.read_text(encoding="utf-8"))
    return {column["name"] for column in described["models"][0]["columns"]}


def _write(engine: duckdb.DuckDBPyConnection, table: str, rows: list[Mapping]) -> None:
    """A table of rows, whose columns are some of the mart's; types are those of the values."""
    unknown = set(rows[0]) - _columns(table) - set(ADDED_BY_DISCLOSURE)
    assert not unknown, f"{table} has no {unknown}"
    types = {str: "varchar", int: "bigint", float: "double", date: "date"}
    columns = {}
    for name in rows[0]:
        known = [type(row[name]) for row in rows if row[name] is not None]
        columns[name] = types[float if float in known else known[0]]
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    engine.execute(f"create table marts.{table} ({listed})")
    places = ", ".join("?" for _ in columns)
    engine.executemany(
        f"insert into marts.{table} values ({places})",
        [[row[name] for name in columns] for row in rows],
    )
