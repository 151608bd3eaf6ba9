"""Rulebook 8.11: the draft for validation, its order, its figures and whom it tells of."""

import csv
import gzip
import html
import os
import re
import shutil
from pathlib import Path

import feedback as command
import pytest
from building import CHECKOUT
from feedback_warehouse import QUARTER, write_warehouse

from warehouse import feedback
from warehouse.contracts import feeds
from warehouse.feedback import as_cell, bound_words, rate_words


@pytest.fixture
def write_drafts(lake, capsys):
    """Run the command in a home with the small warehouse; `more` is SQL that changes that."""

    def run(*arguments: str, more: str = "", status: int = 0):
        warehouse = lake.home / "warehouse.duckdb"
        if not warehouse.exists():
            write_warehouse(warehouse, more)
        assert command.main(["--quarter", QUARTER, *arguments]) == status
        return capsys.readouterr()

    return run


@pytest.fixture
def drafts(lake) -> Path:
    """Where the drafts of the quarter lie."""
    return lake.home / "feedback" / QUARTER


def text_of(page: str) -> str:
    """What a reader sees, blanks run together."""
    body = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def row_of(page: str, words: str) -> str:
    """The row of a table that has these words, as text."""
    [row] = [r for r in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if words in r]
    return text_of(row).strip()


def records_in(path: Path) -> list[dict]:
    """The rows of a gzipped CSV."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_tells_in_this_order(write_drafts, drafts):
    said = write_drafts("--organisation", "RA1", "--deadline", "2106-09-15")
    assert said.out == f"wrote {drafts / 'RA1'}: 2 of 3 feeds to be sent\n" and said.err == ""
    files = ["index.html", "records.csv.gz", "results.csv"]
    assert sorted(p.name for p in (drafts / "RA1").iterdir()) == files
    text = text_of((drafts / "RA1" / "index.html").read_text())
    parts = [
        "Draft for validation, not published. Restricted: for RA1 alone.",
        "2006-07 Q1, 1 April 2006 to 30 June 2006",
        "Send again: admitted patient care (hes_apc). Not received: outpatients (hes_op).",
        "Send by Wednesday 15 September 2106",
        "1. The verdict on each feed",
        "2. What failed",
        "3. What it does to each indicator",
        "4. What to do by Wednesday 15 September 2106",
        "5. Example lines",
        "Restricted.",
        "Figures of the build of 2006-09-01 10:20 UTC",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "Synthetic" not in text and "figures may be of two builds" not in text


def test_the_verdict_on_each_feed_what_must_be_sent_first(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    table = page[page.index("1. The verdict") : page.index("2. What failed")]
    order = ["hes_op", "hes_apc", "finance"]
    assert re.findall(r"<tr><td><strong>(\w+)</strong>", table) == order
    assert "red Diagnosis not coded: 12.5 % amber Duplicate episode" in row_of(table, ">hes_apc<")
    assert row_of(table, ">hes_apc<").endswith("1,200 1,500 2 of 3 91.2")
    assert "not submitted No row of the quarter was received." in row_of(table, ">hes_op<")
    assert "green" in row_of(table, ">finance<")
    assert "45.6 over both feeds" in text_of(table)
    # Every trust has it in the newest quarter: it makes no verdict.
    assert "Follow-up" not in table


def test_what_failed_against_bound_past_and_peers(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    table = page[page.index("2. What failed") : page.index("Scored fields that say least")]
    assert re.findall(r"\((\w+)\)<br>", table) == ["A12", "A01", "A16", "V01", "FOLLOWUP"]
    heads = re.findall(r'<th class="n">(\d{4}.*?)</th>', table)
    assert heads == ["2005-06<br>Q1", "2005-06<br>Q2", "2005-06<br>Q3", "2005-06<br>Q4"]
    # The median of 0.02 and 0.04; 0.9 is of another group.
    assert row_of(table, "(A12)") == (
        "Diagnosis not coded (A12) Share without a diagnosis. 159 of 1,272 red: 12.5 %"
        " red over 10 % 5.0 % green not sent unusable 11.0 % red 3.0 % of 2"
    )
    assert "39 of 1,300 amber: 3.0 % amber over 2 %" in row_of(table, "(A16)")
    assert "Changes no number." in row_of(table, "(A16)")
    assert "– amber: 80.0 % amber under 90 %, red under 75 % – – – – –" in row_of(table, "(V01)")
    assert "amber: not received the next quarter is not received" in row_of(table, "(FOLLOWUP)")
    fields = page[page.index("Scored fields that say least") : page.index("3. What it does")]
    assert re.findall(r"<td>hes_apc</td><td>(\w+)", fields) == ["consult", "sex"]
    assert row_of(fields, ">consult<") == "hes_apc consult 1,300 100 500 50 50.0 %"


def test_the_indicators_as_they_stand(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    table = page[page.index("3. What it does") : page.index("4. What to do")]
    assert re.findall(r"\((BCBV\d\d)\)", table) == ["BCBV03", "BCBV20", "BCBV01"]
    assert row_of(table, "BCBV03") == (
        "Day cases (BCBV03) withheld A12 Diagnosis not coded 72.5 % – −£250"
    )
    assert row_of(table, "BCBV20") == (
        "Readmission (BCBV20) shown with a caveat FOLLOWUP Follow-up not complete; MIN Few events"
        " 98.0 index 2 of 9 quartile 1 –"
    )
    assert "shown 104.2 index 7 of 9 quartile 3 £1,234,567" in row_of(table, "BCBV01")
    assert "777.7" not in page


def test_what_to_do_is_the_advice_of_what_made_the_verdict(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    text = text_of(page[page.index("4. What to do") : page.index("5. Example")])
    places = [
        text.index(part)
        for part in (
            "Send outpatients (hes_op).",
            "Nothing was received",
            "Send admitted patient care (hes_apc) again.",
            "Diagnosis not coded (A12): Finish coding <before> the extract.",
            "Duplicate episode (A01): Send each episode once.",
        )
    ]
    assert places == sorted(places)
    assert "yet to come" not in text and "Send pounds" not in text


def test_ten_example_lines_each_with_file_and_line(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    part = page[page.index("5. Example") : page.index("About this draft")]
    text = text_of(part)
    assert "Duplicate episode (A01), hes_apc: the first 10 of 40 lines" in text
    assert row_of(part, "+K10<") == "=cmd|<script>.csv 110 +K10" and "+K11<" not in part
    # What a submission is judged by has no bound of an organisation, and is told all the same.
    assert "Date outside the period (A06), hes_apc: 1 line" in text
    # So are those that fail by a rule that sets nothing aside, where it is red or amber.
    assert "Age or sex unknown (A16), hes_apc: the first 10 of 12 lines" in text
    assert row_of(part, "=F10<") == "=cmd|<script>.csv 210 =F10" and "=F11<" not in part
    assert "Counted only, with no line kept apart: hes_apc Diagnosis not coded (A12)." in text
    assert ">before<" not in part and ">green<" not in part


def test_lines_of_both_formats_stand_under_the_one_that_is_shown(write_drafts, drafts):
    both = """
        insert into marts.dim_dq_rule by name
        select * from (values
            ('P02', 'Impossible row', 'epact;epd', 'quarantine', 'organisation', 'Check.'),
            ('U01', 'Unreadable figure', 'epact;epd', 'gate', 'organisation', 'Send numbers.')
        ) as rules (rule_id, name, feeds, treatment, grain, advice);
        insert into marts.dq_submission_status by name
        select '5P1' as organisation_code, 'epact' as feed, '2006-07 Q1' as quarter,
            100 as n_records, 1 as n_red, 1 as n_amber, 3 as months_present, 'red' as verdict;
        insert into marts.dq_rule_results values
            ('P02', '5P1', 'epact', '2006-07 Q1', 100, 10, 0.10, 0.02, null, 'amber'),
            ('U01', '5P1', 'epact', '2006-07 Q1', 100, 10, 0.10, 0.01, 0.05, 'red');
        insert into marts.dq_submissions values
            ('e', 'epact', 'RA1', 'local.csv', date '2006-08-22'),
            ('d', 'epd', 'RA1', 'published.csv', date '2006-08-22');
        insert into marts.dq_quarantined_records values
            ('epact', 'e', 5, 'K5', 'P02', '5P1', '2006-07 Q1', '{}'),
            ('epd', 'd', 6, 'K6', 'P02', '5P1', '2006-07 Q1', '{}');
        insert into intermediate.int_failing_lines values
            ('epact', 'e', 7, 'K7', '5P1', '2006-07 Q1', 'U01'),
            ('epd', 'd', 8, 'K8', '5P1', '2006-07 Q1', 'U01');
    """
    write_drafts("--organisation", "5P1", more=both)
    page = (drafts / "5P1" / "index.html").read_text()
    part = page[page.index("5. Example") : page.index("About this draft")]
    assert "Impossible row (P02), epact: the first 2 of 2 lines" in text_of(part)
    assert "Unreadable figure (U01), epact: the first 2 of 2 lines" in text_of(part)
    lines = {key: row_of(part, f"{key}<") for key in ("K5", "K6", "K7", "K8")}
    assert lines == {
        "K5": "local.csv 5 K5",
        "K6": "published.csv 6 K6",
        "K7": "local.csv 7 K7",
        "K8": "published.csv 8 K8",
    }


def test_lines_within_the_bounds_are_only_counted(write_drafts, drafts):
    green = "update marts.dq_rule_results set outcome = 'green' where rule_id = 'A01';"
    write_drafts("--organisation", "RA1", more=green)
    text = text_of((drafts / "RA1" / "index.html").read_text())
    assert "Set aside too, within the bounds: hes_apc Duplicate episode (A01) 40." in text
    assert "the first 10 of 40" not in text and len(records_in(drafts / "RA1/records.csv.gz")) == 41


def test_texts_are_escaped_and_nothing_is_fetched(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    page = (drafts / "RA1" / "index.html").read_text()
    assert "North &lt;b&gt;&amp;&lt;/b&gt; South Trust" in page and "<b>" not in page
    assert "<script" not in page and "url(" not in page and "@import" not in page
    assert re.findall(r"""(?:href|src)=""", page) == []


def test_a_draft_has_its_own_records_alone(write_drafts, drafts):
    said = write_drafts("--all")
    assert said.out == (f"wrote 4 drafts under {drafts}: 2 organisations have something to send\n")
    assert "+K" not in (drafts / "RA2" / "index.html").read_text()
    assert sorted(p.name for p in drafts.iterdir()) == ["5P1", "RA1", "RA2", "RA4"]
    mine = records_in(drafts / "RA1" / "records.csv.gz")
    assert len(mine) == 41 and {row["submission_id"] for row in mine} == {"s1"}
    assert [row["record"] for row in mine if "before" in row["record"]] == []
    [other] = records_in(drafts / "RA2" / "records.csv.gz")
    assert (other["line_number"], other["record"]) == ("9", '{"EPIKEY": "other"}')
    assert other["rule_name"] == "Duplicate episode" and other["file_name"] == "others.csv"
    assert records_in(drafts / "RA4" / "records.csv.gz") == []
    # Bytes 4 to 8 of a gzip are its time.
    assert (drafts / "RA1" / "records.csv.gz").read_bytes()[4:8] == bytes(4)
    assert "KEY-OF-" not in (drafts / "RA1" / "index.html").read_text()
    # One draft and all of them are made of the same.
    before = {p.name: p.read_bytes() for p in (drafts / "RA1").iterdir()}
    shutil.rmtree(drafts)
    write_drafts("--organisation", "ra1")
    assert {p.name: p.read_bytes() for p in (drafts / "RA1").iterdir()} == before


def test_no_cell_is_a_formula(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    mine = records_in(drafts / "RA1" / "records.csv.gz")
    assert {row["file_name"] for row in mine} == {"'=cmd|<script>.csv"}
    assert {row["record_key"][:2] for row in mine} == {"'+", "'@"}
    assert all(row["record"].startswith("{") for row in mine)
    assert as_cell(" \t-1") == "' \t-1" and as_cell(-1.5) == -1.5 and as_cell("a=b") == "a=b"


def test_every_result_is_in_the_csv(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    with (drafts / "RA1" / "results.csv").open(newline="") as file:
        rows = {(row["feed"], row["rule_id"]): row for row in csv.DictReader(file)}
    assert len(rows) == 7 and rows["hes_op", "V01"]["outcome"] == "not_submitted"
    coded = rows["hes_apc", "A12"]
    assert (coded["n_checked"], coded["n_failed"], coded["rate"]) == ("1272", "159", "0.125")
    assert (coded["amber_threshold"], coded["red_threshold"]) == ("", "0.1")
    past = [coded[f"rate_{n}_quarters_before"] for n in (1, 2, 3, 4)]
    assert past == ["0.11", "", "", "0.05"]
    assert (coded["peer_median_rate"], coded["n_peers"]) == ("0.03", "2")
    assert rows["finance", "S01"]["rate"] == "987654.0"


@pytest.mark.parametrize(
    ("code", "says", "by"),
    [
        (
            "RA2",
            "Nothing has to be sent again. Look at admitted patient care (hes_apc).",
            "Answer",
        ),
        ("RA4", "Nothing to do: the feed is as expected.", "Answer"),
        ("5P1", "Not received: pay, cash and surplus (finance).", "Send"),
    ],
)
def test_what_is_said_first(write_drafts, drafts, code, says, by):
    write_drafts("--organisation", code, "--deadline", "2106-09-15")
    page = (drafts / code / "index.html").read_text()
    [verdict] = re.findall(r'<p class="verdict.*?</p>', page, re.DOTALL)
    assert text_of(verdict).strip() == says
    assert f"{by} by Wednesday 15 September 2106." in text_of(page).replace(" .", ".")


def test_without_a_deadline_none_is_told(write_drafts, drafts):
    write_drafts("--organisation", "RA1")
    text = text_of((drafts / "RA1" / "index.html").read_text())
    assert " by Wed" not in text and "4. What to do Send" not in text[: text.index("1. The")]


def test_a_deadline_in_the_past_is_told(write_drafts):
    said = write_drafts("--organisation", "RA1", "--deadline", "2006-09-15")
    assert said.err == "warning: the deadline 2006-09-15 is past\n"


@pytest.mark.parametrize("day", ["15/09/2006", "2006-02-30", ""])
def test_what_is_no_day_is_refused(write_drafts, day, capsys):
    with pytest.raises(SystemExit) as stopped:
        write_drafts("--organisation", "RA1", "--deadline", day)
    assert stopped.value.code == 2 and f"'{day}' is no day" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("delete from audit.builds where is_full;", "has not ended, or broke off"),
        ("update audit.builds set n_failures = 2 where is_full;", "2 models or tests failed"),
        ("update audit.builds set is_full = false;", "was of a part of the tables"),
        ("drop table audit.builds;", "Of which build the figures are is not recorded."),
        ("update audit.builds set as_at = '2006-08-30';", "had landed by 2006-08-30"),
        ("update marts.dim_submission set is_synthetic = submission_id = 's2';", "Synthetic data."),
    ],
)
def test_of_which_build_it_is_stands_on_the_page(write_drafts, drafts, sql, says):
    write_drafts("--organisation", "RA1", more=sql)
    assert says in text_of((drafts / "RA1" / "index.html").read_text())


def test_tests_that_ran_since_change_nothing(write_drafts, drafts):
    later = (
        "insert into audit.builds values ('j', '2006-09-02', '2006-09-02', 'test', false, null, 1,"
        " 'dbt test');"
    )
    write_drafts("--organisation", "RA1", more=later)
    assert "build of 2006-09-01 10:20 UTC" in (drafts / "RA1" / "index.html").read_text()


def test_an_unknown_organisation_is_told_with_those_near(write_drafts, lake):
    said = write_drafts("--organisation", "RB1", status=1)
    assert said.err.startswith("no feedback: no organisation 'RB1'; near it: RA1 North")
    assert said.out == "" and not (lake.home / "feedback").exists()


def test_one_that_is_not_expected_is_told_why(write_drafts):
    said = write_drafts("--organisation", "RM4", status=1)
    assert said.err == (
        "no feedback: RM4 Closed Trust (closed 2005-09-30, succeeded by RA1) is not expected to"
        " send anything for 2006-07 Q1\n"
    )


def test_an_unknown_quarter_is_told_with_those_there_are(lake, capsys):
    write_warehouse(lake.home / "warehouse.duckdb")
    assert command.main(["--all", "--quarter", "2006-07 Q9"]) == 1
    assert capsys.readouterr().err == (
        "no feedback: no quarter '2006-07 Q9' in which a submission counts; there are 2005-06 Q1 to"
        " 2006-07 Q1; near it: 2006-07 Q1, 2005-06 Q1\n"
    )


def test_without_a_warehouse_or_its_tables(lake, capsys):
    assert command.main(["--all", "--quarter", QUARTER]) == 1
    warehouse = lake.home / "warehouse.duckdb"
    assert capsys.readouterr().err == (
        f"no feedback: there is no warehouse at {warehouse}: run `dbt build` first\n"
    )
    assert not lake.home.exists()
    write_warehouse(warehouse, "drop table marts.dq_scores; drop table marts.dim_quarter;")
    assert command.main(["--all", "--quarter", QUARTER]) == 1
    says = "no feedback: the warehouse lacks dim_quarter, dq_scores: run `dbt build`\n"
    assert capsys.readouterr().err == says
    warehouse.unlink()
    write_warehouse(warehouse, "alter table marts.dim_dq_rule drop advice;")
    assert command.main(["--all", "--quarter", QUARTER]) == 1
    err = capsys.readouterr().err
    assert err.startswith(
        "no feedback: the warehouse was built by another version: run `dbt build`"
    )
    assert err.count("\n") == 1
    warehouse.write_bytes(b"no database")
    assert command.main(["--all", "--quarter", QUARTER]) == 1
    assert f"{warehouse} is no warehouse" in capsys.readouterr().err


def test_a_run_again_leaves_the_same_and_replaces_what_was_there(write_drafts, drafts):
    write_drafts("--all")
    before = {p: p.read_bytes() for p in drafts.rglob("*") if p.is_file()}
    (drafts / "RA1" / "older.csv").write_text("of another version")
    # What runs that were killed have left: work, and a draft that was just being replaced.
    (drafts / ".unfinished-x").mkdir()
    (drafts / "RA4").rename(drafts / ".replaced-RA4")
    write_drafts("--organisation", "RA1")
    assert {p: p.read_bytes() for p in drafts.rglob("*") if p.is_file()} == before


def test_a_run_that_fails_leaves_the_draft_there_was(write_drafts, drafts, monkeypatch):
    write_drafts("--organisation", "RA1")
    before = {p: p.read_bytes() for p in drafts.rglob("*") if p.is_file()}

    def full(*_):
        raise OSError(28, "No space left on device", "index.html")

    monkeypatch.setattr(feedback, "_write_results", full)
    with pytest.raises(SystemExit) as stopped:
        write_drafts("--organisation", "RA1")
    assert stopped.value.code == "no feedback: index.html: No space left on device"
    assert {p: p.read_bytes() for p in drafts.rglob("*") if p.is_file()} == before
    assert [p.name for p in drafts.iterdir()] == ["RA1"]


def test_a_draft_is_closed_to_others(write_drafts, drafts, lake):
    (lake.home / "feedback").mkdir(parents=True, mode=0o755)
    umask = os.umask(0o022)
    try:
        write_drafts("--organisation", "RA1")
    finally:
        assert os.umask(umask) == 0o022
    folders = [lake.home / "feedback", drafts, drafts / "RA1"]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
    assert {p.stat().st_mode & 0o777 for p in (drafts / "RA1").iterdir()} == {0o600}


def test_a_code_that_would_lead_elsewhere_writes_nothing(write_drafts, lake):
    odd = "update marts.dq_submission_status set organisation_code = '../x' where feed = 'hes_op';"
    said = write_drafts("--all", more=odd, status=1)
    assert "'../x' can be no organisation's code" in said.err
    assert not (lake.home / "feedback").exists()


def test_the_warehouse_is_only_read(write_drafts, lake):
    warehouse = lake.home / "warehouse.duckdb"
    write_warehouse(warehouse)
    before = warehouse.stat().st_mtime_ns
    write_drafts("--all")
    assert warehouse.stat().st_mtime_ns == before


def test_figures_in_the_unit_of_their_rule():
    blank = "\N{NO-BREAK SPACE}"
    assert rate_words(0.0004, "A12") == f"under 0.1{blank}%" and rate_words(0, "A12")[:3] == "0.0"
    assert rate_words(3.456, "J01") == "3.46 times" and rate_words(-1234.5, "S01")[:2] == "−£"
    assert rate_words(0.00104, "J01") == "0.001 times" and rate_words(0.0, "J01") == "0.00 times"
    assert rate_words(597928, "S01", brief=True) == "£597,928"
    assert rate_words(None, "J01") == "–"

    def bound(rule_id, amber=None, red=None, **bounds):
        sides = dict.fromkeys(("amber_over", "red_over", "amber_under", "red_under"))
        thresholds = {"amber_threshold": amber, "red_threshold": red}
        return bound_words({"rule_id": rule_id, **thresholds, **sides, **bounds})

    assert bound("W01", red=0.12, red_over=0.12, red_under=0.02).replace(blank, " ") == (
        "red over 12 % or under 2 %"
    )
    assert bound("J01", red=3, red_over=3, red_under=1 / 3) == "red over 3 times or under 1/3 times"
    assert bound("S01", red=50, red_over=50, red_under=0.02) == (
        "red over 50 times the median or under 1/50 times the median"
    )
    # The bound of the feed, where it has one of its own.
    assert bound("U01", amber=0.01, red=0.05, amber_over=0, red_over=0.05).startswith(
        "amber over 1"
    )
    assert bound("C01", amber=0, amber_over=0) == "amber if any"
    assert bound("T01") == "none"


def test_every_feed_has_words():
    lists = {"organisations", "successions"}
    assert set(feeds()) - lists == set(feedback.FEEDS)


def test_queries_name_marts_the_record_of_builds_and_lines_alone():
    for query in (CHECKOUT / "scripts" / "warehouse" / "queries").glob("feedback_*.sql"):
        named = set(re.findall(r"\b(\w+)\.(\w+)", query.read_text(encoding="utf-8")))
        tables = {name for schema, name in named if schema in ("marts", "audit")}
        assert tables and tables <= {*feedback.TABLES, "builds"}
        assert not {schema for schema, _ in named} & {"staging", "seeds", "lake"}
        between = {name for schema, name in named if schema == "intermediate"}
        assert between <= {"int_failing_lines", "int_feeds"}


def test_one_thing_to_write_at_a_time(capsys):
    with pytest.raises(SystemExit):
        command.main(["--all", "--organisation", "RA1", "--quarter", QUARTER])
    with pytest.raises(SystemExit):
        command.main(["--quarter", QUARTER])
    assert "required" in capsys.readouterr().err
