"""axe finds no serious or critical violation, whatever is open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def violations(stage):
    """What axe objects to, one line each."""
    found = Axe().run(stage.page).response["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {rule['help']} ({len(rule['nodes'])} times), {rule['nodes'][0]['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_serious_objection(visit, scheme, viewport):
    stage = visit(viewport=viewport, color_scheme=scheme)
    stage.expect(theme=scheme)
    stage.choose("Optimizer", "Adam")
    stage.press("Input x1", "Input x2")
    stage.alert.wait_for()
    stage.chip(1).click()
    found = {"with a message and a layer's menu": violations(stage)}
    stage.page.keyboard.press("Escape")
    stage.network.focus()
    stage.network.press("Enter")
    found["while editing a weight"] = violations(stage)
    stage.page.keyboard.press("Escape")
    stage.press("Help")
    found["with help"] = violations(stage)
    assert not any(found.values()), found
