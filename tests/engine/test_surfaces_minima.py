"""Minima of surfaces: the published ones, and the search that finds them."""

import math

import numpy as np
import pytest
from boxes import over_the_box
from helpers import assert_close, name_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import SURFACES
from engine.surfaces import from_callable, from_text
from engine.surfaces.search import minima_in_box

every = pytest.mark.parametrize("entry", SURFACES.values(), ids=name_of)
with_minima = pytest.mark.parametrize("entry", [entry for entry in SURFACES.values() if entry.minima], ids=name_of)
SHARP = ["ackley"]
"""They come to a point, where there is no gradient."""
ON_THE_BORDER = ["eggholder"]
smooth = pytest.mark.parametrize(
    "entry",
    [entry for entry in SURFACES.values() if entry.minima and entry.name not in SHARP + ON_THE_BORDER],
    ids=name_of,
)


PUBLISHED = {
    # Surjanovic and Bingham 2013.
    "rosenbrock": ("0", [("1", "1")]),
    "beale": ("0", [("3", "0.5")]),
    "goldstein_price": ("3", [("0", "-1")]),
    "six_hump_camel": ("-1.0316", [("0.0898", "-0.7126"), ("-0.0898", "0.7126")]),
    "three_hump_camel": ("0", [("0", "0")]),
    "mccormick": ("-1.9133", [("-0.54719", "-1.54719")]),
    "matyas": ("0", [("0", "0")]),
    "booth": ("0", [("1", "3")]),
    "rastrigin": ("0", [("0", "0")]),
    "ackley": ("0", [("0", "0")]),
    "griewank": ("0", [("0", "0")]),
    "levy": ("0", [("1", "1")]),
    "easom": ("-1", [("3.14159265", "3.14159265")]),
    "eggholder": ("-959.6407", [("512", "404.2319")]),  # 404.23181 it is
    "schaffer": ("0", [("0", "0")]),
    # Jamil and Yang 2013; the height in the first collection, -39.16599 for each parameter, is not that of its place.
    "styblinski_tang": ("-78.332", [("-2.903534", "-2.903534")]),
    # Himmelblau 1972.
    "himmelblau": (
        "0", [("3", "2"), ("-2.805118", "3.131312"), ("-3.779310", "-3.283186"), ("3.584428", "-1.848126")],
    ),
    # Goh 2017.
    "banana": ("0", [("1", "0.333")]),
}  # fmt: skip


def assert_digits(number, text):
    """A number is what is published, to one unit of the last decimal, as some round and some cut off."""
    decimals = len(text.partition(".")[2])
    assert abs(number - float(text)) <= (10.0**-decimals if decimals else 1e-12), f"{number} is not {text}"


@pytest.mark.parametrize("name", PUBLISHED)
def test_minima_are_the_published_ones(name):
    entry, (height, places) = SURFACES[name], PUBLISHED[name]
    assert_digits(entry.lowest, height)
    assert len(entry.minima) == len(places)
    for minimum, place in zip(entry.minima, places, strict=True):
        for number, text in zip(minimum, place, strict=True):
            assert_digits(number, text)


def test_every_surface_of_the_literature_has_a_published_minimum():
    own = {"bowl", "valley", "plane", "saddle", "monkey_saddle", "plateau", "hills"}
    assert set(PUBLISHED) == set(SURFACES) - own


@with_minima
def test_nothing_in_the_box_is_lower(entry, rng):
    heights = entry.f(np.array(entry.minima))
    # Four units in the last place of the terms, which are as large as a height at the border.
    assert_close(heights, entry.lowest, rtol=1e-15, atol=1e-14)
    assert np.all(entry.f(over_the_box(entry, rng, (5000,))) >= entry.lowest)


@every
def test_the_height_of_no_minimum_is_none(entry):
    assert (entry.lowest is None) == (not entry.minima)


@smooth
def test_minima_are_exact(entry):
    """To float64: Newton's step from each, which is how far it is from zero slope, is of the size of rounding."""
    for minimum in np.array(entry.minima):
        size, slope = np.linalg.eigvalsh(entry.hessian(minimum)), entry.gradient(minimum)
        assert size[0] > 0
        assert np.linalg.norm(slope) / size[0] < 1e-14 * max(np.abs(minimum).max(), 1.0)


def test_ackley_comes_to_a_point():
    """As steep close to its minimum as it gets: 2 sqrt(2), and downhill from all around."""
    turn = np.linspace(0, 2 * np.pi, 17)
    out = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    assert_close(np.vecdot(SURFACES["ackley"].gradient(1e-9 * out), out), 2 * np.sqrt(2), rtol=1e-6)


def test_the_eggholder_goes_down_across_the_border():
    entry = SURFACES["eggholder"]
    (x, y), ((_, x_high), _) = entry.minima[0], entry.box
    slope = entry.gradient(np.array(entry.minima[0]))
    assert x == x_high
    assert slope[0] < -3
    assert abs(slope[1]) < 1e-11
    assert entry.f(np.array([x + 1, y])) < entry.lowest - 2


@every
def test_what_has_no_minimum_bends_up_nowhere(entry, rng):
    bends_up = np.linalg.eigvalsh(entry.hessian(over_the_box(entry, rng, (5000,)))).min(axis=-1) > 0
    assert bends_up.any() == bool(entry.minima)


# The search


INSIDE = [entry for entry in SURFACES.values() if entry.name != "eggholder"]


@pytest.mark.parametrize("entry", INSIDE, ids=name_of)
def test_finds_the_minima_of_every_surface(entry):
    found = minima_in_box(entry)
    assert len(found) == len(entry.minima)
    assert_close(np.array(found), np.array(sorted(entry.minima)), rtol=0, atol=1e-9)


def test_finds_nothing_where_the_border_is_lowest():
    assert minima_in_box(SURFACES["eggholder"]) == ()


@pytest.mark.parametrize(
    ("text", "minima"),
    [
        ("abs(x - 0.3) + 2abs(y + x)", [(0.3, -0.3)]),
        ("sqrt(x^2 + y^2)", [(0, 0)]),
        ("sqrt(abs(x - 1)) + sqrt(abs(y))", [(1, 0)]),
        ("x^4 + y^4", [(0, 0)]),
        ("(x - 1)^2 + 1e-6 (y - 2)^2", [(1, 2)]),
        ("1e9 + x^2 + (y - 1)^2", [(0, 1)]),
        ("1e-300 (x^2 + (y - 1)^2)", [(0, 1)]),
        ("-exp(-20x^2 - 20y^2)", [(0, 0)]),
        ("log(x)^2 + y^2", [(1, 0)]),
        ("(x^2 - 1)^2 + (y^2 - 1)^2", [(-1, -1), (-1, 1), (1, -1), (1, 1)]),
        ("(x - 4.999)^2 + y^2", [(4.999, 0)]),
    ],
)
def test_finds_minima_that_are_sharp_flat_small_or_near_the_border(text, minima):
    assert_close(np.array(from_text(text).minima), np.array(minima, dtype=float), rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    "text",
    ["x", "x y", "3", "sin(x)", "(x - 2y)^2", "(x^2 + y^2 - 4)^2", "1 / x", "-1 / (x^2 + y^2)", "log(x^2 + y^2)",
     "tan(x)", "x / y", "exp(-x^2 - y^2)", "(x - 5)^2 + y^2", "exp(exp(exp(x))) + x", "sin(200x) sin(200y)"],
)  # fmt: skip
def test_finds_nothing_where_the_lowest_place_is_no_point_of_the_box(text):
    """The border, a line, an area, a pole, or finer than the grid."""
    surface = from_text(text)
    assert (surface.minima, surface.lowest) == ((), None)


def test_two_wells_of_nearly_the_same_depth_are_told_apart():
    assert_close(np.array(from_text("(x^2 - 1)^2 + y^2 + 1e-7x").minima), [(-1.0, 0.0)], atol=1e-7)
    assert len(from_text("(x^2 - 1)^2 + y^2").minima) == 2


places = st.floats(-4.0, 4.0)


@settings(deadline=None, max_examples=30)
@given(places, places, st.floats(0.01, 100), st.floats(0, 3.0))
def test_finds_the_minimum_of_any_quadratic(x, y, stretch, turn):
    c, s = math.cos(turn), math.sin(turn)
    surface = from_callable(
        lambda u, v: (c * (u - x) + s * (v - y)) ** 2 + stretch * (s * (u - x) - c * (v - y)) ** 2,
        ((-5, 5), (-5, 5)),
        minima=(),
    )
    assert_close(minima_in_box(surface), [(x, y)], atol=1e-9)


def test_the_search_does_not_look_at_the_minima_it_is_given():
    surface = from_callable(lambda x, y: (x - 1) ** 2 + y**2, minima=[(3, 3)])
    assert minima_in_box(surface) == ((1.0, 0.0),)
