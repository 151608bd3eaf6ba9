"""Hold a warehouse of random submissions to the reference of the checkout that this file lies in.

Prints the differences, one a line; the status is 0 where there are none.
"""

import argparse
import pickle
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "python"), str(TESTS.parent / "scripts")]

from building import query  # noqa: E402
from reference.comparison import differences  # noqa: E402
from reference.submissions_at_random import write_submissions  # noqa: E402
from reference.tables import compute  # noqa: E402

# The set of the tests' `early`, whose files fall on either side of most rules.
SEED = 13


def main() -> int:
    """Write the submissions, work out what the reference makes of them, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="write the random submissions into a folder")
    parser.add_argument("--submissions", type=Path, help="folder of the submissions")
    parser.add_argument("--expected", type=Path, help="file that keeps what the reference makes")
    parser.add_argument("--warehouse", type=Path, help="warehouse to compare")
    args = parser.parse_args()
    if args.write:
        write_submissions(args.write, SEED, late=False)
        return 0
    if args.expected and args.expected.exists():
        expected = pickle.loads(args.expected.read_bytes())
    else:
        expected = compute(args.submissions)
        if args.expected:
            args.expected.write_bytes(pickle.dumps(expected))
    if args.warehouse is None:
        return 0
    found = differences(expected, lambda sql: query(args.warehouse, sql))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
