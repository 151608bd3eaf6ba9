"""What a scorecard says, as text that both of its forms print: nothing is reckoned while printing.

Figures are those of the release's tables; comparisons (better than the SHA, in the best quarter)
are of the figures as published, so that nothing can be read out of them that is not there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from publication.numbers import pounds_text, quarter_words, value_text
from publication.scorecards.lines import Line, Row, line_of
from publication.scorecards.queries import Data
from publication.scorecards.texts import (
    APART,
    FLAGS,
    INTRODUCTION,
    READING,
    SHA_ENDING,
    TYPES,
    banners_of,
    release_words,
)

N_STARTS = 3


@dataclass(frozen=True)
class Start:
    """One of the first indicators to look at."""

    name: str
    pounds: str
    sure: str
    advice: str
    caveat: str


@dataclass(frozen=True)
class Card:
    """A scorecard: one organisation in one quarter."""

    code: str
    name: str
    about: str
    quarter: str
    quarter_words: str
    banners: list[str]
    is_restricted: bool
    introduction: str
    published: str
    netted: str
    suppressed: str
    best: str
    n_concern: str
    n_watch: str
    concerns: str
    flagged_words: str
    sha_code: str
    sha_name: str
    sha_words: str
    lines: list[Line]
    notes: str
    apart: str
    starts: list[Start]
    starts_words: str
    quality: str
    reading: tuple[tuple[str, str], ...]
    release: str


def cards_of(data: Data) -> Iterator[Card]:
    """The scorecards of the organisations that were read."""
    for organisation in data.organisations:
        yield _card(data, organisation)


def _card(data: Data, organisation: Row) -> Card:
    facts, indicators = data.facts, data.indicators
    rows = data.rows[organisation["organisation_code"]]
    sha_name = (organisation["sha_name"] or "").removesuffix(SHA_ENDING)
    ranked = [row for row in rows if row["national_rank"] is not None]
    n_best = sum(row["quartile"] == 1 for row in ranked)
    flagged = {
        flag: [indicators[row["indicator_id"]]["name"] for row in rows if row["concern"] == flag]
        for flag in FLAGS
    }
    n_suppressed = organisation["n_suppressed"] or 0
    starts = _starts(rows, indicators)
    return Card(
        code=organisation["organisation_code"],
        name=organisation["organisation_name"] or organisation["organisation_code"],
        about=_about(organisation),
        quarter=data.quarter,
        quarter_words=quarter_words(data.quarter),
        banners=banners_of(facts),
        is_restricted=facts.is_restricted,
        introduction=INTRODUCTION,
        published=pounds_text(organisation["published_gbp"]),
        netted=pounds_text(organisation["netted_gbp"]),
        suppressed=f"without {n_suppressed} suppressed" if n_suppressed else "",
        best=f"{n_best} of {len(ranked)}",
        n_concern=str(len(flagged["concern"])),
        n_watch=str(len(flagged["watch"])),
        concerns=_concerns(flagged),
        flagged_words=_flagged_words(organisation),
        sha_code=organisation["sha_code"] or "",
        sha_name=sha_name,
        sha_words=_sha_words(organisation, rows, indicators, sha_name),
        lines=[line_of(row, indicators[row["indicator_id"]], sha_name) for row in rows],
        notes=_notes(rows, data.rules),
        apart=f"{APART} has a price, but was not part of the published total of the quarter",
        starts=starts,
        starts_words="" if starts else _no_start(rows),
        quality=_quality(organisation, rows),
        reading=READING[:-1] if facts.is_restricted else READING,
        release=release_words(facts),
    )


def _about(organisation: Row) -> str:
    """What kind of organisation it is, and where."""
    parts = [
        f"Code {organisation['organisation_code']}",
        TYPES.get(organisation["organisation_type"], organisation["organisation_type"]),
        f"peer group {organisation['cluster']}" if organisation["cluster"] else "",
        organisation["sha_name"] or "",
    ]
    return " · ".join(part for part in parts if part)


def _concerns(flagged: Mapping[str, Sequence[str]]) -> str:
    """The flags in words, for those who read no further."""
    parts = []
    if flagged["concern"]:
        parts.append(f"Cause for concern: {_listed(flagged['concern'])}.")
    if flagged["watch"]:
        parts.append(f"To watch: {_listed(flagged['watch'])}.")
    return " ".join(parts) or "No cause for concern, and nothing to watch."


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names)


def _flagged_words(organisation: Row) -> str:
    """How much of the total rests on data that are sound, where some are not."""
    if not organisation["n_flagged"] or not organisation["published_gbp"]:
        return ""
    sound = pounds_text(organisation["unflagged_gbp"] or 0)
    total = pounds_text(organisation["published_gbp"])
    return (
        f"Of {total}, {sound} rests on figures that are neither withheld nor published with a note."
    )


def _sha_words(
    organisation: Row, rows: Sequence[Row], indicators: Mapping[str, Row], sha_name: str
) -> str:
    """How the organisation stands to its SHA, as sentences; empty without a SHA."""
    if not sha_name:
        return ""
    signs = {"lower": -1, "higher": 1}
    compared = [
        (row["shown_value"] - row["sha_value"], signs[direction])
        for row in rows
        if (direction := indicators[row["indicator_id"]]["direction"]) in signs
        and row["shown_value"] is not None
        and row["sha_value"] is not None
    ]
    n_better = sum(distance * sign > 0 for distance, sign in compared)
    words = (
        f"Better than {sha_name} as a whole on {n_better} of {len(compared)} indicators"
        if compared
        else ""
    )
    own, all_of_it = organisation["published_gbp"], organisation["sha_published_gbp"]
    if own is not None and all_of_it:
        pounds = (
            f"{pounds_text(own)} of the {pounds_text(all_of_it)} a year of all organisations there"
        )
        words = f"{words}; {pounds}" if words else pounds
    return f"{words}." if words else ""


def _starts(rows: Sequence[Row], indicators: Mapping[str, Row]) -> list[Start]:
    """The first opportunities by the order of the statistics, with what to do and what to mind."""
    ordered = sorted(
        (row for row in rows if row["focus_order"] is not None), key=lambda row: row["focus_order"]
    )
    return [
        Start(
            name=indicators[row["indicator_id"]]["name"],
            pounds=f"{pounds_text(row['opportunity_annual_gbp'])} a year",
            sure=_sure(row["opportunity_annual_lower_gbp"]),
            advice=indicators[row["indicator_id"]]["how_to_improve"] or "",
            caveat=indicators[row["indicator_id"]]["caveats"] or "",
        )
        for row in ordered[:N_STARTS]
    ]


def _sure(lower_gbp: float | None) -> str:
    """How much of an amount is not chance."""
    if lower_gbp is None:
        return "no limits known"
    if lower_gbp <= 0:
        return "may be chance"
    return f"at least {pounds_text(lower_gbp)} with 95 % confidence"


def _no_start(rows: Sequence[Row]) -> str:
    """Why nothing is suggested."""
    if any(row["opportunity_annual_gbp"] is not None for row in rows):
        return "At the level of the best quarter, or better, wherever there is a price."
    return "No indicator of this quarter has a figure with a price."


def _notes(rows: Sequence[Row], rules: Mapping[str, str]) -> str:
    """The rules named in the notes, in words."""
    named = sorted(
        {
            rule
            for row in rows
            if row["status_reason"] and row["disclosure_status"] != "suppressed"
            for rule in row["status_reason"].split(",")
        }
    )
    return "; ".join(f"{rule}: {rules.get(rule, 'no rule of this release')}" for rule in named)


def _quality(organisation: Row, rows: Sequence[Row]) -> str:
    """The state of the data in one line."""
    parts = []
    if organisation["n_feeds"] is not None:
        verdicts = [
            f"{organisation[f'n_{verdict}']} {words}"
            for verdict, words in (("amber", "amber"), ("red", "red"))
            if organisation[f"n_{verdict}"]
        ]
        said = f" ({', '.join(verdicts)})" if verdicts else ", all green"
        parts.append(f"{organisation['n_feeds']} feeds received{said}")
        if organisation["n_not_submitted"]:
            parts.append(f"{organisation['n_not_submitted']} not submitted")
    if organisation["dq_score"] is not None:
        score = value_text(organisation["dq_score"], "score")
        parts.append(f"records score {score} of 100")
    hidden = sum(row["disclosure_status"] == "suppressed" for row in rows)
    counts = [
        (sum(row["publication_status"] == status for row in shown), words)
        for shown in [[row for row in rows if row["disclosure_status"] != "suppressed"]]
        for status, words in (
            ("caveat", "with a note"),
            ("withheld", "withheld"),
            ("not_submitted", "not submitted"),
            ("unusable", "not usable"),
            ("not_applicable", "not applicable"),
        )
    ]
    states = [f"{n} {words}" for n, words in [*counts, (hidden, "suppressed")] if n]
    n_plain = len(rows) - sum(n for n, _ in counts) - hidden
    parts.append(f"of {len(rows)} indicators {', '.join([f'{n_plain} published', *states])}")
    return "; ".join(parts) + "."
