"""What is said about an update is what the update did: the explanations work everything out again."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from descent import flat, hyperparameters_of
from dissection import ROSENBROCK, VALLEY, change_of, inputs_of_run, quadratic, typical
from helpers import assert_close, assert_same, case, name_of, pairwise

from engine import OPTIMIZERS
from engine.optimizers.explain import EXPLANATIONS, Overlay, UpdateInput, explain
from engine.optimizers.explain.numbers import powered, setting, shown

every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)

MEMORIES = {  # optimizer state that a line must tell, in the letters of the optimizer state
    "momentum": "v", "momentum_classic": "v", "nesterov": "v", "adagrad": "G", "rmsprop": "v", "adadelta": "uv",
    "adam": "mv", "adamw": "mv", "nadam": "mv", "lion": "m", "delta_bar_delta": "k",
}  # fmt: skip

NUMBER = r"−?(?:[\d.]+(?:e−?\d+)?|∞)"
VECTOR = rf"\({NUMBER}(?:, {NUMBER})+\)"


def vectors(text):
    """Every (a, b) in a text, as floats."""
    return [np.array([number(part) for part in inner[1:-1].split(",")]) for inner in re.findall(VECTOR, text)]


def number(text):
    return float(text.strip().replace("−", "-").replace("∞", "inf"))


def agree(text, value):
    """To three digits."""
    assert_close(text, value, rtol=6e-3)


def halfway(hyperparameter):
    """A value of a hyperparameter that is not its default, inside its range."""
    if hyperparameter.integer:
        return hyperparameter.low
    return (
        (hyperparameter.default * hyperparameter.high) ** 0.5
        if hyperparameter.log
        else 0.5 * hyperparameter.default + 0.25 * hyperparameter.high
    )


def test_every_rule_has_its_explanation():
    assert set(EXPLANATIONS) == set(OPTIMIZERS)


def test_a_rule_without_an_explanation_shows_what_it_did():
    """So that a new optimizer is one entry in one file."""
    entry = replace(OPTIMIZERS["momentum"], name="new", label="New")
    for inputs in typical(entry):
        lines, overlay = explain(entry, inputs)
        assert [line.title for line in lines] == ["Gradient", "Change", "New point"]
        assert_same(change_of(lines), inputs.change)
        assert not any(getattr(overlay, field.name) is not None for field in fields(Overlay))


@every
def test_lines_are_written_for_people(entry):
    for inputs in typical(entry):
        lines, _ = explain(entry, inputs)
        assert 3 <= len(lines) <= 6
        assert [lines[0].title, lines[-1].title] == ["Gradient", "New point"]
        assert [line.role for line in lines].count("change") == 1
        for line in lines:
            assert line.title
            assert len(line.title.split()) <= 4
            assert line.formula
            assert line.numbers
            assert re.fullmatch(r"[A-Z0-9][^\n]{5,110}\.", line.says), line.says
            assert "-" not in line.formula + line.numbers, "a hyphen is no minus"


@pytest.mark.parametrize(
    ("entry", "chosen", "surface"),
    pairwise(OPTIMIZERS.values(), ["default", "halfway", "low"], [VALLEY, ROSENBROCK]),
    ids=name_of,
)
def test_the_lines_arrive_at_the_change_of_the_rule(entry, surface, chosen):
    numbers = {
        hyperparameter.name: {
            "default": hyperparameter.default,
            "halfway": halfway(hyperparameter),
            "low": hyperparameter.low,
        }[chosen]
        for hyperparameter in entry.hyperparameters
    }
    rate = surface.reach.get(entry.name, 0.3 * entry.usual_rate)
    # The matrices of the two that learn them are written as in the papers, whose products lose digits where the
    # valley is a thousand times as steep across as along.
    rtol = 1e-10 if entry.name in ("bfgs", "lbfgs") else 1e-12
    run = inputs_of_run(entry, surface, 12, hyperparameters_of(entry, rate, **numbers), noise=0.1)
    assert run[0].change.any()
    for inputs in run:
        lines, _ = explain(entry, inputs)
        assert np.linalg.norm(change_of(lines) - inputs.change) <= rtol * np.linalg.norm(inputs.change)
        assert_same(lines[0].value, inputs.gradient)


@every
def test_numbers_are_those_of_the_update(entry):
    for inputs in typical(entry):
        lines, _ = explain(entry, inputs)
        (change,) = [line for line in lines if line.role == "change"]
        for text, value in [
            (lines[0].numbers, inputs.gradient), (change.numbers, inputs.change),
            (lines[-1].numbers, inputs.params + inputs.change),
        ]:  # fmt: skip
            agree(vectors(text)[-1], value)
        agree(vectors(lines[-1].numbers)[0], inputs.params)


PYTHON = {"−": "-", "·": "*", "√array(": "sqrt(", "√(": "sqrt(", "²": "**2", "^": "**"}


def equations(text):
    """Both sides of every equation in a text that has numbers alone on the left, the left one worked out."""
    for left, right in re.findall(rf"([^=←]+) = ({VECTOR})(?=$|, \w)", text):
        if not re.search(r"[^\W\de]|\) \(", left):  # letters, or a matrix times a vector
            code = re.sub(VECTOR, lambda found: f"array([{found[0][1:-1]}])", left.strip())
            for sign, python in PYTHON.items():
                code = code.replace(sign, python)
            yield np.array(eval(code, {"array": np.array, "sqrt": np.sqrt})), vectors(right)[0]


@every
def test_the_numbers_add_up_as_they_are_written(entry):
    """Whoever follows the card with a pocket calculator gets the result that it shows, to three digits."""
    told = 0
    for inputs in typical(entry):
        for line in explain(entry, inputs).lines:
            for result, written in equations(line.numbers):
                # Half a unit in the third digit of each number adds up, the more where a sum cancels.
                assert np.abs(result - written).max() <= 0.03 * np.abs(written).max()
                told += 1
    assert told >= 12


def test_lions_blend():
    """Of which the change shows no more than the signs."""
    entry = OPTIMIZERS["lion"]
    for inputs in typical(entry, beta1=0.7):
        (blend,) = [line for line in explain(entry, inputs).lines if line.title == "Blend"]
        agree(vectors(blend.numbers)[-1], 0.7 * inputs.before.m + 0.3 * inputs.gradient)


@pytest.mark.parametrize("name", MEMORIES)
def test_memories_are_told_as_the_rule_keeps_them(name):
    for inputs in typical(OPTIMIZERS[name]):
        lines, _ = explain(OPTIMIZERS[name], inputs)
        told = {}
        for line in lines[:-1]:
            for letter, vector in re.findall(rf"(\w) ← [^=]*= ({VECTOR})", line.numbers):
                told[letter] = vectors(vector)[0]
        assert sorted(told) == sorted(MEMORIES[name])
        for letter, vector in told.items():
            agree(vector, getattr(inputs.after, letter))


@every
def test_any_number_of_parameters(entry):
    for size in (1, 2, 3, 4):
        for inputs in typical(entry, 4, quadratic(size)):
            with case(size):
                assert_explains(entry, inputs, size)


def assert_explains(entry, inputs, size):
    lines, overlay = explain(entry, inputs)
    assert_close(change_of(lines), inputs.change)
    assert all(line.value is None or line.value.shape == (size,) for line in lines)
    for arrow in (overlay.velocity, overlay.home, overlay.rates):
        assert arrow is None or arrow.shape == (size,)
    assert overlay.model is None or overlay.model.shape == (size, size)


@every
def test_nothing_warns_where_numbers_overflow(entry):
    """NumPy's errors are raised in these tests."""
    for gradient in (0.0, 1e200, -1e308, np.nan, np.inf):
        with case(gradient):
            explain_without_a_warning(entry, gradient)


def explain_without_a_warning(entry, gradient):
    params = np.ones(2)
    slope, optimizer_state, hyperparameters = np.full(2, gradient), entry.init(params), hyperparameters_of(entry)
    with np.errstate(all="ignore"):
        change, after = entry.update(
            slope, optimizer_state, params, 0, hyperparameters, *([flat(params)] if entry.probes else [])
        )
    for before in (optimizer_state, after):
        inputs = UpdateInput(slope, before, after, params, change, 0, hyperparameters, 1.0, np.full((2, 2), gradient))
        lines, _ = explain(entry, inputs)
        assert all(line.numbers for line in lines)


def test_small_changes_of_large_parameters_are_seen():
    entry = OPTIMIZERS["sgd"]
    (inputs,) = inputs_of_run(entry, VALLEY, 1, hyperparameters_of(entry, 1e-4), start=(12.5, 0.0))
    assert explain(entry, inputs).lines[-1].numbers == "w ← (12.5, 0) + (−0.000125, 0) = (12.499875, 0)"


@every
def test_is_pure(entry):
    *_, inputs = typical(entry)
    arrays = [inputs.gradient, inputs.params, inputs.change, inputs.hessian, *inputs.before, *inputs.after]
    for array in arrays:
        array.flags.writeable = False
    first, again = explain(entry, inputs), explain(entry, inputs)
    assert [line.numbers for line in first.lines] == [line.numbers for line in again.lines]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1, "1"), (-3.0, "−3"), (0.03125, "0.0312"), (0.1 + 0.2, "0.3"), (24.25, "24.2"),
        (-215.6, "−216"), (999.9, "1000"), (24217.0, "24200"), (123456.0, "1.23e5"), (-1.234e-5, "−1.23e−5"),
        (1.2e-4, "0.00012"), (1e-12, "1e−12"), (6.02e23, "6.02e23"), (np.nan, "nan"), (-np.inf, "−∞"),
        (np.array([1.21, -0.25]), "(1.21, −0.25)"), (np.array([7.0]), "(7)"), (np.eye(2), "((1, 0), (0, 1))"),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_for_people(value, text):
    assert shown(value) == text


def test_hyperparameters_keep_a_digit_more():
    assert [setting(0.9999), setting(0.001), setting(1.0 - 0.9999), powered(0.999, 12.0)] == [
        "0.9999",
        "0.001",
        "0.0001",
        "0.999^12",
    ]
