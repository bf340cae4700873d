import numpy as np
import pytest
from helpers import assert_same, assert_same_state
from race_fakes import RaceHarness

from engine import CLIPPINGS, OPTIMIZERS, Config, Trainer
from engine.race import Ending
from playground.race_page.choices import LAST_STEP
from playground.race_page.network_race import NetworkRace
from playground.race_page.sections import HEAD, NEVER, Section
from playground.race_page.settings import RaceSettings
from playground.runtime.frame import Status

SMALL = Config(dataset="xor", hidden=(4,), samples=100, dropout=(0.2,))
TIGHT = {hyperparameter.name: hyperparameter.low for hyperparameter in CLIPPINGS["norm"].hyperparameters}
LARGE = Config(hidden=(32, 32))
WILD = Config(dataset="plane", hidden=(8, 8), activation="relu", loss="squared_error", samples=100)


def race(config=SMALL, racers=("sgd", ("adam", 0.01)), **values):
    return NetworkRace(RaceSettings(surface="network", racers=list(racers), **values), lambda: config)


def losses(own):
    return own.heads(True)[:, HEAD.index("value")]


def alone(config, steps, **chosen):
    """What a Trainer by itself comes to: the state and its training loss."""
    trainer = Trainer(Config(**{**vars_of(config), **chosen}))
    state = trainer.run(trainer.init(), steps)
    return state, float(trainer.evaluate(state).train_loss)


def vars_of(config):
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


# What is the same for all


def test_all_begin_with_the_same_weights():
    own = race(racers=[name for name in OPTIMIZERS if not OPTIMIZERS[name].probes])
    assert len(set(losses(own))) == 1
    assert losses(own)[0] == alone(SMALL, 0)[1]
    first = own._lanes[0].state.params
    assert all(np.array_equal(lane.state.params, first) for lane in own._lanes)
    assert (own.cursor, own.length) == (0, 0)


@pytest.mark.parametrize("steps", [[25], [1, 7, 17]], ids=len)
def test_each_trains_as_it_would_alone(steps):
    racers = [
        ("sgd", 0.1), ("sgd", 0.1), ("adam", 0.01),
        {"optimizer": "momentum", "learning_rate": 0.05, "hyperparameters": {"momentum": 0.5}, "schedule": "step"},
    ]  # fmt: skip
    own = race(racers=racers)
    for part in steps:
        assert own.advance(part) == ""
    expected = [
        alone(SMALL, 25, optimizer="sgd", learning_rate=0.1), alone(SMALL, 25, optimizer="sgd", learning_rate=0.1),
        alone(SMALL, 25, optimizer="adam", learning_rate=0.01),
        alone(SMALL, 25, optimizer="momentum", learning_rate=0.05, optimizer_params={"momentum": 0.5}, schedule="step"),
    ]  # fmt: skip
    assert losses(own).tolist() == [loss for _, loss in expected]
    for lane, (state, _) in zip(own._lanes, expected, strict=True):
        assert_same_state(lane.state, state)
    assert own.cursor == own.length == 25


def test_the_networks_own_optimizer_and_clipping_give_way():
    own_way = {"optimizer": "adam", "learning_rate": 0.5, "clipping": "norm", "clipping_params": TIGHT}
    plain = {"optimizer": "sgd", "optimizer_params": {}, "learning_rate": 0.1}
    config = Config(**{**vars_of(SMALL), **own_way})
    own = race(config, racers=[("sgd", 0.1)])
    own.advance(10)
    assert losses(own)[0] == alone(SMALL, 10, **plain)[1]
    assert losses(own)[0] != alone(config, 10, **plain)[1], "the clipping would be felt"


def test_the_batches_are_the_same_for_all():
    """Whoever takes no steps still sees the same data: a rate of nothing leaves the weights where they were."""
    own = race(Config(hidden=(3,), samples=60), racers=[("sgd", 0.0), ("sgd", 0.1)])
    first = losses(own)[0]
    own.advance(20)
    idle, busy = own._lanes
    assert losses(own)[0] == first
    assert losses(own)[1] != first
    assert (idle.state.cursor, idle.state.epoch, idle.state.seeds) == (
        busy.state.cursor,
        busy.state.epoch,
        busy.state.seeds,
    )


# Other numbers on the way


def test_a_retune_goes_on_with_the_states():
    own = race(racers=[("momentum", 0.1), ("adam", 0.01)])
    own.advance(10)
    before = [lane.state for lane in own._lanes]
    own._settings.update({"racers": [("momentum", 0.02), ("adam", 0.01)]})
    own.retune()
    for lane, state in zip(own._lanes, before, strict=True):
        assert_same(lane.state.params, state.params)
        assert_same(lane.state.optimizer_state[0], state.optimizer_state[0])
        assert lane.state.step == 10
    own.advance(10)
    assert own.cursor == 20
    slow = Trainer(Config(**{**vars_of(SMALL), "optimizer": "momentum", "learning_rate": 0.02}))
    assert losses(own)[0] == float(slow.evaluate(slow.run(before[0], 10)).train_loss)
    assert losses(own)[1] == alone(SMALL, 20, optimizer="adam", learning_rate=0.01)[1]
    assert own.heads(False)[:, HEAD.index("rate")].tolist() == [0.02, 0.01]


def test_a_restart_is_the_first_race_again():
    own = race()
    first = losses(own).tolist()
    own.advance(12)
    after = losses(own).tolist()
    own.restart(300)
    assert (own.cursor, losses(own).tolist()) == (0, first)
    assert own.curves()["steps"].tolist() == [0]
    own.advance(12)
    assert losses(own).tolist() == after


# Who drops out


def test_one_that_diverges_ends_and_the_others_go_on():
    own = race(WILD, racers=[("sgd", 0.001), ("sgd", 100.0), ("adam", 0.001)])
    assert own.advance(40) == ""
    lane = own._lanes[1]
    assert own.fates() == ["", f"diverged at step {lane.ended}", ""]
    assert 0 < lane.ended <= 40
    ending, ended = (own.heads(False)[:, HEAD.index(name)] for name in ("ending", "ended"))
    assert ending.tolist() == [Ending.GOING, Ending.OVERFLOWED, Ending.GOING]
    assert ended.tolist() == [NEVER, lane.ended, NEVER]
    assert np.isfinite(losses(own)).all()
    assert lane.state.step == lane.ended - 1
    trainer = Trainer(Config(**{**vars_of(WILD), "optimizer": "sgd", "learning_rate": 100.0}))
    assert_same_state(lane.state, trainer.run(trainer.init(), lane.ended - 1))
    left, lane.trainer = losses(own)[1], None
    own.advance(20)  # without another step of the one that ended
    assert losses(own)[1] == left
    assert losses(own)[0] == alone(WILD, 60, optimizer="sgd", learning_rate=0.001)[1]


def test_when_all_have_diverged_it_says_so():
    own = race(WILD, racers=[("sgd", 100.0), ("momentum", 100.0)])
    assert own.advance(60).startswith("No racer is left")
    assert own.advance(1).startswith("No racer is left")


def test_a_rule_that_cannot_train_it_is_out_with_the_reason():
    own = race(LARGE, racers=["newton", ("sgd", 0.1)])
    (fate, fine) = own.fates()
    assert "newton" in fate
    assert "parameters" in fate
    assert fine == ""
    assert np.isnan(losses(own)[0])
    assert own.heads(False)[0, HEAD.index("ending")] != Ending.GOING
    assert own.advance(3) == ""
    own._settings.update({"racers": [("newton", 0.5), ("sgd", 0.2)]})
    own.retune()
    assert own.advance(3) == ""
    assert own.fates() == [fate, ""]
    assert np.isnan(own.curves()["curves"][0]).all()
    assert np.isfinite(own.curves()["curves"][1]).all()


def test_a_small_network_can_be_trained_by_every_rule():
    names = list(OPTIMIZERS)
    for part in (names[:10], names[10:]):
        own = race(Config(hidden=(2,), samples=50), racers=part)
        own.advance(3)
        assert own.fates() == [""] * len(part)


# What is seen


def test_curves_are_the_losses_on_the_way():
    own = race(racers=[("sgd", 0.1), ("adam", 0.01)])
    seen = [losses(own)]
    for _ in range(5):
        own.advance(2)
        seen.append(losses(own))
    shown = own.curves()
    assert shown["steps"].tolist() == [0, 2, 4, 6, 8, 10]
    assert_same(shown["curves"], np.array(seen).T)
    assert (shown["log"], shown["cursor"]) == (True, 10)


def test_there_is_no_map_no_card_no_winner_and_no_way_back():
    own = race()
    own.advance(5)
    own.seek(0)
    assert own.cursor == 5
    assert (own.winner, own.card(0)) == (NEVER, None)
    first, places, values = own.since(7)
    assert first == places.size == values.size == 0
    heads = own.heads(True)
    assert np.isnan(heads[:, :11]).all()
    assert (heads[:, HEAD.index("reached")] == NEVER).all()


def test_it_stops_at_the_last_step():
    own = race(Config(hidden=(), samples=50), racers=[("sgd", 0.01)])
    own.advance(LAST_STEP - 2)
    sentence = own.advance(10)
    assert own.cursor == LAST_STEP
    assert sentence == f"The race ends at step {LAST_STEP:,}; reset it to race again."
    assert len(own.curves()["steps"]) <= 400


# In a session


def test_a_network_is_raced_on_the_clock():
    own = RaceHarness(
        network=lambda: SMALL, surface="network", racers=[("sgd", 0.1), ("adam", 0.01)], speed=30
    ).opened()
    assert own.scene["surface"] is None
    assert own.screen.scenes[0][1] is None
    own.tell("play")
    own.pass_time(1)
    assert own.cursor == pytest.approx(30, abs=3)
    assert own.shot.status == Status.PLAYING
    own.tell("sweep")
    own.tell("back")  # there is no way back, nor a sweep
    assert own.session.status == Status.PLAYING
    own.tell("pause")
    shot = own.settle()
    assert (shot.status, shot.cursor) == (Status.PAUSED, own.cursor)
    assert own.screen.sweeps == own.screen.notices == []
    assert shot.read(Section.FATES) == ["", ""]
    charts = [shot.curves for shot in own.screen.shots if shot.curves is not None]
    assert charts[-1]["steps"][-1] == own.cursor
    own.tell("reset")
    assert own.settle().cursor == 0
    own.tell("set", values={"surface": "bowl"}, id=1)
    assert own.settle().generation == own.scene["generation"]
    assert own.scene["surface"]
