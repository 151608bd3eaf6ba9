"""An SHA's organisations by indicator, with their ranks in England."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publication.numbers import pounds_text, quarter_words, value_text
from publication.scorecards.lines import Row
from publication.scorecards.queries import ENGLAND, Data
from publication.scorecards.texts import (
    DIRECTIONS,
    SHA_ENDING,
    banners_of,
    release_words,
    short_status,
)

KINDS = (("trust", "Trusts"), ("pct", "Primary care trusts and their successors"))
# Beside a rank, so that it is told without colour too.
MARKS = {1: "▲", 4: "▼"}
INTRODUCTION = (
    "Rank in England of each organisation, and below it the value; 1 is best. These are not targets"
    " and no league table: a rank says where to ask why, and the answer may be the patients, the"
    " coding or the data."
)


@dataclass(frozen=True)
class Column:
    """An indicator of a table, with what its values are compared with."""

    name: str
    direction: str
    ranked: str
    best: str
    whole: str


@dataclass(frozen=True)
class Cell:
    """A rank with its mark and value, or a word why there is none."""

    rank: str
    mark: str
    quartile: int
    value: str


@dataclass(frozen=True)
class TableRow:
    """An organisation of a table."""

    code: str
    name: str
    published: str
    netted: str
    cells: list[Cell]


@dataclass(frozen=True)
class Kind:
    """One class of an SHA's organisations: they have their indicators in common."""

    name: str
    columns: list[Column]
    rows: list[TableRow]


@dataclass(frozen=True)
class Table:
    """An SHA in one quarter."""

    code: str
    name: str
    short_name: str
    quarter: str
    quarter_words: str
    banners: list[str]
    introduction: str
    pounds: str
    kinds: list[Kind]
    release: str


def tables_of(data: Data) -> Iterator[Table]:
    """The tables of all SHAs that organisations of the quarter belong to."""
    names = {
        organisation["sha_code"]: organisation["sha_name"] or organisation["sha_code"]
        for organisation in data.organisations
        if organisation["sha_code"]
    }
    for code, name in sorted(names.items()):
        members = [member for member in data.organisations if member["sha_code"] == code]
        yield Table(
            code=code,
            name=name,
            short_name=name.removesuffix(SHA_ENDING),
            quarter=data.quarter,
            quarter_words=quarter_words(data.quarter),
            banners=banners_of(data.facts),
            introduction=INTRODUCTION,
            pounds=_pounds(data, code),
            kinds=[
                _kind(data, kind, present)
                for class_, kind in KINDS
                if (present := [row for row in members if row["organisation_class"] == class_])
            ],
            release=release_words(data.facts),
        )


def _pounds(data: Data, code: str) -> str:
    """What the SHA's organisations together could gain, and England's."""
    own, england = data.areas.get(code), data.areas.get(ENGLAND)
    if own is None:
        return "No indicator of this quarter has a figure with a price."
    words = (
        f"{pounds_text(own['published_gbp'])} a year at the level of the best quarter, as"
        f" published; {pounds_text(own['netted_gbp'])} netted"
    )
    if england is not None:
        words += f". England: {pounds_text(england['published_gbp'])}"
        words += f"; {pounds_text(england['netted_gbp'])} netted"
    return f"{words}."


def _kind(data: Data, name: str, members: Sequence[Row]) -> Kind:
    rows = [row for member in members for row in data.rows[member["organisation_code"]]]
    indicators = sorted({row["indicator_id"] for row in rows})
    return Kind(
        name=name,
        columns=[
            _column(data, indicator, [row for row in rows if row["indicator_id"] == indicator])
            for indicator in indicators
        ],
        rows=[
            TableRow(
                code=member["organisation_code"],
                name=member["organisation_name"] or member["organisation_code"],
                published=pounds_text(member["published_gbp"]),
                netted=pounds_text(member["netted_gbp"]),
                cells=_cells(data, data.rows[member["organisation_code"]], indicators),
            )
            for member in sorted(
                members, key=lambda row: (row["organisation_name"] or "", row["organisation_code"])
            )
        ],
    )


def _column(data: Data, indicator: str, rows: Sequence[Row]) -> Column:
    facts = data.indicators[indicator]
    # The same on every row of the class, but for those that are hidden; of specialist trusts the
    # number ranked is another.
    ranked = [row["n_ranked"] for row in rows if row["national_rank"] is not None]
    best = [row["benchmark_value"] for row in rows if row["benchmark_value"] is not None]
    whole = [row["sha_value"] for row in rows if row["sha_value"] is not None]
    is_context = facts["direction"] == "context"
    return Column(
        name=facts["name"],
        direction=DIRECTIONS[facts["direction"]],
        ranked=str(max(ranked)) if ranked else "–",
        best=value_text(best[0] if best and not is_context else None, facts["unit"]),
        whole=value_text(whole[0] if whole else None, facts["unit"]),
    )


def _cells(data: Data, rows: Sequence[Row], indicators: Sequence[str]) -> list[Cell]:
    found = {row["indicator_id"]: row for row in rows}
    return [
        _cell(found[indicator], data.indicators[indicator]["unit"])
        if indicator in found
        else Cell(rank="–", mark="", quartile=0, value="no row")
        for indicator in indicators
    ]


def _cell(row: Row, unit: str) -> Cell:
    if row["shown_value"] is None:
        return Cell(rank="–", mark="", quartile=0, value=short_status(row))
    rank = row["national_rank"]
    return Cell(
        rank="–" if rank is None else f"{rank:,}",
        mark=MARKS.get(row["quartile"], ""),
        quartile=row["quartile"] or 0,
        value=value_text(row["shown_value"], unit),
    )
