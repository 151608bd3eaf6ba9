"""The golden cases (golden.yml): what goes in, and what comes out."""

import math
from dataclasses import dataclass
from pathlib import Path

import yaml

# The rounding of numbers worked by hand.
TOLERANCE = 1e-5

_CASES = yaml.safe_load(Path(__file__).with_name("golden.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Golden:
    """A case: rows by key, then by column; whose they are; and what was given, as the case needs.

    Raises KeyError for a case that there is not.
    """

    case: str

    @property
    def given(self) -> object:
        """What goes in."""
        return _CASES[self.case]["given"]

    @property
    def rows(self) -> dict[str, dict]:
        """What comes out."""
        return _CASES[self.case]["rows"]

    @property
    def key(self) -> list[str]:
        """The columns of which the first that a table has finds the row."""
        return _CASES[self.case]["key"]

    @property
    def indicator_id(self) -> str | None:
        """The indicator that the rows are of, where it is one's."""
        return _CASES[self.case].get("indicator_id")

    def differences(self, actual: dict[str, dict]) -> list[str]:
        """Where rows of the same key differ in a column that both have, one line a value."""
        return [
            f"{self.case} {key} {column}: golden {value!r}, found {actual[key][column]!r}"
            for key, row in self.rows.items()
            for column, value in row.items()
            if key in actual and column in actual[key] and not _same(value, actual[key][column])
        ]


def _same(golden: object, actual: object) -> bool:
    if isinstance(golden, float | int) and actual is not None:
        return math.isclose(golden, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return golden == actual


def cases() -> list[str]:
    """The names of the cases."""
    return list(_CASES)
