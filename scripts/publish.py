"""Publish the warehouse as one immutable release and make it the current one."""

import argparse
import sys

from warehouse.home import find_home, told_in_one_line

DESCRIPTION = """\
Publish the warehouse under BCBV_HOME as one immutable release: tables (Parquet, CSV, DuckDB),
workbooks, the Indicator Explorer, scorecards and a feed of JSON, described by release.json.

A public release, under published/<release>/, hides small numbers and rounds the rest, and is
audited before it becomes current. With --internal: as in the warehouse, unsuppressed and
unrounded, for the organisation that runs it, under internal/<release>/, closed to other users.

The link `current` beside the releases is swapped in one step; releases before are left as they are.
What is published is the last whole `dbt build` and nothing since: a warehouse in which anything
failed, was built in part, is empty, or was changed afterwards is refused, with the reason.
"""


def main(arguments: list[str] | None = None) -> int:
    """Publish; 0 only if the release is whole and current."""
    args = _parser().parse_args(arguments)
    # Loaded once there is something to write, so that --help is quick.
    from publication.kinds import INTERNAL, PUBLIC
    from publication.release import publish
    from warehouse.built import NotPublishable

    try:
        with told_in_one_line("not published"):
            kind = INTERNAL if args.internal else PUBLIC
            release = publish(find_home(), kind, is_audited=args.audit)
    except NotPublishable as error:
        print(f"not published: {error}", file=sys.stderr)
        return 1
    if args.internal:
        print("RESTRICTED: small numbers are not hidden in it")
    elif not args.audit:
        print("warning: not audited: nobody tried to open what is hidden", file=sys.stderr)
    print(f"published {release}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--internal", action="store_true", help="unsuppressed and unrounded, under internal/"
    )
    parser.add_argument(
        "--audit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="let the attacker try a public release before it becomes current (default)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
