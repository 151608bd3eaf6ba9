"""Write the page of the feeds: their columns, as the contracts that ingest and dbt read say."""

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import yaml

from warehouse.home import CHECKOUT

DESCRIPTION = """\
Write docs/feeds.md: which feeds there are, one row of what each is, who uses it, and its columns
with their types, names in the warehouse and accepted values. Everything comes from the contracts
(models/staging/<feed>/_<feed>__sources.yml) and the registry of indicators.
"""
PAGE = CHECKOUT / "docs" / "feeds.md"
CONTRACTS = "staging/*/_*__sources.yml"

INTRODUCTION = """\
# The feeds and their columns

<!-- Written by scripts/document_feeds.py from the contracts in models/staging/. -->

A feed is a kind of file. Its contract is written once, as a dbt source; ingest, the profile, the
casts of the staging model and this page read it. How a file is named and what is refused says
[Landing your own files](landing-your-own-files.md), how it is read
[Rulebook 1](rulebook/1-submissions.md).

* Names of columns match in any case of letters and any order. A file without a **required** column
  is refused; another column may be absent and is then null. Columns that are not listed are kept in
  the lake and otherwise ignored.
* `code` is upper-cased text; `text` stays as it is; `integer` and `double` are plain numbers with a
  point; `date` is `YYYY-MM-DD` or `DD/MM/YYYY`; `month` is `YYYYMM` or `YYYY_MM`. A value that is
  none becomes null and is counted as invalid; so is counted one outside the accepted values.
* "At most missing" is the share of missing values over which the profile of a file fails; the file
  is then marked, not refused.
"""


class NoSuchBlock(Exception):
    """A description refers to a doc block that no Markdown file under models/ or docs/dbt has."""


@dataclass(frozen=True)
class Feed:
    """What a contract says of a feed; `meta` and each column are as written in its YAML."""

    name: str
    file: Path
    description: str
    meta: dict
    columns: list[dict]


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with --check compare it; 0 only if it is, or now is, what it should be."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="the page (default: docs/feeds.md)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args(arguments)
    text = feeds_page()
    if not options.check:
        options.out.write_text(text, encoding="utf-8")
        print(f"written: {options.out}")
        return 0
    if options.out.is_file() and options.out.read_text(encoding="utf-8") == text:
        return 0
    print(
        f"document_feeds: {options.out} is not what the contracts say; run this script without"
        " --check",
        file=sys.stderr,
    )
    return 1


def feeds_page(checkout: Path = CHECKOUT) -> str:
    """The page as Markdown.

    Raises NoSuchBlock where a description refers to a doc block that is not there.
    """
    blocks = _doc_blocks(checkout)
    feeds = sorted(_feeds(checkout, blocks), key=lambda feed: (not _periodic(feed), feed.name))
    users = _indicators_by_feed(checkout)
    return "\n".join(
        [
            INTRODUCTION,
            "| feed | one row per | required columns | used by |",
            "|---|---|---|---|",
            *(_summary(feed, users) for feed in feeds),
            "",
            *(line for feed in feeds for line in _section(feed, checkout)),
        ]
    )


def _periodic(feed: Feed) -> bool:
    """Whether the feed's rows belong to months; the others are reference data."""
    return feed.meta["periodic"]


def _feeds(checkout: Path, blocks: dict[str, str]) -> Iterator[Feed]:
    """The feeds with a contract, doc blocks put in place of the references to them."""
    for path in sorted((checkout / "models").glob(CONTRACTS)):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        for source in document.get("sources", []):
            for table in source["tables"]:
                meta = table.get("config", {}).get("meta", {})
                if meta.get("feed"):
                    yield Feed(
                        table["name"],
                        path,
                        _resolved(table["description"], blocks),
                        meta,
                        [
                            column | {"description": _resolved(column["description"], blocks)}
                            for column in table["columns"]
                        ],
                    )


def _doc_blocks(checkout: Path) -> dict[str, str]:
    """dbt's doc blocks by name, from the folders that dbt reads them from."""
    pages = [*checkout.glob("models/**/*.md"), *checkout.glob("docs/dbt/*.md")]
    block = re.compile(r"{%-?\s*docs\s+(\w+)\s*-?%}(.*?){%-?\s*enddocs\s*-?%}", re.DOTALL)
    return {
        name: text
        for page in pages
        for name, text in block.findall(page.read_text(encoding="utf-8"))
    }


def _resolved(description: str, blocks: dict[str, str]) -> str:
    """A description in one line, with the text of the doc blocks that it refers to."""

    def text_of(reference: re.Match) -> str:
        if reference[1] not in blocks:
            raise NoSuchBlock(f"no doc block is called '{reference[1]}'")
        return blocks[reference[1]]

    text = re.sub(r"""{{\s*doc\(\s*['"](\w+)['"]\s*\)\s*}}""", text_of, description)
    return " ".join(text.split())


def _indicators_by_feed(checkout: Path) -> dict[str, list[str]]:
    """The numbers of the indicators that the registry says need a feed."""
    users: dict[str, list[str]] = {}
    with (checkout / "seeds" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        for indicator in csv.DictReader(file):
            for feed in indicator["feeds"].split(";"):
                users.setdefault(feed, []).append(indicator["indicator_id"].removeprefix("BCBV"))
    return users


def _summary(feed: Feed, users: dict[str, list[str]]) -> str:
    """The feed's row of the table at the top."""
    required = ", ".join(f"`{column['name']}`" for column in feed.columns if _is_required(column))
    used = f"BCBV{', '.join(users[feed.name])}" if feed.name in users else "reference data"
    grain = _grain(feed).removeprefix("One row per ").rstrip(".")
    return f"| [`{feed.name}`](#{feed.name}) | {_cell(grain)} | {required} | {used} |"


def _grain(feed: Feed) -> str:
    """The first sentence of the description, which says what a row is."""
    return re.split(r"(?<=\.)\s", feed.description, maxsplit=1)[0]


def _is_required(column: dict) -> bool:
    """Whether a file without the column is refused."""
    return column["config"]["meta"].get("required", False)


def _section(feed: Feed, checkout: Path) -> list[str]:
    """The feed's heading, what names and dates its rows, and the table of its columns."""
    key = ", ".join(f"`{name}`" for name in feed.meta["record_key"])
    facts = [
        f"Contract: [{feed.file.name}](../{feed.file.relative_to(checkout).as_posix()}).",
        f"Organisation: `{feed.meta['organisation_column']}`.",
        f"Record key: {key}.",
    ]
    if row_date := feed.meta.get("row_date"):
        dates = ", else ".join(f"`{name}`" for name in row_date)
        facts.append(f"A row belongs to the month of {dates}.")
    else:
        facts.append("Not held to a period.")
    return [
        f"## {feed.name}",
        "",
        _grain(feed),
        "",
        " ".join(facts),
        "",
        "| column | type | in the warehouse | at most missing | accepted values | what it is |",
        "|---|---|---|---|---|---|",
        *(_row(list(run)) for _, run in groupby(feed.columns, key=_kind)),
        "",
    ]


def _kind(column: dict) -> list[str]:
    """What numbered columns in a row have in common: all but the number."""
    said = (column["name"], str(column["config"]), column["description"])
    return [re.sub(r"\d+", "#", part) for part in said]


def _row(run: list[dict]) -> str:
    """A column, or a run of numbered ones, as a row of the table."""
    first, last = run[0], run[-1]
    meta = first["config"]["meta"]
    names = f"`{first['name']}`"
    renamed = f"`{_renamed(first)}`"
    words = first["description"]
    if len(run) > 1:
        names += f" … `{last['name']}`"
        renamed += f" … `{_renamed(last)}`"
        words = words.rstrip(".") + ", and so on."
    bound = meta.get("max_null_share")
    cells = [
        f"**{names}**, required" if _is_required(first) else names,
        meta["type"] + (f", {meta['pad']} digits" if meta.get("pad") else ""),
        renamed,
        "" if bound is None else f"{100 * bound:g} %",
        ", ".join(f"`{value}`" for value in meta.get("accepted_values", ())),
        _cell(words),
    ]
    return f"| {' | '.join(cells)} |"


def _renamed(column: dict) -> str:
    """The column's name in the staging model."""
    return column["config"]["meta"].get("rename", column["name"])


def _cell(text: str) -> str:
    """Text that can stand in a cell of a Markdown table."""
    return text.replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main())
