"""The standard normal distribution, which is not in NumPy, with full precision in both tails."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array

# Chebyshev coefficients of (1 + 2x) exp(x^2) erfc(x) in t = (x - 3.75) / (x + 3.75), for all x from 0 on: Shepherd and
# Laframboise 1981, Mathematics of Computation 36. Further terms add less than half a unit in the last digit; thirteen
# terms are enough for single precision. Polynomials in t are as exact, because their coefficients are small too.
_TAIL = (
    1.177578934567401754080, -0.004590054580646477331, -0.084249133366517915584, 0.059209939998191890498,
    -0.026658668435305752277, 0.009074997670705265094, -0.002413163540417608191, 4.90775836525808632e-4,
    -6.9169733025012064e-5, 4.139027986073010e-6, 7.74038306619849e-7, -2.18864010492344e-7, 1.0764999465671e-8,
    4.521959811218e-9, -7.75440020883e-10, -6.3180883409e-11, 2.8687950109e-11, 1.94558685e-13, -9.65469675e-13,
    3.2525481e-14, 3.3478119e-14, -1.864563e-15, -1.250795e-15,
)  # fmt: skip
_LONG_TAIL, _SHORT_TAIL = (np.polynomial.chebyshev.cheb2poly(_TAIL[:n]).tolist() for n in (23, 13))

FAR = 39.0
"""Beyond this the upper tail of the standard normal distribution is zero in double precision."""


def bell_curve(y: Array, out: Array) -> Array:
    """exp(-y^2 / 2)."""
    np.multiply(y, y, out=out)
    np.multiply(out, -0.5, out=out)
    return np.exp(out, out=out)


def upper_tail(y: Array) -> Array:
    """Q(y) = erfc(y / sqrt 2) / 2 for y from 0 to 39, to a few units in the last digit, as a new array.

    The relative error grows as y^2 10^-16, because the square in the exponent is rounded.
    """
    terms = _LONG_TAIL if y.itemsize > 4 else _SHORT_TAIL
    # New arrays are contiguous even if y is not, which makes the many calls faster for large pictures.
    t = np.add(y, 3.75 * 2**0.5)
    tail = np.subtract(y, 3.75 * 2**0.5)
    np.divide(tail, t, t)
    np.multiply(t, terms[-1], tail)
    for term in terms[-2:0:-1]:
        tail += term
        tail *= t
    tail += terms[0]
    np.multiply(y, 8**0.5, t)
    np.add(t, 2.0, t)
    np.divide(tail, t, tail)
    return np.multiply(tail, bell_curve(y, t), tail)
