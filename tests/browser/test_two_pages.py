"""The two pages of a window: the way between them, what goes on behind, and what they know of each other."""

from __future__ import annotations

import time

from playwright.sync_api import expect
from serving import until

from browser.race import RacePage


def test_a_page_behind_another_pauses_and_both_have_one_theme(stage):
    """At 1,000 steps a second; without a pause 4 hidden seconds would be 4,000 steps."""
    stage.press("Play")
    stage.wait_for_step(50)
    stage.press("Optimizers")
    left = time.monotonic()
    race = RacePage(stage.page).settle()
    hidden = stage.step
    expect(stage.root).not_to_be_visible()
    assert "page=optimizers" in race.page.url
    race.expect(step=0, status="paused", theme="light")
    race.press("Dark mode")
    race.expect(theme="dark")
    race.race(10)
    raced = race.step + 1
    race.page.keyboard.press("ArrowRight")
    race.expect(step=raced)
    time.sleep(max(0.0, left + 4 - time.monotonic()))
    assert stage.step == hidden

    race.press("Network")
    stage.expect(status="playing", theme="dark")
    until(lambda: stage.step > hidden, "it goes on by itself")
    back = stage.step
    assert back < hidden + 3000
    assert "page=network" in stage.page.url
    expect(race.root).not_to_be_visible()
    stage.wait_for_step(back + 100)
    stage.page.keyboard.press("Space")
    stage.expect(status="paused")

    stage.press("Optimizers")
    race.expect(theme="dark", step=raced, status="paused")
    race.press("Play")
    race.wait_for_step(raced + 10)
    race.reload()
    race.expect(step=0, known=0, status="paused", theme="dark")
    expect(stage.root).to_have_count(0)
    race.take_step(1)
    race.press("Network")
    stage.settle().expect(step=0, status="paused", theme="dark")


def test_every_racer_trains_the_network_of_the_other_page(stage):
    stage.press("Add a hidden layer")
    expect(stage.page.get_by_text("3 hidden layers", exact=True)).to_be_visible()
    stage.expect(step=0)
    first = stage.losses[0]
    stage.take_step(1)
    stage.press("Race optimizers")
    race = RacePage(stage.page).settle()
    race.expect_chosen("Surface", "Your network")
    expect(race.formula).to_have_text("Your network")
    expect(race.map).not_to_be_visible()
    race.expect(step=0, status="paused")
    losses = [race.loss(number) for number in range(1, 7)]
    assert losses == [float(f"{first:.3g}")] * 6
    race.choose("Speed", "1,000 steps/s")
    race.race(100)
    until(lambda: all(race.loss(number) < losses[0] for number in range(1, 7)), "the losses of all racers fall")
    until(lambda: len(race.curves()) == 6, "each has a curve")
    curves = [heights for _, heights in race.curves()]
    assert {f"{heights[0]:.3g}" for heights in curves} == {f"{losses[0]:.3g}"}
    assert len({heights[-1] for heights in curves}) == 6

    race.press("Reset")
    race.expect(step=0)
    until(lambda: [race.loss(number) for number in range(1, 7)] == losses, "the race begins anew")
    race.choose("Surface", "Beale")
    expect(race.map).to_be_visible()
    race.take_step(1)


def test_tabs_are_independent(race):
    race.press("Play")
    other = RacePage(race.page.context.new_page()).open(race.page.url)
    other.expect(step=0, status="paused")
    other.choose("Surface", "Rosenbrock")
    other.take_step(1)
    other.expect(step=1, status="paused")
    race.expect(status="playing")
    race.expect_chosen("Surface", "Beale")
    race.wait_for_step(race.step + 5)
