"""A random set of submissions, made to fall on either side of the rules."""

import random
from pathlib import Path

from reference.quarters import financial_year, first_day, from_label
from reference.random_files import DAY, Scene
from reference.random_history import write_history
from reference.random_hospital import write_hes_apc
from reference.random_money import write_money
from reference.random_monthly import write_prescribing, write_sickness
from reference.random_movement import write_movement
from reference.random_outpatients import write_hes_op
from reference.random_population import write_population

# The first four trusts are the larger ones and send in every quarter.
TRUSTS = ["RWE", "RWD", "RWF", "RR8", "RM1", "RM4", "RW3", "RBV", "RP6"]
EARLY = {
    "quarters": ("2006-07 Q4", "2007-08 Q1", "2007-08 Q2"),
    "trusts": [*TRUSTS, "RJ5", "RQN"],
    "pcts": ["5P3", "5P4", "5A3", "5A4", "TAP", "5A5", "5A7", "5K3"],
}
LATE = {
    "quarters": ("2017-18 Q2", "2017-18 Q3"),
    "trusts": [*TRUSTS, "RM2"],
    "pcts": ["11M", "00D", "00N", "99A", "01A", "03N", "00X", "02M"],
}


def write_submissions(
    folder: Path, seed: int, *, late: bool, dirt: float = 1.0, layouts: bool = True
) -> None:
    """Write the files of a set into a folder; late is of 2017-18, else of 2006-07 and 2007-08.

    dirt is how much of what makes files hard to read is in them, 0 for none; layouts whether those
    of publishers and spreadsheets are among them.
    """
    era = LATE if late else EARLY
    quarters = [from_label(text) for text in era["quarters"]]
    scene = Scene(folder, random.Random(seed), quarters, era["trusts"], era["pcts"], dirt, layouts)
    folder.mkdir(parents=True)
    _write_organisations(scene, late)
    _write_successions(scene, late)
    if not late:
        write_history(scene)
    write_hes_apc(scene)
    write_hes_op(scene)
    write_population(scene)
    write_prescribing(scene)
    write_sickness(scene)
    write_movement(scene)
    write_money(scene)


def _organisation(code: str, kind: str, sha: str | None, **others: object) -> dict:
    row = {"ORG_CODE": code, "ORG_NAME": f"Body {code}", "ORG_TYPE": kind, "SHA_CODE": sha}
    return row | {"OPEN_DATE": None, "CLOSE_DATE": None, "CLUSTER": None} | others


def _write_organisations(scene: Scene, late: bool) -> None:
    """Rows that override the seed, one of them overridden again by a later extract.

    Rulebook 1.5.
    """
    rng = scene.rng
    day = first_day(scene.quarters[1]) + 40 * DAY
    period = f"fy{financial_year(scene.quarters[0] // 4)}"
    rows = [
        _organisation("RWD", "acute", rng.choice(("Q33", None)), CLUSTER="Acute - Large"),
        _organisation("RM1", rng.choice(("acute_specialist", "acute")), "Q35", CLOSE_DATE=day),
        _organisation("RX9", "acute", "Q33", OPEN_DATE=day),
        _organisation("TAP", "pct", "Q31"),
        _organisation(scene.pcts[2], rng.choice(("pct", "ccg")), None),
    ]
    if late:  # so that the indicators of PCTs have members
        codes = (scene.pcts[1], *scene.pcts[3:])
        rows += [_organisation(code, "pct", rng.choice(("Q31", None))) for code in codes]
    else:  # the seed has these open later
        rows.append(_organisation("5QV", "pct", "Q35"))
        rows.append(
            _organisation("R0A", "acute_ft", "Q31", OPEN_DATE=first_day(scene.quarters[-1]))
        )
    scene.write("organisations", period, day, rows, faulty=False)
    again = [_organisation("RWD", "acute", "Q37", CLUSTER="Acute - Small")]
    scene.write("organisations", period, day + 90 * DAY, again, sender="later", faulty=False)


def _write_successions(scene: Scene, late: bool) -> None:
    """A chain through two quarters, and two that merge, beside those of the seed (Rulebook 2.1)."""
    start, end = first_day(scene.quarters[1]), first_day(scene.quarters[-1])
    successions = [("ZZOLD", "RWD", end)]
    if not late:
        successions += [
            ("RM4", "RW3", start + 45 * DAY),
            ("RW3", "R0A", end + 10 * DAY),
            ("5P3", "5QV", start + 30 * DAY),
            ("5P4", "5QV", start + 30 * DAY),
        ]
    columns = ("OLD_CODE", "NEW_CODE", "EFFECTIVE_DATE")
    rows = [dict(zip(columns, succession, strict=True)) for succession in successions]
    period = f"fy{financial_year(scene.quarters[0] // 4)}"
    scene.write("successions", period, start + 41 * DAY, rows, faulty=False)
