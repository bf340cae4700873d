"""A State belongs to every network of the same layout, however it was made, and to no other one."""

import copy
import pickle
from dataclasses import dataclass, replace
from typing import final

import numpy as np
import pytest
from helpers import assert_same, assert_same_state, one_sentence

from engine import Config, Network, Problem, Refusal, Trainer, dense
from engine.gradient_check import check
from engine.hidden_space import look
from engine.landscape import plane
from engine.layers import Layer
from engine.look import FrameRequest, Viewer

WIDE, DEEP = Config(samples=20, hidden=(2, 2)), Config(samples=20, hidden=(1,) * 6)

ENTRIES = {
    "run": lambda trainer, state: trainer.run(state, 3),
    "run of no steps": lambda trainer, state: trainer.run(state, 0),
    "step": lambda trainer, state: trainer.step(state),
    "evaluate": lambda trainer, state: trainer.evaluate(state),
    "evaluated": lambda trainer, state: trainer.evaluated(state),
    "predict": lambda trainer, state: trainer.predict(state, [[1.0, 2.0]]),
    "inspect": lambda trainer, state: trainer.inspect(state),
    "adopt": lambda trainer, state: trainer.adopt(state),
    "resume": lambda trainer, state: trainer.resume(state),
    "edit": lambda trainer, state: trainer.edit(state, 0, 1.0),
    "check": lambda trainer, state: trainer.check(state),
    "look": lambda trainer, state: Viewer(trainer, 10, 4).look(state),
    "look inside": lambda trainer, state: Viewer(trainer, 10, 4).look(
        state, FrameRequest(boundary=False, maps=False), trainer.evaluate(trainer.init())
    ),
    "close up": lambda trainer, state: Viewer(trainer, 10, 4).close_up(state, 1, "weight"),
    "gradient check": check,
    "landscape": lambda trainer, state: plane(trainer, state, "random", 0),
    "hidden space": lambda trainer, state: look(trainer, state, 1),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_state_of_another_network_of_the_same_size_is_refused(entry):
    own, other = Trainer(WIDE), Trainer(DEEP)
    assert own.network.size == other.network.size
    for trainer, stranger in ((own, other), (other, own)):
        with pytest.raises(
            Refusal,
            match=one_sentence(
                "state must be of a network with weights of shape (2, ", "in layer 1; not weights of shape (2, "
            ),
        ):
            ENTRIES[entry](trainer, stranger.init())


def alike(state):
    """The same State, come by in other ways."""
    twin = Trainer(Config(samples=20, hidden=[2, 2], activation="relu", dropout=0.2))
    several = Trainer(WIDE).init(seeds=(3, 0))
    return {
        "copied": copy.copy(state),
        "copied deeply": copy.deepcopy(state),
        "pickled": pickle.loads(pickle.dumps(state)),
        "replaced": replace(state, step=0),
        "edited": Trainer(WIDE).edit(state, 0, float(state.params[0])),
        "of an equal network": Trainer(WIDE).init(),
        "of a network with other activations and masks": replace(twin.init(), params=state.params),
        "adopted": Trainer(WIDE).retune(replace(WIDE, dropout=0.2)).adopt(state),
        "one of several": several.replica(1),
        "part of several": several.part(np.array([False, True])).replica(0),
        "merged": several.with_part(np.array([True, False]), several.part(np.array([True, False]))).replica(1),
    }


@pytest.mark.parametrize("way", alike(Trainer(WIDE).init()))
def test_a_state_of_the_same_layout_is_the_networks_own(way):
    trainer = Trainer(WIDE)
    state = trainer.init()
    found = alike(state)[way]
    assert_same_state(trainer.run(found, 3), trainer.run(state, 3))
    assert_same(trainer.evaluate(found).train_loss, trainer.evaluate(state).train_loss)


def test_a_vector_of_another_length_is_refused_too():
    trainer = Trainer(WIDE)
    with pytest.raises(Refusal, match=one_sentence("state must have 15 parameters and 0 running averages", "not 14")):
        trainer.step(replace(trainer.init(), params=np.zeros(14)))


@final
@dataclass(frozen=True, slots=True)
class Averaging(Layer):
    """Passes its inputs on, and keeps averages that no group of parameters shows."""

    statistics: int = 0

    def forward(self, p, buffers):
        buffers.y[...] = buffers.x

    def backward(self, p, buffers, dy, g, dx):
        if dx is not None:
            dx[...] = dy


def averaging(*statistics):
    return Network(2, [*(Averaging(2, count) for count in statistics), dense(1, 2)])


def test_running_averages_are_part_of_the_layout():
    own = averaging(4, 2)
    trainer = Trainer(WIDE, problem=Problem.of(Trainer(WIDE).data, own))
    state = trainer.init()
    trainer.check(replace(state, layout=averaging(0, 4, 2).layout))
    with pytest.raises(Refusal, match=one_sentence("network with layers with (4, 2) running averages; not (2, 4)")):
        trainer.check(replace(state, layout=averaging(2, 4).layout))


@pytest.mark.parametrize("nothing", [None, 3, "state", np.zeros(15), Trainer, {"params": np.zeros(15)}])
@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_no_state_is_refused_in_one_sentence(entry, nothing):
    with pytest.raises(Refusal, match=one_sentence("state must be a State", "not ")):
        ENTRIES[entry](Trainer(WIDE), nothing)
