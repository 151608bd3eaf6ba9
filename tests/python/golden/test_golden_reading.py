"""Golden cases of the reference: reading files and codes, and whom a code stands for."""

from datetime import date

import pytest
from reference import parsing, quarters
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
        ("2007-01-31 00:00:00", date(2007, 1, 31)),
        ("2007-02-30", None),
    ],
)
def test_dates_are_read(text, day):
    assert parsing.to_date(text) == day


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
