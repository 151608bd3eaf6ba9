"""What changed between two releases, as printed, from ledgers made by hand."""

import shutil
from pathlib import Path

import compare_releases
import pytest
from test_ledger import RELEASES, row, write_ledger

from warehouse.comparison import compare
from warehouse.home import Home

FIRST, SECOND, _ = RELEASES


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    """Two releases: RA1's value and £ change with its data, RA2's status and rank.

    RA3 is gone and RA4 new, in the second quarter, whose data are the same, RA5; 5A1 is of a class
    that areas do not add up.
    """
    monkeypatch.setenv("BCBV_HOME", str(tmp_path))
    home = Home(tmp_path)
    second_quarter = {"quarter": "2006-07 Q2", "opportunity_annual_gbp": 1_000_000.0}
    write_ledger(
        home,
        FIRST,
        [
            row(),
            row(organisation_code="RA2", national_rank=2),
            row(organisation_code="RA3", opportunity_annual_gbp=3_000_000.0),
            row(organisation_code="5A1", organisation_class="pct", is_in_published_total=False),
            row(**second_quarter),
        ],
    )
    changed = {"data_fingerprint": "f2", "code_version": "0.1.0+b"}
    write_ledger(
        home,
        SECOND,
        [
            row(value=103.0, opportunity_annual_gbp=5_500_000.0, **changed),
            row(
                organisation_code="RA2",
                national_rank=None,
                publication_status="withheld",
                **changed,
            ),
            row(organisation_code="RA4", opportunity_annual_gbp=250_000.0, **changed),
            row(
                organisation_code="5A1",
                organisation_class="pct",
                is_in_published_total=False,
                **changed,
            ),
            row(code_version="0.1.0+b", **second_quarter),
            row(organisation_code="RA5", **second_quarter | {"opportunity_annual_gbp": 0.0}),
        ],
    )
    return home


def test_what_changed_is_counted_by_indicator(home):
    """Seven rows in all: those of RA1 to RA5 changed; 5A1's and RA1's in the second quarter not."""
    comparison = compare(home, FIRST, SECOND)
    [indicator] = comparison.indicators
    counts = {name: value for name, value in indicator.items() if name.startswith("n_")}
    assert counts == {
        "n_rows": 7,
        "n_changed": 5,
        "n_added": 2,
        "n_gone": 1,
        "n_values": 1,
        "n_statuses": 1,
        "n_ranks": 1,
        "n_pounds": 1,
        "n_quarters_with_other_data": 1,
    }
    # £m: Q1 4 + 4 + 3 and Q2 1, then 5.5 + 4 + 0.25 and 1; the mean of two quarters.
    assert indicator["before_gbp"] == 6_000_000
    assert indicator["after_gbp"] == 5_375_000
    totals = [(q["before_gbp"], q["after_gbp"], q["n_changed"]) for q in comparison.quarters]
    assert totals == [(11_000_000, 9_750_000, 4), (1_000_000, 1_000_000, 1)]


def test_the_largest_changes_are_those_of_pounds_then_of_values(home):
    largest = compare(home, FIRST, SECOND).largest
    # £m: -3, +1.5, +0.25; RA2 has another status alone, RA5 no value to compare with.
    assert [e["organisation_code"] for e in largest] == ["RA3", "RA1", "RA4", "RA2", "RA5"]


def test_a_quarter_alone(home):
    comparison = compare(home, FIRST, SECOND, "2006-07 Q2")
    assert [entry["quarter"] for entry in comparison.quarters] == ["2006-07 Q2"]
    assert [entry["organisation_code"] for entry in comparison.largest] == ["RA5"]


def test_what_is_printed(home, capsys):
    assert compare_releases.main([FIRST, SECOND]) == 0
    said = capsys.readouterr().out
    assert "5 of 7 rows changed; other data of 1 of 1 indicators; other code" in said
    assert "2006-07 Q1         11.00        9.75       -1.25              4 of 5" in said
    assert "published → withheld" in said
    assert "(2 new, 1 gone)" in said
    assert max(len(line) for line in said.splitlines()) <= 140


def test_a_release_and_itself_differ_in_nothing(home, capsys):
    assert compare_releases.main([SECOND, SECOND]) == 0
    said = capsys.readouterr().out
    assert "0 of 6 rows changed; the same data; the same code" in said
    assert "largest" not in said


def test_releases_are_named_by_path_link_and_when_their_folder_is_gone(home, tmp_path, capsys):
    (home.published / SECOND).mkdir()
    (home.published / "current").symlink_to(SECOND)
    elsewhere = tmp_path / "x [v1] O'Brien *"
    shutil.copytree(home.published, elsewhere, symlinks=True)
    for earlier, later in (
        (FIRST, "current"),
        (str(elsewhere / FIRST), str(elsewhere / "current")),
        (f"{home.published}/{FIRST}/", str(home.published / SECOND)),
    ):
        assert compare_releases.main([earlier, later]) == 0
        assert "5 of 7 rows changed" in capsys.readouterr().out


def test_a_ledger_of_an_older_version_is_compared_with_what_it_has(home, capsys):
    (home.published / "ledger" / f"{FIRST}.parquet").unlink()
    write_ledger(home, FIRST, [row()], without=["code_version", "as_at"])
    assert compare_releases.main([FIRST, SECOND]) == 0
    assert "whether the code is the same is not known" in capsys.readouterr().out


def test_releases_of_two_kinds_are_compared_and_it_is_said(home, capsys):
    """The internal one knows RA1's value, which the public one hides."""
    hidden = {"value": None, "opportunity_annual_gbp": None, "disclosure_status": "suppressed"}
    write_ledger(home, RELEASES[2], [row(**hidden), row(organisation_code="RA2")])
    internal = [row(kind="internal"), row(kind="internal", organisation_code="RA2")]
    write_ledger(home, "2007-04-01T090000.000000Z", internal, releases=home.internal)
    (home.internal / "2007-04-01T090000.000000Z").mkdir()
    (home.internal / "current").symlink_to("2007-04-01T090000.000000Z")
    for later in ("internal/current", "2007-04-01T090000.000000Z"):
        assert compare_releases.main([RELEASES[2], later]) == 0
        said = capsys.readouterr().out
        assert f"from  {RELEASES[2]}  public, code" in said
        assert "Z  internal, code" in said
        assert "The two are of different kinds" in said
        assert "1 of 2 rows changed; the same data; the same code" in said
        assert "suppressed → published" in said


def test_releases_of_one_kind_are_compared_without_a_warning(home, capsys):
    assert compare_releases.main([FIRST, SECOND]) == 0
    assert "different kinds" not in capsys.readouterr().out


def refused(capsys, *arguments: str) -> str:
    """The one line that a comparison that fails leaves."""
    try:
        assert compare_releases.main(list(arguments)) == 1
        said = capsys.readouterr().err
    except SystemExit as stopped:
        said = f"{stopped.code}\n"
    assert said.startswith("not compared: ")
    assert said.count("\n") == 1
    return said


def test_what_cannot_be_compared_is_said_in_one_line(home, capsys):
    assert f"no release nix; there are {FIRST}, {SECOND}" in refused(capsys, "nix", SECOND)
    assert "there is no release under" in refused(capsys, FIRST, "current")
    assert "neither release has a row of 2001-02 Q1" in refused(
        capsys, FIRST, SECOND, "--quarter", "2001-02 Q1"
    )
    (home.published / "2006-12-01T090000.000000Z").mkdir()
    assert "kept no ledger" in refused(capsys, "2006-12-01T090000.000000Z", SECOND)
    broken = Path(home.published / "ledger" / f"{RELEASES[2]}.parquet")
    broken.write_bytes(b"PAR1 cut off")
    assert f"{broken} cannot be read as the ledger" in refused(capsys, FIRST, RELEASES[2])
