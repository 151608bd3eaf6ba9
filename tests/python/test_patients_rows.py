"""Patients' rows as received leave in no release, whatever the lists say (Rulebook 8.6)."""

import re

import pytest
import yaml
from building import CHECKOUT

from warehouse import release

MODELS = CHECKOUT / "models"
# Models that hold rows as they came, and those that read them.
AS_RECEIVED = {"int_quarantined_records", "dq_quarantined_records"}


def test_no_exposure_of_a_release_has_them():
    document = yaml.safe_load(release.EXPOSURES.read_text(encoding="utf-8"))
    for exposure in document["exposures"]:
        if re.search("release|publish|public", f"{exposure['name']} {exposure['label']}", re.I):
            named = {entry.split("'")[1] for entry in exposure["depends_on"]}
            assert not named & AS_RECEIVED, exposure["name"]


def test_no_other_model_carries_them_on():
    readers = {
        path.stem
        for path in MODELS.rglob("*.sql")
        if re.search(r"ref\('(int|dq)_quarantined_records'\)", path.read_text(encoding="utf-8"))
    }
    assert readers <= AS_RECEIVED


def test_publishing_refuses_a_list_that_names_them(tmp_path, monkeypatch):
    exposures = tmp_path / "exposures.yml"
    refs = ["ref('dim_quarter')", "ref('dq_quarantined_records')"]
    listed = {"exposures": [{"name": "published_release", "depends_on": refs}]}
    exposures.write_text(yaml.safe_dump(listed))
    monkeypatch.setattr(release, "EXPOSURES", exposures)
    with pytest.raises(release.NotPublishable, match="dq_quarantined_records holds patients' rows"):
        release.published_tables()
