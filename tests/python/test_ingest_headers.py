"""Rulebook 1.14: where a header is, which feed it fits, and what is said where it fits none."""

import pytest
from building import ABSENCE_COLUMNS, ABSENCE_NAME, ABSENCE_ROW

from warehouse.contracts import Refused, feeds
from warehouse.headers import find_header, header_of_names, key
from warehouse.limits import HEADER_LINES, MAX_COLUMNS

# Headers as published, and what of each is the contract's.
EPD = (
    "YEAR_MONTH,REGIONAL_OFFICE_NAME,REGIONAL_OFFICE_CODE,AREA_TEAM_NAME,AREA_TEAM_CODE,PCO_NAME,"
    "PCO_CODE,PRACTICE_NAME,PRACTICE_CODE,ADDRESS_1,ADDRESS_2,ADDRESS_3,ADDRESS_4,POSTCODE,"
    "BNF_CHEMICAL_SUBSTANCE,CHEMICAL_SUBSTANCE_BNF_DESCR,BNF_CODE,BNF_DESCRIPTION,"
    "BNF_CHAPTER_PLUS_CODE,QUANTITY,ITEMS,TOTAL_QUANTITY,ADQUSAGE,NIC,ACTUAL_COST,UNIDENTIFIED"
)
EPD_2025 = (
    "YEAR_MONTH,REGIONAL_OFFICE_NAME,REGIONAL_OFFICE_CODE,ICB_NAME,ICB_CODE,PCO_NAME,PCO_CODE,"
    "PRACTICE_NAME,PRACTICE_CODE,ADDRESS_1,ADDRESS_2,ADDRESS_3,ADDRESS_4,POSTCODE,"
    "BNF_CHEMICAL_SUBSTANCE_CODE,BNF_CHEMICAL_SUBSTANCE,BNF_PRESENTATION_CODE,"
    "BNF_PRESENTATION_NAME,BNF_CHAPTER_PLUS_CODE,QUANTITY,ITEMS,TOTAL_QUANTITY,ADQ_USAGE,NIC,"
    "ACTUAL_COST,UNIDENTIFIED,SNOMED_CODE"
)
PDPI = (
    " SHA,PCT,PRACTICE,BNF CODE,BNF NAME                  ,ITEMS  ,NIC        ,ACT COST   ,"
    "QUANTITY,PERIOD,                 "
)
SICKNESS_SERIES = (
    "Date,HEE_region_code,HEE_region_name,Org Code,Org Name,Org Type,FTE Days Sick,"
    "FTE Days Available,SA Rate (%),Sort_Date"
)
SICKNESS = (
    "DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,"
    "FTE_DAYS_LOST,FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT"
)
TURNOVER = (
    "PERIOD,TYPE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,REPORTING_ORG_NAME,"
    "REPORTING_ORG_CODE,CLUSTER_GROUP,BENCHMARK_GROUP,STAFF_GROUP_1_NAME,HC,FTE"
)


def test_each_contract_fits_itself_alone():
    for feed in feeds().values():
        required = [column.name for column in feed.columns if column.required]
        for names in (list(feed.names), required):
            assert header_of_names(names, None).feed.name == feed.name


@pytest.mark.parametrize(
    ("line", "feed", "columns"),
    [
        (EPD, "epd", EPD.lower().split(",")),
        (f"{EPD},SNOMED_CODE", "epd", f"{EPD},SNOMED_CODE".lower().split(",")),
        (EPD_2025, "epd", f"{EPD},SNOMED_CODE".lower().split(",")),
        (
            PDPI,
            "epact",
            [
                *("sha", "pct_code", "practice_code", "bnf_code", "bnf_name", "items", "nic"),
                *("act_cost", "quantity", "period", "unnamed_11"),
            ],
        ),
        (
            SICKNESS_SERIES,
            "nhse_sickness",
            [
                *("date", "hee_region_code", "hee_region_name", "org_code", "org_name"),
                *("org_type", "fte_days_lost", "fte_days_available"),
                *("sickness_absence_rate_percent", "sort_date"),
            ],
        ),
        (
            "Month,Org Code,Org Name,FTE Days Lost,FTE Days Available,SA Rate (%)",
            "nhse_sickness",
            [
                *("date", "org_code", "org_name", "fte_days_lost", "fte_days_available"),
                "sickness_absence_rate_percent",
            ],
        ),
        (SICKNESS, "nhse_sickness", SICKNESS.lower().split(",")),
        (TURNOVER, "nhse_turnover", TURNOVER.lower().split(",")),
        (
            "old_code,new_code,reason,effective_date,indicator",
            "successions",
            ["old_code", "new_code", "reason", "effective_date", "indicator"],
        ),
    ],
)
def test_published_layouts_are_known_by_their_header(line, feed, columns):
    header = find_header([line], None)
    assert (header.feed.name, list(header.columns)) == (feed, columns)


def test_a_header_fits_no_feed_but_its_own():
    for line in (EPD, EPD_2025, PDPI, SICKNESS_SERIES, SICKNESS, TURNOVER):
        names = line.split(",")
        own = find_header([line], None).feed.name
        for other in feeds():
            if other != own:
                with pytest.raises(Refused, match=r"required columns missing|another table"):
                    header_of_names(names, other)


@pytest.mark.parametrize(
    "name", ["ORG_CODE", "Org Code", "org-code", "OrgCode", '"org.code"', "\ufefforg_code "]
)
def test_names_are_compared_without_case_blanks_and_punctuation(name):
    assert key(name) == "orgcode"


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";"])
@pytest.mark.parametrize("before", [0, 1, 3, HEADER_LINES - 1])
def test_the_header_is_the_first_line_with_every_required_column(delimiter, before):
    above = [f"Title {n}{delimiter * 4}" for n in range(before)]
    header = find_header([*above, ABSENCE_COLUMNS.replace(",", delimiter), "x"], None)
    assert (header.line_number, header.delimiter) == (before + 1, delimiter)
    assert header.preamble == tuple(above)


def test_a_header_below_the_first_thirty_lines_is_none():
    with pytest.raises(
        Refused, match="no header of a feed among the first 30 lines; line 1 has 1 field: Title"
    ):
        find_header(["Title"] * HEADER_LINES + [ABSENCE_COLUMNS], None)


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_line_that_names_the_delimiter_is_obeyed_and_is_no_preamble(line):
    header = find_header([line, "Title", ABSENCE_COLUMNS.replace(",", ";")], None)
    assert (header.delimiter, header.line_number, header.preamble) == (";", 3, ("Title",))


@pytest.mark.parametrize(
    ("lines", "wanted", "said"),
    [
        (
            ["sep=;", ABSENCE_COLUMNS],
            None,
            "line 1 says that fields are separated by semicolon; line 2 has 1 field: month,org",
        ),
        (["sep=^", ABSENCE_COLUMNS], None, "line 1 is 'sep=^': fields may be separated by comma,"),
        (
            ["A title", "month;org_code;fte_days_lost"],
            "esr_absence",
            "required columns missing for esr_absence: staff_group, fte_days_available;"
            " line 2 has 3 fields, separated by semicolon: month;org_code;fte_days_lost",
        ),
        (
            ["month,org_code,staff_group,fte_days_lost"],
            None,
            "the header fits no feed; the nearest is esr_absence: required columns missing for"
            " esr_absence: fte_days_available; line 1 has 4 fields, separated by comma",
        ),
        (["a"], "bppc", "required columns missing for bppc: period, org_code, category"),
        (
            [f"{SICKNESS},STAFF_GROUP,REASON"],
            "nhse_sickness",
            "not nhse_sickness but another table that looks like it: it has STAFF_GROUP, REASON",
        ),
        ([f'{ABSENCE_COLUMNS},"open'], None, "the header row ends inside an open quote"),
        (
            [ABSENCE_COLUMNS + ",x" * MAX_COLUMNS],
            None,
            "line 1 has 2,005 columns, the limit is 2,000",
        ),
        ([f"{ABSENCE_COLUMNS},Org Code"], None, "column named twice: org_code"),
        ([f"{ABSENCE_COLUMNS},\x1b[31mnote\x07"], "bppc", r": month,org_code,staff_group"),
    ],
)
def test_what_was_found_is_said(lines, wanted, said):
    with pytest.raises(Refused) as refused:
        find_header(lines, wanted)
    assert said in str(refused.value)
    assert str(refused.value).isprintable() and len(str(refused.value)) < 400


def test_a_value_in_a_message_is_cut_and_obeyed_by_no_terminal():
    with pytest.raises(Refused, match=r": \\x1b\[2Jx{55}…$"):
        find_header(["\x1b[2J" + "x" * 5000], None)


def test_a_header_that_fits_two_feeds_is_refused_with_both():
    both = f"{ABSENCE_COLUMNS},headcount_start,headcount_end,joiners_hc,leavers_hc"
    with pytest.raises(Refused, match="several feeds: esr_absence, esr_movement; say which with"):
        find_header([both], None)
    assert find_header([both], "esr_movement").feed.name == "esr_movement"


def test_the_contract_s_own_name_goes_before_what_it_is_also_called():
    names = ["month", "date", "org_code", "org_name", "fte_days_sick", "fte_days_lost"]
    names += ["fte_days_available", "sa_rate"]
    assert list(header_of_names(names, "nhse_sickness").columns) == [
        *("month", "date", "org_code", "org_name", "fte_days_sick", "fte_days_lost"),
        *("fte_days_available", "sickness_absence_rate_percent"),
    ]


def test_a_file_with_a_preamble_lands_with_it(ingest, lake, write):
    above = ["NHS Sickness Absence,,,,", 'April "2006,,,,', "", ",,,,"]
    text = "\r\n".join([*above, ABSENCE_COLUMNS, ABSENCE_ROW, ABSENCE_ROW.replace("RXA", "RXC")])
    assert ingest(write(ABSENCE_NAME, text)).status == 0
    rows = lake.rows("esr_absence")
    assert [(row["_line"], row["org_code"]) for row in rows] == [(6, "RXA"), (7, "RXC")]
    [entry] = lake.manifest()
    assert entry["preamble_line_count"] == 3
    assert entry["preamble"] == 'NHS Sickness Absence,,,,\nApril "2006,,,,\n,,,,'


def test_lines_of_a_spreadsheet_may_have_fields_too_many_or_too_few_if_empty(ingest, lake, write):
    header = f"{ABSENCE_COLUMNS},headcount,fte"
    lines = [
        "200604,RXA,a,1,2,3,4",
        "200604,RXA,b,1,2,3,4,, ,",
        "200604,RXA,c,1,2",
        "200604,RXA,d,1,2,3,4,,5",
        "200604,RXA,e,1",
        '200604,RXA,"f",1,2,',
    ]
    ingest(write(ABSENCE_NAME, "\n".join([header, *lines])))
    rows = lake.rows("esr_absence")
    assert [(row["staff_group"], row["headcount"], row["fte"]) for row in rows] == [
        ("a", "3", "4"),
        ("b", "3", "4"),
        ("c", None, None),
        ("f", None, None),
    ]
    assert [row["_line"] for row in rows] == [2, 3, 4, 7]
    assert [(reject["line_number"], reject["reason"]) for reject in lake.rejects()] == [
        (5, "9 fields, the header has 7"),
        (6, "4 fields, the header has 7"),
    ]
