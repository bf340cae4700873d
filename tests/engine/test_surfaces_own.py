"""Surfaces from a formula or a function."""

import math

import numpy as np
import pytest
from boxes import over_the_box
from helpers import assert_close, assert_same, assert_slope, central_differences, one_sentence

from engine import SURFACES
from engine.surfaces import Surface, from_callable, from_text


def branch(x, y):
    """Cannot be traced: a wide parabola to the left, a narrow one to the right."""
    return np.where(x > 1, 3 * (x - 1) ** 2, (x - 1) ** 2) + np.cosh(y + 2)


# Formulas


def test_a_formula_is_a_surface(rng):
    surface = from_text("(x - 1)^2 + 3 (y + 2)^2 - 4")
    w = over_the_box(surface, rng, (2, 3))
    assert isinstance(surface, Surface)
    assert (surface.name, surface.label) == ("own", "Your formula")
    assert_close(surface.f(w), (w[..., 0] - 1) ** 2 + 3 * (w[..., 1] + 2) ** 2 - 4)
    assert_slope(surface.gradient(w), central_differences(surface.f, w))
    assert_close(surface.hessian(w), np.broadcast_to(np.diag([2.0, 6.0]), (2, 3, 2, 2)))
    assert (surface.minima, surface.lowest) == (((1.0, -2.0),), -4.0)
    assert surface.start == (-3.5, 2.5)
    assert surface.tuned({}) is surface


@pytest.mark.parametrize("name", ["rosenbrock", "himmelblau", "six_hump_camel"])
def test_a_built_in_formula_typed_in_is_the_same_surface(name, rng):
    typed, entry = from_text(SURFACES[name].text), SURFACES[name]
    w = over_the_box(entry, rng, (40,))
    assert_same(typed.f(w), entry.f(w))
    assert_same(typed.hessian(w), entry.hessian(w))
    assert_close(typed.minima, sorted(entry.minima))


@pytest.mark.parametrize("text", ["log(x)", "sqrt(x + y)", "1 / (x + 3.5)", "x^0.5 + y^2"])
def test_a_formula_starts_where_it_is_finite(text):
    surface = from_text(text)
    value, slope = surface.value_and_gradient(np.array(surface.start))
    low, high = np.array(surface.box).T
    assert surface.start != (-3.5, 2.5)
    assert np.isfinite([value, *slope]).all()
    assert np.all((low < surface.start) & (surface.start < high))
    assert np.linalg.norm(np.subtract(surface.start, (-3.5, 2.5))) < 5


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("log(-1 - x^2)", ("finite", "log(−1 − x²)")),
        ("sqrt(x - 100)", ("finite", "somewhere in the box")),
        ("", ()),
        ("x + z", ("z",)),
        ("x +", ()),
        (3, ()),
        ("x" * 10_000, ()),
        ("(" * 10_000 + "x" + ")" * 10_000, ()),
    ],
    ids=["nowhere defined", "beyond the box", "empty", "unknown", "unfinished", "no text", "long", "deep"],
)
def test_what_is_no_surface_is_refused_in_a_sentence(text, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        from_text(text)


# Functions


def test_a_function_that_can_be_traced_has_exact_derivatives(rng):
    surface = from_callable(lambda x, y: np.sin(x) ** 2 + np.exp(y / 2) - y)
    typed = from_text("sin(x)^2 + exp(y / 2) - y")
    w = over_the_box(surface, rng, (40,))
    assert "exact" in surface.doc
    assert (surface.label, surface.box, surface.start) == ("Your function", typed.box, typed.start)
    assert_close(surface.gradient(w), typed.gradient(w))
    assert_close(surface.hessian(w), typed.hessian(w))
    # y where exp(y / 2) = 2, and x where the sine is zero.
    assert_close(surface.minima, [(k * np.pi, 2 * np.log(2)) for k in (-1, 0, 1)])


@pytest.mark.parametrize("batch_shape", [(), (40,), (2, 3)], ids=str)
def test_another_function_has_central_differences(batch_shape, rng):
    surface = from_callable(branch, ((-3.0, 5.0), (-4.0, 1.0)))
    w = over_the_box(surface, rng, batch_shape)
    x, y = w[..., 0], w[..., 1]
    bend = np.where(x > 1, 6.0, 2.0)
    assert "central differences" in surface.doc
    assert_same(surface.f(w), np.asarray(branch(x, y)))
    value, slope = surface.value_and_gradient(w)
    assert_same(value, surface.f(w))
    # Steps of 1e-5 and 2e-4 of 2.5: the third derivative leaves a sixth of their squares, rounding less.
    assert_close(slope, np.stack([bend * (x - 1), np.sinh(y + 2)], axis=-1), rtol=1e-9, atol=1e-9)
    hessian = surface.hessian(w)
    assert hessian.shape == (*batch_shape, 2, 2)
    assert_same(hessian, hessian.mT)
    assert_close(hessian[..., 0, 0], bend, rtol=0, atol=1e-6)
    assert_close(hessian[..., 1, 1], np.cosh(y + 2), rtol=1e-6)
    assert_close(hessian[..., 0, 1], 0.0, atol=1e-6)


def test_mixed_differences(rng):
    surface = from_callable(lambda x, y: np.where(x < 99, x * x * y, 0.0))
    w = over_the_box(surface, rng, (40,))
    assert_close(surface.hessian(w)[..., 0, 1], 2 * w[..., 0], rtol=0, atol=1e-6)


def test_the_minima_of_a_function_with_differences_are_found():
    smooth = from_callable(lambda x, y: np.where(x < 99, (x - 1) ** 2 + np.cosh(y + 2), 0.0))
    assert_close(smooth.minima, [(1.0, -2.0)], atol=1e-9)
    assert_close(smooth.lowest, 1.0)
    # A kink of the slope at the minimum costs the differences a part of their step, 5e-5.
    assert_close(from_callable(branch).minima, [(1.0, -2.0)], atol=1e-5)


def test_a_traced_formula_that_says_something_else_is_not_used():
    """A function may treat numbers otherwise than symbols."""

    def two_faced(x, y):
        return x**2 + y**2 if isinstance(x, np.ndarray) else x + y

    surface = from_callable(two_faced)
    assert "central differences" in surface.doc
    assert surface.f(np.array([3.0, 4.0])) == 25.0


def test_a_function_that_overwrites_its_arguments_does_no_harm():
    def careless(x, y):
        x += 1
        x[x > 3] = 3
        return x + y

    w = np.array([[1.0, 2.0], [4.0, 0.0]])
    surface = from_callable(careless)
    assert_same(surface.f(w), np.array([4.0, 3.0]))
    assert_same(w, np.array([[1.0, 2.0], [4.0, 0.0]]))


def test_box_start_minima_and_label_may_be_given():
    surface = from_callable(lambda x, y: x * y, ((0, 2), (1, 4)), (1, 2), [(0, 3)], "Mine")
    assert (surface.box, surface.start) == (((0.0, 2.0), (1.0, 4.0)), (1.0, 2.0))
    assert (surface.minima, surface.lowest, surface.label) == (((0.0, 3.0),), 0.0, "Mine")


WANTED = "arrays x and y"


@pytest.mark.parametrize(
    ("function", "parts"),
    [
        (5, ("function", "5")),
        (lambda x: x, (WANTED, "positional")),
        (lambda x, y: math.sin(x) + y, (WANTED, "TypeError")),
        (lambda x, y: np.concatenate([np.ravel(x), np.ravel(y)]), (WANTED, "(42,)", "(3, 7)")),
        (lambda x, y: "high", (WANTED,)),
        (lambda x, y: np.where(x > 0, 1j, 0), (WANTED, "complex")),
        (lambda x, y: None, (WANTED, "object")),
        (lambda x, y: 1 // 0, (WANTED, "ZeroDivisionError")),
        (lambda x, y: np.where(x > 0, np.nan, np.inf), ("finite",)),
    ],
)
def test_what_is_no_function_is_refused_in_a_sentence(function, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        from_callable(function)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"box": 3}, "box"),
        ({"box": ((0, 1), (2, 2))}, "box"),
        ({"box": ((0, 1), (3, 2))}, "box"),
        ({"box": ((0, 1), (0, math.inf))}, "box"),
        ({"box": ((0, 1), (0, 1), (0, 1))}, "box"),
        ({"box": ((0, "a"), (0, 1))}, "box"),
        ({"start": (9, 0)}, "start"),
        ({"start": (math.nan, 0)}, "start"),
        ({"start": 3}, "start"),
        ({"start": (1, 2, 3)}, "start"),
        ({"minima": [(0, 0), (0, 77)]}, "minima"),
        ({"minima": 3}, "minima"),
    ],
    ids=str,
)
def test_bad_boxes_and_points_are_refused_in_a_sentence(given, name):
    with pytest.raises(ValueError, match=one_sentence(name)):
        from_callable(lambda x, y: x + y, **given)
