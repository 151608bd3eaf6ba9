"""An indicator of a scorecard, as it reads: nothing is reckoned or rounded while printing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publication.numbers import (
    count_text,
    index_words,
    ordinal,
    pounds_full,
    pounds_text,
    quartile_words,
    rank_words,
    status_words,
    value_text,
)
from publication.scorecards.charts import Peers, peers_chart, trend_chart
from publication.scorecards.texts import APART, DIRECTIONS, FLAGS, VARIATIONS, short_status

Row = Mapping[str, Any]


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
    pounds_mark: str
    flag: str
    flag_words: str
    note: str
    # Of the back page, which has what the table has, of withheld rows too.
    table_value: str
    numerator: str
    denominator: str
    expected: str
    pounds_full: str
    status: str
    formula: str
    why: str


def line_of(row: Row, indicator: Row, sha_name: str) -> Line:
    """What a scorecard says of one row: an indicator of an organisation in the quarter."""
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
        value=value_text(row["shown_value"], unit) if is_shown else short_status(row),
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
        pounds_mark=APART
        if is_shown and row["opportunity_annual_gbp"] and not row["is_in_total"]
        else "",
        flag=row["concern"] if row["concern"] in FLAGS else "",
        flag_words=FLAGS.get(row["concern"], ""),
        note="" if is_hidden else (row["status_reason"] or "").replace(",", ", "),
        table_value=value_text(row["value"], unit),
        numerator=count_text(row["numerator"]),
        denominator=count_text(row["denominator"]),
        expected=_expected(row, indicator),
        pounds_full=pounds_full(row["opportunity_annual_gbp"]),
        status=status,
        formula=_formula(indicator),
        why=indicator["why_it_matters"] or "",
    )


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
        else short_status(row)
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
        + (value_text(point["value"], unit) if point["value"] is not None else short_status(point))
        for point in history
    ]
    return f"{'; '.join(points)}."
