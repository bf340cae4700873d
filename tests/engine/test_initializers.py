import numpy as np
import pytest
from helpers import assert_close, name_of

from engine import INITIALIZERS
from engine.streams import Purpose, stream

every = pytest.mark.parametrize("entry", INITIALIZERS.values(), ids=name_of)


@every
@pytest.mark.parametrize("shape", [(2, 8), (8, 3), (1, 1), (64, 64)], ids=str)
def test_moments(entry, shape, rng):
    draws = np.stack([entry.sample(rng, *shape) for _ in range(1 + 100_000 // (shape[0] * shape[1]))])
    spread = entry.variance(*shape) ** 0.5
    assert draws.shape[1:] == shape
    # 100,000 draws: the mean is known to spread/316 and the variance to half a per cent; four times that is allowed.
    assert abs(draws.mean()) <= 4 * spread / 316
    assert draws.var() == pytest.approx(spread**2, rel=0.02)


@every
def test_the_generator_decides(entry):
    first, again = (entry.sample(stream(3, Purpose.WEIGHTS), 4, 5) for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("name", "variance"),
    [("zeros", 0.0), ("small_normal", 1e-4), ("xavier_normal", 0.2), ("xavier_uniform", 0.2), ("he_normal", 0.5)],
)
def test_known_variances(name, variance):
    assert_close(INITIALIZERS[name].variance(4, 6), variance)


def test_zeros_are_zero(rng):
    assert not INITIALIZERS["zeros"].sample(rng, 5, 4).any()


def test_uniform_fills_its_interval_and_no_more(rng):
    draws = INITIALIZERS["xavier_uniform"].sample(rng, 300, 300)
    edge = (6 / 600) ** 0.5
    assert 0.999 * edge < np.abs(draws).max() <= edge
    assert np.abs(np.histogram(draws, 10, (-edge, edge))[0] - 9000).max() < 500
