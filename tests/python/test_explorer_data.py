"""The Explorer's figures are those of the release's tables, to the digit, and of nothing else."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from building import CHECKOUT
from tiny_release import FORMULA, LATEST, QUARTERS, write_tiny_release

from publication.explorer import write_explorer
from publication.explorer.encoding import columnar, decode, make_codes, read_shard
from publication.explorer.tables import TABLES
from publication.explorer.writing import ASSETS, INDICATOR_MODELS, USED, BadKey
from publication.release_data import DATABASE, open_release

# No decimal number of fewer than 17 digits is this one.
LONG = 0.1 + 0.2
NOT_FIGURES = {
    "indicator_id",
    "organisation_code",
    "organisation_class",
    "quarter",
    "publication_status",
    "status_reason",
    "disclosure_status",
    "comparison",
    "from_quarter",
}


@pytest.fixture(scope="module")
def explorer(tmp_path_factory) -> Path:
    """The Explorer of a tiny public release."""
    return written(tmp_path_factory.mktemp("explorer"))


def written(folder: Path, kind: str = "public", rows: dict | None = None) -> Path:
    tiny = write_tiny_release(folder, kind, rows)
    with open_release(tiny.folder, tiny.facts) as release:
        write_explorer(release, tiny.folder)
    return folder / "explorer"


def shard(explorer: Path, key: str) -> dict:
    name, content = read_shard(explorer / "data" / f"{key}.js")
    assert name == key
    return content


def rows(explorer: Path, key: str, table: str) -> list[dict]:
    return decode(shard(explorer, key).get(table, {"n": 0}), shard(explorer, "index")["codes"])


def the_row(found: list[dict], **wanted: str) -> dict:
    [row] = [each for each in found if wanted.items() <= each.items()]
    return row


def test_a_row_reads_as_it_was_typed(explorer):
    row = the_row(rows(explorer, "o/RGT", "values"), indicator_id="BCBV01", quarter=LATEST)
    assert row["value"] == 129.9
    assert (row["numerator"], row["denominator"], row["expected"]) == (3040, 385, 2340.9)
    assert (row["national_rank"], row["n_ranked"], row["quartile"]) == (38, 142, 2)
    assert (row["benchmark_value"], row["excess_units"]) == (91.7, 896.5)
    assert (row["unit_price_gbp"], row["opportunity_annual_gbp"]) == (222.34, 796000)
    assert (row["publication_status"], row["disclosure_status"]) == ("published", "shown")


def test_a_nought_is_a_nought_and_what_is_missing_is_missing(explorer):
    nought = the_row(rows(explorer, "o/5E1", "values"), indicator_id="BCBV07")
    assert (nought["numerator"], nought["value"]) == (0, 0)
    assert (nought["publication_status"], nought["status_reason"]) == ("caveat", "P02")
    unsent = the_row(rows(explorer, "o/RXA", "values"), quarter="2007-08 Q3")
    assert (unsent["publication_status"], unsent["value"]) == ("not_submitted", None)


def test_a_hidden_row_has_its_status_and_no_figure_in_any_shard(explorer):
    for key, table in (
        ("o/RXA", "values"),
        ("i/BCBV01/2007-08", "values"),
        ("a/Q35/2007-08", "values"),
    ):
        hidden = [
            row for row in rows(explorer, key, table) if row["disclosure_status"] == "suppressed"
        ]
        assert len(hidden) == 1, key
        figures = {name: value for name, value in hidden[0].items() if name not in NOT_FIGURES}
        # The benchmark is the peers' and is known without the row.
        figures.pop("benchmark_value", None)
        assert set(figures.values()) == {None}, key
    assert rows(explorer, "q", "statuses").count(
        {
            "indicator_id": "BCBV01",
            "quarter": LATEST,
            "publication_status": "published",
            "disclosure_status": "suppressed",
            "n_organisations": 1,
        }
    )


def test_every_figure_of_every_shard_is_in_the_table_to_the_digit(tmp_path):
    """Against the query's own rows, as DuckDB gives them to Python: the writing loses nothing."""
    exact = {
        "fct_indicator_values": [
            {
                "indicator_id": "BCBV01",
                "organisation_code": "5E1",
                "quarter": quarter,
                "publication_status": "published",
                "value": LONG + place,
                "numerator": -1e-7,
                "expected": 123456789012.5,
                "national_rank": 7,
            }
            for place, quarter in enumerate(QUARTERS)
        ]
    }
    explorer = written(tmp_path, "internal", exact)
    row = the_row(rows(explorer, "o/5E1", "values"), indicator_id="BCBV01", quarter="2006-07 Q4")
    assert row["value"] == LONG
    assert (row["numerator"], row["expected"]) == (-1e-7, 123456789012.5)
    with duckdb.connect(str(tmp_path / DATABASE), read_only=True) as engine:
        stored = engine.sql(
            "select organisation_code, quarter, value, numerator, national_rank"
            " from marts.fct_indicator_values where indicator_id = 'BCBV01' order by all"
        ).fetchall()
    names = ("organisation_code", "quarter", "value", "numerator", "national_rank")
    found = [
        tuple(row[name] for name in names)
        for year in sorted({quarter[:7] for quarter in QUARTERS})
        for row in rows(explorer, f"i/BCBV01/{year}", "values")
    ]
    assert sorted(found, key=str) == sorted(stored, key=str)


def test_the_internal_release_is_shown_whole_and_says_so(tmp_path):
    explorer = written(tmp_path, "internal")
    assert {row["disclosure_status"] for row in rows(explorer, "o/RGT", "values")} == {"shown"}
    facts = shard(explorer, "index")["facts"]
    assert (facts["restricted"], facts["suppressed"]) == (True, False)


def test_two_writings_of_one_release_are_the_same_bytes(tmp_path):
    first = _bytes(written(tmp_path / "first"))
    second = _bytes(written(tmp_path / "second"))
    assert first == second
    assert "index.html" in first


def test_what_lay_there_before_is_gone(tmp_path):
    stale = tmp_path / "explorer" / "data" / "o" / "GONE.js"
    stale.parent.mkdir(parents=True)
    stale.write_text("secret", encoding="utf-8")
    written(tmp_path)
    assert not stale.exists()


def test_nothing_is_read_but_the_release_and_what_the_project_ships(tmp_path):
    tiny = write_tiny_release(tmp_path)
    with open_release(tiny.folder, tiny.facts) as release:
        with _opened() as paths:
            write_explorer(release, tiny.folder)
        # The engine opens files without telling Python, and may open none but the release's.
        with pytest.raises(duckdb.PermissionException):
            release.engine.sql(f"from read_csv('{CHECKOUT / 'README.md'}')")
    places = (tmp_path, ASSETS, INDICATOR_MODELS)
    assert paths
    assert [path for path in paths if not any(path.is_relative_to(place) for place in places)] == []


def test_no_shard_is_made_of_a_table_that_has_no_list_of_codes():
    used = {
        name
        for table in TABLES
        for name in re.findall(r"(?:from|join) ((?:fct|dim|dq)_\w+|drilldown)", table.query)
    }
    assert used <= set(USED)


def test_the_page_loads_its_own_scripts_and_each_is_there(explorer):
    page = (explorer / "index.html").read_text(encoding="utf-8")
    names = re.findall(r'<script src="([^"]+)">', page)
    assert [name for name in names if not (explorer / name).is_file()] == []
    assert "http" not in "".join(names)
    assert re.search(r" on\w+=", page) is None


def test_texts_come_through_whole(tmp_path):
    name = 'Barrow, "St\u2028Mary\'s" <b>&\n'
    rows_ = {"drilldown": [_member(member_name=name, member="x,~,+")]}
    explorer = written(tmp_path, rows=rows_)
    found = rows(explorer, "o/RGT", "drilldown")
    assert name in [row["member_name"] for row in found]
    assert "x,~,+" in [row["member"] for row in found]
    assert "5E1" in [row["member"] for row in found]
    organisations = shard(explorer, "index")["organisations"]
    assert FORMULA in [row["organisation_name"] for row in organisations]
    # A line separator ends a line of a script.
    assert "\u2028" not in (explorer / "data" / "o" / "RGT.js").read_text(encoding="utf-8")


def test_the_index_lists_what_has_figures(explorer):
    index = shard(explorer, "index")
    assert [row["organisation_code"] for row in index["organisations"]] == ["5E1", "RGT", "RXA"]
    assert [row["quarter"] for row in index["quarters"]] == list(QUARTERS)
    files = [path.relative_to(explorer / "data") for path in (explorer / "data").rglob("*.js")]
    keys = {path.with_suffix("").as_posix() for path in files}
    assert set(index["shards"]) == keys - {"index"}
    assert index["hidden"] == [{"quarter": LATEST, "n_rows": 1}]


def test_an_indicator_has_its_sql(explorer):
    definition = shard(explorer, "s/BCBV01")
    assert definition["name"] == "int_indicator__length_of_stay.sql"
    assert "select" in definition["sql"]


def test_a_code_that_can_be_no_file_is_refused(tmp_path):
    value = {
        "indicator_id": "BCBV01",
        "organisation_code": "../RGT",
        "quarter": LATEST,
        "publication_status": "published",
    }
    with pytest.raises(BadKey, match="cannot be the name"):
        written(tmp_path, rows={"fct_indicator_values": [value]})


def test_runs_and_steps_are_written_short_and_read_back():
    values = [5.5] * 130 + [None] * 3 + [-1.0, -1.0, 0.0, 1e300]
    quarters = [f"{2000 + place}-{place % 100:02d} Q1" for place in range(len(values))]
    engine = duckdb.connect()
    engine.execute("create table made (quarter varchar, value double, is_so boolean)")
    engine.executemany(
        "insert into made values (?, ?, ?)",
        [(quarter, value, value is None) for quarter, value in zip(quarters, values, strict=True)],
    )
    codes = make_codes(engine, ["made"])
    query = "select 'x' as shard, quarter, value, is_so from made"
    [(_, content)] = engine.sql(columnar(engine, query, "quarter")).fetchall()
    table = json.loads(content)
    assert table["value"] == "5.5,~100,~20,~5,~2,~2,,~2,-1,~,0,1e+300"
    assert table["quarter"].startswith("0,+100,+20,+5")
    assert [row["value"] for row in decode(table, codes)] == values
    assert [row["quarter"] for row in decode(table, codes)] == quarters
    assert [row["is_so"] for row in decode(table, codes)] == [value is None for value in values]


def test_what_is_no_shard_is_refused(tmp_path):
    path = tmp_path / "other.js"
    path.write_text("alert(1);", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.js is no shard"):
        read_shard(path)


def _member(**changes) -> dict:
    return {
        "indicator_id": "BCBV01",
        "organisation_code": "RGT",
        "quarter": LATEST,
        "dimension": "pct",
        "n_cases": 20,
        "observed": 20,
    } | changes


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


_watched: list[list[Path]] = []


def _watch(event: str, arguments: tuple) -> None:
    if _watched and event == "open" and isinstance(arguments[0], str):
        _watched[-1].append(Path(arguments[0]).resolve())


# A hook cannot be taken off again: it does nothing but while files are asked for.
sys.addaudithook(_watch)


@contextmanager
def _opened() -> Iterator[list[Path]]:
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()
