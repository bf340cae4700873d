"""The optimizer page: going through a race, its start, its surface, and what is written and drawn about it."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from serving import until

from browser.test_accessibility import violations
from browser.test_opening import EXTENT, TOO_WIDE
from engine import SURFACES

AT_ONCE = """async (slider, step) => {
    slider.value = step;
    slider.dispatchEvent(new Event("input"));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return Number(slider.getRootNode().querySelector(".playground.arena").dataset.step);
}"""
"""Go to a step and say what is painted two refreshes later."""

START = re.compile(r"start \((\S+), (\S+)\)")

HATCHING = {(223, 228, 234), (176, 186, 196)}
"""The two greys over places where a surface is not finite."""

REFUSED = {
    "": "must not be empty",
    "x + z": "not 'z'",
    "x + 3 *": "must not end where",
    "x; y": "not ';'",
    "__import__('os')": "not '_'",
    "x + " * 2500: "at most 1,000 characters; not 10,000",
    "(" * 300 + "x" + ")" * 300: "nested at most 50 deep",
    "log(-1 - x^2)": "must be a finite number somewhere in the box",
    "1/(x - x)": "must be a finite number; not inf",
}
"""What is no formula, and what is said of it."""

SIZES = [(390, 844), (800, 600), (1280, 800), (1920, 1080)]


def start(arena):
    """Where the race begins, as the line below the map says."""
    found = START.search(arena.facts.inner_text())
    return tuple(float(number.replace("\u2212", "-")) for number in found.groups())


def near(place, wanted, tolerance=0.03):
    """Whether both coordinates are that close; a pixel of the map is 0.015."""
    return all(abs(one - other) < tolerance for one, other in zip(place, wanted, strict=True))


def test_a_race_goes_on_rests_and_goes_back(arena):
    arena.expect(step=0, known=0, status="paused")
    expect(arena.racers).to_have_count(6)
    assert len({arena.color(arena.ground, 30 * k, 20 * k) for k in range(1, 20)}) > 5, "the surface is painted"

    arena.press("Play")
    arena.wait_for_step(20)
    arena.press("Pause")
    arena.expect(status="paused")
    stopped = arena.step
    arena.expect(known=stopped)
    arena.take_step(stopped + 1)
    arena.press("Step back")
    arena.expect(step=stopped, known=stopped + 1)
    arena.press("Step forward")
    arena.expect(step=stopped + 1, known=stopped + 1)

    keyboard = arena.page.keyboard
    keyboard.press("ArrowLeft")
    arena.expect(step=stopped)
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    arena.expect(step=stopped + 2, known=stopped + 2)
    keyboard.press("Space")
    arena.expect(status="playing")
    arena.wait_for_step(stopped + 5)
    keyboard.press("Space")
    arena.expect(status="paused")

    known = arena.known
    with arena.unheard():
        for step in 3, 0, known, 12:
            assert arena.scrubber.evaluate(AT_ONCE, step) == step
    arena.expect(step=12, known=known)
    arena.press("Play")
    until(lambda: 12 < arena.step < known, "it is played again")
    assert arena.known == known
    arena.wait_for_step(known + 3)
    keyboard.press("r")
    arena.expect(step=0, known=0, status="paused")


def test_the_start_is_clicked_dragged_and_moved_by_keys(arena):
    mouse, keyboard = arena.page.mouse, arena.page.keyboard
    assert start(arena) == (1, 1)
    mouse.click(*arena.place(0.25, 0.25))
    arena.expect(step=300, known=300, status="paused")
    until(lambda: near(start(arena), (-2.25, 2.25)), "the race begins where the mouse was")

    before = arena.generation
    mouse.move(*arena.place(0.25, 0.25))
    mouse.down()
    for across in 0.3, 0.35, 0.4, 0.45, 0.5:
        mouse.move(*arena.place(across, 0.4))
        until(lambda across=across: near(start(arena), (9 * across - 4.5, 0.9)), "the start follows the mouse")
    until(lambda: arena.generation >= before + 5, "each place is another race while the mouse is down")
    arena.expect(step=300, known=300)
    mouse.up()
    before = start(arena)

    arena.map.focus()
    keyboard.press("ArrowRight")
    until(lambda: near(start(arena), (before[0] + 9 / 50, before[1]), 1e-3), "a key moves it")
    keyboard.press("Shift+ArrowDown")
    until(lambda: near(start(arena), (before[0] + 9 / 50, before[1] - 9 / 200), 1e-3), "with Shift by less")
    arena.expect(step=300, known=300)

    arena.press("Play")
    mouse.click(*arena.place(0.6, 0.6))
    until(lambda: near(start(arena), (0.9, -0.9)), "the start moves while it plays")
    until(lambda: 5 < arena.step < 250, "who plays sees the race from its start")
    arena.expect(status="playing")


def test_all_surfaces_can_be_raced_on(arena):
    pictures, step = set(), 0
    for surface in SURFACES.values():
        arena.choose("Surface", surface.label)
        expect(arena.formula).to_have_text(f"f(x, y) = {surface.text}")
        expect(arena.facts).to_contain_text("minimum " if surface.minima else "no minimum inside")
        step += 1
        arena.take_step(step)
        pictures.add(arena.picture(arena.ground))
    assert len(pictures) == len(SURFACES) == 25

    expect(arena.select("Condition number")).not_to_be_visible()
    arena.choose("Surface", "Valley")
    arena.choose("Condition number", "100")
    expect(arena.formula).to_have_text("f(x, y) = x²/100 + y²")
    step += 1
    arena.take_step(step)


def test_a_surface_of_ones_own(arena):
    def type_formula(text):
        arena.own.fill(text)
        arena.own.press("Enter")

    expect(arena.own).not_to_be_visible()
    arena.choose("Surface", "Your formula")
    expect(arena.own).to_have_value("sin(x) cos(y) + (x^2 + y^2)/20")
    before = arena.generation
    arena.expect_change(arena.ground, lambda: type_formula("x^2 + y^2/4 + 2"))
    expect(arena.facts).to_contain_text("minimum 2 at (0, 0)")
    arena.expect(generation=before + 1)

    type_formula("log(x) + y^2")
    until(lambda: arena.setting("formula") == "log(x) + y^2", "the formula is taken")
    left, right = ({arena.color(arena.ground, x + k, 100) for k in range(20)} for x in (60, 400))
    assert left == HATCHING
    assert not right & HATCHING
    assert start(arena)[0] > 0, "the race begins where the surface is finite"
    arena.take_step(1)

    last = arena.picture(arena.ground), arena.generation, arena.known
    for text, wanted in REFUSED.items():
        type_formula(text)
        expect(arena.alert).to_contain_text(wanted)
        assert re.fullmatch(r"[^.]*\.", arena.alert.locator("span").inner_text().replace(". ", "")), "one sentence"
        assert (arena.picture(arena.ground), arena.generation, arena.known) == last
        assert arena.setting("formula") == "log(x) + y^2"
    type_formula("x^2 + y^2")
    expect(arena.alert).to_have_count(0)
    expect(arena.facts).to_contain_text("minimum 0 at (0, 0)")
    arena.expect(step=1, known=1)
    arena.take_step(2)


def test_one_update_is_gone_through_phase_by_phase(arena):
    expect(arena.card).not_to_be_visible()
    arena.tab("Step by step").click()
    expect(arena.card).to_contain_text("SGD: step 0 to 1")
    expect(arena.chart).not_to_be_visible()
    arena.open_card(6, "Adam")
    expect(arena.card).to_contain_text("Adam: step 0 to 1")

    phases, now = arena.card.get_by_role("listitem"), arena.card.locator("li.now")
    count = phases.count()
    assert count == 6
    expect(now).to_have_count(0)
    for phase in range(count):
        arena.press("Next phase")
        expect(phases.nth(phase)).to_have_class("now")
        expect(now).to_have_count(1)
    arena.expect(step=0)
    numbers = arena.card.locator("code").all_inner_texts()
    arena.press("Make the step")
    arena.expect(step=1, known=1)
    expect(arena.card).to_contain_text("Adam: step 1 to 2")
    expect(phases.first).to_have_class("now")
    assert arena.card.locator("code").all_inner_texts() != numbers

    arena.press("Close the update")
    expect(arena.card).not_to_be_visible()
    expect(arena.chart).to_be_visible()
    expect(arena.tab("Loss")).to_have_attribute("aria-selected", "true")


def test_the_chart_has_a_curve_of_each_racer(arena):
    arena.page.mouse.click(*arena.place(0.25, 0.25))
    arena.expect(step=300, known=300)
    names = ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam"]
    until(
        lambda: [(label, len(heights)) for label, heights in arena.curves()] == [(name, 301) for name in names],
        "each racer has a curve of all steps",
    )
    seen = [arena.curves()]
    for tab in "Distance", "Step length", "Loss":
        arena.tab(tab).click()
        expect(arena.tab(tab)).to_have_attribute("aria-selected", "true")
        until(lambda: arena.curves() != seen[-1], f"{tab} is drawn")
        seen.append(arena.curves())
    assert seen[1] != seen[2]
    assert seen[3] == seen[0]
    distances = [heights[0] for _, heights in seen[1]]
    x, y = start(arena)
    assert all(abs(distance - ((x - 3) ** 2 + (y - 0.5) ** 2) ** 0.5) < 1e-3 for distance in distances)

    arena.tab("Distance").click()
    expect(arena.tab("Distance")).to_have_attribute("aria-selected", "true")
    arena.choose("Surface", "Tilted plane")
    expect(arena.tab("Distance")).not_to_be_visible()
    expect(arena.tab("Loss")).to_have_attribute("aria-selected", "true")


def test_fits_its_window_and_axe_has_no_serious_objection(arena):
    arena.open_menu(6)
    found = {"with a racer's menu": violations(arena)}
    arena.page.keyboard.press("Escape")
    arena.open_card(6, "Adam")
    found["with an update"] = violations(arena)
    assert not any(found.values()), found

    for width, height in SIZES:
        arena.page.set_viewport_size({"width": width, "height": height})
        until(lambda: not arena.page.evaluate(TOO_WIDE), f"nothing sticks out at {width} x {height}")
        assert arena.page.evaluate(EXTENT)[0] <= width
        for part in arena.map, arena.racer(6), arena.card, arena.button("Play"):
            part.scroll_into_view_if_needed()
            expect(part).to_be_in_viewport(ratio=0.2)
