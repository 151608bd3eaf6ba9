"""Check files of extracts against their feeds' contracts and land them in the lake."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
from tqdm import tqdm

from warehouse.contracts import Refused
from warehouse.home import connect, find_home
from warehouse.landing import Landed, Landing, lock
from warehouse.naming import EXTENSIONS, extension

EXAMPLES = """
examples:
  python scripts/ingest.py hes_apc__fy2006-07q1__2006-08-22.psv.gz
  python scripts/ingest.py incoming/
  python scripts/ingest.py epd_201709.csv --feed epd --period m2017-09 --extract-date 2017-11-20
"""


def main(arguments: list[str] | None = None) -> int:
    """Land the files named on the command line; 0 only if each landed or had landed before."""
    args = _parser().parse_args(arguments)
    options = {
        "feed": args.feed,
        "period": args.period,
        "extract_date": args.extract_date,
        "sender": args.sender,
    }
    home = find_home()
    refusals = 0
    with lock(home), connect(home) as engine:
        landing = Landing(home, engine)
        files = list(_files(args.paths))
        with _progress(files) as bar:
            for path in files:
                bar.set_description(path.name)
                try:
                    outcome = _describe(path, landing.land(path, options, bar.update))
        landing.write_index()
    return 1 if refusals else 0
