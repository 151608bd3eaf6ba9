"""What the results are by: indicators, organisations, quarters, submissions."""

from collections.abc import Iterable
from datetime import date, timedelta

from reference.organisations import Register
from reference.quarters import (
    financial_year,
    first_day,
    first_day_of_month,
    label,
    last_day,
    quarter_of,
    quarter_of_month,
)
from reference.rows import ORGANISATION_COLUMNS, MonthlyRow, known_code
from reference.seeds import registry
from reference.submissions import Submission, effective

# They say what holds, not what happened in a month (Rulebook 1.5).
REFERENCE_FEEDS = {"population", "organisations", "successions"}
MADE_UP = ("synthetic", "artificial")

NUMBERS = (
    "benchmark_quantile",
    "design_effect",
    "min_denominator",
    "min_reference_spells",
    "value_scale",
)
FLAGS = ("in_published_total", "is_overlapping", "is_standardised")


def indicators() -> list[dict]:
    """Rows of dim_indicator: the registry as it stands, every indicator being computed."""
    rows = []
    for indicator in registry().values():
        row = indicator | {"is_computed": True}
        row |= {name: row[name] == "true" for name in FLAGS}
        row["review_date"] = date.fromisoformat(row["review_date"])
        row["value_decimals"] = int(row["value_decimals"])
        row |= {name: None if row[name] is None else float(row[name]) for name in NUMBERS}
        rows.append(row)
    return rows


def organisations(register: Register) -> list[dict]:
    """Rows of dim_organisation: seed and landed rows, and what became of each."""
    rows = []
    for code, organisation in register.organisations.items():
        successor, succeeded_on = register.successors.get(code, (None, None))
        rows.append(
            {
                "organisation_code": code,
                "organisation_name": organisation.name,
                "organisation_type": organisation.type,
                "organisation_class": organisation.organisation_class,
                "sha_code": organisation.sha,
                "cluster": organisation.cluster,
                "open_date": organisation.opened,
                "close_date": organisation.closed,
                "successor_code": successor,
                "succeeded_on": succeeded_on,
                "source": organisation.source,
            }
        )
    return rows


def quarters(submissions: Iterable[Submission]) -> list[dict]:
    """Rows of dim_quarter: from the quarter before the first declared to that of the last extract.

    A stay reported in one quarter may end in the next.
    """
    known = set()
    for submission in submissions:
        known |= {quarter_of_month(month) for month in submission.months}
        known.add(quarter_of(submission.extract_date))
    return [
        {
            "quarter": label(quarter),
            "financial_year": financial_year(quarter // 4),
            "quarter_of_year": quarter % 4 + 1,
            "quarter_start_date": first_day(quarter),
            "quarter_end_date": last_day(quarter),
            "previous_quarter": label(quarter - 1),
        }
        for quarter in range(min(known) - 1, max(known) + 1)
    ]


def submissions(
    landed: list[Submission], register: Register, prescribed: dict[str | None, list[MonthlyRow]]
) -> list[dict]:
    """Rows of dim_submission, without what the landing says of its time and of the profile.

    prescribed are the rows of prescribing in use, by the class of their organisation.
    """
    months = {s.id: 0 for s in landed if s.feed not in REFERENCE_FEEDS}
    for feed in {submission.feed for submission in landed} - REFERENCE_FEEDS:
        for submission in effective(landed, feed).values():
            months[submission.id] += 1
    return [
        {
            "submission_id": submission.id,
            "feed": submission.feed,
            "period": submission.period,
            "period_start_date": first_day_of_month(submission.months[0]),
            "period_end_date": last_day_of(submission),
            "extract_date": submission.extract_date,
            "sender": submission.sender,
            "is_synthetic": (submission.sender or "").startswith(MADE_UP),
            "file_name": submission.name,
            "checksum_sha256": submission.sha256,
            "size_bytes": submission.size,
            "row_count": len(submission.rows),
            "reject_count": submission.n_rejects,
            "n_months": None if submission.feed in REFERENCE_FEEDS else len(submission.months),
            "n_effective_months": months.get(submission.id),
            "preamble_line_count": submission.n_lines_above,
            "unknown_organisation_row_count": _unknown(submission, register),
            "unclassed_item_count": _unclassed(submission, prescribed, "ITEMS"),
            "unclassed_gbp": _unclassed(submission, prescribed, "NIC"),
        }
        for submission in landed
    ]


def _unknown(submission: Submission, register: Register) -> int:
    """Rows that name an organisation that nobody knows, or none."""
    feed = submission.feed
    if feed in ("organisations", "successions"):
        return 0
    column = "PROCODE3" if feed.startswith("hes") else ORGANISATION_COLUMNS.get(feed, "ORG_CODE")
    return sum(known_code(feed, row, row[column], register) is None for row in submission.rows)


def _unclassed(
    submission: Submission, prescribed: dict[str | None, list[MonthlyRow]], column: str
) -> float | None:
    """What is prescribed by codes that are no group's (Rulebook 2.7); null of no row in use."""
    own = {
        kind: [row for row in rows if row.submission is submission]
        for kind, rows in prescribed.items()
    }
    if not any(own.values()):
        return None
    found = [row.number(column) for kind, rows in own.items() if kind != "pct" for row in rows]
    return sum((number for number in found if number is not None), 0.0)


def last_day_of(submission: Submission) -> date:
    """The last day of the declared period."""
    return first_day_of_month(submission.months[-1] + 1) - timedelta(days=1)
