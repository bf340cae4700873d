"""Histograms of any values, with edges that do not move while the values change only a little."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array

Edges: TypeAlias = tuple[float, float]

BINS = 32
HIGHEST = 255
"""The height of the highest bin."""

VAST = 1e30
"""Larger values count as this: they are on their way to infinity."""

_AT_ONCE = 60_000
"""Number of values that are counted together, so that they stay in the processor's cache."""

_CANCELLED = 1e-6
"""Variances below this share of the squared mean have lost too many digits in the subtraction."""

_ROOM = 3.0
"""Edges are too wide if they are more than this many times wider than the next round ones."""


class Histogram(NamedTuple):
    """counts (bins,) of finite values between two edges; their mean and standard deviation; number of other values."""

    counts: Array
    low: float
    high: float
    mean: float
    std: float
    nonfinite: int

    @property
    def heights(self) -> Array:
        """255 for the highest bin, (bins,)."""
        return self.counts * HIGHEST // max(self.counts.max(), 1)


STATISTICS = Histogram._fields[1:]
"""What is told of a histogram besides its counts, in the order of the last axis of a Frame's ranges."""


def histogram(
    values: Array, edges: Edges | None = None, before: Edges | None = None, bins: int = BINS, sizes: bool = False
) -> Histogram:
    """Count values of any shape.

    Parameters
    ----------
    values : array
        Of any shape; NaN and infinity are counted separately.
    edges : (low, high), optional
        Fixed edges; values outside count in the first or last bin.
    before : (low, high), optional
        Edges of the histogram before, which are kept while they fit, if there are no fixed edges.
    bins : int
    sizes : bool
        Whether the mean is that of absolute values.
    """
    counts, ranges = histograms([values], [edges], [before], [sizes], bins)
    low, high, mean, std, nonfinite = ranges[0].tolist()
    return Histogram(counts[0], low, high, mean, std, int(nonfinite))


@np.errstate(all="ignore")
def histograms(
    parts: Sequence[Array],
    edges: Sequence[Edges | None],
    before: Sequence[Edges | None],
    sizes: Sequence[bool],
    bins: int = BINS,
) -> tuple[Array, Array]:
    """Histograms of several arrays, in a few calls for all of them; see ``histogram``.

    Returns
    -------
    counts (parts, bins), and ranges (parts, 5): low and high edge, mean, standard deviation, how many are not finite.
    """
    if len(parts) > 1 and sum(part.size for part in parts) > _AT_ONCE:
        half = len(parts) // 2
        first, rest = (
            histograms(parts[own], edges[own], before[own], sizes[own], bins)
            for own in (slice(half), slice(half, None))
        )
        return np.concatenate([first[0], rest[0]]), np.concatenate([first[1], rest[1]])
    nonfinite = [0] * len(parts)
    counted = [part.ravel() for part in parts]
    flat, starts = _joined(counted)
    squares = np.add.reduceat(flat * flat, starts)
    if not (squares < VAST * VAST).all():
        finite = [part[np.isfinite(part)] for part in counted]
        nonfinite = [part.size - rest.size for part, rest in zip(counted, finite, strict=True)]
        counted = [np.clip(rest, -VAST, VAST) if rest.size else np.zeros(1) for rest in finite]
        flat, starts = _joined(counted)
        squares = np.add.reduceat(flat * flat, starts)
    count = np.array([part.size for part in counted])
    means = np.add.reduceat(flat, starts) / count
    variances = squares / count - means * means
    stds = np.sqrt(np.maximum(variances, 0.0))
    for k in np.flatnonzero(variances <= _CANCELLED * means * means).tolist():
        stds[k] = counted[k].std()
    reaches = np.maximum(-np.minimum.reduceat(flat, starts), np.maximum.reduceat(flat, starts)).tolist()
    if any(sizes):
        means = np.where(sizes, np.add.reduceat(np.abs(flat), starts) / count, means)
    ends = [known or fitting_edges(reach, old) for known, reach, old in zip(edges, reaches, before, strict=True)]
    counts = _count(flat, starts.tolist(), ends, bins)
    for k, part in enumerate(parts):
        if nonfinite[k] == part.size:
            counts[k] = 0
    return counts, np.column_stack([np.array(ends), means, stds, nonfinite])


def _joined(parts: Sequence[Array]) -> tuple[Array, Array]:
    """All values in one new array, and the start of each part."""
    return np.concatenate(parts), np.cumsum([0, *(part.size for part in parts[:-1])])


def _count(flat: Array, starts: list[int], ends: Sequence[Edges], bins: int) -> Array:
    """Number of values in each bin, (parts, bins); overwrites ``flat``."""
    slices = [slice(start, stop) for start, stop in zip(starts, [*starts[1:], flat.size], strict=True)]
    for part, (low, high) in zip(slices, ends, strict=True):
        own = flat[part]
        # In this order zero, a common value, always falls into the same bin, whatever the rounding.
        own *= bins / (high - low)
        own += -low / (high - low) * bins
    np.clip(flat, 0.0, bins - 1.0, out=flat)
    bin_numbers = flat.astype(np.intp)
    for k, part in enumerate(slices):
        bin_numbers[part] += k * bins
    return np.bincount(bin_numbers, minlength=bins * len(starts)).reshape(len(starts), bins)


def heights_of(counts: Array, log: bool = False) -> Array:
    """255 for the highest bin of each row, (..., bins) uint8; with ``log`` of log(1 + count)."""
    sizes = np.log1p(counts) if log else counts
    # Divided first, because a number divided by itself is exactly 1.
    return (sizes / np.maximum(sizes.max(axis=-1, keepdims=True), 1e-9) * HIGHEST).astype(np.uint8)


def fitting_edges(reach: float, before: Edges | None = None) -> Edges:
    """Edges around zero for values of size up to ``reach``: those before while they fit, else the next round ones.

    They fit while no value is outside and they are not too wide, so that the axis does not move while the distribution
    changes only a little.
    """
    edge = _round_up(reach)
    if before and reach <= before[1] == -before[0] <= _ROOM * edge:
        return before
    return -edge, edge


def _round_up(value: float) -> float:
    """The next of ... 0.1, 0.2, 0.5, 1, 2, 5 ..."""
    if value >= VAST:
        return VAST
    if value <= 1.0 / VAST:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * 0.999)
