"""Take the pictures of the Explorer and of a scorecard, from a release as it stands on disk."""

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from warehouse.home import CHECKOUT

DESCRIPTION = """\
Take the pictures of docs/explorer.md and docs/scorecards.md from a release folder, which
should be the demo's (`make demo`). Needs chromium on the path. No network is asked for.
"""
FOLDER = CHECKOUT / "docs" / "explorer"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRAWN = """() => document.documentElement.hasAttribute('data-drawn')
    && !document.querySelector('[aria-busy]')
    && [...document.querySelectorAll('figure .image')].every((image) => image.firstElementChild)"""


@dataclass(frozen=True)
class Picture:
    """A page at a size in pixels: its top, or from what a selector finds on it."""

    name: str
    address: str
    width: int = 1100
    height: int = 900
    begins: str | None = None
    page: str = "explorer/index.html"


PICTURES = (
    Picture("england", "#/england"),
    Picture("organisation", "#/organisation/RGT", height=780),
    Picture("why-it-changed", "#/organisation/RGT?indicator=BCBV01", height=520, begins=".figures"),
    Picture("indicator", "#/indicator/BCBV01?organisation=RGT&peers=RWE%2CRTG"),
    Picture("scorecard", "", height=640, page="scorecards/RGT.html"),
    Picture("telephone", "#/organisation/RGT", width=390, height=844),
)


class NoExplorer(Exception):
    """There is nothing to take pictures of, or nothing to take them with."""


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; 1 with a word on standard error where that cannot be."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("release", type=Path, help="a release's folder")
    try:
        take(parser.parse_args(arguments).release, FOLDER)
    except NoExplorer as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def take(release: Path, folder: Path) -> None:
    """Write each picture as <name>.png into a folder.

    Raises NoExplorer where the release has none, or no browser is on the path.
    """
    for page in sorted({picture.page for picture in PICTURES}):
        if not (release / page).is_file():
            raise NoExplorer(f"{release} has no {page}")
    found = [path for path in map(shutil.which, BROWSERS) if path]
    if not found:
        raise NoExplorer(f"no browser: none of {', '.join(BROWSERS)} is on the path")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        # In a container, and as root, there is no sandbox to be had.
        browser = playwright.chromium.launch(executable_path=found[0], args=["--no-sandbox"])
        for picture in PICTURES:
            _take_one(browser, release, picture, folder / f"{picture.name}.png")
        browser.close()


def _take_one(browser: Browser, release: Path, picture: Picture, target: Path) -> None:
    page = browser.new_page(viewport={"width": picture.width, "height": picture.height})
    page.goto((release / picture.page).resolve().as_uri() + picture.address)
    if picture.page == Picture.page:
        page.wait_for_function(DRAWN)
    if picture.begins is not None:
        page.locator(picture.begins).first.evaluate("(found) => found.scrollIntoView(true)")
    page.screenshot(path=target)
    page.close()


if __name__ == "__main__":
    sys.exit(main())
