"""Write the tables and the chart of the page on change from the demo's warehouse."""

import argparse
import re
import sys
from dataclasses import dataclass

import duckdb

from generator.quarters import Quarter
from warehouse.home import CHECKOUT, Home, attach_warehouse, connect, find_home

DESCRIPTION = """\
Write what docs/did-they-improve.md shows of the demo, and its chart, docs/did-they-improve.svg,
from the warehouse under BCBV_HOME, which must be the demo's (`make demo`). The words between the
tables are written by hand: read them again when a figure has moved.
"""
PAGE = CHECKOUT / "docs" / "did-they-improve.md"
# As in `make sample`: the seed draws which trusts send a part of their records.
SEED, SCALE = 1, 0.05
CHANGEOVER = ("2006-07 Q4", "2007-08 Q1")
QUARTERS = [Quarter.parse("2006-07q1").plus(number) for number in range(8)]

PARTS = {
    "performance_gbp": "performance",
    "benchmark_gbp": "benchmark",
    "volume_gbp": "volume",
    "price_and_mix_gbp": "price and mix",
    "reporting_gbp": "reporting",
    "organisations_gbp": "organisations",
}

# Amounts of ALL in pounds a year by group of trusts, and of all of England.
AMOUNTS = """
with

organisations as (
    select
        case
            when organisation_code in (select unnest($part)) then 'part'
            when organisation_code in (select unnest($silent)) then 'silent'
            when organisation_class = 'trust' then 'others'
            else 'pcts'
        end as name,
        organisation_code
    from marts.dim_organisation
)

select
    coalesce(organisations.name, 'england') as name,
    amounts.quarter,
    sum(amounts.opportunity_annual_gbp) as published,
    sum(amounts.opportunity_annual_activity_adjusted_gbp) as adjusted
from marts.fct_opportunity as amounts
left join organisations
    on amounts.area_code = organisations.organisation_code
where amounts.indicator_id = 'ALL' and amounts.area_level in ('organisation', 'england')
group by all
"""

CHANGES = """
select
    case when area_level = 'england' then 'england' else 'part' end as name,
    quarter,
    {parts},
    sum(change_gbp) as change_gbp
from marts.fct_opportunity_change
where
    indicator_id = 'ALL' and comparison = 'base'
    and (area_level = 'england' or area_code in (select unnest($part)))
group by all
"""


class NotTheDemo(Exception):
    """The home has no warehouse, or one of something else than the demo."""


@dataclass(frozen=True)
class Amount:
    """An opportunity in pounds a year, as published and at the base quarter's activity."""

    published: float | None
    adjusted: float | None


# By group (england, part, silent, others, pcts) and quarter.
Amounts = dict[tuple[str, str], Amount]
Changes = dict[tuple[str, str], dict[str, float]]


def main(arguments: list[str] | None = None) -> int:
    """Write the page's tables and its chart; 0 only if both are written."""
    argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    try:
        amounts, changes = read(find_home())
        page = with_tables(PAGE.read_text(encoding="utf-8"), tables(amounts, changes))
    except NotTheDemo as error:
        print(f"document_change: {error}", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    PAGE.with_suffix(".svg").write_text(chart(amounts), encoding="utf-8")
    print(f"written: {PAGE} and {PAGE.with_suffix('.svg').name}")
    return 0


def partial_senders() -> tuple[list[str], list[str]]:
    """Codes of the demo's trusts that sent a part of their records at some time, and nothing."""
    # Only who writes the page waits for what draws the sample.
    from generator.changeover import sent_share
    from generator.england import England

    england = England(SEED, SCALE)
    part: set[str] = set()
    silent: set[str] = set()
    for quarter in QUARTERS:
        codes = england.codes(england.trusts, quarter)
        for code, share in zip(codes, sent_share(england, quarter), strict=True):
            if code is not None and share < 1:
                (part if share > 0 else silent).add(code)
    return sorted(part), sorted(silent)


def read(home: Home) -> tuple[Amounts, Changes]:
    """What the warehouse says of the demo; raises NotTheDemo where it is not the demo's."""
    if not home.warehouse.is_file():
        raise NotTheDemo(f"{home.warehouse}: not there; run `make demo` first")
    part, silent = partial_senders()
    with connect(home) as engine:
        attach_warehouse(engine, home, NotTheDemo)
        try:
            [(is_demo,)] = engine.execute(
                "select coalesce(bool_and(is_synthetic), false) from marts.dim_submission"
            ).fetchall()
            rows = engine.execute(AMOUNTS, {"part": part, "silent": silent}).fetchall()
            query = CHANGES.format(parts=", ".join(f"sum({name}) as {name}" for name in PARTS))
            differences = engine.execute(query, {"part": part}).fetchall()
        except duckdb.CatalogException as error:
            raise NotTheDemo(f"{home.warehouse}: not built; run `make demo` first") from error
    if not is_demo:
        raise NotTheDemo(f"{home.warehouse}: holds other data than synthetic ones")
    amounts = {(name, quarter): Amount(*values) for name, quarter, *values in rows}
    changes = {
        (name, quarter): dict(zip([*PARTS, "change_gbp"], values, strict=True))
        for name, quarter, *values in differences
    }
    missing = [name(quarter) for quarter in QUARTERS if ("england", name(quarter)) not in amounts]
    if missing:
        raise NotTheDemo(f"{home.warehouse}: has no amount of {', '.join(missing)}")
    return amounts, changes


def name(quarter: Quarter) -> str:
    """The quarter as the warehouse writes it: 2006-07 Q1."""
    return f"{quarter.financial_year.removeprefix('fy')} Q{quarter.number}"


def with_tables(page: str, blocks: dict[str, str]) -> str:
    """The page with each block between its marks; raises NotTheDemo where it has none."""
    for block, table in blocks.items():
        mark = re.compile(rf"(<!-- {block}: .*? -->\n).*?(\n<!-- end -->)", re.DOTALL)
        if not mark.search(page):
            raise NotTheDemo(f"{PAGE.name} has no mark for the table {block}")
        page = mark.sub(lambda found, text=table: found[1] + text + found[2], page)  # type: ignore[misc]
    return page


def tables(amounts: Amounts, changes: Changes) -> dict[str, str]:
    """The tables of the page by the names of their marks, in £ million a year."""
    return {
        "amounts": _amounts(
            amounts, {"england": "England", "part": "18 trusts", "others": "other trusts"}
        ),
        "why": _changes(changes, "england"),
        "why of the 18": _changes(changes, "part"),
    }


def _amounts(amounts: Amounts, groups: dict[str, str]) -> str:
    heads = [f"{group} | adjusted" for group in groups.values()]
    lines = [f"| quarter | {' | '.join(heads)} |", "|---" + "|---:" * 2 * len(groups) + "|"]
    for quarter in map(name, QUARTERS):
        cells = []
        for group in groups:
            amount = amounts.get((group, quarter), Amount(None, None))
            cells += [_millions(amount.published), _millions(amount.adjusted)]
        lines.append(f"| {_marked(quarter)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _changes(changes: Changes, group: str) -> str:
    lines = [
        f"| quarter | change | {' | '.join(PARTS.values())} |",
        "|---" + "|---:" * (1 + len(PARTS)) + "|",
    ]
    for quarter in map(name, QUARTERS[1:]):
        change = changes[group, quarter]
        cells = [_signed(change[part]) for part in ("change_gbp", *PARTS)]
        lines.append(f"| {_marked(quarter)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _marked(quarter: str) -> str:
    return f"**{quarter}**" if quarter in CHANGEOVER else quarter


def _millions(gbp: float | None) -> str:
    return "–" if gbp is None else f"{gbp / 1e6:.2f}"


def _signed(gbp: float) -> str:
    figure = f"{abs(gbp) / 1e6:.2f}"
    if float(figure) == 0:
        return "0"
    return ("+" if gbp > 0 else "−") + figure


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 430, 300, 50, 30, 46, 60


def chart(amounts: Amounts) -> str:
    """Two panels, England and the 18 trusts: published and adjusted, and the changeover shaded."""
    panels = [
        _panel(amounts, "england", "England", 0),
        _panel(amounts, "part", "18 trusts that sent a part of their records", WIDTH),
    ]
    return "\n".join(
        [
            "<!-- Written by scripts/document_change.py from the demo: synthetic data. -->",
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}"'
            ' font-family="sans-serif" font-size="11" role="img"'
            ' aria-label="Opportunity by quarter, as published and adjusted">',
            f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *panels,
            "</svg>",
            "",
        ]
    )


def _panel(amounts: Amounts, group: str, title: str, left: int) -> str:
    quarters = [name(quarter) for quarter in QUARTERS]
    shown = [amounts[group, quarter] for quarter in quarters]
    series = {
        "published": [amount.published or 0 for amount in shown],
        "adjusted": [amount.adjusted or 0 for amount in shown],
    }
    step = (WIDTH - LEFT - RIGHT) / (len(quarters) - 1)
    top_gbp = _ceiling(max(map(max, series.values())))

    def across(place: float) -> float:
        return left + LEFT + step * place

    def down(gbp: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - gbp / top_gbp)

    start, end = (quarters.index(quarter) for quarter in CHANGEOVER)
    lines = [
        f'<text x="{left + LEFT}" y="20" font-size="13" font-weight="bold">{title}</text>',
        f'<text x="{left + LEFT}" y="36" fill="#555555">£ million a year, synthetic sample</text>',
        f'<rect x="{across(start - 0.4):.1f}" y="{TOP}" width="{step * (end - start + 0.8):.1f}"'
        f' height="{HEIGHT - TOP - BOTTOM}" fill="#f3e6c8"/>',
        f'<text x="{across((start + end) / 2):.1f}" y="{HEIGHT - BOTTOM - 8}" font-size="10"'
        ' text-anchor="middle" fill="#555555">changeover</text>',
    ]
    for part in range(5):
        gbp = top_gbp * part / 4
        lines += [
            f'<line x1="{across(0):.1f}" x2="{across(len(quarters) - 1):.1f}" y1="{down(gbp):.1f}"'
            f' y2="{down(gbp):.1f}" stroke="#dddddd"/>',
            f'<text x="{left + LEFT - 6}" y="{down(gbp) + 4:.1f}" text-anchor="end">'
            f"{gbp / 1e6:g}</text>",
        ]
    for place, quarter in enumerate(quarters):
        for words, lower in zip(quarter.split(), (16, 29), strict=True):
            lines.append(
                f'<text x="{across(place):.1f}" y="{HEIGHT - BOTTOM + lower}" font-size="9"'
                f' text-anchor="middle">{words}</text>'
            )
    styles = {
        "published": ('stroke="#b3541e"', "as published"),
        "adjusted": ('stroke="#1f5f8b" stroke-dasharray="6 4"', "at the activity of 2006-07 Q1"),
    }
    for number, (key, (style, label)) in enumerate(styles.items()):
        points = " ".join(
            f"{across(place):.1f},{down(gbp):.1f}" for place, gbp in enumerate(series[key])
        )
        x, y = left + LEFT + 150 * number, HEIGHT - 10
        lines += [
            f'<polyline points="{points}" fill="none" stroke-width="2" {style}/>',
            f'<line x1="{x}" x2="{x + 24}" y1="{y - 4}" y2="{y - 4}" stroke-width="2" {style}/>',
            f'<text x="{x + 30}" y="{y}">{label}</text>',
        ]
    return "\n".join(lines)


def _ceiling(gbp: float) -> float:
    """The next amount up that four steps divide evenly."""
    unit = 1.0
    while unit * 20 < gbp:
        unit *= 10
    return next(unit * steps for steps in (2, 4, 6, 8, 12, 16, 20) if unit * steps >= gbp)


if __name__ == "__main__":
    sys.exit(main())
