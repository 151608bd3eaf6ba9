"""Which organisation codes are known at landing, and which rows of a submission name none.

The rule is that of the build (model int_organisation_codes, Rulebook 2.1, 2.6 and 2.7); a test
holds both to one another. Here it is asked before there is a warehouse.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts import Feed, feeds
from warehouse.home import CHECKOUT, literal, parquet
from warehouse.profile import cast_expression

SEEDS = CHECKOUT / "seeds" / "reference"

# Feeds that say which organisations there are: their codes are judged by nobody.
_OF_CODES = ("organisations", "successions")

# What stands behind rows whose organisation is unknown, by feed: column of pounds, column of items.
_AMOUNTS: Mapping[str, tuple[str, str | None]] = {
    "epact": ("nic", "items"),
    "epd": ("nic", "items"),
    "finance": ("total_pay", None),
    "bppc": ("invoices_paid_gbp", None),
    "procurement": ("addressable_spend_gbp", None),
}

_TRUSTS = ("acute", "acute_ft", "acute_specialist", "mental_health")
_GROUPS = ("pct", "ccg", "icb")
_AREA_TEAM = re.compile(r"Q\d\d(00)?", re.ASCII)

# 5E1 is a trust's neighbour and a number to a spreadsheet: 5.00E+01.
SPREADSHEET_NUMBER = re.compile(r"\d(\.\d+)?E[+-]\d+", re.ASCII)

# What may be a code. All else, such as a patient's identifier in the wrong column, is never shown.
_CODE = re.compile(r"[A-Z0-9-]{1,7}", re.ASCII)
MOST_FREQUENT = 5


@dataclass(frozen=True)
class Unknown:
    """Rows of a submission that name no known organisation; `gbp` and `items` lie behind them."""

    row_count: int = 0
    codes: tuple[tuple[str, int], ...] = ()
    gbp: float | None = None
    items: float | None = None

    @property
    def most_frequent(self) -> str | None:
        """The most frequent codes, each with its rows; what cannot be a code only as a count."""
        fit = [(code, rows) for code, rows in self.codes if is_code(code)]
        parts = [f"{code} ({rows})" for code, rows in fit[:MOST_FREQUENT]]
        if others := fit[MOST_FREQUENT:]:
            parts.append(f"{len(others)} more codes ({sum(rows for _, rows in others)})")
        if other := [rows for code, rows in self.codes if not is_code(code)]:
            parts.append(f"{len(other)} values that can be no codes ({sum(other)})")
        if none := self.row_count - sum(rows for _, rows in self.codes):
            parts.append(f"no code ({none})")
        return ", ".join(parts) or None

    @property
    def spreadsheet_numbers(self) -> tuple[str, ...]:
        """The codes that look like numbers made by a spreadsheet."""
        return tuple(code for code, _ in self.codes if SPREADSHEET_NUMBER.fullmatch(code))


def is_code(text: str) -> bool:
    """Whether a text may be a code of an organisation, known or not, and so may be shown."""
    return bool(_CODE.fullmatch(text) or SPREADSHEET_NUMBER.fullmatch(text))


class KnownCodes:
    """The codes known by the seeds and by the reference files of one home."""

    def __init__(self, engine: duckdb.DuckDBPyConnection):
        self._engine = engine
        self._known: set[str] = set()
        self._trusts: set[str] = set()
        self._groups: set[str] = set()

    def learn(self, organisations: Iterable[Path], successions: Iterable[Path]) -> None:
        """Read the seeds and the lake files of the reference feeds, those given later win."""
        types = dict(self._pairs(SEEDS / "organisations.csv", "org_code", "org_type"))
        aliases = self._pairs(SEEDS / "organisations.csv", "org_code", "alias_codes")
        successors = dict(self._pairs(SEEDS / "successions.csv", "old_code", "new_code"))
        for path in organisations:
            types |= dict(self._landed(path, "organisations", "org_code", "org_type"))
        for path in successions:
            successors |= dict(self._landed(path, "successions", "old_code", "new_code"))
        named = {code: code for code in types}
        named |= {
            alias.strip().upper(): code
            for code, text in aliases
            for alias in (text or "").split(";")
            if alias.strip() and alias.strip().upper() not in types
        }
        named |= {code: code for code in successors if code not in types}
        self._known, self._trusts, self._groups = set(), set(), set()
        for code, organisation in named.items():
            found = [
                types[name]
                for name in (organisation, _end(organisation, successors))
                if name in types
            ]
            if found:
                self._known.add(code)
            if any(kind in _TRUSTS for kind in found):
                self._trusts.add(code)
            if any(kind in _GROUPS for kind in found):
                self._groups.add(code)

    def is_known(self, code: str, feed: Feed) -> bool:
        """Whether a code as read (trimmed, in capitals) names an organisation (Rulebook 2.6, 2.7).

        In prescribing a hyphen is a value, and area teams are told by their form.
        """
        is_prescribing = feed.name in ("epact", "epd")
        if code == "-" and not is_prescribing:
            return False
        if code in self._known:
            return True
        if len(code) == 5 and code[:3] in self._trusts:
            return True
        if len(code) in (5, 7) and code.endswith("00") and code[:-2] in self._groups:
            return True
        return is_prescribing and _AREA_TEAM.fullmatch(code) is not None

    def unknown(
        self, feed: Feed, profile: Path, data: Path, decimal_comma: bool = False
    ) -> Unknown:
        """The rows of a submission that name no known organisation, by its profile.

        `decimal_comma` as in profile.cast_expression.
        """
        if feed.name in _OF_CODES:
            return Unknown()
        rows = self._engine.execute(
            "select organisation_code, row_count, upper(trim(organisation_code))"
            f" from {parquet(profile)} where column_name = $1"
            " order by row_count desc, organisation_code",
            [feed.organisation_column],
        ).fetchall()
        whole = sum(count for code, count, _ in rows if code is None)
        named = [(code, count, read) for code, count, read in rows if code is not None]
        known = {code for code, _, read in named if self.is_known(read, feed)}
        count = whole - sum(rows for code, rows, _ in named if code in known)
        if not count:
            return Unknown()
        codes: dict[str, int] = {}
        for code, rows_of_code, read in named:
            if code not in known:
                codes[read] = codes.get(read, 0) + rows_of_code
        ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
        gbp, items = self._amounts(feed, data, known, decimal_comma)
        return Unknown(count, tuple(ordered), gbp, items)

    def _amounts(
        self, feed: Feed, data: Path, known: set[str], decimal_comma: bool
    ) -> tuple[float | None, float | None]:
        """Pounds and items of the rows whose code as received is not among the known."""
        if feed.name not in _AMOUNTS:
            return None, None
        columns = {column.name: column for column in feed.columns}
        sums = [
            f"sum({cast_expression(columns[name], name, decimal_comma)})::double"
            if name
            else "null::double"
            for name in _AMOUNTS[feed.name]
        ]
        [(gbp, items)] = self._engine.execute(
            f"select {', '.join(sums)} from {parquet(data)}"
            f" where coalesce(not list_contains($1::varchar[], {feed.organisation_column}), true)",
            [sorted(known)],
        ).fetchall()
        return gbp, items

    def _pairs(self, path: Path, key: str, value: str) -> list[tuple[str, str]]:
        return self._engine.sql(
            f"select upper(trim({key})), {_upper_code(value)} from"
            f" read_csv({literal(path)}, all_varchar = true, header = true, delim = ',')"
            f" where {key} is not null"
        ).fetchall()

    def _landed(self, path: Path, feed: str, key: str, value: str) -> list[tuple[str, str]]:
        columns = {column.name: column for column in feeds()[feed].columns}
        key_read, read = (cast_expression(columns[name], name) for name in (key, value))
        # Of one extract the first line counts: the last written into the dictionary.
        return self._engine.sql(
            f"select {key_read}, {read} from {parquet(path)}"
            f" where {key_read} is not null and {read} is not null order by _line desc"
        ).fetchall()


def _upper_code(column: str) -> str:
    return f"upper(trim({column}))" if column.endswith("_code") else f"trim({column})"


def _end(code: str, successors: Mapping[str, str]) -> str:
    """Where a chain of mergers ends, whatever their dates."""
    passed = {code}
    while (following := successors.get(code)) and following not in passed:
        passed.add(following)
        code = following
    return code


def amount_words(unknown: Unknown) -> str:
    """What lies behind rows of unknown organisations, in words; empty where nothing is known."""
    parts = []
    if unknown.gbp is not None:
        parts.append(f"£{unknown.gbp:,.0f}")
    if unknown.items is not None:
        parts.append(f"{unknown.items:,.0f} items")
    return f", {' and '.join(parts)} behind them" if parts else ""
