"""Rulebook 1.8 and 1.2: Parquet may be typed or text."""

import duckdb
import pytest
from building import ABSENCE_COLUMNS

NAME = "esr_absence__fy2006-07q1__2006-08-22.parquet"
TEXT = "select '200604' as month, 'RXA' as org_code, 'Nurses' as staff_group"
SHARES = "'1' as fte_days_lost, '2' as fte_days_available"


@pytest.fixture
def parquet(write):
    """Write the result of a query as a Parquet file."""

    def write_parquet(query: str, name: str = NAME):
        path = write(name, b"")
        duckdb.sql(query).write_parquet(str(path))
        return path

    return write_parquet


def test_text_columns_are_trimmed_and_lines_counted_from_the_second(ingest, lake, parquet):
    query = f"{TEXT}, {SHARES} union all select ' 200605', ' ', 'Nurses', null, '2\t'"
    assert ingest(parquet(query)).status == 0
    first, second = lake.rows("esr_absence")
    assert (first["_line"], second["_line"]) == (2, 3)
    assert (second["month"], second["org_code"]) == ("200605", None)
    assert (second["fte_days_lost"], second["fte_days_available"]) == (None, "2")
    [entry] = lake.manifest()
    assert (entry["encoding"], entry["delimiter"], entry["reject_count"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("11::double", "11"),
        ("-3::float", "-3"),
        ("10.5::double", "10.5"),
        ("'nan'::double", None),
        ("1e300::double", "1e+300"),
        ("11::decimal(18, 2)", "11"),
        ("10.25::decimal(18, 2)", "10.25"),
        ("123456789012::bigint", "123456789012"),
        ("7::utinyint", "7"),
        ("date '2006-04-03'", "2006-04-03"),
        ("timestamp '2006-04-03 00:00:00'", "2006-04-03"),
        ("timestamp '2006-04-03 10:30:00'", "2006-04-03 10:30:00"),
        ("timestamp_ns '2006-04-03 00:00:00'", "2006-04-03"),
        ("true", "true"),
        ("'RXA'::blob", "RXA"),
        ("null::integer", None),
    ],
)
def test_typed_values_become_the_text_a_csv_would_have(ingest, lake, parquet, value, text):
    assert ingest(parquet(f"{TEXT}, {SHARES}, {value} as Further")).status == 0
    assert lake.rows("esr_absence")[0]["further"] == text


def test_column_names_match_without_case(ingest, lake, parquet):
    query = f"{TEXT}, {SHARES}".replace("as org_code", "as ORG_Code")
    assert ingest(parquet(query)).status == 0
    assert lake.rows("esr_absence")[0]["org_code"] == "RXA"


def test_nested_columns_are_kept_as_text(ingest, lake, parquet):
    query = f"select {{'month': 1, 'b': [1, 2]}} as further, * from ({TEXT}, {SHARES})"
    assert ingest(parquet(query)).status == 0
    row = lake.rows("esr_absence")[0]
    assert row["further"] == "{'month': 1, 'b': [1, 2]}" and row["month"] == "200604"


def test_a_column_named_twice_is_refused(ingest, lake, write):
    import pandas

    path = write(NAME, b"")
    frame = pandas.DataFrame([["x"] * 6], columns=[*ABSENCE_COLUMNS.split(","), "placeholder"])
    duckdb.from_df(frame).write_parquet(str(path))
    # Engines do not write such files; the name is patched in, its length unchanged.
    path.write_bytes(path.read_bytes().replace(b"placeholder", b"staff_group"))
    outcome = ingest(path)
    assert outcome.status == 1 and "column named twice: staff_group" in outcome.err
    assert lake.files() == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (f"select * from ({TEXT}, {SHARES}) where false", "no rows"),
        (TEXT, "required columns missing for esr_absence: fte_days_lost, fte_days_available"),
        (f"{TEXT}, {SHARES}, 1 as _line", "_line"),
    ],
)
def test_a_file_without_rows_or_columns_is_refused(ingest, lake, parquet, query, reason):
    outcome = ingest(parquet(query))
    assert outcome.status == 1 and reason in outcome.err
    assert lake.files() == []


@pytest.mark.parametrize("kept", [0, 20, -20])
def test_a_corrupt_file_is_refused_as_unreadable(ingest, lake, parquet, kept):
    path = parquet(f"{TEXT}, {SHARES}")
    path.write_bytes(path.read_bytes()[:kept])
    outcome = ingest(path)
    assert outcome.status == 1 and "unreadable" in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert lake.files() == []


def test_a_parquet_file_with_broken_pages_is_refused_by_its_own_fault(
    ingest, lake, parquet, absence
):
    # The first page's bytes, of 2,000 different values; header and footer are whole.
    query = f"{TEXT}, {SHARES}, md5(i::varchar) as further from range(2000) t(i)"
    path = parquet(query)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle - 2000 : middle + 2000] = bytes(4000)
    path.write_bytes(content)
    outcome = ingest(path, absence("200604,RWE,Nurses,1,300"))
    assert outcome.status == 1 and f"refused {path}: unreadable: " in outcome.err
    assert str(lake.home) not in outcome.err.partition("unreadable")[2].splitlines()[0]
    assert [entry["container"] for entry in lake.manifest()] == ["csv"]
