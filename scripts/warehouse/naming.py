"""What a submission is called: feed, declared period, extract date and sender of a file."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from warehouse.contracts import Refused, feeds
from warehouse.limits import FIRST_YEAR
from warehouse.words import shown

# The parts in the order in which a file's name says them.
PARTS = ("feed", "period", "extract_date", "sender")

_MONTH = r"(\d{4})-(\d{2})"
_PERIOD = re.compile(rf"fy(\d{{4}})-(\d{{2}})(?:q([1-4]))?|m{_MONTH}(?:_{_MONTH})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SENDER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True)
class Submission:
    """What a file is: as it declares itself, and as was inferred where it is silent."""

    feed: str
    period: str
    extract_date: date
    sender: str | None
    inferred: tuple[str, ...] = ()

    @property
    def is_synthetic(self) -> bool:
        """Whether the sender's name says that the data are made up."""
        return (self.sender or "").lower().startswith(("synthetic", "artificial"))

    def identifier(self, checksum: str) -> str:
        """The submission's id: what it declares, and the first eight digits of the checksum."""
        parts = [self.feed, self.period, self.extract_date.isoformat(), self.sender, checksum[:8]]
        return "__".join(part for part in parts if part)


@dataclass(frozen=True)
class Declaration:
    """What a file's name and the options say of it; None: nothing (a file may have no sender)."""

    feed: str | None = None
    period: str | None = None
    extract_date: date | None = None
    sender: str | None = None

    def fits(self, entry: Mapping) -> bool:
        """Whether a row of the manifest can be what is declared: nothing said differs from it."""
        said = {part: getattr(self, part) for part in ("feed", "period", "extract_date")}
        return entry["sender"] == self.sender and all(
            value is None or entry[part] == value for part, value in said.items()
        )


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of a period: fy2006-07, fy2006-07q1, m2017-09 or m2009-04_2022-03.

    Raises Refused for anything else, such as fy2006-08 or m2006-13, and for a period that does not
    lie between FIRST_YEAR and the end of next year.
    """
    match = _PERIOD.fullmatch(period)
    if not match:
        raise Refused(
            f"'{shown(period)}' is no period; fy2006-07, fy2006-07q1, m2017-09 and"
            " m2009-04_2022-03 are"
        )
    try:
        first, last = _bounds(period, match)
    except ValueError as error:
        raise Refused(f"'{period}' is no period: {error}") from error
    if first.year < FIRST_YEAR or last > last_day():
        raise Refused(
            f"'{period}' is no period that can be meant: periods lie from {FIRST_YEAR}"
            f" to {last_day().year}"
        )
    return first, last


def _bounds(period: str, match: re.Match) -> tuple[date, date]:
    year, following, quarter, month_year, month, last_year, last_month = match.groups()
    if month:
        first, last = _months(int(month_year), int(month), 1)
        if last_month:
            last = _months(int(last_year), int(last_month), 1)[1]
            if last < first:
                raise ValueError("it ends before it begins")
        return first, last
    if int(following) != (int(year) + 1) % 100:
        raise ValueError(f"{following} is not the year after {year}")
    if quarter == "4":
        return _months(int(year) + 1, 1, 3)
    if quarter:
        return _months(int(year), 1 + 3 * int(quarter), 3)
    return _months(int(year), 4, 12)


def last_day() -> date:
    """The last day that a period may have: the end of next year."""
    return date(date.today().year + 1, 12, 31)


def period_of(first: date, last: date) -> str:
    """The period of the whole months from one day to another."""
    ends = (f"m{first:%Y-%m}", f"{last:%Y-%m}")
    return ends[0] if ends[0] == f"m{ends[1]}" else "_".join(ends)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """First and last day of `count` months. Raises ValueError for a month that there is not."""
    first = date(year, month, 1)
    years, last_month = divmod(month + count - 2, 12)
    last_day = calendar.monthrange(year + years, last_month + 1)[1]
    return first, date(year + years, last_month + 1, last_day)


def declared(stems: list[str], options: Mapping[str, str | None]) -> Declaration:
    """What a file declares itself to be: by its name, and by the options where that is silent.

    `stems` are its name and that of the archive that it is in, without extensions. A name says its
    parts as <feed>__<period>__<extract date>[__<sender>]; one that says no part well in its place
    is a name of another form, which says nothing. `options` has the keys of PARTS. Raises Refused
    where what is said is malformed, or where two names, or a name and an option, contradict each
    other.
    """
    said, faults = _read_names(stems)
    for part in PARTS:
        option = options[part]
        if option is not None:
            _CHECKS[part](option)
            if said.get(part, option) != option:
                name = part.replace("_", " ")
                raise Refused(f"the name says {name} {said[part]}, the option says {option}")
            said[part] = option
        elif part in faults:
            flag = f"--{part.replace('_', '-')}"
            raise Refused(f"{faults[part]} (the file's name says so; {flag} may say better)")
    day = said.get("extract_date")
    return Declaration(
        feed=said.get("feed"),
        period=said.get("period"),
        extract_date=date.fromisoformat(day) if day else None,
        sender=said.get("sender"),
    )


def _read_names(stems: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The parts that the names say well, and the fault of each part that they say badly only."""
    said: dict[str, str] = {}
    faults: dict[str, str] = {}
    for stem in stems:
        well, badly = _read_name(stem)
        for part, text in well.items():
            if said.setdefault(part, text) != text:
                name = part.replace("_", " ")
                raise Refused(f"the file's name says {name} {said[part]}, its archive's {text}")
        faults = badly | faults
    return said, {part: fault for part, fault in faults.items() if part not in said}


def _read_name(stem: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts that a name says well, and the fault of each part that it says badly."""
    said: dict[str, str] = {}
    faults: dict[str, str] = {}
    for part, text in zip(PARTS, stem.split("__", 3), strict=False):
        try:
            _CHECKS[part](text)
            said[part] = text
        except Refused as fault:
            faults[part] = str(fault)
    if not any(part in said for part in PARTS[:-1]):
        # Letters, digits and underscores alone make no sender.
        return {}, {}
    return said, faults


def _check_feed(text: str) -> None:
    if text not in feeds():
        raise Refused(f"'{shown(text)}' is no feed with a contract in models/staging")


def _check_date(text: str) -> None:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError as error:
        raise Refused(f"'{text}' is no extract date: {error}") from error
    if day is None:
        raise Refused(f"'{shown(text)}' is no extract date; YYYY-MM-DD is")
    if day > date.today():
        raise Refused(f"the extract date {text} lies after today")


def _check_sender(text: str) -> None:
    if not _SENDER.fullmatch(text):
        raise Refused(f"'{shown(text)}' is no sender; letters, digits, - and _ are allowed")


_CHECKS = {
    "feed": _check_feed,
    "period": period_bounds,
    "extract_date": _check_date,
    "sender": _check_sender,
}
