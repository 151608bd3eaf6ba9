"""Faults put into extracts that were written: organisations, and what becomes of their rows.

A fault goes to an organisation of its own, in the last of the quarters asked for, well beyond the
bound of its rule at scales from 0.02 on. Which organisation, and which of its rows, depend on the
seed and the quarter, not on the other faults or feeds asked for.
"""

import glob
import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from generator.england import England
from generator.faults import FAULTS, Fault
from generator.output import DUMMY_DATE, SENDER, quoted, write, write_query
from generator.quarters import Quarter
from generator.randomness import stream

FAULTS_FILE = "faults.json"
SECOND_SENDER = f"{SENDER}-second"

# The trust that the pages for readers take as an example.
SPARED = ("RWE",)
# Trusts smaller than this, against the mean general trust, get no fault of records of care.
LEAST_SIZE = 0.6
# So many rows fail at least: ten make a share amber.
LEAST_ROWS = 12
# Beyond every key and person of a file: a copy is someone else's care.
NEW_KEY, NEW_PERSON = 10**13, 1 << 48
UNREADABLE = "tbc"

# Codes that nobody has, for rows of an unknown organisation.
NOBODY = {"hes_apc": "ZZ8", "procurement": "ZZ9"}

ORGANISATION = {"hes_apc": "PROCODE3", "hes_op": "PROCODE3", "epact": "pct_code"}
ORGANISATION |= {"population": "pct_code", "nhse_sickness": "org_code"}
# A published format of which the generator writes the local one.
LOCAL = {"nhse_sickness": "esr_absence"}


class Rows:
    """What an organisation sent of a feed in a quarter: text, to be changed in place."""

    def __init__(self, sent: pd.DataFrame, rng: np.random.Generator, quarter: Quarter):
        """Keep the rows."""
        self.sent, self.rng, self.quarter = sent, rng, quarter
        # Rows of a file beside it: by feed and sender.
        self.beside: dict[tuple[str, str], pd.DataFrame] = {}

    def some(self, share: float, which: pd.Series | None = None, least: int = LEAST_ROWS) -> list:
        """Labels of a share of the rows, or of so many as there are among those that fit."""
        among = self.sent.index if which is None else self.sent.index[which]
        count = min(len(among), max(least, ceil(share * len(self.sent))))
        return sorted(self.rng.choice(among, count, replace=False))

    def add(self, rows: pd.DataFrame) -> None:
        """Put rows behind those that there are."""
        self.sent = pd.concat([self.sent, rows], ignore_index=True)

    @property
    def months(self) -> pd.Series:
        """The month of each row of a monthly feed."""
        return self.sent["month" if "month" in self.sent else "period"]


# What becomes of the rows; the number of those concerned.
Change = Callable[[Rows], int]


def inject(
    england: England,
    quarters: Sequence[Quarter],
    feeds: Sequence[str],
    names: Sequence[str],
    folder: Path,
) -> list[str]:
    """Put the faults of these names into the extracts in a folder, and write faults.json.

    Returns sentences on those that could not be put in, since their feed or the quarters before
    them were not asked for, or since there are no organisation or rows to spoil.
    """
    quarter, done, left_out = quarters[-1], [], []
    assigned = organisations(england, quarter)
    for feed in feeds:
        of_feed = [f for f in FAULTS if LOCAL.get(f.feed, f.feed) == feed and f.rule_id in names]
        hits = [(fault, assigned[fault]) for fault in of_feed if fault in assigned]
        ready = [hit for hit in hits if len(quarters) > hit[0].earlier_quarters]
        if ready:
            done += _spoil(england, quarter, _extract(folder, feed, quarter), ready)
    entries = {(entry["rule_id"], entry["feed"]) for entry in done}
    for fault in FAULTS:
        if fault.rule_id in names and (fault.rule_id, fault.feed) not in entries:
            left_out.append(f"{fault.rule_id} of {fault.feed} is left out: {_why(fault, quarters)}")
    text = json.dumps(sorted(done, key=lambda entry: (entry["rule_id"], entry["feed"])), indent=2)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".generating-") as scratch:
        whole = Path(scratch) / FAULTS_FILE
        whole.write_text(text + "\n", encoding="utf-8")
        whole.replace(folder / FAULTS_FILE)
    return left_out


def _why(fault: Fault, quarters: Sequence[Quarter]) -> str:
    if len(quarters) <= fault.earlier_quarters:
        return f"the rule needs {fault.earlier_quarters} quarters before the last one"
    return f"no rows of {LOCAL.get(fault.feed, fault.feed)}, or no organisation for it"


def organisations(england: England, quarter: Quarter) -> dict[Fault, str]:
    """The organisation of each fault, by its code; those that merged or closed have none.

    Faults that bear on PCTs go to the trusts that are the smallest part of any PCT; those of
    monthly feeds may go to small ones. There are fewer organisations in later years, and
    the last faults of the list may then have none.
    """
    share = england.catchment / england.catchment.sum(axis=0)
    size = england.trust_size / england.trust_size[~england.is_specialist].mean()
    trusts = pd.DataFrame({"widest": share.max(axis=1), "is_small": size < LEAST_SIZE})
    trusts = trusts[_is_steady(england, england.trusts, quarter) & ~england.is_specialist]
    by_width = england.trusts.index[trusts.sort_values(["is_small", "widest"]).index]
    steady = _is_steady(england, england.pcts, quarter)
    by_size = england.pcts.index[steady][np.argsort(-england.pct_share[steady], kind="stable")]
    bearing = [fault for fault in FAULTS if fault.bears_on_pcts]
    others = [fault for fault in FAULTS if not fault.bears_on_pcts and fault.sender == "trust"]
    of_pcts = [fault for fault in FAULTS if fault.sender == "pct"]
    return dict(zip([*bearing, *others], by_width, strict=False)) | dict(
        zip(of_pcts, by_size, strict=False)
    )


def _is_steady(england: England, among: pd.DataFrame, quarter: Quarter) -> np.ndarray:
    """Which organisations report under the code they began with, and nobody else with them."""
    codes = pd.Series(england.codes(among, quarter), index=among.index)
    alone = ~codes.duplicated(keep=False) & ~among.index.isin(SPARED)
    return (alone & (codes == among.index)).to_numpy()


def _extract(folder: Path, feed: str, quarter: Quarter) -> Path:
    """The extract that has the quarter's rows of a feed."""
    period = quarter.financial_year if feed == "population" else quarter.period
    [path] = folder.glob(f"{feed}__{period}__*__{SENDER}.*")
    return path


def _spoil(
    england: England, quarter: Quarter, extract: Path, hits: Sequence[tuple[Fault, str]]
) -> list[dict]:
    """Write an extract anew with faults, and what goes beside it; says what was done."""
    feed, period, day, sent_by = extract.name.split("__")
    column = ORGANISATION.get(feed, "org_code")
    delimiter = "|" if ".psv" in extract.suffixes else ","
    # A folder may have any name, and the engine takes brackets for a pattern.
    pattern = Path(glob.escape(str(extract)))
    done, spoilt = [], {}
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(
            f"create temp table clean as from read_csv('{quoted(pattern)}',"
            f" all_varchar = true, header = true, delim = '{delimiter}')"
        )
        for fault, code in hits:
            sent = engine.execute(f"from clean where {column} = ?", [code]).df().astype(object)
            if sent.empty:
                continue
            rng = stream(england.seed, "faults", fault.rule_id, fault.feed, quarter.index)
            rows = spoilt[code] = Rows(sent.where(sent.notna(), None), rng, quarter)
            count = CHANGES[fault.rule_id, fault.feed](rows)
            done.append(_entry(fault, code, quarter, count))
        if spoilt:
            engine.register("spoilt", pd.concat([rows.sent for rows in spoilt.values()]))
            codes = ", ".join(f"'{code}'" for code in spoilt)
            others = f"from clean where coalesce({column}, '') not in ({codes})"
            write_query(engine, f"{others} union all by name from spoilt", extract)
    for rows in spoilt.values():
        for (other, sender), more in rows.beside.items():
            name = f"{other}__{period}__{day}__{sender}{sent_by.removeprefix(SENDER)}"
            write(more, extract.with_name(name))
    return done


def _entry(fault: Fault, code: str, quarter: Quarter, count: int) -> dict:
    """What faults.json says of a fault."""
    return {
        "fault": fault.rule_id,
        "rule_id": fault.rule_id,
        "feed": fault.feed,
        "organisation_code": NOBODY[fault.feed] if fault.rule_id == "ORG" else code,
        "quarter": f"{quarter.financial_year.removeprefix('fy')} Q{quarter.number}",
        "what": fault.what,
        "n_rows": count,
        "expected_outcome": fault.outcome,
    }


# Conditions on rows of hes_apc.
def _is_finished(sent: pd.DataFrame) -> pd.Series:
    return sent["EPISTAT"] == "3"


def _is_first(sent: pd.DataFrame) -> pd.Series:
    return _is_finished(sent) & (sent["EPIORDER"] == "1") & (sent["ADMIDATE"] == sent["EPISTART"])


def _is_whole_spell(sent: pd.DataFrame) -> pd.Series:
    return _is_first(sent) & sent["DISDATE"].notna()


def _set(
    share: float,
    values: dict[str, str | None],
    which: Callable[[pd.DataFrame], pd.Series] = lambda sent: pd.Series(True, sent.index),
    least: int = LEAST_ROWS,
) -> Change:
    """Give a share of the rows other values."""

    def change(rows: Rows) -> int:
        places = rows.some(share, which(rows.sent), least)
        for column, value in values.items():
            rows.sent.loc[places, column] = value
        return len(places)

    return change


def _moved(
    share: float, columns: Sequence[str], days: int, which: Callable[[pd.DataFrame], pd.Series]
) -> Change:
    """Move dates of a share of the rows by some days."""

    def change(rows: Rows) -> int:
        places = rows.some(share, which(rows.sent))
        for column in columns:
            moved = [date.fromisoformat(day) + timedelta(days) for day in rows.sent[column][places]]
            rows.sent.loc[places, column] = [day.isoformat() for day in moved]
        return len(places)

    return change


def _late_discharges(rows: Rows) -> int:
    places = rows.some(0.03, _is_whole_spell(rows.sent))
    rows.sent.loc[places, "DISDATE"] = (rows.quarter.extract_date + timedelta(30)).isoformat()
    return len(places)


def _undated_operations(rows: Rows) -> int:
    operated = rows.sent["OPERTN_4_01"].fillna("-") != "-"
    places = rows.some(0, operated, least=ceil(operated.sum() / 2))
    rows.sent.loc[places, "OPDATE_01"] = None
    return len(places)


def _repeated(share: float, key: str, later: dict[str, str] | None = None) -> Change:
    """Send a share of the rows that name a person again, under another key."""

    def change(rows: Rows) -> int:
        known = rows.sent["PSEUDO_HESID"].notna()
        if "EPISTAT" in rows.sent:
            known &= _is_finished(rows.sent)
        again = rows.sent.loc[rows.some(share, known)].copy()
        again[key] = _plus(again[key], NEW_KEY)
        for column, ending in (later or {}).items():
            again[column] = again["PROCODE3"] + ending
        rows.add(again)
        return len(again)

    return change


def _plus(numbers: pd.Series, more: int) -> list[str | None]:
    return [None if number is None else str(int(number) + more) for number in numbers]


def _shared_keys(rows: Rows) -> int:
    places = rows.some(0.04, _is_finished(rows.sent))
    others = rows.sent.index[_is_finished(rows.sent) & ~rows.sent.index.isin(places)]
    keys = rows.sent.loc[rows.rng.choice(others, len(places), replace=False), "EPIKEY"]
    rows.sent.loc[places, "EPIKEY"] = keys.to_numpy()
    return len(places)


def _unfinished(rows: Rows) -> int:
    is_near = rows.sent["EPISTART"] >= str(rows.quarter.first_day)
    more = rows.sent.loc[rows.some(0.12, is_near)].copy()
    more["EPIKEY"] = _plus(more["EPIKEY"], NEW_KEY)
    more["EPISTAT"] = "1"
    more[["EPIEND", "DISDATE"]] = None
    rows.add(more)
    return len(more)


def _halved(unit: str) -> Change:
    """Leave out half of the spells or appointments."""

    def change(rows: Rows) -> int:
        units = rows.sent[unit].unique()
        lost = rows.rng.choice(units, len(units) // 2, replace=False)
        is_lost = rows.sent[unit].isin(lost)
        rows.sent = rows.sent[~is_lost].reset_index(drop=True)
        return int(is_lost.sum())

    return change


def _inflated(unit: str, key: str) -> Change:
    """More spells or appointments, of other people, and some rows twice."""

    def change(rows: Rows) -> int:
        before = len(rows.sent)
        units = rows.sent[unit].unique()
        more = rows.rng.choice(units, ceil(0.4 * len(units)), replace=False)
        copies = rows.sent[rows.sent[unit].isin(more)].copy()
        copies[key] = _plus(copies[key], 2 * NEW_KEY)
        copies["PSEUDO_HESID"] = _plus(copies["PSEUDO_HESID"], NEW_PERSON)
        rows.add(copies)
        _repeated(0.06, key)(rows)
        return len(rows.sent) - before

    return change


def _by_second_sender(feed: str, each_month: int | None) -> Change:
    """Have a second sender send rows again; all of them, or so many of each month."""

    def change(rows: Rows) -> int:
        again = rows.sent
        if each_month:
            day = "EPIEND" if feed == "hes_apc" else "APPTDATE"
            due = rows.sent[rows.sent[day].notna() & rows.sent["PSEUDO_HESID"].notna()]
            months = due[day].str[:7]
            again = due.groupby(months, sort=True).head(each_month)
        rows.beside[feed, SECOND_SENDER] = again.reset_index(drop=True)
        return len(again)

    return change


def _of_nobody(feed: str, count: int) -> Change:
    """Add rows of an organisation that nobody knows."""

    def change(rows: Rows) -> int:
        more = rows.sent.head(count).copy()
        more[ORGANISATION.get(feed, "org_code")] = NOBODY[feed]
        if "EPIKEY" in more:
            more["EPIKEY"] = _plus(more["EPIKEY"], NEW_KEY)
            more["PSEUDO_HESID"] = _plus(more["PSEUDO_HESID"], NEW_PERSON)
        rows.add(more)
        return len(more)

    return change


def _times(factor: float, columns: Sequence[str], decimals: int = 2) -> Change:
    """Multiply figures in all rows."""

    def change(rows: Rows) -> int:
        for column in columns:
            figures = rows.sent[column].astype(float) * factor
            rows.sent[column] = [f"{figure:.{decimals}f}" for figure in figures]
        return len(rows.sent)

    return change


def _in_thousands(rows: Rows) -> int:
    pounds = [column for column in rows.sent if column not in ("period", "org_code")]
    return _times(0.001, pounds, decimals=3)(rows)


def _without_second_month(rows: Rows) -> int:
    is_lost = rows.months == rows.quarter.months[1]
    rows.sent = rows.sent[~is_lost].reset_index(drop=True)
    return int(is_lost.sum())


def _without_band(rows: Rows) -> int:
    is_lost = rows.sent["age_band"] == "40-44"
    rows.sent = rows.sent[~is_lost].reset_index(drop=True)
    return int(is_lost.sum())


def _twice(count: int, column: str | None = None) -> Change:
    """Have rows in the file twice: as they are, or with another figure in a column."""

    def change(rows: Rows) -> int:
        again = rows.sent.loc[rows.some(0, least=count)].copy()
        if column:
            again[column] = [f"{float(figure) * 1.1 + 1:.2f}" for figure in again[column]]
        rows.add(again)
        return len(again)

    return change


def _more_lost_than_available(rows: Rows) -> int:
    place = rows.sent["fte_days_available"].astype(float).idxmin()
    available = float(rows.sent.loc[place, "fte_days_available"])
    rows.sent.loc[place, "fte_days_lost"] = f"{available * 1.2 + 1:.2f}"
    return 1


def _absence_by_month(rows: Rows) -> pd.DataFrame:
    """Days lost and available of all staff, staff and heads, by month."""
    figures = ["fte_days_lost", "fte_days_available", "headcount", "fte"]
    return rows.sent[figures].astype(float).groupby(rows.months).sum().round(2)


def _totals(rows: Rows) -> int:
    sums = _absence_by_month(rows).astype({"headcount": int}).astype(str)
    totals = sums.reset_index(names="month").assign(staff_group="Total")
    totals["org_code"] = rows.sent["org_code"].iloc[0]
    rows.add(totals)
    return len(totals)


def _as_published(rows: Rows) -> int:
    sums = _absence_by_month(rows)
    rate = 100 * sums["fte_days_lost"] / sums["fte_days_available"]
    # By more than anybody would round.
    rate.iloc[0] += 1.5
    months = [f"{month[:4]}-{date(2000, int(month[4:]), 1):%b}".upper() for month in sums.index]
    code = rows.sent["org_code"].iloc[0]
    rows.beside["nhse_sickness", SENDER] = pd.DataFrame(
        {
            "Date": months,
            "Org code": code,
            "Org name": f"NHS trust {code}",
            "Org type": "Acute",
            "FTE days lost": sums["fte_days_lost"].to_numpy(),
            "FTE days available": sums["fte_days_available"].to_numpy(),
            "Sickness absence rate (%)": rate.round(2).to_numpy(),
        }
    )
    rows.sent = rows.sent.head(0)
    return len(sums)


def _more_in_time_than_paid(rows: Rows) -> int:
    place = rows.some(0, least=1)
    rows.sent.loc[place, "within_target_n"] = _plus(rows.sent.loc[place, "invoices_paid_n"], 5)
    return len(place)


_PAY = ("total_pay", "pay_bank", "pay_agency", "pay_substantive")

CHANGES: dict[tuple[str, str], Change] = {
    ("A01", "hes_apc"): _repeated(0.08, "EPIKEY", {"SENDER": "01"}),
    ("A03", "hes_apc"): _shared_keys,
    ("A04", "hes_apc"): _set(
        0.1, {"OPDATE_01": DUMMY_DATE}, lambda sent: sent["OPERTN_4_01"] == "-"
    ),
    ("A05", "hes_apc"): _moved(0.03, ["EPISTART"], -3, _is_whole_spell),
    ("A06", "hes_apc"): _late_discharges,
    ("A07", "hes_apc"): _set(
        0.06, {"ADMIDATE": None}, lambda sent: _is_first(sent) & (sent["ADMIMETH"] != "81")
    ),
    ("A08", "hes_apc"): _unfinished,
    ("A09", "hes_apc"): _moved(
        0.06,
        ["ADMIDATE", "EPISTART"],
        -900,
        lambda sent: (
            _is_whole_spell(sent)
            & (sent["CLASSPAT"] == "1")
            & ~sent["TRETSPEF"].fillna("").str.startswith("7")
        ),
    ),
    ("A10", "hes_apc"): _moved(
        0.12,
        ["ADMIDATE", "EPISTART"],
        -2,
        lambda sent: _is_whole_spell(sent) & (sent["CLASSPAT"] == "2"),
    ),
    ("A11", "hes_apc"): _set(0.4, {"SUSHRG": "UZ01Z"}),
    ("A12", "hes_apc"): _set(0.17, {"DIAG_4_01": "R69X"}, _is_finished),
    ("A13", "hes_apc"): _undated_operations,
    ("A14", "hes_apc"): _set(0.15, {"CONSULT": "C9999998"}),
    ("A15", "hes_apc"): _set(0.08, {"TRETSPEF": "&"}),
    ("A15", "hes_op"): _set(0.08, {"TRETSPEF": None}),
    ("A16", "hes_apc"): _set(0.04, {"SEX": "9"}),
    ("A16", "hes_op"): _set(0.04, {"APPTAGE": None}),
    ("A17", "hes_apc"): _set(0.08, {"PCTCODE_HIS": None, "RESPCT_HIS": None}),
    ("A17", "hes_op"): _set(0.08, {"PCTCODE_HIS": None}),
    ("V01", "hes_apc"): _halved("PROVSPNOPS"),
    ("V01", "hes_op"): _halved("ATTENDKEY"),
    ("V02", "hes_apc"): _inflated("PROVSPNOPS", "EPIKEY"),
    ("V02", "hes_op"): _inflated("ATTENDKEY", "ATTENDKEY"),
    ("V03", "hes_apc"): _by_second_sender("hes_apc", 3),
    ("V03", "hes_op"): _by_second_sender("hes_op", 3),
    ("V03", "procurement"): _by_second_sender("procurement", None),
    ("ORG", "hes_apc"): _of_nobody("hes_apc", LEAST_ROWS),
    ("ORG", "procurement"): _of_nobody("procurement", 1),
    ("O01", "hes_op"): _repeated(0.06, "ATTENDKEY"),
    ("O02", "hes_op"): _set(
        # Of those who were not seen, so that no attendance is missing.
        0.14,
        {"ATTENDED": "9"},
        lambda sent: sent["ATTENDED"].isin(["2", "3", "4", "7"]),
    ),
    ("O03", "hes_op"): _set(0.1, {"FIRSTATT": "9"}, lambda sent: sent["FIRSTATT"] == "2"),
    ("O04", "hes_op"): _set(0.17, {"REFSOURC": "99"}),
    ("U01", "finance"): _set(0, {"total_pay": UNREADABLE}, least=1),
    ("U01", "esr_absence"): _set(0, {"fte_days_lost": UNREADABLE}, least=1),
    ("U01", "epact"): _set(0.03, {"nic": UNREADABLE}, least=1),
    ("W01", "esr_absence"): _times(0.15, ["fte_days_lost"]),
    ("W02", "esr_absence"): _without_second_month,
    ("W03", "esr_absence"): _more_lost_than_available,
    ("T01", "esr_absence"): _totals,
    ("D01", "esr_absence"): _twice(4),
    ("D01", "finance"): _twice(1),
    ("D02", "esr_absence"): _twice(1, "fte_days_lost"),
    ("D02", "finance"): _twice(1, "total_pay"),
    ("R01", "nhse_sickness"): _as_published,
    ("J01", "finance"): _times(5, _PAY),
    ("J01", "epact"): _times(5, ["items"], decimals=0),
    ("S01", "finance"): _in_thousands,
    ("C01", "finance"): _without_second_month,
    ("C01", "epact"): _without_second_month,
    ("C02", "epact"): _without_second_month,
    ("F01", "bppc"): _more_in_time_than_paid,
    ("P02", "epact"): _set(0.12, {"quantity": "0"}),
    ("N01", "population"): _without_band,
}
