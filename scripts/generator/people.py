"""Persons: a number each, from which age, sex, deprivation and practice follow.

A person's number holds PCT, cell and number within the cell, so that a person who comes back, in
whatever feed and quarter, is the same.
"""

import itertools

import numpy as np
import pandas as pd

from generator.england import (
    AGE_BANDS,
    CELL_AGE_BAND,
    CELL_QUINTILE,
    CELL_SEX,
    CELLS,
    England,
)
from generator.output import coded

# Persons of a cell are numbered below this: more than any PCT has of one age, sex and deprivation.
NUMBERS = 1_000_000

# Years in an age band; the last, from 85, ends at 96.
BAND_YEARS, LAST_BAND_YEARS = 5, 12

# Practices of a PCT: with this many, each has some 6,000 people.
PRACTICES = 55
# First letters and areas of practice codes as they are in use; which PCT has which is made up.
PRACTICE_LETTERS = "ABCDEFGHJKLMNPY"
PRACTICE_AREAS = 11


def need(england: England, risk_by_cell: np.ndarray) -> np.ndarray:
    """How many events the people of a PCT make for, beside as many average people; kind x PCT.

    `risk_by_cell` has a row a kind.
    """
    national = england.people.sum(axis=0)
    per_head = (risk_by_cell @ england.people.T) / england.people.sum(axis=1)
    return per_head / ((risk_by_cell @ national) / national.sum())[:, None]


def drawn(
    rng: np.random.Generator,
    england: England,
    risk_by_cell: np.ndarray,
    kind: np.ndarray,
    pct: np.ndarray,
) -> np.ndarray:
    """One person for each event, from its PCT's people by their risk of events of its kind.

    `risk_by_cell` has a row a kind; `kind` and `pct` are positions, and `kind` is ascending.
    """
    cells = np.empty(len(kind), dtype=np.int64)
    bounds = np.searchsorted(kind, np.arange(len(risk_by_cell) + 1))
    for position, (first, last) in enumerate(itertools.pairwise(bounds)):
        weights = np.cumsum(england.people * risk_by_cell[position], axis=1)
        edges = (weights / weights[:, -1:] + np.arange(len(weights))[:, None]).ravel()
        draws = pct[first:last] + rng.random(last - first)
        cells[first:last] = np.searchsorted(edges, draws, side="right")
    cells = np.minimum(cells, england.people.size - 1)
    within = rng.random(len(cells)) * np.ceil(england.people.ravel()[cells])
    return cells * NUMBERS + within.astype(np.int64)


def cell(person: np.ndarray) -> np.ndarray:
    """The position of a person's cell among those of its PCT."""
    return np.asarray(person) // NUMBERS % CELLS


def age_band(person: np.ndarray) -> np.ndarray:
    """The position of a person's age band."""
    return CELL_AGE_BAND[cell(person)]


def age(person: np.ndarray) -> np.ndarray:
    """Age in years; it does not rise over the few years that are generated."""
    band = age_band(person)
    years = np.where(band == len(AGE_BANDS) - 1, LAST_BAND_YEARS, BAND_YEARS)
    return BAND_YEARS * band + np.asarray(person) % NUMBERS % years


def coded_age(person: np.ndarray, is_birth: np.ndarray) -> np.ndarray:
    """Age as extracts have it: under one year 7001 (at birth) to 7007."""
    years = age(person)
    under_one = np.where(is_birth, 7001, 7002 + np.asarray(person) // BAND_YEARS % 6)
    return np.where((years == 0) | is_birth, under_one, years)


def sex(person: np.ndarray) -> np.ndarray:
    """1 male, 2 female."""
    return CELL_SEX[cell(person)]


def quintile(person: np.ndarray) -> np.ndarray:
    """Deprivation quintile, 1 most deprived."""
    return CELL_QUINTILE[cell(person)]


def practices(pct: np.ndarray, person: np.ndarray) -> pd.Categorical:
    """The person's practice: one letter, two digits of an area, three of the practice."""
    number = pct.astype(int) * PRACTICES + person % PRACTICES
    names = []
    for area, practice in np.ndindex(pct.max(initial=0) + 1, PRACTICES):
        letter = PRACTICE_LETTERS[area // PRACTICE_AREAS % len(PRACTICE_LETTERS)]
        names.append(f"{letter}{80 + area % PRACTICE_AREAS}{practice + 1:03d}")
    return coded(number, names)


def pseudonyms(person: np.ndarray, is_unknown: np.ndarray) -> pd.Series:
    """A number that does not show age and place, as the person's number does; null if unknown.

    The factor is odd, so that no two persons share a pseudonym among the 48-bit numbers.
    """
    scrambled = person.astype(np.uint64) * np.uint64(0x5DEECE66D) % np.uint64(1 << 48)
    return pd.Series(scrambled.astype(np.int64), dtype="Int64").mask(is_unknown)
