"""Write the contracts of the published tables from those of the marts that they are made of."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[1]
MODELS = CHECKOUT / "models"
PUBLICATION = MODELS / "publication"
PREFIX = "pub_"

DESCRIPTION = """\
Write the YAML beside each model of models/publication: the columns, types, keys and words of the
mart of its name, and what publishing adds, a sentence on the table and the columns
disclosure_status and n_suppressed where its last CTE selects them. Unit tests of these models are
written by hand, in files of their own (models/publication/_unit_tests_<table>.yml).
"""
HEADER = "# Written by tools/publication_contracts.py from the contract of the mart.\n"

# Columns that publishing adds, before the date of the quarter, which stands last.
ADDED: dict[str, dict[str, Any]] = {
    "disclosure_status": {
        "description": "{{ doc('disclosure_status') }}",
        "data_type": "varchar",
        "data_tests": [
            "not_null",
            {"accepted_values": {"arguments": {"values": ["shown", "suppressed"]}}},
        ],
    },
    "n_suppressed": {
        "description": "{{ doc('n_suppressed') }}",
        "data_type": "bigint",
        "data_tests": ["not_null"],
    },
}
LAST = "quarter_start_date"

# What is said of a table beside what its mart says; of one that is as its mart is, nothing.
HIDDEN_AND_ROUNDED = (
    "As a public release shows it: figures of hidden rows are null (Rulebook 10.1), those shown are"
    " rounded (Rulebook 10.4)."
)
SUMS = (
    "As a public release shows it: made again from shown rows alone, each rounded first"
    " (Rulebook 10.3, 10.4)."
)
PATIENTS_RECORDS = (
    "As a public release shows it: of feeds of care a row with a small count shows none of its"
    " figures, and counts are rounded (Rulebook 10.7)."
)
SENTENCES = {
    "drilldown": (
        "As a public release shows it: parts of shown rows alone, small ones pooled into `other`,"
        " rounded (Rulebook 10.4, 10.5)."
    ),
    "dim_submission": PATIENTS_RECORDS + " No line numbers and no values read.",
    "dq_field_quality": PATIENTS_RECORDS,
    "dq_rule_results": PATIENTS_RECORDS,
    "dq_scores": PATIENTS_RECORDS + " Scores are to 2 decimals and whole points.",
    "dq_submission_status": PATIENTS_RECORDS,
    "dq_submissions": PATIENTS_RECORDS,
    "fct_area_values": SUMS,
    "fct_equity": SUMS,
    "fct_indicator_statistics": HIDDEN_AND_ROUNDED,
    "fct_indicator_trend": HIDDEN_AND_ROUNDED + " Series are of the shown points alone.",
    "fct_indicator_values": (
        HIDDEN_AND_ROUNDED + " Ranks and quartiles are among the rows shown (Rulebook 10.2)."
    ),
    "fct_opportunity": SUMS,
    "fct_opportunity_change": SUMS,
    "fct_opportunity_vintages": SUMS + " Of public releases alone.",
    "fct_quartile_thresholds": (
        "As a public release shows it: rounded (Rulebook 10.4), and null where a hidden row is"
        " among the peers of an SHA or cluster or the specialists (Rulebook 10.2)."
    ),
    "fct_revisions": HIDDEN_AND_ROUNDED + " Of public releases alone.",
    "fct_sensitivity": SUMS,
    "rpt_pct_indicators": HIDDEN_AND_ROUNDED + " The status of a hidden figure is suppressed.",
    "rpt_trust_indicators": HIDDEN_AND_ROUNDED + " The status of a hidden figure is suppressed.",
}
# Tests of a mart that hold of the published table too: of keys, and of what a code may be.
KEPT_OF_COLUMNS = ("unique", "accepted_values")
# A column that a list of columns has: its name, or a name that it is given, ends the line.
SELECTED = re.compile(r"(?:^|\bas |\.|\s)(\w+),?$", re.MULTILINE)


class NoMart(Exception):
    """A published table has no mart of its name; the message is one line."""


def main(arguments: list[str] | None = None) -> int:
    """Write the contracts, or say which are not what they would be written as."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    options = parser.parse_args(arguments)
    differing = 0
    for path, text in contracts().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        differing += 1
        print(path.relative_to(CHECKOUT))
        if not options.check:
            path.write_text(text, encoding="utf-8")
    return int(options.check and differing > 0)


def contracts() -> dict[Path, str]:
    """The files and what is to stand in each, but for those written by hand. Raises NoMart."""
    marts = _marts()
    written = {}
    for sql in sorted(PUBLICATION.glob(f"{PREFIX}*.sql")):
        if _is_by_hand(sql.with_suffix(".yml")):
            continue
        table = sql.stem.removeprefix(PREFIX)
        if table not in marts:
            raise NoMart(
                f"{sql.name} has no mart of the name {table}, whose contract it would have"
            )
        _, _, final = sql.read_text(encoding="utf-8").partition("final as (")
        names = set(SELECTED.findall(final))
        written[sql.with_suffix(".yml")] = contract(marts[table], names)
    return written


def contract(mart: dict[str, Any], names: set[str]) -> str:
    """The YAML of the published table of a mart; names are columns that its last CTE selects."""
    table = mart["name"]
    description = " ".join([mart["description"].strip(), SENTENCES.get(table, "")]).strip()
    key, key_test = _key(mart)
    lines = [HEADER + "version: 2", "", "models:", f"  - name: {PREFIX}{table}"]
    lines.append(f"    description: {_text(description)}")
    if key_test:
        lines += ["    data_tests:", f"      - {_test(key_test)}"]
    lines.append("    columns:")
    for column in _columns(mart, names):
        lines += [
            f"      - name: {column['name']}",
            f"        description: {_text(column['description'])}",
            f"        data_type: {column['data_type']}",
        ]
        tests = _kept_tests(column, key)
        if tests:
            lines.append("        data_tests:")
            lines += [f"          - {_test(test)}" for test in tests]
    return "\n".join(lines) + "\n"


def _is_by_hand(path: Path) -> bool:
    """Whether a contract says more than its mart, and not that it was written here."""
    return path.is_file() and not path.read_text(encoding="utf-8").startswith(HEADER)


def _marts() -> dict[str, dict[str, Any]]:
    """What the YAML says of each mart, by its name."""
    documents = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((MODELS / "marts").rglob("*.yml"))
    ]
    return {
        model["name"]: model for document in documents for model in document.get("models") or []
    }


def _columns(mart: dict[str, Any], names: set[str]) -> list[dict[str, Any]]:
    """The mart's columns, and those that publishing adds."""
    columns = [column for column in mart["columns"] if column["name"] not in ADDED]
    added = [{"name": name, **of} for name, of in ADDED.items() if name in names]
    place = next((i for i, column in enumerate(columns) if column["name"] == LAST), len(columns))
    return columns[:place] + added + columns[place:]


def _key(mart: dict[str, Any]) -> tuple[list[str], dict[str, Any] | None]:
    """The columns that name a row, and the test that no two rows have the same."""
    for test in mart.get("data_tests", []):
        if isinstance(test, dict) and "unique_combination" in test:
            return test["unique_combination"]["arguments"]["columns"], test
    for column in mart["columns"]:
        if "unique" in column.get("data_tests", []):
            return [column["name"]], None
    return [], None


def _kept_tests(column: dict[str, Any], key: list[str]) -> list[Any]:
    """The tests of a column that its published form has too."""
    tests = column.get("data_tests", [])
    if column["name"] in ADDED:
        return tests
    is_key = column["name"] in key
    return [
        test
        for test in tests
        if (test == "not_null" and is_key)
        or (test if isinstance(test, str) else next(iter(test))) in KEPT_OF_COLUMNS
    ]


def _text(text: str) -> str:
    """A text as YAML, in quotes, on one line."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _test(test: Any) -> str:
    """A data test as an item of a list: its name alone, or with its arguments."""
    if isinstance(test, str):
        return test
    [(name, arguments)] = test.items()
    return f"{name}: {_flow(arguments)}"


def _flow(value: Any) -> str:
    """A value as YAML on one line; names and codes need no quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    sys.exit(main())
