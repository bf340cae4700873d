"""FrameComposer: what is sent of a picture, and that nothing is computed for what nobody sees."""

import numpy as np
import pytest
from fakes import SessionHarness, Watched
from helpers import assert_same, one_sentence, pairwise

from engine import hidden_space, landscape
from engine.look import FrameRequest, Viewer
from playground.network_page.cost import ONE_BY_ONE
from playground.network_page.pictures import PICTURES
from playground.network_page.sections import Section
from playground.network_page.selection import position
from playground.network_page.settings import Settings
from playground.network_page.training_run import Run

COLUMNS, STRIP = [4, 2], [2] * 11
FIRST = {Section.FIRST_HISTOGRAMS, Section.FIRST_STATS}
INSIDE = {Section.HISTOGRAMS, Section.STATS, Section.SATURATION}


@pytest.fixture
def seen(monkeypatch):
    """What was computed, by kind: the requests of looks, and what the other views were asked."""
    found = {"look": [], "space": [], "heights": [], "close_up": []}
    for kind, owner, name in (
        ("look", Viewer, "look"),
        ("space", hidden_space, "look"),
        ("heights", landscape.LossLandscape, "heights"),
        ("close_up", Viewer, "close_up"),
    ):
        monkeypatch.setattr(owner, name, noted(getattr(owner, name), found[kind]))
    return found


def noted(work, calls):
    """A function that does the same, and writes down what it was asked."""

    def spy(*arguments, **named):
        calls.append(arguments)
        return work(*arguments, **named)

    return spy


def requests(seen):
    return [arguments[2] for arguments in seen["look"]]


def described(run, layer):
    """The run with one layer seen in detail, as the page asks for it."""
    run.settings.update({"layer_detail": layer})
    return run


def ran(**values):
    return Watched(Run(Settings(samples=50, **values)))


# What is not shown is not computed


@pytest.mark.parametrize(("picture", "layer_detail", "hidden"), pairwise(PICTURES, [0, 1], [COLUMNS, STRIP]), ids=str)
def test_what_is_not_shown_is_not_computed(seen, picture, layer_detail, hidden):
    harness = SessionHarness(picture=picture, layer_detail=layer_detail, hidden=hidden, samples=50, speed=60).opened()
    harness.tell("play")
    harness.pass_time(0.3)
    assert len(requests(seen)) > 15
    assert {request.boundary for request in requests(seen)} == {picture == "output"}
    assert {request.maps for request in requests(seen)} == {hidden == COLUMNS}
    assert any(request.profile for request in requests(seen)) == (hidden == STRIP)
    assert {request.curve for request in requests(seen)} == {None}
    assert bool(seen["space"]) == (picture == "hidden")
    assert bool(seen["heights"]) == (picture == "landscape")
    assert bool(seen["close_up"]) == bool(layer_detail)


def test_what_is_no_longer_shown_is_no_longer_computed(seen):
    harness = SessionHarness(picture="hidden", layer_detail=2, samples=50, speed=60).opened()
    harness.tell("watch", layer=1)
    harness.settle()
    harness.settings.update({"picture": "output", "layer_detail": 0})
    harness.tell("watch", layer=0)
    harness.settle()
    before = {kind: len(calls) for kind, calls in seen.items()}
    harness.tell("play")
    harness.pass_time(1)
    assert len(seen["look"]) > before["look"] + 30
    assert {request.curve for request in requests(seen)[before["look"] :]} == {None}
    assert (len(seen["space"]), len(seen["close_up"])) == (before["space"], before["close_up"])


def test_the_next_step_is_looked_at_with_what_the_settings_say(seen):
    run = ran(view="train", upper="weight", lower="pre_activation", log_counts=True)
    run.focus("unit", 1, 3, 0)
    run.watch(2)
    run.parts(blank=False, still=True)
    request = requests(seen)[0]
    assert (request.view, request.quantities, request.log) == ("train", ("weight", "pre_activation"), True)
    assert (request.focus, request.curve) == ((1, 3), 2)
    run.focus("link", 1, 0, 0)
    run.parts(blank=False, still=True)
    assert requests(seen)[-1].focus is None


# How often


@pytest.mark.parametrize(("hidden", "every"), [([4, 2], 3), (STRIP, 2)], ids=["network", "strip"])
def test_while_it_plays_histograms_come_now_and_then(hidden, every):
    run = ran(hidden=hidden)
    run.parts(blank=True, still=False)
    there = [set(run.parts(blank=False, still=False)) >= INSIDE for _ in range(12)]
    assert [there[k] for k in range(every)].count(True) == 1
    assert there == there[:every] * (12 // every)


def test_while_it_plays_the_profile_of_a_strip_comes_with_the_histograms():
    run = ran(hidden=STRIP)
    run.parts(blank=True, still=False)
    sent = [set(run.parts(blank=False, still=False)) for _ in range(6)]
    assert [Section.PROFILE in parts for parts in sent] == [Section.HISTOGRAMS in parts for parts in sent]
    assert sum(Section.PROFILE in parts for parts in sent) == 3


@pytest.mark.parametrize(("blank", "still"), [(True, False), (False, True), (True, True)])
def test_a_picture_that_stands_alone_has_everything(blank, still):
    run = ran()
    for _ in range(4):
        assert set(run.parts(blank, still)) >= INSIDE


@pytest.mark.parametrize(("hidden", "there"), [(COLUMNS, True), (STRIP, False), ([64] * 4, False)], ids=str)
def test_units_and_links_are_sent_unless_it_is_a_strip(hidden, there):
    sent = set(ran(hidden=hidden).parts(blank=True, still=True))
    units = {Section.MAPS, Section.WEIGHTS, Section.BIASES, Section.SILENCED}
    assert sent & units == (units if there else set())
    assert (Section.PROFILE in sent) != there


# The first histograms


def test_the_first_histograms_are_those_of_the_first_state_whenever_they_are_asked_for():
    run = ran(optimizer="adam")
    viewer = Viewer(run.trainer)
    first = viewer.look(run.trainer.init())
    assert_same(run.parts(blank=True, still=True)[Section.FIRST_HISTOGRAMS], first.heights)
    run.step(30)
    later = run.parts(blank=True, still=True)
    assert_same(later[Section.FIRST_HISTOGRAMS], first.heights)
    assert_same(later[Section.FIRST_STATS], first.ranges)
    assert not np.array_equal(later[Section.HISTOGRAMS], first.heights)


def test_the_first_histograms_are_not_sent_twice():
    run = ran()
    assert set(run.parts(blank=True, still=True)) >= FIRST
    for still in (True, False, False):
        run.step(1)
        assert not FIRST & set(run.parts(blank=False, still=still))
    assert set(run.parts(blank=True, still=True)) >= FIRST


@pytest.mark.parametrize("values", [
    {"upper": "weight"}, {"lower": "weight_gradient"}, {"log_counts": True}, {"activation": "relu"},
    {"loss": "squared_error"},
], ids=str)  # fmt: skip
def test_what_changes_the_first_histograms_sends_them_again(values):
    run = ran()
    before = run.parts(blank=True, still=True)
    run.step(5)
    run.settings.update(values)
    run.apply()
    parts = run.parts(blank=False, still=False)
    assert set(parts) >= FIRST
    assert not np.array_equal(parts[Section.FIRST_HISTOGRAMS], before[Section.FIRST_HISTOGRAMS])
    assert not FIRST & set(run.parts(blank=False, still=False))


@pytest.mark.parametrize("rule", ["sgd", "momentum", "delta_bar_delta", "adam", "bfgs"])
def test_the_first_state_can_be_looked_at_with_another_optimizer(rule):
    """The next update of it is one of the present optimizer's, with what that remembers at the beginning."""
    run = ran(optimizer="adadelta", upper="update_ratio", averaging="exponential")
    run.parts(blank=True, still=True)
    run.step(5)
    run.settings.update({"optimizer": rule, "averaging": "none"})
    run.apply()
    own = Viewer(run.trainer).look(run.trainer.init(), FrameRequest(quantities=("update_ratio", "gradient"))).heights
    assert_same(run.parts(blank=False, still=True)[Section.FIRST_HISTOGRAMS], own)


def test_a_new_run_has_its_own_first_histograms():
    run = ran()
    run.step(5)
    run.parts(blank=True, still=True)
    run.start()
    assert set(run.parts(blank=False, still=True)) >= FIRST


# What is pointed at


@pytest.mark.parametrize("kind", ["x" * 10_000, ["unit"] * 1000], ids=type)
def test_a_refusal_is_short(kind):
    with pytest.raises(ValueError, match=one_sentence("kind", "none, unit, link, bias")) as why:
        ran().focus(kind, 0, 0, 0)
    assert len(str(why.value)) < 200


def test_refused_requests_leave_what_was_looked_at():
    run = ran()
    run.focus("unit", 1, 0, 0)
    run.watch(1)
    for act in (
        lambda: run.focus("unit", 1, 4, 0),
        lambda: run.watch(3),
        lambda: run.watch(-1),
    ):
        with pytest.raises(ValueError, match=one_sentence("not")):
            act()
    parts = run.parts(blank=False, still=True)
    assert parts[Section.CURVE][0] == 1
    assert run.focused()[:3].tolist() == [1, 1, 0]


def test_in_a_strip_layers_can_be_watched_and_weights_read():
    run = ran(hidden=STRIP)
    run.watch(11)
    run.focus("link", 12, 1, 0)
    assert run.parts(blank=False, still=True)[Section.CURVE][0] == 11
    assert run.focused()[-1] == run.state.params[position(run.trainer.network, "link", 12, 1, 0)]


# The layer seen in detail


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_layer_is_seen_in_detail(layer):
    run = described(ran(upper="weight"), layer)
    run.parts(blank=True, still=True)
    detail = run.close_up()
    assert (detail.layer_detail.layer, detail.layer_detail.quantity) == (layer, "weight")
    assert (detail.layer_detail.curve is None) == (layer == 3), "the output has no activation"
    assert detail.heat_map.first == detail.heat_map.last == 0


def test_no_layer_is_no_detail():
    run = ran()
    assert run.seen_in_detail is None
    assert run.close_up() == (None, None)


def test_a_layer_that_has_vanished_is_no_detail_until_it_is_back():
    run = described(ran(hidden=[2, 2, 2]), 4)
    assert run.close_up().layer_detail.layer == 4
    for hidden, there in ([2], False), ([], False), ([2, 2, 2, 2], True):
        run.settings.update({"hidden": hidden})
        run.apply()
        run.parts(blank=True, still=True)
        assert (run.seen_in_detail is not None) == there
        assert (run.close_up().layer_detail is not None) == there


@pytest.mark.parametrize("change", [
    {"layer_detail": 2}, {"upper": "weight"}, {"log_counts": True}, {"activation": "relu"}, {"hidden": [4, 3]},
], ids=str)  # fmt: skip
def test_what_changes_the_detail_is_noticed(change):
    run = described(ran(), 1)
    run.parts(blank=True, still=True)
    before = run.seen_in_detail
    run.parts(blank=False, still=True)
    assert run.seen_in_detail == before
    run.settings.update(change)
    run.apply()
    run.parts(blank=False, still=True)
    assert run.seen_in_detail != before


def test_a_step_changes_the_detail():
    run = described(ran(), 1)
    before = run.seen_in_detail
    run.step(1)
    assert run.seen_in_detail != before


# Hidden space


@pytest.mark.parametrize(("chosen", "layer", "units"), [
    ({"hidden_layer": 50}, 2, None), ({"hidden_layer": 1}, 1, None), ({"hidden_layer": 0}, 0, None),
    ({"hidden_layer": 1, "hidden_axes": "units", "hidden_units": [4, 2]}, 1, (3, 1)),
    ({"hidden_layer": 1, "hidden_axes": "units", "hidden_units": [1, 64]}, 1, (0, 3)),
    ({"hidden_layer": 2, "hidden_axes": "units", "hidden_units": [1, 2]}, 2, (0, 1)),
    ({"hidden_layer": 2, "hidden_axes": "units", "hidden_units": [3, 4]}, 2, (1, 0)),
    ({"hidden_layer": 1, "hidden_axes": "units", "hidden_units": [2, 2]}, 1, (1, 2)),
    ({"hidden": [1], "hidden_axes": "units", "hidden_units": [3, 4]}, 1, (0, 0)),
    ({"hidden": [], "hidden_axes": "units", "hidden_units": [2, 1]}, 0, (1, 0)),
], ids=str)  # fmt: skip
def test_the_hidden_space_is_that_of_the_layer_and_axes_that_are_chosen(chosen, layer, units):
    run = ran(picture="hidden", **chosen)
    run.step(5)
    parts = run.parts(blank=False, still=True)
    space = hidden_space.look(run.trainer, run.state, layer, units)
    assert_same(parts[Section.MESH], space.mesh)
    assert_same(parts[Section.HIDDEN_POINTS], space.points)
    assert parts[Section.HIDDEN_POINTS].shape == (50, 2)
    last = len(run.trainer.config.hidden)
    assert parts[Section.LINE].size == (3 if layer == last else 0)


def test_axes_stay_from_picture_to_picture(seen):
    run = ran(picture="hidden", hidden_layer=1)
    for _ in range(3):
        run.parts(blank=False, still=True)
        run.step(1)
    before = [arguments[4] for arguments in seen["space"]]
    assert before[0] is None
    assert all(isinstance(space, hidden_space.HiddenSpace) for space in before[1:])


# The path


def path_of(run):
    return run.parts(blank=True, still=True)[Section.PATH].reshape(-1, 2)


def test_the_path_goes_through_every_state_that_was_seen():
    run = ran(picture="landscape", landscape_every=0)
    assert len(path_of(run)) == 1
    run.step(ONE_BY_ONE)
    assert len(path_of(run)) == 1 + ONE_BY_ONE
    run.step(100)
    assert len(path_of(run)) == 2 + ONE_BY_ONE
    assert path_of(run)[-1] == pytest.approx(run.parts(blank=True, still=True)[Section.LANDSCAPE_VIEW][6:8], abs=1e-6)
    run.settings.update({"learning_rate": 0.1})
    run.apply()
    assert len(path_of(run)) == 2 + ONE_BY_ONE
    run.start()
    assert path_of(run).tolist() == [[0, 0]]


@pytest.mark.parametrize("every", [0, 10])
def test_the_landscape_is_drawn_anew_on_request_and_as_often_as_is_chosen(seen, every):
    run = ran(picture="landscape", landscape_every=every)
    for _ in range(25):
        run.parts(blank=False, still=False)
        run.step(1)
    drawn = len(seen["heights"])
    assert drawn == (3 if every else 1)
    run.redraw_landscape()
    for _ in range(2):
        run.parts(blank=False, still=False)
    assert len(seen["heights"]) == drawn + 1


def test_a_request_waits_until_the_landscape_is_shown(seen):
    run = ran(picture="landscape", landscape_every=0)
    run.parts(blank=True, still=True)
    run.settings.update({"picture": "output"})
    run.redraw_landscape()
    run.parts(blank=False, still=True)
    assert len(seen["heights"]) == 1
    run.settings.update({"picture": "landscape"})
    run.parts(blank=False, still=True)
    assert len(seen["heights"]) == 2
