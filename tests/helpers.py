"""What several tests share: the tolerances, and numerical derivatives."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

STEP = 1e-6
"""Half the distance of a central difference. Kinks closer than this give wrong slopes, so tests keep away from them."""


def assert_close(actual: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-11) -> None:
    """Two ways to compute the same number in float64. A looser tolerance needs a reason beside it."""
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def assert_slope(analytic: np.ndarray, numeric: np.ndarray) -> None:
    """An exact derivative against central differences: 1e-6 of the largest one, where rounding costs 1e-9."""
    scale = max(float(np.abs(numeric).max()), 1e-3)
    error = float(np.abs(analytic - numeric).max()) / scale
    assert error < 1e-6, f"relative error {error:.1e}"


def assert_same(first: Any, second: Any) -> None:
    """The same values, bit for bit, and the same shape."""
    np.testing.assert_array_equal(first, second, strict=True)


def assert_same_state(first: Any, second: Any) -> None:
    """The same State, bit for bit."""
    for name in ("params", "running_stats", "average", "stopped"):
        assert_same(getattr(first, name), getattr(second, name))
    for name in ("optimizer_state", "stopping_state"):
        assert_same_optimizer_state(getattr(first, name), getattr(second, name))
    for name in ("step", "epoch", "cursor", "seeds", "averaged"):
        assert getattr(first, name) == getattr(second, name), name


def assert_same_optimizer_state(first: Any, second: Any) -> None:
    """The same kind of NamedTuple of arrays, bit for bit."""
    assert type(first) is type(second)
    for one, other in zip(first, second, strict=True):
        assert_same(one, other)


def central_differences(f: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    """Slope (..., P) of f: (..., P) -> (...) along every coordinate, for all leading axes at once."""
    slopes = []
    for k in range(x.shape[-1]):
        h = np.zeros(x.shape[-1])
        h[k] = STEP
        slopes.append((np.asarray(f(x + h)) - np.asarray(f(x - h))) / (2 * STEP))
    return np.stack(slopes, axis=-1)


def away_from(points: np.ndarray, kinks: tuple[float, ...]) -> np.ndarray:
    """The points that are far enough from every kink for a central difference, 100 steps."""
    return points[np.all([np.abs(points - kink) > 100 * STEP for kink in kinks], axis=0)] if kinks else points


def one_sentence(*parts: str) -> str:
    """Pattern for ``pytest.raises(match=...)``: one line that ends in a full stop and names all the parts."""
    return r"\A" + "".join(rf"(?=.*{re.escape(part)})" for part in parts) + r"[^\n]*\.\Z"


@contextmanager
def case(*names: object) -> Iterator[None]:
    """Name one of several alike that a test tries, should it fail."""
    try:
        yield
    except BaseException as failure:  # also that nothing was raised, which pytest says by one that is no Exception
        failure.add_note(f"Case: {', '.join(map(str, names))}.")
        raise


def name_of(value: Any) -> str | None:
    """Readable ids for parametrised tests over registry entries."""
    return getattr(value, "name", value if isinstance(value, str) else None)


def neighbours(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each name with the next one, and the last with the first: one round through all of them."""
    ring = list(names)
    return list(zip(ring, [*ring[1:], *ring[:1]], strict=True))


def pairwise(*pools: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Combinations in which any two values of different pools meet at least once: far fewer than all combinations.

    Greedy, and the same for the same pools. What only three values together would do wrong is not looked for.
    """
    lists = [list(pool) for pool in pools]
    every = list(itertools.product(*(range(len(pool)) for pool in lists)))
    pairs = {one: set(itertools.combinations(enumerate(one), 2)) for one in every}
    missing = set().union(*pairs.values())
    chosen, most = [], math.comb(len(lists), 2)
    while missing:
        best, most = _first_best(pairs, missing, most)
        missing -= pairs[best]
        chosen.append(tuple(pool[k] for pool, k in zip(lists, best, strict=True)))
    return chosen


def _first_best(pairs: dict[Any, set], missing: set, most: int) -> tuple[Any, int]:
    """The first combination with the most missing pairs, and how many; never more than ``most``, the last time's."""
    best, found = None, -1
    for one, own in pairs.items():
        gain = len(own & missing)
        if gain > found:
            best, found = one, gain
        if gain == most:
            break
    return best, found
