"""How carefully bodies fill what only the rules on data ask of them (page on data quality, Q1).

Each body has habits of its own in a quarter, drawn apart from everything else: what the
indicators are of stays as it is, but for what these rules look at.
"""

import random
from dataclasses import dataclass, field

from reference.quarters import first_day, last_day
from reference.random_files import DAY, Scene

CONSULTANTS = ("C1000001", "C1000002", "C1000003", "d1234567")
UNKNOWN_CONSULTANTS = ("&", "c9999998", "CD999998", "D9999998", "H9999998", "M9999998", "N9999998")
ODD_SPECIALTIES = (None, "&", "10", "1000", "ABC", "10A")
DUMMIES = ("1582-10-15", "01/01/1800", "1801-01-01 00:00:00", "16000101")
# A stay that is too long by days, or just not.
LONG_STAYS = (731, 731, 740, 900)
JUST_NOT_TOO_LONG = 730
# The shares of rows that lack something: none, some, and more than any bound.
SHARES = (0.0, 0.0, 0.012, 0.09)
# Who sends nothing finished, and who sends files without the columns that may be missing.
UNFINISHED, WITHOUT_COLUMNS, WITH_AND_WITHOUT = "RTH", "RTE", "RWF"
N_UNFINISHED, N_WITHOUT_COLUMNS = 12, 30
OPTIONAL = {
    "hes_apc": ("CONSULT", "TRETSPEF", "MAINSPEF", "PCTCODE_HIS", "RESPCT_HIS", "SUBDATE"),
    "hes_op": ("PCTCODE_HIS", "SUBDATE", "ADMINCAT"),
}


@dataclass
class Care:
    """How carefully a trust fills its rows in a quarter: the share without each thing."""

    rng: random.Random
    is_tidy: bool
    shares: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, feed: str, trust: str, quarter: int) -> "Care":
        """The habits of a trust, always the same of the same."""
        rng = random.Random(f"{feed} {trust} {quarter}")
        names = ("date", "admission", "unfinished", "stay", "consultant", "specialty", "pct", "sex")
        shares = {name: rng.choice(SHARES) for name in names}
        if shares["stay"] == max(SHARES):
            shares["stay"] = 0.07
        # Unfinished episodes are in no spell: few trusts have many.
        shares["unfinished"] = rng.choice((*SHARES, 0.0, 0.0))
        return cls(rng, is_tidy=rng.random() < 0.4, shares=shares)

    def lacks(self, name: str) -> bool:
        """Whether a row is without something."""
        return self.rng.random() < self.shares[name]

    def neglect(self, spell: list[dict]) -> None:
        """Spoil the episodes of a spell as the trust does, or tidy them."""
        if self.lacks("stay"):
            days = self.rng.choice((*LONG_STAYS, JUST_NOT_TOO_LONG))
            first, last = spell[0]["EPISTART"], spell[-1]["DISDATE"]
            for episode in spell:
                if hasattr(first, "year") and hasattr(last, "year"):
                    episode["ADMIDATE"] = last - days * DAY
        for episode in spell:
            if self.is_tidy:
                _tidy(self.rng, episode)
            if self.lacks("date"):
                episode["OPDATE_01"] = self.rng.choice(DUMMIES)
            if self.lacks("admission"):
                episode["ADMIDATE"] = self.rng.choice((None, DUMMIES[0]))
            if self.lacks("unfinished"):
                episode["EPISTAT"] = self.rng.choice(("1", "9", None))
            if self.lacks("consultant"):
                episode["CONSULT"] = self.rng.choice(UNKNOWN_CONSULTANTS)
            self.forget(episode)

    def forget(self, row: dict) -> None:
        """Spoil what rows of both feeds have."""
        if self.lacks("specialty"):
            row["TRETSPEF"] = self.rng.choice(ODD_SPECIALTIES)
        if self.lacks("pct"):
            row["PCTCODE_HIS"] = self.rng.choice((None, "ZZ9", "-"))
            if "RESPCT_HIS" in row:
                row["RESPCT_HIS"] = row["PCTCODE_HIS"]
        if self.lacks("sex"):
            row["SEX"] = self.rng.choice(("0", "9", None, "M"))


def _tidy(rng: random.Random, row: dict) -> None:
    """Fill what is missing."""
    row["CONSULT"] = rng.choice(CONSULTANTS)
    row["TRETSPEF"] = row["TRETSPEF"] or "100"
    row["SEX"] = row["SEX"] if row["SEX"] in ("1", "2") else "1"
    if not (row["STARTAGE"] or "x").isdigit() or int(row["STARTAGE"]) > 120:
        row["STARTAGE"] = "44"


def write_apart(scene: Scene, feed: str, quarter: int, rows: list[dict]) -> None:
    """Write files of their own: of one trust without optional columns, of one nothing finished.

    rows are what rows of the quarter look like.
    """
    day = last_day(quarter) + 45 * DAY
    own = [_of(scene, feed, quarter, row, n) for n, row in enumerate(rows[:N_WITHOUT_COLUMNS])]
    bare = [row | {"PROCODE3": WITHOUT_COLUMNS} for row in own]
    bare += [row | {"PROCODE3": WITH_AND_WITHOUT} for row in own[:3]]
    columns = [column for column in rows[0] if column not in (*OPTIONAL[feed], "NOTE")]
    period = f"m{first_day(quarter):%Y-%m}_{last_day(quarter):%Y-%m}"
    scene.write(feed, period, day, bare, sender="bare", columns=columns, faulty=False)
    if feed == "hes_apc":
        unfinished = [
            row | {"PROCODE3": UNFINISHED, "EPISTAT": "1", "SUBDATE": None}
            for row in own[:N_UNFINISHED]
        ]
        scene.write(feed, period, day, unfinished, sender="unfinished", faulty=False)


def _of(scene: Scene, feed: str, quarter: int, row: dict, n: int) -> dict:
    """A row like another one of a person of its own, in the first days of the quarter."""
    key, day = scene.new_key(), first_day(quarter) + n * DAY
    dates = dict.fromkeys(("ADMIDATE", "EPISTART", "EPIEND", "DISDATE"), day)
    own = dates if feed == "hes_apc" else {"APPTDATE": day}
    name = "EPIKEY" if feed == "hes_apc" else "ATTENDKEY"
    kept = {"EPISTAT": "3", "EPIORDER": "1"} if feed == "hes_apc" else {}
    return row | own | kept | {name: key, "PSEUDO_HESID": f"P{key}"}
