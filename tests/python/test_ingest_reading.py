"""Rulebook 1.10 and 1.1: which bytes are rows, rejects, or no submission at all."""

import gzip

import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW

from warehouse.headers import split_quoted
from warehouse.limits import MAX_LINE_BYTES, MAX_REJECT_CHARACTERS

HEADER = ABSENCE_COLUMNS.encode()
ROW = ABSENCE_ROW.encode()


def staff_groups(lake) -> list[str | None]:
    return [row["staff_group"] for row in lake.rows("esr_absence")]


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), ("|", "pipe"), ("\t", "tab")])
@pytest.mark.parametrize("ext", ["csv", "psv", "tsv", "txt"])
def test_the_delimiter_is_found_in_the_header_whatever_the_extension(
    ingest, lake, write, delimiter, name, ext
):
    text = f"{ABSENCE_COLUMNS}\n{ABSENCE_ROW}\n".replace(",", delimiter)
    assert ingest(write(f"esr_absence__fy2006-07q1__2006-08-22.{ext}", text)).status == 0
    [row] = lake.rows("esr_absence")
    assert row["org_code"] == "RXA" and row["fte_days_available"] == "300"
    assert lake.manifest()[0]["delimiter"] == name


def test_a_delimiter_in_the_name_of_a_further_column_misleads_nobody(ingest, lake, write):
    header = ABSENCE_COLUMNS.replace(",", "|") + "|a,b,c,d,e,f,g"
    ingest(write(ABSENCE_NAME, f"{header}\n200604|RXA|Nurses|1|2|x\n"))
    [row] = lake.rows("esr_absence")
    assert row["a,b,c,d,e,f,g"] == "x"


def test_tabs_inside_fields_are_no_delimiters(ingest, lake, absence):
    ingest(absence("200604,RXA,Nur\tses,1,\t2\t"))
    [row] = lake.rows("esr_absence")
    assert (row["staff_group"], row["fte_days_available"]) == ("Nur\tses", "2")


def test_gzip_is_unpacked_and_kept_as_received(ingest, lake, write):
    packed = gzip.compress(HEADER + b"\n" + ROW + b"\n")
    assert ingest(write(f"{ABSENCE_NAME}.gz", packed)).status == 0
    assert staff_groups(lake) == ["Nurses"]
    [landed] = lake.home.glob("landing/**/*.gz")
    assert landed.read_bytes() == packed


@pytest.mark.parametrize(
    "content",
    [gzip.compress(HEADER + b"\n" + ROW * 1000)[:-20], b"no gzip at all", HEADER + b"\n" + ROW],
)
def test_a_gzip_file_that_is_none_is_refused(ingest, lake, write, content):
    outcome = ingest(write(f"{ABSENCE_NAME}.gz", content))
    assert outcome.status == 1 and "not a whole gzip file" in outcome.err
    assert lake.files() == []


def test_column_names_match_without_case_in_any_order_trimmed_and_quoted(ingest, lake, write):
    header = 'FTE_Days_Available , "ORG_CODE",Month,"staff_group",FTE_DAYS_LOST'.replace(' "', '"')
    ingest(write(ABSENCE_NAME, f"{header}\n300,RXA,200604,Nurses,10.5\n"))
    [row] = lake.rows("esr_absence")
    assert row["month"] == "200604" and row["fte_days_available"] == "300"


def test_columns_not_listed_are_kept_and_absent_ones_are_null(ingest, lake, write):
    ingest(write(ABSENCE_NAME, f"{ABSENCE_COLUMNS},Extra Column,\n{ABSENCE_ROW},kept,too\n"))
    [row] = lake.rows("esr_absence")
    assert row["extra column"] == "kept" and row["unnamed_7"] == "too"
    assert row["headcount"] is None and row["fte"] is None
    assert list(row)[-2:] == ["_submission_id", "_line"]


def test_every_missing_required_column_is_named(ingest, lake, write):
    outcome = ingest(write(ABSENCE_NAME, "month,staff_group,fte_days_lost\n200604,Nurses,1\n"))
    assert outcome.status == 1
    assert "required columns missing for esr_absence: org_code, fte_days_available" in outcome.err
    assert lake.files() == []


@pytest.mark.parametrize("twice", ["headcount", "note"])
def test_a_column_named_twice_is_refused(ingest, lake, write, twice):
    header = f"{ABSENCE_COLUMNS},{twice},{twice.upper()}"
    outcome = ingest(write(ABSENCE_NAME, f"{header}\n{ABSENCE_ROW},1,2\n"))
    assert outcome.status == 1 and f"column named twice: {twice}" in outcome.err
    assert lake.files() == []


def test_a_column_with_a_name_of_the_lake_is_refused(ingest, lake, write):
    outcome = ingest(write(ABSENCE_NAME, f"{ABSENCE_COLUMNS},_line\n{ABSENCE_ROW},1\n"))
    assert outcome.status == 1 and "_line" in outcome.err
    assert lake.files() == []


def test_a_byte_order_mark_is_no_part_of_the_first_name(ingest, lake, write):
    assert ingest(write(ABSENCE_NAME, b"\xef\xbb\xbf" + HEADER + b"\n" + ROW)).status == 0
    assert lake.rows("esr_absence")[0]["month"] == "200604"
    assert lake.manifest()[0]["encoding"] == "utf-8"


def test_utf_8_stays_what_it_is(ingest, lake, absence):
    ingest(absence("200604,RXA,Ärzte – 医,1,2"))
    assert staff_groups(lake) == ["Ärzte – 医"]
    assert lake.manifest()[0]["encoding"] == "utf-8"


def test_windows_1252_is_detected_and_converted(ingest, lake, write):
    line = "200604,RXA,Café “£5” – €,1,2".encode("cp1252")
    ingest(write(ABSENCE_NAME, HEADER + b"\n" + line + b"\n"))
    assert staff_groups(lake) == ["Café “£5” – €"]
    assert lake.manifest()[0]["encoding"] == "windows-1252"


def test_utf_8_cut_off_in_a_character_is_windows_1252(ingest, lake, write):
    ingest(write(ABSENCE_NAME, HEADER + b",note\n" + ROW + ",né".encode()[:-1]))
    assert lake.rows("esr_absence")[0]["note"] == "nÃ"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            HEADER + b"\n200604,RXA,\x81,1,2\n",
            "neither UTF-8 nor Windows-1252 (byte 0x81 in line 2)",
        ),
        (HEADER + b"\n" + ROW + b"\n2006\x00,RXA,x,1,2\n", "NUL byte in line 3"),
        ((ABSENCE_COLUMNS + "\n" + ABSENCE_ROW).encode("utf-16"), "UTF-16"),
        ((ABSENCE_COLUMNS + "\n" + ABSENCE_ROW).encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + (ABSENCE_COLUMNS + "\n").encode("utf-16-be"), "UTF-16"),
    ],
)
def test_unreadable_bytes_are_refused(ingest, lake, write, content, reason):
    outcome = ingest(write(ABSENCE_NAME, content))
    assert outcome.status == 1 and "unreadable" in outcome.err and reason in outcome.err
    assert lake.files() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no header row"),
        (b"\n \n", "no header row"),
        (HEADER, "no rows"),
        (HEADER + b"\n\n", "no rows"),
        (HEADER + b"\n200604,RXA\n", "no rows, only malformed lines (1)"),
        (HEADER + b',"open\n' + ROW, "the header row ends inside an open quote"),
    ],
)
def test_a_file_without_rows_is_refused(ingest, lake, write, content, reason):
    outcome = ingest(write(ABSENCE_NAME, content))
    assert outcome.status == 1 and reason in outcome.err
    assert lake.files() == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_in_lf_or_crlf_and_blank_ones_are_skipped(ingest, lake, write, end):
    lines = [HEADER, b"", ROW, b"  ", b" \t ", ROW, b""]
    ingest(write(ABSENCE_NAME, end.join(lines)))
    assert [row["_line"] for row in lake.rows("esr_absence")] == [3, 6]
    assert lake.rows("esr_absence")[1]["fte_days_available"] == "300"
    assert lake.manifest()[0]["reject_count"] == 0


def test_a_line_of_delimiters_is_a_row_of_nulls(ingest, lake, write):
    tabbed = f"{ABSENCE_COLUMNS}\n{ABSENCE_ROW}\n".replace(",", "\t") + "\t\t\t\t\n"
    ingest(write(ABSENCE_NAME, tabbed))
    rows = lake.rows("esr_absence")
    assert [rows[1][name] for name in ABSENCE_COLUMNS.split(",")] == [None] * 5


def test_a_blank_line_before_the_header_still_counts_as_a_line(ingest, lake, write):
    ingest(write(ABSENCE_NAME, b"\n" + HEADER + b"\n" + ROW))
    assert lake.rows("esr_absence")[0]["_line"] == 3


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r"])
def test_only_a_line_feed_ends_a_line(ingest, lake, absence, character):
    ingest(absence(f"200604,RXA,a{character}b,1,2", f'200604,RXB,"a{character},b",1,2'))
    assert staff_groups(lake) == [f"a{character}b", f"a{character},b"]


def test_fields_are_trimmed_and_empty_is_null(ingest, lake, absence):
    ingest(absence('  200604\t, RXA ,"  ",\xa0,"  7 "', "200604,RXA,&\t ,,\r"))
    first, second = lake.rows("esr_absence")
    assert (first["month"], first["org_code"]) == ("200604", "RXA")
    assert (first["staff_group"], first["fte_days_lost"]) == (None, None)
    assert first["fte_days_available"] == "7"
    assert (second["staff_group"], second["fte_days_available"]) == ("&", None)


@pytest.mark.parametrize("delimiter", [",", "|", "\t"])
def test_quoting_is_rfc_4180_for_every_delimiter(ingest, lake, write, delimiter):
    rows = [
        ABSENCE_COLUMNS.split(","),
        ["200604", '"RXA"', f'"a{delimiter}b"', "1", "2"],
        ["200604", "RXA", '"say ""hello"""', "1", "2"],
        ["200604", "RXA", '""', "1", "2"],
        ["200604", "RXA", 'five" bed', "1", "2"],
        ["200604", "RXA", 'a"b"', "1", '"2"'],
        ["200604", "RXA", ' "x" ', "1", "2"],
    ]
    ingest(write(ABSENCE_NAME, "\n".join(delimiter.join(row) for row in rows)))
    assert staff_groups(lake) == [
        f"a{delimiter}b",
        'say "hello"',
        None,
        'five" bed',
        'a"b"',
        '"x"',
    ]
    assert lake.manifest()[0]["reject_count"] == 0


def test_malformed_lines_are_kept_with_number_reason_and_text(ingest, lake, absence):
    malformed = ["200604,RXA,Nurses,1", "200604,RXA,Nurses,1,2,é", '200604,RXA,"Nurses,1,2']
    path = absence(ABSENCE_ROW, malformed[0], ABSENCE_ROW, *malformed[1:], ABSENCE_ROW)
    outcome = ingest(path)
    assert outcome.status == 0 and "3 rows, 3 rejects" in outcome.out
    assert [row["_line"] for row in lake.rows("esr_absence")] == [2, 4, 7]
    [entry] = lake.manifest()
    assert (entry["row_count"], entry["reject_count"]) == (3, 3)
    assert lake.rejects() == [
        {
            "submission_id": entry["submission_id"],
            "line_number": number,
            "reason": reason,
            "line_text": text,
        }
        for number, reason, text in [
            (3, "4 fields, the header has 5", malformed[0]),
            (5, "6 fields, the header has 5", malformed[1]),
            (6, "the line ends inside an open quote", malformed[2]),
        ]
    ]


def test_a_quoted_field_has_no_line_break(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, '200604,RXA,"Nur', 'ses",1,2', ABSENCE_ROW))
    assert [reject["line_number"] for reject in lake.rejects()] == [3, 4]
    assert [row["_line"] for row in lake.rows("esr_absence")] == [2, 5]


def test_rejects_of_windows_1252_are_kept_readable(ingest, lake, write):
    ingest(write(ABSENCE_NAME, HEADER + b"\n" + ROW + b"\n" + "£,é".encode("cp1252")))
    assert lake.rejects()[0]["line_text"] == "£,é"


def test_a_line_of_almost_a_mebibyte_is_a_row_and_a_longer_one_a_reject(ingest, lake, absence):
    least = len("200604,RXA,,1,2")
    lines = [f"200604,RXA,{'x' * (MAX_LINE_BYTES - least + more)},1,2" for more in (0, 1)]
    ingest(absence(*lines, ABSENCE_ROW))
    assert [len(group) for group in staff_groups(lake)] == [MAX_LINE_BYTES - least, 6]
    [reject] = lake.rejects()
    assert (reject["line_number"], len(reject["line_text"])) == (3, MAX_REJECT_CHARACTERS)
    assert reject["reason"] == "1,048,577 bytes in the line, the limit is 1,048,576"


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_of_many_blocks_takes_no_other_line_with_it(ingest, lake, absence, end):
    ingest(absence(ABSENCE_ROW, "y" * 5_000_000, ABSENCE_ROW, '"' + "z" * 3_000_000 + end))
    assert [row["_line"] for row in lake.rows("esr_absence")] == [2, 4]
    assert [reject["line_number"] for reject in lake.rejects()] == [3, 5]
    assert lake.rejects()[0]["reason"] == "5,000,000 bytes in the line, the limit is 1,048,576"


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,b", ["a", "b"]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a""b"', ['a"b']),
        ('a"b,c', ['a"b', "c"]),
        ('a,"b', None),
        ('a,"b""', None),
        ('a,"', None),
        ('a,""', ["a", ""]),
        ('"a\rb",c\r', ["a\rb", "c\r"]),
    ],
)
def test_split_quoted(line, fields):
    assert split_quoted(line, ",") == fields


def test_a_header_quoted_throughout_is_split_at_its_delimiter(ingest, lake, write):
    quoted = "\n".join(
        "|".join(f'"{field}"' for field in line.split(","))
        for line in (ABSENCE_COLUMNS, ABSENCE_ROW)
    )
    assert ingest(write(ABSENCE_NAME, quoted)).status == 0
    assert staff_groups(lake) == ["Nurses"]
