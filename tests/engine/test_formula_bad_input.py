"""Text that is no formula: one sentence each, in no time."""

import re

import numpy as np
import pytest
from helpers import one_sentence
from hypothesis import given
from hypothesis import strategies as st

from engine.formula import parse
from engine.registry import Refusal

WRONG = {
    # Names
    "z": ("may use x, y, pi, e and the functions sin, cos", "not 'z'."),
    "x1 + x2": ("not 'x1'",),
    "foo(x)": ("not 'foo'",),
    "import os": ("not 'import'",),
    "max(x, y)": ("not 'max'",),
    "x + nan": ("not 'nan'",),
    "inf": ("not 'inf'",),
    "½x": ("not '½x'",),
    # Characters
    "x.__class__": ("made of numbers, names", "not '.' at character 2"),
    "__import__('os')": ("not '_' at character 1",),
    "x_1": ("not '_' at character 2",),
    "x; y": ("not ';' at character 2",),
    "'x'": ('not "\'" at character 1',),
    "x = 1": ("not '=' at character 3",),
    "x > 0": ("not '>'",),
    "[x]": ("not '['",),
    "|x|": ("not '|'",),
    "x % 2": ("not '%'",),
    "x\0": (r"not '\x00' at character 2",),
    "x\ud800": (r"not '\ud800'",),
    "x 🙂": ("at character 3",),
    # Empty
    "": ("must not be empty",),
    " \n\t ": ("must not be empty",),
    # Operands
    "x +": ("must not end",),
    "x ^": ("must not end",),
    "-": ("must not end",),
    "(": ("must not end",),
    "sin(": ("must not end",),
    "* x": ("before * at character 1",),
    "x * / y": ("before / at character 5",),
    "2 ^^ 3": ("before ^ at character 4",),
    "x *** y": ("before * at character 5",),
    "()": ("before ) at character 2",),
    "sin()": ("before ) at character 5",),
    "x (": ("must not end",),
    "²": ("before ² at character 1",),
    "x 2": ("sign before the number '2' at character 3",),
    "2 3": ("sign before the number '3' at character 3",),
    "1.2.3": ("sign before the number '.3' at character 4",),
    "(x)2": ("sign before the number '2' at character 4",),
    # Parentheses and commas
    "(x": ("no ) for the ( at character 1",),
    "2 (x + (y)": ("no ) for the ( at character 3",),
    "sin(x": ("no ) for the ( at character 4",),
    "x)": ("no ( for the ) at character 2",),
    "(x)) + y": ("no ( for the ) at character 4",),
    "sin x": ("function sin at character 1 must have parentheses, as in sin(x)",),
    "2 + ln": ("function ln at character 5",),
    "sin^2(x)": ("function sin",),
    "√x": ("function √",),
    "sin(x, y)": ("sin must have one operand", "character 6"),
    "1,5": ("comma", "character 2"),
    "(1,5) x": ("comma", "character 3"),
    ", x": ("before , at character 1",),
    # Numbers
    "1e999": ("number '1e999' at character 1 must be below 1.8e308",),
    "x + " + "9" * 400: ("below 1.8e308", "character 5"),
    "x" + "²" * 999: ("below 1.8e308", "character 2"),
    "9^9^9^9": ("'9^(9⁹)' must be a finite number; not inf",),
    "x + 1/0": ("'1/0' must be a finite number; not inf",),
    "x (0/0)": ("must be a finite number",),
    "0 log(-1)": ("'log(−1)' must be a finite number; not nan",),
    "(-8)^(1/3) x": ("must be a finite number; not nan",),
    # Length and depth
    "x" * 10_000: ("at most 1,000 characters; not 10,000",),
    "(" * 10_000: ("at most 1,000 characters",),
    "(" * 499 + "x" + ")" * 499: ("nested at most 50 deep", "character 51"),
    "(" * 1000: ("nested at most 50",),
    "-" * 500 + "x": ("nested at most 50",),
    "x" + "^x" * 499: ("nested at most 50",),
    "sin(" * 190 + "x" + ")" * 190: ("nested at most 50",),
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: ascii(text[:20]))
def test_text_that_is_no_formula(text):
    with pytest.raises(Refusal, match=one_sentence(*WRONG[text])) as caught:
        parse(text)
    assert not re.search(r"[.!?]\s+[A-Z]", str(caught.value))
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("text", [None, 3, 2.5, b"x", ["x"], True], ids=repr)
def test_no_text(text):
    with pytest.raises(Refusal, match=one_sentence("A formula must be text", repr(text))):
        parse(text)


@pytest.mark.parametrize("name", ["x", "Y", "xy", "e", "pi", "π", "PI", "sin", "Ln", "a b", "", "1a", "a+b", "²", "√"])
def test_constants_need_names_of_their_own(name):
    with pytest.raises(Refusal, match=one_sentence("constant of a formula", "name of its own", repr(name))):
        parse("x", {name: 1.0})


@pytest.mark.parametrize("name", ["a_b", "_", "a.b", 3, None], ids=repr)
def test_constants_need_names(name):
    with pytest.raises(Refusal, match=one_sentence("formula")):
        parse("x", {name: 1.0})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None, 1j, True], ids=repr)
def test_constants_need_finite_numbers(value):
    with pytest.raises(Refusal, match=one_sentence("constant a", "finite number", repr(value))):
        parse("a x", {"a": value})


def test_an_unknown_name_is_told_the_constants():
    with pytest.raises(Refusal, match=one_sentence("may use x, y, pi, e, kappa and", "'kapa'")):
        parse("kapa x", {"kappa": 1.0})


@pytest.mark.parametrize(
    "text",
    ["1" + "+x" * 499, "x" + "/y" * 499, "xy" * 500, "sin(x)" * 166, "2^" * 49 + "x", "(" * 49 + "x" + ")" * 49,
     "x" + "⁻¹" * 499, "sin(" * 49 + "x" + ")" * 49],
    ids=lambda text: ascii(text[:8]),
)  # fmt: skip
def test_what_is_long_or_deep_and_allowed(text):
    """Every method works on it; long chains are no deep nesting for the computer either."""
    formula = parse(text)
    for method in (formula.f, formula.gradient, formula.hessian):
        assert not np.isnan(method([0.25, 0.5])).any()
    assert formula.text
    assert formula.latex


@given(st.text(alphabet="xyXe12.9+-−*/^() ,²⁻√π", max_size=25) | st.text(max_size=8))
def test_any_text_is_a_formula_or_refused(text):
    """Nothing else is raised, and a refusal is one sentence."""
    try:
        formula = parse(text)
    except Refusal as refused:
        message = str(refused)
    else:
        message = "A formula."
        assert formula.f(np.ones((3, 2))).shape == (3,)
        assert formula.hessian(np.ones((3, 2))).shape == (3, 2, 2)
    assert re.match(one_sentence(), message)


@pytest.mark.parametrize(
    "text", ["sin(" * 200, "(" * 900, "-" * 900, "x" + "^x" * 400, "x*-" * 300], ids=lambda text: text[:5]
)
def test_refused_in_time_where_the_stack_is_half_full(text):
    def deeper(levels):
        return parse(text) if levels == 0 else deeper(levels - 1)

    with pytest.raises(Refusal, match=one_sentence("formula must")):
        deeper(500)
