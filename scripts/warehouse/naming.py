"""What a submission is called: feed, declared period, extract date and sender of a file."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.containers import EXTENSIONS
from warehouse.containers import extension as extension_of
from warehouse.contracts import Refused, feeds

_PERIOD = re.compile(r"fy(\d{4})-(\d{2})(?:q([1-4]))?|m(\d{4})-(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SENDER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True)
class Submission:
    """What a file declares itself to be, before its bytes are looked at."""

    feed: str
    period: str
    extract_date: date
    sender: str | None

    @property
    def is_synthetic(self) -> bool:
        """Whether the sender's name says that the data are made up."""
        return (self.sender or "").lower().startswith(("synthetic", "artificial"))

    def identifier(self, checksum: str) -> str:
        """The submission's id: what it declares, and the first eight digits of the checksum."""
        parts = [self.feed, self.period, self.extract_date.isoformat(), self.sender, checksum[:8]]
        return "__".join(part for part in parts if part)


def extension(path: Path) -> str | None:
    """The file's extension in lower case, if it is one that can be landed."""
    return extension_of(path.name)


def feed_said(name: str, options: Mapping[str, str | None]) -> str | None:
    """The feed that a file's name or the options say it is of. Raises Refused for none of ours."""
    option = options["feed"]
    if option is not None:
        _check_feed(option)
        return option
    first = name.split("__", 1)[0]
    return first if first in feeds() else None


def period_bounds(period: str) -> tuple[date, date]:
    """First and last day of a period written fy2006-07, fy2006-07q1 or m2017-09.

    Raises Refused for anything else, such as fy2006-08 or m2006-13.
    """
    match = _PERIOD.fullmatch(period)
    if not match:
        raise Refused(f"'{period}' is no period; fy2006-07, fy2006-07q1 and m2017-09 are")
    year, following, quarter, month_year, month = match.groups()
    try:
        if month:
            return _months(int(month_year), int(month), 1)
        if int(following) != (int(year) + 1) % 100:
            raise Refused(f"'{period}' is no period: {following} is not the year after {year}")
        if quarter == "4":
            return _months(int(year) + 1, 1, 3)
        if quarter:
            return _months(int(year), 1 + 3 * int(quarter), 3)
        return _months(int(year), 4, 12)
    except ValueError as error:
        raise Refused(f"'{period}' is no period: {error}") from error


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """First and last day of `count` months. Raises ValueError for a month that there is not."""
    first = date(year, month, 1)
    years, last_month = divmod(month + count - 2, 12)
    last_day = calendar.monthrange(year + years, last_month + 1)[1]
    return first, date(year + years, last_month + 1, last_day)


def declared(path: Path, options: Mapping[str, str | None]) -> Submission:
    """What a file declares itself to be: by its name, and by the options where the name is silent.

    `options` has the keys feed, period, extract_date and sender. Raises Refused where both are
    silent, where what is said is malformed, or where an option contradicts the name.
    """
    ending = extension(path)
    if not ending:
        raise Refused(f"not a file that can be landed; the extensions are {', '.join(EXTENSIONS)}")
    said, faults = _read_name(path.name[: -len(ending) - 1])
    values: dict[str, str] = {}
    for part, check in _CHECKS.items():
        option = options[part]
        label, flag = part.replace("_", " "), f"--{part.replace('_', '-')}"
        if option is not None:
            check(option)
            if said.get(part, option) != option:
                raise Refused(f"the name says {label} {said[part]}, the option says {option}")
            values[part] = option
        elif part in faults:
            raise Refused(f"{faults[part]} (the file's name says so; {flag} may say better)")
        elif part in said:
            values[part] = said[part]
        elif part != "sender":
            raise Refused(
                f"the name does not say the {label}; name it <feed>__<period>__<extract date>"
                f"[__<sender>], or give {flag}"
            )
    return Submission(
        feed=values["feed"],
        period=values["period"],
        extract_date=date.fromisoformat(values["extract_date"]),
        sender=values.get("sender"),
    )


def _read_name(stem: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts that a name says well, and the fault of each part that it says badly."""
    said: dict[str, str] = {}
    faults: dict[str, str] = {}
    for (part, check), text in zip(_CHECKS.items(), stem.split("__", 3), strict=False):
        try:
            check(text)
            said[part] = text
        except Refused as fault:
            faults[part] = str(fault)
    return said, faults


def _check_feed(text: str) -> None:
    if text not in feeds():
        raise Refused(f"'{text}' is no feed with a contract in models/staging")


def _check_date(text: str) -> None:
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text)
            return
    except ValueError as error:
        raise Refused(f"'{text}' is no extract date: {error}") from error
    raise Refused(f"'{text}' is no extract date; YYYY-MM-DD is")


def _check_sender(text: str) -> None:
    if not _SENDER.fullmatch(text):
        raise Refused(f"'{text}' is no sender; letters, digits, - and _ are allowed")


# In the order in which a file's name says them.
_CHECKS = {
    "feed": _check_feed,
    "period": period_bounds,
    "extract_date": _check_date,
    "sender": _check_sender,
}
