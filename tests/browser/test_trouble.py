"""What must not break the page: divergence, hidden tabs, lost servers, several tabs, hostile browsers."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect
from serving import until

from browser.stage import Stage

HOLD_FRAMES = """() => {
    window.held = [];
    window.realFrame = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => window.held.push(callback);
    return new Promise((done) => realFrame(() => realFrame(done)));
}"""
"""What the browser does to a tab that nobody sees: no more animation frames."""

RELEASE_FRAMES = """() => {
    window.requestAnimationFrame = window.realFrame;
    window.held.forEach((callback) => requestAnimationFrame(callback));
}"""

GARBAGE = [
    None, 7, "play", [], {}, {"type": None}, {"type": []}, {"type": {"a": 1}}, {"type": "explode"},
    {"type": "ack"}, {"type": "ack", "seq": "many"}, {"type": "ack", "seq": None}, {"type": "ack", "seq": 1e300},
    {"type": "set"}, {"type": "set", "values": 7}, {"type": "set", "values": "hidden"}, {"type": "set", "values": None},
    {"type": "set", "values": {"nothing": 1}}, {"type": "set", "values": {"hidden": "many"}},
    {"type": "set", "values": {"hidden": [10**9]}}, {"type": "set", "values": {"hidden": [[4]]}},
    {"type": "set", "values": {"hidden": [2.5]}}, {"type": "set", "values": {"hidden": None}},
    {"type": "set", "values": {"activation": [{}]}}, {"type": "set", "values": {"activation": ["no such"] * 2}},
    {"type": "set", "values": {"features": []}}, {"type": "set", "values": {"features": [None]}},
    {"type": "set", "values": {"learning_rate": "fast"}}, {"type": "set", "values": {"learning_rate": -1}},
    {"type": "set", "values": {"learning_rate": 1e400}}, {"type": "set", "values": {"samples": 10**9}},
    {"type": "set", "values": {"dataset": {}}}, {"type": "set", "values": {"optimizer_params": 7}},
    {"type": "set", "values": {"optimizer": []}}, {"type": "set", "values": {"dark": "yes"}},
    {"type": "edit"}, {"type": "edit", "kind": "link", "layer": 99, "i": 0, "j": 0, "value": 1},
    {"type": "edit", "kind": "link", "layer": 1, "i": 0, "j": 0, "value": "large"},
    {"type": "edit", "kind": "bias", "layer": 1, "i": -5, "j": 0, "value": 1},
    {"type": "edit", "kind": "bias", "layer": 1, "i": 0, "j": 0, "value": None},
    {"type": "edit", "kind": "bias", "layer": 1, "i": 0, "j": 0, "value": 1e400},
    {"type": "focus"}, {"type": "focus", "kind": "all", "layer": 1, "i": 0, "j": 0},
    {"type": "focus", "kind": "unit", "layer": 1e12, "i": 0, "j": 0},
    {"type": "focus", "kind": "link", "layer": [1], "i": {}, "j": "x"},
    {"type": "focus", "kind": [], "layer": 1, "i": 0, "j": 0},
    {"type": "watch"}, {"type": "watch", "layer": 99}, {"type": "watch", "layer": "one"},
    {"type": "set", "values": {"activation_params": [7, 7]}}, {"type": "set", "values": {"activation_params": None}},
    {"type": "set", "values": {"activation_params": [{"alpha": 1e99}, {}]}},
    {"type": "set", "values": {"batch_norm": "both"}}, {"type": "set", "values": {"view": {}}},
    {"type": "set", "values": {"loss": "hinge", "dataset": "plane"}},
    {"type": "ready", "restore": 7}, {"type": "ready", "restore": {"dataset": "no such"}},
    {"type": "x" * 100_000},
]  # fmt: skip


def test_divergence_is_said_and_ends_with_reset(stage):
    stage.choose("Dataset", "Plane")
    stage.choose("Loss", "Squared error")
    stage.choose("Activation", "ReLU")
    stage.choose("Learning rate", "10")
    stage.choose("Speed", "as fast as it goes")
    stage.press("Play")
    stage.expect(status="diverged")
    expect(stage.alert).to_contain_text(re.compile(r"step [\d,]*\d"))
    expect(stage.alert).to_contain_text("learning rate 10")
    expect(stage.button("Play")).to_be_visible()
    assert re.search(r"\d", stage.root.get_attribute("data-train-loss")), "the picture is the last good one"
    assert len({stage.color(stage.map, x, 150) for x in range(2, 290, 6)}) > 1, "the map is not blank"

    stage.press("Reset")
    stage.expect(step=0, status="paused")
    expect(stage.alert).to_have_count(0)
    stage.choose("Learning rate", "0.03")
    stage.train(50)


def test_a_hidden_tab_pauses_and_resumes(stage):
    """At 1,000 steps a second; without a pause 4 hidden seconds would be 4,000 steps."""
    stage.press("Play")
    stage.wait_for_step(50)
    stage.page.evaluate(HOLD_FRAMES)
    hidden = stage.step
    time.sleep(4)
    assert stage.step == hidden
    stage.page.evaluate(RELEASE_FRAMES)
    stage.wait_for_step(hidden + 200)
    back = stage.step
    assert back < hidden + 3000
    stage.wait_for_step(back + 100)
    stage.expect(status="playing")


def test_comes_back_with_its_settings_when_the_server_does(visit, own_server, watch):
    watch.expect("WebSocket|ERR_CONNECTION|Lost websocket|bokeh")
    stage = visit(own_server.url)
    stage.page.get_by_role("radio", name="Spiral").click()
    stage.press("Add a hidden layer")
    stage.choose("Learning rate", "0.1")
    stage.open_menu(1)
    stage.menu_select(1, "Activation").select_option("ELU")
    stage.hyperparameter(1, "Alpha").fill("2.5")
    stage.hyperparameter(1, "Alpha").press("Enter")
    stage.menu_select(1, "Batch norm").select_option("after")
    stage.page.keyboard.press("Escape")
    stage.choose("Optimizer", "Adam")
    stage.slide("Beta 1", "Home")
    stage.choose("Gradient clipping", "By value")
    stage.open_section("Schedule and end")
    stage.choose("Stop when", "Target loss")
    stage.choose("Target", "0")
    stage.page.get_by_label("View").select_option("Training")
    until(lambda: stage.setting("view") == "train", "the server knows the view")
    kept = stage.page.evaluate("window.lastScene.settings")
    stage.press("Play")
    stage.wait_for_step(100)

    own_server.stop()
    expect(stage.page.get_by_text("The server is gone")).to_be_visible()
    own_server.start()
    expect(stage.page.get_by_text("The server is gone")).to_have_count(0, timeout=60_000)
    stage.settle()
    expect(stage.page.get_by_text("3 hidden layers")).to_be_visible()
    stage.expect(step=0, status="paused")
    stage.expect_chosen("Dataset", "Spiral")
    stage.expect_chosen("Learning rate", "0.1")
    expect(stage.chip(1)).to_have_text("ELU · BN after")
    for label, option in ("Gradient clipping", "By value"), ("Stop when", "Target loss"), ("Target", "0"):
        stage.expect_chosen(label, option)
    expect(stage.slider("Beta 1")).to_have_value("0")
    expect(stage.page.get_by_label("View").locator("option:checked")).to_have_text("Training")
    stage.open_menu(1)
    expect(stage.hyperparameter(1, "Alpha")).to_have_value("2.5")
    stage.page.keyboard.press("Escape")
    stage.take_step(1)
    stage.choose("Speed", "3,000 steps/s")
    until(lambda: stage.setting("speed") == 3000, "the server has said something")
    assert stage.page.evaluate("window.lastScene.settings") == {**kept, "speed": 3000}


@pytest.mark.slow
def test_tabs_are_independent(stage, server):
    other = Stage(stage.page.context.new_page()).open(server.url)
    stage.press("Play")
    stage.wait_for_step(100)
    other.choose("Dataset", "XOR")
    other.take_step(1)
    other.expect(status="paused")
    stage.expect(status="playing")
    stage.expect_chosen("Dataset", "Circle")


def test_a_reloaded_page_is_a_fresh_one(stage):
    start = stage.losses
    stage.choose("Speed", "as fast as it goes")
    stage.press("Play")
    stage.wait_for_step(1000)
    stage.reload()
    stage.expect(step=0, status="paused")
    assert stage.losses == start
    stage.expect_chosen("Speed", "1,000 steps/s")
    assert stage.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []
    stage.take_step(1)


def test_garbage_does_no_harm(stage):
    for message in GARBAGE:
        stage.send(message)
    stage.take_step(1)
    stage.train(50)
    stage.choose("Dataset", "XOR")
    stage.expect(step=0)
    stage.take_step(1)
