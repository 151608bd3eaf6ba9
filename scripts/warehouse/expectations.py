"""Great Expectations on a submission's profile: the checks that the contract makes, the verdict.

A check is a share and the bound that it may not exceed. Each stands for the submission as a whole
and for each known organisation; one expectation holds them all, for what a validation costs hangs
on its expectations and not on its rows. The submission fails where it is beyond a bound as a whole,
and where one organisation's figures cannot be read (Rulebook 1.17): a small organisation's blanks
do not fail the file of all the others.
"""

import csv
import gc
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from warehouse.contracts import Column, Feed
from warehouse.home import CHECKOUT, parquet

RULES = CHECKOUT / "seeds" / "rules" / "dq_rules.csv"

# Where the contract is silent.
MAX_INVALID_SHARE = 0.05
MAX_REPEATED_KEY_SHARE = 0.05
MAX_REJECT_SHARE = 0.05
MAX_UNKNOWN_SHARE = 0.05

# Organisations named in the failures; the page names all.
FAILURES_NAMED = 20

# Not a code: codes have no blanks.
WHOLE = "whole submission"


@dataclass(frozen=True)
class Check:
    """A share, 0 to 1, and the greatest that is acceptable; the organisation None: of the whole."""

    organisation: str | None
    what: str
    share: float
    bound: float
    # Whether an organisation beyond the bound fails the submission.
    is_decisive: bool

    @property
    def is_kept(self) -> bool:
        """Whether the share is acceptable."""
        return self.share <= self.bound

    @property
    def fails_the_submission(self) -> bool:
        """Whether the submission fails by it: of an organisation alone only by what decides."""
        return not self.is_kept and (self.organisation is None or self.is_decisive)

    def __str__(self) -> str:
        of = f" of {self.organisation}" if self.organisation else ""
        return f"{self.what}{of}: {self.share:.4g}, at most {self.bound:g} expected"


@dataclass(frozen=True)
class Verdict:
    """Great Expectations' judgement of all the checks, and what the submission fails by."""

    checks: list[Check]
    failures: list[str]

    @property
    def passed(self) -> bool:
        """Whether the submission keeps to every bound that decides."""
        return not self.failures


@dataclass(frozen=True)
class Counts:
    """Counts of a submission that its profile does not have."""

    row_count: int
    reject_count: int
    unknown_row_count: int
    # Rows that repeat another row's record key, by organisation as received; None: in all.
    repeated_keys: Mapping[str | None, int]


@cache
def rule_name(rule_id: str) -> str:
    """A rule by its id and its name in dq_rules, in whose words a verdict is given."""
    with RULES.open(encoding="utf-8", newline="") as file:
        names = {row["rule_id"]: row["name"] for row in csv.DictReader(file)}
    return f"{rule_id} {names[rule_id]}" if rule_id in names else rule_id


def checks(
    engine: duckdb.DuckDBPyConnection,
    feed: Feed,
    profile: Path,
    landed: Counts,
    is_known: Callable[[str], bool],
) -> list[Check]:
    """The checks of a submission by its profile: of the whole, then of each known organisation."""
    rows = engine.execute(f"""
        select
            organisation_code, column_name, row_count, null_count, invalid_count, suppressed_count
        from {parquet(profile)}
        order by organisation_code nulls first, column_name
    """).fetchall()
    columns = {column.name: column for column in feed.columns}
    present = {name for organisation, name, *_ in rows if organisation is None}
    keyed = _has_keys(feed, present)
    found = []
    lines = landed.row_count + landed.reject_count
    found.append(Check(None, "rejected lines", landed.reject_count / lines, MAX_REJECT_SHARE, True))
    share = landed.unknown_row_count / landed.row_count
    found.append(Check(None, rule_name("ORG"), share, MAX_UNKNOWN_SHARE, True))
    judged: set[str | None] = set()
    for organisation, name, *counts in rows:
        if organisation is not None and not is_known(organisation.strip().upper()):
            continue
        if keyed and organisation not in judged:
            share = landed.repeated_keys.get(organisation, 0) / counts[0]
            what = f"repeated record key share ({rule_name('D02')})"
            found.append(Check(organisation, what, share, MAX_REPEATED_KEY_SHARE, False))
        judged.add(organisation)
        found += _column_checks(columns[name], organisation, *counts)
    return found


def _has_keys(feed: Feed, present: set[str]) -> bool:
    """Whether rows are told apart by their keys: not where several practices' lines may agree."""
    return feed.name != "epact" or "practice_code" in present


def _column_checks(
    column: Column, organisation: str | None, rows: int, nulls: int, invalid: int, suppressed: int
) -> Iterable[Check]:
    """The checks of one column: its null share, of rows, and its unread share, of those given.

    Required columns, measures and those with a bound of their own are held to it. A null share
    without a bound is not judged; a share that cannot be read is held to MAX_INVALID_SHARE.
    """
    if column.max_null_share is not None:
        yield Check(
            organisation, f"{column.name} null share", nulls / rows, column.max_null_share, False
        )
    bounded = column.max_null_share is not None or column.max_invalid_share is not None
    if column.is_measure or (column.can_be_invalid and (column.required or bounded)):
        unread = (invalid + suppressed) / (rows - nulls) if rows > nulls else 0.0
        bound = column.max_invalid_share
        what = (
            f"{rule_name('U01')}, {column.name}"
            if column.is_measure
            else f"{column.name} invalid share"
        )
        yield Check(
            organisation,
            what,
            unread,
            MAX_INVALID_SHARE if bound is None else bound,
            column.is_measure,
        )


class Judge:
    """Great Expectations with an in-memory context; made once a run, for loading it is slow."""

    def __init__(self) -> None:
        # Health data projects do not phone home; GX reads this when it is imported.
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        # Its two thousand modules are kept for good: to look for garbage among them costs a tenth.
        gc.disable()
        try:
            import great_expectations
            import pandas
        finally:
            gc.freeze()
            gc.enable()

        self._pandas = pandas
        context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("lake").add_dataframe_asset("profile")
        self._profile = asset.add_batch_definition_whole_dataframe("whole")
        self._suite = great_expectations.ExpectationSuite(
            name="bounds of the contract",
            expectations=[
                great_expectations.expectations.ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A="bound", column_B="share", or_equal=True
                )
            ],
        )

    def judge(self, found: list[Check]) -> Verdict:
        """Judge checks; those of the whole, and organisations' that decide, are failures."""
        frame = self._pandas.DataFrame(
            {
                "number": range(len(found)),
                "organisation": [check.organisation or WHOLE for check in found],
                "check": [check.what for check in found],
                "share": [check.share for check in found],
                "bound": [check.bound for check in found],
            }
        )
        # The complete result names every organisation beyond a bound, not a sample.
        judged = self._profile.get_batch({"dataframe": frame}).validate(
            self._suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["number", "organisation", "check"],
                "return_unexpected_index_query": False,
            },
        )
        [result] = judged.results
        beyond = [found[row["number"]] for row in result.result["unexpected_index_list"] or []]
        whole = [str(check) for check in beyond if check.organisation is None]
        others = [str(check) for check in beyond if check.organisation and check.is_decisive]
        more = len(others) - FAILURES_NAMED
        said = [f"{more} more of single organisations"] if more > 0 else []
        return Verdict(found, [*whole, *others[:FAILURES_NAMED], *said])
