"""The page on change: its tables stand where they belong, and its chart is one that can be read."""

import xml.etree.ElementTree as ET

import pytest
from document_change import (
    CHANGEOVER,
    PAGE,
    PARTS,
    QUARTERS,
    Amount,
    NotTheDemo,
    chart,
    main,
    name,
    partial_senders,
    tables,
    with_tables,
)

# Eighteen trusts fall by a third in the changeover, adjusted not at all.
AMOUNTS = {
    (group, name(quarter)): Amount(
        6e6 if group == "part" and name(quarter) in CHANGEOVER else 9e6, 9e6
    )
    for group in ("england", "part", "others")
    for quarter in QUARTERS
}
CHANGES = {
    (group, name(quarter)): {**dict.fromkeys(PARTS, 0.0), "volume_gbp": -3e6, "change_gbp": -3e6}
    for group in ("england", "part")
    for quarter in QUARTERS
}


def test_the_generator_says_who_sent_a_part():
    part, silent = partial_senders()
    assert (len(part), len(silent)) == (18, 1)


def test_the_tables_are_in_millions_with_signs():
    found = tables(AMOUNTS, CHANGES)
    assert "| **2006-07 Q4** | 9.00 | 9.00 | 6.00 | 9.00 | 9.00 | 9.00 |" in found["amounts"]
    assert "| 2007-08 Q4 | −3.00 | 0 | 0 | −3.00 | 0 | 0 | 0 |" in found["why"]


def test_the_page_has_a_place_for_each_table():
    page = PAGE.read_text(encoding="utf-8")
    again = with_tables(with_tables(page, tables(AMOUNTS, CHANGES)), tables(AMOUNTS, CHANGES))
    assert again.count("| **2006-07 Q4** |") == 3
    with pytest.raises(NotTheDemo, match="no mark"):
        with_tables("# A page\n", tables(AMOUNTS, CHANGES))


def test_the_chart_has_two_panels_of_two_lines():
    root = ET.fromstring(chart(AMOUNTS))
    assert len(root.findall("{*}polyline")) == 4
    assert len(ET.parse(PAGE.with_suffix(".svg")).getroot().findall("{*}polyline")) == 4


def test_without_a_warehouse_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BCBV_HOME", str(tmp_path))
    before = PAGE.read_text(encoding="utf-8")
    assert main([]) == 1
    assert "run `make demo` first" in capsys.readouterr().err
    assert PAGE.read_text(encoding="utf-8") == before
