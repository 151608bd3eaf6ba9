"""Scorecards: two pages, the figures of the tables in both forms, nothing of what is hidden."""

import json
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import asdict
from html import unescape
from pathlib import Path

import pytest
import scorecard as scorecard_command
import typst
from scorecard_release import FIGURES, LATEST, ORGANISATIONS, STATES, facts, write_small_release

from publication import scorecards
from publication.numbers import pounds_full, value_text
from publication.pdf_text import alternatives_of, pages_of
from publication.release_data import open_release
from publication.scorecards import rendering
from publication.scorecards.assets import ASSETS, FONTS
from publication.scorecards.cards import cards_of
from publication.scorecards.charts import Peers, peers_chart, trend_chart
from publication.scorecards.queries import read
from publication.scorecards.texts import RESTRICTED, SYNTHETIC


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A folder with the small release's database."""
    folder = tmp_path_factory.mktemp("release")
    write_small_release(folder)
    return folder


@pytest.fixture(scope="module")
def written(source, tmp_path_factory) -> Path:
    """All scorecards of the small release."""
    folder = tmp_path_factory.mktemp("written")
    with open_release(source, facts()) as release:
        scorecards.write_scorecards(release, folder)
    return folder / "scorecards"


def pages(file: Path) -> list[str]:
    """The text of each page with single blanks, however lines are broken."""
    return [" ".join(page.split()) for page in pages_of(file.read_bytes())]


def cells(html: str, indicator_id: str) -> list[str]:
    """The texts of an indicator's row on the front of a scorecard in HTML."""
    found = re.search(rf'<tr id="{indicator_id}">(.*?)</tr>', html, re.DOTALL)
    assert found
    return [
        " ".join(unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", cell, flags=re.DOTALL)).split())
        for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found[1], re.DOTALL)
    ]


def html_of(written: Path, code: str) -> str:
    return (written / f"{code}.html").read_text(encoding="utf-8")


def test_there_are_both_forms_of_each_organisation_and_a_table_of_each_sha(written):
    assert {file.name for file in written.iterdir()} == (
        {f"{code}{form}" for code in ORGANISATIONS for form in (".pdf", ".html")}
        | {f"{sha}{ending}" for sha in ("Q30", "Q35", "Q39") for ending in (".zip", "-table.pdf")}
    )


@pytest.mark.parametrize("code", ORGANISATIONS)
def test_the_front_is_one_page_and_the_back_another(written, code):
    """Also of RDZ, with the longest name, the longest advice and notes on every indicator."""
    front, back = pages(written / f"{code}.pdf")
    for part in ("Indicators", "Where to start", "Data quality", "Page 1 of 2"):
        assert part in front
    assert back.startswith(f"{SYNTHETIC} Figures behind the front page")
    assert "How to read it" in back


def test_what_is_printed_of_a_row_is_what_the_table_has(written):
    """BCBV01 of RGT; the words are worked by hand."""
    row = cells(html_of(written, "RGT"), "BCBV01")
    assert row == [
        "Reducing length of stay 30 % longer than expected; lower is better; improving",
        "130.0",
        "91.7",
        "",
        "",
        "145th of 147 last quarter",
        "100.9 7th of 16",
        "£796k",
        "Cause for concern",
    ]
    front, back = pages(written / "RGT.pdf")
    for words in row:
        assert words in front
    assert "Reducing length of stay 3,040 385 2,340.9 130.0 91.7 £796,000 published" in back


@pytest.mark.parametrize("code", ORGANISATIONS)
def test_every_figure_reads_alike_in_the_table_in_html_and_in_pdf(source, written, code):
    front, back = pages(written / f"{code}.pdf")
    html = html_of(written, code)
    with open_release(source, facts()) as release:
        rows = release.engine.execute(
            "select indicator_id, value, unit, opportunity_annual_gbp, publication_status"
            " from fct_indicator_values inner join dim_indicator using (indicator_id)"
            " where organisation_code = $1 and quarter = $2 and value is not null",
            [code, LATEST],
        ).fetchall()
    assert len(rows) > 6
    for indicator_id, value, unit, gbp, status in rows:
        words = value_text(value, unit)
        if status != "withheld":
            assert cells(html, indicator_id)[1] == words
            assert words in front
        assert f"{words} " in back
        assert pounds_full(gbp) in back


def test_pounds_as_published_and_netted_lead(written):
    front, _ = pages(written / "RGT.pdf")
    assert (
        "£801k a year at the level of the best quarter, as published (without 1 suppressed)"
        " £796k netted" in front
    )
    # Of the SHA's, and of what is sound.
    assert "£801k of the £8.0m a year of all organisations there" in front
    assert "Of £801k, £752k rests on figures" in front


def test_where_to_start_is_in_the_order_of_the_statistics(written):
    front, _ = pages(written / "RGT.pdf")
    first, second = (
        front.index(words)
        for words in (
            "1. Reducing length of stay £796k a year",
            "2. Reducing pre-operative bed days",
        )
    )
    assert first < second
    assert "at least £498k with 95 % confidence" in front
    assert "Mind: The index compares like with like" in front
    without, _ = pages(written / "RA9.pdf")
    assert "At the level of the best quarter, or better, wherever there is a price." in without


def test_states_are_told_apart_in_words(written):
    html = html_of(written, "RGT")
    told = {indicator_id: cells(html, indicator_id)[:2] for indicator_id in STATES}
    assert told["BCBV03"] == [
        "Increasing the day-case rate suppressed: fewer than 8 cases, hidden to protect patients;"
        " higher is better",
        "suppressed",
    ]
    assert told["BCBV08"][1] == "not submitted"
    assert told["BCBV09"][1] == "not applicable"
    assert told["BCBV10"][1] == "withheld"
    assert told["BCBV12"][1] == "not usable"
    assert told["BCBV02"][1] == "68.3"
    assert cells(html, "BCBV02")[8] == "A13"
    # Nought is a figure.
    assert cells(html, "BCBV14")[1] == "0.0 %"
    front, _ = pages(written / "RGT.pdf")
    assert "A13: Operation date missing or outside the stay" in front


def test_a_hidden_row_shows_no_figure(written):
    html = html_of(written, "RGT")
    row = cells(html, "BCBV03")
    # Its words and value are above; the best quarter and the SHA's value are not its own.
    assert row[2:] == ["12.0 %", "", "", "not ranked", "13.0 %", "–", ""]
    found = re.search(r'<tr id="BCBV03">(.*?)</tr>', html, re.DOTALL)
    assert found
    peers, trend = re.findall(r"<svg.*?</svg>", found[1], re.DOTALL)
    # No dot among peers, none at the end of the line.
    assert "<circle" not in peers
    assert 'r="2.8"' not in trend
    assert 'aria-label="Own: suppressed;' in found[1]
    assert "2007-08 Q4 suppressed." in found[1]
    _, back = pages(written / "RGT.pdf")
    assert "Increasing the day-case rate – – – – 12.0 % – suppressed: fewer than 8 cases" in back


def test_the_same_release_gives_the_same_bytes(source, written, tmp_path):
    with open_release(source, facts()) as release:
        scorecards.write_scorecards(release, tmp_path)
    files = sorted(written.iterdir())
    assert len(files) == 2 * len(ORGANISATIONS) + 6
    for file in files:
        assert file.read_bytes() == (tmp_path / "scorecards" / file.name).read_bytes(), file.name


def test_an_archive_has_both_forms_of_the_organisations_of_its_sha(written):
    with zipfile.ZipFile(written / "Q35.zip") as archive:
        assert archive.namelist() == ["RGM.pdf", "RGM.html", "RGT.pdf", "RGT.html"]
        assert archive.read("RGT.pdf") == (written / "RGT.pdf").read_bytes()
        assert archive.infolist()[0].date_time == (2008, 5, 20, 9, 30, 0)


def test_a_table_of_an_sha_has_its_organisations_with_ranks_in_england(written):
    text = " ".join(pages(written / "Q35-table.pdf"))
    assert "£8.0m a year at the level of the best quarter, as published; £7.0m netted" in text
    row = text[text.index("Cambridge University Hospitals NHS Foundation Trust") :]
    assert "£801k £796k 145 ▼ 130.0 38 68.3 – suppressed" in row
    for status in ("not submitted", "not applicable", "withheld", "not usable"):
        assert status in row
    assert "Royal Papworth" in text
    assert "Bournemouth" not in text


def test_pdfs_are_of_pdf_ua_with_words_for_every_drawing(written):
    pdf = (written / "RGT.pdf").read_bytes()
    assert b"pdfuaid:part" in pdf
    assert b"/Lang(en-GB)" in pdf
    found = alternatives_of(pdf)
    # 13 indicators, of which cash flow has no peers.
    assert len(found) == 25
    assert (
        "Own: 130.0, 145th of 147 (last quarter); peers: middle half 60.0 to 90.0, median 72.0;"
        " best quarter 91.7; East of England 100.9." in found
    )


def test_a_drawing_without_words_stops_the_page(source, tmp_path):
    """PDF/UA is enforced: the same template, without its alternative texts."""
    shutil.copytree(ASSETS, tmp_path / "assets")
    template = tmp_path / "assets" / "card.typ"
    text = template.read_text(encoding="utf-8")
    assert "alt: words, " in text
    template.write_text(text.replace("alt: words, ", ""), encoding="utf-8")
    with open_release(source, facts()) as release:
        [card] = cards_of(read(release, LATEST, "RGT"))
    compiler = typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"card": json.dumps(asdict(card))},
    )
    with pytest.raises(RuntimeError, match=r"alt"):
        compiler.compile(format="pdf", pdf_standards=["ua-1"])


def test_only_the_fonts_that_are_shipped_are_used(written):
    fonts = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", (written / "RGT.pdf").read_bytes()))
    assert fonts == {b"LiberationSans", b"LiberationSans-Bold"}


def test_fonts_of_the_machine_are_not_looked_for(monkeypatch):
    """With them, what a page looks like, and its bytes, would hang on where it was made."""
    asked = {}
    monkeypatch.setattr(rendering.typst, "Compiler", lambda *_, **options: asked.update(options))
    rendering._compiler.__wrapped__("card.typ")
    assert asked["ignore_system_fonts"] is True
    assert asked["font_paths"] == [str(FONTS)]


def test_many_pages_are_made_by_several_processes_as_by_one(source, written, tmp_path, monkeypatch):
    monkeypatch.setenv("BCBV_THREADS", "2")
    with open_release(source, facts()) as release:
        [card] = cards_of(read(release, LATEST, "RGT"))
    many = [
        rendering.Page(tmp_path / str(n), "card", (".pdf",), asdict(card), facts().published_at)
        for n in range(rendering.FEWEST_IN_PARALLEL)
    ]
    rendering.write_pages(many)
    assert len(list(tmp_path.iterdir())) == rendering.FEWEST_IN_PARALLEL
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (written / "RGT.pdf").read_bytes()
    # What fails in another process is told in this one.
    unknown = asdict(card) | {"name": "中"}
    bad = rendering.Page(tmp_path / "bad", "card", (".pdf",), unknown, facts().published_at)
    with pytest.raises(scorecards.NotPrintable, match=r"bad\.pdf: PDF/UA-1 error: the text"):
        rendering.write_pages([*many, bad])


def test_html_is_whole_without_scripts_and_asks_nobody(written):
    for code in ORGANISATIONS:
        html = html_of(written, code)
        assert '<html lang="en-GB">' in html
        assert html.count("<h1") == 1
        assert "<script" not in html
        assert set(re.findall(r"https?://[^\"' <]+", html)) == {"http://www.w3.org/2000/svg"}
        assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", html))
        drawings = re.findall(r'<span class="chart[^>]*aria-label="([^"]+)"[^>]*><svg', html)
        assert len(drawings) == html.count("<svg ")
        assert all(len(words) > 10 for words in drawings)


@pytest.mark.parametrize(
    ("kind", "is_synthetic", "banners"),
    [
        ("public", True, [SYNTHETIC]),
        ("public", False, []),
        ("internal", True, [RESTRICTED, SYNTHETIC]),
        ("internal", False, [RESTRICTED]),
    ],
)
def test_each_page_says_what_it_is(source, tmp_path, kind, is_synthetic, banners):
    with open_release(source, facts(kind, is_synthetic)) as release:
        pdf, html = scorecards.write_scorecard(release, tmp_path, "RGT", LATEST)
    for page in [*pages(pdf), html.read_text(encoding="utf-8")]:
        for words in (RESTRICTED, SYNTHETIC):
            assert (words in page) == (words in banners)
    assert pdf.stat().st_mode & 0o077 == (0 if kind == "internal" else 0o044)


def test_every_page_of_a_table_says_what_it_is(source, tmp_path):
    with open_release(source, facts("internal")) as release:
        scorecards.write_scorecards(release, tmp_path)
    for sha in ("Q30", "Q35", "Q39"):
        for page in pages(tmp_path / "scorecards" / f"{sha}-table.pdf"):
            assert page.startswith(f"{RESTRICTED} {SYNTHETIC} ")


def test_without_a_value_there_is_no_scorecard(source, tmp_path):
    with open_release(source, facts()) as release:
        release.engine.execute(
            "create or replace view fct_indicator_values as"
            " select * replace (cast(null as double) as value)"
            " from release.marts.fct_indicator_values"
        )
        scorecards.write_scorecards(release, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_all_of_a_small_release_take_seconds(source, tmp_path):
    started = time.monotonic()
    with open_release(source, facts()) as release:
        scorecards.write_scorecards(release, tmp_path)
    # A fraction of that where nothing else runs.
    assert time.monotonic() - started < 30


def test_better_is_to_the_right():
    peers = Peers(p10=10, p25=20, median=30, p75=40, p90=50)

    def place(own: float, is_lower_better: bool) -> float:
        svg = peers_chart(peers, own, 20, None, is_lower_better)
        return float(re.findall(r'<circle cx="([\d.]+)"', svg)[0])

    assert place(15, is_lower_better=True) > 50 > place(45, is_lower_better=True)
    assert place(15, is_lower_better=False) < 50 < place(45, is_lower_better=False)
    # Beyond the drawing an arrow, on the side where the value lies.
    assert "<circle" not in peers_chart(peers, 500, 20, None, is_lower_better=True)


def test_a_quarter_without_a_figure_is_a_gap_and_a_cross():
    svg = trend_chart([1.0, 2.0, None, 3.0], spread=None)
    line, *_ = re.findall(r'<path d="([^"]*)" fill="none"', svg)
    assert [step[0] for step in re.findall(r"[ML][^ML]*", line)] == ["M", "L", "M"]
    assert svg.count("<circle") == 3
    # Nothing known at all: crosses alone.
    assert "<circle" not in trend_chart([None, None], spread=1.0)


def test_the_text_of_a_pdf_is_what_another_reader_finds(written):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext to compare with")
    file = written / "RGT.pdf"
    other = subprocess.run(
        ["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    own = "".join(pages_of(file.read_bytes()))
    # Lines are broken elsewhere.
    assert sorted("".join(own.split())) == sorted("".join(other.split()))


@pytest.fixture
def home(source, tmp_path, monkeypatch) -> Path:
    """A home whose current release is the small one."""
    folder = tmp_path / "home" / "published" / "current"
    folder.mkdir(parents=True)
    shutil.copy(source / "bcbv.duckdb", folder)
    said = facts()
    text = json.dumps(
        {
            "release": said.release,
            "kind": said.kind,
            "suppressed": said.is_suppressed,
            "synthetic": said.is_synthetic,
            "published_at": said.published_at.isoformat(),
            "built_at": said.built_at.isoformat(),
            "as_at": None,
            "code_version": None,
        }
    )
    (folder / "release.json").write_text(text, encoding="utf-8")
    monkeypatch.setenv("BCBV_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_command_writes_one_of_any_quarter(home, written, capsys):
    assert scorecard_command.main(["--organisation", "rgt"]) == 0
    out = home / "reports" / "scorecards"
    # That of the latest quarter is the one of the release.
    assert (out / "RGT-2007-08-Q4.pdf").read_bytes() == (written / "RGT.pdf").read_bytes()
    assert scorecard_command.main(
        ["--organisation", "RGT", "--quarter", "2006-07 Q2", "--out", str(home / "mine")]
    ) == 0  # fmt: skip
    assert "July to September 2006 (2006-07 Q2)" in pages(home / "mine" / "RGT-2006-07-Q2.pdf")[0]
    assert "wrote " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["RGX"], "no organisation 'RGX' in 2007-08 Q4; near it: RGT Cambridge"),
        (["Q35"], "see scorecards/Q35-table.pdf of the release"),
        (["RWE"], "has no figures in 2007-08 Q4, nor in any other"),
        (["RGT", "--quarter", "2007-08Q3"], "there are 2006-07 Q1 to 2007-08 Q4; near it: 2007"),
        (["RGT", "--internal"], "run `python scripts/publish.py --internal` first"),
    ],
)
def test_the_command_says_in_one_line_why_there_is_none(home, capsys, arguments, said):
    assert scorecard_command.main(["--organisation", *arguments]) == 1
    err = capsys.readouterr().err
    assert err.startswith("no scorecard: ")
    assert said in err
    assert err.count("\n") == 1


def test_figures_by_hand_are_of_rows_with_figures():
    """Guards the tests above against a release in which they would hold of nothing."""
    assert set(FIGURES) & set(STATES) == {"BCBV02", "BCBV10"}
