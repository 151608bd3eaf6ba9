"""Quarters before the scene's, so that more or fewer records than before show (Rulebook 6.3)."""

from datetime import date

from reference.quarters import first_day, last_day
from reference.random_files import DAY, Scene, period_of

N_QUARTERS = 2
N_RECORDS = 5
# Records of the last quarter against those before, where it is not the same.
LEVELS = {"RWF": 0.45, "RR8": 0.72, "RJ5": 1.4, "RQN": 1.4}
# Nobody sends a record of these again, so that their duplicates are few.
SENT_ONCE = {"RQN", "RR8"}
# Without the earlier quarters.
NEWCOMER = "RWD"
# By number of the PCT in the scene: the one that has a share of its patients in the last quarter.
MOVED = {3: (2, 0.5), 4: (0, 0.22)}


def level(scene: Scene, trust: str, quarter: int) -> float:
    """Activity of a trust in a quarter against its usual."""
    return LEVELS.get(trust, 1.0) if quarter == scene.quarters[-1] else 1.0


def move_patient(scene: Scene, records: list[dict], quarter: int) -> None:
    """Give a patient of the last quarter to another PCT, if his is one that loses some."""
    pct = records[0]["PCTCODE_HIS"]
    if quarter == scene.quarters[-1] and pct in scene.pcts:
        other, share = MOVED.get(scene.pcts.index(pct), (None, 0.0))
        if scene.happens(share):
            for record in records:
                record["PCTCODE_HIS"] = scene.pcts[other]


def write_history(scene: Scene) -> None:
    """Write a few records of each trust of the quarters before; they are in few indicators."""
    trusts = [trust for trust in (*scene.trusts, "RLT") if trust != NEWCOMER]
    for quarter in range(scene.quarters[0] - N_QUARTERS, scene.quarters[0]):
        places = [
            (trust, first_day(quarter) + n * DAY) for trust in trusts for n in range(N_RECORDS)
        ]
        episodes, appointments = [], []
        for number, (trust, day) in enumerate(places):
            common = {
                "PSEUDO_HESID": None,
                "PROCODE3": trust,
                "PCTCODE_HIS": scene.pcts[number % len(scene.pcts)],
                "SEX": "1",
            }
            episodes.append(common | _episode(scene.new_key(), day))
            appointments.append(common | _appointment(scene.new_key(), day))
        for feed, rows in (("hes_apc", episodes), ("hes_op", appointments)):
            scene.write(feed, period_of(quarter), last_day(quarter) + 50 * DAY, rows)


def _episode(key: int, day: date) -> dict:
    """A regular attender's."""
    return dict.fromkeys(("ADMIDATE", "DISDATE", "EPISTART", "EPIEND"), day) | {
        "EPIKEY": key,
        "EPIORDER": "1",
        "EPISTAT": "3",
        "ADMIMETH": "11",
        "CLASSPAT": "3",
        "STARTAGE": "50",
        "DIAG_4_01": "N185",
        "OPERTN_4_01": "X403",
        "SUSHRG": "LA08E",
    }


def _appointment(key: int, day: date) -> dict:
    """A first one, attended."""
    return {
        "ATTENDKEY": key,
        "APPTDATE": day,
        "APPTAGE": "50",
        "ATTENDED": "5",
        "FIRSTATT": "1",
        "REFSOURC": "03",
        "TRETSPEF": "100",
    }
