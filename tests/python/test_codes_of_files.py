"""Codes of organisations as files have them: new groups, sites, hubs, and what names nobody."""

import csv
from pathlib import Path

import pytest
from building import HES_APC_ROW, dbt, query, script

EPD = "epd__m2019-07__2019-09-15.csv"
EPD_LATE = "epd__m2026-06__2026-08-15.csv"
HES = "hes_apc__fy2006-07q1__2006-08-22.csv"
MODELS = "+int_drug_shares +int_open_organisations +dim_submission +int_feed_quarters"
STATIN = "0212000Y0AAADAD"

# Commissioner and practice as submitted, items; a pound an item. 11M, 14L and 15N are groups.
PRESCRIBED = [
    ("11M00", "L84001", 700),
    ("14L00", "P84001", 100),
    ("15N00", "L83001", 900),
    ("99P00", "L83002", 40),  # since April 2019 a part of 15N
    ("00L00", "00L998", 30),  # practices of 00L that are not known
    ("-", "00L998", 6),  # as well
    ("Q5900", "Y03584", 50),
    ("Q4700", "Y03585", 7),  # an area team that nobody lists
    ("13A00", "Y03586", 3),  # a hub
    ("RWE00", "Y03587", 5),  # a trust
    ("-", "-", 20),  # nobody is identified
    ("5.00E+01", "K81001", 11),  # 5E1, which a spreadsheet spoilt
    ("NMS00", "Y03588", 4),  # unknown
]


def write(folder: Path, name: str, rows: list[dict]) -> None:
    """Write rows as one file."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def prescribed(month: str, commissioner: str, practice: str, items: int) -> dict:
    """A row of the English Prescribing Dataset: so many items at a pound each."""
    return {
        "YEAR_MONTH": month,
        "PCO_CODE": commissioner,
        "PRACTICE_CODE": practice,
        "BNF_CODE": STATIN,
        "ITEMS": items,
        "TOTAL_QUANTITY": 28 * items,
        "NIC": items,
        "ACTUAL_COST": items,
    }


def episode(number: int, provider: str, pct: str) -> dict:
    """An episode of a person of its own."""
    row = {"EPIKEY": str(number), "PSEUDO_HESID": f"P{number}", "PROCODE3": provider}
    return HES_APC_ROW | row | {"PCTCODE_HIS": pct}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The warehouse of the three files."""
    home = tmp_path_factory.mktemp("codes")
    files = home / "files"
    files.mkdir()
    write(files, EPD, [prescribed("201907", *row) for row in PRESCRIBED])
    write(files, EPD_LATE, [prescribed("202606", "D9Y0V", "J82001", 8)])
    write(
        files,
        HES,
        [
            episode(1, "RWE00", "5E100"),
            episode(2, "RWE01", "5E1"),
            episode(3, "RWE", "5.00E+01"),
            episode(4, "-", "5E1"),
            episode(5, "RZZ01", "5E1"),
        ],
    )
    script(home, "ingest", files).succeeded()
    models = ("--resource-type", "seed", "--resource-type", "model", "--select", *MODELS.split())
    dbt(home, "build", *models).succeeded()
    return home / "warehouse.duckdb"


def test_items_are_those_of_the_group_meant(built):
    shares = query(
        built,
        "select organisation_code, sum(denominator)::int as items"
        " from intermediate.int_drug_shares"
        " where indicator_id = 'BCBV07' and quarter = '2019-20 Q2' group by organisation_code",
    )
    assert {row["organisation_code"]: row["items"] for row in shares} == {
        "11M": 700,
        "14L": 100,
        "15N": 940,
        "00L": 36,
        "Q59": 50,
        "Q47": 7,
        "13A": 3,
        "RWE": 5,
        "-": 20,
    }


def test_items_of_no_group_are_told_and_with_the_others_make_up_the_file(built):
    [row] = query(
        built,
        "select unclassed_item_count, unclassed_gbp, count(*) as n_read,"
        " count(*) filter (where quarantine_rule = 'ORG') as n_unknown"
        " from marts.dim_submission inner join intermediate.int_rows__epd using (submission_id)"
        " where period = 'm2019-07' group by all",
    )
    no_group = 50 + 7 + 3 + 5 + 20
    assert row["unclassed_item_count"] == no_group == row["unclassed_gbp"]
    # The spreadsheet's code and the unknown one.
    assert (row["n_read"], row["n_unknown"]) == (len(PRESCRIBED), 2)
    groups, unknown = 700 + 100 + 940 + 36, 11 + 4
    assert groups + no_group + unknown == sum(items for _, _, items in PRESCRIBED)


def test_sites_are_their_trusts_and_a_hyphen_is_nobody(built):
    counts = query(
        built,
        "select organisation_code, n_rows::int as n_rows from intermediate.int_feed_quarters"
        " where feed = 'hes_apc'",
    )
    assert {row["organisation_code"]: row["n_rows"] for row in counts} == {"RWE": 3, "5E1": 2}


def test_whoever_closed_has_no_row_after_its_closing(built):
    """How many groups, locations and boards were open is what the sources counted."""
    found = query(
        built,
        "select quarter, organisation_type, count(*) as n"
        " from intermediate.int_open_organisations"
        " where organisation_class = 'pct' and right(quarter, 2) = 'Q1' group by all",
    )
    by_year = {(row["quarter"][:4], row["organisation_type"]): row["n"] for row in found}
    groups = {"2013": 211, "2015": 209, "2017": 207, "2018": 195, "2019": 191, "2020": 135}
    assert {year: by_year[year, "ccg"] for year in groups} == groups
    assert {by_year[year, "ccg"] for year in ("2021", "2023", "2026")} == {106}
    boards = {year: by_year.get((year, "icb")) for year in ("2022", "2023", "2025", "2026")}
    assert boards == {"2022": None, "2023": 42, "2025": 42, "2026": 36}
    assert (by_year["2006", "pct"], by_year["2012", "pct"], by_year.get(("2013", "pct"))) == (
        152,
        151,
        None,
    )
