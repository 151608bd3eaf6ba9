"""Data Docs: one page a submission, kept across runs, and an index of all that landed.

Great Expectations' own site builder drops from its site what its store does not hold, and an
in-memory store holds one run; its pages also fetch styles, scripts and a picture from the internet
when they are opened. So its renderer makes the content, and the pages around it are ours.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from warehouse.expectations import Verdict

if TYPE_CHECKING:
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

TEMPLATES = Path(__file__).with_name("templates")


def render_page(submission_id: str, verdict: Verdict, facts: Mapping[str, object]) -> str:
    """The HTML page of one submission; `facts` is what else is told of it, by name.

    Of organisations only those that are known are named: what else stands in a file's column of
    organisations may be a patient's identifier.
    """
    renderer, view = _great_expectations()
    return view.render(
        renderer.render(verdict.result),
        template="submission.html",
        submission_id=submission_id,
        failures=verdict.failures,
        facts=facts,
        whole=[check for check in verdict.checks if check.organisation is None],
        organisation_count=len({check.organisation for check in verdict.checks} - {None}),
        beyond=[check for check in verdict.checks if check.organisation and not check.is_kept],
    )


@cache
def _great_expectations() -> tuple["ValidationResultsPageRenderer", "DefaultJinjaPageView"]:
    """Its renderer, and the view with our templates; made once, so that they are compiled once."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    view = DefaultJinjaPageView(custom_views_directory=str(TEMPLATES))
    return ValidationResultsPageRenderer(), view


def render_index(manifest: Iterable[Mapping]) -> str:
    """The HTML page that lists every landed submission, the latest first."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    entries = sorted(manifest, key=lambda entry: entry["landed_at"], reverse=True)
    return environment.get_template("index.html").render(entries=entries)
