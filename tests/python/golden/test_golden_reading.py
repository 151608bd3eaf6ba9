"""Golden cases of the reference: reading files and codes, and whom a code stands for."""

from datetime import date

import pytest
from reference import parsing, quarters, submissions
from reference.organisations import Register
from reference.tables import Evidence
from rows import POPULATION, people


@pytest.mark.parametrize(
    ("received", "normal"),
    [("i10", "I10X"), ("A17.0D", "A170"), ("I10XD", "I10X"), ("M00.01A", "M0001")],
)
def test_diagnoses_are_normalised(received, normal):
    assert parsing.diagnosis(received) == normal


@pytest.mark.parametrize(
    ("line", "fields"),
    [('a|"b|""c"|d"e', ["a", 'b|"c', 'd"e']), ('a|"b', None), ('""|', ["", ""]), ('"a""', None)],
)
def test_lines_are_split(line, fields):
    assert parsing.split_line(line, "|") == fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/01/2007", date(2007, 1, 31)),
        ("1/2/2007", date(2007, 2, 1)),
        ("2007-01-31 00:00:00", date(2007, 1, 31)),
        ("2007-01-31 23:59:59.997", date(2007, 1, 31)),
        ("2007-01-31T00:00:00", date(2007, 1, 31)),
        ("20070131", date(2007, 1, 31)),
        ("31-Jan-2007", date(2007, 1, 31)),
        ("2007-02-30", None),
        ("31/01/07", None),
        ("01/31/2007", None),
        ("Jan 2007", None),
    ],
)
def test_dates_are_read(text, day):
    assert parsing.to_date(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234,567.8", 1234567.8),
        ("£1,234", 1234),
        ("(1,234)", -1234),
        ("(£900.50)", -900.5),
        ("-12", -12),
        ("4.5%", None),
        ("0000031", 31),
        ("1,23", None),
        ("12,34,567", None),
        ("12,5", None),
        ("(12", None),
        ("*", None),
        ("-", None),
        ("..", None),
        (".", None),
        ("[c]", None),
        ("12 days", None),
    ],
)
def test_numbers_are_read(text, number):
    assert parsing.to_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("4.5%", 4.5), ("(4.5%)", -4.5), ("(4.5)%", -4.5), ("4.5", 4.5), ("4.5 %", None), ("%", None)],
)
def test_percents_are_read_in_their_column(text, number):
    row = {"SICKNESS_ABSENCE_RATE_PERCENT": text, "HC": text, "_DELIMITER": ","}
    assert submissions.figure(row, "SICKNESS_ABSENCE_RATE_PERCENT") == number
    assert submissions.figure(row, "HC") == (None if "%" in text else number)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("200604", 3),
        ("2006_04", 3),
        ("2006-APR", 3),
        ("Apr-06", 3),
        ("apr 2006", 3),
        ("200613", None),
        ("04/2006", None),
        ("2006", None),
    ],
)
def test_months_are_read(text, month):
    assert parsing.to_month(text) == (None if month is None else 12 * 2006 + month)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0-4", 0),
        ("00-04", 0),
        ("05-09", 1),
        ("80-84", 16),
        ("85+", 17),
        ("85-89", 17),
        ("90+", 17),
        ("90 and over", 17),
        ("5-Sep", None),
        ("Oct-14", None),
        ("0-5", None),
        ("1-5", None),
        ("80+", None),
        (None, None),
    ],
)
def test_bands_of_age_are_read(text, band):
    assert parsing.to_age_band(text) == band


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("CATEGORY", " Non-NHS ", "NON_NHS"),
        ("CATEGORY", "non nhs", "NON_NHS"),
        ("CATEGORY", "Total", None),
        ("CLASSPAT", "1.0", "1"),
        ("CLASSPAT", "7", None),
        ("ADMIMETH", "2a", "2A"),
        ("ADMIMETH", "33", None),
        ("FIRSTATT", "x", "X"),
        ("LEAVING_REASON", "End of FTC", "END_OF_FTC"),
        ("TYPE", "DENOMINATOR at end of period", "DENOMINATOR_AT_END_OF_PERIOD"),
    ],
)
def test_codes_are_read(column, text, code):
    assert parsing.to_code(column, text) == code


@pytest.mark.parametrize("text", ["", "  ", "NULL", "null", "N/A", "#N/A", "na", "NaN", "None"])
def test_nothing_is_given_in_many_words(text):
    assert parsing.given(text) is None


def test_what_stands_for_something_is_given():
    assert [parsing.given(text) for text in (" - ", "&", "none given")] == ["-", "&", "none given"]


@pytest.mark.parametrize(
    ("code", "quarter", "successor"),
    [
        ("RM4", "2006-07 Q4", "RM4"),
        ("RM4", "2012-13 Q1", "RW3"),
        ("RM4", "2017-18 Q3", "R0A"),
        ("RN1", "2011-12 Q4", "RN5"),  # in the middle of the quarter: for the whole of it
        ("11M00", "2017-18 Q1", "11M"),
    ],
)
def test_codes_map_to_the_successor_of_the_quarter(code, quarter, successor):
    assert Register([]).mapped(code, quarters.from_label(quarter)) == successor


def test_an_organisation_is_open_until_it_is_succeeded():
    register = Register([])
    assert register.is_open("RJ5", quarters.from_label("2007-08 Q2"))
    assert not register.is_open("RJ5", quarters.from_label("2007-08 Q3"))


def test_each_pct_has_the_population_of_its_own_latest_year_and_merged_ones_add_up(send):
    send([people("5P3", 10), people("5P4", 5), people("5A3", 7, year=2009)], POPULATION)
    send(
        [people("5P3", 20, year=2007), people("5A3", 8, year=2010)],
        "population__fy2007-08__2007-06-30.csv",
    )
    folder = send([people("5A3", 9, year=2010)], "population__fy2007-08__2008-06-30.csv")
    population = Evidence(folder).population
    for quarter, wanted in (
        ("2006-07 Q4", {"5P3": 10, "5P4": 5, "5A3": 7}),
        ("2007-08 Q1", {"5P3": 20, "5P4": 5, "5A3": 7}),
        ("2010-11 Q1", {"5QV": 25, "5A3": 9}),
    ):
        found = population.of(quarters.from_label(quarter))
        assert {code: sum(by.values()) for code, by in found.items()} == wanted
