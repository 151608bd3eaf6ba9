"""Rulebook 8.5: every line with content is counted apart from what becomes of it, and numbered."""

import gzip

import duckdb
import openpyxl
import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME

from warehouse import successions

STEM = ABSENCE_NAME.removesuffix(".csv")
GOOD, OTHER = "200604,RXA,Nurses,10.5,300", "200605,RXA,Nurses,11,300"
LONG = "200604,RXA,Nurses,10.5,300,1,2"
# Rows in lines 4, 7 and 9, a malformed one in line 6, blank ones in 5 and 8.
LINES = ["Absence", "", ABSENCE_COLUMNS, GOOD, "  ", LONG, OTHER, "", f"{OTHER},,"]
TEXT = "\n".join(LINES)


def landed(lake) -> tuple:
    """Lines, rows and rejects counted of the one submission, and the lines of its rows."""
    [entry] = lake.manifest()
    counts = (entry["line_count"], entry["row_count"], entry["reject_count"])
    return *counts, [row["_line"] for row in lake.rows("esr_absence")]


@pytest.mark.parametrize(
    ("name", "content"),
    {
        f"{STEM}.csv": TEXT,
        f"{STEM}.txt": TEXT + "\n",
        f"{STEM}.dat": TEXT.replace("\n", "\r\n"),
        f"{STEM}.tsv": TEXT.replace(",", "\t"),
        f"{STEM}.csv.gz": gzip.compress(TEXT.encode()),
    }.items(),
)
def test_lines_are_counted_and_numbered_whatever_holds_them(ingest, lake, write, name, content):
    assert ingest(write(name, content)).status == 0
    assert landed(lake) == (4, 3, 1, [4, 7, 9])


def test_the_line_that_names_the_separator_is_one(ingest, lake, write):
    assert ingest(write(f"{STEM}.csv", f"sep=,\n{ABSENCE_COLUMNS}\n{GOOD}\n{OTHER}\n")).status == 0
    assert landed(lake) == (2, 2, 0, [3, 4])


def test_a_file_without_an_odd_line_is_counted_too(ingest, lake, write):
    text = f"\ufeff{ABSENCE_COLUMNS}\n{GOOD}\n{OTHER}"
    assert ingest(write(f"{STEM}.csv", text)).status == 0
    assert landed(lake) == (2, 2, 0, [2, 3])


def test_the_rows_of_a_sheet_are_counted_and_have_the_sheets_numbers(ingest, lake, tmp_path):
    book = openpyxl.Workbook()
    for line in ("Absence", "", ABSENCE_COLUMNS, GOOD, "", OTHER):
        book.active.append(line.split(",") if line else [])
    book.save(tmp_path / f"{STEM}.xlsx")
    assert ingest(tmp_path / f"{STEM}.xlsx").status == 0
    assert landed(lake) == (2, 2, 0, [4, 6])


def test_the_rows_of_a_table_are_counted(ingest, lake, tmp_path):
    path = tmp_path / f"{STEM}.parquet"
    duckdb.sql(
        "select '200604' as month, 'RXA' as org_code, 'Nurses' as staff_group,"
        " '1' as fte_days_lost, '9' as fte_days_available, 'x' as Remark from range(3)"
    ).write_parquet(str(path))
    assert ingest(path).status == 0
    assert landed(lake) == (3, 3, 0, [2, 3, 4])
    [entry] = lake.manifest()
    assert entry["column_names"].split("\n") == [*ABSENCE_COLUMNS.split(","), "remark"]


def test_a_row_that_is_rejected_later_is_still_a_line(ingest, lake, write, monkeypatch, tmp_path):
    seed = tmp_path / "seed.csv"
    seed.write_text("old_code,new_code,effective_date,source\n")
    monkeypatch.setattr(successions, "SEED", seed)
    text = "old_code,new_code,effective_date\nX1,X9,2007-04-01\nX2,,2007-04-01\n\n"
    assert ingest(write("successions__fy2006-07__2007-04-01.csv", text)).status == 0
    [entry] = lake.manifest()
    assert (entry["line_count"], entry["row_count"], entry["reject_count"]) == (2, 1, 1)
