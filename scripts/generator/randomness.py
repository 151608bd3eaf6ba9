"""Random numbers that depend on what is drawn and not on what was drawn before."""

import zlib
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

# Organisations next to each other in size whose even scores run from low to high.
LIKE_SIZED = 8


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator of its own for a seed and a purpose, such as ('hes_apc', 3).

    Feeds and quarters draw from different streams: leaving one out changes no other.
    """
    words = [seed] + [zlib.crc32(str(part).encode()) for part in purpose]
    return np.random.default_rng(words)


def normal_scores(rng: np.random.Generator, count: int) -> np.ndarray:
    """Standard normal quantiles in random order.

    Unlike independent draws they have the intended spread and quartiles for every seed, so that
    what the parameters say about variation holds exactly.
    """
    return rng.permutation(_normal_quantiles(count))


def even_scores(rng: np.random.Generator, sizes: np.ndarray) -> np.ndarray:
    """Standard normal quantiles in an order that is random, but much the same at every size.

    What the parameters say about variation then holds for sums over organisations as well: no seed
    gives the largest ones the worst scores.
    """
    by_size = np.argsort(sizes, kind="stable")
    place = np.empty(len(sizes))
    for first in range(0, len(sizes), LIKE_SIZED):
        alike = by_size[first : first + LIKE_SIZED]
        place[alike] = (rng.permutation(len(alike)) + rng.random(len(alike))) / len(alike)
    return _normal_quantiles(len(sizes))[np.argsort(np.argsort(place))]


def _normal_quantiles(count: int) -> np.ndarray:
    """Ascending, at the middles of as many equal parts."""
    return np.array([NormalDist().inv_cdf((rank + 0.5) / count) for rank in range(count)])


def mean_one(effects: np.ndarray) -> np.ndarray:
    """Effects on the logarithm as factors with a mean of 1: they spread a volume, not raise it."""
    factors = np.exp(effects)
    return factors / factors.mean()


class WeightedLists:
    """Several weighted lists of items, from which many draws are made at once."""

    def __init__(self, lists: Sequence[Mapping[str, float]]):
        """Keep the lists; an empty one always yields 'no item' (-1)."""
        self.items: list[str] = []
        self._edges = np.empty(0)
        edges, self._empty = [], np.array([not weights for weights in lists])
        for position, weights in enumerate(lists):
            self.items += weights
            shares = np.cumsum(np.fromiter(weights.values(), float, len(weights)))
            edges.append(position + shares / shares[-1] if weights else shares)
        self._edges = np.concatenate(edges)

    def draw(self, rng: np.random.Generator, which: np.ndarray) -> np.ndarray:
        """One item from each of the lists named by position; positions in `items`, or -1."""
        drawn = np.searchsorted(self._edges, which + rng.random(len(which)), side="right")
        return np.where(self._empty[which], -1, np.minimum(drawn, len(self.items) - 1))
