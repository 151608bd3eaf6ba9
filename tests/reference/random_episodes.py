"""Random hospital episodes, with the faults and ties that the rules on them decide (Rulebook 3)."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from reference.parsing import DUMMY_DATES
from reference.quarters import first_day, last_day
from reference.random_files import DAY, Scene
from reference.random_population import pct_at_random, traits_at_random
from reference.seeds import read_seed

BASKET = (
    "N303",
    "T201",
    "T202",
    "C712",
    "H511",
    "J183",
    "Q103",
    "Q111",
    "D151",
    "E036",
    "W822",
    "M421",
)
OPERATIONS = ("W371", "W381", "J021", "H333", "G451", "K401", "X403", "V254", "L912")
NO_OPERATIONS = ("U051", "Y981", "Z942", "X621", "X998", "X997", "X961", "O111", "-", "&", None)
DIAGNOSES = ("I10X", "J459", "E119", "K358", "C509", "S720", "M0001", "N390", "Q211")
ODD_DIAGNOSES = (
    "I10",
    "I10.X",
    "i10x",
    "A17.0D",
    "I10XD",
    "M00.01",
    "M0001A",
    "J45.9",
    "K35",
    "R69X",
    "5A",
    "&",
    None,
)
EMERGENCY = ("21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D")
ODD_AGES = (
    "7001",
    "7007",
    "7000",
    "999",
    "130",
    "0",
    "17",
    "18",
    "64",
    "65",
    "79",
    "80",
    "120",
    "121",
    "abc",
    None,
)
# Procedures of the surgical thresholds, with diagnoses and ages that let them in or keep them out.
THRESHOLDS = (
    ("F341", "J350", None),
    ("F361", "J030", None),
    ("F341", "J350", "G473"),
    ("F341", "J036", None),
    ("F341", "J342", None),
    ("D151", "H652", None),
    ("D151", "H660", None),
    ("Q103", "N920", None),
    ("Q181", "N920", "O049"),
    ("Q074", "N920", None),
    ("Q080", "N920", "C541"),
    ("V254", "M480", None),
    ("V401", "M480", "D480"),
    ("V363", "M480", None),
)
CHILDREN_ONLY = "D151"
# Ambulatory care sensitive conditions or nearly: first and second diagnosis, second procedure.
CONDITIONS = (
    ("J13X", None, None),
    ("K358", "J100", None),
    ("J13X", "D571", None),
    ("J189", None, None),
    ("I10X", "B169", None),
    ("J459", None, "K401"),
    ("I500", None, None),
    ("I500", None, "K401"),
    ("I500", None, "K603"),
    ("E101", None, None),
    ("S720", "E115", None),
    ("E109", None, None),
    ("J440", None, None),
    ("J209", "J440", None),
    ("J209", "I10X", None),
    ("I200", None, None),
    ("I249", None, "W371"),
    ("D509", None, None),
    ("I110", None, None),
    ("E86X", None, None),
    ("N10X", None, None),
    ("N390", "N10X", None),
    ("K250", None, None),
    ("K253", None, None),
    ("L031", None, None),
    ("L031", None, "X021"),
    ("K07", None, None),
    ("S720", "R02X", None),
    ("R02", None, None),
)
DAYS_TO_RETURN = (-1, 0, 0, 1, 7, 15, 29, 30, 30, 31, 31, 45)
DUMMIES = sorted(DUMMY_DATES)
# Codes of one body, at some time.
FAMILIES = (("RJ5", "RQN", "RYJ"), ("RM4", "RW3", "R0A"), ("RM2", "R0A"))
SPECIALISTS = ("RBV", "RP6")
# Nearly all basket spells of one trust are of a procedure that is a day case nearly everywhere
# and whose inpatients stay under a night: both limits of BCBV03's money.
SHORT_STAY = "C712"
ONE_PROCEDURE = "RWF"


def relative(rng: random.Random, code: str) -> str:
    """Another code of the same body, or the same one."""
    return rng.choice([c for family in FAMILIES if code in family for c in family] or [code])


@dataclass
class Habits:
    """How a trust codes and treats in a quarter: shares, and factors on length of stay."""

    without_hrg: float
    without_operation_date: float
    stay: float
    wait: float
    day_cases: float
    activity: float

    @classmethod
    def at_random(cls, rng: random.Random) -> "Habits":
        """Habits on either side of the limits of A11 and A13."""
        return cls(
            without_hrg=rng.choice((0.01, 0.03, 0.05, 0.08, 0.13, 0.17)),
            without_operation_date=rng.choice((0.02, 0.04, 0.07, 0.09, 0.12, 0.18, 0.3)),
            stay=rng.uniform(0.6, 1.6),
            wait=rng.uniform(0.3, 1.5),
            day_cases=rng.uniform(0.3, 0.85),
            activity=rng.uniform(0.95, 1.05),
        )


class EpisodeMaker:
    """Makes the episodes of spells."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.rng = scene, scene.rng
        trimmed = [row for row in read_seed("hrgs") if row["trim_elective"] is not None]
        short = [row["hrg_code"] for row in trimmed if float(row["trim_elective"]) <= 7]
        letters = self.rng.sample("PHCLBFM", 4)
        common = [hrg for hrg in short if hrg[0] in letters]
        uncapped = [f"{letters[0]}A99X", "ZZ99Z"]
        # Few codes are frequent and many are rare, so that some cells collapse.
        self.hrgs = self.rng.sample(common, 4) * 10 + self.rng.sample(common, 9) + uncapped

    def spell(self, trust: str, quarter: int, habits: Habits) -> list[dict]:
        """The episodes of a spell whose last one ends in the quarter, as columns of hes_apc."""
        rng = self.rng
        n_days = (last_day(quarter) - first_day(quarter)).days
        end = first_day(quarter) + timedelta(days=rng.randint(0, n_days))
        days = int(rng.expovariate(1 / (4 * habits.stay)))
        class_of_patient = "1"
        kinds = ("basket", "elective", "emergency", "other", "threshold")
        kind = rng.choices(kinds, (36, 18, 36, 2, 8))[0]
        method = rng.choice(("11", "12", "13"))
        if kind == "basket":
            procedure = rng.choices(BASKET, (20, 14, 6, 20, 10, 8, 6, 5, 5, 3, 3, 2))[0]
            day_cases, days = habits.day_cases, rng.randint(0, 4)
            if trust == ONE_PROCEDURE and self.scene.happens(0.9):
                procedure = SHORT_STAY
            if procedure == SHORT_STAY:
                days = rng.choice((0, 0, 0, 1))
                day_cases = 0.75 if trust == ONE_PROCEDURE else 0.98
            if self.scene.happens(day_cases):
                class_of_patient, days = "2", 0
        elif kind == "threshold":
            procedure, *diagnoses = rng.choice(THRESHOLDS)
            if self.scene.happens(0.4):
                class_of_patient, days = "2", rng.choice((0, 0, 0, 2))
        elif kind == "elective":
            procedure = rng.choices(OPERATIONS, (30, 16, 10, 6, 4, 3, 3, 2, 2))[0]
        else:
            procedure = rng.choice(OPERATIONS * 2 + NO_OPERATIONS)
            method = rng.choice(EMERGENCY if kind == "emergency" else ("31", "81", "82", "98"))
        if trust in SPECIALISTS and self.scene.happens(0.1):
            procedure = rng.choice(("A101", "B283"))
        if self.scene.happens(0.01):
            days = rng.choice((240, 300, 729, 730, 731, 800))
        episode = self._episode(trust, end - timedelta(days=days), end)
        episode |= {"ADMIMETH": method, "CLASSPAT": class_of_patient, "OPERTN_4_01": procedure}
        if kind == "threshold":
            episode |= dict(zip(("DIAG_4_01", "DIAG_4_02"), diagnoses, strict=True))
        if procedure == CHILDREN_ONLY:
            episode["STARTAGE"] = rng.choice(("7003", "4", "17", "18", "19", None))
        if kind == "emergency" and self.scene.happens(0.5):
            columns = ("DIAG_4_01", "DIAG_4_02", "OPERTN_4_02")
            episode |= dict(zip(columns, rng.choice(CONDITIONS), strict=True))
        self._operate(episode, days, habits)
        if self.scene.happens(habits.without_hrg):
            episode["SUSHRG"] = rng.choice(("UZ02Z", "U06", None))
        elif self.scene.happens(0.06):
            episode |= {"SUSHRG": None, "HRGLATE35": rng.choice(("F73", "F73", "F71", "U01"))}
        self._mark(episode)
        episodes = [episode]
        if days >= 1 and self.scene.happens(0.25):
            episodes = self._split(episode, days)
        self._spoil(rng.choice(episodes), episodes[-1])
        return episodes

    def return_after(self, spell: list[dict], trust: str) -> list[dict]:
        """A spell of the same person, mostly emergency, about 30 days later or sooner."""
        rng, discharge = self.rng, spell[-1]["DISDATE"]
        if discharge is None or discharge in DUMMIES:
            return []
        admission = discharge + rng.choice(DAYS_TO_RETURN) * DAY
        episode = self._episode(trust, admission, admission + rng.choice((0, 1, 2, 6)) * DAY)
        episode |= {
            "PSEUDO_HESID": spell[0]["PSEUDO_HESID"],
            "ADMIMETH": rng.choice((*EMERGENCY, "11", "31")),
            "CLASSPAT": rng.choice("11112345"),
        }
        self._mark(episode)
        return [episode]

    def boundary_spells(self, trust: str, quarter: int) -> list[dict]:
        """20 stays of which just so many fail A11 and A13 that a limit is met, or passed by one."""
        n_fallback, n_undated = self.rng.choice(((3, 5), (1, 2), (4, 6), (2, 3)))
        episodes = []
        for i in range(20):
            admission = first_day(quarter) + i * DAY
            episode = self._episode(trust, admission, admission + 3 * DAY)
            episode |= {"ADMIMETH": "21", "CLASSPAT": "1", "OPERTN_4_01": "W371"}
            episode["SUSHRG"] = "UZ02Z" if i < n_fallback else self.hrgs[0]
            episode["OPDATE_01"] = None if i < n_undated else admission + DAY
            episodes.append(episode)
        return episodes

    def _episode(self, trust: str, start: date, end: date) -> dict:
        key = self.scene.new_key()
        return {
            "EPIKEY": key,
            "PSEUDO_HESID": f"P{key}",
            "PROCODE3": trust,
            "PROVSPNOPS": f"S{key}",
            "ADMIDATE": start,
            "DISDATE": end,
            "EPISTART": start,
            "EPIEND": end,
            "EPIORDER": "1",
            "EPISTAT": "3",
            "ADMIMETH": None,
            "CLASSPAT": None,
            "STARTAGE": str(self.rng.randint(1, 95)),
            "DIAG_4_01": self.rng.choice(DIAGNOSES),
            "DIAG_4_02": self.rng.choice((None, None, "O049", "D571", "C189", "C97X", "C98X")),
            "OPERTN_4_01": None,
            "OPERTN_4_02": self.rng.choice((None, None, "Z942", "N303")),
            "OPDATE_01": None,
            "SUSHRG": self.rng.choice(self.hrgs),
            "HRGLATE35": None,
            "ADMINCAT": self.rng.choice(("01", "1", None)),
            "EPITYPE": self.rng.choice(("1", None)),
            "MAINSPEF": self.rng.choice(("100", "110", "&", None)),
            "TRETSPEF": self.rng.choice(("100", "300", None)),
            "DISMETH": self.rng.choice((*"11111111112345", None)),
            "PCTCODE_HIS": pct_at_random(self.scene),
            "RESPCT_HIS": pct_at_random(self.scene),
            "SUBDATE": end + timedelta(days=self.rng.randint(5, 40)),
            "NOTE": "x",
        } | traits_at_random(self.scene)

    def _operate(self, episode: dict, days: int, habits: Habits) -> None:
        """Date the operation and add what decides between two procedures of the basket."""
        procedure, admission = episode["OPERTN_4_01"], episode["ADMIDATE"]
        if procedure not in NO_OPERATIONS:
            wait = min(days, int(self.rng.expovariate(1 / (1.2 * habits.wait))))
            if days >= 11 and self.scene.happens(0.4):
                wait = self.rng.choice((10, 11, days))
            episode["OPDATE_01"] = admission + wait * DAY
            if self.scene.happens(habits.without_operation_date):
                outside = (admission - DAY, admission + (days + 1) * DAY)
                episode["OPDATE_01"] = self.rng.choice((None, None, *outside, DUMMIES[0]))
        if procedure == "J183" and self.scene.happens(0.7):
            episode["OPERTN_4_02"] = self.rng.choice(("Y752", "Y508", "Y75.2", "y752"))
        if procedure in ("Q111", "Q103") and self.scene.happens(0.6):
            episode["DIAG_4_01"] = self.rng.choice(("O049", "O050", "O04.9", "O04"))

    def _mark(self, episode: dict) -> None:
        """Odd values that leave the episode valid, each rare."""
        changes = (
            (0.02, "CLASSPAT", ("2", "3", "4", "5", "8", None)),
            (0.04, "STARTAGE", ODD_AGES),
            (0.02, "ADMINCAT", ("02", "2", "03", "98")),
            (0.01, "MAINSPEF", ("700", "715", "710", "699", "716")),
            (0.01, "TRETSPEF", ("700", "715", "710", "699", "716")),
            (0.015, "EPITYPE", ("2", "3", "4")),
            (0.05, "DIAG_4_01", ODD_DIAGNOSES),
            (0.03, "PSEUDO_HESID", (None,)),
            (0.06, "PROVSPNOPS", (None,)),
            (0.06, "PCTCODE_HIS", (None,)),
            (0.2, "RESPCT_HIS", (None,)),
        )
        for probability, column, values in changes:
            if self.scene.happens(probability):
                episode[column] = self.rng.choice(values)
        procedure = episode["OPERTN_4_01"] or ""
        if len(procedure) == 4 and self.scene.happens(0.04):
            episode["OPERTN_4_01"] = self.rng.choice(
                (procedure.lower(), f"{procedure[:3]}.{procedure[3]}", f" {procedure} ")
            )

    def _spoil(self, episode: dict, last: dict) -> None:
        """Faults in dates and status, each rare."""
        if self.scene.happens(0.02):
            episode["ADMIDATE"] = None
            episode["ADMIMETH"] = self.rng.choice((episode["ADMIMETH"], "81"))
        if self.scene.happens(0.015):
            column = self.rng.choice(("ADMIDATE", "DISDATE", "EPISTART", "EPIEND", "SUBDATE"))
            episode[column] = self.rng.choice(DUMMIES)
        if self.scene.happens(0.015):
            episode["EPISTAT"] = self.rng.choice(("1", "9", None))
            episode["EPIEND"] = self.rng.choice((None, episode["EPIEND"]))
        if self.scene.happens(0.01):
            episode["EPIEND"] = episode["EPISTART"] - 2 * DAY
        if self.scene.happens(0.01) and episode["ADMIDATE"]:
            episode["DISDATE"] = episode["ADMIDATE"] - DAY
        if self.scene.happens(0.01):
            last["DISDATE"] = None
        elif self.scene.happens(0.02) and last["DISDATE"]:
            last["DISDATE"] += self.rng.choice((1, 10, 40, 60)) * DAY
        if self.scene.happens(0.01):
            episode["EPISTART"] = self.rng.choice((None, "31/02/2007"))

    def _split(self, whole: dict, days: int) -> list[dict]:
        """Two or three episodes in place of one, often of equal length: ties for dominance."""
        rng = self.rng
        n = 3 if days >= 3 and self.scene.happens(0.4) else 2
        cuts = sorted(rng.randint(0, days) for _ in range(n - 1))
        if days % n == 0 and self.scene.happens(0.6):
            cuts = [days // n * i for i in range(1, n)]
        edges = [0, *cuts, days]
        episodes = []
        for i in range(n):
            episode = whole | {
                "EPIKEY": self.scene.new_key(),
                "EPIORDER": str(i + 1),
                "EPISTART": whole["EPISTART"] + edges[i] * DAY,
                "EPIEND": whole["EPISTART"] + edges[i + 1] * DAY,
                "DISDATE": whole["DISDATE"] if i == n - 1 or self.scene.happens(0.1) else None,
                "DISMETH": whole["DISMETH"] if i == n - 1 else rng.choice(("8", "4", None)),
            }
            if i > 0:
                self._vary_within_spell(episode)
            if self.scene.happens(0.08):
                episode["EPIORDER"] = rng.choice((None, "1", "98", "2"))
            episodes.append(episode)
        if self.scene.happens(0.06):
            episodes[0]["DISDATE"] = whole["DISDATE"] + DAY
        if self.scene.happens(0.08):
            self._tie(*episodes[:2])
        return episodes

    def _vary_within_spell(self, episode: dict) -> None:
        rng = self.rng
        if self.scene.happens(0.6):
            episode |= {
                "SUSHRG": rng.choice(self.hrgs),
                "DIAG_4_01": rng.choice(DIAGNOSES),
                "OPERTN_4_01": rng.choice(OPERATIONS + BASKET + NO_OPERATIONS),
                "OPDATE_01": rng.choice((None, episode["EPISTART"], episode["EPIEND"])),
            }
        if self.scene.happens(0.1):
            episode |= {"ADMIMETH": rng.choice(("11", "21")), "CLASSPAT": rng.choice("1123")}
        if self.scene.happens(0.1):
            episode["SUSHRG"] = "UZ02Z"
        if self.scene.happens(0.15):
            episode["PROCODE3"] = relative(rng, episode["PROCODE3"])
        if self.scene.happens(0.1):
            episode["PCTCODE_HIS"] = pct_at_random(self.scene)
        if self.scene.happens(0.05):
            episode["EPIKEY"] = None
        if self.scene.happens(0.05):
            episode["PROVSPNOPS"] = None

    def _tie(self, first: dict, second: dict) -> None:
        """Same start and order, so that the end and then the key decide which comes first."""
        second |= {"EPISTART": first["EPISTART"], "EPIORDER": "1"}
        first |= {"EPIEND": first["EPISTART"], "EPIORDER": "1"}
        if None not in (first["EPIKEY"], second["EPIKEY"]):
            first["EPIKEY"], second["EPIKEY"] = second["EPIKEY"], first["EPIKEY"]
