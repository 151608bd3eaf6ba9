"""The pages for readers say what is there, and their examples run."""

import re
import sys

import document_feeds
import duckdb
import pytest
from building import CHECKOUT, run, script
from test_rulebook import linking_pages

MODEL = re.compile(r"\b(?:int|fct|dim|rpt|stg)_[a-z0-9_]*[a-z0-9]\b(?!__?[<{*]|_?…)")


def blocks(page: str, language: str) -> list[str]:
    """The code of a page in a language, block by block."""
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_page_of_the_feeds_is_what_the_contracts_say():
    there = document_feeds.PAGE.read_text(encoding="utf-8")
    assert there == document_feeds.feeds_page(), "run scripts/document_feeds.py"


def test_the_check_of_the_feeds_page_notices_a_difference(tmp_path, capsys):
    page = tmp_path / "feeds.md"
    page.write_text(document_feeds.feeds_page().replace("EPISTAT", "epistat", 1) + "more")
    assert document_feeds.main(["--check", "--out", str(page)]) == 1
    assert "is not what the contracts say" in capsys.readouterr().err
    assert document_feeds.main(["--out", str(page)]) == 0
    assert document_feeds.main(["--check", "--out", str(page)]) == 0


def test_doc_blocks_stand_in_place_of_the_references_to_them(tmp_path):
    contract = tmp_path / "models" / "staging" / "tides" / "_tides__sources.yml"
    contract.parent.mkdir(parents=True)
    contract.write_text(
        """
        sources:
          - name: lake
            tables:
              - name: tides
                description: "One row per tide. {{ doc('as_sent') }}"
                config: {meta: {feed: true, periodic: false, record_key: [hour],
                                organisation_column: port}}
                columns:
                  - name: hour
                    description: "{{ doc('hour') }}"
                    config: {meta: {type: integer, required: true}}
        """
    )
    blocks_file = tmp_path / "models" / "staging" / "blocks.md"
    blocks_file.write_text(
        "{% docs as_sent %}As sent.{% enddocs %}"
        "\n{% docs hour %}\nHour of\nhigh water.\n{% enddocs %}"
    )
    registry = tmp_path / "seeds" / "reference" / "indicators.csv"
    registry.parent.mkdir(parents=True)
    registry.write_text("indicator_id,feeds\nBCBV31,tides;moons\n")
    page = document_feeds.feeds_page(tmp_path)
    assert "| [`tides`](#tides) | tide | `hour` | BCBV31 |" in page
    assert "| **`hour`**, required | integer | `hour` |  |  | Hour of high water. |" in page
    blocks_file.write_text("{% docs as_sent %}As sent.{% enddocs %}")
    with pytest.raises(document_feeds.NoSuchBlock, match="'hour'"):
        document_feeds.feeds_page(tmp_path)


def test_models_that_the_pages_name_are_there():
    models = {path.stem for path in (CHECKOUT / "models").rglob("*.sql")}
    pages = [page for page in linking_pages() if page.parent.name != "decisions"]
    missing = {
        f"{page.relative_to(CHECKOUT)}: {name}"
        for page in pages
        # The changelog tells of what was.
        if page.name != "CHANGELOG.md"
        for name in MODEL.findall(page.read_text(encoding="utf-8"))
        if name not in models
    }
    assert missing == set()


def test_the_readme_is_a_front_page():
    lines = (CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 160, "the rest belongs in docs/"


@pytest.mark.parametrize("number", range(len(blocks("docs/reading-a-release.md", "python"))))
def test_the_examples_of_reading_a_release_run(released, number):
    code = blocks("docs/reading-a-release.md", "python")[number]
    assert '"data/' in code or "'data/" in code
    shown = run(released.home, sys.executable, "-c", code.replace("data/", f"{released.home}/"))
    assert shown.succeeded().out.strip()


def test_the_demo_ends_with_the_opportunity_its_limits_and_what_to_look_at(released):
    said = script(released.home, "national_opportunity").succeeded().out
    with duckdb.connect(str(released.public / "bcbv.duckdb"), read_only=True) as marts:
        latest, *bounds = marts.sql("""
            pivot (from marts.fct_sensitivity where indicator_id = 'ALL')
            on scenario in ('lower_95', 'as_published', 'upper_95')
            using round(sum(opportunity_annual_gbp) / 1e6, 1)
            group by quarter order by quarter desc limit 1
        """).fetchone()
        concerns = marts.execute(
            "select count(*), count(distinct organisation_code) from marts.fct_indicator_statistics"
            " where concern = 'concern' and quarter = $quarter",
            {"quarter": latest},
        ).fetchone()
    ends = {" ".join(line.split()[:-1]): line.split()[-1] for line in said.splitlines() if line}
    shown = [
        next(last for name, last in ends.items() if start in name)
        for start in ("better 95 % limit", "ALL Total as published", "worse 95 % limit")
    ]
    assert shown == [f"{bound:,.1f}" for bound in bounds]
    [line] = [line for line in said.splitlines() if line.startswith("concern ")]
    assert f" values in {latest}, of {concerns[1]} organisations " in line
    assert line.split()[1] == str(concerns[0])


def test_the_way_from_a_number_back_to_its_file_can_be_walked(sample):
    queries = blocks("CONTRIBUTING.md", "sql")
    with duckdb.connect(str(sample.warehouse), read_only=True) as warehouse:
        for query in queries:
            # Two homes side by side, a submission of one's own: only a user has these.
            if "attach" in query or "<submission_id>" in query:
                continue
            assert warehouse.sql(query.rstrip().rstrip(";")).fetchall(), query
