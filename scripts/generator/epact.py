"""The feed epact: prescriptions by PCT, presentation and month.

drugs.csv has one row a presentation: `share` of its class (any unit), `quantity` per item, price
per unit in April 2006 in pounds, and the price's change a quarter.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from generator.england import CELL_AGE_BAND, England
from generator.output import coded, merged, quarterly
from generator.quarters import Quarter, days_in_month
from generator.randomness import even_scores

DRUGS = Path(__file__).with_name("drugs.csv")


@dataclass(frozen=True)
class Market:
    """A group of drugs of which one part is the better choice."""

    # Items a year and head aged 45 and over, in England, and their growth a year.
    items_per_head: float
    growth: float
    # Classes in drugs.csv: the part whose share is the indicator, and the rest (empty: none).
    numerator: str
    rest: str
    # Mean and standard deviation between PCTs of the share of the numerator, by quarter from
    # 2006-07 Q1; the last holds on.
    share_mean: tuple[float, ...]
    share_sd: tuple[float, ...]


@dataclass(frozen=True)
class PrescribingParameters:
    """How much is prescribed, of what, and how PCTs vary."""

    # 38 million statin items a year, at which the opportunity of 2006-07 Q1 comes to 84 to 86
    # million pounds (published: 83 and 87). Mean and upper quartile of the low-cost share were
    # 60.7 and 68.7 % in 2006-07 Q1, 62.8 and 70.4 % in Q2, upper quartile 77 % in 2007-08 Q1; the
    # opportunity fell by 72 % over that year, which the spread has to explain.
    statins: Market = Market(
        items_per_head=1.84,
        growth=0.09,
        numerator="statin low cost",
        rest="statin other",
        share_mean=(0.607, 0.628, 0.665, 0.705, 0.749, 0.760, 0.769, 0.777),
        share_sd=(0.119, 0.113, 0.087, 0.061, 0.031, 0.031, 0.030, 0.030),
    )
    # About seven in ten in all years that are known.
    renin_angiotensin: Market = Market(
        items_per_head=1.95,
        growth=0.06,
        numerator="acei",
        rest="arb",
        share_mean=(0.715, 0.713, 0.712, 0.710),
        share_sd=(0.045,),
    )
    proton_pump: Market = Market(
        items_per_head=1.20,
        growth=0.07,
        numerator="ppi low cost",
        rest="ppi other",
        share_mean=(0.64, 0.66, 0.68, 0.70, 0.72, 0.735, 0.75, 0.76),
        share_sd=(0.075,),
    )
    clopidogrel: Market = Market(
        items_per_head=0.21,
        growth=0.10,
        numerator="clopidogrel",
        rest="",
        share_mean=(1.0,),
        share_sd=(0.0,),
    )
    # Spread between PCTs of the logarithm of items per head.
    volume_sd: float = 0.16
    # Ups and downs of a PCT's share from quarter to quarter, of its volume from month to month, and
    # of a presentation's place in its class (habits of prescribers).
    share_noise_sd: float = 0.006
    volume_noise_sd: float = 0.01
    habit_sd: float = 0.25
    # Actual cost: net ingredient cost less the average discount.
    discount: float = 0.07
    # Prescribing does not shrink below this scale, whatever the scale of the run: fewer items would
    # leave most PCTs under the 1,000 that the indicators ask for. The number of rows is always that
    # of England.
    least_scale: float = 0.05
    # Rows that no payment authority would accept: items without cost, or a quantity of 0.
    impossible_share: float = 0.0005

    @property
    def markets(self) -> tuple[Market, ...]:
        """All markets."""
        return self.statins, self.renin_angiotensin, self.proton_pump, self.clopidogrel


PARAMETERS = PrescribingParameters()

FIRST_AGE_BAND = 9  # 45-49


def _rows(
    england: England, quarter: Quarter, habits: np.random.Generator, now: np.random.Generator
) -> pd.DataFrame:
    drugs = pd.read_csv(DRUGS)
    parts = [
        _market_rows(england, drugs, market, quarter, habits, now) for market in PARAMETERS.markets
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["items"] > 0].sort_values(["month", "pct", "drug"], ignore_index=True)
    return _as_sent(england, drugs, rows, quarter, now)


def _market_rows(
    england: England,
    drugs: pd.DataFrame,
    market: Market,
    quarter: Quarter,
    habits: np.random.Generator,
    now: np.random.Generator,
) -> pd.DataFrame:
    """Items by month, PCT and drug (positions) of one market."""
    settings, pcts = PARAMETERS, len(england.pcts)
    older = england.people[:, CELL_AGE_BAND >= FIRST_AGE_BAND].sum(axis=1)
    older = older * max(england.scale, settings.least_scale) / england.scale
    volume = older * np.exp(settings.volume_sd * even_scores(habits, england.pct_share))
    volume *= market.items_per_head * (1 + market.growth) ** (quarter.index / 4)
    mean, spread = (_at(series, quarter) for series in (market.share_mean, market.share_sd))
    share = mean + spread * even_scores(habits, england.pct_share)
    if market.rest:
        share = np.clip(share + settings.share_noise_sd * now.standard_normal(pcts), 0.02, 0.98)
    parts = []
    for drug_class, part in ((market.numerator, share), (market.rest, 1 - share)):
        members = drugs.index[drugs["class"] == drug_class]
        if members.empty:
            continue
        habit = np.exp(settings.habit_sd * habits.standard_normal((pcts, len(members))))
        mix = drugs.loc[members, "share"].to_numpy() * habit
        mix /= mix.sum(axis=1, keepdims=True)
        for month, start in enumerate(quarter.month_starts):
            noise = np.exp(settings.volume_noise_sd * now.standard_normal(pcts))
            items = volume * noise * part * days_in_month(start) / 365
            # Whole items that keep the sum of a PCT's month: rounding is left to chance.
            whole = np.floor(items[:, None] * mix + now.random(mix.shape)).astype(int)
            pct, drug = np.indices(whole.shape)
            parts.append(
                pd.DataFrame(
                    {
                        "month": month,
                        "pct": pct.ravel(),
                        "drug": np.asarray(members)[drug.ravel()],
                        "items": whole.ravel(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _at(series: tuple[float, ...], quarter: Quarter) -> float:
    """The value for a quarter; the last one holds on."""
    return series[min(quarter.index, len(series) - 1)]


def _as_sent(
    england: England,
    drugs: pd.DataFrame,
    rows: pd.DataFrame,
    quarter: Quarter,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The extract's columns, with the few impossible rows."""
    drug, items = rows["drug"].to_numpy(), rows["items"].to_numpy()
    per_item = drugs["quantity"].to_numpy()[drug] * np.exp(0.02 * rng.standard_normal(len(rows)))
    quantity = np.round(per_item * items)
    price = drugs["price_per_unit"] * (1 + drugs["price_change"]) ** quarter.index
    nic = quantity * price.to_numpy()[drug]
    fault = rng.random(len(rows)) / PARAMETERS.impossible_share
    nic = np.where(fault < 0.5, 0, nic)
    codes = england.codes(england.pcts, quarter)
    extract = pd.DataFrame(
        {
            "period": coded(rows["month"].to_numpy(), quarter.months),
            "pct_code": coded(rows["pct"].to_numpy(), codes),
            "bnf_code": coded(drug, list(drugs["bnf_code"])),
            "bnf_name": coded(drug, list(drugs["bnf_name"])),
            "items": items,
            "quantity": np.where((fault >= 0.5) & (fault < 1), 0, quantity),
            "nic": nic.round(2),
            "act_cost": (nic * (1 - PARAMETERS.discount)).round(2),
        }
    )
    return merged(extract, ["period", "pct_code", "bnf_code", "bnf_name"])


extracts = quarterly("epact", _rows)
