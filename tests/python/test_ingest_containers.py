"""Rulebook 1.13: what holds the data, and what it may cost."""

import bz2
import gzip
import io
import zipfile
from datetime import date, datetime

import duckdb
import openpyxl
import pytest
from backports import zstd
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW

from warehouse import containers
from warehouse.containers import Member, members
from warehouse.contracts import Refused

TEXT = f"{ABSENCE_COLUMNS}\n{ABSENCE_ROW}\n".encode()
STEM = ABSENCE_NAME.removesuffix(".csv")


def zipped(**entries: bytes) -> bytes:
    """An archive; '/' is written '__' in names given as keywords, so a mapping may be unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


PACKED = {
    "gz": gzip.compress(TEXT),
    "zst": zstd.compress(TEXT),
    "bz2": bz2.compress(TEXT),
    "zip": zipped(**{"inside.csv": TEXT}),
}


@pytest.mark.parametrize("text", ["csv", "PSV", "tsv", "txt", "dat"])
@pytest.mark.parametrize("packing", PACKED)
def test_every_text_may_be_packed_every_way(tmp_path, text, packing):
    path = tmp_path / f"{STEM}.{text}.{packing}"
    path.write_bytes(PACKED[packing])
    assert members(path) == ([Member(path)], [])
    with containers.stored(Member(path)) as stored, containers.unpacked(path.name, stored) as found:
        assert found.read() == TEXT


@pytest.mark.parametrize("packing", PACKED)
def test_a_packed_file_is_kept_as_received(ingest, lake, write, packing):
    outcome = ingest(write(f"{STEM}.csv.{packing.upper()}", PACKED[packing]))
    assert outcome.status == 0, outcome.err
    assert [row["_line"] for row in lake.rows("esr_absence")] == [2]
    [landed] = lake.home.glob("landing/*/*/*")
    assert landed.read_bytes() == PACKED[packing]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("spoilt", ["cut", "none"])
def test_a_packed_file_that_is_none_is_refused(tmp_path, packing, spoilt):
    content = {"cut": PACKED[packing][:-12], "none": TEXT}[spoilt]
    path = tmp_path / f"a.csv.{packing}"
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"unreadable: not a whole (gzip|zstd|bzip2|zip) file"):
        [member] = members(path)[0]
        with containers.stored(member) as stored, containers.unpacked(path.name, stored) as text:
            text.read()


@pytest.mark.parametrize("packing", ["gz", "bz2", "zst"])
def test_bytes_behind_the_end_of_a_packed_text_are_no_text(ingest, lake, write, packing):
    outcome = ingest(write(f"{STEM}.csv.{packing}", PACKED[packing] + b"200606,RWE,lost\n"))
    assert outcome.status == 1 and "unreadable: not a whole" in outcome.err
    assert lake.manifest() == []


def test_a_text_packed_in_several_pieces_is_one(tmp_path):
    path = tmp_path / "a.csv.bz2"
    path.write_bytes(bz2.compress(TEXT[:20]) + bz2.compress(b"") + bz2.compress(TEXT[20:]))
    with path.open("rb") as file, containers.unpacked(path.name, file) as text:
        assert text.read() == TEXT


def test_each_data_file_of_an_archive_is_a_submission_and_the_rest_is_passed_over(
    ingest, lake, write
):
    second = ABSENCE_NAME.replace("08-22", "09-22")
    archive = zipped(
        **{
            f"folder/{ABSENCE_NAME}": TEXT,
            f"folder/deeper/{second}.gz": PACKED["gz"],
            "folder/": b"",
            "README.txt": b"x",
            ".hidden.csv": b"x",
            "folder/~$a.xlsx": b"x",
            "__MACOSX/folder/._a.csv": b"x",
        }
    )
    outcome = ingest(write("incoming.zip", archive))
    assert outcome.status == 0, outcome.err
    assert [entry["file_name"] for entry in lake.manifest()] == [
        f"incoming.zip/folder/{ABSENCE_NAME}",
        f"incoming.zip/folder/deeper/{second}.gz",
    ]
    for name in ("README.txt", "folder/", ".hidden.csv", "~$a.xlsx", "__MACOSX"):
        assert name in outcome.err
    landed = {path.name: path.read_bytes() for path in lake.home.glob("landing/*/*/*")}
    assert landed == {ABSENCE_NAME: TEXT, f"{second}.gz": PACKED["gz"]}


def test_what_is_no_data_file_in_an_archive_is_refused_and_the_rest_lands(ingest, lake, write):
    archive = zipped(**{ABSENCE_NAME: TEXT, "notes.pdf": b"x", "inner.zip": PACKED["zip"]})
    outcome = ingest(write("incoming.zip", archive))
    assert outcome.status == 1 and len(lake.manifest()) == 1
    assert "incoming.zip/notes.pdf" in outcome.err
    assert "incoming.zip/inner.zip: an archive inside an archive" in outcome.err


def test_an_archive_without_data_or_with_a_password_is_refused(ingest, write):
    outcome = ingest(write("incoming.zip", zipped(**{"README": b"x"})))
    assert outcome.status == 1 and "no data file in the archive" in outcome.err
    locked = bytearray(zipped(**{"a.csv": TEXT}))
    # The flag that says so, in the entry's own header and in the directory.
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    outcome = ingest(write("locked.zip", bytes(locked)))
    assert outcome.status == 1 and "a.csv in the archive is encrypted" in outcome.err


@pytest.mark.parametrize("packing", PACKED)
def test_an_archive_that_grows_beyond_all_proportion_is_refused(tmp_path, monkeypatch, packing):
    monkeypatch.setattr(containers, "UNPACKED_FREELY", 1 << 20)
    monkeypatch.setattr(containers, "MAX_UNPACKING_RATIO", 100)
    zeros = b"0" * (8 << 20)
    pack = {"gz": gzip.compress, "zst": zstd.compress, "bz2": bz2.compress}
    packed = zipped(**{"a.csv": zeros}) if packing == "zip" else pack[packing](zeros)
    path = tmp_path / f"a.csv.{packing}"
    path.write_bytes(packed)
    with (
        pytest.raises(Refused, match="more than 100 bytes for each of its own"),
        containers.stored(Member(path)) as stored,
        containers.unpacked(path.name, stored) as text,
    ):
        while text.read(1 << 20):
            pass


def workbook(*sheets: tuple[str, list[list]], formats: dict | None = None) -> bytes:
    """An Excel workbook of these sheets; `formats` by cell of the last."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for cell, shape in (formats or {}).items():
        sheet[cell].number_format = shape
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_workbook_is_read_as_shown(ingest, lake, write):
    notes = ("Notes", [["About this file"], ["month", "elsewhere"]])
    header = [*ABSENCE_COLUMNS.split(","), "Day", "Time", "Share", "Code", "Flag", None, "Rest"]
    rows = [
        ["Sickness absence"],
        [],
        header,
        [
            *(200604.0, "RXA", " All\nstaff ", 10.5, 300, date(2006, 4, 1)),
            *(datetime(2006, 4, 1, 10, 30), 0.042, 42, True, None, 0.1 + 0.2),
        ],
        [],
        ["200605", "RXC", "All", None, 1e15],
    ]
    formats = {"H4": "0.0%", "I4": "0000"}
    outcome = ingest(write(f"{STEM}.XLSX", workbook(notes, ("Data", rows), formats=formats)))
    assert outcome.status == 0, outcome.err
    first, second = lake.rows("esr_absence")
    assert (first["_line"], second["_line"]) == (4, 6)
    assert [first[name] for name in ABSENCE_COLUMNS.split(",")] == [
        *("200604", "RXA", "All staff", "10.5", "300"),
    ]
    assert (first["day"], first["time"]) == ("2006-04-01", "2006-04-01 10:30:00")
    assert (first["share"], first["code"], first["flag"]) == ("4.2%", "0042", "TRUE")
    assert (first["unnamed_11"], first["rest"]) == (None, "0.3")
    assert (second["fte_days_lost"], second["fte_days_available"]) == (None, "1000000000000000")
    [entry] = lake.manifest()
    assert (entry["container"], entry["preamble_line_count"]) == ("xlsx", 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK", "no Excel workbook"),
        (zipped(**{"a.txt": b"x"}), "no Excel workbook"),
        (workbook(("Data", [["month", "org_code"]])), "sheet 'Data': required columns missing"),
        (workbook(("Data", [ABSENCE_COLUMNS.split(",")])), "no rows in sheet 'Data'"),
        (workbook(("Data", [])), "sheet 'Data': no header row"),
    ],
)
def test_a_workbook_without_a_table_is_refused(ingest, lake, write, content, reason):
    outcome = ingest(write(f"{STEM}.xlsx", content))
    assert outcome.status == 1 and reason in outcome.err, outcome.err
    assert lake.files() == []


def test_a_parquet_column_without_a_name_is_named_by_its_place(ingest, lake, write):
    path = write(f"{STEM}.parquet", b"")
    names = [*ABSENCE_COLUMNS.split(","), "placeholder"]
    values = [*ABSENCE_ROW.split(","), "x"]
    select = ", ".join(f"'{value}' as {name}" for name, value in zip(names, values, strict=True))
    duckdb.sql(f"select {select}").write_parquet(str(path))
    # Engines do not write such files. A name follows its length; that of the footer stands at the
    # end of the file.
    content = path.read_bytes()
    size = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - size : -8].replace(b"\x0bplaceholder", b"\x00")
    path.write_bytes(content[: -8 - size] + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    outcome = ingest(path)
    assert outcome.status == 0, outcome.err
    assert lake.rows("esr_absence")[0]["unnamed_6"] == "x"


def test_a_parquet_file_has_its_feed_from_its_columns(ingest, lake, write):
    path = write("anything.parquet", b"")
    duckdb.sql(
        "select 'RXA' as \"Org Code\", '200604' as Month, 'a' as staff_group,"
        " 1.5 as fte_days_lost, 2 as fte_days_available"
    ).write_parquet(str(path))
    assert ingest(path).status == 0
    [row] = lake.rows("esr_absence")
    assert (row["org_code"], row["month"], row["fte_days_lost"]) == ("RXA", "200604", "1.5")
