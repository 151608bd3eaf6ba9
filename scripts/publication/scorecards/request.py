"""The scorecard of one organisation in a quarter of choice, from the current release."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from publication.release_data import DATABASE, Facts, Release, open_release
from publication.scorecards import NoScorecard, write_scorecard
from publication.scorecards.queries import latest_quarter
from warehouse.home import Home
from warehouse.words import shown, shown_path

CURRENT = "current"
DESCRIPTION = "release.json"


@dataclass(frozen=True)
class Request:
    """Which scorecard is wanted: None for the latest quarter, and for a folder under the home."""

    organisation: str
    quarter: str | None
    is_internal: bool
    out: Path | None


def write_requested(home: Home, request: Request) -> list[Path]:
    """Write the scorecard that is asked for and return its files.

    Raises NoScorecard, with one line, where there is no release, or none of its figures is of that
    organisation and quarter; OSError or duckdb.Error where it cannot be read or written.
    """
    kind = "internal" if request.is_internal else "published"
    folder = home.path / kind / CURRENT
    if not (folder / DATABASE).exists():
        option = " --internal" if request.is_internal else ""
        raise NoScorecard(
            f"there is no release at {shown_path(folder)}:"
            f" run `python scripts/publish.py{option}` first"
        )
    with open_release(folder, facts_of(folder)) as release:
        quarter = _quarter(release, request.quarter)
        code = _code(release, request.organisation, quarter)
        out = request.out or home.reports / "scorecards"
        out.mkdir(parents=True, exist_ok=True)
        return write_scorecard(release, out, code, quarter)


def facts_of(folder: Path) -> Facts:
    """What release.json says of a release. Raises NoScorecard if it does not say it."""
    try:
        said = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return Facts(
            release=said["release"],
            kind=said["kind"],
            is_suppressed=said["suppressed"],
            is_synthetic=said["synthetic"],
            published_at=datetime.fromisoformat(said["published_at"]),
            built_at=datetime.fromisoformat(said["built_at"]),
            as_at=date.fromisoformat(said["as_at"]) if said["as_at"] else None,
            code_version=said["code_version"],
        )
    except (KeyError, ValueError) as error:
        raise NoScorecard(
            f"{shown_path(folder / DESCRIPTION)} is none of this version: publish again"
        ) from error


def _quarter(release: Release, asked: str | None) -> str:
    """The quarter asked for, if it has figures, else the latest one."""
    if asked is None:
        latest = latest_quarter(release)
        if latest is None:
            raise NoScorecard("the release has no figures")
        return latest
    quarters = [
        row[0]
        for row in release.engine.sql(
            "select distinct quarter from fct_indicator_values where value is not null order by 1"
        ).fetchall()
    ]
    if asked in quarters:
        return asked
    if not quarters:
        raise NoScorecard("the release has no figures")
    near = difflib.get_close_matches(asked, quarters, n=3)
    raise NoScorecard(
        f"no quarter '{shown(asked)}' with figures; there are {quarters[0]} to {quarters[-1]}"
        f"{_near(near)}"
    )


def _code(release: Release, asked: str, quarter: str) -> str:
    """The code of the organisation asked for, if the quarter has rows of it."""
    code = asked.strip().upper()
    names = dict(
        release.engine.execute(
            "select distinct organisation_code, coalesce(organisation_name, organisation_code)"
            " from fct_indicator_values left join dim_organisation using (organisation_code)"
            " where quarter = $1",
            [quarter],
        ).fetchall()
    )
    if code in names:
        return code
    known = release.engine.execute(
        "select organisation_name, organisation_type from dim_organisation"
        " where organisation_code = $1",
        [code],
    ).fetchone()
    if known is None:
        near = [f"{c} {names[c]}" for c in difflib.get_close_matches(code, names, n=4, cutoff=0.5)]
        raise NoScorecard(f"no organisation '{shown(asked)}' in {quarter}{_near(near)}")
    name, kind = known
    if kind == "sha":
        raise NoScorecard(f"{code} is {name}: see scorecards/{code}-table.pdf of the release")
    have = release.engine.execute(
        "select min(quarter), max(quarter) from fct_indicator_values where organisation_code = $1",
        [code],
    ).fetchone()
    when = f"; it has from {have[0]} to {have[1]}" if have and have[0] else ", nor in any other"
    raise NoScorecard(f"{code} {name} has no figures in {quarter}{when}")


def _near(found: Sequence[str]) -> str:
    return f"; near it: {', '.join(found)}" if found else ""
