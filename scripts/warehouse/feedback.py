"""The draft for validation: what a body is told of its data before they are published.

SQL computes (queries/feedback_*.sql), once for all the bodies that are asked for; here it is put
into words and files (Rulebook 8.11).
"""

import csv
import difflib
import gzip
import io
import shutil
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TextIO

import duckdb
import jinja2

from warehouse.data_docs import environment
from warehouse.files import only_one
from warehouse.home import Home, attach_warehouse, connect, first_line
from warehouse.known import is_code
from warehouse.privacy import private_folder
from warehouse.words import shown

QUERIES = Path(__file__).with_name("queries")
NBSP = "\N{NO-BREAK SPACE}"
UNFINISHED = ".unfinished-"
REPLACED = ".replaced-"

# The marts that are read; of other rooms the record of builds, and for examples int_failing_lines
# and int_feeds.
TABLES = (
    "dim_dq_rule",
    "dim_indicator",
    "dim_organisation",
    "dim_quarter",
    "dim_submission",
    "dq_field_quality",
    "dq_quarantined_records",
    "dq_rule_results",
    "dq_scores",
    "dq_submission_status",
    "dq_submissions",
    "fct_indicator_values",
)

FEEDS: Mapping[str, str] = {
    "bppc": "paying suppliers on time",
    "epact": "prescribing",
    "epd": "prescribing as published",
    "esr_absence": "sickness absence",
    "esr_movement": "joiners and leavers",
    "finance": "pay, cash and surplus",
    "hes_apc": "admitted patient care",
    "hes_op": "outpatients",
    "nhse_sickness": "sickness absence as published",
    "nhse_turnover": "turnover as published",
    "population": "people by age and sex",
    "procurement": "buying through frameworks",
}

VERDICTS: Mapping[str, str] = {
    "not_submitted": "not submitted",
    "unusable": "unusable",
    "red": "red",
    "amber": "amber",
    "green": "green",
}

STATUSES: Mapping[str, str] = {
    "not_submitted": "not submitted",
    "unusable": "unusable",
    "withheld": "withheld",
    "caveat": "shown with a caveat",
    "not_applicable": "not applicable",
    "published": "shown",
}

# Rules whose rate is a figure of its own and no share of what they looked at.
FIGURES = ("FOLLOWUP", "J01", "S01", "V01", "W01", "W02")

# By a verdict of duplication: the rules that took the rows.
DUPLICATES = {"hes_apc": ("A01", "A03"), "hes_op": ("O01",)}


class NoFeedback(Exception):
    """There is nothing to write a draft from; the message says why."""


@dataclass(frozen=True)
class Asked:
    """For whom and when drafts are asked for."""

    quarter: str
    # None: everybody who is expected to send something.
    organisation_code: str | None
    # Day by which a body is to send again or to comment.
    deadline: date | None

    @property
    def parameters(self) -> dict[str, object]:
        """The parameters of the queries."""
        code = self.organisation_code
        return {"quarter": self.quarter, "codes": None if code is None else [code]}


@dataclass(frozen=True)
class Draft:
    """A draft that was written."""

    folder: Path
    # Feeds that are to be sent, for the first time or again.
    n_to_send: int
    n_feeds: int


def write_drafts(
    home: Home,
    asked: Asked,
    progress: Callable[[Sequence[Mapping]], Iterable[Mapping]] = iter,
) -> list[Draft]:
    """Write the drafts that are asked for, each folder whole or not at all, in order of their code.

    `progress` is given the organisations and gives them back, one by one. Raises NoFeedback where
    there is no warehouse or none with these tables, or where organisation or quarter is unknown;
    OSError or duckdb.Error where a draft cannot be written.
    """
    if not home.warehouse.exists():
        raise NoFeedback(f"there is no warehouse at {home.warehouse}: run `dbt build` first")
    with connect(home) as engine:
        attach_warehouse(engine, home, NoFeedback)
        _require_tables(engine)
        try:
            return _write(home, engine, asked, progress)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise NoFeedback(
                f"the warehouse was built by another version: run `dbt build` ({first_line(error)})"
            ) from error


def _require_tables(engine: duckdb.DuckDBPyConnection) -> None:
    present = {
        name
        for (name,) in engine.sql(
            "select table_name from information_schema.tables"
            " where table_catalog = 'warehouse' and table_schema = 'marts'"
        ).fetchall()
    }
    if missing := [table for table in TABLES if table not in present]:
        raise NoFeedback(f"the warehouse lacks {', '.join(missing)}: run `dbt build`")


def _write(
    home: Home,
    engine: duckdb.DuckDBPyConnection,
    asked: Asked,
    progress: Callable[[Sequence[Mapping]], Iterable[Mapping]],
) -> list[Draft]:
    quarter, earlier = _quarters(engine, asked.quarter)
    organisations = _rows(engine, "organisations", asked.parameters)
    if not organisations:
        raise NoFeedback(_nobody(engine, asked))
    if odd := [o for o in organisations if not is_code(o["organisation_code"])]:
        raise NoFeedback(f"'{shown(odd[0]['organisation_code'])}' can be no organisation's code")
    common = {
        "quarter": quarter,
        "earlier": earlier,
        "deadline": asked.deadline,
        **_state(engine),
    }
    statuses, results, indicators, fields, examples = (
        _by_organisation(_rows(engine, name, asked.parameters))
        for name in ("statuses", "results", "indicators", "fields", "examples")
    )
    drafts = []
    with private_folder(home.feedback, home), only_one(home.feedback / ".lock", "feedback"):
        target = home.feedback / asked.quarter
        target.mkdir(exist_ok=True)
        _clear_leftovers(target)
        with engine.cursor() as cursor:
            cursor.execute("use warehouse")
            records = _Records(cursor, asked.parameters)
            for organisation in progress(organisations):
                code = organisation["organisation_code"]
                draft = target / f"{UNFINISHED}{uuid.uuid4().hex}"
                try:
                    draft.mkdir()
                    _write_results(draft / "results.csv", quarter, earlier, results[code])
                    n_records = _write_records(draft / "records.csv.gz", records.of(code))
                    page = told(
                        organisation,
                        statuses[code],
                        results[code],
                        indicators[code],
                        fields[code],
                        examples[code],
                    )
                    html = _template().render(**common, **page, n_records=n_records)
                    (draft / "index.html").write_text(html, encoding="utf-8")
                    _swap(draft, target / code)
                except BaseException:
                    # A full disk is not to stay full of it.
                    shutil.rmtree(draft, ignore_errors=True)
                    raise
                drafts.append(Draft(target / code, len(page["to_send"]), len(statuses[code])))
    return drafts


def _query(name: str) -> str:
    return (QUERIES / f"feedback_{name}.sql").read_text(encoding="utf-8")


def _rows(
    engine: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> list[dict]:
    """The rows of a query, by column."""
    found = engine.execute(_query(name), dict(parameters) if parameters else None)
    columns = [column for column, *_ in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _by_organisation(rows: Iterable[dict]) -> Mapping[str, list[dict]]:
    grouped: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        grouped[row["organisation_code"]].append(row)
    return grouped


def _quarters(engine: duckdb.DuckDBPyConnection, asked: str) -> tuple[dict, list[str | None]]:
    """The quarter that is asked for, and the names of the four before it, the latest first."""
    rows = _rows(engine, "quarters")
    names = [row["quarter"] for row in rows]
    expected = [row["quarter"] for row in rows if row["is_expected"]]
    if not expected:
        raise NoFeedback("the warehouse has no submissions: land some and run `dbt build`")
    if asked not in expected:
        near = difflib.get_close_matches(asked, expected, n=3)
        raise NoFeedback(
            f"no quarter '{shown(asked)}' in which a submission counts; there are {expected[0]}"
            f" to {expected[-1]}{_near(near)}"
        )
    place = names.index(asked)
    before = names[max(place - 4, 0) : place][::-1]
    return rows[place], [*before, *[None] * (4 - len(before))]


def _nobody(engine: duckdb.DuckDBPyConnection, asked: Asked) -> str:
    """Why there is no draft for the organisation that was asked for, and who may be meant."""
    code = asked.organisation_code or ""
    known = {
        row[0]: row
        for row in engine.sql(
            "select organisation_code, organisation_name, close_date, successor_code"
            " from marts.dim_organisation"
        ).fetchall()
    }
    if code in known:
        _, name, closed, successor = known[code]
        became = f", succeeded by {successor}" if successor else ""
        why = f" (closed {closed:%Y-%m-%d}{became})" if closed else became
        return f"{code} {name}{why} is not expected to send anything for {asked.quarter}"
    sending = _rows(engine, "organisations", {"quarter": asked.quarter, "codes": None})
    names = {row["organisation_code"]: row["organisation_name"] for row in sending}
    near = difflib.get_close_matches(code.upper(), names, n=4, cutoff=0.5)
    return f"no organisation '{shown(code)}'{_near([f'{found} {names[found]}' for found in near])}"


def _near(found: Sequence[str]) -> str:
    return f"; near it: {', '.join(found)}" if found else ""


def _state(engine: duckdb.DuckDBPyConnection) -> dict:
    """Of which build the figures are, and whether any of its data are made up."""
    try:
        builds = _rows(engine, "build")
    except (duckdb.CatalogException, duckdb.BinderException):
        builds = []
    [(synthetic,)] = engine.sql(
        "select coalesce(bool_or(is_synthetic), false) from marts.dim_submission"
    ).fetchall()
    return {"build": builds[0] if builds else None, "synthetic": synthetic}


@cache
def _template() -> jinja2.Template:
    made = environment().overlay()
    made.filters |= {
        "rate": rate_words,
        "bound": bound_words,
        "value": value_words,
        "pounds": pounds,
        "whole": whole,
        "day": day_words,
    }
    made.globals |= {
        "FEEDS": FEEDS,
        "VERDICTS": VERDICTS,
        "STATUSES": STATUSES,
        "FIGURES": FIGURES,
    }
    return made.get_template("feedback.html")


def told(
    organisation: Mapping,
    statuses: Sequence[Mapping],
    results: Sequence[Mapping],
    indicators: Sequence[Mapping],
    fields: Sequence[Mapping],
    examples: Sequence[Mapping],
) -> dict:
    """What a page tells, in its order; each argument is the rows of one organisation."""
    failed = sorted(
        (result for result in results if result["outcome"] in ("red", "amber")),
        key=lambda result: (result["outcome"] != "red", result["rule_id"] == "FOLLOWUP"),
    )
    names = {result["rule_id"]: result["name"] for result in results}
    names |= {example["rule_id"]: example["name"] for example in examples}
    verdicts = {status["feed"]: status["verdict"] for status in statuses}
    feeds = [
        {
            **status,
            "because": [
                result
                for result in failed
                if result["feed"] == status["feed"]
                and result["rule_id"] in _listed(status["rules_red"], status["rules_amber"])
            ],
        }
        for status in statuses
    ]
    sets = [
        {"feed": feed, "rule_id": rule_id, "lines": list(lines)}
        for (feed, rule_id), lines in groupby(
            examples, key=lambda example: (example["feed"], example["rule_id"])
        )
    ]
    shown_sets = [
        found
        for found in sets
        if found["lines"][0]["grain"] == "submission"
        or verdicts.get(found["feed"]) == "unusable"
        or _has_failed(failed, found["feed"], found["rule_id"])
    ]
    with_lines = {(found["feed"], found["rule_id"]) for found in sets}
    return {
        "organisation": organisation,
        "feeds": feeds,
        "to_send": [f for f in feeds if f["verdict"] in ("not_submitted", "unusable", "red")],
        "to_look_at": [f for f in feeds if f["verdict"] == "amber"],
        "failed": [
            (feed, [result for result in failed if result["feed"] == feed])
            for feed in dict.fromkeys(status["feed"] for status in statuses)
            if any(result["feed"] == feed for result in failed)
        ],
        "n_green": sum(result["outcome"] == "green" for result in results),
        "fields": [
            (feed, list(rows)) for feed, rows in groupby(fields, key=lambda field: field["feed"])
        ],
        "indicators": [
            {
                **indicator,
                "reasons": [
                    (rule_id, names.get(rule_id, _OF_AN_INDICATOR.get(rule_id, "")))
                    for rule_id in _listed(indicator["status_reason"])
                ],
            }
            for indicator in indicators
        ],
        "examples": shown_sets,
        "also_set_aside": [found for found in sets if found not in shown_sets],
        "without_lines": [
            result
            for result in failed
            if result["rule_id"] not in FIGURES
            and (result["feed"], result["rule_id"]) not in with_lines
            and result["rule_id"] != "V02"
        ],
    }


# A reason that is no rule of a feed's.
_OF_AN_INDICATOR: Mapping[str, str] = {"MIN": "Few events"}


def _listed(*texts: str | None) -> list[str]:
    """The rules of comma-separated lists."""
    return [rule.strip() for text in texts for rule in (text or "").split(",") if rule.strip()]


def _has_failed(failed: Iterable[Mapping], feed: str, rule_id: str) -> bool:
    """Whether a rule that set rows aside did so over its bound, or by that of all duplicates."""
    return any(
        result["feed"] == feed
        and (
            result["rule_id"] == rule_id
            or (result["rule_id"] == "V02" and rule_id in DUPLICATES.get(feed, ()))
        )
        for result in failed
    )


def rate_words(rate: float | None, rule_id: str, brief: bool = False) -> str:
    """A rate in the unit of its rule: times, pounds a month, or per cent of a share of 0 to 1.

    In `brief` a unit of words is left out, for a cell beside one that has it.
    """
    if rate is None:
        return "–"
    if rule_id == "J01":
        times = f"{rate:,.2f}" if rate >= 0.1 or not rate else f"{rate:.1g}"
        return times if brief else f"{times} times"
    if rule_id == "S01":
        return pounds(rate) if brief else f"{pounds(rate)} a month"
    if rule_id == "FOLLOWUP":
        return "not received" if rate else "received"
    if rate and abs(rate) < 0.0005:
        return f"under 0.1{NBSP}%"
    return f"{100 * rate:,.1f}{NBSP}%"


def bound_words(result: Mapping) -> str:
    """Beyond what a rule is amber or red, in words; the bounds are those of the result's feed."""
    rule_id = result["rule_id"]
    said = []
    for colour in ("amber", "red"):
        threshold = result[f"{colour}_threshold"]
        over, under = result[f"{colour}_over"], result[f"{colour}_under"]
        if threshold is None and over is None and under is None:
            continue
        if rule_id == "FOLLOWUP":
            return "the next quarter is not received"
        if over is None and under is not None:
            words = f"under {_plain(rule_id, under if threshold is None else threshold)}"
        else:
            top = over if threshold is None else threshold
            words = f"over {_plain(rule_id, top)}" if top else "if any"
            if under is not None:
                words += f" or under {_plain(rule_id, under)}"
        said.append(f"{colour} {words}")
    return ", ".join(said) or "none"


def _plain(rule_id: str, bound: float) -> str:
    """A bound without digits that say nothing; those of S01 are multiples of the median."""
    if rule_id in ("J01", "S01"):
        times = f"{bound:.3g}" if bound >= 1 else f"1/{1 / bound:.3g}"
        return f"{times} times the median" if rule_id == "S01" else f"{times} times"
    return f"{100 * bound:.3g}{NBSP}%"


def value_words(value: float | None, unit: str) -> str:
    """An indicator's value in its unit."""
    if value is None:
        return "–"
    return f"{100 * value:,.1f}{NBSP}%" if unit == "proportion" else f"{value:,.1f}"


def pounds(amount: float | None) -> str:
    """Whole pounds."""
    if amount is None:
        return "–"
    return f"{'−' if round(amount) < 0 else ''}£{abs(amount):,.0f}"


def whole(count: float | None) -> str:
    """A count with thousands set apart."""
    return "–" if count is None else f"{count:,.0f}"


def day_words(day: date) -> str:
    """A day as it is written in a letter."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _write_results(
    path: Path, quarter: Mapping, earlier: Sequence[str | None], results: Sequence[Mapping]
) -> None:
    """Every rule's result as CSV, with what the page compares it with."""
    columns = (
        "organisation_code",
        "feed",
        "rule_id",
        "name",
        "dimension",
        "treatment",
        "n_checked",
        "n_failed",
        "rate",
        "amber_threshold",
        "red_threshold",
        "outcome",
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        write = _csv(file)
        write(
            [
                "quarter",
                *columns,
                *(f"rate_{n}_quarters_before" for n in range(1, len(earlier) + 1)),
                "peer_median_rate",
                "n_peers",
                "advice",
            ]
        )
        for result in results:
            rates = {past["quarters_back"]: past["rate"] for past in result["earlier"] or []}
            write(
                [
                    quarter["quarter"],
                    *(result[column] for column in columns),
                    *(rates.get(n) for n in range(1, len(earlier) + 1)),
                    result["peer_median"],
                    result["n_peers"],
                    result["advice"],
                ]
            )


def _write_records(path: Path, records: Iterable[Sequence]) -> int:
    """An organisation's records that were set aside, as gzipped CSV; returns how many."""
    count = 0
    # Neither name nor time in the file, so that the same records are the same bytes.
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as file,
    ):
        write = _csv(file)
        write(_Records.COLUMNS)
        for record in records:
            write(record)
            count += 1
    return count


def _csv(file: TextIO) -> Callable[[Iterable], object]:
    """Writes rows of cells; no text of a sender's becomes a formula of a spreadsheet."""
    writer = csv.writer(file, lineterminator="\n")
    return lambda cells: writer.writerow([as_cell(cell) for cell in cells])


def as_cell(value: object) -> object:
    """A value as a spreadsheet may open it: a text that it would reckon with is kept a text."""
    if isinstance(value, str) and value.lstrip("\t\r\n ")[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value


class _Records:
    """Streams the records of all organisations once, in the order of their codes."""

    COLUMNS = (
        "feed",
        "rule_id",
        "rule_name",
        "file_name",
        "submission_id",
        "line_number",
        "record_key",
        "record",
    )

    def __init__(self, engine: duckdb.DuckDBPyConnection, parameters: Mapping[str, object]):
        self._found = engine.execute(_query("records"), dict(parameters))
        self._rows = self._stream()
        self._next = next(self._rows, None)

    def of(self, code: str) -> Iterator[Sequence]:
        """The records of an organisation; ask for organisations in ascending order."""
        while self._next is not None and self._next[0] <= code:
            if self._next[0] == code:
                yield self._next[1:]
            self._next = next(self._rows, None)

    def _stream(self) -> Iterator[Sequence]:
        while rows := self._found.fetchmany(5000):
            yield from rows


def _clear_leftovers(folder: Path) -> None:
    """Take away what was not finished; put back what a run was killed while replacing."""
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    for old in folder.glob(f"{REPLACED}*"):
        place = folder / old.name.removeprefix(REPLACED)
        if place.exists():
            shutil.rmtree(old)
        else:
            old.rename(place)


def _swap(draft: Path, place: Path) -> None:
    """Put a folder in the place of another; a reader finds the one or the other, whole."""
    old = place.with_name(f"{REPLACED}{place.name}")
    if place.exists():
        place.rename(old)
    draft.rename(place)
    shutil.rmtree(old, ignore_errors=True)
