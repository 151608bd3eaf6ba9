"""Try to find hidden counts in a public release."""

import argparse
import sys
from pathlib import Path

from publication.audit import audit
from warehouse.home import told_in_one_line

DESCRIPTION = """\
Attack a public release: read its folder, and those of earlier releases, and nothing else, and try
with every identity among the figures to find the counts that it hides. Says how many hidden cells
were tried and which were opened, and by what. Status 0 only if none was.
"""


def main(arguments: list[str] | None = None) -> int:
    """Audit; 0 only if nothing was opened."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="folder of a release")
    parser.add_argument(
        "--earlier", type=Path, nargs="*", default=[], help="folders of earlier public releases"
    )
    parsed = parser.parse_args(arguments)
    with told_in_one_line("not audited"):
        found = audit(parsed.folder, parsed.earlier)
    print(found.summary())
    return 0 if found.is_safe else 1


if __name__ == "__main__":
    sys.exit(main())
