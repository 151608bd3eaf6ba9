"""Small charts of a scorecard as SVG text: the same in HTML and in PDF, without a word in them.

What a chart shows is said beside it in words; no colour alone carries meaning. Lengths are in
user units of the view box; the page scales them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

INK = "#12436d"
DARK = "#8a949e"
LIGHT = "#d5dade"
GREY = "#505a5f"

_WIDTH, _HEIGHT, _MIDDLE = 100, 22, 11
_TREND_WIDTH, _TREND_HEIGHT = 66, 22
# Kept free at both ends, so that marks are whole.
_MARGIN = 7
_TREND_MARGIN = 4


@dataclass(frozen=True)
class Peers:
    """Where peers lie: percentiles of their values, which ascend whatever the direction."""

    p10: float
    p25: float
    median: float
    p75: float
    p90: float


def peers_chart(
    peers: Peers, own: float | None, best: float | None, sha: float | None, is_lower_better: bool
) -> str:
    """Peers as bars (10th to 90th percentile, middle half, median), the best quarter, own and SHA.

    Better is to the right. What lies beyond the ends stands at the end, as an arrow if it is own.
    """
    shown = [peers.p10, peers.p90] + ([best] if best is not None else [])
    low, high = min(shown), max(shown)
    room = (high - low) * 0.15 or 1.0
    low, high = low - room, high + room

    def place(value: float) -> float:
        share = min(1.0, max(0.0, (value - low) / (high - low)))
        return _MARGIN + (1 - share if is_lower_better else share) * (_WIDTH - 2 * _MARGIN)

    parts = [
        _bar(place(peers.p10), place(peers.p90), 5, LIGHT),
        _bar(place(peers.p25), place(peers.p75), 9, DARK),
        _line(place(peers.median), _MIDDLE - 4.5, place(peers.median), _MIDDLE + 4.5, "#fff", 1.6),
    ]
    if best is not None:
        at = place(best)
        parts.append(_line(at, 3, at, _HEIGHT - 2, "#000", 1))
        parts.append(f'<path d="M{_n(at - 3)} 0H{_n(at + 3)}L{_n(at)} 4Z" fill="#000"/>')
    if sha is not None:
        at = place(sha)
        parts.append(
            f'<path d="M{_n(at)} {_MIDDLE - 4}L{_n(at + 4)} {_MIDDLE}L{_n(at)} {_MIDDLE + 4}'
            f'L{_n(at - 4)} {_MIDDLE}Z" fill="#fff" stroke="#000" stroke-width="1"/>'
        )
    if own is not None:
        parts.append(_own(place(own), own < low, own > high, is_lower_better))
    return _svg(_WIDTH, _HEIGHT, parts)


def trend_chart(values: Sequence[float | None], spread: float | None) -> str:
    """Values of successive quarters as a line; a quarter without a figure is a cross and a gap.

    The height is at least `spread` (the middle half of peers), so that noise looks like noise.
    """
    known = [value for value in values if value is not None]
    if not known:
        return _svg(_TREND_WIDTH, _TREND_HEIGHT, [_cross(at) for at in _steps(len(values))])
    middle = (min(known) + max(known)) / 2
    span = max(max(known) - min(known), spread or 0.0) or 1.0
    top, bottom = _TREND_MARGIN, _TREND_HEIGHT - _TREND_MARGIN

    def height(value: float) -> float:
        return (top + bottom) / 2 - (value - middle) / span * (bottom - top)

    places = _steps(len(values))
    points = [
        (at, None if value is None else height(value))
        for at, value in zip(places, values, strict=True)
    ]
    parts = [_path(points)]
    for at, y in points[:-1]:
        parts.append(_cross(at) if y is None else _dot(at, y, 1.3, GREY))
    last, y = points[-1]
    parts.append(_cross(last) if y is None else _dot(last, y, 2.8, INK))
    return _svg(_TREND_WIDTH, _TREND_HEIGHT, parts)


def _steps(n: int) -> list[float]:
    if n == 1:
        return [_TREND_WIDTH - _TREND_MARGIN]
    step = (_TREND_WIDTH - 2 * _TREND_MARGIN) / (n - 1)
    return [_TREND_MARGIN + step * index for index in range(n)]


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """A line through what is known, broken where a figure is missing."""
    steps = []
    is_drawing = False
    for at, y in points:
        if y is not None:
            steps.append(f"{'L' if is_drawing else 'M'}{_n(at)} {_n(y)}")
        is_drawing = y is not None
    return f'<path d="{"".join(steps)}" fill="none" stroke="{GREY}" stroke-width="1.2"/>'


def _own(at: float, is_under: bool, is_over: bool, is_mirrored: bool) -> str:
    if not is_under and not is_over:
        return (
            f'<circle cx="{_n(at)}" cy="{_MIDDLE}" r="4.2" fill="{INK}" stroke="#fff"'
            ' stroke-width="1.2"/>'
        )
    # Beyond the drawing: an arrow, with its point towards where the value lies.
    way = 1 if is_over != is_mirrored else -1
    return (
        f'<path d="M{_n(at + 6 * way)} {_MIDDLE}L{_n(at - 3 * way)} {_MIDDLE - 5.5}'
        f'V{_MIDDLE + 5.5}Z" fill="{INK}" stroke="#fff" stroke-width="1"/>'
    )


def _bar(start: float, end: float, height: float, colour: str) -> str:
    left, width = min(start, end), abs(end - start)
    return (
        f'<rect x="{_n(left)}" y="{_n(_MIDDLE - height / 2)}" width="{_n(width)}"'
        f' height="{_n(height)}" fill="{colour}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    return (
        f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" stroke="{colour}"'
        f' stroke-width="{_n(width)}"/>'
    )


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{colour}"/>'


def _cross(x: float) -> str:
    y = _TREND_HEIGHT - 4
    return (
        f'<path d="M{_n(x - 1.6)} {_n(y - 1.6)}l3.2 3.2m0 -3.2l-3.2 3.2" stroke="{GREY}"'
        ' stroke-width="0.9"/>'
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _n(number: float) -> str:
    """A length with one decimal at most: shorter files, and no digits of noise."""
    return f"{number:.1f}".removesuffix(".0")
