"""Patients' rows as received leave in no release, whatever the lists say (Rulebook 8.6)."""

import re

import pytest
import yaml
from building import CHECKOUT

from warehouse import built

MODELS = CHECKOUT / "models"
# Models that hold rows as they came, and those that read them.
AS_RECEIVED = {"int_quarantined_records", "dq_quarantined_records"}
# Exposures that are made of the warehouse itself, for those whom it tells of.
CLOSED = {"drafts_for_validation", "checks_of_builds"}


def test_no_exposure_of_a_release_has_them():
    exposures = {exposure["name"]: exposure["depends_on"] for exposure in built.exposures()}
    assert {"published_release", "internal_release"} <= exposures.keys() - CLOSED
    for name in exposures.keys() - CLOSED:
        named = {entry.split("'")[1] for entry in exposures[name]}
        assert not {model.removeprefix("pub_") for model in named} & AS_RECEIVED, name


def test_no_other_model_carries_them_on():
    readers = {
        path.stem
        for path in MODELS.rglob("*.sql")
        if re.search(r"ref\('(int|dq)_quarantined_records'\)", path.read_text(encoding="utf-8"))
    }
    assert readers <= AS_RECEIVED


def test_publishing_refuses_a_list_that_names_them(tmp_path, monkeypatch):
    refs = ["ref('dim_quarter')", "ref('dq_quarantined_records')"]
    listed = {"exposures": [{"name": "internal_release", "depends_on": refs}]}
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "_exposures.yml").write_text(yaml.safe_dump(listed))
    monkeypatch.setattr(built, "MODELS", tmp_path)
    with pytest.raises(built.NotPublishable, match="dq_quarantined_records holds patients' rows"):
        built.exposed_tables("internal_release")
