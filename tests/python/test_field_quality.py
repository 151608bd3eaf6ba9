"""How the fields of a row are judged: valid, default, invalid or missing (Rulebook 8.7)."""

import csv
from functools import cache
from typing import Any

import duckdb
import jinja2
import pytest
from building import CHECKOUT

from warehouse.contracts import Column, feeds

MACROS = ("engine/casts.sql", "engine/lists.sql", "contract.sql", "field_quality.sql")
FEEDS = ("hes_apc", "hes_op")
WORDS = {"v": "valid", "d": "default", "i": "invalid", "m": "missing"}


class DuckDB:
    """What the macros ask of dbt's adapter: the DuckDB twin of a macro that differs by engine."""

    def dispatch(self, name: str, _project: str) -> Any:
        return getattr(macros(), f"duckdb__{name}")


@cache
def macros() -> Any:
    """The macros that judge a field, without dbt: a unit test of dbt cannot read a contract."""
    text = "\n".join((CHECKOUT / "macros" / name).read_text(encoding="utf-8") for name in MACROS)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"adapter": DuckDB(), "return": lambda text: text}
    return environment.from_string(text).module


def contract(feed: str, name: str) -> Column:
    [found] = [column for column in feeds()[feed].columns if column.name == name]
    return found


def states(feed: str, name: str, texts: list[str | None], comma: bool = False) -> list[str]:
    """The state of each text in a column of a feed; `comma`: a comma may be a decimal one."""
    meta = contract(feed, name).meta
    value = macros().cast_as_received("v", meta, decimal_comma="_decimal_comma")
    state = macros().field_state("v", "value", meta, feeds()[feed].meta["dummy_dates"])
    query = f"""
        with given as (
            select unnest(?::varchar[]) as v, unnest(range(?)) as i, ?::boolean as _decimal_comma
        )
        select {state} from (select *, {value} as value from given) order by i
    """
    rows = duckdb.execute(query, [texts, len(texts), comma]).fetchall()
    return [WORDS[state] for (state,) in rows]


def judged(feed: str) -> list[str]:
    """The fields of the contract that have texts without a value, or are scored."""
    return [
        column.name
        for column in feeds()[feed].columns
        if column.type not in ("text", "code")
        or column.accepted_values
        or column.meta.get("default_values")
        or column.meta.get("is_scored")
    ]


def scored(feed: str) -> set[str]:
    return {column.name for column in feeds()[feed].columns if column.meta.get("is_scored")}


@pytest.mark.parametrize("feed", FEEDS)
def test_null_and_its_words_are_missing_in_every_field(feed):
    words = [None, "NULL", "null", "N/A", "#N/A", "na", "NaN", "None"]
    for name in judged(feed):
        assert states(feed, name, words) == ["missing"] * len(words), name


CASES = [
    ("hes_apc", "sex", {"1": "valid", "2.0": "valid", "0": "default", "9.0": "default"}),
    ("hes_apc", "sex", {"3": "invalid", "-": "invalid", "*": "invalid"}),
    ("hes_apc", "startage", {"7001": "valid", "54.0": "valid", "999": "default"}),
    ("hes_apc", "startage", {"54.5": "invalid", "*": "invalid", "-": "invalid", "x": "invalid"}),
    ("hes_apc", "startage", {"999.0": "default", "9990": "valid", "-999": "valid"}),
    ("hes_op", "apptage", {"999": "default", "99": "valid", ":": "invalid"}),
    ("hes_apc", "epikey", {"999": "valid", "ABC": "invalid"}),
    ("hes_apc", "tretspef", {"&": "default", "100": "valid", "-": "valid", "1O0": "valid"}),
    ("hes_apc", "mainspef", {"&": "default", "&&": "valid"}),
    ("hes_op", "mainspef", {"&": "default", "100": "valid"}),
    ("hes_apc", "opertn_4_01", {"-": "valid", "&": "default", "W371": "valid", "NA": "missing"}),
    ("hes_apc", "consult", {"c9999998": "default", "&": "default", "C9999999": "valid"}),
    ("hes_op", "consult", {"M9999998": "default", "-": "valid"}),
    ("hes_apc", "classpat", {"8": "default", "9": "default", "5": "valid", "6": "invalid"}),
    ("hes_op", "attended", {"9": "default", "5": "valid", "1": "invalid"}),
    ("hes_op", "firstatt", {"x": "default", "X": "default", "9": "default", "1": "valid"}),
    ("hes_op", "refsourc", {"99": "default", "3": "valid", "9": "valid", "999": "valid"}),
    ("hes_apc", "dismeth", {"9": "default", "8": "valid", "0": "invalid"}),
    ("hes_apc", "sushrg", {"U": "default", "uz01": "default", "WU1": "valid"}),
    ("hes_op", "sushrg", {"UZ01Z": "default", "WF01A": "valid"}),
    (
        "hes_apc",
        "diag_4_01",
        {"R69": "default", "r69X": "default", "R68": "valid", "AR69": "valid"},
    ),
    ("hes_apc", "admimeth", {"2a": "valid", "99": "valid", "2E": "invalid"}),
    ("hes_apc", "admincat", {"1": "valid", "99": "valid", "7": "invalid"}),
    ("hes_op", "imd04_quintile", {"1": "valid", "5.0": "valid", "6": "invalid", "*": "invalid"}),
    ("hes_apc", "procode3", {"ra1": "valid", "-": "valid"}),
    ("hes_op", "pctcode_his", {"5A1": "valid", "&": "valid"}),
]


@pytest.mark.parametrize(("feed", "name", "expected"), CASES)
def test_states_of_a_field(feed, name, expected):
    assert dict(zip(expected, states(feed, name, list(expected)), strict=True)) == expected


@pytest.mark.parametrize("feed", FEEDS)
def test_dates_say_nothing_on_the_dummy_days_however_written(feed):
    expected = {
        "2006-04-03": "valid",
        "3/4/2006": "valid",
        "20060403": "valid",
        "1799-12-31": "valid",
        "1800-01-01": "default",
        "01/01/1801": "default",
        "16000101": "default",
        "15-OCT-1582": "default",
        "1582-10-15 00:00:00": "default",
        "2006-02-30": "invalid",
        "2006-4-3": "invalid",
        "0000-01-01": "invalid",
        "2006-01- 1": "invalid",
        "2006-01-1 ": "invalid",
        "-": "invalid",
    }
    dates = [column.name for column in feeds()[feed].columns if column.type == "date"]
    assert len(dates) == {"hes_apc": 29, "hes_op": 3}[feed]
    for name in dates:
        assert dict(zip(expected, states(feed, name, list(expected)), strict=True)) == expected


def test_a_comma_that_may_be_a_decimal_one_is_not_read():
    assert states("hes_op", "apptage", ["1,000"]) == ["valid"]
    assert states("hes_op", "apptage", ["1,000", "12"], comma=True) == ["invalid", "valid"]


def test_the_fields_that_are_judged():
    operations = [f"opdate_{number:02}" for number in range(1, 25)]
    assert judged("hes_apc") == [
        *("epikey", "procode3", "admidate", "disdate", "epistart", "epiend", "epiorder", "epistat"),
        *("admimeth", "classpat", "sex", "startage", "diag_4_01", "opertn_4_01", "sushrg"),
        *("epitype", "dismeth", "admincat", "mainspef", "tretspef", "consult", "pctcode_his"),
        *("imd04_quintile", *operations, "subdate"),
    ]
    assert judged("hes_op") == [
        *("attendkey", "procode3", "apptdate", "apptage", "sex", "attended", "firstatt"),
        *("refsourc", "tretspef", "pctcode_his", "imd04_quintile", "admincat", "mainspef"),
        *("consult", "reqdate", "sushrg", "subdate"),
    ]


def test_the_fields_that_are_scored():
    assert scored("hes_apc") == {
        *("procode3", "admidate", "epistart", "epiend", "admimeth", "classpat", "sex", "startage"),
        *("diag_4_01", "sushrg", "tretspef", "consult", "pctcode_his"),
    }
    assert scored("hes_op") == {
        *("procode3", "apptdate", "attended", "firstatt", "refsourc", "sex", "apptage"),
        *("tretspef", "pctcode_his"),
    }


@pytest.mark.parametrize("feed", FEEDS)
def test_unknown_consultants_are_those_of_the_seed(feed):
    seed = CHECKOUT / "seeds" / "reference" / "unknown_consultants.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        codes = [row["consultant_code"] for row in csv.DictReader(file)]
    assert sorted(contract(feed, "consult").meta["default_values"]) == sorted(codes)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_default_can_be_read(feed):
    """One that is not accepted would be invalid, whatever the contract calls it."""
    for column in feeds()[feed].columns:
        defaults = [str(default).rstrip("*") for default in column.meta.get("default_values", [])]
        found = states(feed, column.name, defaults) if defaults else []
        assert found == ["default"] * len(defaults), column.name
