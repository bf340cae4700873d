"""The optimizer page: going through a race, its start, its surface, and what is written and drawn about it."""

from __future__ import annotations

from playwright.sync_api import expect
from serving import until

AT_ONCE = """async (slider, step) => {
    slider.value = step;
    slider.dispatchEvent(new Event("input"));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return Number(slider.getRootNode().querySelector(".arena").dataset.step);
}"""
"""Go to a step and say what is painted two refreshes later."""


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
