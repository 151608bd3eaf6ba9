"""What is found in a submission that does not keep it from landing: said, and kept (Rulebook 1.17).

The counts stand in the manifest, from where the build takes them into dim_submission and a release
takes them into its description; the sentences are for who lands the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Feed
from warehouse.home import identifier, literal, parquet
from warehouse.known import SPREADSHEET_NUMBER, KnownCodes, Unknown, amount_words
from warehouse.naming import Submission, period_bounds
from warehouse.profile import cast_expression
from warehouse.words import shown

# Malformed lines told one by one; the lake's rejects hold all.
REJECTS_SHOWN = 5
# Line numbers of rejects kept with the submission.
REJECTS_NUMBERED = 20


@dataclass(frozen=True)
class Values:
    """Values of one column that say nothing that can be used, by why."""

    column: str
    invalid: int
    suppressed: int
    missing: int

    def __str__(self) -> str:
        counts = {
            "invalid": self.invalid,
            "suppressed": self.suppressed,
            "missing": self.missing,
        }
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return f"{self.column} {said}"


@dataclass(frozen=True)
class Findings:
    """What was found in a submission's rows and lines."""

    row_count: int
    reject_count: int
    # First malformed lines: number and reason.
    rejects: tuple[tuple[int, str], ...]
    reject_lines: tuple[int, ...]
    # Of the contract's columns, those with values that are not read.
    values: tuple[Values, ...]
    # Rows that repeat another row's record key, by organisation as received; None: in all.
    repeated_keys: Mapping[str | None, int]
    unknown: Unknown
    # By column of codes, those that look like numbers.
    spreadsheet_numbers: Mapping[str, tuple[str, ...]]
    outside_period: int

    @property
    def invalid_count(self) -> int:
        """Values that are none of their column's."""
        return sum(values.invalid for values in self.values)

    @property
    def suppressed_count(self) -> int:
        """Values that the publisher has withheld."""
        return sum(values.suppressed for values in self.values)

    @property
    def missing_count(self) -> int:
        """Values missing in required columns and measures."""
        return sum(values.missing for values in self.values)

    def manifest(self) -> dict:
        """The submission's columns of the manifest that these findings fill."""
        return {
            "row_count": self.row_count,
            "reject_count": self.reject_count,
            "reject_lines": self._reject_lines(),
            "invalid_count": self.invalid_count,
            "suppressed_count": self.suppressed_count,
            "missing_count": self.missing_count,
            "unread_values": "; ".join(str(values) for values in self.values) or None,
            "repeated_key_count": self.repeated_keys.get(None, 0),
            "unknown_organisation_row_count": self.unknown.row_count,
            "unknown_organisation_codes": self.unknown.most_frequent,
            "unknown_organisation_gbp": self.unknown.gbp,
            "unknown_organisation_item_count": self.unknown.items,
        }

    def counts(self) -> str:
        """The counts in one line; those that are nought are left out, but for the first three."""
        always = (
            f"{self.row_count} rows, {self.reject_count} rejects,"
            f" {self.invalid_count} invalid values"
        )
        missing = ", ".join(
            f"{values.column} {values.missing}" for values in self.values if values.missing
        )
        others = {
            f"{self.suppressed_count} suppressed values": self.suppressed_count,
            f"{self.missing_count} missing values ({missing})": self.missing_count,
            f"{self.repeated_keys.get(None, 0)} repeated keys": self.repeated_keys.get(None, 0),
            f"{self.unknown.row_count} rows of unknown organisations": self.unknown.row_count,
        }
        return ", ".join([always, *(said for said, count in others.items() if count)])

    def sentences(self, feed: Feed) -> list[str]:
        """What the sender should look at, a line each."""
        said = []
        if self.unknown.row_count:
            share = self.unknown.row_count / self.row_count
            said.append(
                f"{self.unknown.row_count} of {self.row_count} rows ({share:.1%}) are of unknown"
                f" organisations{amount_words(self.unknown)}: {self.unknown.most_frequent}"
            )
        for column, codes in self.spreadsheet_numbers.items():
            said.append(
                f"column {column}: {len(codes)} codes look like numbers made by a spreadsheet"
                f" ({', '.join(codes[:3])}); they are not repaired"
            )
        if self.outside_period:
            said.append(
                f"{self.outside_period} of {self.row_count} rows lie outside the declared period"
                " and will be set aside (A06)"
            )
        said += [
            f"line {number}: {shown(reason, 200)}, kept in the rejects"
            for number, reason in self.rejects
        ]
        if more := self.reject_count - len(self.rejects):
            said.append(f"{more} more malformed lines in the rejects")
        for values in self.values:
            if values.invalid or values.suppressed:
                counts = [f"{values.invalid} invalid values"] if values.invalid else []
                if values.suppressed:
                    counts.append(f"{values.suppressed} suppressed values")
                said.append(f"column {values.column}: {', '.join(counts)}, read as null")
        if repeated := self.repeated_keys.get(None, 0):
            key = ", ".join(feed.record_key)
            said.append(f"{repeated} rows repeat another row's record key ({key})")
        return said

    def _reject_lines(self) -> str | None:
        numbers = ", ".join(str(number) for number in self.reject_lines)
        more = self.reject_count - len(self.reject_lines)
        return (f"{numbers} and {more} more" if more else numbers) or None


def findings(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    submission: Submission,
    known: KnownCodes,
    repeated_keys: Mapping[str | None, int],
    folder: Path,
    decimal_comma: bool = False,
) -> Findings:
    """What is found in the data, rejects and profile that `folder` has of a submission.

    `decimal_comma` as in profile.cast_expression.
    """
    data, profile = folder / "data.parquet", folder / "profile.parquet"
    rejects = parquet(folder / "rejects.parquet")
    [(reject_count,)] = engine.sql(f"select count(*) from {rejects}").fetchall()
    lines = (
        engine.sql(
            f"select line_number, reason from {rejects} order by 1 limit {REJECTS_NUMBERED}"
        ).fetchall()
        if reject_count
        else []
    )
    whole = engine.sql(
        "select column_name, row_count, invalid_count, suppressed_count, null_count, least_value,"
        f" greatest_value from {parquet(profile)} where organisation_code is null"
    ).fetchall()
    counted = {
        name: (invalid, suppressed, null) for name, _, invalid, suppressed, null, *_ in whole
    }
    values = [
        Values(
            column.name,
            *counted[column.name][:2],
            # Optional columns are mostly empty, and may be.
            counted[column.name][2] if column.required or column.is_measure else 0,
        )
        for column in feed.columns
        if column.name in counted
    ]
    unknown = known.unknown(feed, profile, data, decimal_comma)
    return Findings(
        row_count=whole[0][1],
        reject_count=reject_count,
        rejects=tuple(lines[:REJECTS_SHOWN]),
        reject_lines=tuple(number for number, _ in lines),
        values=tuple(v for v in values if v.invalid or v.suppressed or v.missing),
        repeated_keys=repeated_keys,
        unknown=unknown,
        spreadsheet_numbers=_spreadsheet_numbers(engine, feed, unknown, counted, data),
        outside_period=_outside_period(engine, feed, submission, whole, data),
    )


def _spreadsheet_numbers(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    unknown: Unknown,
    present: Mapping[str, tuple],
    data: Path,
) -> dict[str, tuple[str, ...]]:
    """By column of organisation codes, those that a spreadsheet made numbers of (5E1: 5.00E+01)."""
    found = {feed.organisation_column: unknown.spreadsheet_numbers}
    for name in feed.meta.get("commissioner_columns", []):
        if name in present:
            rows = engine.sql(
                # Each code is looked at once, not each row.
                f"select distinct upper(code) from (select distinct {identifier(name)} as code"
                f" from {parquet(data)}) where regexp_full_match(upper(code),"
                f" {literal(SPREADSHEET_NUMBER.pattern)}) order by 1"
            ).fetchall()
            found[name] = tuple(code for (code,) in rows)
    return {name: codes for name, codes in found.items() if codes}


def _outside_period(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    submission: Submission,
    whole: list[tuple],
    data: Path,
) -> int:
    """Rows dated outside the declared period; counted only where a date lies there at all."""
    if not feed.is_periodic:
        return 0
    first, last = (str(day) for day in period_bounds(submission.period))
    dating = [c for name in feed.meta["row_date"] for c in feed.named(name)]
    ends = {name: (least, greatest) for name, *_, least, greatest in whole}
    dates = [column for column in dating if column.name in ends]
    spans = [ends[column.name] for column in dates if ends[column.name][0] is not None]
    if all(first <= least and greatest <= last for least, greatest in spans):
        return 0
    dummies = ", ".join(f"date '{day}'" for day in feed.meta.get("dummy_dates", []))
    row_date = ", ".join(f"({cast_expression(c, identifier(c.name))})" for c in dates)
    [(count,)] = engine.sql(
        f"select count(*) from (select coalesce({row_date}) as day from"
        f" {parquet(data)}) where day not between date '{first}' and date '{last}'"
        + (f" and day not in ({dummies})" if dummies else "")
    ).fetchall()
    return count
