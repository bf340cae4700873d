"""axe finds no serious or critical violation, whatever is open."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from serving import until

SECTIONS = ["Optimizer", "Schedule and end", "First weights", "Inputs and noise"]
TUNED = [
    ("Penalty", "Elastic"), ("Gradient clipping", "By norm"), ("Momentum schedule", "In stages"),
    ("Rate schedule", "Warm-up, then cosine"), ("Stop when", "No improvement"), ("Average of weights", "Running"),
    ("First biases", "Constant"),
]  # fmt: skip
"""Choices that have hyperparameters."""

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


DEEP = {"hidden": [8] * 12, "activation": ["relu"] * 12, "batch_norm": ["before"] * 12}


PATIENCE = 10.0
"""Seconds in which what axe objects to may go away by itself."""


def violations(stage):
    """What axe objects to, one line each, when the widgets have had a moment to come in their colours."""
    deadline = time.monotonic() + PATIENCE
    while (found := objections(stage)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def objections(stage):
    """What axe objects to at this moment."""
    found = Axe().run(stage.page).response["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {rule['help']} ({len(rule['nodes'])} times), {rule['nodes'][0]['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


EACH_ONCE = pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", DESKTOP, id="light desktop"),
     pytest.param("dark", PHONE, id="dark phone", marks=pytest.mark.slow)],
)  # fmt: skip
"""Both themes and both widths; the two other pairs of them have the same colours and the same elements."""


@EACH_ONCE
def test_axe_has_no_serious_objection(visit, scheme, viewport):
    stage = visit(viewport=viewport, color_scheme=scheme)
    stage.expect(theme=scheme)
    stage.choose("Optimizer", "Adam")
    # A choice that comes after a refusal takes its sentence away: this one must have come before.
    until(lambda: stage.setting("optimizer") == "adam", "Python knows of Adam")
    stage.set(features=["x2"])
    stage.press("Input x2")
    stage.alert.wait_for()
    stage.open_menu(1)
    stage.menu_select(1, "Activation").select_option("ELU")
    stage.hyperparameter(1, "Alpha").wait_for()
    found = {"with a message and a layer's menu": violations(stage)}
    stage.page.keyboard.press("Escape")
    for title in SECTIONS:
        stage.open_section(title)
    for label, option in TUNED:
        stage.choose(label, option)
    stage.slider("Margin").wait_for()
    found["with all sections and many hyperparameters"] = violations(stage)
    stage.open_menu(2)
    found["with all sections and a layer's menu"] = violations(stage)
    stage.page.keyboard.press("Escape")
    stage.network.focus()
    stage.network.press("Enter")
    found["while editing a weight"] = violations(stage)
    stage.page.keyboard.press("Escape")
    stage.press("Help")
    found["with help"] = violations(stage)
    assert not any(found.values()), found


@EACH_ONCE
def test_axe_has_no_serious_objection_to_what_is_inside(visit, scheme, viewport):
    stage = visit(viewport=viewport, color_scheme=scheme)
    stage.set(initializer="zeros", activation=["relu", "relu"])
    stage.saturation(1).click()
    found = {"with a card about a layer in trouble": violations(stage)}
    stage.page.keyboard.press("Escape")
    stage.press("Check gradients")
    stage.page.get_by_role("dialog", name="Gradient check").wait_for()
    found["with a gradient check"] = violations(stage)
    stage.page.keyboard.press("Escape")
    for picture, option in ("hidden", "Hidden space"), ("landscape", "Loss landscape"):
        stage.pick("Picture", option)
        stage.set(picture=picture, hidden_axes="units")
        found[f"with {option}"] = violations(stage)
    stage.set(**DEEP, layer_detail=2)
    stage.press("Batch norm")
    found["with a strip and a layer in detail"] = violations(stage)
    assert not any(found.values()), found
