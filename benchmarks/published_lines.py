"""Compare the opportunity of a built warehouse with what was published for 2006-07 Q1."""

import argparse
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from machine import CHECKOUT, commit, machine

sys.path.insert(0, str(CHECKOUT / "scripts"))
from warehouse.home import connect, find_home, literal

QUARTER = "2006-07 Q1"
FIGURES = CHECKOUT / "seeds" / "reference" / "published_figures.csv"
TARGET = Path(__file__).with_suffix(".md")

DESCRIPTION = f"""\
Write benchmarks/published_lines.md: every amount published for {QUARTER}, in £ million a year, and
what the warehouse under BCBV_HOME makes of it. Land one quarter of England and build first:

  python scripts/generate_extracts.py --scale 1 --quarters 1 --seed 1 --out $BCBV_HOME/extracts
  python scripts/ingest.py $BCBV_HOME/extracts
  dbt build --resource-type seed --resource-type model
  python benchmarks/published_lines.py --scale 1 --seed 1
"""

# One row a published amount. The statistic says what it is of: an indicator or the total, of
# England or of the organisation that had most, or the six indicators that were published first.
QUERY = f"""
with

published as (
    select
        *,
        row_number() over () as place
    from read_csv({literal(FIGURES)}, all_varchar = true)
    where quarter = '{QUARTER}' and statistic like 'opportunity_annual%'
),

warehouse as (
    select
        indicator_id,
        case when area_level = 'england' then 'England' else area_code end as area,
        opportunity_annual_gbp / 1e6 as gbp_million
    from marts.fct_opportunity
    where quarter = '{QUARTER}' and area_level in ('england', 'organisation')
),

six_lines as (
    select sum(gbp_million) as gbp_million from warehouse
    where indicator_id between 'BCBV01' and 'BCBV06' and area = 'England'
)

select
    published.indicator_id,
    case published.statistic
        when 'opportunity_annual_six_lines' then 'Total of BCBV01 to BCBV06'
        when 'opportunity_annual_largest_organisation'
            then 'Total of ' || published.area || ', then the trust with most'
        else coalesce(indicator.name, 'Total of BCBV01 to BCBV07')
    end as line,
    published.source,
    published.exactness,
    published.gbp_million::double as published_gbp_million,
    case published.statistic
        when 'opportunity_annual_six_lines' then six_lines.gbp_million
        else warehouse.gbp_million
    end as warehouse_gbp_million
from published
cross join six_lines
left join warehouse
    on published.indicator_id = warehouse.indicator_id and published.area = warehouse.area
left join marts.dim_indicator as indicator on published.indicator_id = indicator.indicator_id
order by published.indicator_id = 'ALL', published.indicator_id, published.place
"""

PAGE = """\
# What was published for {quarter}, and what the warehouse makes of synthetic data

**The data are synthetic and the generator was calibrated to these lines**, by the parameters at the
top of its modules (`scripts/generator/`). That the two columns agree shows that the arithmetic
closes, from episodes and prescriptions to pounds; it does not show that the method is the
Institute's, and says nothing about any organisation.

England, £ million a year (four times the quarter).

{table}

{largest} A spell counts once it has ended: in a home with the
next quarter's extract, too, the spells still open at the end of {quarter} come to BCBV04 and
BCBV05, which raises the latter by about a tenth.

* Run: {date}, scale {scale} of England, seed {seed}
* Machine: {cores} cores ({architecture}), {memory_gib} GiB
* Versions: Python {python}, dbt-core {dbt}, DuckDB {duckdb}
* Code: {code}
* Landed: {feeds} of {periods}

The commands, with `BCBV_HOME` an empty folder:

```sh
python scripts/generate_extracts.py --scale {scale} --quarters {quarters} --seed {seed} \\
    --out $BCBV_HOME/extracts
python scripts/ingest.py $BCBV_HOME/extracts
dbt build --resource-type seed --resource-type model
python benchmarks/published_lines.py --scale {scale} --seed {seed}
```
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the page; 1 where there is no warehouse with the quarter."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", default="1", help="as given to generate_extracts.py")
    parser.add_argument("--seed", default="1", help="as given to generate_extracts.py")
    parser.add_argument(
        "--code", help="what the warehouse was built with, if not with this checkout as it is"
    )
    options = parser.parse_args(arguments)
    home = find_home()
    if not home.warehouse.is_file():
        print(f"{home.warehouse}: no such warehouse; see --help", file=sys.stderr)
        return 1
    with connect(home, home.warehouse, read_only=True) as engine:
        lines = engine.sql(QUERY).fetchall()
        largest = engine.sql(f"""
            select area_code, opportunity_annual_gbp / 1e6 from marts.fct_opportunity
            where quarter = '{QUARTER}' and area_level = 'organisation' and indicator_id = 'ALL'
                and area_code in (
                    select area_code from marts.fct_opportunity where indicator_id = 'BCBV01'
                )
            order by opportunity_annual_gbp desc limit 1
        """).fetchone()
        landed = engine.sql("""
            select distinct feed, period from marts.dim_submission
            where is_synthetic order by feed, period
        """).fetchall()
    if largest is None:
        print(f"{home.warehouse}: no opportunity for {QUARTER}; see --help", file=sys.stderr)
        return 1
    quarters = sorted({period for _, period in landed if "q" in period})
    page = PAGE.format(
        quarter=QUARTER,
        table=_table(lines),
        largest=f"The trust with most is {largest[0]} here, with £{largest[1]:.1f} million.",
        date=datetime.now(UTC).date().isoformat(),
        scale=options.scale,
        seed=options.seed,
        code=options.code or commit(),
        dbt=version("dbt-core"),
        duckdb=version("duckdb"),
        feeds=", ".join(sorted({feed for feed, _ in landed})),
        periods=" and ".join(quarters),
        quarters=len(quarters),
        **machine(),
    )
    TARGET.write_text(page, encoding="utf-8")
    print(page)
    return 0


def _table(lines: list[tuple[str, str, str, str, float, float | None]]) -> str:
    """The lines as a table of Markdown; a dash where the warehouse has no amount."""
    rows = [
        "| line | | published | warehouse | difference | source |",
        "|---|---|---:|---:|---:|---|",
    ]
    for indicator, name, source, exactness, published, found in lines:
        figures = "– | –" if found is None else f"{found:,.1f} | {found / published - 1:+.1%}"
        rows.append(
            f"| {indicator} | {name} | {published:,.1f} | {figures} | {source}; {exactness} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
