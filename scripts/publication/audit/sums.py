"""Totals less their members: of areas, of England, of all indicators, in every table that adds up.

A total either leaves hidden rows out, or holds them. The attacker finds out which, from the groups
in which nothing is hidden: where those add up to the last digit, a remainder in the others is what
is hidden; where they do so but for rounding, a remainder that no rounding explains is. One such
group tells that the table holds hidden rows, and then each of its remainders is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from publication.audit.cells import Cells, Key
from publication.audit.intervals import Interval
from publication.audit.systems import Equation, bounds
from publication.audit.tables import Tables


@dataclass(frozen=True)
class Group:
    """One total: what is left of it without its shown members, and who is hidden in it."""

    name: str
    remainder: float
    half: float  # that the total is off by as it is worked out from what is printed
    members_half: float  # and by its rounding and that of its shown members, unless they add up
    hidden: tuple[Key, ...]
    scale: float
    member_half: float = 0.0  # by how much one member may be off


@dataclass(frozen=True)
class Sum:
    """A total that has members: in which table, of which variable, by which queries.

    `totals` gives grp, total, half, and own, its own rounding; `members` gives grp, indicator_id,
    organisation_code, quarter, figure and half, of which the hidden have no figure.
    """

    attack: str
    table: str
    variable: str
    totals: str
    members: str


def attack_sums(tables: Tables, cells: Cells) -> dict[str, int]:
    """Learn what totals say of hidden rows; gives the number of totals tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    if not cells.hidden:
        return tried
    for one in _sums(tables):
        groups = _groups(tables, one, cells)
        tried[one.attack] += sum(1 for group in groups if group.hidden)
        _learn(cells, one, groups)
    return tried


def _groups(tables: Tables, one: Sum, cells: Cells) -> list[Group]:
    rows = tables.rows(
        f"with totals as ({one.totals}), members as ({one.members}),"
        " summed as (select members.grp, coalesce(sum(members.figure), 0) as figures,"
        " coalesce(sum(members.half) filter (members.figure is not null), 0) as halves,"
        " list((members.indicator_id, members.organisation_code, members.quarter))"
        " filter (members.figure is null and tried.indicator_id is not null) as hidden,"
        " coalesce(sum(abs(members.figure)), 0) as scale,"
        " coalesce(max(members.half), 0) as member_half"
        " from members left join tried on tried.indicator_id = members.indicator_id"
        " and tried.organisation_code = members.organisation_code"
        " and tried.quarter = members.quarter group by members.grp)"
        " select grp, cast(total - figures as double), cast(totals.half as double),"
        " cast(halves + totals.own as double), hidden, cast(scale as double),"
        " cast(member_half as double)"
        " from totals join summed using (grp) where total is not null"
    )
    return [
        Group(
            grp,
            remainder,
            half,
            halves,
            tuple(sorted({_key(key) for key in hidden or []} & cells.hidden)),
            scale,
            member_half,
        )
        for grp, remainder, half, halves, hidden, scale, member_half in rows
    ]


def _key(parts: Sequence[str]) -> Key:
    return parts[0], parts[1], parts[2]


def informative(groups: Iterable[Group]) -> list[Group]:
    """Groups whose remainder is what is hidden, with the most that it may be off."""
    groups = list(groups)
    open_groups = [group for group in groups if not group.hidden]
    hiding = [group for group in groups if group.hidden]

    def slack(group: Group) -> float:
        return 1e-7 * max(1.0, group.scale) + group.half

    adds_up = all(abs(group.remainder) <= slack(group) for group in open_groups)
    if not adds_up:
        rounded = [abs(g.remainder) <= slack(g) + g.members_half for g in open_groups]
        if not all(rounded):
            return []  # no such sum: members are not those that the attacker thinks
    # Of figures that add up as printed, the hidden one is in the total as it would be printed.
    widths = [
        replace(group, half=slack(group) + (0.0 if adds_up else group.members_half))
        for group in hiding
    ]
    if not any(abs(group.remainder) > group.half for group in widths):
        return []
    return widths


def _learn(cells: Cells, one: Sum, groups: Sequence[Group]) -> None:
    found = informative(groups)
    if not found:
        return
    equations: dict[tuple[str, str], list[Equation]] = defaultdict(list)
    for group in found:
        width = group.half + group.member_half * len(group.hidden)
        interval = (group.remainder - width, group.remainder + width)
        equations[group.hidden[0][2], one.variable].append(Equation(group.hidden, interval))
    for (_, variable), system in equations.items():
        for key, interval in bounds(system, partial(_prior, cells, variable), variable).items():
            cells.learn(key, variable, interval, attack=one.attack, table=one.table)


def _prior(cells: Cells, variable: str, key: Key) -> Interval:
    """What is known of a hidden figure before: a lone count that may be small is."""
    counts = cells.kinds[key[0]].counts
    name = {"n": "numerator", "d": "denominator"}.get(variable)
    if counts == (name,):
        return 1.0, 7.0
    return 0.0, float("inf")


def _sums(tables: Tables) -> Iterable[Sum]:
    yield from _area_values(tables)
    yield from _opportunities(tables)
    yield from _all_indicators(tables)
    yield from _changes(tables)
    yield from _scenarios(tables)


def _half_column(tables: Tables, table: str, column: str, name: str = "indicator_id") -> str:
    """The half unit of a column as an expression, by indicator."""
    indicators = [i for (i,) in tables.rows(f"select distinct indicator_id from {table}")]
    halves = {i: tables.half(table, column, i) for i in indicators}
    if len(set(halves.values())) == 1:
        return repr(float(next(iter(halves.values()))))
    cases = " ".join(f"when '{i}' then {float(half)!r}" for i, half in halves.items())
    return f"(case {name} {cases} end)"


def _members(tables: Tables, column: str, where: str, table: str = "fct_indicator_values") -> str:
    """Rows of organisations in their authority and in England, of the class that areas add up."""
    half = _half_column(tables, table, column, "held.indicator_id")
    shown = "where" if not where else f"where {where} and"
    return (
        f"select unnest(['sha ' || coalesce(organisation.sha_code, ''), 'england'])"
        f" || ' ' || held.indicator_id || ' ' || held.quarter as grp, held.indicator_id,"
        f" held.organisation_code, held.quarter, held.{column} as figure, {half} as half"
        f" from {table} as held join dim_organisation as organisation"
        " on organisation.organisation_code = held.organisation_code"
        " join dim_indicator as indicator on indicator.indicator_id = held.indicator_id"
        " join fct_indicator_values as facts on facts.indicator_id = held.indicator_id"
        " and facts.organisation_code = held.organisation_code and facts.quarter = held.quarter"
        f" {shown} facts.organisation_class = indicator.area_class"
    )


def _area_totals(
    tables: Tables, table: str, total: str, half: str = "0.0", where: str = "true"
) -> str:
    own = _half_column(tables, table, total) if half == "0.0" else "0.0"
    return (
        "select case area_level when 'england' then 'england' else 'sha ' || area_code end"
        f" || ' ' || indicator_id || ' ' || quarter as grp, {total} as total, {half} as half,"
        f" {own} as own from {table} where area_level in ('sha', 'england') and {where}"
    )


def _area_values(tables: Tables) -> Iterable[Sum]:
    table = "fct_area_values"
    if not tables.has(table, "numerator", "simple_mean"):
        return
    counted = "facts.publication_status in ('published', 'caveat')"
    of_class = (
        "organisation_class = (select area_class from dim_indicator as i"
        f" where i.indicator_id = {table}.indicator_id)"
    )
    for column, variable in (("numerator", "n"), ("denominator", "d"), ("expected", "e")):
        yield Sum(
            f"area's {column} less members",
            table,
            variable,
            _area_totals(tables, table, column, where=of_class),
            _members(tables, column, counted),
        )
    half = f"{_half_column(tables, table, 'simple_mean')} * n_organisations"
    yield Sum(
        "area's mean less members",
        table,
        "v",
        _area_totals(tables, table, "simple_mean * n_organisations", half, of_class),
        _members(tables, "value", counted),
    )


POUNDS = {
    "opportunity_quarter_gbp": "oq",
    "opportunity_annual_gbp": "oa",
    "opportunity_annual_at_median_gbp": "oam",
    "opportunity_annual_at_best_decile_gbp": "oab",
    "releasable_annual_gbp": "rel",
}


def _opportunities(tables: Tables) -> Iterable[Sum]:
    table = "fct_opportunity"
    if not tables.has(table, *POUNDS):
        return
    for column, variable in POUNDS.items():
        yield Sum(
            "area's pounds less members",
            table,
            variable,
            _area_totals(tables, table, column),
            _members(tables, column, ""),
        )
    column = "opportunity_annual_unflagged_gbp"
    if tables.has(table, column):
        yield Sum(
            "area's pounds less members",
            table,
            "oa",
            _area_totals(tables, table, column),
            _members(tables, "opportunity_annual_gbp", "facts.publication_status = 'published'"),
        )
    table = "fct_opportunity_vintages"
    if tables.has(table, "release", "opportunity_annual_gbp"):
        yield Sum(
            "vintage less members",
            table,
            "oa",
            "select 'england ' || indicator_id || ' ' || quarter as grp,"
            " opportunity_annual_gbp as total, 0.0 as half,"
            f" {_half_column(tables, table, 'opportunity_annual_gbp')} as own from {table}"
            " where release = 'current'",
            _members(tables, "opportunity_annual_gbp", ""),
        )


def _all_indicators(tables: Tables) -> Iterable[Sum]:
    """The total of all indicators less each of them, of an organisation and of an area."""
    table = "fct_opportunity"
    if not tables.has(table, *POUNDS):
        return
    in_total = (
        " join dim_indicator as indicator on indicator.indicator_id = held.indicator_id"
        " where indicator.in_published_total and indicator.published_from_quarter <= held.quarter"
    )
    for column, variable in POUNDS.items():
        half = _half_column(tables, table, column, "held.indicator_id")
        totals = (
            "select area_level || ' ' || area_code || ' ' || quarter as grp,"
            f" {column} as total, 0.0 as half, {_half_column(tables, table, column)} as own"
            f" from {table} where indicator_id = 'ALL'"
        )
        shown = (
            "select held.area_level || ' ' || held.area_code || ' ' || held.quarter as grp,"
            " held.indicator_id, held.area_code as organisation_code, held.quarter,"
            f" held.{column} as figure, {half} as half from {table} as held {in_total}"
        )
        hidden = (
            "select unnest(['organisation ' || held.organisation_code,"
            " 'sha ' || coalesce(organisation.sha_code, ''), 'england england'])"
            " || ' ' || held.quarter as grp, held.indicator_id, held.organisation_code,"
            f" held.quarter, cast(null as double) as figure, {half} as half from tried as held"
            " join dim_organisation as organisation"
            f" on organisation.organisation_code = held.organisation_code {in_total}"
        )
        for level in ("= 'organisation'", "<> 'organisation'"):
            yield Sum(
                "total of all indicators less each",
                table,
                variable,
                f"{totals} and area_level {level}",
                f"{shown} and held.{column} is not null union all {hidden}",
            )


def _changes(tables: Tables) -> Iterable[Sum]:
    table = "fct_opportunity_change"
    if not tables.has(table, "opportunity_from_gbp", "opportunity_to_gbp"):
        return
    for column, quarter in (
        ("opportunity_to_gbp", "quarter"),
        ("opportunity_from_gbp", "from_quarter"),
    ):
        half = _half_column(tables, table, column, "held.indicator_id")
        group = (
            "|| ' ' || held.indicator_id || ' ' || held.quarter || ' ' || held.comparison as grp"
        )
        yield Sum(
            "area's change less members",
            table,
            "oa",
            f"select area_level || ' ' || area_code {group}, held.{column} as total, 0.0 as half,"
            f" {half} as own from {table} as held where area_level in ('sha', 'england')",
            "select unnest(['sha ' || coalesce(organisation.sha_code, ''), 'england england'])"
            f" {group}, held.indicator_id, held.area_code as organisation_code,"
            f" held.{quarter} as quarter, coalesce(held.{column},"
            f" amount.opportunity_annual_gbp) as figure, {half} as half"
            f" from {table} as held join dim_organisation as organisation"
            " on organisation.organisation_code = held.area_code"
            " left join fct_opportunity as amount on amount.area_level = 'organisation'"
            " and amount.indicator_id = held.indicator_id"
            f" and amount.area_code = held.area_code and amount.quarter = held.{quarter}"
            " join dim_indicator as indicator on indicator.indicator_id = held.indicator_id"
            " where held.area_level = 'organisation'"
            " and organisation.organisation_class = indicator.area_class",
        )


SCENARIOS = {
    "as_published": ("fct_indicator_values", "opportunity_annual_gbp", "oa"),
    "median": ("fct_indicator_values", "opportunity_annual_at_median_gbp", "oam"),
    "best_decile": ("fct_indicator_values", "opportunity_annual_at_best_decile_gbp", "oab"),
    "shrunk": ("fct_indicator_statistics", "opportunity_annual_shrunk_gbp", "oas"),
    "lower_95": ("fct_indicator_statistics", "opportunity_annual_lower_gbp", "oal"),
    "upper_95": ("fct_indicator_statistics", "opportunity_annual_upper_gbp", "oau"),
    "unflagged_only": ("fct_indicator_values", "opportunity_annual_gbp", "oa"),
}


def _scenarios(tables: Tables) -> Iterable[Sum]:
    table = "fct_sensitivity"
    if not tables.has(table, "scenario", "opportunity_annual_gbp"):
        return
    for scenario, (held, column, variable) in SCENARIOS.items():
        if not tables.has(held, column):
            continue
        where = "facts.publication_status = 'published'" if scenario == "unflagged_only" else ""
        yield Sum(
            "scenario less members",
            table,
            variable,
            "select 'england ' || indicator_id || ' ' || quarter as grp,"
            " opportunity_annual_gbp as total, 0.0 as half,"
            f" {_half_column(tables, table, 'opportunity_annual_gbp')} as own from {table}"
            f" where scenario = '{scenario}'",
            _members(tables, column, where, held),
        )
