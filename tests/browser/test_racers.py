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


def test_a_rate_changes_while_it_plays(arena):
    arena.press("Play")
    arena.wait_for_step(20)
    arena.open_menu(2)
    before, generation = arena.curves(), arena.generation
    assert len(before[1][1]) > 10
    arena.set_rate(2, 0.0005)
    expect(arena.racer(2)).to_contain_text("lr 0.0005")
    changed = arena.step
    arena.wait_for_step(changed + 15)
    arena.expect(status="playing", generation=generation)
    arena.press("Pause")
    arena.expect(status="paused")
    until(lambda: len(arena.curves()[0][1]) == arena.known + 1, "the chart is drawn to the end")
    for (_, old), (_, new) in zip(before, arena.curves(), strict=True):
        assert new[: len(old)] == old, "what was is as it was"

    arena.open_menu(2)
    arena.hyperparameter(2, "Momentum").fill("0.5")
    arena.hyperparameter(2, "Momentum").press("Enter")
    expect(arena.racer(2)).to_contain_text("momentum 0.5")
    arena.menu_select(2, "Schedule").select_option(label="Step")
    arena.hyperparameter(2, "Every").fill("7")
    arena.hyperparameter(2, "Every").press("Enter")
    expect(arena.racer(2)).to_contain_text("· step")
    arena.menu_select(2, "Annealing").select_option(label="In stages")
    expect(arena.racer(2)).to_contain_text("· annealed")
    chosen = {"learning_rate": 0.0005, "hyperparameters": {"momentum": 0.5}, "schedule_params": {"every": 7}}
    until(lambda: chosen.items() <= arena.setting("racers")[1].items(), "the server knows of it")
    arena.expect(generation=generation)

    arena.menu_select(2, "Rule").select_option(label="Newton")
    expect(arena.racer(2)).to_contain_text("Newton")
    arena.expect(generation=generation + 1)
    expect(arena.hyperparameter(2, "Damping")).to_be_visible()
    expect(arena.menu_select(2, "Annealing")).not_to_be_visible()


def test_racers_come_go_and_hide(arena):
    arena.page.mouse.click(*arena.place(0.25, 0.25))
    arena.expect(step=300, known=300)
    expect_curves_of_each_racer(arena)
    adam = arena.page.get_by_role("checkbox", name="Show racer 6, Adam")
    until(lambda: arena.painted(arena.map, ADAM) > 50, "Adam's path is on the map")
    adam.click()
    until(lambda: arena.painted(arena.map, ADAM) < 5, "it is not")
    until(lambda: [label for label, _ in arena.curves()][-1] == "RMSProp", "nor is its curve")
    adam.click()
    until(lambda: arena.painted(arena.map, ADAM) > 50, "it is again")
    until(lambda: len(arena.curves()) == 6, "and its curve")
    arena.expect(step=300, known=300)

    rate = SURFACES["beale"].rates["adam"]
    arena.button("Copy racer 6, Adam").click()
    expect(arena.racers).to_have_count(7)
    expect(arena.racer(7)).to_contain_text(f"lr {0.3 * rate:.2g} ")
    assert color(arena.racer(6)) != color(arena.racer(7))
    until(lambda: [label for label, _ in arena.curves()][-2:] == ["Adam", "Adam"], "both have a curve")
    last = arena.curves()[-2:]
    assert last[0][1] != last[1][1]

    arena.button("Remove racer 1, SGD").click()
    expect(arena.racers).to_have_count(6)
    expect(arena.racer(1)).to_contain_text("Momentum")
    add = arena.button("+ Add")
    for count in range(7, 13):
        add.click()
        expect(arena.racers).to_have_count(count)
    expect(add).to_have_attribute("aria-disabled", "true")
    add.click(force=True)
    expect(arena.page.get_by_text("12 of 12", exact=True)).to_be_visible()
    until(lambda: len(arena.curves()) == 12, "there are twelve curves")
    expect(arena.racers).to_have_count(12)
    assert len({color(arena.racer(number)) for number in range(1, 13)}) == 12


def expect_curves_of_each_racer(arena):
    """Of all steps, and others behind each tab."""
    names = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]
    wanted = [(name, 301) for name in names]
    until(lambda: [(label, len(heights)) for label, heights in arena.curves()] == wanted, "each racer has a curve")
    seen = [arena.curves()]
    for tab in "Step length", "Distance", "Loss":
        arena.tab(tab).click()
        expect(arena.tab(tab)).to_have_attribute("aria-selected", "true")
        until(lambda: arena.curves() != seen[-1], f"{tab} is drawn")
        seen.append(arena.curves())
    loss, length, distance, again = ([heights for _, heights in curves] for curves in seen)
    assert again == loss
    assert all(heights[0] is None and heights[1] > 0 for heights in length), "no step leads to the start"
    first = math.dist(arena.start, SURFACES["beale"].minima[0])
    assert all(abs(heights[0] - first) < 1e-3 for heights in distance)


def test_the_best_rates_are_found_and_too_large_ones_lead_off_the_map(arena):
    arena.press("Best rate for each")
    sweeps = arena.root.locator("canvas.sweep")
    expect(sweeps.first).to_be_visible(timeout=30_000)
    for number in range(1, 7):
        expect(sweeps.nth(number - 1)).to_be_visible()
        words = sweeps.nth(number - 1).get_attribute("aria-label")
        best = re.fullmatch(r"Best of 40 learning rates: ([\d.e-]+)\.", words)[1]
        expect(arena.racer(number)).to_contain_text(f"lr {best}")
    arena.expect(step=300, known=300, status="paused")
    winner = arena.root.locator(".racer.winner")
    expect(winner).to_have_count(1)
    expect(winner.locator(".fate")).to_have_text(re.compile(r"^★ \d+ steps?$"))
    arena.scrubber.fill("0")
    arena.expect(step=0, known=300)
    expect(winner).to_have_count(0)

    arena.open_menu(1)
    arena.set_rate(1, 1000)
    expect(arena.racer(1)).to_contain_text("lr 1000")
    arena.page.keyboard.press("Escape")
    arena.take_step(1)
    expect(arena.racer(1).locator(".fate")).to_have_text("left the map at step 1")
    losses = [arena.loss(number) for number in range(1, 7)]
    arena.race(10)
    until(lambda: all(arena.loss(number) != losses[number - 1] for number in range(2, 7)), "the others go on")
    assert arena.loss(1) == losses[0]
    expect(arena.root.locator(".racer.ended")).to_have_count(1)


def test_what_goes_on_inside_is_drawn_and_written_out(arena):
    arena.open_menu(1)
    arena.menu_select(1, "Rule").select_option(label="Newton")
    expect(arena.racer(1)).to_contain_text("Newton")
    arena.page.keyboard.press("Escape")
    arena.take_step(1)
    arena.take_step(2)
    arena.page.mouse.move(1, 1)
    for label in "Gradient", "Velocity", "Look-ahead", "Rates", "Model":
        before = arena.picture(arena.map)
        arena.expect_change(arena.map, lambda label=label: arena.toggle(label))
        arena.toggle(label)
        until(lambda before=before: arena.picture(arena.map) == before, f"without {label} it is as before")

    expect(arena.card).not_to_be_visible()
    arena.tab("Step by step").click()
    expect(arena.card).to_contain_text("Newton: step 2 to 3")
    expect(arena.chart).not_to_be_visible()
    arena.open_card(6, "Adam")
    expect_to_go_through_the_update_phase_by_phase(arena)
    arena.press("Close the update")
    expect(arena.card).not_to_be_visible()
    expect(arena.chart).to_be_visible()
    expect(arena.tab("Loss")).to_have_attribute("aria-selected", "true")


def expect_to_go_through_the_update_phase_by_phase(arena):
    """Adam's third; the last press makes the step."""
    phases, now = arena.card.get_by_role("listitem"), arena.card.locator("li.now")
    expect(arena.card).to_contain_text("Adam: step 2 to 3")
    expect(phases).to_have_count(6)
    expect(now).to_have_count(0)
    for phase in phases.all():
        arena.press("Next phase")
        expect(phase).to_have_class("now")
        expect(now).to_have_count(1)
    arena.expect(step=2, known=2)
    numbers = arena.card.locator("code").all_inner_texts()
    arena.press("Make the step")
    arena.expect(step=3, known=3)
    expect(arena.card).to_contain_text("Adam: step 3 to 4")
    expect(phases.first).to_have_class("now")
    assert arena.card.locator("code").all_inner_texts() != numbers
