"""Places on surfaces."""

from __future__ import annotations

import numpy as np


def over_the_box(surface, rng, batch_shape):
    """Random points (*batch_shape, 2) in a surface's box."""
    low, high = np.array(surface.box).T
    return rng.uniform(low, high, (*batch_shape, 2))
