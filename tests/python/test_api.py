"""The feed: documents that keep to their schema and say what the tables say, no more."""

import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tiny_release import LATEST, write_tiny_release

from publication.api import write_api
from publication.release_data import open_release


@pytest.fixture(scope="module")
def feed(tmp_path_factory) -> Path:
    """The feed of a tiny public release."""
    return written(tmp_path_factory.mktemp("feed"), "public")


def written(folder: Path, kind: str, **options) -> Path:
    tiny = write_tiny_release(folder, kind, options.pop("rows", None))
    with open_release(tiny.folder, tiny.facts) as release:
        write_api(release, tiny.folder, **options)
    return folder / "api" / "v1"


def read(path: Path) -> dict:
    """A document; NaN and Infinity, which are no JSON, are refused."""
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@cache
def validator(schema: Path) -> Draft202012Validator:
    content = read(schema)
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults(folder: Path, document: dict) -> list[str]:
    return [error.message for error in validator(folder / "schema.json").iter_errors(document)]


def test_one_document_an_organisation_an_indicator_and_an_area(feed):
    found = {path.relative_to(feed).as_posix() for path in feed.rglob("*.json")}
    # Of organisations without a value, such as an authority, there is none.
    assert found == {
        "index.json",
        "releases.json",
        "schema.json",
        "organisations/RGT.json",
        "organisations/RXA.json",
        "organisations/5E1.json",
        "indicators/BCBV01.json",
        "indicators/BCBV07.json",
        "areas/Q35.json",
        "areas/england.json",
    }


@pytest.mark.parametrize("kind", ["public", "internal"])
def test_every_document_keeps_to_the_schema_and_says_of_what_it_is(tmp_path, kind):
    folder = written(tmp_path, kind)
    documents = [path for path in folder.rglob("*.json") if path.name != "schema.json"]
    assert len(documents) == 9
    for path in documents:
        assert faults(folder, read(path)) == []
    for path in folder.rglob("*.json"):
        document = read(path)
        assert document["release"] == "2026-11-30T201005.000000Z"
        assert document["synthetic"] is True
        assert document["suppressed"] is (kind == "public")
        licence = {"public": "OGL-UK-3.0", "internal": "restricted"}[kind]
        assert document["licence"]["name"] == licence


@pytest.mark.parametrize(
    "fault",
    [
        {"release": None},
        {"values": [{}]},
        {"document": "something"},
        {"more": 1},
        {"organisation": {}},
    ],
)
def test_the_schema_refuses_what_is_not_so(feed, fault):
    document = read(feed / "organisations" / "RGT.json")
    assert faults(feed, document) == []
    assert faults(feed, document | fault)


def test_figures_are_those_of_the_tables(feed):
    trust = read(feed / "organisations" / "RGT.json")
    assert trust["organisation"]["sha_name"] == "East of England Strategic Health Authority"
    last = trust["values"][-1]
    assert (last["indicator_id"], last["quarter"]) == ("BCBV01", LATEST)
    assert (last["numerator"], last["expected"], last["value"]) == (3040, 2340.9, 129.9)
    assert (last["national_rank"], last["n_ranked"], last["quartile"]) == (38, 142, 2)
    assert (last["opportunity_annual_gbp"], last["unit_price_gbp"]) == (796000, 222.34)
    assert (last["value_lower_95"], last["concern"]) == (115.4, "watch")
    assert last["quarter_start_date"] == "2008-01-01"
    assert [row["indicator_id"] for row in trust["opportunities"]] == ["ALL"]
    indicator = read(feed / "indicators" / "BCBV01.json")
    assert [r["organisation_code"] for r in indicator["values"]] == ["RGT"] * 5 + ["RXA"] * 2
    assert indicator["thresholds"][0]["best_quartile_threshold"] == 91.7
    england = read(feed / "areas" / "england.json")
    assert england["opportunities"][0]["n_suppressed"] == 1
    assert england["changes"][0]["change_gbp"] == -12000


def test_hidden_missing_and_nought_are_told_apart(feed):
    pct = read(feed / "organisations" / "5E1.json")
    assert (pct["values"][0]["value"], pct["values"][0]["status_reason"]) == (0, "P02")
    assert pct["organisation"]["organisation_code"] == "5E1"
    missing, hidden = read(feed / "organisations" / "RXA.json")["values"]
    assert (missing["publication_status"], missing["disclosure_status"]) == (
        "not_submitted",
        "shown",
    )
    assert (hidden["publication_status"], hidden["disclosure_status"]) == (
        "published",
        "suppressed",
    )
    assert missing["value"] is hidden["value"] is hidden["opportunity_annual_gbp"] is None


def test_the_index_leads_to_every_document(feed):
    index = read(feed / "index.json")
    listed = [
        row["path"] for name in ("organisations", "indicators", "areas") for row in index[name]
    ]
    assert len(listed) == 7
    for path in [*listed, index["schema"], index["releases"]]:
        assert (feed / path).is_file()
    assert [row["quarter"] for row in index["quarters"]][-1] == LATEST


def test_releases_are_listed_newest_first(tmp_path):
    earlier = {"release": "2026-08-30T0", "published_at": "2026-08-30T09:00:00+00:00", "x": 1}
    releases = read(written(tmp_path, "public", releases=[earlier]) / "releases.json")["releases"]
    assert [each["release"] for each in releases] == ["2026-11-30T201005.000000Z", "2026-08-30T0"]
    assert releases[1]["path"] == "../../../2026-08-30T0/api/v1/index.json"


def test_same_release_same_bytes(tmp_path):
    first = written(tmp_path / "first", "public")
    second = written(tmp_path / "second", "public")
    for path in first.rglob("*.json"):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()


def test_a_code_that_is_no_name_of_a_file_is_refused(tmp_path):
    code = "../RGT"
    rows = {
        "dim_organisation": [{"organisation_code": code, "organisation_name": "Out"}],
        "fct_indicator_values": [
            {
                "indicator_id": "BCBV01",
                "organisation_code": code,
                "quarter": LATEST,
                "publication_status": "published",
            }
        ],
    }
    with pytest.raises(ValueError, match="cannot be the name of a file"):
        written(tmp_path, "public", rows=rows)
    assert not list(tmp_path.rglob("*.json"))
