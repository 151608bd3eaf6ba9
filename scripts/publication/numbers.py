"""How a number reads, the same in every product that people see.

The Explorer has the same rules in `explorer_assets/words.js`; both are held to one list of cases
worked by hand, `tests/python/number_words.json`.
"""

from decimal import ROUND_HALF_UP, Decimal

MISSING = "–"
MINUS = "−"

_MONTHS = {
    "1": "April to June",
    "2": "July to September",
    "3": "October to December",
    "4": "January to March",
}
_QUARTILES = {1: "best quarter", 2: "2nd quarter", 3: "3rd quarter", 4: "last quarter"}
_POUNDS = (("", 1, 0), ("k", 1_000, 0), ("m", 1_000_000, 1), ("bn", 1_000_000_000, 1))
_STATUSES = {
    "published": "published",
    "caveat": "published with a note",
    "withheld": "withheld: the data failed a check",
    "not_submitted": "not submitted",
    "unusable": "submitted, but none of it could be used",
    "not_applicable": "not applicable: no case to measure",
}
_SUPPRESSED = "suppressed: fewer than 8 cases, hidden to protect patients"


def value_text(value: float | None, unit: str) -> str:
    """An indicator's value with one decimal: a proportion (1 is all) as per cent, others as is."""
    if value is None:
        return MISSING
    return f"{_fixed(value * 100, 1)} %" if unit == "proportion" else _fixed(value, 1)


def count_text(count: float | None) -> str:
    """A count, or another whole number, with separators."""
    return MISSING if count is None else _fixed(count, 0)


def index_words(value: float | None, above: str | None, below: str | None) -> str:
    """How far an index (100: as expected) is from what was to be expected, in whole per cent.

    `above` and `below` say what more and less mean, such as "longer than expected".
    """
    if value is None:
        return "no figure"
    distance = _rounded(abs(Decimal(value) - 100), 0)
    if not distance:
        return "as expected"
    if value > 100:
        return f"{distance:,f} % {above or 'above expected'}"
    return f"{distance:,f} % {below or 'below expected'}"


def ordinal(number: int) -> str:
    """A place in an order: 1st, 2nd, 11th."""
    teen = number % 100 in (11, 12, 13)
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def quartile_words(quartile: int | None) -> str:
    """A quartile in words, 1 being the best quarter of organisations."""
    return MISSING if quartile is None else _QUARTILES[quartile]


def rank_words(rank: int | None, of: int | None, quartile: int | None) -> str:
    """A rank among `of` organisations, 1 being the best, and the quarter of them it lies in."""
    if rank is None or of is None:
        return "not ranked"
    place = f"{ordinal(rank)} of {of:,}"
    return place if quartile is None else f"{place} ({quartile_words(quartile)})"


def pounds_text(gbp: float | None) -> str:
    """Pounds for reading: £812, £796k, £1.2m, £2.2bn."""
    if gbp is None:
        return MISSING
    amount = abs(Decimal(gbp))
    text = ""
    for unit, size, decimals in _POUNDS:
        rounded = _rounded(amount / size, decimals)
        text = f"£{rounded:,f}{unit}"
        # 999,500 reads £1.0m and not £1,000k.
        if rounded < 1000:
            break
    return _signed(text, gbp, bool(_rounded(amount, 0)))


def pounds_full(gbp: float | None) -> str:
    """Pounds for tables: £796,000."""
    if gbp is None:
        return MISSING
    rounded = _rounded(abs(Decimal(gbp)), 0)
    return _signed(f"£{rounded:,f}", gbp, bool(rounded))


def quarter_words(quarter: str) -> str:
    """A quarter of the NHS financial year (2007-08 Q4) with its months before it."""
    first_year, number = int(quarter[:4]), quarter[-1]
    year = first_year + 1 if number == "4" else first_year
    return f"{_MONTHS[number]} {year} ({quarter})"


def status_words(publication_status: str, disclosure_status: str) -> str:
    """Whether there is a figure, and if not why. Raises KeyError for a status that is none."""
    if disclosure_status == "suppressed":
        return _SUPPRESSED
    return _STATUSES[publication_status]


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    """An amount of at least nought, half a unit rounded up (as JavaScript's toFixed does)."""
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _fixed(number: float, decimals: int) -> str:
    rounded = _rounded(abs(Decimal(number)), decimals)
    return _signed(f"{rounded:,f}", number, bool(rounded))


def _signed(text: str, number: float, is_anything: bool) -> str:
    """A minus sign before what is less than nought, and still so as it reads."""
    return f"{MINUS}{text}" if number < 0 and is_anything else text
