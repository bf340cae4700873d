"""Frames and requests: looking changes nothing, what is not requested is not there, and any State can be looked at."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, case, one_sentence
from looking import CHANCES, NUMBERS, PICTURES, trained

from engine import ACTIVATIONS, DATASETS, OPTIMIZERS, PLACEMENTS, Config, Trainer
from engine.divergence import is_sound
from engine.look import BINS, QUANTITIES, VIEWS, FrameRequest, Unit, Viewer

REQUESTED = {
    "boundary": ("boundary",), "maps": ("maps", "silenced", "weights", "biases"),
    "histograms": ("heights", "ranges", "saturation"), "profile": ("profile",), "curve": ("curve",),
}  # fmt: skip
"""What each part of a FrameRequest brings."""

NOTHING = FrameRequest(boundary=False, maps=False, histograms=False)
EVERY = FrameRequest(quantities=tuple(QUANTITIES), profile=True, curve=1)


def parts_of(frame):
    """All arrays of a Frame, copied."""
    names = [name for group in REQUESTED.values() for name in group if name != "curve"]
    found = {name: np.array(getattr(frame, name)) for name in names}
    return found | {name: np.array(number) for name, number in frame.curve._asdict().items()}


# Looking does not disturb


@pytest.mark.parametrize("view", VIEWS)
def test_looking_changes_nothing(view):
    trainer, state = trained(CHANCES)
    kept = state.params.copy(), state.running_stats.copy(), state.average.copy()
    viewer, request = Viewer(trainer, grid=20), replace(EVERY, view=view)
    first = parts_of(viewer.look(state, request))
    later = trainer.run(state, 13)
    viewer.look(later, replace(request, focus=Unit(1, 2), curve=2))
    for layer in (1, 2, 3):
        viewer.close_up(later, layer, "update_ratio")
    again = parts_of(viewer.look(state, request))
    for name, part in first.items():
        assert_same(part, again[name])
    for one, other in zip(kept, (state.params, state.running_stats, state.average), strict=True):
        assert_same(one, other)
    untouched, same = trained(CHANCES)
    assert_same_state(later, untouched.run(same, 13))


def test_a_frame_is_not_overwritten_by_the_next():
    trainer, state = trained()
    viewer = Viewer(trainer)
    first, detail = viewer.look(state, EVERY), viewer.close_up(state, 1, "activation")
    kept, norm = parts_of(first), detail.normalisation
    numbers = [np.array(each) for each in (norm.batch_mean, norm.batch_std, norm.gamma, norm.beta)]
    later = trainer.run(state, 50)
    viewer.look(later, EVERY)
    viewer.close_up(later, 1, "activation")
    for name, copy in parts_of(first).items():
        assert_same(kept[name], copy)
    for copy, number in zip(numbers, (norm.batch_mean, norm.batch_std, norm.gamma, norm.beta), strict=True):
        assert_same(copy, number)


# Requests


@pytest.mark.parametrize("part", REQUESTED)
@pytest.mark.parametrize("view", VIEWS)
def test_what_is_not_requested_is_none_and_what_is_does_not_depend_on_the_rest(part, view):
    trainer, state = trained(CHANCES)
    viewer = Viewer(trainer, grid=20)
    request = replace(NOTHING, view=view, **{part: 1 if part == "curve" else True})
    frame, whole = viewer.look(state, request), viewer.look(state, FrameRequest(view=view, profile=True, curve=1))
    assert frame.request is request
    for group, names in REQUESTED.items():
        for name in names:
            found, expected = getattr(frame, name), getattr(whole, name)
            if group != part:
                assert found is None
            elif name == "curve":
                assert_same(found.heights, expected.heights)
                assert_same(found.f, expected.f)
            else:
                assert_same(found, expected)


def test_an_empty_request_shows_the_losses():
    trainer, state = trained()
    frame = Viewer(trainer).look(state, NOTHING)
    assert frame.evaluation == trainer.evaluate(state)
    assert all(getattr(frame, name) is None for group in REQUESTED.values() for name in group)


def test_histograms_of_no_quantity_still_tell_the_saturation():
    trainer, state = trained()
    frame = Viewer(trainer).look(state, replace(NUMBERS, quantities=()))
    assert (frame.heights.shape, frame.ranges.shape) == ((4, 0, BINS), (4, 0, 5))
    assert np.isfinite(frame.saturation[1:-1]).all()


@pytest.mark.parametrize("asked", [FrameRequest(view="nonsense"), replace(PICTURES, view="nonsense")])
def test_an_unknown_view_is_refused(asked):
    trainer, state = trained()
    with pytest.raises(ValueError, match=one_sentence("view", *VIEWS, "'nonsense'")):
        Viewer(trainer).look(state, asked)


def test_an_unknown_quantity_is_refused():
    trainer, state = trained()
    with pytest.raises(ValueError, match=one_sentence("quantity", *QUANTITIES, "'nonsense'")):
        Viewer(trainer).look(state, FrameRequest(quantities=("activation", "nonsense")))


# Numbers that are the State's own


def test_weights_biases_and_losses_are_the_states():
    trainer, state = trained()
    frame = Viewer(trainer).look(state)
    assert (frame.step, frame.epoch) == (state.step, state.epoch)
    assert frame.evaluation == trainer.evaluate(state)
    # 3 inputs, 4 normed units, 3 units, 1 output: the blocks of the flat vector, and beta as the first biases.
    sizes = [3 * 4, 4, 4, 4 * 3, 3, 3 * 1, 1]
    first, _, beta, second, bias, third, last = np.split(state.params, np.cumsum(sizes)[:-1])
    assert_same(frame.weights, np.concatenate([first, second, third]))
    assert_same(frame.biases, np.concatenate([beta, bias, last]))
    assert trainer.network.size == sum(sizes)


@pytest.mark.parametrize("norm", PLACEMENTS)
def test_of_a_maxout_unit_weights_and_biases_are_the_means_of_its_pieces(norm):
    trainer, state = trained(
        activation=("tanh", "maxout"), activation_params=({}, {"k": 3}), batch_norm=("off", norm), dropout=0.0
    )
    frame = Viewer(trainer).look(state)
    # 3 inputs, 4 units with biases; 4 x 9 weights, 9 biases or gammas and betas, and after the activation 3 of them.
    block = state.params[16 : 16 + 36].reshape(4, 3, 3)
    shifts = state.params[52 + (norm == "before") * 9 :][:9].reshape(3, 3)
    assert frame.weights.shape == (12 + 12 + 3,)
    assert_close(frame.weights[12:24], block.mean(axis=1).ravel())
    assert_close(frame.biases[4:7], shifts.mean(axis=0))


def test_an_evaluation_at_hand_is_taken_over():
    trainer, state = trained()
    known = trainer.evaluate(state)
    assert Viewer(trainer).look(state, evaluation=known).evaluation is known


def test_a_replica_can_be_looked_at():
    trainer, _ = trained()
    states = trainer.run(trainer.init(seeds=[0, 5]), 9)
    alone = trainer.run(trainer.init(seeds=[5]).replica(0), 9)
    viewer = Viewer(trainer)
    one, other = (parts_of(viewer.look(state, EVERY)) for state in (states.replica(1), alone))
    for name, part in one.items():
        assert_same(part, other[name])


# Everything can be looked at


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_can_be_looked_at_in_any_way_with_weights_of_any_size(activation):
    trainer, state = trained(CHANCES, 3, activation=activation)
    viewer = Viewer(trainer, grid=6, tile=3)
    frame = viewer.look(state, EVERY)
    assert np.isfinite(frame.ranges).all()
    assert np.isfinite(frame.weights).all()
    for scale in (1e10, 1e38, 1e100, 1e300, np.inf, np.nan):
        with np.errstate(all="ignore"):
            wild = replace(state, params=state.params * scale, average=state.average * scale)
        for view in VIEWS:
            frame = viewer.look(wild, replace(EVERY, view=view, focus=Unit(1, 1), curve=2))
            assert frame.maps.shape == (4 + 3 + 1, 3, 3)
            assert np.isfinite(frame.ranges).all(), "what is not finite is counted, and left out"
            assert np.isfinite(frame.scale)
        viewer.close_up(wild, 2, "pre_activation")


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_and_the_smallest_ones_can_be_looked_at(dataset):
    for choices in (
        {}, {"samples": 2}, {"batch_size": 1, "samples": 9}, {"hidden": ()}, {"hidden": (1,) * 6, "activation": "relu"},
    ):  # fmt: skip
        with case(choices):
            assert_can_be_looked_at(dataset, choices)


def assert_can_be_looked_at(dataset, choices):
    trainer = Trainer(Config(dataset=dataset, **choices))
    state = trainer.step(trainer.init())
    viewer = Viewer(trainer)
    blocks = len(trainer.config.hidden) + 2
    frame = viewer.look(state, replace(EVERY, curve=1 if trainer.config.hidden else None))
    assert frame.boundary.shape == (100, 100)
    assert frame.heights.shape == (blocks, len(QUANTITIES), BINS)
    assert frame.ranges.shape == (blocks, len(QUANTITIES), 5)
    assert frame.saturation.shape == frame.profile.shape == (blocks, 2)
    assert np.isfinite(frame.ranges).all()


DIVERGING = [("circle", False), ("blobs3", True), ("plane", False), ("plane", True)]


@pytest.mark.parametrize(
    ("name", "dataset", "norm"),
    [(name, *DIVERGING[(k + turn) % 4]) for k, name in enumerate(OPTIMIZERS) for turn in (0, 1)],
)
def test_looking_at_a_run_that_diverges_raises_nothing(name, dataset, norm):
    trainer = Trainer(
        Config(
            dataset=dataset,
            activation="relu",
            optimizer=name,
            learning_rate=1000.0,
            regularization="l2",
            regularization_rate=100.0,
            batch_norm=norm,
            samples=20,
        )
    )
    viewer, state = Viewer(trainer, grid=6, tile=3), trainer.init()
    for steps in (1, 1, 2, 4, 8, 16, 30):
        state = trainer.run(state, steps)
        viewer.look(state, EVERY)


def test_every_sound_state_can_be_looked_at():
    """The last good picture of a run that blows up is wanted most."""
    trainer = Trainer(
        Config(dataset="multi_gauss", activation="relu", hidden=(8, 8), optimizer="momentum", learning_rate=100.0)
    )
    viewer, state = Viewer(trainer, grid=10), trainer.init()
    while is_sound(state, trainer.evaluate(state)):
        viewer.look(state, EVERY)
        state = trainer.step(state)
    assert state.step > 1


def test_the_largest_network_can_be_looked_at_with_a_coarser_boundary():
    trainer = Trainer(Config(dataset="circle", hidden=(64,) * 50, activation="relu", batch_norm=True, dropout=0.5))
    viewer, state = Viewer(trainer, grid=100, tile=4), trainer.init()
    small = Viewer(Trainer(Config(dataset="circle"))).look(Trainer(Config(dataset="circle")).init()).boundary
    assert small.shape == (100, 100)
    for view in ("evaluate", "train", "spread"):
        frame = viewer.look(state, FrameRequest(view=view, profile=True))
        side = len(frame.boundary)
        assert frame.boundary.shape == (side, side)
        assert 8 <= side < 40
        assert frame.maps.shape == (50 * 64 + 1, 4, 4)
        assert np.isfinite(frame.ranges).all()
