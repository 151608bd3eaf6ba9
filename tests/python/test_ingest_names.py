"""Rulebook 1.8 and 1.16: what a submission is called, what options add, what is inferred."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from building import ABSENCE_COLUMNS, ABSENCE_ROW

from warehouse.containers import Member
from warehouse.contracts import Refused
from warehouse.landing import stems
from warehouse.naming import Declaration, declared, period_bounds, period_of

SILENT = {"feed": None, "period": None, "extract_date": None, "sender": None}
TODAY = date.today()


def set_today(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Make it that day for whoever reads names and lands files."""

    class Clock(date):
        @classmethod
        def today(cls) -> date:
            return day

    monkeypatch.setattr("warehouse.landing.date", Clock)
    monkeypatch.setattr("warehouse.naming.date", Clock)


@pytest.fixture(autouse=True)
def the_day_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that begins before midnight still has the day that the cases name."""
    set_today(monkeypatch, TODAY)


def read(name: str, options: dict = SILENT) -> Declaration:
    """What a file of this name declares itself to be."""
    return declared(stems(Member(Path(name))), options)


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
        ("m2009-04_2022-03", date(2009, 4, 1), date(2022, 3, 31)),
        ("m2009-12_2010-01", date(2009, 12, 1), date(2010, 1, 31)),
        ("m2009-04_2009-04", date(2009, 4, 1), date(2009, 4, 30)),
        ("m1990-01", date(1990, 1, 1), date(1990, 1, 31)),
        (f"m{TODAY.year + 1}-12", date(TODAY.year + 1, 12, 1), date(TODAY.year + 1, 12, 31)),
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
        "m2009-04_2009-03",
        "m2009-04_2009-13",
        "m2009-04-2009-05",
        "m2009-04_",
        "fy1989-90",
        "m1989-12",
        "m1989-12_2006-01",
        f"m{TODAY.year + 2}-01",
        f"m2006-01_{TODAY.year + 2}-01",
        "fy9998-99",
    ],
)
def test_a_period_that_is_none_is_refused(period):
    with pytest.raises(Refused, match="no period"):
        period_bounds(period)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2017, 9, 4), date(2017, 9, 30), "m2017-09"),
        (date(2009, 4, 30), date(2022, 3, 1), "m2009-04_2022-03"),
    ],
)
def test_whole_months_make_a_period(first, last, name):
    assert period_of(first, last) == name


@pytest.mark.parametrize("ext", ["csv", "PSV", "tsv.gz", "txt.BZ2", "parquet", "xlsx", "dat.zst"])
def test_every_listed_extension_can_be_landed(ext):
    submission = read(f"hes_apc__fy2006-07q1__2006-08-22__RXA-1_b.{ext}")
    assert submission == Declaration("hes_apc", "fy2006-07q1", date(2006, 8, 22), "RXA-1_b")


@pytest.mark.parametrize("name", ["a.xls", "a.gz", "a.parquet.gz", "csv", "a.docx", "README"])
def test_any_other_extension_cannot(name):
    with pytest.raises(Refused, match="extensions are csv"):
        read(name)


def test_a_name_without_sender_has_none():
    assert read("hes_apc__fy2006-07__2007-05-01.csv").sender is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nonsense__fy2006-07__2007-05-01.csv", "'nonsense' is no feed"),
        ("HES_APC__fy2006-07__2007-05-01.csv", "'HES_APC' is no feed"),
        ("hes_apc__FY2006-07__2007-05-01.csv", "'FY2006-07' is no period"),
        ("hes_apc__fy2006-08__2007-05-01.csv", "'fy2006-08' is no period: 08 is not the year"),
        ("hes_apc__m2006-13__2007-05-01.csv", "'m2006-13' is no period"),
        ("hes_apc__fy2106-07__2007-05-01.csv", "'fy2106-07' is no period that can be meant"),
        ("hes_apc__fy2006-07__2007-02-30.csv", "'2007-02-30' is no extract date"),
        ("hes_apc__fy2006-07__20070501.csv", "'20070501' is no extract date"),
        ("hes_apc__fy2006-07__2060-05-01.csv", "extract date 2060-05-01 lies after today"),
        (f"hes_apc__fy2006-07__{TODAY + timedelta(days=1)}.csv", "lies after today"),
        ("hes_apc__fy2006-07__2007-05-01__R XA.csv", "'R XA' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__RXÄ.csv", "'RXÄ' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__.csv", "'' is no sender"),
        ("hes_apc__fy2006-07__2007-05-01__RXA.v2.csv", "'RXA.v2' is no sender"),
    ],
)
def test_a_name_that_says_a_part_badly_is_refused_with_the_reason(name, reason):
    with pytest.raises(Refused, match=reason):
        read(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (f"hes_apc__fy2006-07__{TODAY}.csv", Declaration("hes_apc", "fy2006-07", TODAY)),
        ("hes_apc__fy2006-07.csv", Declaration("hes_apc", "fy2006-07")),
        ("hes_apc.csv", Declaration("hes_apc")),
        ("extract.csv", Declaration()),
        ("two_years__.csv", Declaration()),
        ("Staff absence Q1 [1].csv", Declaration()),
        ("T201109PDPI+BNFT.CSV", Declaration()),
        ("NHS Sickness__April__2024__final.csv", Declaration()),
    ],
)
def test_a_name_may_be_silent(name, said):
    assert read(name) == said


def test_of_an_archive_s_entry_its_own_name_speaks_first():
    archive = Path("hes_apc__fy2006-07q1__2006-08-22__RXA.zip")
    assert declared(stems(Member(archive, "folder/part 1.csv")), SILENT).sender == "RXA"
    entry = Member(Path("a.zip"), "b/hes_op.csv")
    assert declared(stems(entry), SILENT) == Declaration("hes_op")
    with pytest.raises(Refused, match="name says feed hes_op, its archive's hes_apc"):
        declared(stems(Member(archive, "hes_op.csv")), SILENT)


def test_options_say_what_the_name_does_not():
    options = {
        "feed": "epd",
        "period": "m2017-09",
        "extract_date": "2017-11-20",
        "sender": "NHSBSA",
    }
    submission = read("epd_201709.csv", options)
    assert submission == Declaration("epd", "m2017-09", date(2017, 11, 20), "NHSBSA")


def test_an_option_stands_in_for_the_part_of_a_name_that_is_none():
    submission = read("hes_apc__fy2006-08__2006-08-22.csv", SILENT | {"period": "fy2006-07"})
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
    with pytest.raises(Refused, match=f"the option says {value}"):
        read("hes_apc__fy2006-07q1__2006-08-22__RXA.csv", SILENT | {option: value})


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("feed", "HES_APC", "no feed"),
        ("period", "m2006-13", "no period"),
        ("extract_date", "22/08/2006", "no extract date"),
        ("extract_date", "2060-08-22", "lies after today"),
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
        read("extract.csv", options | {option: value})


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


ABSENCE = ["200604,RXA,Nurses,10,300", "200606,RXA,Nurses,10,300"]


def test_a_file_that_says_nothing_lands_by_its_header_and_its_dates(ingest, lake, absence):
    path = absence(*ABSENCE, name="Staff absence Q1 [1].csv")
    outcome = ingest(path)
    assert outcome.status == 0
    [entry] = lake.manifest()
    assert (entry["feed"], entry["period"]) == ("esr_absence", "m2006-04_2006-06")
    assert entry["period_start_date"] == date(2006, 4, 1)
    assert entry["period_end_date"] == date(2006, 6, 30)
    assert entry["extract_date"] == TODAY
    assert entry["inferred"] == "feed, period, extract_date"
    assert outcome.out.splitlines()[1] == (
        f"inferred {path}: feed esr_absence (by the header), period m2006-04_2006-06 (from the"
        f" first to the last date in it), extract date {TODAY} (the day of landing)"
    )
    assert "1 month of the inferred period m2006-04_2006-06 has no row" in outcome.err


def test_what_the_name_or_an_option_says_is_kept(ingest, lake, absence):
    path = absence(*ABSENCE, name="esr_absence__fy2006-07.csv")
    assert ingest(path, "--sender", "RXA").status == 0
    [entry] = lake.manifest()
    assert (entry["period"], entry["sender"], entry["inferred"]) == (
        "fy2006-07",
        "RXA",
        "extract_date",
    )


def test_the_name_of_the_one_file_in_an_archive_speaks_too(ingest, lake, absence, tmp_path):
    path = absence(*ABSENCE, name="esr_absence__fy2006-07q1__2006-08-22.csv")
    with zipfile.ZipFile(tmp_path / "download (1).zip", "w") as archive:
        archive.write(path, "folder/" + path.name)
        archive.writestr("README.txt", "none")
    assert ingest(tmp_path / "download (1).zip").status == 0
    [entry] = lake.manifest()
    assert (entry["period"], entry["inferred"]) == ("fy2006-07q1", None)
    assert (entry["file_name"], entry["container"]) == ("download (1).zip", "zip")


def test_files_of_an_archive_are_submissions_of_their_own(ingest, lake, absence, tmp_path):
    text = absence(*ABSENCE).read_text()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("esr_absence__fy2006-07q1__2006-08-22__A.csv", "b/B.csv", "c/notes.docx"):
            archive.writestr(name, text)
    outcome = ingest(tmp_path / "all.zip")
    assert outcome.status == 1
    assert f"refused {tmp_path}/all.zip/c/notes.docx: 'notes.docx' is no file" in outcome.err
    found = {entry["file_name"]: entry for entry in lake.manifest()}
    assert found["all.zip/esr_absence__fy2006-07q1__2006-08-22__A.csv"]["sender"] == "A"
    assert found["all.zip/b/B.csv"]["inferred"] == "feed, period, extract_date"


def test_the_same_bytes_on_another_day_have_landed(ingest, lake, absence, monkeypatch):
    path = absence(*ABSENCE, name="a.csv")
    ingest(path)
    set_today(monkeypatch, TODAY + timedelta(days=1))
    assert ingest(path).out.startswith(
        f"already landed {path}: esr_absence__m2006-04_2006-06__{TODAY}"
    )
    assert ingest(path, "--period", "m2006-04_2006-06").out.startswith("already landed")
    assert ingest(path, "--feed", "esr_absence").out.startswith("already landed")
    assert len(lake.manifest()) == 1


def test_it_is_said_what_a_file_takes_the_place_of(ingest, absence):
    name = "esr_absence__{}__2006-08-22.csv"
    ingest(absence(*ABSENCE, name=name.format("fy2006-07q1")))
    # The second part of a month that comes in two files would silently be the only one.
    outcome = ingest(absence("200606,RWE,A,1,2", name=name.format("m2006-06")))
    assert "takes the place of esr_absence__fy2006-07q1__2006-08-22__" in outcome.out
    assert outcome.out.splitlines()[1].endswith(" in 1 month")
    outcome = ingest(
        absence("200606,RTE,A,1,2", name="esr_absence__m2006-05_2006-06__2006-07-22.csv")
    )
    lines = [line.partition(": ")[2] for line in outcome.out.splitlines()[1:]]
    assert [line.partition(" to ")[0] for line in lines] == ["leaves 1 month"] * 2
    others = [
        absence(*ABSENCE, name=f"esr_absence__fy2006-07q1__2006-08-22__{n}.csv") for n in "AB"
    ]
    assert "replaces" not in ingest(*others).out


def test_what_was_declared_then_need_not_be_said_again(ingest, lake, absence):
    ingest(absence(*ABSENCE, name="esr_absence__fy2006-07q1__2006-08-22.csv"))
    assert ingest(absence(*ABSENCE, name="copy.csv")).out.startswith("already landed")
    # A better declaration is another submission, and so is the same file from another sender.
    assert (
        ingest(absence(*ABSENCE, name="copy.csv"), "--extract-date", "2006-09-01").out[:6]
        == "landed"
    )
    assert ingest(absence(*ABSENCE, name="copy.csv"), "--sender", "RXA").out[:6] == "landed"
    assert len(lake.manifest()) == 3


def test_a_date_that_cannot_be_meant_does_not_stretch_the_period(ingest, lake, absence):
    later = f"{TODAY.year + 3}01,RXA,Doctors,1,300"
    outcome = ingest(absence(*ABSENCE, "190604,RXA,Doctors,1,300", later, name="a.csv"))
    assert lake.manifest()[0]["period"] == "m2006-04_2006-06"
    assert (
        "2 dates that cannot be meant were left aside when the period was inferred" in outcome.err
    )
    assert "2 of 4 rows lie outside the declared period and will be set aside (A06)" in outcome.err


def test_an_episode_is_dated_by_its_end_else_by_its_start(ingest, lake, hes_apc):
    dates = [("2006-03-30", "2006-04-02"), ("2006-06-20", ""), ("1801-01-01", "2006-05-01")]
    rows = [{"EPIKEY": str(n), "EPISTART": a, "EPIEND": b} for n, (a, b) in enumerate(dates)]
    assert ingest(hes_apc(*rows, name="HES APC.txt")).status == 0
    assert lake.manifest()[0]["period"] == "m2006-04_2006-06"


def test_a_file_without_a_date_that_can_be_meant_is_refused(ingest, lake, absence):
    outcome = ingest(absence("Q1,RXA,Nurses,1,2", ",RXA,Doctors,1,2", name="a.csv"))
    assert outcome.status == 1 and lake.files() == []
    assert (
        "no period can be taken from column month: no row has a month there from 1990 to the day"
        " of the extract, such as line 2: Q1, line 3: empty" in outcome.err
    )


def test_a_list_without_a_date_is_of_the_month_of_its_extract(ingest, lake, write):
    text = "org_code,org_name,org_type,sha_code\nZZ1,A,acute,Q30\n"
    ingest(write("list.csv", text), "--extract-date", "2006-08-22")
    assert lake.manifest()[0]["period"] == "m2006-08"


def test_a_header_that_fits_no_feed_is_refused(ingest, lake, write):
    outcome = ingest(write("a.csv", "code,name\nRXA,A\n"))
    assert outcome.status == 1 and "no header of a feed" in outcome.err
    assert lake.files() == []


def test_a_file_lands_without_options_as_it_does_with_them(ingest, lake, absence):
    ingest(absence(ABSENCE_ROW, header=ABSENCE_COLUMNS.upper(), name="a.csv"))
    assert lake.rows("esr_absence")[0]["_submission_id"] == lake.manifest()[0]["submission_id"]
