"""The feed epd: a month of the English Prescribing Dataset in the layout since July 2025.

Made to measure with: as many lines as asked for, as wide as real ones, a few thousand practices and
presentations. Shares of drugs mean nothing here; those of the indicators are in epact.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from generator.england import England, read_seed
from generator.epact import DRUGS
from generator.output import file_name
from generator.quarters import Quarter
from generator.randomness import stream

# A month of England.
ENGLAND_LINES = 18_000_000
PRACTICES, PRESENTATIONS = 6_400, 19_997
# Prime to the number of presentations, so that a practice has each once at most.
STEP = 7_919
DISCOUNT = 0.07
# Lines made at once.
CHUNK = 1_000_000

GROUPS = ("pct", "ccg", "icb")

CHAPTERS = (
    "01: Gastro-Intestinal System",
    "02: Cardiovascular System",
    "03: Respiratory System",
    "04: Central Nervous System",
    "05: Infections",
    "06: Endocrine System",
    "09: Nutrition and Blood",
    "10: Musculoskeletal and Joint Diseases",
)


def extracts(
    england: England, quarters: list[Quarter], folder: Path, lines: int | None = None
) -> Iterator[Path]:
    """The first month of each quarter; `lines` of it, or those of England at the run's scale."""
    count = lines or max(1, round(ENGLAND_LINES * england.scale))
    for quarter in quarters:
        month = quarter.month_starts[0]
        target = folder / file_name("epd", f"m{month:%Y-%m}", quarter, "csv")
        rng = stream(england.seed, "epd", quarter.index)
        _write(count, f"{month:%Y%m}", _practices(quarter, rng), _presentations(rng), target)
        yield target


def _practices(quarter: Quarter, rng: np.random.Generator) -> pd.DataFrame:
    """Practices of the groups that are open, with what a line says of them."""
    known = read_seed("organisations")
    first = str(quarter.first_day)
    is_open = (known["open_date"] <= first) & (
        (known["close_date"] == "") | (known["close_date"] > first)
    )
    groups = known[known["org_type"].isin(GROUPS) & is_open].reset_index(drop=True)
    number = np.arange(PRACTICES)
    group = np.sort(rng.integers(len(groups), size=PRACTICES))
    letters = np.array(list("ABCDEFGHJKLMNPY"))[number * 15 // PRACTICES]
    code = [f"{letter}{81000 + n % 9000}" for letter, n in zip(letters, number, strict=True)]
    return pd.DataFrame(
        {
            "practice": number,
            "pco_name": groups["org_name"].to_numpy()[group],
            "pco_code": groups["org_code"].to_numpy()[group]
            + np.where(groups["org_code"].str.len().to_numpy()[group] == 3, "00", ""),
            "practice_name": [f"SYNTHETIC SURGERY {n}" for n in number],
            "practice_code": code,
            "address": [f"{n % 300 + 1} MADE UP ROAD" for n in number],
            "postcode": [f"ZZ{n % 99 + 1} {n % 9 + 1}ZZ" for n in number],
            "first": rng.integers(PRESENTATIONS, size=PRACTICES),
        }
    )


def _presentations(rng: np.random.Generator) -> pd.DataFrame:
    """Presentations: those of epact, and made-up ones of the chapters."""
    drugs = pd.read_csv(DRUGS)
    number = np.arange(PRESENTATIONS)
    chapter = number % len(CHAPTERS)
    code = np.array(
        [
            f"{CHAPTERS[c][:2]}{n // 1000 + 10:02d}{n % 1000:03d}Z0AAAA{n % 100:02d}"
            for n, c in zip(number, chapter, strict=True)
        ],
        dtype=object,
    )
    name = np.array([f"Synthetic {n} 100mg tablets" for n in number], dtype=object)
    code[: len(drugs)], name[: len(drugs)] = drugs["bnf_code"], drugs["bnf_name"]
    return pd.DataFrame(
        {
            "presentation": number,
            "bnf_code": code,
            "bnf_name": name,
            "chapter": np.array(CHAPTERS)[chapter],
            "pack": rng.choice([7, 14, 28, 30, 56, 84, 100], size=PRESENTATIONS),
            "price": np.round(np.exp(rng.normal(-2, 1, size=PRESENTATIONS)), 5),
            "snomed": 10_000_000_000_000 + rng.integers(9 * 10**12, size=PRESENTATIONS),
        }
    )


def _write(
    lines: int, month: str, practices: pd.DataFrame, presentations: pd.DataFrame, target: Path
) -> None:
    """Write the lines, in the order of practices."""
    with (
        # Beside the target, so that the last step is a rename within one file system.
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".generating-") as scratch,
        duckdb.connect(config={"threads": 1}) as engine,
    ):
        engine.register("practices", practices)
        engine.register("presentations", presentations)
        whole, part = Path(scratch) / "whole", Path(scratch) / "part"
        with whole.open("wb") as file:
            for first in range(0, lines, CHUNK):
                rows = _rows(month, first, min(lines, first + CHUNK), lines)
                header = "true" if first == 0 else "false"
                engine.execute(f"copy ({rows}) to {_literal(part)} (format csv, header {header})")
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
        whole.replace(target)


def _rows(month: str, first: int, end: int, lines: int) -> str:
    """A query for lines `first` to `end` of so many."""
    return f"""
        select
            '{month}' as YEAR_MONTH, 'SYNTHETIC REGION' as REGIONAL_OFFICE_NAME,
            'Y99' as REGIONAL_OFFICE_CODE, 'NHS SYNTHETIC, MADE UP ICB' as ICB_NAME,
            'QZZ' as ICB_CODE, pco_name as PCO_NAME, pco_code as PCO_CODE,
            practice_name as PRACTICE_NAME, practice_code as PRACTICE_CODE,
            address as ADDRESS_1, null as ADDRESS_2, 'SYNTHETIC TOWN' as ADDRESS_3,
            null as ADDRESS_4, postcode as POSTCODE,
            left(bnf_code, 9) as BNF_CHEMICAL_SUBSTANCE_CODE,
            split_part(bnf_name, '_', 1) as BNF_CHEMICAL_SUBSTANCE,
            bnf_code as BNF_PRESENTATION_CODE, bnf_name as BNF_PRESENTATION_NAME,
            chapter as BNF_CHAPTER_PLUS_CODE, pack::double as QUANTITY, items as ITEMS,
            (items * pack)::double as TOTAL_QUANTITY, 0.0 as ADQ_USAGE,
            round(items * pack * price, 2) as NIC,
            round(items * pack * price * {1 - DISCOUNT}, 5) as ACTUAL_COST,
            'N' as UNIDENTIFIED, snomed::varchar as SNOMED_CODE
        from (
            select
                line,
                line * {PRACTICES} // {lines} as practice,
                1 + (line * 2654435761 % 4294967296) % 37 // 6 as items
            from range({first}, {end}) as every(line)
        )
        inner join practices using (practice)
        inner join presentations on presentation = (first + line * {STEP}) % {PRESENTATIONS}
        order by line
    """


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
