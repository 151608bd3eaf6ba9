"""Random patients of PCTs and the population they are of (Rulebook 2.4, 3.6, 5.4)."""

from reference.population import BANDS
from reference.quarters import first_day, last_day
from reference.random_files import DAY, Scene

# The relative sizes of the PCTs of a scene, in their order.
SIZES = (24, 12, 25, 20, 15, 3, 2, 2)
# Of the PCTs of a scene: one of which a later extract replaces a year, one whose years all come
# after the first, one of which none is sent, one where nobody lives.
REPLACED, FUTURE, UNKNOWN, EMPTY = 2, 3, 5, 6
# Nowhere known, no PCT, or a PCT by its alias.
STRANGE_CODES = ("ZZ9", "RWE", "5CC", "00N00")
EMPTY_STRATA = {("85+", 2, 5), ("0-4", 1, 1), ("40-44", 1, 3)}


def pct_at_random(scene: Scene) -> str:
    """The PCT of a patient, or now and then no known one."""
    if scene.happens(0.01):
        return scene.rng.choice(STRANGE_CODES)
    return scene.rng.choices(scene.pcts, SIZES)[0]


def traits_at_random(scene: Scene) -> dict[str, str | None]:
    """Sex and deprivation of a patient, sometimes unknown."""
    sex, quintile = scene.rng.choice("12"), scene.rng.choice("12345")
    if scene.happens(0.02):
        sex = scene.rng.choice(("0", "9", None))
    if scene.happens(0.03):
        quintile = scene.rng.choice(("0", "6", "x", None))
    return {"SEX": sex, "IMD04_QUINTILE": quintile}


def write_population(scene: Scene) -> None:
    """Write a file a year, and one extract more that replaces one year of one PCT."""
    first_year = scene.quarters[0] // 4
    day = first_day(scene.quarters[0]) + 100 * DAY
    for year in (first_year - 1, first_year, first_year + 1, first_year + 3):
        rows = [
            row
            for number in range(len(scene.pcts))
            if _is_sent(number, year - first_year)
            for row in _as_sent(scene, _people(scene, number, year))
        ]
        scene.write("population", f"fy{year}-{(year + 1) % 100:02}", day, rows)
    rows = [
        row | {"POPULATION": 2 * row["POPULATION"]}
        for row in _people(scene, REPLACED, scene.quarters[-1] // 4)
    ]
    day = last_day(scene.quarters[-1]) + 60 * DAY
    scene.write("population", f"fy{first_year}-{(first_year + 1) % 100:02}", day, rows)


def _is_sent(number: int, years_on: int) -> bool:
    """Whether a year of a PCT is sent; not all have the same years."""
    if number in (UNKNOWN, FUTURE):
        return number == FUTURE and years_on > 0
    return years_on != 1 or number not in (1, EMPTY)


def _as_sent(scene: Scene, rows: list[dict]) -> list[dict]:
    """The rows of a PCT and year as they are sent: some lack a part, or have too much (N01)."""
    rng = scene.rng
    if scene.is_dirty(0.15):  # the oldest in two bands
        oldest = [row for row in rows if row["AGE_BAND"] == "85+"]
        rows = [row for row in rows if row["AGE_BAND"] != "85+"]
        rows += [
            row | {"AGE_BAND": "85-89", "POPULATION": row["POPULATION"] // 2} for row in oldest
        ]
        rows += [row | {"AGE_BAND": rng.choice(("90+", "90 and over"))} for row in oldest]
    if scene.is_dirty(0.1):  # both sexes together, which is no sex
        rows += [row | {"SEX": rng.choice((3, "All", "P"))} for row in rows if row["SEX"] == 1]
    if scene.is_dirty(0.05):
        rows += [row | {"IMD_QUINTILE": "Total"} for row in rows if row["IMD_QUINTILE"] == 1]
    if scene.is_dirty(0.08):
        lacking = rng.choice(({"AGE_BAND": "20-24", "SEX": 1}, {"SEX": 2}, {"AGE_BAND": "5-9"}))
        rows = [row for row in rows if not lacking.items() <= row.items()]
    if scene.is_dirty(0.05):
        rows = [r | {"AGE_BAND": "5-Sep"} if r["AGE_BAND"] == "5-9" else r for r in rows]
    if scene.is_dirty(0.05):
        row = rng.choice(rows)
        rows = [r | {"POPULATION": rng.choice(("*", None))} if r is row else r for r in rows]
    return rows


def _people(scene: Scene, number: int, year: int) -> list[dict]:
    pct, rng = scene.pcts[number], scene.rng
    aliases = {"TAP": "5CC", "00N": "00N00"}
    code = aliases.get(pct, pct) if scene.happens(0.5) else pct
    rows = []
    for band in BANDS:
        for sex in (1, 2):
            for quintile in range(1, 6):
                people = round(SIZES[number] * rng.uniform(50, 150))
                is_empty = (band, sex, quintile) in EMPTY_STRATA or number == EMPTY
                if is_empty or scene.happens(0.03):
                    people = 0
                rows.append(
                    {
                        "PCT_CODE": code,
                        "YEAR": year,
                        "AGE_BAND": band,
                        "SEX": sex,
                        "IMD_QUINTILE": quintile,
                        "POPULATION": people,
                    }
                )
    return rows
