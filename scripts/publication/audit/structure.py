"""Figures that stand in a hidden row, in whichever table: there ought to be none."""

from collections import defaultdict

from publication.audit.cells import Cells
from publication.audit.outcome import Opened
from publication.audit.tables import Tables
from warehouse.home import identifier

NUMBERS = ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "HUGEINT")
# Of the peers, of the group, or of how many rows stand behind a sum: not of the row.
NOT_ITS_OWN = {
    "benchmark_value", "sha_benchmark_value", "cluster_benchmark_value",
    "shrunk_benchmark_value", "overdispersion_phi", "overdispersion_tau2", "funnel_target",
    "funnel_centre", "n_suppressed", "n_organisations", "n_flagged", "n_left_out",
    "deprivation_quintile", "n_releases",
}  # fmt: skip


def attack_structure(tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Hidden rows beside which a number stands; gives how many rows were looked at."""
    tried: dict[str, int] = defaultdict(int)
    opened: list[Opened] = []
    for table, columns in sorted(tables.columns.items()):
        organisation = "organisation_code" if "organisation_code" in columns else "area_code"
        if not tables.has(table, "indicator_id", "quarter", organisation):
            continue
        numbers = [
            column
            for column, kind in columns.items()
            if kind in NUMBERS and column not in NOT_ITS_OWN
        ]
        if not numbers:
            continue
        level = " and held.area_level = 'organisation'" if "area_level" in columns else ""
        stands = ", ".join(
            f"case when held.{identifier(column)} is not null then '{column}' end"
            for column in numbers
        )
        for indicator, code, quarter, names in tables.rows(
            "select tried.indicator_id, tried.organisation_code, tried.quarter,"
            f" concat_ws(', ', {stands}) as names from {table} as held join tried"
            " on held.indicator_id = tried.indicator_id and held.quarter = tried.quarter"
            f" and held.{identifier(organisation)} = tried.organisation_code{level}"
        ):
            key = (indicator, code, quarter)
            if key not in cells.hidden:
                continue
            tried["a figure of a hidden row"] += 1
            if names:
                opened.append(
                    Opened("a figure of a hidden row", table, f"{' '.join(key)} {names}", ())
                )
    return tried, opened
