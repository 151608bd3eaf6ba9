"""The feed population: people by PCT, age, sex and deprivation, one file a financial year.

Like the events counted against them, people follow the scale: rates are those of England.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from generator.england import AGE_BANDS, CELL_AGE_BAND, CELL_QUINTILE, CELL_SEX, CELLS, England
from generator.output import coded, file_name, merged, write
from generator.quarters import BASE_YEAR, Quarter

FEED = "population"


def extracts(england: England, quarters: list[Quarter], folder: Path) -> Iterator[Path]:
    """Write the population of each financial year's first calendar year; yields each file.

    The file bears the extract date of the year's first quarter, whichever quarters are asked for.
    """
    for year in sorted({quarter.year for quarter in quarters}):
        first = Quarter(year, 1)
        target = folder / file_name(FEED, first.financial_year, first, "csv")
        write(_rows(england, first), target)
        yield target


def _rows(england: England, quarter: Quarter) -> pd.DataFrame:
    growth = (1 + england.parameters.population_growth) ** (quarter.year - BASE_YEAR)
    codes = england.codes(england.pcts, quarter)
    rows = pd.DataFrame(
        {
            "pct_code": coded(np.repeat(np.arange(len(codes)), CELLS), codes),
            "year": quarter.year,
            "age_band": coded(np.tile(CELL_AGE_BAND, len(codes)), AGE_BANDS),
            "sex": np.tile(CELL_SEX, len(codes)),
            "imd_quintile": np.tile(CELL_QUINTILE, len(codes)),
            # Estimates: at small scales a rounded cell would be far off.
            "population": (england.people * growth).ravel().round(2),
        }
    )
    return merged(rows, ["pct_code", "year", "age_band", "sex", "imd_quintile"])
