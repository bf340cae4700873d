"""Formulas read off Python functions."""

import math

import numpy as np
import pytest
from formula_trees import POINTS, trees
from helpers import assert_close, assert_same
from hypothesis import given

from engine.formula import parse, trace

SAME = {
    "100 (y − x²)² + (1 − x)²": lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2,
    "sin(x) + y²": lambda x, y: np.sin(x) + y**2,
    "x²": lambda x, y: np.square(x),
    "x · x": lambda x, y: x * x,
    "1/x": lambda x, y: np.reciprocal(x),
    "x² + y²": lambda x, y: sum(v**2 for v in (x, y)),
    "√(x² + y²)": lambda x, y: np.hypot(x, y),
    "x": lambda x, y: +x,
    "−x/2": lambda x, y: -x / 2,
    "−3x y": lambda x, y: -3 * x * y,
    "−3 + x": lambda x, y: -3 + x,
    "x − (−3)": lambda x, y: x - np.float32(-3),
    "abs(x) + abs(y)": lambda x, y: abs(x) + np.fabs(y),
    "2^x + x^y": lambda x, y: 2**x + np.float_power(x, y),
    "2^y": lambda x, y: np.exp2(y),
    "exp(x) − 1": lambda x, y: np.expm1(x),
    "log(1 + x)": lambda x, y: np.log1p(x),
    "log(x)/log(2)": lambda x, y: np.log2(x),
    "π x + e": lambda x, y: np.pi * x + math.e,
    "0.5x": lambda x, y: np.array(0.5) * x,
    "3": lambda x, y: 3,
    "sign(x) tanh(y)": lambda x, y: np.sign(x) * np.tanh(y),
}


@pytest.mark.parametrize("text", SAME)
def test_traced_equals_parsed(text):
    traced, parsed = trace(SAME[text]), parse(text)
    assert (traced.text, traced.latex) == (text, parsed.latex)
    for method in ("f", "gradient", "hessian"):
        assert_same(getattr(traced, method)(POINTS), getattr(parsed, method)(POINTS))


@given(trees())
def test_random_functions(tree):
    text, function = tree
    traced = trace(function)
    assert_close(traced.f(POINTS), function(*POINTS.T))
    assert_close(traced.hessian(POINTS), parse(text).hessian(POINTS), rtol=1e-7, atol=1e-7)


def remembering():
    """A function that gives another answer at each call."""
    calls = iter(range(1000))
    return lambda x, y: x * next(calls)


def catching(x, y):
    """A branch that symbols cannot see."""
    try:
        return float(x) ** 2
    except TypeError:
        return y


NOT = {
    "branch": lambda x, y: x if x > 0 else y,
    "equal": lambda x, y: x if x == 0 else y,
    "not equal": lambda x, y: 1.0 if x != y else 0.0,
    "truth": lambda x, y: x or y,
    "comparison as number": lambda x, y: (x > 0) * x,
    "where": lambda x, y: np.where(x > 0, x, y),
    "where without comparison": lambda x, y: np.where([True], x, y),
    "maximum": lambda x, y: np.maximum(x, y),
    "max": lambda x, y: max(x, y),
    "clip": lambda x, y: np.clip(x, -1, 1),
    "float": lambda x, y: float(x),
    "math": lambda x, y: math.sin(x),
    "floor": lambda x, y: x // 1,
    "remainder": lambda x, y: x % 1,
    "bits": lambda x, y: x & 1,
    "array": lambda x, y: x + np.array([1.0, 2.0]),
    "arrays": lambda x, y: np.array([x, y]),
    "out": lambda x, y: np.add(x, y, out=np.zeros(())),
    "reduction": lambda x, y: np.add.reduce(x),
    "attribute": lambda x, y: x.real,
    "index": lambda x, y: x[0],
    "complex number": lambda x, y: x * 1j,
    "text": lambda x, y: x + "1",
    "infinite": lambda x, y: x * math.inf,
    "not a number": lambda x, y: x + math.nan,
    "bool": lambda x, y: x * True,
    "overflow": lambda x, y: x + np.exp(y * 0 + 1000),
    "nothing": lambda x, y: None,
    "pair": lambda x, y: (x, y),
    "error": lambda x, y: x + undefined,  # noqa: F821
    "chance": lambda x, y: x + np.random.default_rng().normal(),
    "memory": remembering(),
    "hidden branch": catching,
    "endless": lambda x, y: endless(x),
    "three": lambda x, y, z: x,
    "no function": None,
}


def endless(x):
    while True:
        x = x + 1


@pytest.mark.parametrize("function", NOT.values(), ids=NOT)
def test_what_cannot_be_traced(function):
    assert trace(function) is None


def test_a_function_too_long_to_write_has_derivatives_all_the_same():
    def shared(x, y):
        for _ in range(20):
            x = np.sin(x) + x * y / 4
        return x

    formula = trace(shared)
    assert formula.text == formula.latex == "f(x, y)"
    assert_same(formula.f(POINTS), shared(*POINTS.T))
    h = 1e-200j
    assert_close(formula.gradient(POINTS)[:, 0], (shared(POINTS[:, 0] + h, POINTS[:, 1]) / 1e-200).imag)
