"""Scorecards and SHA tables as files: PDF by Typst, HTML by Jinja, the same text in both.

PDFs conform to PDF/UA-1, which the compiler enforces: an image without its alternative text stops
it. Fonts are those beside the templates, and the date that of the release, so that the same release
gives the same bytes on any machine.
"""

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jinja2
import typst
from tqdm import tqdm

from publication.scorecards.assets import ASSETS, FONTS
from warehouse.home import engine_limits, first_line
from warehouse.processes import end_with_parent

FORMS = (".pdf", ".html")
MOST_PROCESSES = 8
# A process of its own takes a second to start: not worth it for less.
FEWEST_IN_PARALLEL = 12


class NotPrintable(RuntimeError):
    """A page that Typst cannot make; the message is one line that names it and says why."""


@dataclass(frozen=True)
class Page:
    """What is to be printed: the file without its ending, the template likewise, and its text."""

    path: Path
    template: str
    forms: tuple[str, ...]
    content: Mapping[str, Any]
    published_at: datetime


def write_pages(pages: Sequence[Page]) -> None:
    """Write pages in all of their forms, with a bar if that takes a while.

    Raises NotPrintable for a page that cannot be made, OSError where it cannot be written.
    """
    processes = min(int(engine_limits()["threads"]), os.cpu_count() or 1, MOST_PROCESSES)
    with tqdm(total=len(pages), unit="page", delay=2, disable=None, leave=False) as bar:
        if processes == 1 or len(pages) < FEWEST_IN_PARALLEL:
            for page in pages:
                write_page(page)
                bar.update()
            return
        # Not forked: the engine that the release is read with has threads.
        context = get_context("spawn")
        with ProcessPoolExecutor(processes, context, initializer=end_with_parent) as pool:
            for _ in pool.map(write_page, pages, chunksize=4):
                bar.update()


def write_page(page: Page) -> None:
    """Write one page in all of its forms. Raises NotPrintable or OSError if that cannot be done."""
    for form in page.forms:
        path, template = page.path.with_name(page.path.name + form), page.template
        if form == ".pdf":
            try:
                pdf = as_pdf(f"{template}.typ", page.content, page.published_at)
            except RuntimeError as error:
                # Typst's own cannot be handed from one process to another.
                raise NotPrintable(f"{path.name}: {first_line(error)}") from None
            path.write_bytes(pdf)
        else:
            path.write_text(as_html(f"{template}.html", page.content), encoding="utf-8")


def as_pdf(template: str, content: Mapping[str, Any], published_at: datetime) -> bytes:
    """A PDF/UA-1 file, dated `published_at`. Raises RuntimeError if Typst cannot make it."""
    pdf = _compiler(template).compile(
        sys_inputs={"card": json.dumps(content)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(published_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise RuntimeError(f"{template}: no single file")
    return pdf


def as_html(template: str, content: Mapping[str, Any]) -> str:
    """A page of HTML without a script, which asks nothing of anybody."""
    return _environment().get_template(template).render(card=content)


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        str(ASSETS / template),
        root=str(ASSETS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"card": "{}"},
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.globals["css"] = (ASSETS / "page.css").read_text(encoding="utf-8")
    return environment
