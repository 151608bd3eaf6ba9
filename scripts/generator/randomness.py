"""Random numbers that depend on what is drawn and not on what was drawn before."""

import zlib
from statistics import NormalDist

import numpy as np


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
    quantiles = [NormalDist().inv_cdf((rank + 0.5) / count) for rank in range(count)]
    return rng.permutation(np.array(quantiles))


class WeightedLists:
    """Several weighted lists of items, from which many draws are made at once."""

    def __init__(self, lists: list[dict[str, float]]):
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
