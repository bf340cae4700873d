"""The racers: their settings, what becomes of them, and what is seen of the inside of their rules."""

from __future__ import annotations

import math
import re

from playwright.sync_api import expect
from serving import until

from engine import SURFACES

ADAM = (47, 143, 224)
"""Adam's colour."""


def color(row):
    """The colour of a racer, by its row."""
    return row.evaluate("(row) => row.style.getPropertyValue('--c')")


def test_a_rate_changes_while_it_plays(race):
    race.press("Play")
    race.wait_for_step(20)
    race.open_menu(2)
    before, generation = race.curves(), race.generation
    assert len(before[1][1]) > 10
    race.set_rate(2, 0.0005)
    expect(race.racer(2)).to_contain_text("lr 0.0005")
    changed = race.step
    race.wait_for_step(changed + 15)
    race.expect(status="playing", generation=generation)
    race.press("Pause")
    race.expect(status="paused")
    until(lambda: len(race.curves()[0][1]) == race.known + 1, "the chart is drawn to the end")
    for (_, old), (_, new) in zip(before, race.curves(), strict=True):
        assert new[: len(old)] == old, "what was is as it was"

    race.open_menu(2)
    race.hyperparameter(2, "Momentum").fill("0.5")
    race.hyperparameter(2, "Momentum").press("Enter")
    expect(race.racer(2)).to_contain_text("momentum 0.5")
    race.menu_select(2, "Schedule").select_option(label="Step")
    race.hyperparameter(2, "Every").fill("7")
    race.hyperparameter(2, "Every").press("Enter")
    expect(race.racer(2)).to_contain_text("· step")
    race.menu_select(2, "Annealing").select_option(label="In stages")
    expect(race.racer(2)).to_contain_text("· annealed")
    chosen = {"learning_rate": 0.0005, "hyperparameters": {"momentum": 0.5}, "schedule_params": {"every": 7}}
    until(lambda: chosen.items() <= race.setting("racers")[1].items(), "the server knows of it")
    race.expect(generation=generation)

    race.menu_select(2, "Rule").select_option(label="Newton")
    expect(race.racer(2)).to_contain_text("Newton")
    race.expect(generation=generation + 1)
    expect(race.hyperparameter(2, "Damping")).to_be_visible()
    expect(race.menu_select(2, "Annealing")).not_to_be_visible()


def test_racers_come_go_and_hide(race):
    race.page.mouse.click(*race.place(0.25, 0.25))
    race.expect(step=300, known=300)
    expect_curves_of_each_racer(race)
    adam = race.page.get_by_role("checkbox", name="Show racer 6, Adam")
    until(lambda: race.painted(race.map, ADAM) > 50, "Adam's path is on the map")
    adam.click()
    until(lambda: race.painted(race.map, ADAM) < 5, "it is not")
    until(lambda: [label for label, _ in race.curves()][-1] == "RMSProp", "nor is its curve")
    adam.click()
    until(lambda: race.painted(race.map, ADAM) > 50, "it is again")
    until(lambda: len(race.curves()) == 6, "and its curve")
    race.expect(step=300, known=300)

    rate = SURFACES["beale"].rates["adam"]
    race.button("Copy racer 6, Adam").click()
    expect(race.racers).to_have_count(7)
    expect(race.racer(7)).to_contain_text(f"lr {0.3 * rate:.2g} ")
    assert color(race.racer(6)) != color(race.racer(7))
    until(lambda: [label for label, _ in race.curves()][-2:] == ["Adam", "Adam"], "both have a curve")
    last = race.curves()[-2:]
    assert last[0][1] != last[1][1]

    race.button("Remove racer 1, SGD").click()
    expect(race.racers).to_have_count(6)
    expect(race.racer(1)).to_contain_text("Momentum")
    add = race.button("+ Add")
    for count in range(7, 13):
        add.click()
        expect(race.racers).to_have_count(count)
    expect(add).to_have_attribute("aria-disabled", "true")
    add.click(force=True)
    expect(race.page.get_by_text("12 of 12", exact=True)).to_be_visible()
    until(lambda: len(race.curves()) == 12, "there are twelve curves")
    expect(race.racers).to_have_count(12)
    assert len({color(race.racer(number)) for number in range(1, 13)}) == 12


def expect_curves_of_each_racer(race):
    """Of all steps, and others behind each tab."""
    names = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]
    wanted = [(name, 301) for name in names]
    until(lambda: [(label, len(heights)) for label, heights in race.curves()] == wanted, "each racer has a curve")
    seen = [race.curves()]
    for tab in "Step length", "Distance", "Loss":
        race.tab(tab).click()
        expect(race.tab(tab)).to_have_attribute("aria-selected", "true")
        until(lambda: race.curves() != seen[-1], f"{tab} is drawn")
        seen.append(race.curves())
    loss, length, distance, again = ([heights for _, heights in curves] for curves in seen)
    assert again == loss
    assert all(heights[0] is None and heights[1] > 0 for heights in length), "no step leads to the start"
    first = math.dist(race.start, SURFACES["beale"].minima[0])
    assert all(abs(heights[0] - first) < 1e-3 for heights in distance)


def test_the_best_rates_are_found_and_too_large_ones_lead_off_the_map(race):
    race.press("Best rate for each")
    sweeps = race.root.locator("canvas.sweep")
    expect(sweeps.first).to_be_visible(timeout=30_000)
    for number in range(1, 7):
        expect(sweeps.nth(number - 1)).to_be_visible()
        words = sweeps.nth(number - 1).get_attribute("aria-label")
        best = re.fullmatch(r"Best of 40 learning rates: ([\d.e-]+)\.", words)[1]
        expect(race.racer(number)).to_contain_text(f"lr {best}")
    race.expect(step=300, known=300, status="paused")
    winner = race.root.locator(".racer.winner")
    expect(winner).to_have_count(1)
    expect(winner.locator(".fate")).to_have_text(re.compile(r"^★ \d+ steps?$"))
    race.scrubber.fill("0")
    race.expect(step=0, known=300)
    expect(winner).to_have_count(0)

    race.open_menu(1)
    race.set_rate(1, 1000)
    expect(race.racer(1)).to_contain_text("lr 1000")
    race.page.keyboard.press("Escape")
    race.take_step(1)
    expect(race.racer(1).locator(".fate")).to_have_text("left the map at step 1")
    losses = [race.loss(number) for number in range(1, 7)]
    race.race(10)
    until(lambda: all(race.loss(number) != losses[number - 1] for number in range(2, 7)), "the others go on")
    assert race.loss(1) == losses[0]
    expect(race.root.locator(".racer.ended")).to_have_count(1)


def test_what_goes_on_inside_is_drawn_and_written_out(race):
    race.open_menu(1)
    race.menu_select(1, "Rule").select_option(label="Newton")
    expect(race.racer(1)).to_contain_text("Newton")
    race.page.keyboard.press("Escape")
    race.take_step(1)
    race.take_step(2)
    race.page.mouse.move(1, 1)
    for label in "Gradient", "Velocity", "Look-ahead", "Rates", "Model":
        before = race.picture(race.map)
        race.expect_change(race.map, lambda label=label: race.toggle(label))
        race.toggle(label)
        until(lambda before=before: race.picture(race.map) == before, f"without {label} it is as before")

    expect(race.card).not_to_be_visible()
    race.tab("Step by step").click()
    expect(race.card).to_contain_text("Newton: step 2 to 3")
    expect(race.chart).not_to_be_visible()
    race.open_card(6, "Adam")
    expect_to_go_through_the_update_phase_by_phase(race)
    race.press("Close the update")
    expect(race.card).not_to_be_visible()
    expect(race.chart).to_be_visible()
    expect(race.tab("Loss")).to_have_attribute("aria-selected", "true")


def expect_to_go_through_the_update_phase_by_phase(race):
    """Adam's third; the last press makes the step."""
    phases, now = race.card.get_by_role("listitem"), race.card.locator("li.now")
    expect(race.card).to_contain_text("Adam: step 2 to 3")
    expect(phases).to_have_count(6)
    expect(now).to_have_count(0)
    for phase in phases.all():
        race.press("Next phase")
        expect(phase).to_have_class("now")
        expect(now).to_have_count(1)
    race.expect(step=2, known=2)
    numbers = race.card.locator("code").all_inner_texts()
    race.press("Make the step")
    race.expect(step=3, known=3)
    expect(race.card).to_contain_text("Adam: step 3 to 4")
    expect(phases.first).to_have_class("now")
    assert race.card.locator("code").all_inner_texts() != numbers
