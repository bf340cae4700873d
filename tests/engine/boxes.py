"""Places on surfaces."""

from __future__ import annotations

import numpy as np


def over_the_box(surface, rng, batch_shape):
    """Random places (*lead, 2) in a surface's box."""
    low, high = np.array(surface.box).T
    return rng.uniform(low, high, (*batch_shape, 2))
