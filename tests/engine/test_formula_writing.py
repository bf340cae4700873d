"""Formulas written down for people, as they were written; and read again."""

import numpy as np
import pytest
from formula_trees import POINTS, trees
from helpers import assert_same, name_of
from hypothesis import given, reject
from hypothesis import strategies as st

from engine.formula import CONSTANTS, FUNCTIONS, parse
from engine.registry import Refusal

TEXT = {
    "(1 - x)**2 + 100*(y - x**2)**2": "(1 − x)² + 100 (y − x²)²",
    "x - (y - 1) - 2": "x − (y − 1) − 2",
    "x + (-y)": "x + (−y)",
    "-x + y": "−x + y",
    "-(-x)": "−(−x)",
    "-x*y": "−x y",
    "(-x)*y": "(−x) y",
    "-(x + y)": "−(x + y)",
    "2*x": "2x",
    "2*x*y^2": "2x y²",
    "x*2": "x · 2",
    "x*x": "x · x",
    "2*3*x": "2 · 3 x",
    "2*pi*x": "2π x",
    "2*e": "2 e",
    "3*sin(x)": "3 sin(x)",
    "x*(y*x)": "x (y x)",
    "1/2*x": "1/2 · x",
    "x/(2*y)": "x/(2y)",
    "x/y/2": "x/y/2",
    "x/(y/2)": "x/(y/2)",
    "2*x^-2": "2x⁻²",
    "x^12": "x¹²",
    "(x^2)^3": "(x²)³",
    "2^x^2": "2^(x²)",
    "x^(1/2)": "x^(1/2)",
    "x^-0.5": "x^(−0.5)",
    "x^-0": "x^(−0)",
    "x^y": "x^y",
    "x^pi": "x^π",
    "(x y)^2": "(x y)²",
    "sin(x)^2": "sin(x)²",
    "sqrt(x^2 + y^2)": "√(x² + y²)",
    "abs(x) + ln(x)": "abs(x) + log(x)",
    "1e-5 x + 1e20": "1e-5x + 1e20",
    "0.10 + 3. + 1e3": "0.1 + 3 + 1000",
    "X": "x",
}


@pytest.mark.parametrize("text", TEXT)
def test_text(text):
    formula = parse(text)
    assert formula.text == TEXT[text]
    assert parse(formula.text).text == formula.text


LATEX = {
    "(1 - x)^2 + 100 (y - x^2)^2": "(1 - x)^2 + 100 (y - x^2)^2",
    "x/(1 + y)": r"\frac{x}{1 + y}",
    "(x/2)^2": r"\left(\frac{x}{2}\right)^2",
    "2 (x/3)": r"2 \cdot \frac{x}{3}",
    "sin(x/2) cos(pi y)": r"\sin\left(\frac{x}{2}\right) \cos(\pi y)",
    "exp(-x) sqrt(abs(y))": r"\exp(-x) \sqrt{\left|y\right|}",
    "x^-2 + x^12 + x^(y/2)": r"x^{-2} + x^{12} + x^{\frac{y}{2}}",
    "log10(x) + sign(y)": r"\log_{10}(x) + \operatorname{sign}(y)",
    "1e-5 + 2e20 x": r"10^{-5} + 2 \cdot 10^{20} x",
    "(1e-5)^2 (2e20)^2": r"(10^{-5})^2 (2 \cdot 10^{20})^2",
    "x*3 + y*y": r"x \cdot 3 + y \cdot y",
    "x (y x) - (-x)": "x y x - (-x)",
    "arctan(x)": r"\arctan(x)",
    "e^x": "e^x",
}


@pytest.mark.parametrize("text", LATEX)
def test_latex(text):
    assert parse(text).latex == LATEX[text]


@pytest.mark.parametrize("entry", FUNCTIONS.values(), ids=name_of)
def test_every_spelling_of_a_function_is_read(entry):
    for spelling in (entry.name, entry.name.upper(), *entry.aliases, entry.text.partition("(")[0]):
        assert parse(f"{spelling}(x)").text == entry.text % "x"


@pytest.mark.parametrize("entry", CONSTANTS.values(), ids=name_of)
def test_every_spelling_of_a_constant_is_read(entry):
    for spelling in (entry.name, entry.text):
        formula = parse(spelling)
        assert (formula.text, formula.latex) == (entry.text, entry.latex)
        assert formula.f([0.0, 0.0]) == entry.value


@given(trees())
def test_text_is_read_as_the_same_formula(tree):
    """Bit for bit, and written the same again."""
    first = parse(tree[0])
    second = parse(first.text)
    assert (second.text, second.latex) == (first.text, first.latex)
    assert_same(second.f(POINTS), first.f(POINTS))
    assert_same(second.hessian(POINTS), first.hessian(POINTS))


PIECES = st.recursive(
    st.sampled_from(["x", "y", "e", "pi", "2", "0.5", "3e-7", "1e22", "xy"]),
    lambda inner: st.one_of(
        st.builds("{}{}{}".format, inner, st.sampled_from(["+", "-", " * ", "/", " ", "^", "*-", "--"]), inner),
        st.builds("({})".format, inner),
        st.builds("{}({})".format, st.sampled_from(["-", "sin", "2", "x", "√"]), inner),
        st.builds("({}){}".format, inner, st.sampled_from(["²", "^3", "⁻¹", "^-0.5", "^x", "(y)"])),
    ),
    max_leaves=6,
)


@given(PIECES)
def test_text_keeps_the_meaning_of_any_order_of_operators(text):
    try:
        first = parse(text)
    except Refusal:  # two numbers side by side, or 2^1e22
        reject()
    second = parse(first.text)
    assert second.text == first.text
    assert_same(second.f(POINTS), first.f(POINTS))


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_numbers_are_written_without_loss(value):
    assert parse(parse(repr(value)).text).f([0.0, 0.0]) == value


def test_what_is_too_long_is_left_as_it_was_typed():
    text = "+".join("x" * 300)
    assert parse(f" {text} ").text == text
    assert parse(text).latex == text.replace("+", " + ")
    assert np.isclose(parse(text).f([0.5, 0.0]), 150)
