"""Write a page for each indicator, of what the project says and computes of it."""

import argparse
import csv
import json
import re
import sys
from pathlib import Path

from warehouse.home import CHECKOUT, find_home

DESCRIPTION = """\
Write docs/indicators/: a page for each indicator with its definition, its words for readers, the
data-quality rules that gate it, its worked examples and its SQL. Everything comes from the
registry, the models' YAML and what dbt compiled last under BCBV_HOME (`dbt compile`); nothing is
written by hand, and a test holds the pages to their sources.
"""

SEEDS = CHECKOUT / "seeds"
# Rooms in which an indicator is made, and the models in them that it starts from.
ROOMS = {
    "admitted_care",
    "finance",
    "indicators",
    "outpatients",
    "population",
    "prescribing",
    "workforce",
}
STARTS = {"int_appointments", "int_population", "int_spells"}


class NotCompiled(Exception):
    """dbt has not compiled the project under this home, or not all of it."""


def main(arguments: list[str] | None = None) -> int:
    """Write the pages; 0 only if all are written."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=CHECKOUT / "docs" / "indicators",
        help="folder for the pages (default: docs/indicators)",
    )
    options = parser.parse_args(arguments)
    try:
        pages = indicator_pages(find_home().path / "target")
    except NotCompiled as error:
        print(f"document_indicators: {error}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    for outdated in set(options.out.glob("*.md")) - {options.out / name for name in pages}:
        outdated.unlink()
    for name, text in pages.items():
        (options.out / name).write_text(text, encoding="utf-8")
    print(f"written: {len(pages)} pages in {options.out}")
    return 0


def indicator_pages(target: Path) -> dict[str, str]:
    """The pages by file name, with an index of them, from the artefacts in a dbt target folder.

    Raises NotCompiled where dbt's manifest or a model's compiled SQL is missing.
    """
    manifest_file = target / "manifest.json"
    if not manifest_file.is_file():
        raise NotCompiled(f"{manifest_file}: not there; run `dbt compile` first")
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    rules = _read(SEEDS / "rules" / "dq_rules.csv")
    pages, index = {}, []
    for indicator in _read(SEEDS / "reference" / "indicators.csv"):
        model = models.get(f"int_indicator__{indicator['short_name']}")
        if model is None:
            continue
        name = f"{indicator['indicator_id']}-{indicator['short_name'].replace('_', '-')}.md"
        steps = _steps(model, manifest["nodes"], indicator["short_name"])
        pages[name] = "\n".join(
            [
                f"# {indicator['indicator_id']} {indicator['name']}",
                "",
                "<!-- Written by scripts/document_indicators.py: `make pages`. -->",
                "",
                _definition(model),
                "",
                *_facts(indicator),
                "",
                *_words(indicator),
                *_rules(indicator, rules),
                *_examples(manifest, steps),
                *_sql(steps, manifest, target),
            ]
        )
        index.append(
            f"| [{indicator['indicator_id']}]({name}) | {indicator['name']} | {indicator['area']} |"
            f" {indicator['direction']} | {indicator['unit']} |"
        )
    pages["README.md"] = "\n".join(
        [
            "# The indicators",
            "",
            "<!-- Written by scripts/document_indicators.py: `make pages`. -->",
            "",
            "A page for each, from the registry, the models and their SQL. The indicators are not"
            " targets; each page's caveats belong to its figures.",
            "",
            "| indicator | name | area | better is | unit |",
            "|---|---|---|---|---|",
            *index,
            "",
        ]
    )
    return pages


def _steps(model: dict, nodes: dict[str, dict], short_name: str) -> list[dict]:
    """The models that make the indicator what it is, in reading order, its own model last."""
    order: dict[str, dict] = {}

    def visit(node: dict) -> None:
        family, _, member = node["name"].partition("__")
        of_another = family != "int_rows" and member not in ("", short_name)
        if node["name"] in order or of_another or not ROOMS & set(node["fqn"]):
            return
        if node["name"] in STARTS or node["name"].endswith("_rows"):
            return
        for parent in node["depends_on"]["nodes"]:
            if parent in nodes and nodes[parent]["resource_type"] == "model":
                visit(nodes[parent])
        order[node["name"]] = node

    visit(model)
    return list(order.values())


def _read(path: Path) -> list[dict[str, str]]:
    """The rows of a seed, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _definition(model: dict) -> str:
    """The model's paragraph, which begins with its grain."""
    return " ".join(model["description"].split())


def _facts(indicator: dict[str, str]) -> list[str]:
    """The registry's row as a table."""
    minimum = indicator["min_denominator"]
    total = f"from {indicator['published_from_quarter']}"
    facts = {
        "Applies to": indicator["org_type"].replace(";", ", "),
        "Better is": indicator["direction"],
        "Unit": indicator["unit"],
        "Standardised": indicator["standardisation"],
        "Best quarter": f"quantile {indicator['benchmark_quantile']}"
        if indicator["benchmark_quantile"]
        else "no benchmark",
        "Kept out of the benchmark": indicator["benchmark_excluded_types"].replace(";", ", ")
        or "no type",
        "Minimum": f"{minimum} ({indicator['minimum_applies_to']})" if minimum else "none",
        "Price": _price(indicator),
        "In the published total": total if indicator["in_published_total"] == "true" else "no",
        "Computed": f"from {indicator['active_from_quarter']}"
        + (f" to {indicator['active_to_quarter']}" if indicator["active_to_quarter"] else ""),
        "Feeds": ", ".join(f"`{feed}`" for feed in indicator["feeds"].split(";")),
        "Evidence": indicator["evidence"],
        "Author, last reviewed": f"{indicator['author']}, {indicator['review_date']}",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]


def _price(indicator: dict[str, str]) -> str:
    """What one excess unit is worth, in words."""
    price = f"`{indicator['price_id']}` of `unit_prices`"
    cost = f"the organisation's own mean cost ({indicator['cost_source'].replace('_', ' ')})"
    return {
        "unit_price": price,
        "own_cost": f"{cost}, else the reference's",
        "share_of_own_cost": f"{price} × {cost}",
        "none": "none: no money",
    }[indicator["price_basis"]]


def _words(indicator: dict[str, str]) -> list[str]:
    """Why it matters, what to beware of, and how to improve."""
    sections = {
        "Why it matters": "why_it_matters",
        "Caveats": "caveats",
        "How to improve": "how_to_improve",
    }
    return [
        line
        for title, column in sections.items()
        for line in (f"## {title}", "", indicator[column], "")
    ]


def _rules(indicator: dict[str, str], rules: list[dict[str, str]]) -> list[str]:
    """The rules that can gate the indicator."""
    feeds = set(indicator["feeds"].split(";"))
    gates = [
        f"| {rule['rule_id']} | {rule['name']} | {rule['description']} |"
        for rule in rules
        if rule["treatment"] == "gate"
        and feeds & set(rule["feeds"].split(";"))
        and (
            not rule["gates_indicators"]
            or indicator["indicator_id"] in rule["gates_indicators"].split(";")
        )
    ]
    heading = ["## Data quality", ""]
    if not gates:
        return [*heading, "No rule gates it.", ""]
    return [
        *heading,
        "Rules that put a caveat on a value (amber) or withhold it (red); bounds are in the seed"
        " `dq_rules`.",
        "",
        "| rule | name | what fails it |",
        "|---|---|---|",
        *gates,
        "",
    ]


def _examples(manifest: dict, models: list[dict]) -> list[str]:
    """The unit tests of the indicator's models, with the arithmetic in their descriptions."""
    names = {model["name"] for model in models}
    tests = sorted(
        (test for test in manifest["unit_tests"].values() if test["model"] in names),
        key=lambda test: test["name"],
    )
    examples = [
        f"* `{test['name']}` ({test['model']}): {' '.join(test['description'].split())}"
        for test in tests
    ]
    return ["## Worked examples", "", "Unit tests, worked by hand:", "", *examples, ""]


def _sql(models: list[dict], manifest: dict, target: Path) -> list[str]:
    """Each model's SQL as dbt compiled it, and where what it reads is defined."""
    lines = ["## SQL", ""]
    for model in models:
        file = target / "compiled" / model["package_name"] / model["original_file_path"]
        if not file.is_file():
            raise NotCompiled(f"{file}: not there; run `dbt compile` first")
        nodes = (manifest["nodes"].get(node) for node in model["depends_on"]["nodes"])
        reads = sorted(
            f"[{node['name']}](../../{node['original_file_path']})" for node in nodes if node
        )
        lines += [
            f"[`{model['name']}`](../../{model['original_file_path']}), as dbt compiles it. It"
            f" reads {', '.join(reads)}.",
            "",
            "```sql",
            _readable(file.read_text(encoding="utf-8")),
            "```",
            "",
        ]
    return lines


def _readable(sql: str) -> str:
    """Compiled SQL without the database's name and without the gaps that templating leaves."""
    sql = re.sub(r'"\w+"\."(\w+)"\."(\w+)"', r"\1.\2", sql.strip())
    sql = "\n".join(line.rstrip() for line in sql.splitlines())
    return re.sub(r"\n{3,}", "\n\n", sql)


if __name__ == "__main__":
    sys.exit(main())
