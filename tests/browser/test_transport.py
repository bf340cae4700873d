"""Play, pause, step, reset, speed, and the keys that do the same."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect
from serving import until


def test_play_trains_until_pause_and_step_makes_one_step(stage):
    stage.press("Play")
    expect(stage.button("Pause")).to_be_visible()
    expect(stage.button("Play")).to_have_count(0)
    stage.expect(status="playing")
    stage.wait_for_step(50)
    stage.press("Pause")
    stage.expect(status="paused")
    expect(stage.button("Play")).to_be_visible()
    stopped = stage.step
    for step in 1, 2, 3:
        stage.take_step(stopped + step)
    stage.expect(status="paused")


def test_reset_returns_to_the_same_start_and_a_new_seed_leads_to_another(stage):
    first = stage.losses
    expect_reset_to_lead_to(stage, first)
    stage.press("New seed")
    until(lambda: stage.losses != first, "the losses are others")
    stage.expect(step=0)
    expect_reset_to_lead_to(stage, stage.losses)


def expect_reset_to_lead_to(stage, start):
    stage.train(100)
    assert stage.losses != start
    stage.press("Reset")
    stage.expect(step=0, epoch=0, status="paused")
    assert stage.losses == start


def test_learns_the_circle_and_shows_it(stage):
    before = stage.picture(stage.map), stage.picture(stage.network)
    stage.choose("Speed", "as fast as it goes")
    stage.train(5000)
    after = stage.picture(stage.map), stage.picture(stage.network)
    assert all(new != old for new, old in zip(after, before, strict=True))
    expect_numbers_on_the_screen(stage)
    expect(stage.readout("Accuracy")).to_have_text(re.compile(r"^(9[5-9]\.\d|100\.0)%$"))


def expect_numbers_on_the_screen(stage):
    """Those that scripts read are those that people read."""
    expect(stage.page.get_by_text(f"step {stage.step:,}", exact=True)).to_be_visible()
    expect(stage.page.get_by_text(f"{int(stage.number('epoch')):07,}", exact=True)).to_be_visible()
    train, test = stage.losses
    expect(stage.readout("Train loss")).to_have_text(f"{train:.3f}")
    expect(stage.readout("Test loss")).to_have_text(f"{test:.3f}")


@pytest.mark.slow
def test_speed_is_kept(stage):
    stage.choose("Speed", "5 steps/s")
    stage.press("Play")
    stage.wait_for_step(1)
    start = time.monotonic()
    stage.wait_for_step(9)
    assert time.monotonic() - start > 8 / 5 - 0.3


def test_keys_play_step_and_reset(stage):
    keyboard = stage.page.keyboard
    keyboard.press("Space")
    stage.expect(status="playing")
    stage.wait_for_step(10)
    keyboard.press("Space")
    stage.expect(status="paused")
    stopped = stage.step
    keyboard.press("ArrowRight")
    stage.expect(step=stopped + 1)
    keyboard.press("r")
    stage.expect(step=0)


@pytest.mark.slow
def test_keys_do_not_work_twice(stage):
    """Neither the space bar on a button that was clicked, nor any key in an input that needs it."""
    stage.press("Play")
    stage.expect(status="playing")
    stage.page.keyboard.press("Space")
    stage.expect(status="paused")
    stopped = stage.step
    seed = stage.page.get_by_role("textbox", name="Seed")
    for key in "Space", "ArrowRight", "r":
        seed.press(key)
    stage.select("Optimizer").press("ArrowRight")
    seed.focus()
    stage.slider("Noise").focus()
    stage.take_step(stopped + 1)
    stage.expect(status="paused")
