"""Print the national opportunity by indicator and quarter from the current release."""

import argparse
import json
import sys

from warehouse.home import connect, find_home, literal, told_in_one_line

DESCRIPTION = """\
Print England's annual opportunity (four times the quarter's, in £ million) by indicator and
quarter, from the current release under BCBV_HOME, and say where its tables lie.
"""

# One row an indicator in the registry's order, then the totals, with what stands beside that of
# all; one column a quarter.
QUERY = """
with

opportunity as (
    select
        indicator_id,
        quarter,
        opportunity_annual_gbp,
        'amount' as kind
    from release.marts.fct_opportunity
    where area_level = 'england'
    union all
    select
        indicator_id,
        quarter,
        opportunity_annual_unflagged_gbp as opportunity_annual_gbp,
        'unflagged' as kind
    from release.marts.fct_opportunity
    where area_level = 'england' and indicator_id = 'ALL'
    union all
    select
        indicator_id,
        quarter,
        opportunity_annual_gbp,
        scenario as kind
    from release.marts.fct_sensitivity
    where scenario in ('lower_95', 'upper_95') and indicator_id = 'ALL'
)

select
    case when opportunity.kind = 'amount' then opportunity.indicator_id else '' end
        as indicator_id,
    coalesce(case opportunity.kind
        when 'unflagged' then '  of it without data in doubt'
        when 'lower_95' then '  with each value at its better 95 % limit'
        when 'upper_95' then '  with each value at its worse 95 % limit'
    end, indicator.name, case
        when opportunity.indicator_id = 'ALL' then 'Total as published (plain sum)'
        else 'Total, pre-operative days counted once'
    end) as name,
    opportunity.quarter,
    opportunity.opportunity_annual_gbp / 1e6 as gbp_million
from opportunity
left join release.marts.dim_indicator as indicator
    on opportunity.indicator_id = indicator.indicator_id
order by
    opportunity.indicator_id like 'ALL%',
    opportunity.indicator_id,
    array_position(['amount', 'unflagged', 'lower_95', 'upper_95'], opportunity.kind),
    opportunity.quarter
"""

# How many rows of all quarters show no figure (Rulebook 10.1).
HIDDEN = """
select count(*) filter (where disclosure_status = 'suppressed'), count(*)
from release.marts.fct_indicator_values
"""

# What to look at first in the latest quarter (Rulebook 9.8).
CONCERNS = """
select
    count(*) filter (where concern = 'concern'),
    count(concern),
    count(distinct organisation_code) filter (where concern = 'concern')
from release.marts.fct_indicator_statistics
where quarter = $quarter
"""


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where there is no release."""
    argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    home = find_home()
    release = (home.published / "current").resolve()
    if not release.is_dir():
        print(f"there is no release under {home.published}: run `make demo`", file=sys.stderr)
        return 1
    # Versions before wrote what is internal now into the same folder.
    if json.loads((release / "release.json").read_text(encoding="utf-8")).get("kind") != "public":
        print(f"{release} is of an earlier version: run `make publish`", file=sys.stderr)
        return 1
    with told_in_one_line(f"{release} cannot be read"), connect(home) as engine:
        description = json.loads((release / "release.json").read_text(encoding="utf-8"))
        engine.execute(f"attach {literal(release / 'bcbv.duckdb')} as release (read_only)")
        rows = engine.sql(QUERY).fetchall()
        latest = max((quarter for _, _, quarter, _ in rows), default=None)
        [(n_concerns, n_judged, n_organisations)] = engine.execute(
            CONCERNS, {"quarter": latest}
        ).fetchall()
        [(n_hidden, n_rows)] = engine.sql(HIDDEN).fetchall()
    print()
    print("National opportunity at the level of the best quarter, £ million a year")
    if description["synthetic"]:
        print("SYNTHETIC: made-up data, if only among real: no figures of any organisation")
    print()
    print(_table(rows) if rows else "no indicator has an amount in this release")
    print()
    print(f"release    {release}")
    print("           README.txt says what lies in it, release.json what it was made of")
    print(f"hidden     {n_hidden:,} of {n_rows:,} values, which rest on few patients (Rulebook 10)")
    print(f"warehouse  {home.warehouse}")
    print(f"data docs  {home.data_docs / 'index.html'}")
    if rows:
        print(
            f"concern    {n_concerns:,} of {n_judged:,} values in {latest}, of"
            f" {n_organisations:,} organisations (fct_indicator_statistics): look there first"
        )
        print(f'drafts     python scripts/feedback.py --all --quarter "{latest}"')
        print("           what each organisation is told of its data, before publication")
    print("next       README.md: the marts, a worked query for each format, your own extracts")
    print("explorer   all of it in a browser, by double click or `make serve`:")
    print(f"           {home.published / 'current' / 'explorer' / 'index.html'}")
    return 0


def _table(rows: list[tuple[str, str, str, float | None]]) -> str:
    """The amounts, a line an indicator and a column a quarter; a dash where there is none."""
    quarters = sorted({quarter for _, _, quarter, _ in rows})
    amounts = {(name, quarter): amount for _, name, quarter, amount in rows}
    indicators = {name: indicator for indicator, name, _, _ in rows}
    width = max(len(name) for name in indicators)
    lines = [f"{'':12}{'':{width}}" + "".join(f"{quarter:>12}" for quarter in quarters)]
    for name, indicator in indicators.items():
        cells = [amounts.get((name, quarter)) for quarter in quarters]
        figures = "".join(f"{'–' if cell is None else f'{cell:,.1f}':>12}" for cell in cells)
        lines.append(f"{indicator:12}{name:{width}}{figures}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
