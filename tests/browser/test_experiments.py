"""Prepared experiments are opened by name, say what to notice, and run."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from serving import until

from engine import EXPERIMENTS


@pytest.mark.slow
def test_each_opens_says_what_to_notice_and_runs(stage):
    for entry in EXPERIMENTS.values():
        stage.pick("Experiment", entry.label)
        expect(stage.page.get_by_role("status").filter(has_text=entry.notice)).to_be_visible()
        stage.expect(step=0, status="paused")
        stage.press("Play")
        until(lambda: stage.step >= 5 or stage.status == "diverged", f"{entry.name} runs")
    expect(stage.alert).to_have_count(0)


def test_one_is_opened_by_the_address_and_let_go(visit, server):
    *_, entry = EXPERIMENTS.values()
    stage = visit(f"{server.url}?experiment={entry.name}")
    expect(stage.page.get_by_text(entry.notice)).to_be_visible()
    expect(stage.picker("Experiment").locator("option:checked")).to_have_text(entry.label)
    stage.choose("Learning rate", "0.1" if stage.select("Learning rate").input_value() != "0.1" else "0.3")
    expect(stage.page.get_by_text(f"Before your changes: {entry.notice}")).to_be_visible()
    stage.picker("Experiment").select_option(index=0)
    expect(stage.page.get_by_text(entry.notice)).to_have_count(0)
    until(lambda: stage.setting("experiment") == "none", "the server knows")
    assert stage.setting("hidden") == entry.choices["hidden"], "the rest stays"


@pytest.mark.slow
def test_an_unknown_name_is_refused_with_a_sentence(visit, server):
    stage = visit(f"{server.url}?experiment=perpetual_motion")
    expect(stage.alert).to_contain_text("perpetual_motion")
    stage.take_step(1)
