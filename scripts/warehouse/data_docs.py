"""Data Docs: one page a submission, kept across runs, and an index of all that landed.

A page tells the checks that matter in one table, those that failed first, each figure beside its
bound. Great Expectations judges them; its own renderer would repeat each organisation's bound as a
table, nearly all of which say that nothing is the matter, and its pages fetch from the internet.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import jinja2

from warehouse.expectations import Check, Verdict

TEMPLATES = Path(__file__).with_name("templates")


def render_page(submission_id: str, verdict: Verdict, facts: Mapping[str, object]) -> str:
    """The HTML page of one submission; `facts` is what else is told of it, by name.

    Of organisations only those that are known are named: what else stands in a file's column of
    organisations may be a patient's identifier.
    """
    return (
        environment()
        .get_template("submission.html")
        .render(
            submission_id=submission_id,
            passed=verdict.passed,
            facts=facts,
            checks=_that_matter(verdict.checks),
            n_failed=sum(check.fails_the_submission for check in verdict.checks),
            organisation_count=len({check.organisation for check in verdict.checks} - {None}),
        )
    )


def render_index(manifest: Iterable[Mapping]) -> str:
    """The HTML page that lists every landed submission, the latest first."""
    entries = sorted(manifest, key=lambda entry: entry["landed_at"], reverse=True)
    return environment().get_template("index.html").render(entries=entries)


@cache
def environment() -> jinja2.Environment:
    """The pages' templates; made once, so that they are compiled once. Texts are escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["percent"] = percent
    return made


def percent(share: float) -> str:
    """A share of 0 to 1 in per cent, so that 0.05 and 0.0501 are told apart."""
    return f"{100 * share:.4g} %"


def _that_matter(checks: Iterable[Check]) -> list[Check]:
    """Checks in the order of the page: what fails the submission, what else is beyond its bound.

    Then the bounds that the submission as a whole keeps; those that an organisation keeps matter
    to nobody.
    """

    def place(check: Check) -> tuple[bool, bool, bool]:
        return not check.fails_the_submission, check.is_kept, check.organisation is not None

    return sorted((c for c in checks if not c.is_kept or c.organisation is None), key=place)
