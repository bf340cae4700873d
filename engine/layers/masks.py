"""Random masks, for dropout of units and of weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array


def draw_mask(rngs: Sequence[np.random.Generator], mask: Array, rate: float, shared: bool = False) -> None:
    """Fill ``mask`` (..., rows, columns) with 0, at the given rate, and 1 / (1 - rate).

    One generator for each network of the leading axes; with ``shared`` all rows are the same.
    """
    for rng, rows in zip(rngs, mask.reshape(len(rngs), *mask.shape[-2:]), strict=True):
        if shared:
            rows[...] = rng.random(rows.shape[-1])
        else:
            rng.random(out=rows, dtype=rows.dtype)
    np.greater_equal(mask, rate, out=mask)
    np.divide(mask, 1.0 - rate, out=mask)
