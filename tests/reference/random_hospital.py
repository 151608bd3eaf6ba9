"""Random submissions of hes_apc: extracts that replace each other, senders, duplicates.

Rulebook 1.
"""

from datetime import date

from reference.parsing import DUMMY_DATES
from reference.quarters import first_day, last_day, month_of, months_of, quarter_of
from reference.random_episodes import EpisodeMaker, Habits, relative
from reference.random_files import DAY, Scene, period_of, period_of_month
from reference.random_history import SENT_ONCE, level, move_patient
from reference.random_quality import Care, write_apart

BOUNDARY_TRUST = "RLT"
UNUSABLE = "RXF"
# Whose keys stand more than once in a file.
REPEATING = "RR8"
UNUSABLE_DIAGNOSES = (None, "R69X", "R69", "r699", "5A10", "&", "AB1", "-")
# Nowhere known, of types without rows, not yet open, leading to a known one.
STRANGERS = ("ZZZ", "RAT", "RRE", None, "5P3", "RX9", "ZZOLD")


def write_hes_apc(scene: Scene) -> None:
    """Write each quarter's extracts; one trust a quarter sends nothing, one only invalid rows."""
    maker = EpisodeMaker(scene)
    Hospital(scene, maker).write()


class Hospital:
    """The activity of all trusts and the files in which it is sent."""

    def __init__(self, scene: Scene, maker: EpisodeMaker) -> None:
        self.scene, self.rng, self.maker = scene, scene.rng, maker
        self.habits = {
            (trust, quarter): Habits.at_random(self.rng)
            for trust in scene.trusts
            for quarter in scene.quarters
        }
        self.absent = {(self.rng.choice(scene.trusts[4:9]), q) for q in scene.quarters}
        self.unfinished = (self.rng.choice(scene.trusts[4:9]), self.rng.choice(scene.quarters))
        # Of these a quarter many main diagnoses are of no use (A12).
        self.undiagnosed = {
            q: (self.rng.choice(scene.trusts), self.rng.choice(scene.pcts[2:5]))
            for q in scene.quarters
        }
        self.sizes = {
            trust: self.rng.randint(350, 450) if i < 4 else self.rng.randint(90, 330)
            for i, trust in enumerate(scene.trusts)
        }

    def write(self) -> None:
        """Write the files of every quarter."""
        by_quarter = {quarter: self._activity(quarter) for quarter in self.scene.quarters}
        episodes = [e for activity in by_quarter.values() for e in activity]
        for quarter in self.scene.quarters:
            rows = _of_months(episodes, set(months_of(quarter)))
            period, full = period_of(quarter), last_day(quarter) + 140 * DAY
            if self.scene.happens(0.6):
                self._write(period, last_day(quarter) + 53 * DAY, self._again(rows, 0.8))
            self._write(period, full, rows, extension="csv")
            if self.scene.happens(0.5):  # of the same day: the latest landed counts
                self._write(period, full, self._again(rows, 0.95), extension="psv.gz")
            if self.scene.happens(0.5):
                month = self.rng.choice(months_of(quarter))
                again = self._again(_of_months(episodes, {month}), 0.9)
                day = full + self.rng.choice((-20, 20)) * DAY  # an older extract landed later
                self._write(period_of_month(month), day, again)
            day = full + self.rng.choice((-87, 0, 5)) * DAY
            self._write(period, day, self._of_another_sender(quarter, rows), sender="west")
            write_apart(self.scene, "hes_apc", quarter, by_quarter[quarter][20:])
        refused = [column for column in episodes[0] if column != "SUSHRG"]
        self.scene.write(
            "hes_apc",
            period_of(self.scene.quarters[-1]),
            last_day(self.scene.quarters[-1]) + 300 * DAY,
            episodes[:20],
            columns=refused,
            faulty=False,
        )

    def _activity(self, quarter: int) -> list[dict]:
        episodes = self.maker.boundary_spells(BOUNDARY_TRUST, quarter)
        for trust in self.scene.trusts:
            habits = self.habits[trust, quarter]
            if (trust, quarter) in self.absent:
                continue
            care = Care.of("hes_apc", trust, quarter)
            n_spells = self.sizes[trust] * habits.activity * level(self.scene, trust, quarter)
            for _ in range(int(n_spells)):
                spell = self.maker.spell(trust, quarter, habits)
                move_patient(self.scene, spell, quarter)
                self._hide_diagnosis(spell, trust, quarter)
                care.neglect(spell)
                if (trust, quarter) == self.unfinished:
                    spell = [episode | {"EPISTAT": "1"} for episode in spell]
                episodes += spell
                if self.scene.happens(0.12):
                    episodes += self._return_after(spell)
        for code in STRANGERS:
            for _ in range(4):
                spell = self.maker.spell("RWE", quarter, self.habits["RWE", quarter])
                episodes += [episode | {"PROCODE3": code} for episode in spell]
        return [episode for episode in episodes if not self._is_of_absent(episode)]

    def _hide_diagnosis(self, spell: list[dict], trust: str, quarter: int) -> None:
        """Make main diagnoses of the trust and the PCT of the quarter unusable (A12)."""
        for episode in spell:
            codes = (episode["PCTCODE_HIS"], trust)
            if set(codes) & set(self.undiagnosed[quarter]) and self.scene.happens(0.15):
                episode["DIAG_4_01"] = self.rng.choice(UNUSABLE_DIAGNOSES)

    def _return_after(self, spell: list[dict]) -> list[dict]:
        """A return to the same trust or another, but not to one of which nothing is to count."""
        trust = self.rng.choice((spell[0]["PROCODE3"], *self.scene.trusts, "RRE"))
        if trust == self.unfinished[0]:
            return []
        return self.maker.return_after(spell, trust)

    def _is_of_absent(self, episode: dict) -> bool:
        """Whether it would give a spell to an organisation that submits nothing in the quarter."""
        day = episode["DISDATE"]
        return day is not None and (episode["PROCODE3"], quarter_of(day)) in self.absent

    def _again(self, rows: list[dict], share: float) -> list[dict]:
        """A share of the rows as another extract has them: new keys, some details changed."""
        varied = []
        for row in rows:
            if not self.scene.happens(share):
                continue
            again = row | {"EPIKEY": row["EPIKEY"] and self.scene.new_key()}
            if self.scene.happens(0.1):
                again["SUSHRG"] = self.rng.choice(self.maker.hrgs)
            if self.scene.happens(0.05):
                again["OPDATE_01"] = None
            varied.append(again)
        return varied

    def _of_another_sender(self, quarter: int, rows: list[dict]) -> list[dict]:
        """Spells of its own, and duplicates of the main sender's."""
        extra = [
            self._duplicate(row)
            for row in rows
            if row["PROCODE3"] not in SENT_ONCE and self.scene.happens(0.06)
        ]
        for trust in self.rng.sample(self.scene.trusts[:4], 2):
            for _ in range(15):
                extra += self.maker.spell(trust, quarter, self.habits[trust, quarter])
        return extra

    def _duplicate(self, row: dict) -> dict:
        """A duplicate, or nearly one (A01, A02); what matters differs, so that the choice shows."""
        submitted_on, diagnosis = row["SUBDATE"], row["DIAG_4_01"] or ""
        changes = (
            {"SUBDATE": submitted_on and submitted_on + 3 * DAY},
            {"SUBDATE": submitted_on and submitted_on - 3 * DAY},
            {"SUBDATE": None},
            {"EPIKEY": None},
            {"EPIKEY": None, "SUBDATE": None},
            {"EPIKEY": self.scene.new_key() % 1000 + 20_000},
            {"DIAG_4_01": diagnosis.lower() or None},
            {"DIAG_4_01": f"{diagnosis[:3]}.{diagnosis[3:]}", "SUBDATE": date(2018, 11, 1)},
            {"PROCODE3": row["PROCODE3"] and relative(self.rng, row["PROCODE3"])},
            {"EPIORDER": "5"},
            {},
        )
        details = {
            "EPIKEY": self.scene.new_key(),
            "SUSHRG": self.rng.choice(self.maker.hrgs),
            "OPDATE_01": row["ADMIDATE"],
        }
        return row | details | self.rng.choice(changes)

    def _write(self, period: str, extract_date: date, rows: list[dict], **form: str) -> None:
        """Write a file with duplicates, repeated keys and rows that A06 takes out."""
        rows = list(rows)
        for row in list(rows):
            if row["PROCODE3"] not in SENT_ONCE and self.scene.happens(0.02):
                rows.append(self._duplicate(row))
            is_repeated = self.scene.happens(0.05 if row["PROCODE3"] == REPEATING else 0.008)
            if is_repeated:  # the same key twice in a file: A03
                hrg, order = self.rng.choice(self.maker.hrgs), self.rng.choice((None, "6"))
                rows.append(row | {"SUSHRG": hrg, "EPIORDER": order, "DIAG_4_01": "T810"})
        for row in self.rng.sample(rows, 6):
            key = self.scene.new_key()
            early, late = first_day(self.scene.quarters[0]) - 400 * DAY, extract_date + DAY
            misdated = self.rng.choice(
                (
                    dict.fromkeys(("EPISTART", "EPIEND", "ADMIDATE", "DISDATE"), early),
                    {"EPISTART": late, "EPIEND": None, "EPISTAT": "1"},
                    {"DISDATE": late},
                )
            )
            rows.append(row | {"EPIKEY": key, "PSEUDO_HESID": f"P{key}"} | misdated)
        # Of one trust everything is dated after the extract.
        for row in self.rng.sample([r for r in rows if r["PROCODE3"] == "RWE"][:40], 3):
            key, late = self.scene.new_key(), {"DISDATE": extract_date + DAY, "PROCODE3": UNUSABLE}
            rows.append(row | {"EPIKEY": key, "PSEUDO_HESID": f"P{key}"} | late)
        self.rng.shuffle(rows)
        columns = self.rng.sample(list(rows[0]), len(rows[0]))
        self.scene.write("hes_apc", period, extract_date, rows, columns=columns, **form)


def _of_months(episodes: list[dict], months: set[int]) -> list[dict]:
    """The episodes that an extract of the months holds: by end, start or discharge."""
    held = []
    for episode in episodes:
        days = [episode[column] for column in ("EPIEND", "EPISTART", "DISDATE")]
        known = [d for d in days if isinstance(d, date) and d not in DUMMY_DATES]
        if known and month_of(known[0]) in months:
            held.append(episode)
    return held
