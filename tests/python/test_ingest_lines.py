"""Rulebook 1.1: what is left to the engine is split as line by line, whatever the bytes."""

import random

import duckdb
import pytest
from building import ABSENCE_COLUMNS

from warehouse import limits, lines, reading, tables
from warehouse.containers import Member
from warehouse.contracts import Refused

PIECES = {
    "plain": ["a", "bc", "1.5", "", ",", ",", ",", ","],
    "blanks": ["a", " ", "\t", "\x0b", "\xa0", "Â", "à", ",", ",", ","],
    "quotes": ['"', '""', '"a,b"', "a", ",", ",", ",", " ", '"a"'],
    "line ends": ["\r", "\r\n", "a", ",", ",", ",", '"', "\n"],
    "all": ['"', '""', "\r", "\n", "\r\n", ",", ",", ",", ";", "a", "é", " ", "\xa0", "\x85", "'"],
}


def a_line(pieces: list[str], rng: random.Random) -> str:
    """A line of five fields, or of what comes."""
    if rng.random() < 0.2:
        return "".join(rng.choices(pieces, k=rng.randint(0, 9)))
    inside = [piece for piece in pieces if piece not in (",", "\n", "\r\n")]
    return ",".join("".join(rng.choices(inside, k=rng.randint(0, 2))) for _ in range(5))


def outcome(text: bytes, folder, distrust: bool) -> object:
    """The rows and rejects of a file, or why it is refused."""
    folder.mkdir(exist_ok=True)
    (folder / "sent.csv").write_bytes(text)
    engine = duckdb.connect(config={"threads": 2})
    try:
        member = Member(folder / "sent.csv")
        received = reading.receive(engine, member, "esr_absence", folder, lambda _: None)
        rows = tables.rows_of(engine, received, folder, distrust)
        select = ", ".join(rows.expressions.values())
        found = engine.sql(f"select _line, {select} from {rows.relation} order by 1").fetchall()
        assert rows.count == len(found)
        rejects = rows.rejects.read_text(encoding="utf-8") if rows.rejects else ""
        return found, rejects
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("kind", PIECES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "mixed"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_engine_and_the_slow_way_read_alike(tmp_path, monkeypatch, kind, end, encoding):
    # Blocks of a few lines, so that many lie across two.
    monkeypatch.setattr("warehouse.reading.each_block", lambda s: iter(lambda: s.read(64), b""))
    rng = random.Random(f"{kind} {end} {encoding}")
    for _ in range(12):
        body = [a_line(PIECES[kind], rng) for _ in range(rng.randint(1, 25))]
        ends = [rng.choice(["\n", "\r\n"]) if end == "mixed" else end for _ in body]
        ends[-1] = rng.choice([ends[-1], ""])
        sent = ABSENCE_COLUMNS + ends[0] + "".join(map("".join, zip(body, ends, strict=True)))
        text = sent.encode(encoding, errors="ignore")
        quick, slow = (outcome(text, tmp_path / str(slow), slow) for slow in (False, True))
        assert quick == slow, text


def test_most_lines_are_left_to_the_engine(tmp_path):
    body = [b'200604,RXA,"Nurses, ""all""",1,2', b"200604,RXA,a,1", b" 200605,RXA, ,1,2", b""]
    (tmp_path / "sent.csv").write_bytes(b"\n".join([ABSENCE_COLUMNS.encode(), *body]))
    member = Member(tmp_path / "sent.csv")
    engine = duckdb.connect()
    text = reading.receive(engine, member, None, tmp_path, lambda _: None).text
    assert not text.is_plain and text.has_quotes
    assert text.padded == (True, True, True, True, True)
    sorted_ = reading.sort_lines(text, tmp_path)
    assert sorted_.skipped.read_text() == "3\n"
    assert sorted_.mended.read_text() == "" and "4 fields" in sorted_.rejects.read_text()
    assert sorted_.body.read_bytes() == body[0] + b"\n,,,,\n" + body[2] + b"\n"


@pytest.mark.parametrize("field", ['" All"', '"All\xa0"', '"\tAll"'])
def test_blanks_inside_quotes_are_trimmed_too(tmp_path, field):
    text = f"{ABSENCE_COLUMNS}\n200604,RXA,{field},1,2\n".encode()
    rows, _ = outcome(text, tmp_path, distrust=False)
    assert rows == [(2, "200604", "RXA", "All", "1", "2")]


def test_only_columns_with_blanks_at_the_ends_of_values_are_trimmed(tmp_path):
    (tmp_path / "sent.csv").write_text(f"{ABSENCE_COLUMNS}\n200604,RXA,All staff ,1,2\n")
    text = reading.receive(
        duckdb.connect(), Member(tmp_path / "sent.csv"), None, tmp_path, lambda _: None
    ).text
    assert text.is_plain and text.padded == (False, False, True, False, False)


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_lines_that_are_too_long_cost_bounded_memory(size, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    text = b"ab\n" + b"x" * 500 + b"\ncd\n" + b"y" * 11 + b"\n" + b"z" * 500
    blocks = [text[at : at + size] for at in range(0, len(text), size)]
    found = list(lines.whole_lines(blocks))
    assert max(len(part.text) for part in found) <= max(2 * size, 10 + size) + 1
    joined = b"".join(part.text for part in found)
    assert joined.count(b"\n") == 5 and joined.startswith(b"ab\n")
    assert sum(part.is_open for part in found) == 1 and found[-1].is_open
    if size < 64:
        assert [part.cut_from for part in found if part.cut_from] == [500, 11, 500]


def test_a_line_s_limit_is_that_of_the_settings():
    assert lines.MAX_LINE_BYTES == limits.MAX_LINE_BYTES == 1_048_576
