"""Write dbt's documentation as one HTML file that tells nothing of the machine it was made on."""

import argparse
import json
import re
import sys
from pathlib import Path

from warehouse.home import CHECKOUT, Home, find_home, told_in_one_line

DESCRIPTION = """\
Write reports/documentation.html under BCBV_HOME from what `dbt docs generate --static` left in
target/. Models, seeds and tests carry in it where they lay on this machine: such paths are made
relative, and a page that still names the checkout, the home or the user's folder is refused.
"""


class NamesThisMachine(Exception):
    """A path of this machine is left in the documentation."""


def main(arguments: list[str] | None = None) -> int:
    """Write the page; 1 where it would name this machine."""
    argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    home = find_home()
    page = home.reports / "documentation.html"
    with told_in_one_line("not documented"):
        text = (home.path / "target" / "static_index.html").read_text(encoding="utf-8")
        try:
            text = of_no_machine(text, home, CHECKOUT, _user())
        except NamesThisMachine as error:
            print(f"not documented: {error}", file=sys.stderr)
            return 1
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    print(f"written: {page}")
    return 0


def _user() -> Path:
    """The user's folder; where there is none, the root."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def of_no_machine(text: str, home: Home, checkout: Path, user: Path) -> str:
    """The documentation with paths under home and checkout made relative to these.

    Raises NamesThisMachine where one of them, or the user's own folder, is named all the same.
    """
    # What lies in the other goes first: the default home is in the checkout.
    folders = sorted({home.path, checkout}, key=lambda folder: -len(folder.parts))
    for folder in folders:
        text = re.sub(f"{_named(folder)}/", "", text)
        text = re.sub(f'(?<="){_named(folder)}(?=")', ".", text)
    # A folder at the root, as of users of containers, may be a word of the text.
    for folder in [*folders, *([user] if len(user.parts) > 2 else [])]:
        if re.search(rf"{_named(folder)}(?![\w-])", text):
            raise NamesThisMachine(f"{folder} is named in the page")
    return text


def _named(folder: Path) -> str:
    """A regular expression of a path as text, or as it stands within JSON, not within another."""
    spellings = [json.dumps(str(folder), ensure_ascii=only)[1:-1] for only in (True, False)]
    named = "|".join(re.escape(spelling) for spelling in {*spellings, str(folder)})
    return rf"(?<![\w.~-])(?:{named})"


if __name__ == "__main__":
    sys.exit(main())
