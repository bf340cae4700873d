"""Random numbers without hidden state.

Every use of random numbers has its own stream, whose address is the seed, the purpose and up to two indices. A stream
depends on its address alone, so that no state is needed: the batch order of epoch 7 or the dropout masks of step 412
can be made at any time, in any order, and adding a unit does not change the data.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream is for. The numbers are part of the address: never use one again."""

    DATA = 1
    SPLIT = 2
    WEIGHTS = 3
    ORDER = 4
    MASKS = 5
    MEMBERS = 6
    DIRECTIONS = 7
    NOISE = 8


def stream(seed: int, purpose: Purpose, first: int = 0, second: int = 0) -> np.random.Generator:
    """Return the generator at one address.

    Parameters
    ----------
    seed : int
        0 or more; the same for everything that belongs to one run.
    purpose : Purpose
        What the numbers are for.
    first, second : int
        Indices within the purpose: the epoch, the step, the layer.

    Notes
    -----
    Philox 4x64 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") suits this: its counter has 256
    bits. The seed is the key, the address fills the three high words of the counter, and the low word counts
    the blocks drawn, so that two streams never overlap.
    """
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, first, second, int(purpose)]))
