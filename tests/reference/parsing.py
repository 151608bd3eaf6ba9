"""Fields of files: splitting lines, casting values, normalising codes (Rulebook 1.1, 1.2)."""

import re
from datetime import date

from reference.quarters import month_number, month_of

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


def to_date(text: str | None) -> date | None:
    """YYYY-MM-DD, YYYY-MM-DD 00:00:00 or DD/MM/YYYY; anything else is null (Rulebook 1.1, 1.2)."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)( 00:00:00)?", text or "")
    slashed = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text or "")
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if slashed:
            return date(int(slashed[3]), int(slashed[2]), int(slashed[1]))
    except ValueError:
        return None
    return None


def to_known_date(text: str | None) -> date | None:
    """A date, null where it is a dummy (Rulebook 3.1)."""
    day = to_date(text)
    return None if day in DUMMY_DATES else day


def to_number(text: str | None) -> float | None:
    """A decimal number; anything else, such as one with thousands commas, is null.

    Rulebook 1.1.
    """
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text or ""):
        return float(text)
    return None


def to_integer(text: str | None) -> int | None:
    """A whole number, also written 54.0; anything else is null (Rulebook 1.1)."""
    number = to_number(text)
    return int(number) if number is not None and number == int(number) else None


def to_month(text: str | None) -> int | None:
    """The month of YYYYMM or YYYY_MM as a running number; anything else is null (Rulebook 1.1)."""
    match = re.fullmatch(r"(\d{4})_?(0[1-9]|1[0-2])", text or "")
    return month_number(int(match[1]), int(match[2])) if match else None


def to_month_between(text: str | None) -> int | None:
    """The month between two month-ends, 202509 to 202510; anything else is null (section 3)."""
    first, _, last = (text or "").partition(" to ")
    month = to_month(last)
    return month if month is not None and to_month(first) == month - 1 else None


def to_month_of_date(text: str | None) -> int | None:
    """The month a date lies in as a running number; anything else is null (Rulebook 1.1)."""
    day = to_date(text)
    return None if day is None else month_of(day)


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
