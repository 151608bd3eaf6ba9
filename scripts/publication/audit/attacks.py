"""All attacks on a release, one after the other."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import duckdb
from tqdm import tqdm

from publication.audit.cells import Cells, find_cells
from publication.audit.equity import attack_equity
from publication.audit.facts import gather
from publication.audit.order import attack_order
from publication.audit.outcome import Audit, Opened
from publication.audit.parts import attack_parts
from publication.audit.quality import attack_quality
from publication.audit.releases import attack_releases
from publication.audit.rows import attack_rows
from publication.audit.series import attack_series
from publication.audit.structure import attack_structure
from publication.audit.sums import attack_sums
from publication.audit.tables import Tables, open_tables
from publication.audit.texts import attack_texts
from warehouse.home import first_line

# Attacks that learn of rows, and those that open cells of other tables.
OF_ROWS: dict[str, Callable[[Tables, Cells], dict[str, int]]] = {
    "totals": attack_sums,
    "ranks and thresholds": attack_order,
    "trends": attack_series,
}
OF_TABLES: dict[str, Callable[[Tables, Cells], tuple[dict[str, int], list[Opened]]]] = {
    "hidden rows": attack_structure,
    "drill-downs": attack_parts,
    "fifths of deprivation": attack_equity,
    "data quality": attack_quality,
}


def audit(folder: Path, earlier: Sequence[Path]) -> Audit:
    """Try every identity on a public release, alone and beside earlier ones.

    `folder` is that of the release, `earlier` those of public releases before it. Raises
    FileNotFoundError where the folder holds no release. What cannot be read is in `unread`.
    """
    began = perf_counter()
    opened: dict[str, Opened] = {}
    tried: Counter[str] = Counter()
    unread: list[str] = []
    n_tried = 0
    with open_tables(folder) as formats:
        names = ["figures", *OF_ROWS, "earlier releases", "identities", *OF_TABLES]
        steps = len(names) * len(formats) + 1
        with tqdm(total=steps, desc="audit", delay=2, disable=None, leave=False) as bar:

            def step(name: str) -> None:
                bar.set_postfix_str(name)
                bar.update()

            for place, tables in formats:
                step(f"figures, {place}")
                try:
                    cells = find_cells(tables)
                    gather(tables, cells)
                    found = _of_release(tables, cells, earlier, tried, step)
                except duckdb.Error as error:
                    unread.append(f"{place}: {first_line(error)}")
                    continue
                n_tried = max(n_tried, len(cells.keys()))
                if place == formats[0][0]:
                    step("documents")
                    numbers, told = attack_texts(folder, tables, cells)
                    tried.update(numbers)
                    found += told
                for one in found:
                    opened.setdefault(f"{one.table if not one.possible else ''} {one.cell}", one)
    return Audit(
        n_tried, tuple(opened.values()), dict(tried), perf_counter() - began, tuple(unread)
    )


def _of_release(
    tables: Tables,
    cells: Cells,
    earlier: Sequence[Path],
    tried: Counter[str],
    step: Callable[[str], None],
) -> list[Opened]:
    """What one format of the tables gives away."""
    for name, learn in OF_ROWS.items():
        step(name)
        tried.update(learn(tables, cells))
    step("earlier releases")
    numbers, found = attack_releases(earlier, tables, cells)
    tried.update(numbers)
    step("identities")
    tried["figures of a row"] += len(cells.keys())
    found += attack_rows(cells)
    for name, attack in OF_TABLES.items():
        step(name)
        numbers, told = attack(tables, cells)
        tried.update(numbers)
        found += told
    return found
