import numpy as np
import pytest
from descent import descend, knobs_of
from helpers import assert_close, assert_same, assert_slope, central_differences, name_of

from engine import OPTIMIZERS, SURFACES, SurfaceObjective

every = pytest.mark.parametrize("entry", SURFACES.values(), ids=name_of)


def over_the_box(entry, rng, lead):
    low, high = np.array(entry.box).T
    return rng.uniform(low, high, (*lead, 2))


@every
@pytest.mark.parametrize("lead", [(), (40,), (2, 3)], ids=str)
def test_gradient_against_differences(entry, lead, rng):
    w = over_the_box(entry, rng, lead)
    height, slope = SurfaceObjective(entry).value_and_gradient(w)
    assert height.shape == lead
    assert_slope(slope, central_differences(entry.f, w))


@every
@pytest.mark.parametrize("lead", [(), (40,), (2, 3)], ids=str)
def test_hessian_against_differences(entry, lead, rng):
    w = over_the_box(entry, rng, lead)
    hessian = entry.hessian(w)
    assert hessian.shape == (*lead, 2, 2)
    assert_same(hessian, hessian.mT)
    for row in range(2):
        assert_slope(hessian[..., row, :], central_differences(lambda at, row=row: entry.gradient(at)[..., row], w))


REACHED = [(surface, name) for surface in SURFACES.values() for name in surface.reach]


@pytest.mark.parametrize(("surface", "name"), REACHED, ids=name_of)
def test_marked_optimizers_reach_the_minimum(surface, name):
    entry = OPTIMIZERS[name]
    # Search methods are there in a few steps, and stay.
    path = descend(entry, surface, 1000 if entry.probes else 10_000, knobs_of(entry, surface.reach[name]))
    distance = np.min([np.linalg.norm(path - minimum, axis=-1) for minimum in surface.minima], axis=0)
    assert distance[0] > 1.0
    assert distance[-100:].max() < 1e-3


@pytest.mark.parametrize("name", ["bowl", "valley"])
def test_every_optimizer_reaches_the_minimum_of_a_quadratic(name):
    assert list(SURFACES[name].reach) == list(OPTIMIZERS)


@every
def test_minima_are_minima(entry, rng):
    around = over_the_box(entry, rng, (5000,))
    for minimum in np.array(entry.minima):
        assert_close(entry.gradient(minimum), 0.0)
        assert_close(entry.f(minimum), entry.f(np.array(entry.minima[0])))
        assert np.all(entry.f(around) >= entry.f(minimum))


@every
def test_the_picture_shows_start_and_minima(entry):
    low, high = np.array(entry.box).T
    for point in (entry.start, *entry.minima):
        assert np.all((low < point) & (point < high))


@pytest.mark.parametrize(
    ("name", "point", "height"), [("bowl", (3, 4), 12.5), ("valley", (2, 3), 9.2), ("rosenbrock", (-1, 2), 104.0)]
)
def test_known_values(name, point, height):
    assert_close(SURFACES[name].f(np.array(point, dtype=float)), height)
