"""Formulas in text: what they mean, at which points, and how they are computed."""

import ast
import pickle
from pathlib import Path

import numpy as np
import pytest
from helpers import assert_close, assert_same

import engine.formula
from engine.formula import FUNCTIONS, parse
from engine.formula.program import BLOCK
from engine.registry import Refusal

X, Y = 1.75, -0.625
AT = np.array([X, Y])

MEANINGS = {
    "x": X,
    "3": 3.0,
    ".5": 0.5,
    "3.": 3.0,
    "1e-3": 1e-3,
    "1.5e+2 + 2E1": 170.0,
    "x + y - 1": X + Y - 1,
    "x - y - 1": X - Y - 1,
    "x - (y - 1)": X - (Y - 1),
    "8 / 4 / 2": 1.0,
    "2 - 3 * 4": -10.0,
    "+x": X,
    "x - -y": X + Y,
    "x * -y": -X * Y,
    "1 - -2^2": 5.0,
    # Powers
    "2^3^2": 512.0,
    "(2^3)^2": 64.0,
    "2**3": 8.0,
    "-x^2": -X * X,
    "-2^2": -4.0,
    "2^-1": 0.5,
    "2^-x^2": 2 ** -(X * X),
    "2^-x y": 2**-X * Y,
    "x² + y³": X**2 + Y**3,
    "x⁻² y¹²": X**-2 * Y**12,
    "2^x²": 2 ** (X**2),
    "x²^2": X**4,
    "x^1.5": X**1.5,
    "y^-3": Y**-3,
    "x^40": X**40,
    "x^2.7": X**2.7,
    "(x + 3)^y": (X + 3) ** Y,
    "e^x": np.exp(X),
    "(-2)^3": -8.0,
    "y^0 + x^1": 1 + X,
    # Products without a sign
    "2x": 2 * X,
    "2 x": 2 * X,
    "x y": X * Y,
    "xy": X * Y,
    "2πx": 2 * np.pi * X,
    "xπy": X * np.pi * Y,
    "xxy": X * X * Y,
    "2xy^2": 2 * X * Y**2,
    "2^xy": 2**X * Y,
    "3 sin(x)": 3 * np.sin(X),
    "(x+1)(y-2)": (X + 1) * (Y - 2),
    "x(y - 2)": X * (Y - 2),
    "x(-1)": -X,
    "2x^2": 2 * X * X,
    "1/2x": X / 2,
    "1/(2x)": 1 / (2 * X),
    "2e": 2 * np.e,
    "2e x": 2 * np.e * X,
    "2e2x": 200 * X,
    "2exp(y)": 2 * np.exp(Y),
    "sin(x)cos(y)": np.sin(X) * np.cos(Y),
    "sin(x)^2": np.sin(X) ** 2,
    "2 pi": 2 * np.pi,
    # Other ways to write
    "X Y": X * Y,
    "SIN(x) + Pi": np.sin(X) + np.pi,
    "π x": np.pi * X,
    "x − y": X - Y,
    "x – y": X - Y,
    "−x": -X,
    "2·x × y ⋅ 3 ∙ 2": 2 * X * Y * 6,
    "x ÷ y": X / Y,
    "√(x)": np.sqrt(X),
    " \t x\n+\n y ": X + Y,
    "ln(x)": np.log(X),
    "asin(y) + acos(y) + atan(y)": np.pi / 2 + np.arctan(Y),
    "sgn(y)": -1.0,
}


@pytest.mark.parametrize("text", MEANINGS)
def test_meaning(text):
    assert_close(parse(text).f(AT), MEANINGS[text], rtol=1e-15, atol=0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_numpys(name):
    w = np.array([[0.5, 0.0], [0.875, 0.0], [0.03125, 0.0]])
    assert_same(parse(f"{name}(x)").f(w), getattr(np, name)(w[:, 0]))


def test_constants_stand_for_their_numbers():
    formula = parse("x² + κ y^2 - shift", {"κ": 25, "shift": -0.5})
    assert_close(formula.f(AT), X * X + 25 * Y * Y + 0.5)
    assert formula.text == "x² + 25y² − (−0.5)"
    assert_close(parse("a1 A1 x", {"a1": 2, "A1": 3}).f(AT), 6 * X)  # capitals count in them, as in x and X they do not


@pytest.mark.parametrize("batch_shape", [(), (1,), (5,), (2, 3), (0,), (3, 0), (2, 1, 2)], ids=str)
@pytest.mark.parametrize("text", ["x y + sin(x)", "3", "x", "y", "0 x"])
def test_shapes(text, batch_shape, rng):
    formula, w = parse(text), rng.normal(size=(*batch_shape, 2))
    value, slopes = formula.value_and_gradient(w)
    assert value.shape == formula.f(w).shape == batch_shape
    assert slopes.shape == formula.gradient(w).shape == (*batch_shape, 2)
    assert formula.hessian(w).shape == (*batch_shape, 2, 2)
    assert {array.dtype for array in (value, slopes, formula.f(w), formula.hessian(w))} == {np.dtype(float)}
    assert isinstance(formula.f(w), np.ndarray)


def test_whole_numbers_and_lists_are_points():
    assert_same(parse("x/y").f(np.array([[1, 2], [3, 4]])), np.array([0.5, 0.75]))
    assert_same(parse("x/y").f([1, 2]), np.array(0.5))


@pytest.mark.parametrize("w", [np.zeros(3), np.zeros((2, 1)), np.array(1.0), np.zeros(0)], ids=lambda w: str(w.shape))
def test_points_have_two_coordinates(w):
    with pytest.raises(Refusal, match=r"^Points must be an array of shape \(\.\.\., 2\); not \([0-9, ]*\)\.$"):
        parse("x").f(w)


def test_results_are_new():
    formula, w = parse("x + 0 y"), np.ones((4, 2))
    for result in (formula.f(w), *formula.value_and_gradient(w), formula.gradient(w), formula.hessian(w)):
        before = [again.copy() for again in (formula.f(w), *formula.value_and_gradient(w), formula.hessian(w))]
        result += 1.0
        for old, new in zip(before, (formula.f(w), *formula.value_and_gradient(w), formula.hessian(w)), strict=True):
            assert_same(old, new)
    assert_same(w, np.ones((4, 2)))


ROUGH = [
    "exp(-x^2) sin(3y)", "cos(x y) + tan(x)", "log(abs(x)) + log10(y^2)", "tanh(x) sqrt(abs(y))", "sinh(x)/cosh(y)",
    "arcsin(x/9) + arccos(y/9) arctan(x)", "abs(x)^1.3 + abs(y)^-0.7", "abs(x)^y", "2.5^x - e^y", "x^7 - y^-3",
    "x^0.5 + y^50", "sign(x y)", "(x + 2 y)^3/(1 + x^2)", "abs(y)^sign(x) + (1 + x^2)^(2 sign(y))",
]  # fmt: skip


@pytest.mark.parametrize("text", ROUGH)
def test_points_together_and_alone_give_the_same_bits(text, rng):
    """Also where NumPy has several loops for one function, chosen by length, stride and place."""
    formula = parse(text)
    w = rng.uniform(-3, 3, size=(37, 2))
    wide = np.zeros((37, 5))
    wide[:, 1::2] = w
    for method in (formula.f, formula.gradient, formula.hessian):
        together = method(w)
        assert np.isfinite(together).mean() > 0.4
        for rows in (slice(0, 1), slice(3, 7), slice(0, None, 3), slice(None, None, -1)):
            assert_same(method(w[rows]), together[rows])
        assert_same(method(wide[:, 1::2]), together)
        assert_same(method(np.asfortranarray(w)), together)
        assert_same(np.array([method(point) for point in w]), together)
        assert_same(method(w[:36].reshape(3, 1, 12, 2)), together[:36].reshape(3, 1, 12, *together.shape[1:]))


@pytest.mark.parametrize("points", [BLOCK, BLOCK + 1, 2 * BLOCK + 7])
def test_blocks_do_not_show(points, rng):
    formula, w = parse("exp(-x^2) sin(3 y) + 1"), rng.normal(size=(points, 2))
    rows = [0, 1, BLOCK - 1, points - 1]
    value, slopes = formula.value_and_gradient(w)
    assert_same(value[rows], formula.f(w[rows]))
    assert_same(slopes[rows], formula.gradient(w[rows]))
    assert_same(formula.hessian(w)[rows], formula.hessian(w[rows]))
    assert_close(value, np.exp(-(w[:, 0] ** 2)) * np.sin(3 * w[:, 1]) + 1)


@pytest.mark.parametrize("text", ROUGH)
def test_value_and_gradient_are_those_alone(text, rng):
    formula, w = parse(text), rng.uniform(-3, 3, size=(12, 2))
    value, slopes = formula.value_and_gradient(w)
    assert_same(value, formula.f(w))
    assert_same(slopes, formula.gradient(w))


def test_where_nothing_is_defined_nothing_warns():
    """NumPy's errors are raised in these tests."""
    w = np.array([[0.0, -1.0], [1e308, 1e308], [np.nan, np.inf], [0.0, 0.0]])
    for text in ("1/x", "log(y)", "sqrt(y)", "arcsin(x)", "x^y", "exp(x + y)", "x/x", "y^0.3", "(-2)^x", "abs(x)^1.5"):
        formula = parse(text)
        for result in (formula.f(w), *formula.value_and_gradient(w), formula.gradient(w), formula.hessian(w)):
            assert not np.isfinite(result).all()
    assert_same(parse("1/x").f(w), np.array([np.inf, 1e-308, np.nan, np.inf]))
    assert_same(parse("log(y)").f(w)[[0, 3]], np.array([np.nan, -np.inf]))


def test_common_parts_are_computed_once():
    formula = parse("exp(sin(x y)) + exp(sin(y x))^2 + sin(x y)")
    for program in (formula._value, formula._both, formula._curvatures):
        calls = [ufunc for ufunc, *_ in program._steps]
        assert calls.count(np.exp) == calls.count(np.sin) == 1
        assert calls.count(np.cos) <= 1


def test_whole_powers_are_products():
    formula = parse("x^2 + x^5 + y^-3 + y^1.5 + y^0.5")
    for program in (formula._value, formula._both, formula._curvatures):
        assert np.power not in [ufunc for ufunc, *_ in program._steps]


def test_a_formula_does_not_change():
    formula = parse("x")
    with pytest.raises(AttributeError):
        formula.text = "y"


def test_a_formula_can_be_sent():
    """Also one whose expression is deep."""
    formula = parse("+".join(["sin(x)"] * 140))
    again = pickle.loads(pickle.dumps(formula))
    assert again.text == formula.text
    assert_same(again.hessian(AT), formula.hessian(AT))


def test_no_text_is_run():
    """Neither by name nor through the module that holds the names."""
    forbidden = {
        "eval",
        "exec",
        "compile",
        "__import__",
        "getattr",
        "globals",
        "locals",
        "vars",
        "builtins",
        "importlib",
    }
    files = sorted(Path(engine.formula.__file__).parent.glob("*.py"))
    assert len(files) > 5
    for file in files:
        tree = ast.parse(file.read_text())
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr != "compile"}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not names & forbidden, file.name


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("xe^x", "x * e^x"),
        ("ex", "e * x"),
        ("2ex^2y", "2 * e * x^2 * y"),
        ("pix", "pi * x"),
        ("2piy", "2 * pi * y"),
        ("epi", "e * pi"),
        ("xsin(y)", "x * sin(y)"),
        ("xyexp(x)", "x * y * exp(x)"),
        ("exp(x)", "e^x"),
        ("xπ", "x * pi"),
        ("ax + Bxy", "3 * x + 5 * x * y"),
        ("(x + 1)(y - 1)e", "(x + 1) * (y - 1) * e"),
    ],
)
def test_products_as_school_mathematics_writes_them(short, long):
    constants = {"a": 3.0, "B": 5.0}
    points = np.array([[0.5, 2.0], [-1.25, 0.75]])
    assert_close(parse(short, constants).f(points), parse(long, constants).f(points))


@pytest.mark.parametrize("text", ["foo", "xz", "sinx", "expx", "sine(x)", "b", "x" * 900 + "z"])
def test_letters_that_are_no_product_are_refused(text):
    with pytest.raises(Refusal):
        parse(text)
