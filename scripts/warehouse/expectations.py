"""Great Expectations on a submission's profile: the suite from the contract, and the verdict.

The bounds of a contract hold for the submission as a whole: that is the verdict. The same bounds
are put to each organisation as well, for the page that goes back to the sender, but a small
organisation beyond one does not fail the submission. One validation judges them all, for what one
costs hangs on its expectations, not on its rows.
"""

import html
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.contracts import Feed
from warehouse.home import literal

if TYPE_CHECKING:
    import pandas
    from great_expectations.core import ExpectationSuiteValidationResult

# Where the contract is silent.
MAX_INVALID_SHARE = 0.05
MAX_REPEATED_KEY_SHARE = 0.05

# A file with something else in its organisation column must not make a page of a million rows.
MAX_ORGANISATIONS = 1000

# No organisation can be called so, for codes are escaped.
WHOLE = "<b>whole submission</b>"
_ORGANISATION = "organisation"
_ROWS = "rows"
_REPEATED_KEYS = "repeated record key share"


@dataclass(frozen=True)
class Verdict:
    """Great Expectations' judgement; `failures` are the expectations that the whole fails.

    `result` is its validation result for the whole and the organisations together.
    """

    failures: list[str]
    result: "ExpectationSuiteValidationResult"

    @property
    def passed(self) -> bool:
        """Whether the submission as a whole keeps to every bound."""
        return not self.failures


def bounds(feed: Feed, present: list[str]) -> dict[str, float]:
    """Greatest acceptable value of each share in the frame, for the contract columns `present`.

    Required columns and those with a bound of their own are held to it. A null share without a
    bound is not judged; an invalid share without one is held to MAX_INVALID_SHARE.
    """
    found = {_REPEATED_KEYS: MAX_REPEATED_KEY_SHARE}
    for column in feed.columns:
        if column.name not in present:
            continue
        if column.max_null_share is not None:
            found[f"{column.name} null share"] = column.max_null_share
        bounded = column.max_null_share is not None or column.max_invalid_share is not None
        if column.can_be_invalid and (column.required or bounded):
            bound = column.max_invalid_share
            found[f"{column.name} invalid share"] = MAX_INVALID_SHARE if bound is None else bound
    return found


def profile_frame(
    engine: duckdb.DuckDBPyConnection, profile: Path, repeated_keys: Mapping[str | None, int]
) -> "pandas.DataFrame":
    """The profile as the pandas data frame that the suites judge.

    One row for the whole submission, named WHOLE, and one for each of the MAX_ORGANISATIONS largest
    organisations, the code escaped for HTML; `rows`, and for each column its null share (of rows)
    and invalid share (of the values given), 0 to 1.
    """
    import pandas

    rows = engine.execute(f"""
        select
            organisation_code,
            column_name,
            row_count,
            null_count / row_count,
            coalesce(invalid_count / nullif(row_count - null_count, 0), 0)
        from read_parquet({literal(profile)})
        qualify dense_rank() over (order by row_count desc, organisation_code nulls first)
            <= 1 + {MAX_ORGANISATIONS}
        order by organisation_code nulls first
    """).fetchall()
    organisations: dict[str | None, dict] = {}
    for organisation, column, count, null_share, invalid_share in rows:
        shares = organisations.setdefault(
            organisation,
            {
                # GX puts values into its pages as they are, and this one comes from a file.
                _ORGANISATION: WHOLE if organisation is None else html.escape(organisation),
                _ROWS: count,
                _REPEATED_KEYS: repeated_keys.get(organisation, 0) / count,
            },
        )
        shares[f"{column} null share"] = null_share
        shares[f"{column} invalid share"] = invalid_share
    return pandas.DataFrame(organisations.values())


class Judge:
    """Great Expectations with an in-memory context; made once a run, for loading it is slow."""

    def __init__(self) -> None:
        # Health data projects do not phone home; GX reads this when it is imported.
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations

        self._gx = great_expectations
        context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("lake").add_dataframe_asset("profile")
        self._profile = asset.add_batch_definition_whole_dataframe("whole")

    def judge(self, feed: Feed, frame: "pandas.DataFrame", limits: Mapping[str, float]) -> Verdict:
        """Judge a profile_frame by the limits that `bounds` gives for its columns."""
        between = self._gx.expectations.ExpectColumnValuesToBeBetween
        suite = self._gx.ExpectationSuite(
            name=f"{feed.name} submission",
            expectations=[
                between(column=_ROWS, min_value=1),
                *(between(column=name, min_value=0, max_value=m) for name, m in limits.items()),
            ],
        )
        # The complete result names every organisation beyond a bound, not a sample.
        judged = self._profile.get_batch({"dataframe": frame}).validate(
            suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [_ORGANISATION],
                "return_unexpected_index_query": False,
            },
        )
        [observed] = frame[frame[_ORGANISATION] == WHOLE].to_dict("records")
        failures = []
        for result in judged.results:
            beyond = result.result["unexpected_index_list"] or []
            if any(row[_ORGANISATION] == WHOLE for row in beyond):
                name = result.expectation_config.kwargs["column"]
                limit = f"at most {limits[name]:g}" if name in limits else "at least 1"
                failures.append(f"{name}: {observed[name]:.4g}, {limit} expected")
        return Verdict(failures, judged)
