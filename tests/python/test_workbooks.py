"""Workbooks: read back as a spreadsheet reads them, and by LibreOffice where there is one."""

import csv
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tiny_release import FORMULA, LATEST, write_tiny_release

from publication.release_data import open_release
from publication.workbooks import write_workbooks

SOFFICE = shutil.which("soffice")
SHEETS = ["Values", "Opportunity", "Areas", "Changes", "Data quality", "Indicators"]


def written(folder: Path, kind: str = "public") -> Path:
    tiny = write_tiny_release(folder, kind)
    with open_release(tiny.folder, tiny.facts) as release:
        write_workbooks(release, folder)
    return folder / "xlsx"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The workbooks of a tiny public release; read only."""
    return written(tmp_path_factory.mktemp("workbooks"))


@pytest.fixture(scope="module")
def book(folder) -> Workbook:
    return load_workbook(folder / "bcbv.xlsx")


def rows(sheet: Worksheet) -> list[dict]:
    """The rows of a sheet's one table."""
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def cell(sheet: Worksheet, column: str, **where):
    """The cell of a column in the one row where other columns are so."""
    names = [each.value for each in sheet[1]]
    [row] = [
        row
        for row in sheet.iter_rows(min_row=2)
        if all(row[names.index(name)].value == value for name, value in where.items())
    ]
    return row[names.index(column)]


def test_one_workbook_of_all_and_one_of_each_authority(folder):
    assert {path.name for path in folder.iterdir()} == {"bcbv.xlsx", "Q30.xlsx", "Q35.xlsx"}
    of_all = load_workbook(folder / "bcbv.xlsx").sheetnames
    assert of_all[:3] == ["Cover", "Notes", "Columns"]
    assert set(SHEETS) | {"Thresholds", "Organisations"} == set(of_all[3:])
    authority = load_workbook(folder / "Q35.xlsx")
    assert set(SHEETS) | {"Parts", "Organisations"} == set(authority.sheetnames[3:])
    codes = {row["organisation_code"] for row in rows(authority["Values"])}
    assert codes == {"RGT", "RXA"}
    areas = {row["area_code"] for row in rows(authority["Opportunity"])}
    assert areas == {"Q35", "RGT", "england"}
    [stockton] = rows(load_workbook(folder / "Q30.xlsx")["Organisations"])
    assert stockton["organisation_code"] == "5E1"


def test_tables_stand_as_a_screen_reader_needs_them(book):
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value
        if sheet.title == "Cover":
            continue
        head = [each.value for each in sheet[1]]
        assert all(head) and len(set(head)) == len(head), sheet.title
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"


def test_the_latest_four_quarters(book):
    quarters = {row["quarter"] for row in rows(book["Values"])}
    assert quarters == {"2007-08 Q1", "2007-08 Q2", "2007-08 Q3", "2007-08 Q4"}


def test_figures_are_those_of_the_tables_by_unit(book):
    values = book["Values"]
    trust = {"organisation_code": "RGT", "quarter": LATEST}
    pct = {"organisation_code": "5E1"}
    for where, column, value, number_format in (
        (trust, "numerator", 3040, "#,##0"),
        (trust, "expected", 2340.9, "#,##0.0"),
        (trust, "value", 129.9, "#,##0.0"),
        (trust, "national_rank", 38, "0"),
        (trust, "unit_price_gbp", 222.34, "£#,##0.00;-£#,##0.00"),
        (trust, "opportunity_annual_gbp", 796000, "£#,##0;-£#,##0"),
        (trust, "quarter_start_date", datetime(2008, 1, 1), "d mmm yyyy"),
        (pct, "value", 0, "0.0%"),
        (pct, "benchmark_value", 0.712, "0.0%"),
        (pct, "organisation_code", "5E1", "@"),
    ):
        found = cell(values, column, **where)
        assert (found.value, found.number_format) == (value, number_format), column
    assert cell(book["Changes"], "change_gbp", indicator_id="ALL").value == -12000


def test_a_missing_figure_says_why(book):
    values = book["Values"]
    assert cell(values, "value", organisation_code="RXA", quarter=LATEST).value == "[c]"
    assert cell(values, "value", organisation_code="RXA", quarter="2007-08 Q3").value == "[x]"
    assert cell(values, "expected", organisation_code="5E1").value == "[z]"
    assert cell(values, "value", organisation_code="5E1").value == 0
    signs = {row["sign"] for row in rows(book["Notes"])}
    assert {"[c]", "[x]", "[z]", "not_submitted", "withheld"} <= signs


def test_text_is_never_a_formula(book):
    found = cell(book["Organisations"], "organisation_name", organisation_code="RXA")
    assert (found.value, found.data_type) == (FORMULA, "s")
    for sheet in book.worksheets:
        assert all(each.data_type != "f" for row in sheet.iter_rows() for each in row)
        assert not [link for link in sheet._hyperlinks if link.target]


def test_every_column_is_explained_with_its_unit(book):
    explained = {(row["sheet"], row["column"]): row for row in rows(book["Columns"])}
    for name in [*SHEETS, "Thresholds", "Organisations"]:
        for column in (each.value for each in book[name][1]):
            assert explained[name, column]["meaning"], (name, column)
    assert explained["Values", "opportunity_annual_gbp"]["unit"] == "GBP"


@pytest.mark.parametrize(
    ("kind", "said", "not_said"),
    [("public", "SYNTHETIC", "RESTRICTED"), ("internal", "RESTRICTED", "hidden and figures")],
)
def test_cover_and_print_say_what_it_is(tmp_path, kind, said, not_said):
    book = load_workbook(written(tmp_path, kind) / "bcbv.xlsx")
    cover = " ".join(str(each.value) for each in book["Cover"]["A"])
    assert said in cover and not_said not in cover
    assert "SYNTHETIC" in cover and "not targets" in cover and "30 November 2026" in cover
    for sheet in book.worksheets:
        assert said in sheet.oddHeader.left.text


def test_same_release_same_bytes(tmp_path, folder):
    again = written(tmp_path)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    assert load_workbook(folder / "bcbv.xlsx").properties.created == datetime(
        2026, 11, 30, 20, 10, 5
    )


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_codes_that_look_like_numbers(tmp_path, folder):
    """By way of its own format and back to text, sheet by sheet."""
    settings = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    for kind, source in (("ods", folder / "Q30.xlsx"), (settings, tmp_path / "Q30.ods")):
        convert = ["--convert-to", kind, "--outdir", str(tmp_path), str(source)]
        subprocess.run([*command, *convert], check=True, capture_output=True, timeout=240)
    with (tmp_path / "Q30-Values.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["organisation_code"] == "5E1"
    assert row["organisation_name"] == "Stockton-on-Tees Teaching PCT"
    assert row["publication_status"] == "caveat"
    with (tmp_path / "Q30-Organisations.csv").open(newline="", encoding="utf-8") as file:
        assert [row["organisation_code"] for row in csv.DictReader(file)] == ["5E1"]
