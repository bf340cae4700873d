from itertools import islice

import numpy as np
import pytest
from boxes import over_the_box
from descent import descend, hyperparameters_of, walk
from helpers import assert_close, assert_same, assert_slope, case, central_differences, name_of, one_sentence

from engine import OPTIMIZERS, SURFACES, SurfaceObjective
from engine.formula import parse

every = pytest.mark.parametrize("entry", SURFACES.values(), ids=name_of)
ON_THE_BORDER = ["eggholder"]


def test_the_menu():
    assert list(SURFACES) == [
        "bowl",
        "valley",
        "plane",
        "saddle",
        "monkey_saddle",
        "plateau",
        "rosenbrock",
        "beale",
        "himmelblau",
        "goldstein_price",
        "six_hump_camel",
        "three_hump_camel",
        "mccormick",
        "matyas",
        "booth",
        "styblinski_tang",
        "rastrigin",
        "ackley",
        "griewank",
        "levy",
        "easom",
        "eggholder",
        "schaffer",
        "hills",
        "banana",
    ]
    assert len({entry.label for entry in SURFACES.values()}) == len(SURFACES)


# Derivatives


BATCH_SHAPES = (), (40,), (2, 3)


@every
def test_gradient_against_differences(entry, rng):
    for batch_shape in BATCH_SHAPES:
        w = over_the_box(entry, rng, batch_shape)
        with case(batch_shape):
            height, slope = SurfaceObjective(entry).value_and_gradient(w)
            assert height.shape == batch_shape
            assert_slope(slope, central_differences(entry.f, w))


@every
def test_hessian_against_differences(entry, rng):
    for batch_shape in BATCH_SHAPES:
        w = over_the_box(entry, rng, batch_shape)
        with case(batch_shape):
            hessian = entry.hessian(w)
            assert hessian.shape == (*batch_shape, 2, 2)
            assert_same(hessian, hessian.mT)
            for row in range(2):
                slopes = central_differences(lambda at, row=row: entry.gradient(at)[..., row], w)
                assert_slope(hessian[..., row, :], slopes)


@every
def test_both_at_once_are_the_same_as_one_after_the_other(entry, rng):
    w = over_the_box(entry, rng, (40,))
    height, slope = entry.value_and_gradient(w)
    assert_same(height, entry.f(w))
    assert_same(slope, entry.gradient(w))


# Formulas


@every
def test_what_is_shown_is_what_is_computed(entry, rng):
    w = over_the_box(entry, rng, (100,))
    assert_close(parse(entry.text).f(w), entry.f(w))
    assert entry.formula


def goldstein_price(x, y):
    first = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    second = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return (1 + (x + y + 1) ** 2 * first) * (30 + (2 * x - 3 * y) ** 2 * second)


def levy(x, y):
    """As Surjanovic and Bingham write it, for two parameters."""
    v, w = 1 + (x - 1) / 4, 1 + (y - 1) / 4
    return (
        np.sin(np.pi * v) ** 2
        + (v - 1) ** 2 * (1 + 10 * np.sin(np.pi * v + 1) ** 2)
        + (w - 1) ** 2 * (1 + np.sin(2 * np.pi * w) ** 2)
    )


def distill(x, y):
    """As the article computes it: the second axis is stretched first."""
    s = 3 * y
    return (1 - x) * (1 - x) + 20 * (s - x * x) * (s - x * x)


def eggholder(x, y):
    """For any number of parameters, as Jamil and Yang write it."""
    return -(y + 47) * np.sin(np.sqrt(np.abs(y + x / 2 + 47))) - x * np.sin(np.sqrt(np.abs(x - (y + 47))))


@pytest.mark.parametrize("reference", [goldstein_price, levy, distill, eggholder])
def test_long_formulas_against_another_way_to_write_them(reference, rng):
    entry = SURFACES[{"distill": "banana"}.get(reference.__name__, reference.__name__)]
    w = over_the_box(entry, rng, (1000,))
    assert_close(entry.f(w), reference(*w.T), atol=1e-9)


KNOWN = {
    # By hand.
    "bowl": [((3, 4), 12.5)],
    "valley": [((2, 3), 9.2)],
    "plane": [((2, -3), 0.3)],
    "saddle": [((3, 2), 5)],
    "monkey_saddle": [((1, 2), -11)],
    "plateau": [((1, 1), 1 - np.exp(-1))],
    "matyas": [((1, -1), 1.0), ((10, 10), 4.0)],
    "booth": [((0, 0), 74)],
    "griewank": [((np.pi, 0), 2 + np.pi**2 / 4000)],
    "easom": [((0, 0), -np.exp(-2 * np.pi**2))],
    "schaffer": [((1, 1), 0.5 - 0.5 / 1.002**2)],
    "ackley": [((1, 1), 20 - 20 * np.exp(-0.2))],
    "rastrigin": [((0.5, 0), 20.25), ((1, 2), 5)],
    "hills": [((1.5, 1), np.exp(-22.25) - np.exp(-8.5) - 2)],
    "banana": [((0, 0), 1)],
    "eggholder": [((0, 0), -47 * np.sin(np.sqrt(47)))],
    # Values at starts and at minima that are not global, as published.
    "rosenbrock": [((-1, 2), 104.0), ((-1.2, 1), 24.2)],
    "beale": [((1, 1), 14.203125)],  # start of Moré, Garbow and Hillstrom 1981
    "himmelblau": [((0, 0), 170)],
    "goldstein_price": [((-0.6, -0.4), 30), ((1.8, 0.2), 84), ((1.2, 0.8), 840)],
    "mccormick": [((0, 0), 1), ((0.5 + 2 * np.pi / 3, -0.5 + 2 * np.pi / 3), 2 * np.pi / 3 - np.sqrt(3) / 2)],
    "three_hump_camel": [((1, 1), 2 - 1.05 + 1 / 6 + 2)],
    "six_hump_camel": [((1, 1), 4 - 2.1 + 1 / 3 + 1)],
    "styblinski_tang": [((1, 2), (-10 - 38) / 2)],
    "levy": [((1, 2), (1 + 1) / 16), ((3, 1), 1 + 0.25 * (1 + 10 * np.cos(1) ** 2))],
}


@every
def test_known_values(entry):
    for point, height in KNOWN[entry.name]:
        assert_close(entry.f(np.array(point, dtype=float)), height)


# Pictures and starts


@every
def test_the_picture_shows_start_and_minima(entry):
    low, high = np.array(entry.box).T
    room = 0.05 * (high - low)
    assert np.all((low + room < entry.start) & (entry.start < high - room))
    for point in entry.minima:
        room_here = 0 if entry.name in ON_THE_BORDER else room
        assert np.all((low + room_here <= point) & (point <= high - room_here))
        assert np.linalg.norm(np.subtract(point, entry.start)) > 1


@every
def test_a_start_is_somewhere_to_go_from(entry):
    slope = np.linalg.norm(entry.gradient(np.array(entry.start)))
    assert np.isfinite(slope)
    assert slope > 1e-3


def test_the_plateau_is_flat_but_not_level():
    slope = np.linalg.norm(SURFACES["plateau"].gradient(np.array([[-3.9, 3.9], [-3.2, 2.2], [-1.0, 0.0]])), axis=-1)
    assert 0 < slope[0] < 1e-5 < slope[1] < 1e-2 < slope[2]


def test_hills_has_two_wells_and_rules_end_in_different_ones():
    entry = SURFACES["hills"]
    (deep,) = entry.minima
    ends = [
        descend(OPTIMIZERS[name], entry, 1000, hyperparameters_of(OPTIMIZERS[name], rate))[-1]
        for name, rate in (("sgd", 0.1), ("momentum", 0.05))
    ]
    assert_close(entry.gradient(np.array(ends)), 0.0, atol=1e-6)
    assert np.linalg.norm(ends[1] - deep) < 1e-6
    assert np.linalg.norm(ends[0] - deep) > 2
    assert entry.f(ends[0]) > entry.lowest + 0.5


# Hyperparameters


@pytest.mark.parametrize("condition", [1.0, 7.0, 1000.0])
def test_the_condition_number_of_the_valley(condition, rng):
    tuned = SURFACES["valley"].tuned({"condition": condition})
    w = over_the_box(tuned, rng, (40,))
    assert_close(tuned.f(w), w[:, 0] ** 2 / condition + w[:, 1] ** 2)
    assert_close(np.linalg.cond(tuned.hessian(w)), condition)
    assert_slope(tuned.value_and_gradient(w)[1], central_differences(tuned.f, w))
    assert parse(tuned.text).f(np.array([3.0, 2.0])) == tuned.f(np.array([3.0, 2.0]))
    assert (tuned.minima, tuned.lowest, tuned.start) == (((0.0, 0.0),), 0.0, SURFACES["valley"].start)


def test_tuning_begins_from_the_defaults():
    tuned = SURFACES["valley"].tuned({"condition": 3.0})
    assert tuned.tuned({}).text == SURFACES["valley"].text
    assert tuned.tuned({"condition": 5.0}).text == SURFACES["valley"].tuned({"condition": 5.0}).text


def test_without_hyperparameters_there_is_nothing_to_tune():
    assert SURFACES["bowl"].tuned({}) is SURFACES["bowl"]


@pytest.mark.parametrize(
    ("name", "values", "parts"),
    [
        ("valley", {"condition": 0.5}, ("condition", "1 and 1000", "0.5")),
        ("valley", {"condition": 1001}, ("condition", "1001")),
        ("valley", {"condition": np.nan}, ("condition", "nan")),
        ("valley", {"condition": [1.0, 2.0]}, ("condition", "[1.0, 2.0]")),
        ("valley", {"width": 2}, ("surface valley", "'width'", "condition")),
        ("bowl", {"condition": 2}, ("surface bowl", "'condition'", "none")),
        ("valley", 3, ("surface valley", "3")),
    ],
)
def test_bad_hyperparameters_are_refused_in_a_sentence(name, values, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        SURFACES[name].tuned(values)


# Rules that arrive


REACHED = [(surface, name) for surface in SURFACES.values() for name in surface.reach]


@pytest.mark.parametrize(("surface", "name"), REACHED, ids=name_of)
def test_marked_optimizers_reach_the_minimum(surface, name):
    """Within 10,000 steps; and who is there for a thousand of them stays."""
    entry = OPTIMIZERS[name]
    path = walk(entry, surface, hyperparameters_of(entry, surface.reach[name]))
    parts = [distances_to_minima(surface, path, 200 if entry.probes else 1000)]
    assert parts[0][0] > 1.0
    while parts[-1].max() >= 1e-3 and len(parts) < 10:
        parts.append(distances_to_minima(surface, path, 1000))
    assert parts[-1][-100:].max() < 1e-3


def distances_to_minima(surface, path, steps):
    """How far the next steps of a path are from the nearest minimum."""
    places = np.array(list(islice(path, steps)))
    return np.min([np.linalg.norm(places - minimum, axis=-1) for minimum in surface.minima], axis=0)


@pytest.mark.parametrize("name", ["bowl", "valley"])
def test_every_optimizer_reaches_the_minimum_of_a_quadratic(name):
    assert list(SURFACES[name].reach) == list(OPTIMIZERS)
