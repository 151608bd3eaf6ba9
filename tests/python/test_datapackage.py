"""The data package: what the CSV files hold, as a tool that knows nothing else reads it."""

import json
from pathlib import Path

import duckdb
import pytest
import yaml
from building import CHECKOUT
from frictionless import Package, system
from tiny_release import LATEST, contracts, write_tiny_release

from publication.columns import columns_of, csv_query
from publication.datapackage import write_datapackage
from publication.keys import KEYS, REFERENCES
from publication.release_data import DATABASE, open_release


def packaged(folder: Path, kind: str = "public") -> Path:
    """A tiny release with its CSV files and its data package."""
    tiny = write_tiny_release(folder, kind)
    (folder / "csv").mkdir()
    with duckdb.connect(str(folder / DATABASE), read_only=True) as engine:
        for table in contracts(kind):
            rows = csv_query(columns_of(engine, table, "marts"), table)
            engine.execute(f"copy ({rows}) to '{folder}/csv/{table}.csv' (format csv, header)")
    with open_release(tiny.folder, tiny.facts) as release:
        write_datapackage(release, folder)
    return folder / "datapackage.json"


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    """The data package of a tiny public release; read only."""
    return packaged(tmp_path_factory.mktemp("package"))


def fields(package: dict, table: str) -> dict[str, dict]:
    [resource] = [each for each in package["resources"] if each["name"] == table]
    return {field["name"]: field for field in resource["schema"]["fields"]}


def problems(path: Path) -> list:
    """What frictionless objects to, with the folder of the package as the only place to read."""
    with system.use_context(trusted=True):
        report = Package(str(path)).validate()
    return report.flatten(["name", "type", "fieldName", "note"])


def test_it_is_valid_and_so_is_every_file(path):
    assert problems(path) == []
    assert len(json.loads(path.read_text())["resources"]) == len(contracts("public"))


@pytest.mark.parametrize(
    ("written", "instead", "what"),
    [
        (",785,", ",many,", "type-error"),
        ("BCBV07,", "BCBV99,", "foreign-key"),
        ("\n", "\nBCBV01,RGT\n", "missing-cell"),
    ],
)
def test_a_file_that_is_not_as_described_is_found(tmp_path, written, instead, what):
    path = packaged(tmp_path)
    file = tmp_path / "csv" / "fct_indicator_values.csv"
    content = file.read_text().replace("385.0", "785", 1)
    assert written in content
    file.write_text(content.replace(written, instead, 1))
    found = {problem[1] for problem in problems(path)}
    # The checksum tells too.
    assert {what, "hash-count"} <= found


def test_codes_are_text_and_columns_say_what_they_are(path):
    package = json.loads(path.read_text())
    values = fields(package, "fct_indicator_values")
    assert values["organisation_code"]["type"] == "string"
    assert list(values)[2] == "organisation_name"
    assert values["quarter_start_date"]["type"] == "date"
    assert values["n_ranked"] == {
        "name": "n_ranked",
        "type": "integer",
        "description": values["n_ranked"]["description"],
        "unit": "count",
    }
    assert values["opportunity_annual_gbp"]["unit"] == "GBP"
    assert "unit" not in values["publication_status"]
    # The one table of the two that says so by itself; the rest is in the comments of the marts.
    [quarters] = [each for each in package["resources"] if each["name"] == "dim_quarter"]
    assert quarters["description"].startswith("One row per quarter")
    assert quarters["schema"]["primaryKey"] == ["quarter"]


def test_an_organisation_whose_code_looks_like_a_number_keeps_it(path):
    with system.use_context(trusted=True):
        rows = Package(str(path)).get_resource("fct_indicator_values").read_rows()
    [row] = [row for row in rows if row["indicator_id"] == "BCBV07"]
    assert (row["organisation_code"], row["value"], row["quarter"]) == ("5E1", 0, LATEST)


def test_it_says_of_which_release_it_is(tmp_path, path):
    public = json.loads(path.read_text())
    assert public["version"] == public["release"] == "2026-11-30T201005.000000Z"
    assert (public["synthetic"], public["suppressed"]) == (True, True)
    assert public["licenses"][0]["name"] == "OGL-UK-3.0"
    assert "synthetic" in public["description"]
    internal = json.loads(packaged(tmp_path, "internal").read_text())
    assert (internal["kind"], internal["suppressed"]) == ("internal", False)
    assert internal["licenses"][0]["name"] == "restricted"
    assert "Restricted" in internal["description"]
    assert "disclosure_status" not in fields(internal, "fct_indicator_values")


def test_same_release_same_bytes(tmp_path, path):
    assert packaged(tmp_path / "again").read_bytes() == path.read_bytes()


def test_a_key_with_an_empty_part_is_none(path):
    """England's threshold has no code of a peer group."""
    resources = {each["name"]: each for each in json.loads(path.read_text())["resources"]}
    assert "primaryKey" not in resources["fct_quartile_thresholds"]["schema"]
    assert resources["fct_indicator_values"]["schema"]["primaryKey"] == [
        "indicator_id",
        "organisation_code",
        "quarter",
    ]


def test_keys_are_what_the_marts_are_tested_for():
    """One list here, tests in the YAML there."""
    tested = {}
    for path in (CHECKOUT / "models" / "marts").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            for test in model.get("data_tests", []):
                if "unique_combination" in test:
                    columns = test["unique_combination"]["arguments"]["columns"]
                    tested[model["name"]] = tuple(columns)
            for column in model["columns"]:
                if "unique" in column.get("data_tests", []):
                    tested.setdefault(model["name"], (column["name"],))
    published = contracts("public")
    known = {table: tested[table] for table in KEYS if table in tested}
    assert {table: KEYS[table] for table in known} == known
    assert set(published) <= set(KEYS)
    assert {reference[1] for reference in REFERENCES} <= set(published)
