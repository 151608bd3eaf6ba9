"""Scorecards: a page an organisation, as boards got it, and a table an SHA.

Made from a release's own tables alone; what each says is put into words once, and printed as PDF
and as HTML.
"""

import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from publication.release_data import Release
from publication.scorecards.cards import Card, cards_of
from publication.scorecards.queries import latest_quarter, read
from publication.scorecards.rendering import FORMS, NotPrintable, Page, write_page, write_pages
from publication.scorecards.tables import tables_of

__all__ = ["NoScorecard", "NotPrintable", "write_scorecard", "write_scorecards"]

FOLDER = "scorecards"


class NoScorecard(Exception):
    """There is nothing to make a scorecard of; the message is one line that says why."""


def write_scorecards(release: Release, folder: Path, quarter: str | None = None) -> None:
    """Write `scorecards/` in a release's folder: of the latest quarter, unless another is given.

    `<code>.pdf` and `<code>.html` of each organisation, `<sha>.zip` with those of an SHA,
    `<sha>-table.pdf`. Where no quarter has a value, there is no folder.
    Raises OSError where that cannot be written, NotPrintable where Typst cannot make a page.
    """
    wanted = quarter or latest_quarter(release)
    if wanted is None:
        return
    out = folder / FOLDER
    out.mkdir(exist_ok=True)
    data = read(release, wanted)
    published_at = release.facts.published_at
    cards = list(cards_of(data))
    tables = [
        Page(out / f"{table.code}-table", "table", (".pdf",), asdict(table), published_at)
        for table in tables_of(data)
    ]
    write_pages([_page(card, out, card.code, release) for card in cards] + tables)
    _write_archives(out, cards, release)


def write_scorecard(release: Release, out: Path, code: str, quarter: str) -> list[Path]:
    """Write the scorecard of one organisation in one quarter into a folder that exists.

    Returns its files, whose names say the quarter. Those of an internal release are closed to other
    users. Raises NoScorecard where the quarter has no row of the organisation.
    """
    cards = list(cards_of(read(release, quarter, code)))
    if not cards:
        raise NoScorecard(f"the release has no row of {code} in {quarter}")
    name = f"{code}-{quarter.replace(' ', '-')}"
    page = _page(cards[0], out, name, release)
    files = [out / f"{name}{form}" for form in page.forms]
    if release.facts.is_restricted:
        for file in files:
            file.touch()
            file.chmod(0o600)
    write_page(page)
    return files


def _page(card: Card, out: Path, name: str, release: Release) -> Page:
    return Page(out / name, "card", FORMS, asdict(card), release.facts.published_at)


def _write_archives(out: Path, cards: Sequence[Card], release: Release) -> None:
    """One archive an SHA, dated as the release so that its bytes do not change."""
    members: dict[str, list[str]] = defaultdict(list)
    for card in cards:
        if card.sha_code:
            members[card.sha_code] += [f"{card.code}{form}" for form in FORMS]
    day = release.facts.published_at.timetuple()[:6]
    for sha_code, names in members.items():
        with zipfile.ZipFile(out / f"{sha_code}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                entry = zipfile.ZipInfo(name, day)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, (out / name).read_bytes())
