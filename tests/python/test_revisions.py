"""As published, and as known now: a release, a file that is sent again, and the next build."""

import csv
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from bare_release import publish_apart
from building import dbt, query, script
from test_ledger import row, write_ledger

from warehouse.home import Home

# Statins of this PCT are dearer in the file that is sent again.
PCT = "5A3"
SENT_FIRST = "epact__fy2006-07q1__2006-08-22__synthetic.csv"
SENT_AGAIN = "epact__fy2006-07q1__2007-01-15__synthetic.csv"
QUARTER = "2006-07 Q1"
REVISED = f"indicator_id = 'BCBV07' and organisation_code = '{PCT}' and quarter = '{QUARTER}'"


@pytest.fixture(scope="module")
def home(sample, tmp_path_factory) -> Path:
    """The sample published twice, a file sent again, built again, published once more."""
    home = tmp_path_factory.mktemp("revisions")
    for name in ("lake", "landing"):
        shutil.copytree(sample.home / name, home / name)
    shutil.copy(sample.warehouse, home / "warehouse.duckdb")
    for _ in range(2):
        publish_apart(home).succeeded()
    sent = sample.home / "extracts" / SENT_FIRST
    again = tmp_path_factory.mktemp("sent") / SENT_AGAIN
    with sent.open(newline="") as source, again.open("w", newline="") as target:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, reader.fieldnames)
        writer.writeheader()
        for row in reader:
            if row["pct_code"] == PCT and "torvastatin" in row["bnf_name"]:
                row |= {name: 3 * float(row[name]) for name in ("nic", "act_cost")}
                row["items"] = 3 * int(row["items"])
            writer.writerow(row)
    script(home, "ingest", again).succeeded()
    dbt(home, "build", "--exclude-resource-type", "unit_test").succeeded()
    publish_apart(home).succeeded()
    return home


def releases(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "published").glob("[0-9]*"))


def builds(home: Path) -> list[dict]:
    """The builds of the warehouse, the first one first."""
    return query(
        home / "warehouse.duckdb",
        "select any_value(code_version) as code_version, min(started_at) as started_at"
        " from audit.builds where command = 'build' group by invocation_id order by started_at",
    )


def test_never_published_is_no_revision(sample):
    [row] = query(
        sample.warehouse,
        "select count(*) as n_rows, sum(n_releases) as n_releases, count(first_release) as firsts,"
        " count(is_revised) as revised, count(current_value) as n_values"
        " from marts.fct_revisions",
    )
    values = "select count(*) as n_rows, count(value) as n_values from marts.fct_indicator_values"
    [wanted] = query(sample.warehouse, values)
    assert row == wanted | {"n_releases": 0, "firsts": 0, "revised": 0}


def test_what_the_file_that_was_sent_again_changed_is_revised(home):
    first, second, _ = releases(home)
    [row] = query(
        home / "warehouse.duckdb",
        f"select * from marts.fct_revisions where {REVISED}",
    )
    assert (row["first_release"], row["last_release"], row["n_releases"]) == (first, second, 2)
    assert row["last_published_value"] == row["first_published_value"]
    # Fewer of the items are of the cheap statins.
    assert row["current_value"] < row["first_published_value"]
    assert (row["is_revised"], row["data_changed"]) == (True, True)
    # Both builds are of this checkout, unless somebody works in it meanwhile.
    versions = [build["code_version"] for build in builds(home)]
    assert row["code_changed"] is (versions[0] != versions[-1])


def test_data_changed_for_the_indicators_and_the_quarter_of_the_file(home):
    changed = query(
        home / "warehouse.duckdb",
        "select distinct indicator_id, quarter from marts.fct_revisions"
        " where data_changed order by indicator_id",
    )
    assert [(row["indicator_id"], row["quarter"]) for row in changed] == [
        (indicator, QUARTER) for indicator in ("BCBV07", "BCBV17", "BCBV18", "BCBV19")
    ]
    revised = query(
        home / "warehouse.duckdb",
        "select distinct indicator_id, organisation_code from marts.fct_revisions where is_revised",
    )
    assert {row["indicator_id"] for row in revised} == {"BCBV07"}
    assert [row["organisation_code"] for row in revised] == [PCT]


def test_vintages_of_a_release_are_what_each_release_printed(home):
    """To the pound, and `current` is what this release prints."""
    *before, third = releases(home)
    vintages = home / "published" / third / "parquet" / "fct_opportunity_vintages.parquet"
    columns = "indicator_id, quarter, opportunity_annual_gbp"
    for release, name in [*((release, release) for release in before), (third, "current")]:
        printed = home / "published" / release / "parquet" / "fct_opportunity.parquet"
        then = duckdb.sql(
            f"select {columns} from '{printed}' where area_level = 'england' order by all"
        ).fetchall()
        said = duckdb.sql(
            f"select {columns} from '{vintages}' where release = '{name}' order by all"
        ).fetchall()
        assert said == then and len(said) > 10


def test_vintages_of_the_warehouse_are_not_rounded(home):
    """`current` is what this build says, to the last digit; a vintage is near what was printed."""
    database = home / "warehouse.duckdb"
    vintages = "select indicator_id, quarter, opportunity_annual_gbp from"
    now = f"{vintages} marts.fct_opportunity_vintages where release = 'current' order by all"
    england = "where area_level = 'england' order by all"
    assert query(database, now) == query(database, f"{vintages} marts.fct_opportunity {england}")
    first, second, _ = releases(home)
    # The last release was made after the build.
    names = query(database, "select distinct release from marts.fct_opportunity_vintages")
    assert {row["release"] for row in names} == {first, second, "current"}
    totals = {
        row["release"]: row["opportunity_annual_gbp"]
        for row in query(
            database,
            "select release, opportunity_annual_gbp from marts.fct_opportunity_vintages"
            f" where indicator_id = 'ALL' and quarter = '{QUARTER}'",
        )
    }
    assert totals[first] == pytest.approx(totals[second], rel=1e-12)
    assert totals["current"] > totals[first] + 1
    printed = home / "published" / first / "parquet" / "fct_opportunity.parquet"
    [(rounded, n_organisations)] = duckdb.sql(
        f"select opportunity_annual_gbp, n_organisations from '{printed}'"
        f" where indicator_id = 'ALL' and area_level = 'england' and quarter = '{QUARTER}'"
    ).fetchall()
    assert rounded % 1000 == 0 != totals[first] % 1
    # Each organisation's amounts of up to twenty indicators were rounded by up to £500.
    assert abs(rounded - totals[first]) <= 20 * 500 * n_organisations


def test_what_is_hidden_is_no_revision_and_its_figures_are_in_no_ledger(home):
    database = home / "warehouse.duckdb"
    ledger = home / "published" / "ledger"
    [(n_hidden, n_figures, n_ranks)] = duckdb.sql(
        "select count(*), count(value) + count(opportunity_annual_gbp), count(national_rank)"
        f" from '{ledger}/*.parquet' where disclosure_status = 'suppressed'"
    ).fetchall()
    assert n_hidden > 30 and n_figures == n_ranks == 0
    hidden = "disclosure_status = 'suppressed'"
    keys = "indicator_id, organisation_code, quarter"
    rows = query(
        database,
        "select revisions.* from marts.fct_revisions as revisions"
        f" inner join publication.pub_fct_indicator_values using ({keys}) where {hidden}",
    )
    assert {row["is_revised"] for row in rows} == {False}
    assert {row["first_published_value"] for row in rows} == {None}
    # The mart hides nothing of what is known now.
    assert [row for row in rows if row["current_value"] is not None]
    [shown] = query(
        database,
        "select count(*) as n_rows, count(is_revised) as revised, count(current_value) as n_values,"
        " count(first_published_value) as firsts"
        f" from publication.pub_fct_revisions where {hidden}",
    )
    assert shown == {"n_rows": len(rows), "revised": 0, "n_values": 0, "firsts": 0}


def test_public_revisions_are_told_from_unrounded_figures_and_printed_rounded(home):
    database = home / "warehouse.duckdb"
    [exact] = query(database, f"from marts.fct_revisions where {REVISED}")
    [printed] = query(database, f"from publication.pub_fct_revisions where {REVISED}")
    for name in ("first_published_value", "current_value"):
        assert printed[name] == round(exact[name], 3) != exact[name]
    assert printed["is_revised"] is printed["data_changed"] is True


def test_the_ledger_of_an_older_version_is_read_for_the_marts_alone(home, tmp_path):
    """Its releases were internal: what they said is nobody's who reads a public one."""
    shutil.copytree(home / "lake", tmp_path / "lake")
    shutil.copytree(home / "published" / "ledger", tmp_path / "published" / "ledger")
    shutil.copy(home / "warehouse.duckdb", tmp_path)
    old = "2006-11-01T090000.000000Z"
    said = {"indicator_id": "BCBV07", "organisation_code": PCT, "organisation_class": "pct"}
    write_ledger(
        Home(tmp_path),
        old,
        [row(kind="internal", published_at=datetime(2006, 11, 1), value=0.25, **said)],
        without=["disclosure_status"],
    )
    models = ("fct_revisions", "fct_opportunity_vintages")
    both = (*models, *(f"pub_{model}" for model in models))
    dbt(
        tmp_path, "run", "--select", "stg_released_values", "int_released_values", *both
    ).succeeded()
    database = tmp_path / "warehouse.duckdb"
    [mart] = query(database, f"from marts.fct_revisions where {REVISED}")
    [public] = query(database, f"from publication.pub_fct_revisions where {REVISED}")
    first, *_ = releases(home)
    assert (mart["first_release"], mart["first_published_value"]) == (old, 0.25)
    assert (public["first_release"], public["n_releases"]) == (first, mart["n_releases"] - 1)
    for schema, prefix, is_there in (("marts", "", True), ("publication", "pub_", False)):
        names = query(
            database,
            f"select distinct release from {schema}.{prefix}fct_opportunity_vintages",
        )
        assert (old in {row["release"] for row in names}) == is_there


def test_the_comparison_tells_the_file_that_was_sent_again(home):
    first, _, _ = releases(home)
    said = script(home, "compare_releases", first, "current").succeeded().out
    assert "other data of 4 of 20 indicators" in said
    assert f"BCBV07  {PCT}   {QUARTER}" in said


def test_the_ledger_says_which_code_built_what_it_holds(home):
    first, _, third = releases(home)
    folder = home / "published" / "ledger"
    for release, build in ((first, builds(home)[0]), (third, builds(home)[-1])):
        [(code_version,)] = duckdb.sql(
            f"select distinct code_version from '{folder}/{release}.parquet'"
        ).fetchall()
        assert code_version == build["code_version"] is not None
        assert code_version.startswith("0.1.0")


def test_a_ledger_that_is_broken_stops_dbt_with_one_line(home, tmp_path):
    """Whatever dbt prints around it."""
    for name in ("lake", "published"):
        shutil.copytree(home / name, tmp_path / name, symlinks=True)
    broken = tmp_path / "published" / "ledger" / "2007-01-01T090000.000000Z.parquet"
    broken.write_bytes(b"PAR1 cut off")
    stopped = dbt(tmp_path, "run", "--select", "stg_released_values")
    assert stopped.status != 0
    assert f"{broken} cannot be read as the ledger of a release" in stopped.out
    assert "Traceback" not in stopped.out + stopped.err
    broken.unlink()
    dbt(tmp_path, "run", "--select", "stg_released_values").succeeded()
    [row] = query(tmp_path / "warehouse.duckdb", "select count(*) as n from ledger.released_values")
    assert row["n"] > 0
