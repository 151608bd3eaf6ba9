"""Rulebook 1.17: the profile of a submission, the verdict on it, and the Data Docs."""

import re
import subprocess
import sys

import duckdb
from building import ABSENCE_ROW, CHECKOUT

from warehouse import profile
from warehouse.contracts import feeds
from warehouse.expectations import Counts, checks, rule_name

U01 = rule_name("U01")
REPEATED = f"repeated record key share ({rule_name('D02')})"


def test_a_value_outside_the_accepted_ones_is_invalid(ingest, lake, hes_apc):
    ingest(hes_apc({"SEX": "1"}, {"SEX": "3"}, {"SEX": "x"}, {"SEX": ""}))
    assert lake.profile()["sex", None]["invalid_count"] == 2
    assert lake.manifest()[0]["invalid_count"] == 2


def test_an_invalid_value_is_counted_and_stays_as_received(ingest, lake, hes_apc):
    ingest(hes_apc({"ADMIDATE": "2006-02-30"}, {"ADMIDATE": "03/04/2006"}))
    assert [row["admidate"] for row in lake.rows("hes_apc")] == ["2006-02-30", "03/04/2006"]
    assert lake.manifest()[0]["invalid_count"] == 1


def test_dummy_dates_are_no_invalid_values(ingest, lake, hes_apc):
    ingest(hes_apc({"ADMIDATE": "1801-01-01"}))
    assert lake.manifest()[0]["invalid_count"] == 0


def test_a_profile_has_each_column_by_organisation_and_as_a_whole(ingest, lake, hes_apc):
    ingest(
        hes_apc(
            {"EPIKEY": "9", "PROCODE3": "RXA"},
            {"EPIKEY": "10", "PROCODE3": "RXA"},
            {"EPIKEY": "10", "PROCODE3": "RXB"},
            {"EPIKEY": "much", "PROCODE3": "RXB"},
            {"EPIKEY": "", "PROCODE3": ""},
        )
    )
    found = lake.profile()
    submission_id = lake.manifest()[0]["submission_id"]

    def measures(organisation):
        row = found["epikey", organisation]
        assert row["submission_id"] == submission_id
        return list(row.values())[3:]

    # Rows, nulls, suppressed, invalid, distinct, least and greatest as numbers.
    # Distinct as received: 9, 10 and much.
    assert measures(None) == [5, 1, 0, 1, 3, "9", "10"]
    assert measures("RXA") == [2, 0, 0, 0, 2, "9", "10"]
    assert measures("RXB") == [2, 0, 0, 1, 2, "10", "10"]
    assert found["procode3", None]["distinct_count"] == 2
    assert found["sex", "RXA"]["distinct_count"] == 1
    assert {organisation for _, organisation in found} == {None, "RXA", "RXB"}


def test_values_that_hardly_repeat_are_judged_row_by_row(ingest, lake, hes_apc, monkeypatch):
    monkeypatch.setattr(profile, "_FEW_VALUES", 1)
    # So that five rows are no small file.
    monkeypatch.setattr(profile, "_FIRST_ROWS", 4)
    keys = [{"EPIKEY": key, "PROCODE3": "RXA"} for key in ("9", "10", "10", "much", "")]
    ingest(hes_apc(*keys))
    found = lake.profile()
    # As above, but for the distinct values, which are not counted.
    for organisation in (None, "RXA"):
        row = found["epikey", organisation]
        assert list(row.values())[3:] == [5, 1, 0, 1, None, "9", "10"]
    assert found["procode3", None]["distinct_count"] == 1
    assert lake.manifest()[0]["repeated_key_count"] == 1


def test_a_small_file_is_profiled_as_a_large_one(ingest, lake, hes_apc, monkeypatch):
    rows = [
        {"EPIKEY": "9", "SEX": "x", "EPIEND": "04/31/2006", "STARTAGE": "*", "PROCODE3": "RWE"},
        {
            "EPIKEY": "10",
            "SEX": "1.0",
            "PSEUDO_HESID": "NA",
            "STARTAGE": "1,234",
            "PROCODE3": "rwe",
        },
        {"EPIKEY": "", "SEX": "2", "EPISTART": "20060401", "STARTAGE": "10", "PROCODE3": ""},
    ]
    ingest(hes_apc(*rows))
    small = lake.profile()
    (
        lake.home / "lake" / "_submissions" / f"{lake.manifest()[0]['submission_id']}.parquet"
    ).unlink()
    monkeypatch.setattr(profile, "_FIRST_ROWS", 0)
    ingest(hes_apc(*rows))
    assert lake.profile() == small
    assert small["startage", None]["greatest_value"] == "1234", "the greatest number, not text"
    assert {organisation for _, organisation in small} == {None, "RWE", "rwe"}


def test_the_profile_covers_the_contract_columns_that_the_file_has(ingest, lake, hes_apc):
    ingest(hes_apc({"FURTHER": "x", "DISMETH": "1"}))
    required = {c.name for c in feeds()["hes_apc"].columns if c.required}
    assert {name for name, _ in lake.profile()} == required | {"dismeth"}


def test_the_checks_follow_the_contract(ingest, lake, hes_apc):
    ingest(hes_apc({"OPDATE_01": "never", "PROCODE3": "RWE"}))
    [profile] = (lake.home / "lake" / "_profiles").iterdir()
    counts = Counts(row_count=1, reject_count=0, unknown_row_count=0, repeated_keys={})
    with duckdb.connect() as engine:
        found = checks(engine, feeds()["hes_apc"], profile, counts, lambda code: code == "RWE")
    whole = {check.what: check.bound for check in found if check.organisation is None}
    assert whole["epikey null share"] == 0.0 and whole["epikey invalid share"] == 0.05
    assert whole["pseudo_hesid null share"] == 0.05
    assert "pseudo_hesid invalid share" not in whole, "a text cannot be invalid"
    assert "disdate null share" not in whole, "the contract sets no bound"
    assert whole["disdate invalid share"] == 0.05
    assert "opdate_01 invalid share" not in whole, "optional and without a bound"
    assert "tretspef null share" not in whole, "not in the file"
    assert whole["rejected lines"] == whole["ORG Unknown organisation"] == whole[REPEATED] == 0.05
    of_trust = {check.what: check.bound for check in found if check.organisation == "RWE"}
    assert of_trust == {
        what: bound
        for what, bound in whole.items()
        if what not in ("rejected lines", "ORG Unknown organisation")
    }


def test_the_verdict_is_on_the_whole_and_names_what_failed(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(8)]
    ingest(absence(*rows, "200604,RXA,Nurses,,2", "200604,RXA,Doctors,much,2"))
    [entry] = lake.manifest()
    assert entry["profile_verdict"] == "failed"
    # One of ten is missing; of the nine given one cannot be read.
    assert entry["profile_failures"].splitlines() == [
        "fte_days_lost null share: 0.1, at most 0.02 expected",
        f"{U01}, fte_days_lost: 0.1111, at most 0.05 expected",
        f"{U01}, fte_days_lost of RXA: 0.1111, at most 0.05 expected",
    ]
    assert entry["unread_values"] == "fte_days_lost 1 invalid, 1 missing"
    assert (entry["invalid_count"], entry["missing_count"], entry["suppressed_count"]) == (1, 1, 0)


def test_repeated_record_keys_fail_the_profile(ingest, lake, absence):
    outcome = ingest(absence(ABSENCE_ROW, ABSENCE_ROW))
    [entry] = lake.manifest()
    assert entry["profile_failures"] == f"{REPEATED}: 0.5, at most 0.05 expected"
    assert entry["repeated_key_count"] == 1
    assert "1 rows repeat another row's record key (month, org_code, staff_group)" in outcome.err


def test_lines_of_several_practices_repeat_no_key(ingest, lake, write):
    line = "201109,5D7,0212000Y0AAADAD,7,70,7.5,7.1"
    header = "period,pct_code,bnf_code,items,quantity,nic,act_cost"
    ingest(write("epact__m2011-09__2011-11-20.csv", "\n".join([header, line, line])))
    assert lake.manifest()[0]["profile_verdict"] == "passed"


def test_an_organisation_s_blanks_are_shown_but_fail_nothing(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(99)]
    ingest(absence(*rows, "200604,RWE,Nurses,,2"))
    [entry] = lake.manifest()
    assert entry["profile_verdict"] == "passed"
    page = (lake.home / "reports" / "data_docs" / f"{entry['submission_id']}.html").read_text()
    [row] = re.findall(r"<tr>(?:(?!</tr>).)*<td>RWE</td>.*?</tr>", page, re.DOTALL)
    assert "fte_days_lost null share" in row and "exceeded, decides nothing" in row
    assert "Passed. Every bound that decides is kept." in page


def test_an_organisation_s_figures_that_cannot_be_read_fail_it(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(98)]
    ingest(absence(*rows, "200604,RWE,Nurses,*,2", "200604,RWE,Doctors,1,2"))
    [entry] = lake.manifest()
    # 1 of 100 on the whole is within 0.05; 1 of the trust's 2 is not.
    assert entry["profile_failures"] == f"{U01}, fte_days_lost of RWE: 0.5, at most 0.05 expected"
    assert (entry["suppressed_count"], entry["unread_values"]) == (1, "fte_days_lost 1 suppressed")


def test_an_optional_measure_is_judged_too(ingest, lake, write):
    header = "period,org_code,total_pay,pay_substantive,pay_bank,pay_agency,surplus"
    rows = [
        f"20060{month},RWE,9,7,1,1,{surplus}" for month, surplus in ((4, 5), (5, "loss"), (6, ""))
    ]
    ingest(write("finance__fy2006-07q1__2006-08-22.csv", "\n".join([header, *rows])))
    # Of two that are given one cannot be read; the third is not given, and may be.
    assert f"{U01}, surplus: 0.5, at most 0.05 expected" in lake.manifest()[0]["profile_failures"]


def test_rejects_and_unknown_organisations_fail_it(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(9)]
    ingest(absence(*rows, "200604,ZZ9,Nurses,1,2", "short"))
    assert lake.manifest()[0]["profile_failures"].splitlines() == [
        "rejected lines: 0.09091, at most 0.05 expected",
        f"{rule_name('ORG')}: 0.1, at most 0.05 expected",
    ]


def test_only_known_codes_are_shown(ingest, lake, absence):
    people = [f"200604,NHS943476{n:04d},Nurses,,1" for n in range(3)]
    ingest(absence(*people, "200604,ZZ9,Nurses,,1", "200604,RWE,Nurses,,1"))
    [entry] = lake.manifest()
    page = (lake.home / "reports" / "data_docs" / f"{entry['submission_id']}.html").read_text()
    assert "<td>RWE</td>" in page and "943476" not in page and "ZZ9" not in page
    assert '<th scope="row">Rows of unknown organisations</th><td>4</td>' in page
    # What is published has codes that may be such, and how many values cannot.
    assert entry["unknown_organisation_codes"] == "ZZ9 (1), 3 values that can be no codes (3)"


def test_verdicts_in_one_run_do_not_mix(ingest, lake, absence):
    good = absence(ABSENCE_ROW)
    bad = absence("200604,RXA,Nurses,,300", name="esr_absence__fy2006-07q2__2006-11-22.csv")
    ingest(good, bad, absence(ABSENCE_ROW, name="esr_absence__fy2006-07q3__2007-02-22.csv"))
    verdicts = [entry["profile_verdict"] for entry in lake.manifest()]
    assert verdicts == ["passed", "failed", "passed"]


def test_rows_without_an_organisation_are_judged_as_a_whole(ingest, lake, absence):
    ingest(absence("200604,,Nurses,1,2", "200604,RWE,Nurses,1,2"))
    [entry] = lake.manifest()
    assert "org_code null share: 0.5" in entry["profile_failures"]
    assert entry["unknown_organisation_codes"] == "no code (1)"


def test_data_docs_keep_a_page_a_submission_and_list_them_all(ingest, lake, absence):
    names = [f"esr_absence__fy2006-07q{q}__2007-05-01__R-{q}.csv" for q in (1, 2)]
    for name in names:
        ingest(absence(ABSENCE_ROW, "200604,<b>&,Nurses,much,1", name=name))
    docs = lake.home / "reports" / "data_docs"
    index = (docs / "index.html").read_text()
    for entry in lake.manifest():
        assert f'href="{entry["submission_id"]}.html"' in index
        page = (docs / f"{entry['submission_id']}.html").read_text()
        assert f"<td>{U01}, fte_days_lost</td>" in page and ">50 %<" in page
        assert "<b>&" not in page
    assert index.index("R-2") < index.index("R-1"), "the latest first"


def test_a_page_shows_a_file_s_name_as_text(ingest, lake, absence):
    sent = absence(ABSENCE_ROW, name="a<b>&.csv")
    options = ("--feed", "esr_absence", "--period", "fy2006-07q1", "--extract-date", "2006-08-22")
    assert ingest(sent, *options).status == 0
    for page in (lake.home / "reports" / "data_docs").glob("*.html"):
        assert "a&lt;b&gt;&amp;.csv" in page.read_text() and "a<b>" not in page.read_text()


def rows_of_the_page(page: str) -> list[list[str]]:
    """The cells of the page's first table, as text."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("</tr>") if row
    ][:-1]


def test_a_page_has_the_checks_that_matter_in_one_table_failed_first(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(97)]
    ingest(absence(*rows, "200604,RWE,Nurses,*,2", "200604,RWE,Doctors,1,2", "200604,RXH,Staff,,2"))
    [entry] = lake.manifest()
    page = (lake.home / "reports" / "data_docs" / f"{entry['submission_id']}.html").read_text()
    cells = rows_of_the_page(page)
    assert cells[0] == [f"{U01}, fte_days_lost", "RWE", "50 %", "5 %", "failed"]
    assert [(row[1], row[4]) for row in cells[1:]].count(("whole submission", "kept")) > 2
    assert cells[1][:3] == ["fte_days_lost null share", "RXH", "100 %"]
    results = [row[4] for row in cells]
    order = ["failed", "exceeded, decides nothing", "kept"]
    assert results == sorted(results, key=order.index)
    # What an organisation keeps is not listed: of RXA, whose figures are all read, nothing.
    assert "RXA" not in page and "Failed by 1 check. The file landed" in page
    assert page.count("<table") == 2


def test_the_index_can_be_filtered_by_feed_sender_and_verdict(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, name="esr_absence__fy2006-07q1__2007-05-01__RXA-1.csv"))
    ingest(absence("200604,RXA,Nurses,,300", name="esr_absence__fy2006-07q2__2007-05-01.csv"))
    index = (lake.home / "reports" / "data_docs" / "index.html").read_text()
    said = re.findall(r'<tr data-feed="(.*?)" data-sender="(.*?)" data-verdict="(.*?)">', index)
    assert said == [("esr_absence", "(none)", "failed"), ("esr_absence", "RXA-1", "passed")]
    assert re.findall(r'<select name="(\w+)">', index) == ["feed", "sender", "verdict"]
    # Whoever has no scripts sees the list, and no filter that would do nothing.
    assert '<form id="filter" hidden>' in index and "<tr hidden" not in index


def test_data_docs_fetch_nothing_from_elsewhere(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, "200604,RXB,Nurses,much,1"))
    for page in (lake.home / "reports" / "data_docs").glob("*.html"):
        html = page.read_text()
        links = re.findall(r"""(?:href|src)=["']?([^"'\s>]+)""", html)
        assert [
            link for link in links if not (page.parent / link).is_file() and link[0] != "#"
        ] == []
        assert "url(" not in html and "@import" not in html and "fetch(" not in html


def test_great_expectations_does_not_phone_home(lake, absence):
    code = (
        "import os, socket, sys; calls = [];"
        "socket.socket.connect = lambda *arguments: calls.append(arguments);"
        "socket.getaddrinfo = lambda *arguments, **_: calls.append(arguments) or [];"
        "import ingest; status = ingest.main(sys.argv[1:]);"
        "print(status, calls, os.environ['GX_ANALYTICS_ENABLED'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(absence(ABSENCE_ROW))],
        cwd=CHECKOUT / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 [] false"
