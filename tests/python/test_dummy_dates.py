"""Which rows of hes_apc are told to have a dummy date (A04); a unit test of dbt has no contract."""

import pytest
from building import dbt, query

# What is said of a row, by the dates that it has beside those of any row.
ROWS = [
    ({"EPISTART": "1800-01-01"}, True),
    ({"EPIEND": "01/01/1801"}, True),
    ({"ADMIDATE": "1600-01-01 00:00:00"}, True),
    ({"DISDATE": "15821015"}, True),
    ({"OPDATE_01": "1-Jan-1800"}, True),
    ({}, False),
    # Missing or unreadable is no dummy, nor is the day beside one, nor a second operation's.
    ({"ADMIDATE": "", "DISDATE": "", "OPDATE_01": ""}, False),
    ({"EPISTART": "1800", "DISDATE": "1801-13-01", "OPDATE_01": "none"}, False),
    ({"ADMIDATE": "1800-01-02", "DISDATE": "1582-10-16", "OPDATE_01": "1799-12-31"}, False),
    ({"OPDATE_02": "1800-01-01"}, False),
]


@pytest.fixture
def told(lake, ingest, hes_apc) -> list[dict]:
    rows = [{"EPIKEY": str(key), **dates} for key, (dates, _) in enumerate(ROWS, start=1)]
    ingested = ingest(hes_apc(*rows))
    assert ingested.status == 0, ingested.err
    dbt(lake.home, "run", "--select", "stg_hes_apc").succeeded()
    return query(
        lake.home / "warehouse.duckdb",
        "select has_dummy_date, episode_start_date, procedure_date_01 from staging.stg_hes_apc"
        " order by line_number",
    )


def test_rows_with_a_dummy_date_are_told_and_have_none_there(told):
    assert [row["has_dummy_date"] for row in told] == [has for _, has in ROWS]
    assert told[0]["episode_start_date"] is None
    assert told[4]["procedure_date_01"] is None
