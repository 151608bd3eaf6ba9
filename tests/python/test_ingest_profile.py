"""The profile of a submission, Great Expectations' verdict on it, and the Data Docs."""

import re
import subprocess
import sys

from building import ABSENCE_ROW, CHECKOUT

from warehouse import expectations
from warehouse.contracts import feeds
from warehouse.expectations import bounds


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
    profile = lake.profile()
    submission_id = lake.manifest()[0]["submission_id"]

    def measures(organisation):
        row = profile["epikey", organisation]
        assert row["submission_id"] == submission_id
        return list(row.values())[3:]

    # Rows, nulls, suppressed, invalid, distinct, least and greatest as numbers.
    assert measures(None) == [5, 1, 0, 1, 3, "9", "10"]
    assert measures("RXA") == [2, 0, 0, 0, 2, "9", "10"]
    assert measures("RXB") == [2, 0, 0, 1, 2, "10", "10"]
    assert {organisation for _, organisation in profile} == {None, "RXA", "RXB"}


def test_the_profile_covers_the_contract_columns_that_the_file_has(ingest, lake, hes_apc):
    ingest(hes_apc({"FURTHER": "x", "DISMETH": "1"}))
    required = {c.name for c in feeds()["hes_apc"].columns if c.required}
    assert {name for name, _ in lake.profile()} == required | {"dismeth"}


def test_the_suite_follows_the_contract():
    feed = feeds()["hes_apc"]
    found = bounds(feed, list(feed.names))
    assert found["epikey null share"] == 0.0 and found["epikey invalid share"] == 0.05
    assert found["pseudo_hesid null share"] == 0.05
    assert "pseudo_hesid invalid share" not in found, "a text cannot be invalid"
    assert "disdate null share" not in found, "the contract sets no bound"
    assert found["disdate invalid share"] == 0.05
    assert "opdate_01 invalid share" not in found, "optional and without a bound"
    assert found["repeated record key share"] == 0.05
    assert "epikey null share" not in bounds(feed, ["sex"])


def test_the_verdict_is_on_the_whole_and_names_what_failed(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(8)]
    ingest(absence(*rows, "200604,RXB,Nurses,,2", "200604,RXB,Doctors,much,2"))
    [entry] = lake.manifest()
    assert entry["profile_verdict"] == "failed"
    assert entry["profile_failures"].splitlines() == [
        "fte_days_lost null share: 0.1, at most 0.02 expected",
        "fte_days_lost invalid share: 0.1111, at most 0.05 expected",
    ]


def test_repeated_record_keys_fail_the_profile(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, ABSENCE_ROW))
    assert lake.manifest()[0]["profile_failures"] == (
        "repeated record key share: 0.5, at most 0.05 expected"
    )


def test_one_organisation_beyond_a_bound_is_shown_but_fails_nothing(ingest, lake, absence):
    rows = [f"200604,RXA,Group {n},1,2" for n in range(99)]
    ingest(absence(*rows, "200604,RXB9,Nurses,,2"))
    [entry] = lake.manifest()
    assert entry["profile_verdict"] == "passed"
    page = (lake.home / "reports" / "data_docs" / f"{entry['submission_id']}.html").read_text()
    assert "RXB9" in page and "profile of the submission passed" in page


def test_only_the_largest_organisations_are_shown(ingest, lake, absence, monkeypatch):
    monkeypatch.setattr(expectations, "MAX_ORGANISATIONS", 1)
    ingest(absence("200604,RXB7,A,,1", "200604,RXB7,B,,1", "200604,RXC8,A,,1"))
    [entry] = lake.manifest()
    page = (lake.home / "reports" / "data_docs" / f"{entry['submission_id']}.html").read_text()
    assert "RXB7" in page and "RXC8" not in page
    assert entry["profile_failures"].startswith("fte_days_lost null share: 1")


def test_verdicts_in_one_run_do_not_mix(ingest, lake, absence):
    good = absence(ABSENCE_ROW)
    bad = absence("200604,RXA,Nurses,,300", name="esr_absence__fy2006-07q2__2006-11-22.csv")
    ingest(good, bad, absence(ABSENCE_ROW, name="esr_absence__fy2006-07q3__2007-02-22.csv"))
    verdicts = [entry["profile_verdict"] for entry in lake.manifest()]
    assert verdicts == ["passed", "failed", "passed"]


def test_a_submission_without_any_organisation_is_judged_as_a_whole(ingest, lake, absence):
    ingest(absence("200604,,Nurses,1,2"))
    assert "org_code null share: 1" in lake.manifest()[0]["profile_failures"]


def test_data_docs_keep_a_page_a_submission_and_list_them_all(ingest, lake, absence):
    names = [f"esr_absence__fy2006-07q{q}__2007-05-01__R-{q}.csv" for q in (1, 2)]
    for name in names:
        ingest(absence(ABSENCE_ROW, "200604,<b>&,Nurses,much,1", name=name))
    docs = lake.home / "reports" / "data_docs"
    index = (docs / "index.html").read_text()
    for entry in lake.manifest():
        assert f'href="{entry["submission_id"]}.html"' in index
        page = (docs / f"{entry['submission_id']}.html").read_text()
        assert "fte_days_lost invalid share: 0.5" in page
        assert "&lt;b&gt;&amp;" in page and "<b>&" not in page
    assert index.index("R-2") < index.index("R-1"), "the latest first"


def test_data_docs_fetch_nothing_from_elsewhere(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, "200604,RXB,Nurses,much,1"))
    for page in (lake.home / "reports" / "data_docs").glob("*.html"):
        html = page.read_text()
        links = re.findall(r"""(?:href|src)=["']?([^"'\s>]+)""", html)
        assert [
            link for link in links if not (page.parent / link).is_file() and link[0] != "#"
        ] == []
        assert "url(" not in html and "<script" not in html and "@import" not in html


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
