"""The rulebook: its numbers, what cites them, and that nothing cites pages outside of it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import CHECKOUT

RULEBOOK = CHECKOUT / "docs" / "rulebook"
# What is written by machines, is somebody else's text, or lies outside the repository.
NOT_OURS = {"data", "logs", "target", "LICENSE", "__pycache__", ".git", ".venv"}
# Decisions are kept as they were taken; this file has to name what it looks for.
NOT_HELD = {"docs/decisions", "tests/python/test_rulebook.py"}
RULE = re.compile(r"^### (\d+)\.(\d+) (.+)$", re.MULTILINE)
CITATION = re.compile(r"\b[Rr]ulebook (\d+(?:\.\d+)?(?:(?:, | and | to )\d+\.\d+)*)")
OUTSIDE = {
    "interfaces, by section": re.compile(r"(?i)\binterfaces?(\.md)?\b[ ,.:]*(sections?\b|\d)"),
    "the interface": re.compile(r"(?i)\bthe interfaces?\b"),
    "the methodology": re.compile(r"(?i)\bmethodology\b"),
    "the design, by section": re.compile(r"(?i)\bdesign(\.md)?,? (section )?\d"),
    "a section of interfaces alone": re.compile(r"(?<![\d.=])5\.[1-6]\.\d+(?![\d.]*\d)"),
}


def pages() -> dict[int, str]:
    """The rulebook's pages by number."""
    found = sorted(RULEBOOK.glob("[0-9]*.md"))
    return {int(path.name.split("-")[0]): path.read_text(encoding="utf-8") for path in found}


def rules() -> dict[str, str]:
    """The titles of the rules by number."""
    return {
        f"{page}.{rule}": title
        for text in pages().values()
        for page, rule, title in RULE.findall(text)
    }


def texts() -> Iterator[tuple[str, str]]:
    """Our own text files, by path in the checkout."""
    tops = [path for path in CHECKOUT.iterdir() if path.name not in NOT_OURS]
    tops = [path for path in tops if not path.name.endswith("_cache")]
    files = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    for path in sorted(files):
        name = path.relative_to(CHECKOUT).as_posix()
        held = not any(name == part or name.startswith(f"{part}/") for part in NOT_HELD)
        if not path.is_file() or NOT_OURS & set(path.parts) or path.suffix == ".lock" or not held:
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (CHECKOUT / "seeds" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cited(text: str) -> list[str]:
    """The numbers that a text cites, also where a line of comment breaks in between."""
    unbroken = re.sub(r"\s*\n\s*(?:--|#|\*)?\s*", " ", text)
    return [
        number
        for numbers in CITATION.findall(unbroken)
        for number in re.split(r", | and | to ", numbers)
    ]


@pytest.mark.parametrize("page", pages())
def test_a_page_numbers_its_rules_from_one_without_a_gap(page):
    numbers = [(int(of), int(rule)) for of, rule, _ in RULE.findall(pages()[page])]
    assert numbers == [(page, rule) for rule in range(1, len(numbers) + 1)]
    assert pages()[page].startswith(f"# {page} ")


def test_every_indicator_has_the_rule_of_its_number():
    for indicator in seed("reference/indicators.csv"):
        identifier = indicator["indicator_id"]
        assert rules()[f"5.{int(identifier.removeprefix('BCBV'))}"].startswith(identifier)


def test_every_rule_of_data_quality_has_a_number():
    titles = [title for number, title in rules().items() if number.startswith("6.")]
    known = {word for title in titles for word in title.split()}
    assert {rule["rule_id"] for rule in seed("rules/dq_rules.csv")} - known == set()


def test_every_citation_leads_to_a_rule():
    known = rules().keys() | {str(page) for page in pages()}
    astray = [
        f"{name}: {number}"
        for name, text in texts()
        for number in cited(text)
        if number not in known
    ]
    assert astray == []


def test_nothing_cites_pages_that_are_not_in_the_repository():
    found = [
        f"{name}:{number}: {what}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in OUTSIDE.items()
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("-- Rulebook 3.5, judged per episode.", ["3.5"]),
        ("(Rulebook 4.1, 4.2 and 6.5)", ["4.1", "4.2", "6.5"]),
        ("-- so it is (Rulebook\n    -- 5.1), too", ["5.1"]),
        ("Rulebook 4.1 to 4.5; 6.1", ["4.1", "4.5"]),
        ("Rulebook 6 and 20 spells", ["6"]),
    ],
)
def test_citations_are_read_as_they_are_written(text, numbers):
    assert cited(text) == numbers


def headings(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a Markdown page."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = (re.sub(r"[`*]|\]\([^)]*\)", "", t) for t in re.findall(r"^#+ (.+)$", text, re.M))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def linking_pages() -> list[Path]:
    """The pages for readers; those of the indicators are generated and held elsewhere."""
    found = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("docs/*/*.md")]
    return sorted(path for path in found if path.parent.name not in ("indicators", "dbt"))


@pytest.mark.parametrize("page", linking_pages(), ids=lambda page: page.stem)
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    astray = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if re.match(r"\w+:", link):
            continue
        if not path.exists() or (anchor and anchor not in headings(path)):
            astray.append(link)
    assert astray == []
