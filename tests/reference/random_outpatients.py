"""Random submissions of hes_op: appointments, duplicates and unknown codes (O01 to O04)."""

from dataclasses import dataclass
from datetime import date, timedelta

from reference.quarters import first_day, last_day, month_of, months_of
from reference.random_episodes import DUMMIES, ODD_AGES, SPECIALISTS, relative
from reference.random_files import DAY, Scene, period_of, period_of_month
from reference.random_history import level, move_patient
from reference.random_hospital import BOUNDARY_TRUST, STRANGERS
from reference.random_population import pct_at_random, traits_at_random
from reference.random_quality import Care, write_apart

SPECIALTIES = ("100", "110", "300", "330", "502")
# Left out of 06, 15 or 16, or just not.
ODD_SPECIALTIES = ("370", "800", "361", "501", "560", "700", "710", "715", "699", "716", "&", None)
# Nobody of the reference has a first appointment in these.
WITHOUT_FIRSTS, OF_SPECIALISTS = "190", "141"
STAFF = (None, None, None, "01", "1", "2", "02", "8", "9", "99", "03", "3", "4", "&")
ATTENDED = ("5", "6", "3", "7", "2", "4")
UNKNOWN = {
    "ATTENDED": ("0", "9", None),
    "FIRSTATT": ("X", "x", "9", None),
    "REFSOURC": ("99", None),
}


@dataclass
class Clinic:
    """How a trust runs and codes its clinics in a quarter: shares."""

    missed: float
    follow_ups: float
    unknown: dict[str, float]

    @classmethod
    def at_random(cls, scene: Scene, trust: str) -> "Clinic":
        """Shares of unknown codes on either side of the limits of O02, O03 and O04.

        The larger trusts stay below, so that most PCTs do.
        """
        most = 2 if trust in scene.trusts[:4] else 4
        shares = (0.01, 0.03, 0.09, 0.13)[:most]
        return cls(
            missed=scene.rng.uniform(0.05, 0.15),
            follow_ups=scene.rng.uniform(0.5, 0.7),
            unknown={
                "ATTENDED": scene.rng.choice(shares),
                "FIRSTATT": scene.rng.choice(shares) / 2,
                "REFSOURC": scene.rng.choice(shares),
            },
        )


def write_hes_op(scene: Scene) -> None:
    """Write each quarter's extracts; one trust a quarter sends nothing that counts."""
    Outpatients(scene).write()


class Outpatients:
    """The appointments of all trusts and the files in which they are sent."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.rng = scene, scene.rng
        self.sizes = {
            trust: self.rng.randint(320, 380) if i < 4 else self.rng.randint(50, 120)
            for i, trust in enumerate(scene.trusts)
        }

    def write(self) -> None:
        """Write the files of every quarter."""
        for quarter in self.scene.quarters:
            rows = self._activity(quarter)
            period, day = period_of(quarter), last_day(quarter) + 50 * DAY
            self._write(period, day, rows)
            if self.scene.happens(0.5):
                month = self.rng.choice(months_of(quarter))
                again = [
                    row | {"ATTENDKEY": self.scene.new_key(), "STAFFTYP": self.rng.choice(STAFF)}
                    for row in rows
                    if month_of(row["APPTDATE"]) == month and self.scene.happens(0.9)
                ]
                self._write(period_of_month(month), day + 30 * DAY, again)
            shared = self.rng.sample(self.scene.trusts, 4)
            extra = [
                self._duplicate(row)
                for row in rows
                if row["PROCODE3"] in shared and self.scene.happens(0.12)
            ]
            self._write(period, day + self.rng.choice((-20, 0, 5)) * DAY, extra, sender="west")
            write_apart(self.scene, "hes_op", quarter, rows[20:])

    def _activity(self, quarter: int) -> list[dict]:
        absent = self.rng.choice(self.scene.trusts[4:])
        # Of the patients of two PCTs a quarter little is known.
        unclear = {
            self.rng.choice(self.scene.pcts[2:4]): "REFSOURC",
            self.scene.pcts[4]: self.rng.choice(("FIRSTATT", "ATTENDED", None)),
        }
        rows = self._boundary_appointments(quarter)
        for trust in self.scene.trusts:
            clinic = Clinic.at_random(self.scene, trust)
            care = Care.of("hes_op", trust, quarter)
            for _ in range(int(self.sizes[trust] * level(self.scene, trust, quarter))):
                row = self._appointment(trust, quarter, clinic)
                move_patient(self.scene, [row], quarter)
                care.forget(row)
                column = unclear.get(row["PCTCODE_HIS"])
                if column is not None and self.scene.happens(0.14):
                    row[column] = self.rng.choice(UNKNOWN[column])
                rows.append(row)
        clinic = Clinic.at_random(self.scene, "RWE")
        for code in STRANGERS:
            rows += [
                self._appointment("RWE", quarter, clinic) | {"PROCODE3": code} for _ in range(4)
            ]
        return [row for row in rows if row["PROCODE3"] != absent]

    def _boundary_appointments(self, quarter: int) -> list[dict]:
        """20 appointments of which just so many fail that a limit is met, or passed by one."""
        clinic = Clinic(0.0, 0.5, dict.fromkeys(UNKNOWN, 0.0))
        rows = [self._appointment(BOUNDARY_TRUST, quarter, clinic) for _ in range(20)]
        numbers = self.rng.choice(((2, 1), (3, 1), (2, 2)))
        for column, n in zip(("ATTENDED", "FIRSTATT"), numbers, strict=True):
            for row in rows[:n]:
                row[column] = self.rng.choice(UNKNOWN[column])
        return rows

    def _appointment(self, trust: str, quarter: int, clinic: Clinic) -> dict:
        rng, key = self.rng, self.scene.new_key()
        n_days = (last_day(quarter) - first_day(quarter)).days
        day = first_day(quarter) + timedelta(days=rng.randint(0, n_days))
        weights = (75, 8, 75 * clinic.missed, 25 * clinic.missed, 3, 3)
        shares = (1 - clinic.follow_ups, clinic.follow_ups)
        first = rng.choices((("1", "1", "3"), ("2", "2", "4")), shares)[0]
        row = {
            "ATTENDKEY": key,
            "PSEUDO_HESID": f"P{key}",
            "PROCODE3": trust,
            "APPTDATE": day,
            "APPTAGE": str(rng.randint(1, 95)),
            "ATTENDED": rng.choices(ATTENDED, weights)[0],
            "FIRSTATT": rng.choice(first),
            "REFSOURC": rng.choice(("03", "03", "3", "03", "01", "12", "92", "97")),
            "TRETSPEF": rng.choice(SPECIALTIES),
            "PCTCODE_HIS": pct_at_random(self.scene),
            "ADMINCAT": rng.choice(("01", "1", None)),
            "STAFFTYP": rng.choice(STAFF),
            "SUBDATE": day + rng.randint(5, 40) * DAY,
            "NOTE": "x",
        } | traits_at_random(self.scene)
        for column, share in clinic.unknown.items():
            if self.scene.happens(share):
                row[column] = rng.choice(UNKNOWN[column])
        self._mark(row)
        return row

    def _mark(self, row: dict) -> None:
        """Odd values, each rare but the specialties."""
        if row["PROCODE3"] in SPECIALISTS and self.scene.happens(0.2):
            row["TRETSPEF"] = OF_SPECIALISTS
        elif self.scene.happens(0.2):
            row["TRETSPEF"] = self.rng.choice(ODD_SPECIALTIES)
        elif row["FIRSTATT"] in ("2", "4") and self.scene.happens(0.02):
            row["TRETSPEF"] = WITHOUT_FIRSTS
        changes = (
            (0.05, "APPTAGE", ODD_AGES),
            (0.03, "ADMINCAT", ("02", "2", "03")),
            (0.03, "PCTCODE_HIS", (None,)),
            (0.03, "PSEUDO_HESID", (None,)),
            (0.02, "SUBDATE", (None, DUMMIES[0])),
        )
        for probability, column, values in changes:
            if self.scene.happens(probability):
                row[column] = self.rng.choice(values)

    def _duplicate(self, row: dict) -> dict:
        """A duplicate, or nearly one (O01); what matters differs, so that the choice shows."""
        submitted_on = row["SUBDATE"]
        changes = (
            {"SUBDATE": submitted_on and submitted_on + 3 * DAY},
            {"SUBDATE": submitted_on and submitted_on - 3 * DAY},
            {"SUBDATE": None},
            {"ATTENDKEY": None},
            {"ATTENDKEY": None, "SUBDATE": None},
            {"ATTENDKEY": self.scene.new_key() % 1000 + 20_000},
            {"PROCODE3": row["PROCODE3"] and relative(self.rng, row["PROCODE3"])},
            {"TRETSPEF": "120"},
            {"APPTDATE": row["APPTDATE"] - DAY},
            {},
        )
        details = {
            "ATTENDKEY": self.scene.new_key(),
            "PCTCODE_HIS": pct_at_random(self.scene),
            "REFSOURC": self.rng.choice(("03", "01")),
            "ADMINCAT": self.rng.choice(("01", "02")),
        }
        return row | details | self.rng.choice(changes)

    def _write(self, period: str, extract_date: date, rows: list[dict], **form: str) -> None:
        """Write a file with duplicates, repeated keys, and rows that A06 takes out or undated."""
        rows = list(rows)
        for row in list(rows):
            if self.scene.happens(0.03):
                rows.append(self._duplicate(row))
            if self.scene.happens(0.02):  # the same key twice in a file
                first = self.rng.choice("1234")
                rows.append(row | {"TRETSPEF": "120", "FIRSTATT": first, "ATTENDED": "5"})
        days = (extract_date + DAY, first_day(self.scene.quarters[0]) - DAY, *DUMMIES[:1], None)
        for row, trust in zip(self.rng.sample(rows, 12), self.scene.trusts * 2, strict=False):
            key, day = self.scene.new_key(), self.rng.choice((*days, "31/02/2007"))
            rows.append(row | {"ATTENDKEY": key, "PROCODE3": trust, "APPTDATE": day})
        self.rng.shuffle(rows)
        columns = self.rng.sample(list(rows[0]), len(rows[0]))
        self.scene.write("hes_op", period, extract_date, rows, columns=columns, **form)
