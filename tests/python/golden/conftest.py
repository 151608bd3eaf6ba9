"""Writes small submissions for the reference."""

import csv
from pathlib import Path

import pytest


@pytest.fixture
def send(tmp_path):
    """Write rows as one submission; the folder it lies in."""

    def write(rows: list[dict], name: str = "hes_apc__fy2006-07q1__2007-12-31.csv") -> Path:
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return write
