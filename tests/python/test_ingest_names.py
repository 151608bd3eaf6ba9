"""Rulebook 1.8: what a submission is called, and what the options may add."""

from datetime import date
from pathlib import Path

import pytest
from building import ABSENCE_ROW

from warehouse.contracts import Refused
from warehouse.naming import declared, extension, period_bounds

SILENT = {"feed": None, "period": None, "extract_date": None, "sender": None}


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("fy2006-07", date(2006, 4, 1), date(2007, 3, 31)),
        ("fy1999-00", date(1999, 4, 1), date(2000, 3, 31)),
        ("fy2006-07q1", date(2006, 4, 1), date(2006, 6, 30)),
        ("fy2006-07q3", date(2006, 10, 1), date(2006, 12, 31)),
        ("fy2007-08q4", date(2008, 1, 1), date(2008, 3, 31)),
        ("m2017-09", date(2017, 9, 1), date(2017, 9, 30)),
        ("m2008-02", date(2008, 2, 1), date(2008, 2, 29)),
        ("m2006-12", date(2006, 12, 1), date(2006, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(period, first, last):
    assert period_bounds(period) == (first, last)


@pytest.mark.parametrize(
    "period",
    [
        "fy2006-08",
        "fy2006-06",
        "fy2006-07q0",
        "fy2006-07q5",
        "m2006-13",
        "m2006-00",
        "FY2006-07",
        "fy2006-07Q1",
        "2006-07",
        "fy2006-07 ",
        "fy0000-01",
        "m0000-01",
        "fy9999-00q4",
        "fy२००६-०७",
    ],
)
def test_a_period_that_is_none_is_refused(period):
    with pytest.raises(Refused, match="no period"):
        period_bounds(period)


@pytest.mark.parametrize(
    "ext", ["csv", "psv", "tsv", "txt", "dat", "csv.gz", "TXT.zip", "zip", "tsv.zst", "parquet"]
)
def test_every_listed_extension_can_be_landed(ext):
    submission = declared(Path(f"hes_apc__fy2006-07q1__2006-08-22__RXA-1_b.{ext}"), SILENT)
    assert (submission.feed, submission.period) == ("hes_apc", "fy2006-07q1")
    assert (submission.extract_date, submission.sender) == (date(2006, 8, 22), "RXA-1_b")


@pytest.mark.parametrize("name", ["a.xls", "a.gz", "a.parquet.gz", "csv", "a.csv.7z", "README"])
def test_any_other_extension_cannot(name):
    assert extension(Path(name)) is None
    with pytest.raises(Refused, match="extensions are csv"):
        declared(Path(name), SILENT)


def test_a_name_without_sender_has_none():
    assert declared(Path("hes_apc__fy2006-07__2007-05-01.csv"), SILENT).sender is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nonsense__fy2006-07__2007-05-01.csv", "'nonsense' is no feed"),
        ("HES_APC__fy2006-07__2007-05-01.csv", "'HES_APC' is no feed"),
        ("hes_apc__FY2006-07__2007-05-01.csv", "'FY2006-07' is no period"),
        ("hes_apc__fy2006-08__2007-05-01.csv", "'fy2006-08' is no period: 08 is not the year"),
        ("hes_apc__m2006-13__2007-05-01.csv", "'m2006-13' is no period"),
        ("hes_apc__fy2006-07__2007-02-30.csv", "'2007-02-30' is no extract date"),
        ("hes_apc__fy2006-07__20070501.csv", "'20070501' is no extract date"),
        ("hes_apc__fy2006-07__2007-05-01__R XA.csv", "'R XA' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__RXÄ.csv", "'RXÄ' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__.csv", "'' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__RXA.v2.csv", "'RXA.v2' is no sender"),
        ("hes_apc__fy2006-07.csv", "does not say the extract date"),
        ("hes_apc.csv", "does not say the period"),
        ("extract.csv", "'extract' is no feed"),
    ],
)
def test_any_other_name_is_refused_with_the_reason(name, reason):
    with pytest.raises(Refused, match=reason):
        declared(Path(name), SILENT)


def test_options_say_what_the_name_does_not():
    options = {
        "feed": "epd",
        "period": "m2017-09",
        "extract_date": "2017-11-20",
        "sender": "NHSBSA",
    }
    submission = declared(Path("epd_201709.csv"), options)
    assert (
        submission.identifier("0123456789abcdef") == "epd__m2017-09__2017-11-20__NHSBSA__01234567"
    )


def test_an_option_stands_in_for_the_part_of_a_name_that_is_none():
    submission = declared(
        Path("hes_apc__fy2006-08__2006-08-22.csv"), SILENT | {"period": "fy2006-07"}
    )
    assert submission.period == "fy2006-07"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("feed", "hes_op"),
        ("period", "fy2006-07q2"),
        ("extract_date", "2006-08-23"),
        ("sender", "RXB"),
    ],
)
def test_an_option_that_contradicts_the_name_is_refused(option, value):
    path = Path("hes_apc__fy2006-07q1__2006-08-22__RXA.csv")
    with pytest.raises(Refused, match=f"the option says {value}"):
        declared(path, SILENT | {option: value})


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("feed", "HES_APC", "no feed"),
        ("period", "m2006-13", "no period"),
        ("extract_date", "22/08/2006", "no extract date"),
        ("sender", "R/XA", "no sender"),
    ],
)
def test_a_malformed_option_is_refused(option, value, reason):
    options = {
        "feed": "epd",
        "period": "m2017-09",
        "extract_date": "2017-11-20",
        "sender": "NHSBSA",
    }
    with pytest.raises(Refused, match=reason):
        declared(Path("extract.csv"), options | {option: value})


@pytest.mark.parametrize(
    ("sender", "synthetic"),
    [
        (None, False),
        ("RXA", False),
        ("synthetic", True),
        ("Artificial-HES", True),
        ("nosynthetic", False),
    ],
)
def test_the_sender_says_whether_data_are_made_up(ingest, lake, absence, sender, synthetic):
    name = "__".join(filter(None, ["esr_absence__fy2006-07__2007-05-01", sender])) + ".csv"
    ingest(absence(ABSENCE_ROW, name=name))
    [entry] = lake.manifest()
    assert entry["is_synthetic"] is synthetic
