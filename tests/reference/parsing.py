"""Fields of files: splitting lines, casting values, normalising codes (Rulebook 1.1, 1.2)."""

import re
from datetime import date
from functools import cache

from reference.contracts import ACCEPTED
from reference.quarters import month_number, month_of

OLDEST_BAND = 17
NULL_WORDS = {"NULL", "N/A", "#N/A", "NA", "NAN", "NONE"}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DATES = (
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)([T ]\d\d:\d\d:\d\d(\.\d+)?)?",
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
    rf"(?P<day>\d{{1,2}})-(?P<month>{'|'.join(MONTHS)})-(?P<year>\d{{4}})",
)
NUMBER = (
    r"(?P<open>\()?(?P<sign>[+-])?(?:£\s*)?(?P<inner_sign>[+-])?"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"(?P<close>\))?"
)

# A04: systems write these for "not known".
DUMMY_DATES = {date(1582, 10, 15), date(1600, 1, 1), date(1800, 1, 1), date(1801, 1, 1)}
QUOTED_FIELD = re.compile(r'"((?:[^"]|"")*)"(?!")')


def split_line(line: str, delimiter: str) -> list[str] | None:
    """The fields of a line (Rulebook 1.1), or None when it ends inside an open quote.

    A quote opens a field only as its first character; doubled inside, it stands for itself.
    """
    fields = []
    position = 0
    while True:
        value = ""
        if line[position : position + 1] == '"':
            quoted = QUOTED_FIELD.match(line, position)
            if quoted is None:
                return None
            value = quoted[1].replace('""', '"')
            position = quoted.end()
        end = line.find(delimiter, position)
        if end < 0:
            return [*fields, value + line[position:]]
        fields.append(value + line[position:end])
        position = end + 1


def given(text: str | None) -> str | None:
    """A field without blanks around it; null where it is empty or a word for null."""
    text = (text or "").strip()
    return None if not text or text.upper() in NULL_WORDS else text


@cache
def to_date(text: str | None) -> date | None:
    """A date in one of the forms of DATES, the day before the month; anything else is null."""
    for pattern in DATES:
        match = re.fullmatch(pattern, (text or "").upper())
        if match is None:
            continue
        month = match["month"]
        number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
        try:
            return date(int(match["year"]), number, int(match["day"]))
        except ValueError:
            return None
    return None


def to_known_date(text: str | None) -> date | None:
    """A date, null where it is a dummy (Rulebook 3.1)."""
    day = to_date(text)
    return None if day in DUMMY_DATES else day


def without_percent(text: str) -> str:
    """A percent without its sign, inside the bracket or after it (Rulebook 1.2)."""
    return re.sub(r"%(\)?)$", r"\1", text)


@cache
def to_number(text: str | None) -> float | None:
    """A decimal number: with thousands in groups, £, or brackets for less than nothing.

    Anything else is null, marks of suppression among it (Rulebook 1.1), and a per cent, which is
    none but in a column of percents.
    """
    match = re.fullmatch(NUMBER, text or "")
    if match is None:
        return None
    bracketed = match["open"] is not None
    signs = [sign for sign in (match["sign"], match["inner_sign"]) if sign]
    if bracketed != (match["close"] is not None) or len(signs) + bracketed > 1:
        return None
    number = float(match["digits"].replace(",", ""))
    return -number if bracketed or signs == ["-"] else number


def to_integer(text: str | None) -> int | None:
    """A whole number, also written 54.0; anything else is null (Rulebook 1.1)."""
    number = to_number(text)
    return int(number) if number is not None and number == int(number) else None


def to_month(text: str | None) -> int | None:
    """The month of YYYYMM, YYYY_MM, YYYY-MON, MON-YY or Mon YYYY as a running number.

    Anything else is null (Rulebook 1.1).
    """
    text = (text or "").upper()
    match = re.fullmatch(r"(\d{4})_?(0[1-9]|1[0-2])", text)
    if match:
        return month_number(int(match[1]), int(match[2]))
    for pattern in (
        r"(?P<year>\d{4})-(?P<month>[A-Z]{3})",
        r"(?P<month>[A-Z]{3})-(?P<year>\d\d)",
        r"(?P<month>[A-Z]{3}) (?P<year>\d{4})",
    ):
        match = re.fullmatch(pattern, text)
        if match and match["month"] in MONTHS:
            year = int(match["year"])
            year += 2000 if year < 100 else 0
            return month_number(year, MONTHS.index(match["month"]) + 1)
    return None


def to_month_between(text: str | None) -> int | None:
    """The month between two month-ends, 202509 to 202510; anything else is null (section 3)."""
    first, _, last = (text or "").partition(" to ")
    month = to_month(last)
    return month if month is not None and to_month(first) == month - 1 else None


def to_month_of_date(text: str | None) -> int | None:
    """The month a date lies in, or of the words for a month, as a running number.

    Anything else is null (Rulebook 1.1).
    """
    day = to_date(text)
    return to_month(text) if day is None else month_of(day)


def to_code(column: str, text: str | None) -> str | None:
    """A code of those that a column may hold; null where it is none of them."""
    code = alike(text)
    return code if code in ACCEPTED[column] else None


def alike(text: str | None) -> str | None:
    """A code as codes are compared: upper-case, 1.0 as 1, blanks and hyphens as underscores."""
    if text is None:
        return None
    return re.sub(r"[\s_-]+", "_", re.sub(r"^(\d+)\.0+$", r"\1", text.strip().upper()))


def to_age_band(text: str | None) -> int | None:
    """The number of a band of five years, the last one open; null where it is none."""
    text = (text or "").strip().upper()
    band = re.fullmatch(r"(\d{1,2})\s*[-_ ]\s*(\d{1,2})", text)
    if band and int(band[1]) % 5 == 0 and int(band[2]) == int(band[1]) + 4:
        return min(int(band[1]) // 5, OLDEST_BAND)
    upwards = re.fullmatch(r"(\d{2,3})\s*(?:\+|AND OVER|OR OVER|PLUS|AND ABOVE)", text)
    if upwards and int(upwards[1]) >= 5 * OLDEST_BAND:
        return OLDEST_BAND
    return None


def upper(text: str | None) -> str | None:
    """A code in upper case (Rulebook 1.2)."""
    return None if text is None else text.upper()


def diagnosis(text: str | None) -> str | None:
    """An ICD-10 code without dot, dagger or fifth letter: I10 is I10X, A17.0D is A170.

    Rulebook 5.24.
    """
    if text is None:
        return None
    code = text.upper().replace(".", "")
    if len(code) == 3:
        return code + "X"
    has_fifth_digit = len(code) >= 5 and code[3:5].isdigit()
    return code[:5] if has_fifth_digit else code[:4]


def procedure(text: str | None) -> str | None:
    """An OPCS-4 code as four characters without dot (Rulebook 5.24)."""
    return None if text is None else text.upper().replace(".", "")[:4]
