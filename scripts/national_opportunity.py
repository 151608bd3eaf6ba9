"""Print the national opportunity by indicator and quarter from the current release."""

import argparse
import json
import sys

from warehouse.home import connect, find_home, literal, told_in_one_line

DESCRIPTION = """\
Print England's annual opportunity (four times the quarter's, in £ million) by indicator and
quarter, from the current release under BCBV_HOME, and say where its tables lie.
"""

# One row an indicator in the registry's order, the totals last; one column a quarter.
QUERY = """
with

opportunity as (
    select
        indicator_id,
        quarter,
        opportunity_annual_gbp,
        false as is_unflagged
    from release.marts.fct_opportunity
    where area_level = 'england'
    union all
    select
        indicator_id,
        quarter,
        opportunity_annual_unflagged_gbp as opportunity_annual_gbp,
        true as is_unflagged
    from release.marts.fct_opportunity
    where area_level = 'england' and indicator_id = 'ALL'
)

select
    case when opportunity.is_unflagged then '' else opportunity.indicator_id end as indicator_id,
    coalesce(indicator.name, case
        when opportunity.is_unflagged then '  of it without data in doubt'
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
    opportunity.is_unflagged,
    opportunity.quarter
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
    with told_in_one_line(f"{release} cannot be read"), connect(home) as engine:
        description = json.loads((release / "release.json").read_text(encoding="utf-8"))
        engine.execute(f"attach {literal(release / 'bcbv.duckdb')} as release (read_only)")
        rows = engine.sql(QUERY).fetchall()
    print()
    print("National opportunity at the level of the best quarter, £ million a year")
    if description["synthetic"]:
        print("SYNTHETIC: made-up data, if only among real: no figures of any organisation")
    print()
    print(_table(rows) if rows else "no indicator has an amount in this release")
    print()
    print(f"release    {release}")
    print("           Parquet, CSV and bcbv.duckdb; release.json says what it was made of")
    print(f"warehouse  {home.warehouse}")
    print(f"data docs  {home.data_docs / 'index.html'}")
    if rows:
        latest = max(quarter for _, _, quarter, _ in rows)
        print(f'drafts     python scripts/feedback.py --all --quarter "{latest}"')
        print("           what each organisation is told of its data, before publication")
    print("next       README.md: the marts, a worked query for each format, your own extracts")
    return 0


def _table(rows: list[tuple[str, str, str, float | None]]) -> str:
    """The amounts, a line an indicator and a column a quarter; a dash where there is none."""
    quarters = sorted({quarter for _, _, quarter, _ in rows})
    amounts = {(indicator, quarter): amount for indicator, _, quarter, amount in rows}
    names = {indicator: name for indicator, name, _, _ in rows}
    width = max(len(name) for name in names.values())
    lines = [f"{'':12}{'':{width}}" + "".join(f"{quarter:>12}" for quarter in quarters)]
    for indicator, name in names.items():
        cells = [amounts.get((indicator, quarter)) for quarter in quarters]
        figures = "".join(f"{'–' if cell is None else f'{cell:,.1f}':>12}" for cell in cells)
        lines.append(f"{indicator:12}{name:{width}}{figures}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
