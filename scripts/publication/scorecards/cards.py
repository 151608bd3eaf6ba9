"""What a scorecard says, as text that both of its forms print: nothing is reckoned while printing.

Figures are those of the release's tables; comparisons (better than the SHA, in the best quarter)
are of the figures as published, so that nothing can be read out of them that is not there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publication.numbers import (
    count_text,
    index_words,
    ordinal,
    pounds_full,
    pounds_text,
    quarter_words,
    quartile_words,
    rank_words,
    status_words,
    value_text,
)
from publication.release_data import Facts, Release
from publication.scorecards.charts import Peers, peers_chart, trend_chart
from publication.scorecards.queries import rows_of

Row = Mapping[str, Any]

N_QUARTERS = 8
N_STARTS = 3
SHA_ENDING = " Strategic Health Authority"
TYPES = {
    "acute": "Acute trust",
    "acute_ft": "Acute foundation trust",
    "acute_specialist": "Acute specialist trust",
    "pct": "Primary care trust",
    "ccg": "Clinical commissioning group",
    "icb": "Integrated care board",
}
DIRECTIONS = {
    "lower": "lower is better",
    "higher": "higher is better",
    "context": "for context, neither is better",
}
FLAGS = {"concern": "Cause for concern", "watch": "Watch"}
VARIATIONS = {"improvement": "improving", "concern": "getting worse"}
# Not strftime's, which are of the machine's language.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_STATUSES = {
    "withheld": "withheld",
    "not_submitted": "not submitted",
    "unusable": "not usable",
    "not_applicable": "not applicable",
}
INTRODUCTION = (
    "These indicators show where an organisation uses more beds, staff or money than the best"
    " quarter of its peers, and what a year at that level would be worth. They are not targets and"
    " make no league table: they say where to ask why, and the answer may be the patients, the"
    " coding or the data."
)
SYNTHETIC = "Synthetic data: every figure is made up and describes no real organisation."
RESTRICTED = "RESTRICTED: internal figures, not suppressed and not rounded. Not to be published or passed on."


# What the back page explains; the last is of public releases alone.
READING = (
    (
        "Best quarter",
        "the value that a quarter of the eligible organisations of the kind in England reach or"
        " better. The gap to it, times a price, times four is the £ a year; nobody who is better"
        " makes up for another.",
    ),
    (
        "Rank",
        "1st is best, ties share a rank; specialist trusts are ranked among themselves. Quarters of"
        " ranks are those of the best, 2nd, 3rd and last fourth of the eligible organisations.",
    ),
    (
        "As published and netted",
        "as published, amounts are added up as they were in 2006. Days before an operation are part"
        " of the length of stay too; netted, the smaller of the two amounts is left out.",
    ),
    (
        "Cause for concern",
        "in the last quarter of peers, and further out than chance explains, now and before or with"
        " a trend for the worse. Watch: a weaker sign of the same. Neither is a judgement.",
    ),
    (
        "Where to start",
        "the amounts that are least likely to be chance, largest first.",
    ),
    (
        "Without a figure",
        "nought is a figure. Not submitted: no data came. Withheld: the data failed a check, named"
        " in the note, and are not to be believed. Not applicable: no case to measure.",
    ),
    (
        "Suppressed and rounded",
        "a figure of 1 to 7 cases is hidden with all that would give it away. Counts are rounded to"
        " 5 and £ to 1,000; values have one decimal. Sums are of what is shown.",
    ),
)


@dataclass(frozen=True)
class Line:
    """An indicator of a scorecard, as it reads."""

    indicator_id: str
    name: str
    words: str
    direction: str
    value: str
    has_value: bool
    best: str
    peers_svg: str
    peers_words: str
    trend_svg: str
    trend_words: str
    rank: str
    quartile: str
    sha_value: str
    sha_rank: str
    pounds: str
    flag: str
    flag_words: str
    note: str
    # Of the back page.
    numerator: str
    denominator: str
    expected: str
    pounds_full: str
    status: str
    formula: str
    why: str


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
    sha_code: str
    sha_name: str
    sha_words: str
    lines: list[Line]
    notes: str
    starts: list[Start]
    starts_words: str
    quality: str
    reading: tuple[tuple[str, str], ...]
    release: str


def banners_of(facts: Facts) -> list[str]:
    """What every page says on top: that figures are made up, or not for the public."""
    return ([RESTRICTED] if facts.is_restricted else []) + (
        [SYNTHETIC] if facts.is_synthetic else []
    )


def release_words(facts: Facts) -> str:
    """Which release a page was made of."""
    day = facts.published_at
    return f"Release {facts.release}, published {day.day} {MONTHS[day.month - 1]} {day.year}"


def latest_quarter(release: Release) -> str | None:
    """The latest quarter with any value; None where there is none."""
    found = release.engine.sql(
        "select max(quarter) from fct_indicator_values where value is not null"
    ).fetchone()
    return found[0] if found else None


def read_cards(release: Release, quarter: str, code: str | None = None) -> Iterator[Card]:
    """The scorecards of all organisations that a quarter has rows of, or of one alone."""
    indicators = {row["indicator_id"]: row for row in rows_of(release, "indicators")}
    rules = {row["rule_id"]: row["name"] for row in rows_of(release, "rules")}
    lines = defaultdict(list)
    for row in rows_of(release, "rows", quarter=quarter, n_quarters=N_QUARTERS):
        lines[row["organisation_code"]].append(row)
    for organisation in rows_of(release, "organisations", quarter=quarter):
        if code in (None, organisation["organisation_code"]):
            rows = lines[organisation["organisation_code"]]
            yield _card(release.facts, organisation, rows, indicators, rules, quarter)


def _card(
    facts: Facts,
    organisation: Row,
    rows: Sequence[Row],
    indicators: Mapping[str, Row],
    rules: Mapping[str, str],
    quarter: str,
) -> Card:
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
        quarter=quarter,
        quarter_words=quarter_words(quarter),
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
        sha_code=organisation["sha_code"] or "",
        sha_name=sha_name,
        sha_words=_sha_words(organisation, rows, indicators, sha_name),
        lines=[_line(row, indicators[row["indicator_id"]], sha_name) for row in rows],
        notes=_notes(rows, rules),
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


def _line(row: Row, indicator: Row, sha_name: str) -> Line:
    unit, direction = indicator["unit"], indicator["direction"]
    is_shown = row["shown_value"] is not None
    peers = _peers(row)
    best = None if direction == "context" else row["benchmark_value"]
    is_hidden = row["disclosure_status"] == "suppressed"
    status = status_words(row["publication_status"], row["disclosure_status"])
    variation = VARIATIONS.get(row["variation"], "") if is_shown else ""
    return Line(
        indicator_id=row["indicator_id"],
        name=indicator["name"],
        words="; ".join(
            part for part in (_words(row, indicator), DIRECTIONS[direction], variation) if part
        ),
        direction=DIRECTIONS[direction],
        value=value_text(row["shown_value"], unit) if is_shown else _short_status(row),
        has_value=is_shown,
        best=value_text(best, unit),
        peers_svg=peers_chart(
            peers, row["shown_value"], best, row["sha_value"], direction == "lower"
        )
        if peers
        else "",
        peers_words=_peers_words(row, indicator, peers, sha_name),
        trend_svg=trend_chart(
            [point["value"] for point in row["history"]], peers.p75 - peers.p25 if peers else None
        ),
        trend_words=_trend_words(row["history"], unit),
        rank="not ranked"
        if row["national_rank"] is None
        else f"{ordinal(row['national_rank'])} of {row['n_ranked']:,}",
        quartile="" if row["quartile"] is None else quartile_words(row["quartile"]),
        sha_value=value_text(row["sha_value"], unit),
        sha_rank=""
        if row["sha_rank"] is None
        else f"{ordinal(row['sha_rank'])} of {row['sha_n_ranked']:,}",
        pounds=_pounds(row, indicator),
        flag=row["concern"] if row["concern"] in FLAGS else "",
        flag_words=FLAGS.get(row["concern"], ""),
        note="" if is_hidden else (row["status_reason"] or "").replace(",", ", "),
        numerator=count_text(row["numerator"]),
        denominator=count_text(row["denominator"]),
        expected=_expected(row, indicator),
        pounds_full=pounds_full(row["opportunity_annual_gbp"]),
        status=status,
        formula=_formula(indicator),
        why=indicator["why_it_matters"] or "",
    )


def _short_status(row: Row) -> str:
    """Why there is no figure, in a word or two that fit where the figure would stand."""
    if row["disclosure_status"] == "suppressed":
        return "suppressed"
    return SHORT_STATUSES.get(row["publication_status"], "no figure")


def _words(row: Row, indicator: Row) -> str:
    """What the value says, or why there is none."""
    if row["shown_value"] is None:
        return status_words(row["publication_status"], row["disclosure_status"])
    if indicator["unit"] == "index":
        return index_words(row["shown_value"], indicator["above_words"], indicator["below_words"])
    return ""


def _pounds(row: Row, indicator: Row) -> str:
    if row["opportunity_annual_gbp"] is not None and row["shown_value"] is not None:
        return pounds_text(row["opportunity_annual_gbp"])
    return "no price" if indicator["price_basis"] == "none" else pounds_text(None)


def _expected(row: Row, indicator: Row) -> str:
    """Expected numerator with one decimal, as the table has it; none where not standardised."""
    return value_text(row["expected"], "expected") if indicator["is_standardised"] else ""


def _formula(indicator: Row) -> str:
    numerator = indicator["numerator_label"] or "numerator"
    denominator = indicator["denominator_label"] or "denominator"
    how = (indicator["standardisation"] or "").removeprefix("indirect: ").replace(" x ", ", ")
    if indicator["unit"] == "index":
        return f"100 × {numerator} ÷ {numerator} expected of the {denominator} (by {how})"
    if indicator["unit"] == "proportion":
        adjusted = f", adjusted by {how}" if indicator["is_standardised"] else ""
        return f"{numerator} ÷ {denominator}{adjusted}"
    return f"{numerator} per 1,000 {denominator}"


def _peers(row: Row) -> Peers | None:
    values = [row[name] for name in ("p10", "p25", "median", "p75", "p90")]
    return None if None in values else Peers(*values)


def _peers_words(row: Row, indicator: Row, peers: Peers | None, sha_name: str) -> str:
    """What the drawing of the place among peers shows."""
    unit = indicator["unit"]
    if peers is None:
        return "not compared with peers"
    own = (
        f"{value_text(row['shown_value'], unit)},"
        f" {rank_words(row['national_rank'], row['n_ranked'], row['quartile'])}"
        if row["shown_value"] is not None
        else _short_status(row)
    )
    parts = [
        f"Own: {own}",
        f"peers: middle half {value_text(peers.p25, unit)} to {value_text(peers.p75, unit)},"
        f" median {value_text(peers.median, unit)}",
    ]
    if indicator["direction"] != "context" and row["benchmark_value"] is not None:
        parts.append(f"best quarter {value_text(row['benchmark_value'], unit)}")
    if row["sha_value"] is not None and sha_name:
        parts.append(f"{sha_name} {value_text(row['sha_value'], unit)}")
    return "; ".join(parts) + "."


def _trend_words(history: Sequence[Row], unit: str) -> str:
    """The values of the last quarters, or why there is none."""
    points = [
        f"{point['quarter']} "
        + (value_text(point["value"], unit) if point["value"] is not None else _short_status(point))
        for point in history
    ]
    return f"{'; '.join(points)}."


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
