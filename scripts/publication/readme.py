"""README.txt: what a release is, for whoever finds the folder."""

import textwrap
from pathlib import Path

from publication.release_data import Facts, Release

FILE = "README.txt"
WIDTH = 88
# What lies in a release, in the order in which most people want it.
CONTENTS = (
    ("explorer/index.html", "all figures in a browser; opens by double click, needs no network"),
    ("scorecards/", "one page an organisation, as PDF and as HTML; a zip an SHA"),
    ("xlsx/", "workbooks: the latest year, and one an SHA"),
    ("csv/, parquet/", "every table, one file each; read codes as text: 5E1 is no number"),
    ("bcbv.duckdb", "the same tables in one DuckDB file, with descriptions"),
    ("api/v1/", "the same figures as JSON, for an organisation's own dashboard"),
    ("datapackage.json", "types, units and descriptions of the CSV files (Frictionless)"),
    ("metrics.json", "how measures may be added up, for BI tools"),
    ("release.json", "what the release was made of; checksums of all files"),
)


def write_readme(release: Release, folder: Path) -> None:
    """Write README.txt, half a page, into the folder of the release."""
    facts = release.facts
    quarters = release.engine.sql("select min(quarter), max(quarter) from fct_indicator_values")
    [(first, last)] = quarters.fetchall()
    day = f"{facts.published_at.day} {facts.published_at:%B %Y}"
    lines = [
        "Better Care, Better Value indicators",
        f"Release {facts.release}, {first} to {last}, published {day}",
        "",
    ]
    if facts.is_restricted:
        lines += _paragraph("RESTRICTED. " + _restriction())
    if facts.is_synthetic:
        lines += _paragraph(
            "SYNTHETIC. Some or all of the data are made up: no figure here says anything of any"
            " organisation."
        )
    width = max(len(name) for name, _ in CONTENTS) + 2
    there = [line for line in CONTENTS if _is_there(folder, line[0])]
    lines += [f"  {name:{width}}{what}" for name, what in there] + [""]
    lines += _paragraph(
        "The indicators show where an organisation differs from others. They are not targets, and"
        " their ranks are no league table. A null is not nought: publication_status says whether"
        " a figure is published, published with a note (caveat), withheld, unusable, not submitted"
        " or not applicable."
    )
    if facts.is_suppressed:
        lines += _paragraph(_hidden(release))
    lines += _paragraph(f"Cite as: {_citation(facts)}")
    lines += _paragraph(f"Licence: {facts.licence.title}. {facts.licence.url or ''}")
    (folder / FILE).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _is_there(folder: Path, names: str) -> bool:
    # What is written after this file is in every release.
    return names == "release.json" or (folder / names.split(",")[0]).exists()


def _restriction() -> str:
    return (
        "Small numbers are not hidden and nothing is rounded. For the organisation that runs the"
        " warehouse, under its own rules; not to be passed on or put on a website."
    )


def _hidden(release: Release) -> str:
    rule = release.facts.rule
    [(n_hidden, n_rows)] = release.engine.sql(
        "select count(*) filter (where disclosure_status = 'suppressed'), count(*)"
        " from fct_indicator_values"
    ).fetchall()
    return (
        f"{n_hidden:,} of {n_rows:,} values are hidden (disclosure_status suppressed), because"
        f" they rest on 1 to {rule['small_count']} patients. All other figures are rounded:"
        f" counts to the nearest {rule['count_rounding']}, pounds of an organisation to the"
        f" nearest {rule['pounds_rounding']:,}. Sums are of what is shown; n_suppressed says how"
        " many hidden rows they leave out."
    )


def _citation(facts: Facts) -> str:
    """How to name the release, so that somebody else finds the same figures."""
    code = f", code {facts.code_version}" if facts.code_version else ""
    synthetic = ", synthetic data" if facts.is_synthetic else ""
    return f"Better Care, Better Value indicators, release {facts.release}{code}{synthetic}."


def _paragraph(text: str) -> list[str]:
    # A link is not to be broken.
    return [*textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False), ""]
