"""Gradients and Hessians of formulas against ones by hand, complex steps and differences."""

import numpy as np
import pytest
from formula_trees import POINTS, trees
from helpers import assert_close, assert_same, assert_slope, central_differences
from hypothesis import given

from engine.formula import FUNCTIONS, parse

W = np.array([[0.5, -1.25], [-2.0, 0.75], [1.5, 2.0]])


def test_rosenbrock_by_hand(rng):
    formula, w = parse("(1 - x)^2 + 100 (y - x^2)^2"), rng.normal(size=(20, 2))
    x, y = w.T
    value, slopes = formula.value_and_gradient(w)
    assert_close(value, (1 - x) ** 2 + 100 * (y - x * x) ** 2)
    assert_close(slopes, np.stack([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)], axis=-1))
    hessian = formula.hessian(w)
    assert_close(hessian[:, 0, 0], 2 - 400 * (y - 3 * x * x))
    assert_close(hessian[:, 0, 1], -400 * x)
    assert_close(hessian[:, 1, 1], np.full(20, 200.0))


RULES = {
    # text: derivatives by x, by x twice; y is a constant here
    "sin(x)": ("cos(x)", "-sin(x)"),
    "cos(x)": ("-sin(x)", "-cos(x)"),
    "tan(x)": ("1/cos(x)^2", "2 sin(x)/cos(x)^3"),
    "exp(x)": ("exp(x)", "exp(x)"),
    "log(x)": ("1/x", "-1/x^2"),
    "log10(x)": ("1/(x log(10))", "-1/(x^2 log(10))"),
    "sqrt(x)": ("0.5/sqrt(x)", "-0.25/sqrt(x)^3"),
    "abs(x)": ("sign(x)", "0"),
    "sign(x)": ("0", "0"),
    "sinh(x)": ("cosh(x)", "sinh(x)"),
    "cosh(x)": ("sinh(x)", "cosh(x)"),
    "tanh(x)": ("1/cosh(x)^2", "-2 sinh(x)/cosh(x)^3"),
    "arcsin(x)": ("(1 - x^2)^-0.5", "x (1 - x^2)^-1.5"),
    "arccos(x)": ("-(1 - x^2)^-0.5", "-x (1 - x^2)^-1.5"),
    "arctan(x)": ("1/(1 + x^2)", "-2x/(1 + x^2)^2"),
    "x^2.5": ("2.5 x^1.5", "3.75 sqrt(x)"),
    "x^-3": ("-3/x^4", "12/x^5"),
    "x^y": ("y x^(y - 1)", "y (y - 1) x^(y - 2)"),
    "y^x": ("log(y) y^x", "log(y)^2 y^x"),
    "2^x": ("log(2) * 2^x", "log(2)^2 * 2^x"),
    "x^x": ("(1 + log(x)) x^x", "(1 + log(x))^2 x^x + x^(x - 1)"),
    "y/x": ("-y/x^2", "2y/x^3"),
    "x/y": ("1/y", "0"),
    "x y": ("y", "0"),
    "y - x": ("-1", "0"),
    "-x": ("-1", "0"),
    "y": ("0", "0"),
}


@pytest.mark.parametrize("text", RULES)
def test_rules(text):
    """Against the formulas in tables."""
    w = np.array([[0.5, 0.75], [0.25, 2.0], [0.875, 1.5]])
    formula = parse(text)
    first, second = (parse(derivative).f(w) for derivative in RULES[text])
    assert_close(formula.gradient(w)[:, 0], first, rtol=1e-13)
    assert_close(formula.hessian(w)[:, 0, 0], second, rtol=1e-13)


def test_every_function_has_a_rule_that_is_tested():
    assert {f"{name}(x)" for name in FUNCTIONS} <= set(RULES)


def test_slopes_where_a_careless_rule_has_none():
    """Powers at zero and below, and the kink of abs."""
    at = np.array([[0.0, -2.0], [-3.0, 0.0]])
    known = {
        "x^2 + y^2": [[0, -4], [-6, 0]],
        "x^1 + y^0": [[1, 0], [1, 0]],
        "x^3": [[0, 0], [27, 0]],
        "x^2.0 y^1.0": [[0, 0], [0, 9]],
        "abs(x) + abs(y)": [[0, -1], [-1, 0]],
        "sign(x)": [[0, 0], [0, 0]],
        "(x y)^2": [[0, 0], [0, 0]],
        "x*x*y": [[0, 0], [0, 9]],
        "x - x + 0/(1 + y^2)": [[0, 0], [0, 0]],
    }
    for text, slopes in known.items():
        assert_same(parse(text).gradient(at) + 0.0, np.array(slopes, dtype=float))
    assert_same(parse("x^2 y").hessian(at)[0], np.array([[-4.0, 0.0], [0.0, 0.0]]))


@given(trees())
def test_gradients_are_those_of_a_complex_step(tree):
    """Exact to rounding, since nothing is subtracted: f(w + ih) = f(w) + ih f'(w) + ..."""
    text, function = tree
    formula = parse(text)
    slopes = (
        np.stack(
            [
                function(POINTS[:, 0] + 1e-200j, POINTS[:, 1] + 0j).imag,
                function(POINTS[:, 0] + 0j, POINTS[:, 1] + 1e-200j).imag,
            ],
            axis=-1,
        )
        / 1e-200
    )
    value, gradient = formula.value_and_gradient(POINTS)
    scale = 1 + np.abs(slopes).max()
    assert_close(value, function(POINTS[:, 0] + 0j, POINTS[:, 1] + 0j).real, rtol=1e-11)
    assert_close(gradient / scale, slopes / scale, atol=1e-11)


@given(trees())
def test_hessians_are_those_of_differences(tree):
    formula = parse(tree[0])
    hessian = formula.hessian(POINTS)
    assert_same(hessian, np.swapaxes(hessian, -1, -2))
    assert_slope(hessian, np.swapaxes(central_differences(formula.gradient, POINTS), -1, -2))


@given(trees())
def test_random_formulas_together_and_alone_give_the_same_bits(tree):
    formula = parse(tree[0])
    for method in (formula.f, formula.gradient, formula.hessian):
        assert_same(np.array([method(point) for point in POINTS]), method(POINTS))
