"""The audit of a public release: an attacker that reads its folder, and nothing else (10.8)."""

from pathlib import Path
from time import perf_counter

from publication.audit.cells import find_cells
from publication.audit.equity import attack_equity
from publication.audit.facts import gather
from publication.audit.outcome import Audit, Opened
from publication.audit.order import attack_order
from publication.audit.parts import attack_parts
from publication.audit.quality import attack_quality
from publication.audit.rows import attack_rows
from publication.audit.series import attack_series
from publication.audit.sums import attack_sums
from publication.audit.tables import open_tables

__all__ = ["Audit", "Opened", "audit"]


def audit(folder: Path, earlier: list[Path]) -> Audit:
    """Try every identity on a public release, alone and beside earlier ones.

    Raises FileNotFoundError where the folder holds no release.
    """
    began = perf_counter()
    opened: dict[str, Opened] = {}
    n_tried = 0
    with open_tables(folder) as formats:
        for name, tables in formats:
            cells = find_cells(tables)
            gather(tables, cells)
            tried = {}
            for attack in (attack_sums, attack_order, attack_series):
                for name, number in attack(tables, cells).items():
                    tried[name] = tried.get(name, 0) + number
            for sub in (attack_parts, attack_equity, attack_quality):
                names, own = sub(tables, cells)
                tried |= names
                for found in own:
                    opened.setdefault(f'{found.cell}', found)
            n_tried = max(n_tried, len(cells.keys()))
            for found in attack_rows(cells):
                opened.setdefault(f"{found.cell}", found)
    return Audit(n_tried, tuple(opened.values()), tried, perf_counter() - began)
