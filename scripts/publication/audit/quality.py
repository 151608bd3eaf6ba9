"""Tables of data quality: counts of patients' records that few rows failed, or few rows passed."""

from collections import defaultdict
from collections.abc import Iterable

from publication.audit.cells import Cells
from publication.audit.outcome import LEAST_POSSIBLE, SMALL, Opened
from publication.audit.tables import Tables
from warehouse.home import identifier

FEEDS = "feed in ('hes_apc', 'hes_op')"  # of patients' records
SMALLEST, LARGEST = SMALL[0], SMALL[-1]
RULES = "dq_rule_results"
FIELDS = "dq_field_quality"
# Counts of records by table; what is left of the first without each is a count as well.
COUNTS = {
    RULES: ("n_checked", "n_failed"),
    FIELDS: ("n_records", "n_valid", "n_default", "n_invalid", "n_missing"),
    "dq_submission_status": ("n_records",),
}
# Counts of a submission's rows: the whole and its parts (Rulebook 8.5).
ACCOUNTS = (
    ("n_lines", ("n_rejected", "n_landed")),
    ("n_landed", ("n_superseded", "n_quarantined", "n_in_use")),
    ("n_quarantined", ("n_a01", "n_a03", "n_a06", "n_d01", "n_f01", "n_o01", "n_org", "n_p02",
                       "n_t01")),
)  # fmt: skip
SUBMISSION_COUNTS = {
    "dim_submission": ("reject_count", "invalid_count", "suppressed_count", "missing_count",
                       "repeated_key_count", "unknown_organisation_row_count"),
    "dq_submissions": ("n_rejected", "n_superseded", "n_quarantined", *ACCOUNTS[2][1]),
}  # fmt: skip
# So many rows in which two counts are the same make them the same where one is hidden.
ENOUGH = 20


def attack_quality(tables: Tables, cells: Cells) -> tuple[dict[str, int], list[Opened]]:
    """Counts of records that are opened; gives what was tried by attack."""
    tried: dict[str, int] = defaultdict(int)
    del cells  # rows of indicators are of no use here
    opened = [
        *_small_counts(tables, tried),
        *_fields(tables, tried),
        *_outcomes(tables, tried),
        *_submissions(tables, tried),
        *_accounts(tables, tried),
    ]
    return tried, opened


def _key(tables: Tables, table: str) -> str:
    columns = ("rule_id", "field", "organisation_code", "feed", "quarter", "submission_id")
    return "concat_ws(' ', " + ", ".join(c for c in columns if tables.has(table, c)) + ")"


def _small_counts(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """Rows that show a small count, or two whose difference is small."""
    for table, counts in COUNTS.items():
        there = [count for count in counts if tables.has(table, count)]
        where = FEEDS
        if table == RULES:  # V01 and V03 count months, FOLLOWUP one quarter: no records
            where += (
                f" and (rule_id, feed) in (select (rule_id, feed) from {RULES} group by all"
                f" having max(n_checked) > {ENOUGH})"
            )
        for count in there:
            half = tables.half(table, count)
            name = identifier(count)
            tried["small count of records"] += 1
            for (key,) in tables.rows(
                f"select {_key(tables, table)} from {table} where {where}"
                f" and {name} > 0 and {name} + {half} < {LARGEST + 1}"
            ):
                yield Opened("small count of records", table, f"{key} {count}", ())
        for count in there[1:]:
            half = tables.half(table, there[0]) + tables.half(table, count)
            left = f"({there[0]} - {identifier(count)})"
            for key, low, high in tables.rows(
                f"select {_key(tables, table)}, ceil(greatest({left} - {half}, 0)),"
                f" floor({left} + {half}) from {table} where {where}"
                f" and {left} - {half} > 0 and {left} + {half} < {LARGEST + 1}"
            ):
                values = tuple(range(int(low), int(high) + 1))
                if len(values) < LEAST_POSSIBLE:
                    yield Opened(
                        "whole less its part", table, f"{key} {there[0]} less {count}", values
                    )


def _fields(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """Hidden states of a field: the records less the shown states; the item score."""
    columns = COUNTS[FIELDS]
    if not tables.has(FIELDS, *columns):
        return
    half = tables.half(FIELDS, "n_records")
    shares = "item_score" if tables.has(FIELDS, "item_score") else "null"
    states = columns[1:]
    missing = " + ".join(f"cast({state} is null as int)" for state in states)
    shown = " + ".join(f"coalesce({state}, 0)" for state in states)
    whole = (
        f"(select max(n_records) from {FIELDS} as others where others.feed = held.feed"
        " and others.organisation_code = held.organisation_code"
        " and others.quarter = held.quarter)"
    )
    hidden = " or ".join(f"{state} is null" for state in states)
    score_half = tables.half(FIELDS, "item_score") if shares != "null" else 0.0
    for key, records, n_missing, left, score in tables.rows(
        f"select {_key(tables, FIELDS)}, records, {missing}, records - ({shown}), {shares}"
        f" from (select held.*, {whole} as records from {FIELDS} as held"
        f" where {FEEDS} and ({hidden})) as held where records is not null"
    ):
        tried["records less the shown states"] += 1
        if n_missing < len(states):
            values = _few(left - half * len(states), left + half * len(states))
            if values and n_missing == 1:
                yield Opened("records less the shown states", FIELDS, key, values)
        if score is not None:
            low = (1 - score - score_half) * (records - half)
            high = (1 - score + score_half) * (records + half)
            values = _few(low, high)
            if values and low > 0:
                yield Opened("item score x records", FIELDS, key, values)


def _few(low: float, high: float) -> tuple[int, ...]:
    """Whole numbers from low to high where they are all small, and too few."""
    values = tuple(v for v in range(0, LARGEST + 1) if low - 1e-9 <= v <= high + 1e-9)
    small = tuple(v for v in values if v >= SMALLEST)
    return small if 0 < len(small) < LEAST_POSSIBLE and high < LARGEST + 1 else ()


def _outcomes(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """An outcome says on which side of a bound the share lies, of records that others tell of."""
    if not tables.has(RULES, "n_checked", "n_failed", "rate", "outcome"):
        return
    half = tables.half(RULES, "n_checked")
    rate_half = tables.half(RULES, "rate")
    tables.engine.execute(
        "create or replace temp table known_checked as with held as ("
        f"select rule_id, organisation_code, feed, quarter, n_checked from {RULES} where {FEEDS}),"
        " pairs as (select one.rule_id as rule_id, other.rule_id as like_rule, one.feed as feed"
        " from held as one join held as other using (organisation_code, feed, quarter)"
        " where one.n_checked > 0 and other.n_checked > 0 and one.rule_id <> other.rule_id"
        f" group by all having count(*) >= {ENOUGH}"
        " and bool_and(one.n_checked = other.n_checked))"
        " select pairs.rule_id, organisation_code, held.feed, quarter,"
        " max(held.n_checked) as n_checked from pairs join held"
        " on held.rule_id = pairs.like_rule and held.feed = pairs.feed"
        " where held.n_checked > 0 group by all"
    )
    # A rule whose rate is the share that fails, in the rows that are shown.
    for key, n_checked, outcome, amber, red, rate in tables.rows(
        "with shares as (select rule_id, feed from"
        f" {RULES} where n_failed is not null and n_checked > 0 and rate is not null group by all"
        f" having max(abs(rate - n_failed / n_checked)) <= 0.001 + 5 * {half})"
        f" select {_key(tables, RULES)}, coalesce(held.n_checked, known.n_checked), held.outcome,"
        " held.amber_threshold, held.red_threshold, held.rate"
        f" from {RULES} as held semi join shares using (rule_id, feed)"
        " left join known_checked as known using (rule_id, organisation_code, feed, quarter)"
        f" where {FEEDS} and held.n_failed is null and held.outcome in ('green', 'amber', 'red')"
        " and coalesce(held.n_checked, known.n_checked) is not null"
    ):
        tried["outcome with a known bound"] += 1
        low, high = _failed(n_checked, half, outcome, amber, red)
        attack = "outcome with a known bound"
        if rate is not None:
            low = max(low, (rate - rate_half) * (n_checked - half))
            high = min(high, (rate + rate_half) * (n_checked + half))
            attack = "rate x records"
        # All but a few may have failed as well, where the outcome does not rule it out.
        if n_checked - half <= 2 * LARGEST or high >= n_checked - half - LARGEST:
            continue
        values = tuple(v for v in SMALL if low - 1e-9 <= v <= high + 1e-9)
        if 0 < len(values) < LEAST_POSSIBLE:
            yield Opened(attack, RULES, key, values)


def _failed(
    n_checked: float, half: float, outcome: str, amber: float | None, red: float | None
) -> tuple[float, float]:
    """How many can have failed, by the bounds of the rule: above is worse."""
    low, high = n_checked - half, n_checked + half
    first = amber if amber is not None else red
    if outcome == "green":
        return 0.0, high if first is None else first * high
    if outcome == "amber":
        return 0.0 if amber is None else amber * low, high if red is None else red * high
    return 0.0 if red is None else red * low, high


def _submissions(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """Submissions of patients' records that show how few of them something befell."""
    for table, counts in SUBMISSION_COUNTS.items():
        for count in counts:
            if not tables.has(table, count, "feed", "submission_id"):
                continue
            tried["small count of a submission"] += 1
            half = tables.half(table, count)
            for (submission,) in tables.rows(
                f"select submission_id from {table} where {FEEDS}"
                f" and {count} > 0 and {count} + {half} < {LARGEST + 1}"
            ):
                yield Opened("small count of a submission", table, f"{submission} {count}", ())


def _accounts(tables: Tables, tried: dict[str, int]) -> Iterable[Opened]:
    """The whole of a submission less its shown parts, where one part is hidden."""
    table = "dq_submissions"
    for whole, parts in ACCOUNTS:
        there = [part for part in parts if tables.has(table, part)]
        if not there or not tables.has(table, whole):
            continue
        half = tables.half(table, whole) + sum(tables.half(table, part) for part in there)
        shown = " + ".join(f"coalesce({part}, 0)" for part in there)
        missing = " + ".join(f"cast({part} is null as int)" for part in there)
        for submission, left in tables.rows(
            f"select submission_id, {whole} - ({shown}) from {table}"
            f" where {FEEDS} and {missing} = 1 and {whole} is not null"
        ):
            tried["submission less its parts"] += 1
            values = _few(left - half, left + half)
            if values:
                yield Opened("submission less its parts", table, f"{submission} {whole}", values)
        for submission, left in tables.rows(
            f"select submission_id, {shown} from {table}"
            f" where {FEEDS} and {missing} = 0 and {whole} is null"
        ):
            tried["submission less its parts"] += 1
            values = _few(left - half, left + half)
            if values:
                yield Opened("submission less its parts", table, f"{submission} {whole}", values)
