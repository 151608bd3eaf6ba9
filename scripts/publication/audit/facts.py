"""Figures of tried rows that simply stand somewhere: of the row itself, or of its neighbours."""

import re
from collections.abc import Mapping

from publication.audit.cells import Cells, Key, key_list
from publication.audit.intervals import around, is_empty, meet
from publication.audit.rows import BACKGROUND, SHOWN
from publication.audit.tables import Tables
from warehouse.home import identifier

# By table, the column of the organisation, and the variable that each column gives.
FIGURES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "fct_indicator_values": (
        "organisation_code",
        {
            "numerator": "n",
            "denominator": "d",
            "expected": "e",
            "crude_value": "cr",
            "value": "v",
            "gap": "gap",
            "excess_units": "x",
            "unit_price_gbp": "p",
            "opportunity_quarter_gbp": "oq",
            "opportunity_annual_gbp": "oa",
            "opportunity_annual_at_median_gbp": "oam",
            "opportunity_annual_at_best_decile_gbp": "oab",
            "releasable_annual_gbp": "rel",
        },
    ),
    "fct_indicator_statistics": (
        "organisation_code",
        {
            "value_lower_95": "l95",
            "value_upper_95": "u95",
            "value_lower_998": "l998",
            "value_upper_998": "u998",
            "transformed_value": "y",
            "transformed_standard_error": "s",
            "funnel_z": "z",
            "shrunk_value": "vs",
            "opportunity_annual_shrunk_gbp": "oas",
            "opportunity_annual_lower_gbp": "oal",
            "opportunity_annual_upper_gbp": "oau",
        },
    ),
    "fct_indicator_trend": ("area_code", {"trend_value": "v"}),
    "fct_revisions": (
        "organisation_code",
        {"current_value": "v", "current_opportunity_annual_gbp": "oa"},
    ),
    "fct_opportunity": (
        "area_code",
        {
            "opportunity_quarter_gbp": "oq",
            "opportunity_annual_gbp": "oa",
            "opportunity_annual_at_median_gbp": "oam",
            "opportunity_annual_at_best_decile_gbp": "oab",
            "releasable_annual_gbp": "rel",
        },
    ),
    "fct_opportunity_change": ("area_code", {"opportunity_to_gbp": "oa"}),
}
# Figures that hold of a whole group, and stand beside a hidden row too.
SHARED: Mapping[str, Mapping[str, str]] = {
    "fct_indicator_values": {"benchmark_value": "t"},
    "fct_indicator_statistics": {
        "overdispersion_tau2": "tau2",
        "funnel_target": "target",
        "shrunk_benchmark_value": "ts",
    },
}


def gather(tables: Tables, cells: Cells) -> None:
    """Learn all that stands in the tables beside the keys of tried rows."""
    keys = cells.keys()
    tables.engine.execute(f"create or replace temp table tried as from {key_list(keys)}")
    if not keys:
        return
    for table, (organisation, columns) in FIGURES.items():
        _learn_columns(tables, cells, table, organisation, columns, SHOWN)
    for table, columns in SHARED.items():
        _learn_columns(tables, cells, table, "organisation_code", columns, BACKGROUND)
    _learn_wide(tables, cells)
    _learn_from_next(tables, cells)
    _learn_thresholds(tables, cells)
    _learn_prices(tables, cells)
    _learn_reference(tables, cells)
    _learn_reasons(tables, cells)


def _learn_columns(
    tables: Tables,
    cells: Cells,
    table: str,
    organisation: str,
    columns: Mapping[str, str],
    attack: str,
) -> None:
    if not tables.has(table, "indicator_id", organisation, "quarter"):
        return
    there = [column for column in columns if tables.has(table, column)]
    names = ", ".join(f"try_cast({table}.{identifier(c)} as double)" for c in there)
    level = "and area_level = 'organisation'" if tables.has(table, "area_level") else ""
    for indicator, code, quarter, *figures in tables.rows(
        f"select tried.*, {names} from {table} join tried"
        f" on {table}.indicator_id = tried.indicator_id and {table}.quarter = tried.quarter"
        f" and {table}.{organisation} = tried.organisation_code {level}"
    ):
        for column, figure in zip(there, figures, strict=True):
            if figure is not None:
                half = tables.half(table, column, indicator)
                cells.learn(
                    (indicator, code, quarter),
                    columns[column],
                    around(figure, half),
                    attack=attack,
                    table=table,
                )


def _learn_wide(tables: Tables, cells: Cells) -> None:
    """The wide tables of trusts and of PCTs, a column an indicator."""
    for kind in cells.kinds.values():
        for table in ("rpt_trust_indicators", "rpt_pct_indicators"):
            for suffix, variable, like in (
                ("value", "v", ("fct_indicator_values", "value")),
                (
                    "opportunity_annual_gbp",
                    "oa",
                    ("fct_indicator_values", "opportunity_annual_gbp"),
                ),
            ):
                column = f"{kind.short_name}_{suffix}"
                if not tables.has(table, column):
                    continue
                half = max(tables.half(*like, kind.indicator), tables.half(table, column))
                for code, quarter, figure in tables.rows(
                    f"select tried.organisation_code, tried.quarter, {identifier(column)}"
                    f" from {table} join tried using (organisation_code, quarter)"
                    f" where tried.indicator_id = '{kind.indicator}'"
                    f" and {identifier(column)} is not null"
                ):
                    key = (kind.indicator, code, quarter)
                    cells.learn(key, variable, around(figure, half), attack=SHOWN, table=table)


def _learn_from_next(tables: Tables, cells: Cells) -> None:
    """What the next quarter says of the one before: its value, the change, the pounds."""
    table = "fct_indicator_trend"
    if tables.has(table, "previous_value", "change", "trend_value"):
        for *key, previous, value, change in tables.rows(
            "select tried.*, trend.previous_value, trend.trend_value, trend.change from tried"
            " join dim_quarter as later on later.previous_quarter = tried.quarter"
            f" join {table} as trend on trend.indicator_id = tried.indicator_id"
            " and trend.area_code = tried.organisation_code and trend.quarter = later.quarter"
            " and trend.area_level = 'organisation'"
        ):
            cell: Key = (key[0], key[1], key[2])
            half = tables.half(table, "trend_value", key[0])
            if previous is not None:
                cells.learn(cell, "v", around(previous, half), attack="previous value", table=table)
            if value is not None and change is not None:
                cells.learn(
                    cell, "v", around(value - change, 2 * half), attack="value less change",
                    table=table,
                )  # fmt: skip
    table = "fct_opportunity_change"
    if tables.has(table, "opportunity_from_gbp"):
        for *key, amount in tables.rows(
            f"select tried.*, change.opportunity_from_gbp from tried join {table} as change"
            " on change.indicator_id = tried.indicator_id and change.area_level = 'organisation'"
            " and change.area_code = tried.organisation_code"
            " and change.from_quarter = tried.quarter"
            " where change.opportunity_from_gbp is not null"
        ):
            half = tables.half(table, "opportunity_from_gbp", key[0])
            cells.learn(
                (key[0], key[1], key[2]), "oa", around(amount, half), attack="pounds before",
                table=table,
            )  # fmt: skip


def _learn_thresholds(tables: Tables, cells: Cells) -> None:
    """The median and the best tenth of the peers, against which pounds are told too."""
    table = "fct_quartile_thresholds"
    if not tables.has(table, "median", "p10", "p90"):
        return
    found = {
        (indicator, quarter, class_): figures
        for indicator, quarter, class_, *figures in tables.rows(
            "select indicator_id, quarter, organisation_class, median, p10, p90"
            f" from {table} where peer_set = 'national'"
        )
    }
    for key in sorted(cells.keys()):
        kind = cells.kinds[key[0]]
        median, p10, p90 = found.get((key[0], key[2], kind.class_), (None, None, None))
        best = p90 if kind.direction == "higher" else p10
        for variable, figure, column in (("tm", median, "median"), ("tb", best, "p10")):
            if figure is not None:
                half = tables.half(table, column, key[0])
                cells.learn(key, variable, around(figure, half), attack=BACKGROUND, table=table)


def _learn_prices(tables: Tables, cells: Cells) -> None:
    """A price that is the same for all of a quarter; that of BCBV03 is of each one's own cases."""
    table = "fct_indicator_values"
    half = tables.half(table, "unit_price_gbp")
    for indicator, quarter, low, high in tables.rows(
        f"select indicator_id, quarter, min(unit_price_gbp), max(unit_price_gbp) from {table}"
        " where unit_price_gbp is not null group by all having count(*) > 1"
    ):
        if high - low <= 2 * half + 1e-9:
            for key in sorted(cells.keys()):
                if (key[0], key[2]) == (indicator, quarter) and cells.kinds[indicator].is_index:
                    cells.learn(key, "p", around(low, half), attack=BACKGROUND, table=table)


def _learn_reference(tables: Tables, cells: Cells) -> None:
    """The reference's rate of BCBV03: value x expected / numerator, the same in all rows."""
    table = "fct_indicator_values"
    for kind in cells.kinds.values():
        if kind.is_index or not kind.is_standardised:
            continue
        halves = {
            c: tables.half(table, c, kind.indicator) for c in ("value", "expected", "numerator")
        }
        rates: dict[str, tuple[float, float]] = {}
        for quarter, value, expected, numerator in tables.rows(
            f"select quarter, value, expected, numerator from {table}"
            f" where indicator_id = '{kind.indicator}' and numerator > 8 and value > 0"
        ):
            v = around(value, halves["value"])
            e = around(expected, halves["expected"])
            n = around(numerator, halves["numerator"])
            rate = (v[0] * e[0] / n[1], v[1] * e[1] / n[0])
            left = meet(rates.get(quarter, (0.0, 1.0)), rate)
            if not is_empty(left):
                rates[quarter] = left
        for key in sorted(cells.keys()):
            if key[0] == kind.indicator and key[2] in rates:
                cells.learn(key, "ref", rates[key[2]], attack=BACKGROUND, table=table)


def _learn_reasons(tables: Tables, cells: Cells) -> None:
    """The reason MIN, or its absence, says on which side of a known minimum a count lies."""
    table = "fct_indicator_values"
    if not tables.has("dim_indicator", "min_denominator", "minimum_applies_to"):
        return
    minima = {
        indicator: (minimum, {"expected": "e", "denominator": "d"}.get(applies_to))
        for indicator, minimum, applies_to in tables.rows(
            "select indicator_id, min_denominator, minimum_applies_to from dim_indicator"
            " where min_denominator is not null"
        )
    }
    for *parts, status, reason in tables.rows(
        f"select tried.*, publication_status, status_reason from {table} join tried"
        " using (indicator_id, organisation_code, quarter)"
    ):
        minimum, variable = minima.get(parts[0], (None, None))
        if minimum is None or variable is None or status not in ("published", "caveat"):
            continue
        is_under = "MIN" in re.split(r"\W+", reason or "")
        bounds = (0.0, minimum) if is_under else (minimum, float("inf"))
        cells.learn(
            (parts[0], parts[1], parts[2]), variable, bounds, attack=BACKGROUND, table=table
        )
