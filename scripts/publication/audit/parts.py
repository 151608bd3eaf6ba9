"""Drill-downs: members that stand together as `other`, chapters less their HRGs, small parts."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from publication.audit.cells import Cells
from publication.audit.intervals import Interval, around, meet, whole
from publication.audit.outcome import LEAST_POSSIBLE, SMALL, Opened
from publication.audit.tables import Tables

TABLE = "drilldown"
OTHER = "other"
LEAST_SHOWN = 8
# So many together are not told apart.
MOST_CASES = 200
LARGEST = SMALL[-1]
# What a row's cases are of: the count of fct_indicator_values that the members sum to.
CASES = {
    "BCBV01": "denominator",
    "BCBV02": "denominator",
    "BCBV03": "denominator",
    "BCBV04": "numerator",
    "BCBV05": "numerator",
    "BCBV06": "numerator",
    "BCBV15": "denominator",
    "BCBV16": "denominator",
    "BCBV20": "denominator",
}
# Where members are a list, and stand there without a case (of 15 with follow-ups alone).
LISTED_WITHOUT_CASES = {
    ("BCBV04", "procedure"),
    ("BCBV05", "condition"),
    ("BCBV06", "specialty"),
    ("BCBV15", "specialty"),
}
# The cases are what is observed, or the observed are patients of their own.
OBSERVED_ARE_CASES = ("BCBV04", "BCBV05", "BCBV06")
OBSERVED_ARE_PATIENTS = ("BCBV03", "BCBV15", "BCBV16", "BCBV20")
COMPLEMENTS_TOO = ("BCBV03", "BCBV16")

# What a member's observed count is, from its excess over the benchmark, where the row has a gap.
MEMBERS = f"""
create or replace temp view audited_members as
with printed as (
    select
        parts.indicator_id, parts.organisation_code, parts.quarter, parts.dimension, parts.member,
        parts.member_name, parts.n_cases, parts.observed, parts.expected,
        halves.half_n, halves.half_o, halves.half_e,
        case when parts.expected is not null and facts.gap > 0 and kinds.unit = 'index'
            then parts.excess_units + facts.benchmark_value * parts.expected / 100 end as told,
        halves.half_x + (halves.half_e * facts.benchmark_value
            + halves.half_t * parts.expected + halves.half_e * halves.half_t) / 100 as half_told
    from {TABLE} as parts
    join audited_halves as halves on halves.indicator_id = parts.indicator_id
    join dim_indicator as kinds on kinds.indicator_id = parts.indicator_id
    left join fct_indicator_values as facts
        on facts.indicator_id = parts.indicator_id
        and facts.organisation_code = parts.organisation_code
        and facts.quarter = parts.quarter
)
select
    *,
    greatest(0, ceil(greatest(observed - half_o, coalesce(told - half_told, 0)) - 1e-9)) as o_low,
    floor(least(observed + half_o, coalesce(told + half_told, 1e12)) + 1e-9) as o_high,
    greatest(0, ceil(n_cases - half_n - 1e-9)) as n_low,
    floor(n_cases + half_n + 1e-9) as n_high
from printed
"""


@dataclass(frozen=True)
class Rest:
    """The members that stand together: their cases, how many they are, the smallest shown one.

    They are the small ones, and the smallest of the others (Rulebook 10.5), however many.
    """

    cases: Interval
    members: int | None
    smallest_shown: float
    least: int = 1  # that a member may have: nought where members without cases are listed
    # Whether cases are all that is hidden. If not, a member may be there for what was observed.
    is_lone: bool = True

    def possible(self) -> set[int]:
        """What a member that is there for its few cases may have; all, where there may be none."""
        low, high = whole(self.cases)
        found: set[int] = set()
        for cases in range(max(1, int(low)), int(min(high, MOST_CASES)) + 1):
            for members in [self.members] if self.members else range(2, cases + 1):
                if not self.is_lone and cases >= LEAST_SHOWN * members:
                    return set(SMALL)
                found |= self._of(cases, members)
                if len(found) >= LEAST_POSSIBLE:
                    return found
        return found if high <= MOST_CASES else set(SMALL)

    def _of(self, cases: int, members: int) -> set[int]:
        """With all of them small, or some others joined, none larger than the smallest shown."""
        found = {
            value
            for value in SMALL
            if (members - 1) * self.least <= cases - value <= (members - 1) * LARGEST
        }
        most = int(min(cases, self.smallest_shown))
        for joined in range(1, members):
            small = members - joined
            for last in range(LEAST_SHOWN, most + 1):
                least = (small - 1) * self.least + (joined - 1) * LEAST_SHOWN
                others = (small - 1) * LARGEST + (joined - 1) * last
                found |= {v for v in SMALL if least <= cases - last - v <= others}
                if len(found) >= LEAST_POSSIBLE:
                    return found
        return found


def attack_parts(tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Members of drill-downs that are opened; gives what was tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    if not tables.has(TABLE, "n_cases", "observed", "expected", "excess_units", "member"):
        return tried, []
    _prepare(tables, cells)
    opened = [
        *_parts_of_hidden(tables, cells),
        *_rests(tables, cells, tried),
        *_chapters(tables, tried),
        *_small_parts(tables, tried),
    ]
    return tried, opened


def _prepare(tables: Tables, cells: Cells) -> None:
    rows = ", ".join(
        f"('{name}', {_half(tables, 'n_cases', name)}, {_half(tables, 'observed', name)},"
        f" {_half(tables, 'expected', name)}, {_half(tables, 'excess_units', name)},"
        f" {tables.half('fct_indicator_values', 'benchmark_value', name)})"
        for name in cells.kinds
    )
    tables.engine.execute(
        "create or replace temp table audited_halves as from (values"
        f" {rows}) as halves(indicator_id, half_n, half_o, half_e, half_x, half_t)"
    )
    tables.engine.execute(MEMBERS)


def _half(tables: Tables, column: str, indicator: str) -> float:
    return tables.half(TABLE, column, indicator)


def _parts_of_hidden(tables: Tables, cells: Cells) -> Iterable[Opened]:
    """A hidden row has no parts."""
    for indicator, organisation, quarter in tables.rows(
        f"select distinct indicator_id, organisation_code, quarter from {TABLE}"
        " join tried using (indicator_id, organisation_code, quarter)"
    ):
        if (indicator, organisation, quarter) in cells.hidden:
            cell = f"{indicator} {organisation} {quarter}"
            yield Opened("parts of a hidden row", TABLE, cell, ())


def _rests(tables: Tables, cells: Cells, tried: dict[str, int]) -> Iterable[Opened]:
    """What stands together, and what is left of the organisation's total without the shown."""
    n_low = _case_column("low")
    n_high = _case_column("high")
    for (
        indicator, organisation, quarter, dimension, printed, low, high, name, smallest,
        shown_low, shown_high, numerator, denominator, value, expected,
    ) in tables.rows(
        "select parts.indicator_id, parts.organisation_code, parts.quarter, dimension,"
        f" any_value(n_cases) filter (member = '{OTHER}'),"
        f" any_value({n_low}) filter (member = '{OTHER}'),"
        f" any_value({n_high}) filter (member = '{OTHER}'),"
        f" any_value(member_name) filter (member = '{OTHER}'),"
        f" min({n_high}) filter (member <> '{OTHER}'),"
        f" coalesce(sum(greatest({n_low}, {LEAST_SHOWN})) filter (member <> '{OTHER}'), 0),"
        f" coalesce(sum({n_high}) filter (member <> '{OTHER}'), 0),"
        " any_value(facts.numerator), any_value(facts.denominator), any_value(facts.value),"
        " any_value(facts.expected)"
        " from audited_members as parts join fct_indicator_values as facts"
        " using (indicator_id, organisation_code, quarter) group by all"
    ):  # fmt: skip
        total = _total(tables, cells, indicator, numerator, denominator, value, expected)
        left = (total[0] - shown_high, total[1] - shown_low)
        cell = f"{indicator} {organisation} {quarter} {dimension}"
        if printed is None:
            tried["total less the parts"] += 1
            possible = _few(left)
            if left[0] > 0 and possible is not None:
                yield Opened("total less the parts", TABLE, cell, possible)
            continue
        tried["what stands together"] += 1
        cases = meet((low, high), left) if left[1] >= low and left[0] <= high else (low, high)
        number = re.search(r"\d+", name or "")
        rest = Rest(
            cases,
            int(number.group()) if number else None,
            # HRGs join by the order within their chapter, so that no shown one bounds them all.
            float("inf") if smallest is None or dimension == "hrg" else smallest,
            0 if (indicator, dimension) in LISTED_WITHOUT_CASES else 1,
            len(cells.kinds[indicator].counts) == 1,
        )
        possible_set = rest.possible()
        if cases[1] < LEAST_SHOWN:
            yield Opened("what stands together is small", TABLE, cell, ())
        elif 0 < len(possible_set) < LEAST_POSSIBLE:
            yield Opened("what stands together", TABLE, cell, tuple(sorted(possible_set)))


def _case_column(end: str) -> str:
    """The least or the most that a member's cases may be."""
    same = ", ".join(f"'{name}'" for name in OBSERVED_ARE_CASES)
    best = "greatest" if end == "low" else "least"
    return (
        f"(case when parts.indicator_id in ({same}) then {best}(n_{end}, o_{end}) else n_{end} end)"
    )


def _total(
    tables: Tables,
    cells: Cells,
    indicator: str,
    numerator: float | None,
    denominator: float | None,
    value: float | None,
    expected: float | None,
) -> Interval:
    """The organisation's own cases, as near as its row tells them."""
    column = CASES.get(indicator, "denominator")
    figure = numerator if column == "numerator" else denominator
    if figure is None:
        return 0.0, float("inf")
    facts = "fct_indicator_values"
    total = around(figure, tables.half(facts, column, indicator))
    if column == "numerator" and cells.kinds[indicator].is_index and value and expected:
        v = around(value, tables.half(facts, "value", indicator))
        e = around(expected, tables.half(facts, "expected", indicator))
        told = (v[0] * e[0] / 100, v[1] * e[1] / 100)
        total = meet(total, told)
    return whole(total)


def _few(interval: Interval) -> tuple[int, ...] | None:
    """The whole numbers that are left, where they are small and too few."""
    low, high = whole(interval)
    if high > LARGEST:
        return None
    values = tuple(range(max(1, int(low)), int(high) + 1))
    return values if 0 < len(values) < LEAST_POSSIBLE else None


def _chapters(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """A shown chapter less its shown HRGs, by cases and by what is expected of them."""
    per_case = (
        "select indicator_id, quarter, left(member, 1) as chapter,"
        " min((expected - half_e) / n_high) as least, max((expected + half_e) / n_low) as most"
        f" from audited_members where dimension = 'hrg' and member <> '{OTHER}' and n_low > 0"
        " group by all"
    )
    for (
        indicator,
        organisation,
        quarter,
        chapter,
        low,
        high,
        e_low,
        e_high,
        least,
        most,
    ) in tables.rows(
        f"with per_case as ({per_case}),"
        " hrgs as (select indicator_id, organisation_code, quarter, left(member, 1) as chapter,"
        f" sum(greatest(n_low, {LEAST_SHOWN})) as low, sum(n_high) as high,"
        " sum(expected) as expected, sum(half_e) as half_e from audited_members"
        f" where dimension = 'hrg' and member <> '{OTHER}' group by all)"
        " select parts.indicator_id, parts.organisation_code, parts.quarter, parts.member,"
        " parts.n_low - coalesce(hrgs.high, 0), parts.n_high - coalesce(hrgs.low, 0),"
        " parts.expected - parts.half_e - coalesce(hrgs.expected + hrgs.half_e, 0),"
        " parts.expected + parts.half_e - coalesce(hrgs.expected - hrgs.half_e, 0),"
        " per_case.least, per_case.most"
        " from audited_members as parts"
        " left join hrgs on hrgs.indicator_id = parts.indicator_id"
        " and hrgs.organisation_code = parts.organisation_code"
        " and hrgs.quarter = parts.quarter and hrgs.chapter = parts.member"
        " join per_case on per_case.indicator_id = parts.indicator_id"
        " and per_case.quarter = parts.quarter and per_case.chapter = parts.member"
        f" where parts.dimension = 'hrg_chapter' and parts.member <> '{OTHER}'"
    ):
        tried["chapter less its HRGs"] += 1
        left: Interval = (low, high)
        attack = "chapter less its HRGs"
        if e_low > 0 and least is not None and least > 0 and most is not None:
            told = (e_low / most, e_high / least)
            if told[0] <= left[1] and told[1] >= left[0]:
                left = meet(left, told)
                attack = "chapter less its HRGs, by what is expected"
        possible = _few(left)
        if possible is not None and (left[0] > 0 or e_low > 0):
            cell = f"{indicator} {organisation} {quarter} chapter {chapter}"
            yield Opened(attack, TABLE, cell, possible)


def _small_parts(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """Patients observed in a shown part, or left of its cases, that its excess tells to the one."""
    names = ", ".join(f"'{name}'" for name in OBSERVED_ARE_PATIENTS)
    for indicator, *key, n_low, n_high, o_low, o_high in tables.rows(
        "select indicator_id, organisation_code, quarter, dimension, member,"
        " n_low, n_high, o_low, o_high from audited_members"
        f" where indicator_id in ({names}) and (o_low <= {LARGEST}"
        f" or (indicator_id in ('BCBV03', 'BCBV16') and n_low - o_high <= {LARGEST}))"
    ):
        tried["observed of a part"] += 1
        cell = " ".join([indicator, *key])
        possible = _few((o_low, o_high))
        if possible is not None and o_low > 0:
            yield Opened("observed of a part", TABLE, f"{cell} observed", possible)
        elif indicator in COMPLEMENTS_TOO:
            possible = _few((n_low - o_high, n_high - o_low))
            if possible is not None and n_low - o_high > 0:
                yield Opened("observed of a part", TABLE, f"{cell} complement", possible)
