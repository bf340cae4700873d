"""The two pages of a window: the way between them, what goes on behind, and what they know of each other."""

from __future__ import annotations

import time

from playwright.sync_api import expect
from serving import until

from browser.arena import Arena


def test_a_page_behind_another_pauses_and_both_have_one_theme(stage):
    """At 1,000 steps a second; without a pause 4 hidden seconds would be 4,000 steps."""
    stage.press("Play")
    stage.wait_for_step(50)
    stage.press("Optimizers")
    left = time.monotonic()
    arena = Arena(stage.page).settle()
    hidden = stage.step
    expect(stage.root).not_to_be_visible()
    assert "page=optimizers" in arena.page.url
    arena.expect(step=0, status="paused", theme="light")
    arena.press("Dark mode")
    arena.expect(theme="dark")
    arena.race(10)
    raced = arena.step + 1
    arena.page.keyboard.press("ArrowRight")
    arena.expect(step=raced)
    time.sleep(max(0.0, left + 4 - time.monotonic()))
    assert stage.step == hidden

    arena.press("Network")
    stage.expect(status="playing", theme="dark")
    until(lambda: stage.step > hidden, "it goes on by itself")
    back = stage.step
    assert back < hidden + 3000
    assert "page=network" in stage.page.url
    expect(arena.root).not_to_be_visible()
    stage.wait_for_step(back + 100)
    stage.page.keyboard.press("Space")
    stage.expect(status="paused")

    stage.press("Optimizers")
    arena.expect(theme="dark", step=raced, status="paused")
    arena.press("Play")
    arena.wait_for_step(raced + 10)
    arena.reload()
    arena.expect(step=0, known=0, status="paused", theme="dark")
    expect(stage.root).to_have_count(0)
    arena.take_step(1)
    arena.press("Network")
    stage.settle().expect(step=0, status="paused", theme="dark")


def test_every_racer_trains_the_network_of_the_other_page(stage):
    stage.press("Add a hidden layer")
    expect(stage.page.get_by_text("3 hidden layers", exact=True)).to_be_visible()
    stage.expect(step=0)
    first = stage.losses[0]
    stage.take_step(1)
    stage.press("Race optimizers")
    arena = Arena(stage.page).settle()
    arena.expect_chosen("Surface", "Your network")
    expect(arena.formula).to_have_text("Your network")
    expect(arena.map).not_to_be_visible()
    arena.expect(step=0, status="paused")
    losses = [arena.loss(number) for number in range(1, 7)]
    assert losses == [float(f"{first:.3g}")] * 6
    arena.choose("Speed", "1,000 steps/s")
    arena.race(100)
    until(lambda: all(arena.loss(number) < losses[0] for number in range(1, 7)), "the losses of all racers fall")
    until(lambda: len(arena.curves()) == 6, "each has a curve")
    curves = [heights for _, heights in arena.curves()]
    assert {f"{heights[0]:.3g}" for heights in curves} == {f"{losses[0]:.3g}"}
    assert len({heights[-1] for heights in curves}) == 6

    arena.press("Reset")
    arena.expect(step=0)
    until(lambda: [arena.loss(number) for number in range(1, 7)] == losses, "the race begins anew")
    arena.choose("Surface", "Beale")
    expect(arena.map).to_be_visible()
    arena.take_step(1)


def test_tabs_are_independent(arena):
    arena.press("Play")
    other = Arena(arena.page.context.new_page()).open(arena.page.url)
    other.expect(step=0, status="paused")
    other.choose("Surface", "Rosenbrock")
    other.take_step(1)
    other.expect(step=1, status="paused")
    arena.expect(status="playing")
    arena.expect_chosen("Surface", "Beale")
    arena.wait_for_step(arena.step + 5)
