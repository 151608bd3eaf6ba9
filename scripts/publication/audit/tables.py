"""The tables of a release, as its folder holds them: a database, Parquet and CSV."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from warehouse.home import identifier, literal, parquet, pattern

DATABASE = "bcbv.duckdb"
KEYS = (
    "indicator_id", "organisation_code", "organisation_class", "area_level", "area_code",
    "quarter", "from_quarter", "comparison", "scenario", "release", "dimension", "member",
    "deprivation_quintile", "peer_set", "peer_code", "rule_id", "feed", "field",
    "disclosure_status", "publication_status",
)  # fmt: skip
# A figure is a multiple of the first of these that all figures of its column are multiples of.
UNITS = (1000, 100, 10, 5, 1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6)
# Figures that are whole numbers by nature: printed to the unit they are exact.
COUNTS = ("numerator", "denominator", "observed", "n_cases")
# So many different figures show the unit of their column.
ENOUGH = 12


@dataclass
class Tables:
    """The tables of a release by their bare names, in an engine of their own."""

    engine: duckdb.DuckDBPyConnection
    release: str
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    _halves: dict[tuple[str, str], dict[str | None, float]] = field(default_factory=dict)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the release has a table with these columns."""
        return table in self.columns and all(column in self.columns[table] for column in columns)

    def rows(self, query: str) -> list[tuple]:
        """What a query gives."""
        return self.engine.sql(query).fetchall()

    def half(self, table: str, column: str, indicator: str | None = None) -> float:
        """Half the unit to which a column is rounded, seen from its figures.

        By indicator, since the unit of a value hangs on it. 0 of counts that are printed whole.
        """
        if (table, column) not in self._halves:
            self._halves[table, column] = self._seen_halves(table, column)
        halves = self._halves[table, column]
        return halves.get(indicator, halves.get(None, 0.0))

    def _seen_halves(self, table: str, column: str) -> dict[str | None, float]:
        by = "indicator_id" if self.has(table, "indicator_id") else "cast(null as varchar)"
        name = identifier(column)
        fits = ", ".join(
            f"bool_and(abs({name}) > {unit} / 2"
            f" and abs({name} / {unit} - round({name} / {unit})) < 1e-6)"
            for unit in UNITS
        )
        halves: dict[str | None, float] = {}
        for indicator, n_figures, *fitting in self.rows(
            f"select {by} as indicator, count(distinct {name}), {fits} from {identifier(table)}"
            f" where {name} is not null and {name} <> 0 group by all"
        ):
            unit = next((u for u, fits in zip(UNITS, fitting, strict=True) if fits), 0)
            halves[indicator] = self._half(column, unit, n_figures)
        return halves

    @staticmethod
    def _half(column: str, unit: float, n_figures: int) -> float:
        """Half of a unit that the figures fit; few figures may fit a coarse one by chance."""
        if column in COUNTS or column.startswith("n_"):
            return 2.5 if unit >= 5 else 0.0 if unit == 1 else unit / 2
        most = 1000 if column.endswith("_gbp") and column != "unit_price_gbp" else 0.1
        return (unit if n_figures >= ENOUGH else min(unit, most)) / 2


@contextmanager
def open_tables(folder: Path) -> Iterator[list[tuple[str, Tables]]]:
    """The tables of a release's database, and again with those of Parquet and CSV that differ.

    Each with the name of its format. Raises duckdb.Error where a format cannot be read.
    """
    with duckdb.connect() as engine:
        engine.execute("set threads = 2")
        found = _found(engine, folder)
        if not found:
            raise FileNotFoundError(f"no tables in {folder.name}")
        first, *others = found
        yield [
            (first[0], _tables(engine, folder, first[1], {})),
            *(
                (name, _tables(engine.cursor(), folder, first[1], differing))
                for name, relations in others
                if (differing := _differing(engine, first[1], relations))
            ),
        ]


def _found(engine: duckdb.DuckDBPyConnection, folder: Path) -> list[tuple[str, dict[str, str]]]:
    """By format, the tables that the folder holds and where each is read from."""
    found: list[tuple[str, dict[str, str]]] = []
    if (folder / DATABASE).exists():
        engine.execute(f"attach {literal(folder / DATABASE)} as release (read_only)")
        tables = engine.sql(
            "select table_name from duckdb_tables()"
            " where database_name = 'release' and schema_name = 'marts' order by table_name"
        ).fetchall()
        found.append(("database", {t: f"release.marts.{identifier(t)}" for (t,) in tables}))
    files = sorted((folder / "parquet").glob("*.parquet"))
    if files:
        found.append(("parquet", {file.stem: parquet(file) for file in files}))
    files = sorted((folder / "csv").glob("*.csv"))
    if files:
        reads = {
            file.stem: f"read_csv({literal(pattern(file.parent, file.name))}, header = true,"
            " all_varchar = true)"
            for file in files
        }
        found.append(("csv", reads))
    return found


def _tables(
    engine: duckdb.DuckDBPyConnection, folder: Path, base: dict[str, str], instead: dict[str, str]
) -> Tables:
    schema = f"audited_{len(instead)}_{abs(hash(tuple(instead)))}"
    engine.execute(f"create schema if not exists memory.{schema}")
    engine.execute(f"use memory.{schema}")
    tables = Tables(engine, _name_of(folder))
    for table, relation in (base | instead).items():
        engine.execute(f"create or replace view {identifier(table)} as from {relation}")
        described = engine.sql(f"describe {identifier(table)}").fetchall()
        tables.columns[table] = {column: kind for column, kind, *_ in described}
    return tables


def _name_of(folder: Path) -> str:
    """The release's own name, or that of its folder while it has none."""
    description = folder / "release.json"
    if description.exists():
        return str(json.loads(description.read_text(encoding="utf-8")).get("release", folder.name))
    return folder.name


def _differing(
    engine: duckdb.DuckDBPyConnection, base: dict[str, str], relations: dict[str, str]
) -> dict[str, str]:
    """Those tables of another format that do not say the same, typed as the first has them."""
    differing = {}
    for table, relation in relations.items():
        if table not in base:
            differing[table] = relation
            continue
        types = {c: k for c, k, *_ in engine.sql(f"describe from {base[table]}").fetchall()}
        own = {c for c, *_ in engine.sql(f"describe from {relation}").fetchall()}
        compared = [c for c, k in types.items() if c in own and (k != "VARCHAR" or c in KEYS)]
        typed = ", ".join(
            f"try_cast({identifier(c)} as {types[c]}) as {identifier(c)}" for c in types if c in own
        )
        more = "".join(f", {identifier(c)}" for c in sorted(own - set(types)))
        read = f"(select {typed}{more} from {relation})"
        if _digest(engine, base[table], compared) != _digest(engine, read, compared):
            differing[table] = read
    return differing


def _digest(engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> tuple:
    """What two relations have in common that hold the same rows, in whatever order."""
    row = f"hash(row({', '.join(map(identifier, columns))}))" if columns else "0"
    return engine.sql(f"select count(*), sum(cast({row} as hugeint)) from {relation}").fetchall()[0]
