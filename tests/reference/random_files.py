"""The scene of a random set of submissions, and its files in every form a sender may choose."""

import bz2
import gzip
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from reference.quarters import financial_year
from reference.random_dirt import Sender

DAY = timedelta(days=1)

EXTENSIONS = ("csv", "psv", "tsv", "psv.gz", "csv.gz", "txt", "csv.bz2", "dat")
CODE_COLUMNS = {
    "BNF_CODE",
    "DIAG_4_01",
    "HRGLATE35",
    "OPERTN_4_01",
    "ORG_CODE",
    "PCO_CODE",
    "PCTCODE_HIS",
    "PCT_CODE",
    "PROCODE3",
    "RESPCT_HIS",
    "SUSHRG",
}


# What only the drill-downs ask of a record, by column: values of which one is taken.
DETAILS = {
    "hes_apc": {
        "CONSULT": ("C1000001", "C1000002", "C1000003", "&", "C9999998", None),
        "GPPRAC": ("L84073", "L84074", "f85001", None),
        "INTMANIG": ("1", "2", "2", "3", None),
    },
    "hes_op": {"GPPRAC": ("L84073", "L84074", "f85001", None)},
    "epact": {"PRACTICE_CODE": ("L84073", "L84074", "f85001", None)},
    "epd": {"PRACTICE_CODE": ("L84073", "L84074", "F85001")},
}


# Details that a row may have of its own.
FIXED = {"PRACTICE_CODE", "CONSULT"}


def details(feed: str, row: dict) -> dict:
    """The details of a row, which hang on the row alone: its neighbours stay as they were."""
    chance = random.Random(repr(sorted(row.items())))
    return {column: chance.choice(values) for column, values in DETAILS.get(feed, {}).items()}


def period_of(quarter: int) -> str:
    """A quarter as the period in a file's name."""
    return f"fy{financial_year(quarter // 4)}q{quarter % 4 + 1}"


def period_of_month(month: int) -> str:
    """A month as the period in a file's name."""
    return f"m{month // 12}-{month % 12 + 1:02}"


def periods_of(quarters: range) -> dict[str, list[int]]:
    """Periods of few files that hold the quarters: whole financial years, else quarters."""
    periods = defaultdict(list)
    for quarter in quarters:
        year = range(quarter // 4 * 4, quarter // 4 * 4 + 4)
        is_whole = year[0] in quarters and year[-1] in quarters
        periods[f"fy{financial_year(quarter // 4)}" if is_whole else period_of(quarter)] += [
            quarter
        ]
    return periods


@dataclass
class Scene:
    """Who sends what: quarters, codes of organisations, the folder and the source of chance."""

    folder: Path
    rng: random.Random
    quarters: list[int]
    trusts: list[str]
    pcts: list[str]
    # How much is in the files as they come: 0 for none, 1 for what is usual here.
    dirt: float = 1.0
    # Whether layouts of publishers and spreadsheets are among the files.
    layouts: bool = True
    n_keys: int = field(default=100_000)

    def new_key(self) -> int:
        """A number that no other record has."""
        self.n_keys += 1
        return self.n_keys

    def happens(self, probability: float) -> bool:
        """Whether something of the probability given happens."""
        return self.rng.random() < probability

    def is_dirty(self, probability: float) -> bool:
        """Whether something that makes a file hard to read happens."""
        return self.rng.random() < probability * self.dirt

    def write(
        self,
        feed: str,
        period: str,
        extract_date: date,
        rows: list[dict],
        *,
        sender: str | None = None,
        extension: str | None = None,
        columns: list[str] | None = None,
        faulty: bool = True,
    ) -> None:
        """Write a submission of the rows; faulty ones hold odd fields and malformed lines."""
        columns = columns or list(rows[0])
        extension = extension or self.rng.choice(EXTENSIONS[: None if self.layouts else -2])
        delimiter = {"c": ",", "p": "|", "t": "\t", "d": "|"}[extension[0]]
        if extension.startswith("csv") and self.is_dirty(0.2) and self.layouts:
            delimiter = ";"
        writer = Sender(
            self.rng, feed, delimiter, self.dirt if faulty else 0.0, self.layouts and faulty
        )
        quoted, has_more = self.happens(0.3), writer.has_layout(0.1)

        def line(fields: list[str]) -> str:
            return delimiter.join(
                '"' + text.replace('"', '""') + '"' if quoted or delimiter in text else text
                for text in fields
            )

        further = [c for c in DETAILS.get(feed, {}) if faulty and c not in columns]
        columns = [*columns, *further]
        header = [c.lower() if self.happens(0.1) else c for c in writer.header(columns)]
        lines = [*writer.lines_above(), line(header)]
        for bare in rows:
            row = bare | details(feed, bare) if faulty else bare
            row |= {column: bare[column] for column in FIXED.intersection(bare) if bare[column]}
            fields = [self._text(writer, column, row.get(column), faulty) for column in columns]
            lines += [writer.fitted(line(fields), has_more)] * (1 + writer.repeats())
            if faulty and self.happens(0.002):
                unclosed = delimiter.join(['"open', *fields[1:]])
                long, short = line([*fields, "extra"]), line(fields[:-2])
                lines.append(self.rng.choice((unclosed, long, short, "", "   ")))
        text = self.rng.choice(("\n", "\r\n")).join(lines) + self.rng.choice(("", "\n"))
        content = text.encode(self.rng.choice(("utf-8", "utf-8-sig", "cp1252")))
        parts = [feed, period, extract_date.isoformat(), *([sender] if sender else [])]
        path = self.folder / f"{'__'.join(parts)}.{extension}"
        pack = {"gz": partial(gzip.compress, mtime=0), "bz2": bz2.compress}
        path.write_bytes(pack.get(extension.rpartition(".")[2], bytes)(content))

    def _text(self, writer: Sender, column: str, value: object, faulty: bool) -> str:
        """A value as a sender writes it, now and then in another form of the same meaning."""
        other = writer.text(column, value)
        if other is not None:
            return other
        if value is None:
            return ""
        if isinstance(value, date):
            iso = value.isoformat()
            forms = (f"{value.day:02}/{value.month:02}/{value.year}", f"{iso} 00:00:00", f" {iso}")
            return self.rng.choice(forms) if faulty and self.happens(0.1) else iso
        text = str(value)
        if faulty and column in CODE_COLUMNS and self.happens(0.01):
            return self.rng.choice((text.lower(), f" {text}", f"{text} "))
        if faulty and column == "NOTE" and self.happens(0.02):
            return self.rng.choice(('say "hi"', "a,b|c\td", "café"))
        return text
