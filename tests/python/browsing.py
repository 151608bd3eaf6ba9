"""A real browser on pages that are opened from disk, and what it asked for and complained of."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A view is drawn, what it loads after that too, and its charts have found their width.
DRAWN = """() => document.documentElement.hasAttribute('data-drawn')
    && !document.querySelector('[aria-busy]')
    && [...document.querySelectorAll('figure .image')].every((image) => image.firstElementChild)"""


@dataclass
class Visit:
    """A page of a browser that has no network; every request and complaint is kept."""

    page: Page
    index: Path
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str) -> Page:
        """Open a view by its address within the page (`#/england`), as a new load."""
        self.page.goto("about:blank")
        self.page.goto(self.index.as_uri() + address)
        self.page.wait_for_function(DRAWN)
        return self.page

    def follow(self, address: str) -> float:
        """Go to another view of the open page; milliseconds until it is drawn."""
        return self.page.evaluate(
            f"""async (address) => {{
                const drawn = {DRAWN};
                const before = document.documentElement.getAttribute('data-drawn');
                const start = performance.now();
                location.hash = address;
                const isNew = () => document.documentElement.getAttribute('data-drawn') !== before;
                while (!isNew() || !drawn()) {{
                    if (performance.now() - start > 15000) throw new Error(`${{address}} is not drawn`);
                    await new Promise(requestAnimationFrame);
                }}
                return performance.now() - start;
            }}""",
            address,
        )


def chromium() -> str:
    """The system's chromium; the test that asks is skipped where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the path (apt install chromium)")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window, as long as it is needed."""
    path = chromium()
    with sync_playwright() as playwright:
        # In a container, and as root, there is no sandbox to be had.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextmanager
def visit(opened: Browser, index: Path, width: int = 1300) -> Iterator[Visit]:
    """A fresh page with the network cut; at the end it must have asked no host and not complained.

    Raises AssertionError where a page asked for anything but files, or something failed on it.
    """
    context = opened.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    made = Visit(page, index)
    page.on("request", lambda request: made.asked.append(request.url))
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: made.complaints.append(message.text) if message.type == "error" else None,
    )
    yield made
    context.close()
    beyond = [url for url in made.asked if not url.startswith(("file:", "data:", "blob:"))]
    assert made.asked, "the page asked for nothing at all: it was not opened"
    assert not beyond, beyond
    assert not made.complaints, made.complaints
