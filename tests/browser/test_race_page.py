"""The race page: going back and forth in a race, where it begins, what it is on, and that all fits the window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from serving import until

from browser.test_accessibility import violations
from browser.test_opening import EXTENT, TOO_WIDE
from engine import SURFACES

AT_ONCE = """async (slider, step) => {
    slider.value = step;
    slider.dispatchEvent(new Event("input"));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return Number(slider.getRootNode().querySelector(".playground.race").dataset.step);
}"""
"""Go to a step and say what is painted two refreshes later."""

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


def at(across, down):
    """The place of the first surface's plane at these shares of the map's width and height."""
    (left, right), (bottom, top) = SURFACES["beale"].box
    return left + across * (right - left), top - down * (top - bottom)


def begins_at(race, place, tolerance=0.005):
    """Whether the race begins there, but for this share of the map; a pixel of it is 0.002."""
    sides = SURFACES["beale"].box
    off = [abs(one - other) / (high - low) for one, other, (low, high) in zip(race.start, place, sides, strict=True)]
    return max(off) < tolerance


def test_a_race_goes_on_rests_and_goes_back(race):
    race.expect(step=0, known=0, status="paused")
    expect(race.racers).to_have_count(6)
    assert len({race.color(race.ground, 30 * k, 20 * k) for k in range(1, 20)}) > 5, "the surface is painted"

    race.press("Play")
    race.wait_for_step(20)
    race.press("Pause")
    race.expect(status="paused")
    stopped = race.step
    race.expect(known=stopped)
    race.take_step(stopped + 1)
    race.press("Step back")
    race.expect(step=stopped, known=stopped + 1)
    race.press("Step forward")
    race.expect(step=stopped + 1, known=stopped + 1)

    keyboard = race.page.keyboard
    keyboard.press("ArrowLeft")
    race.expect(step=stopped)
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    race.expect(step=stopped + 2, known=stopped + 2)
    keyboard.press("Space")
    race.expect(status="playing")
    race.wait_for_step(stopped + 5)
    keyboard.press("Space")
    race.expect(status="paused")

    known = race.known
    with race.unheard():
        for step in 3, 0, known, 12:
            assert race.scrubber.evaluate(AT_ONCE, step) == step
    race.expect(step=12, known=known)
    race.press("Play")
    until(lambda: 12 < race.step < known, "it is played again")
    assert race.known == known
    race.wait_for_step(known + 3)
    keyboard.press("r")
    race.expect(step=0, known=0, status="paused")


def test_the_start_is_clicked_dragged_and_moved_by_keys(race):
    mouse, keyboard = race.page.mouse, race.page.keyboard
    assert race.start == SURFACES["beale"].start
    mouse.click(*race.place(0.25, 0.25))
    race.expect(step=300, known=300, status="paused")
    until(lambda: begins_at(race, at(0.25, 0.25)), "the race begins where the mouse was")

    before = race.generation
    mouse.move(*race.place(0.25, 0.25))
    mouse.down()
    for across in 0.3, 0.35, 0.4, 0.45, 0.5:
        mouse.move(*race.place(across, 0.4))
        until(lambda across=across: begins_at(race, at(across, 0.4)), "the start follows the mouse")
    until(lambda: race.generation >= before + 5, "each place is another race while the mouse is down")
    race.expect(step=300, known=300)
    mouse.up()

    x, y = race.start
    (right, down) = (one - other for one, other in zip(at(1 / 50, 1 / 200), at(0, 0), strict=True))
    race.map.focus()
    keyboard.press("ArrowRight")
    until(lambda: begins_at(race, (x + right, y), 1e-4), "a key moves it")
    keyboard.press("Shift+ArrowDown")
    until(lambda: begins_at(race, (x + right, y + down), 1e-4), "with Shift by less")
    race.expect(step=300, known=300)

    race.press("Play")
    mouse.click(*race.place(0.6, 0.6))
    until(lambda: begins_at(race, at(0.6, 0.6)), "the start moves while it plays")
    until(lambda: 5 < race.step < 250, "who plays sees the race from its start")
    race.expect(status="playing")


@pytest.mark.slow
def test_all_surfaces_can_be_raced_on(visit_race):
    """In a small window, where a map is painted soon."""
    race = visit_race(viewport={"width": 800, "height": 600})
    first, pictures = race.generation, set()
    for step, surface in enumerate(SURFACES.values(), 1):
        race.choose("Surface", surface.label)
        race.expect(generation=first + step)
        expect(race.formula).to_have_text(f"f(x, y) = {surface.text}")
        assert ("★" in race.facts.inner_text()) == bool(surface.minima)
        expect(race.tab("Distance")).to_be_visible(visible=bool(surface.minima))
        race.take_step(step)
        pictures.add(race.picture(race.ground))
    assert len(pictures) == len(SURFACES) == 25

    expect(race.select("Condition number")).not_to_be_visible()
    race.choose("Surface", "Valley")
    race.choose("Condition number", "100")
    expect(race.formula).to_have_text("f(x, y) = x²/100 + y²")
    race.take_step(26)

    expect(race.own).not_to_be_visible()
    race.choose("Surface", "Your formula")
    expect(race.own).to_have_value("sin(x) cos(y) + (x^2 + y^2)/20")
    expect(race.select("Condition number")).not_to_be_visible()
    expect_formulas_to_be_taken(race)
    expect_what_is_none_to_be_refused(race)


def type_formula(race, text):
    """Type one's own surface."""
    race.own.fill(text)
    race.own.press("Enter")


def expect_formulas_to_be_taken(race):
    """Drawn, with their minima; where one is not finite, the map is hatched."""
    race.expect(step=26)
    before = race.generation
    race.expect_change(race.ground, lambda: type_formula(race, "x^2 + y^2/4 + 2"))
    expect(race.facts).to_contain_text("minimum 2 at (0, 0)")
    race.expect(generation=before + 1, step=26)
    type_formula(race, "log(x) + y^2")
    race.expect(generation=before + 2, step=26)
    left, right = ({race.color(race.ground, x + k, 100) for k in range(20)} for x in (50, 300))
    assert left == HATCHING
    assert not right & HATCHING
    assert race.start[0] > 0, "the race begins where the surface is finite"


def expect_what_is_none_to_be_refused(race):
    """With a sentence, which goes with the next good choice; until then all stays as it is."""
    last = race.picture(race.ground), race.generation, race.known
    for text, wanted in REFUSED.items():
        type_formula(race, text)
        race.alert.get_by_text(wanted).wait_for()
        assert re.fullmatch(r"[^.]*\.", race.alert.locator("span").inner_text()), "one sentence"
        assert (race.picture(race.ground), race.generation, race.known) == last
        assert race.setting("formula") == "log(x) + y^2"
    type_formula(race, "x^2 + y^2")
    expect(race.alert).to_have_count(0)
    expect(race.facts).to_contain_text("minimum 0 at (0, 0)")
    race.take_step(27)


def test_fits_its_window_and_axe_has_no_serious_objection(race):
    race.open_menu(6)
    found = {"with a racer's menu": violations(race)}
    race.page.keyboard.press("Escape")
    race.open_card(6, "Adam")
    found["with an update"] = violations(race)
    assert not any(found.values()), found

    for width, height in SIZES:
        race.page.set_viewport_size({"width": width, "height": height})
        until(lambda: not race.page.evaluate(TOO_WIDE), f"nothing sticks out at {width} x {height}")
        assert race.page.evaluate(EXTENT)[0] <= width
        for part in race.map, race.racer(6), race.card, race.button("Play"):
            part.scroll_into_view_if_needed()
            expect(part).to_be_in_viewport(ratio=0.2)
