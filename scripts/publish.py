"""Publish the marts as one immutable release and make it the current one."""

import argparse
import sys

from warehouse.home import find_home, told_in_one_line
from warehouse.release import NotPublishable, publish

DESCRIPTION = """\
Publish the marts of the warehouse under BCBV_HOME as one immutable release: Parquet, CSV and a
read-only DuckDB file under published/<release>/, described by release.json. The link
published/current is swapped to it in one step; releases before it are left as they are. What is
published is the last whole `dbt build` and nothing since: a warehouse in which anything failed, was
built in part, is empty, or was changed afterwards is refused, with the reason.
"""


def main(arguments: list[str] | None = None) -> int:
    """Publish; 0 only if the release is whole and current."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)
    try:
        with told_in_one_line("not published"):
            release = publish(find_home())
    except NotPublishable as error:
        print(f"not published: {error}", file=sys.stderr)
        return 1
    print(f"published {release}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
