"""The feed hes_op: outpatient appointments."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator import people
from generator.casemix import AGE_PROFILES, DEPRIVATION_RISK
from generator.changeover import sent_share
from generator.england import England
from generator.output import NO_DATE, chosen, coded, dates, quarterly
from generator.quarters import Quarter, day_number
from generator.randomness import WeightedLists, even_scores, mean_one


@dataclass(frozen=True)
class Specialty:
    """A treatment function."""

    code: str
    # Share of all appointments, follow-ups for each first appointment, ages as in casemix.
    share: float
    follow_ups: float
    ages: str
    female_share: float


SPECIALTIES = (
    Specialty("100", 0.08, 1.6, "adult", 0.52),
    Specialty("101", 0.05, 2.2, "older", 0.30),
    Specialty("110", 0.13, 2.3, "middle", 0.53),
    Specialty("120", 0.07, 1.5, "school", 0.50),
    Specialty("130", 0.11, 2.8, "old", 0.57),
    Specialty("140", 0.03, 1.4, "young", 0.52),
    Specialty("160", 0.02, 2.4, "adult", 0.56),
    Specialty("300", 0.07, 2.4, "older", 0.53),
    Specialty("301", 0.04, 1.9, "middle", 0.53),
    Specialty("320", 0.05, 2.0, "older", 0.44),
    Specialty("330", 0.07, 1.7, "young", 0.58),
    Specialty("340", 0.03, 2.6, "older", 0.48),
    Specialty("361", 0.01, 7.0, "older", 0.42),
    Specialty("370", 0.02, 6.5, "older", 0.55),
    Specialty("400", 0.03, 1.5, "adult", 0.56),
    Specialty("410", 0.04, 3.4, "middle", 0.70),
    Specialty("420", 0.05, 2.3, "child", 0.45),
    Specialty("501", 0.06, 2.2, "fertile", 1.00),
    Specialty("502", 0.05, 1.3, "gynae", 1.00),
    Specialty("560", 0.02, 3.0, "fertile", 1.00),
    # Mental health in acute trusts: few of the old among them had it.
    Specialty("715", 0.01, 4.0, "elderly", 0.62),
    Specialty("800", 0.02, 6.0, "older", 0.55),
)

# What an appointment is: a first one after a general practitioner's referral, another first one, a
# follow-up.
GP_FIRST, OTHER_FIRST, FOLLOW_UP = range(3)


@dataclass(frozen=True)
class OutpatientParameters:
    """How many appointments there are, who comes, and what is written down. Spreads of logs."""

    # Appointments a year in England, growth a year.
    appointments: float = 60e6
    growth: float = 0.02
    # First appointments that follow a general practitioner's referral: some eight and a half
    # million a year that are attended.
    gp_share: float = 0.66
    # Spread between PCTs of referrals, set so that the opportunity of 2006-07 Q1 comes to the 278
    # million pounds published; between trusts of follow-ups for each first appointment.
    referral_sd: float = 0.304
    follow_up_sd: float = 0.12
    # Odds of what becomes of an appointment (ATTENDED); the patient did not come: 3.
    attended: tuple[tuple[str, float], ...] = (
        ("5", 0.775), ("6", 0.02), ("7", 0.003), ("2", 0.045), ("4", 0.05), ("9", 0.004),
    )  # fmt: skip
    missed: float = 0.105
    missed_sd: float = 0.18
    # The most deprived fifth misses this much more often than the next, and so on.
    missed_per_quintile: float = 0.15
    telephone_share: float = 0.01
    # Who saw the patient (STAFFTYP): consultant, member of the firm, nurse, other, not given.
    staff: tuple[tuple[str, float], ...] = (
        ("01", 0.58), ("02", 0.33), ("03", 0.05), ("04", 0.01), ("99", 0.03),
    )  # fmt: skip
    private_share: float = 0.006
    no_person_share: float = 0.006
    duplicate_share: float = 0.002
    # Not recorded in most trusts, and number and share of those that rules O02, O03 and O04 find
    # red (over 10, 5 and 10 %).
    no_attendance_worse: tuple[int, float] = (2, 0.14)
    no_first: float = 0.006
    no_first_worse: tuple[int, float] = (2, 0.09)
    no_source: float = 0.02
    no_source_worse: tuple[int, float] = (3, 0.16)
    # Where other referrals come from (REFSOURC).
    other_sources: tuple[tuple[str, float], ...] = (
        ("01", 0.10), ("04", 0.20), ("05", 0.40), ("06", 0.04), ("12", 0.03), ("92", 0.06),
        ("97", 0.17),
    )  # fmt: skip
    # Days from referral to a first appointment, on average.
    waiting_days: float = 45


PARAMETERS = OutpatientParameters()


def _expected(england: England, quarter: Quarter, steady: np.random.Generator) -> np.ndarray:
    """Expected appointments: kind (specialty x what it is) x pair of trust and PCT with a flow."""
    settings = PARAMETERS
    referral = mean_one(settings.referral_sd * even_scores(steady, england.pct_share))
    follow_up = mean_one(settings.follow_up_sd * even_scores(steady, england.trust_size))
    share = np.array([item.share for item in SPECIALTIES])
    firsts = share / (1 + np.array([item.follow_ups for item in SPECIALTIES]))
    kinds = np.stack(
        [firsts * settings.gp_share, firsts * (1 - settings.gp_share), share - firsts], axis=1
    )
    growth = (1 + settings.growth) ** (quarter.index / 4)
    total = settings.appointments * england.scale * growth / 4
    volume = total * (kinds / kinds.sum()).ravel()
    trusts, pcts = np.nonzero(england.catchment)
    flow = england.catchment[trusts, pcts] / england.catchment.sum()
    effect = np.ones((3, len(trusts)))
    effect[GP_FIRST] = referral[pcts]
    # Those who are referred more come back more.
    referred = settings.gp_share * referral + 1 - settings.gp_share
    effect[FOLLOW_UP] = follow_up[trusts] * referred[pcts]
    need = np.repeat(people.need(england, _risk_by_cell()), 3, axis=0)[:, pcts]
    sent = sent_share(england, quarter)[trusts]
    return volume[:, None] * flow * need * np.tile(effect, (len(SPECIALTIES), 1)) * sent


def _risk_by_cell() -> np.ndarray:
    """Relative risk by specialty, age band, sex and deprivation quintile."""
    parts, risk = [], DEPRIVATION_RISK["elective"]
    for item in SPECIALTIES:
        sex = [1 - item.female_share, item.female_share]
        age = AGE_PROFILES[item.ages]
        parts.append(np.einsum("a,s,q->asq", *map(np.array, (age, sex, risk))).ravel())
    return np.array(parts, dtype=float)


def _rows(
    england: England, quarter: Quarter, steady: np.random.Generator, rng: np.random.Generator
) -> pd.DataFrame:
    counts = rng.poisson(_expected(england, quarter, steady))
    kind, pair = np.nonzero(counts)
    repeats = counts[kind, pair]
    specialty, what = np.divmod(np.repeat(kind, repeats), 3)
    trust, pct = (np.repeat(side[pair], repeats) for side in np.nonzero(england.catchment))
    person = people.drawn(rng, england, _risk_by_cell(), specialty, pct)
    # Clinics are held on weekdays; day 0 was a Thursday.
    first = day_number(quarter.first_day)
    open_days = first + np.flatnonzero((first + np.arange(quarter.days) + 3) % 7 < 5)
    rows = pd.DataFrame(
        {
            "specialty": specialty.astype(np.int16),
            "what": what.astype(np.int8),
            "trust": trust.astype(np.int16),
            "pct": pct.astype(np.int16),
            "person": person,
            "day": rng.choice(open_days, len(person)).astype(np.int32),
        }
    ).sort_values(["trust", "day", "person", "specialty", "what"], ignore_index=True)
    again = np.flatnonzero(rng.random(len(rows)) < PARAMETERS.duplicate_share)
    source = np.concatenate([np.arange(len(rows)), again])
    extract = _columns(england, rows, quarter, steady, rng).take(source)
    first_key = int(f"{quarter.year}{quarter.number}00000001")
    extract.insert(0, "ATTENDKEY", first_key + np.arange(len(extract)))
    return extract


def _worse(
    england: England, steady: np.random.Generator, usual: float, worse: tuple[int, float]
) -> np.ndarray:
    """A share for each trust: the usual one, and a few trusts with a worse one."""
    shares = np.full(len(england.trusts), usual, dtype=float)
    general = np.flatnonzero(~england.is_specialist)
    count, share = worse
    order = steady.permutation(general)
    if not england.records_well:
        shares[order[:count]] = share
    return shares


def _columns(
    england: England,
    rows: pd.DataFrame,
    quarter: Quarter,
    steady: np.random.Generator,
    rng: np.random.Generator,
) -> pd.DataFrame:
    settings, count = PARAMETERS, len(rows)
    trust, pct, what = (rows[name].to_numpy() for name in ("trust", "pct", "what"))
    person, day = rows["person"].to_numpy(), rows["day"].to_numpy()
    quintile = people.quintile(person)

    missed = np.exp(settings.missed_sd * even_scores(steady, england.trust_size))[trust]
    missed = missed * settings.missed * (1 + settings.missed_per_quintile * (3 - quintile))
    outcomes = WeightedLists([dict(settings.attended)])
    attended = np.where(
        rng.random(count) < missed,
        len(outcomes.items),
        outcomes.draw(rng, np.zeros(count, int)),
    )
    unknown = _worse(england, steady, 0, settings.no_attendance_worse)[trust]
    is_unknown = rng.random(count) < unknown
    attended = np.where(is_unknown, outcomes.items.index("9"), attended)

    is_first = what != FOLLOW_UP
    by_telephone = rng.random(count) < settings.telephone_share
    no_first = _worse(england, steady, settings.no_first, settings.no_first_worse)[trust]
    no_source = _worse(england, steady, settings.no_source, settings.no_source_worse)[trust]
    sources = WeightedLists([dict(settings.other_sources)])
    # A follow-up bears the source of the referral that began it.
    by_gp = (what == GP_FIRST) | ((what == FOLLOW_UP) & (rng.random(count) < settings.gp_share))
    source = np.where(by_gp, len(sources.items), sources.draw(rng, np.zeros(count, int)))
    source = np.where(rng.random(count) < no_source, len(sources.items) + 1, source)

    requested = day - 1 - rng.geometric(1 / settings.waiting_days, count)
    received = np.minimum(day + 20 + rng.integers(20, size=count), day_number(quarter.extract_date))
    specialties = coded(rows["specialty"].to_numpy(), [item.code for item in SPECIALTIES])
    staff = WeightedLists([dict(settings.staff)])
    seen_by = staff.draw(rng, np.zeros(count, int))
    return pd.DataFrame(
        {
            "PSEUDO_HESID": people.pseudonyms(person, rng.random(count) < settings.no_person_share),
            "PROCODE3": coded(trust, england.codes(england.trusts, quarter)),
            "APPTDATE": dates(day),
            "APPTAGE": people.coded_age(person, np.zeros(count, bool)),
            "SEX": people.sex(person),
            "ATTENDED": coded(attended, [*outcomes.items, "3"]),
            "FIRSTATT": chosen(
                [
                    (rng.random(count) < no_first, "9"),
                    (is_first & by_telephone, "3"),
                    (is_first, "1"),
                    (by_telephone, "4"),
                ],
                "2",
            ),
            "REFSOURC": coded(source, [*sources.items, "03", "99"]),
            "TRETSPEF": specialties,
            "MAINSPEF": specialties,
            "PCTCODE_HIS": coded(pct, england.codes(england.pcts, quarter)),
            "GPPRAC": people.practices(pct, person),
            "IMD04_QUINTILE": quintile,
            "ADMINCAT": chosen([(rng.random(count) < settings.private_share, "02")], "01"),
            "STAFFTYP": coded(seen_by, staff.items),
            "REQDATE": dates(np.where(is_first, requested, NO_DATE)),
            "SUBDATE": dates(received),
        }
    )


extracts = quarterly("hes_op", _rows, "csv.gz")
