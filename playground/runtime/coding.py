"""How numbers become the bytes of a frame, where more than one picture codes them so; the browser knows the same."""

from __future__ import annotations

STRONGEST = 127
"""The code of the strongest weight; 0 is none, and signs are kept."""

HEIGHTS = 254
"""Heights of a map are coded as 1, the lowest, to 1 + 254, the highest; 0 is for what is not finite."""
