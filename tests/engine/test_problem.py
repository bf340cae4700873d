"""A problem is data, a network and an objective: put together by hand, or by a Config."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, one_sentence

from engine import OPTIMIZERS, Config, DataConfig, Problem, Trainer, TrainingConfig, dense_stack, load
from engine.dense_stack import HiddenLayer
from engine.gradient_check import check
from engine.registry import brief

# The example of two inputs, two hidden and two output units that many textbooks compute by hand: sigmoids, half the
# squared error, a rate of 0.5, and biases that are not trained. Weights are (from, to), biases last, layer by layer.
FIRST = [0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60]
AFTER = [
    0.149780716, 0.24975114, 0.19956143, 0.29950229, 0.35, 0.35,
    0.35891648, 0.511301270, 0.408666186, 0.561370121, 0.60, 0.60,
]  # fmt: skip
TEXTBOOK = ([[0.05, 0.10]], [[0.01, 0.99]])


def by_config():
    config = Config(
        hidden=(2,), activation="sigmoid", loss="squared_error", frozen="biases", learning_rate=0.5, train_fraction=1
    )
    return Trainer(config, data=TEXTBOOK, task="multilabel")


def by_hand():
    data = load(DataConfig(train_fraction=1), TEXTBOOK, "multilabel")
    network = dense_stack(2, [HiddenLayer(2, "sigmoid")], 2)
    problem = Problem.of(data, network, "squared_error", frozen=("biases",))
    return Trainer(TrainingConfig(learning_rate=0.5), problem=problem)


@pytest.mark.parametrize("make", [by_config, by_hand])
def test_the_textbook_example_with_two_outputs(make):
    trainer = make()
    state = replace(trainer.init(), params=np.array(FIRST))
    assert_close(trainer.evaluate(state).train_loss, 0.298371109, rtol=1e-8)  # nine digits are printed
    assert_close(trainer.predict(state, TEXTBOOK[0]), [[0.75136507, 0.772928465]], rtol=1e-8)
    after = trainer.step(state)
    assert_close(after.params, AFTER, rtol=3e-8)
    assert_same(after.params[[4, 5, 10, 11]], state.params[[4, 5, 10, 11]])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("group", ["weights", "biases", "scale", "slopes"])
def test_what_is_frozen_stays_where_it_is(optimizer, group):
    """Whatever the rule: weight decay, the sign of nothing, a Hessian of which rows are missing."""
    choices = {"hidden": (3,), "activation": "prelu", "batch_norm": "after", "samples": 40, "optimizer": optimizer}
    decay = (
        {"weight_decay": 0.1}
        if any(one.name == "weight_decay" for one in OPTIMIZERS[optimizer].hyperparameters)
        else {}
    )
    rate = OPTIMIZERS[optimizer].usual_rate
    trainer = Trainer(Config(**choices, frozen=(group,), learning_rate=rate, optimizer_params=decay))
    first = trainer.init()
    moved = trainer.run(first, 8).params != first.params
    for one in trainer.network.groups:
        assert moved[one.positions].all() == (one.name != group)
        assert moved[one.positions].any() == (one.name != group)


def test_a_frozen_network_is_one_with_fewer_parameters(rng):
    """Newton's step among the others is that of the Hessian without the frozen rows and columns."""
    trainer = Trainer(
        Config(
            hidden=(2,),
            samples=20,
            batch_size="all",
            optimizer="newton",
            learning_rate=1,
            frozen="biases",
            optimizer_params={"line_search": 0, "damping": 1e-6},
        )
    )
    state = trainer.init()
    free = trainer.objective.trainable > 0
    _, gradients = trainer.inspect(state)
    gradient = gradients.flat.copy()
    assert not gradient[~free].any()
    change = trainer.step(state).params - state.params
    curved = trainer.retune(replace(trainer.config, optimizer_params={"line_search": 0, "damping": 100}))
    assert not change[~free].any()
    assert change[free].all()
    assert_close(curved.step(curved.adopt(state)).params - state.params, -gradient / 100, rtol=1e-6)


def test_frozen_groups_are_those_of_the_network():
    with pytest.raises(ValueError, match=one_sentence("frozen", "weights, biases", "'slopes'")):
        Trainer(Config(frozen=("slopes",)))
    with pytest.raises(ValueError, match=one_sentence("frozen must be a sequence")):
        Config(frozen=3)


@pytest.mark.parametrize(
    "wrong", [(4, "biases"), (0, "biases"), (2, "scale"), ("biases", 2), (2, "biases", 1), 2, None, {2}]
)
def test_frozen_groups_of_one_layer_are_those_of_the_network(wrong):
    with pytest.raises(
        ValueError, match=one_sentence("frozen", "weights, biases", "(layer, name)", "1 to 3", brief(wrong))
    ):
        Trainer(Config(frozen=("weights", wrong)))


def test_a_pair_alone_is_not_taken_for_two_names():
    with pytest.raises(ValueError, match=one_sentence("frozen", "(layer, name)", "not 2")):
        Trainer(Config(frozen=(2, "biases")))


@pytest.mark.parametrize("optimizer", ["sgd", "adamw", "newton"])
@pytest.mark.parametrize("pair", [(2, "biases"), [2, "biases"]])
def test_a_group_of_one_layer_stays_where_it_is(optimizer, pair):
    trainer = Trainer(Config(samples=20, frozen=(pair, (3, "weights")), optimizer=optimizer))
    first = trainer.init()
    moved = trainer.run(first, 3).params != first.params
    for group in trainer.network.groups:
        still = (group.layer, group.name) in {(2, "biases"), (3, "weights")}
        assert not moved[group.positions].any() if still else moved[group.positions].all()
    left_out = {(group.layer, group.group) for group in check(trainer, first)}
    assert left_out == {(1, "weights"), (1, "biases"), (2, "weights"), (3, "biases")}


def test_of_a_network_that_is_frozen_nothing_is_checked():
    trainer = Trainer(Config(samples=20, frozen=("weights", "biases")))
    assert check(trainer, trainer.init()) == ()


@pytest.mark.parametrize(
    ("frozen", "norm", "said"),
    [
        ("biases", True, True),
        ("biases", (False, "after"), True),
        (("biases", "shift"), True, False),
        ("biases", False, False),
        (((3, "biases"),), True, False),
        ("shift", True, False),
        ("weights", True, False),
    ],
)
def test_a_shift_that_is_trained_although_biases_are_not_is_remarked_on(frozen, norm, said):
    remarks = Trainer(Config(samples=20, frozen=frozen, batch_norm=norm)).remarks
    sentence = 'The shift of batch norm is trained although biases are frozen; name "shift" too to freeze it.'
    assert remarks == [sentence] * said


def test_frozen_groups_are_not_checked():
    trainer = Trainer(Config(frozen=("biases",)))
    assert {one.group for one in check(trainer, trainer.init())} == {"weights"}


def test_freezing_goes_on_with_the_same_network():
    trainer = Trainer(Config())
    state = trainer.run(trainer.init(), 5)
    frozen = trainer.retune(Config(frozen=("weights",)))
    after = frozen.run(frozen.adopt(state), 5)
    moved = after.params != state.params
    assert {one.name for one in trainer.network.groups if moved[one.positions].any()} == {"biases"}


def test_a_problem_by_hand_is_the_one_that_a_config_makes():
    config = Config(regularization="l2", regularization_rate=0.1, optimizer="adam")
    ours = Trainer(config)
    network = dense_stack(2, [HiddenLayer(4), HiddenLayer(2)], 1)
    problem = Problem.of(load(config), network, regularization="l2", regularization_rate=0.1)
    theirs = Trainer(TrainingConfig(optimizer="adam"), problem=problem)
    assert_same(ours.run(ours.init(), 30).params, theirs.run(theirs.init(), 30).params)


def test_a_problem_takes_a_training_config_and_no_other_data():
    problem = by_hand().problem
    for given in ({"data": TEXTBOOK}, {"task": "regression"}):
        with pytest.raises(ValueError, match=one_sentence("problem", "no other data")):
            Trainer(TrainingConfig(), **given, problem=problem)
    with pytest.raises(ValueError, match=one_sentence("config must be a Config")):
        Trainer(TrainingConfig())
    assert isinstance(Trainer(Config(), problem=problem).training, TrainingConfig)
    with pytest.raises(ValueError, match=one_sentence("problem", "no Config")):
        by_hand().config  # noqa: B018


@pytest.mark.parametrize("loss", ["hinge", "perceptron"])
def test_a_loss_is_one_for_the_task(loss):
    data = load(DataConfig(), (np.eye(2), [0.5, 1.5]))
    with pytest.raises(ValueError, match=one_sentence("loss", "values", f"not {loss}")):
        Problem.of(data, dense_stack(2, [], 1), loss)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf"), "a", None])
def test_a_rate_is_in_its_range(rate):
    data = load(DataConfig(), (np.eye(2), [0.5, 1.5]))
    with pytest.raises(ValueError, match=one_sentence("regularization_rate must be", "0 and 100")):
        Problem.of(data, dense_stack(2, [], 1), "squared_error", "l2", rate)


def test_beside_a_problem_a_whole_config_does_not_speak_of_the_network():
    data = load(DataConfig(), (np.eye(2), [0.5, 1.5]))
    problem = Problem.of(data, dense_stack(2, [], 1), "squared_error")
    trainer = Trainer(Config(hidden=(9,), learning_rate=0.5), problem=problem)
    assert trainer.training.learning_rate == 0.5
    with pytest.raises(ValueError, match=one_sentence("problem", "no Config")):
        trainer.config  # noqa: B018


@pytest.mark.parametrize("after", ["sgd", "adagrad", "newton"])
def test_a_state_of_another_optimizer_is_refused_and_adopted(after):
    state = Trainer(Config(optimizer="adam")).init()
    trainer = Trainer(Config(optimizer=after, batch_size="all"))
    with pytest.raises(ValueError, match=one_sentence("state", after, "adopt")):
        trainer.step(state)
    assert trainer.step(trainer.adopt(state)).finite


def test_a_state_of_another_stopping_criterion_is_refused_and_adopted():
    state = Trainer(Config()).init()
    trainer = Trainer(Config(stopping="no_improvement"))
    with pytest.raises(ValueError, match=one_sentence("state", "no_improvement", "adopt")):
        trainer.step(state)
    assert trainer.step(trainer.adopt(state)).finite


OTHER = Trainer(Config(hidden=(4, 3)))
NORMED = Trainer(Config(hidden=(4, 2), batch_norm=True))


@pytest.mark.parametrize("other", [OTHER, NORMED], ids=["shape", "statistics"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda trainer, state: trainer.step(state),
        lambda trainer, state: trainer.run(state, 0),
        lambda trainer, state: trainer.evaluate(state),
        lambda trainer, state: trainer.evaluated(state),
        lambda trainer, state: trainer.predict(state, [[0, 1]]),
        lambda trainer, state: trainer.inspect(state),
        lambda trainer, state: trainer.edit(state, 0, 1.0),
        lambda trainer, state: trainer.adopt(state),
        lambda trainer, state: trainer.resume(state),
        lambda trainer, state: check(trainer, state),
    ],
    ids=["step", "run", "evaluate", "evaluated", "predict", "inspect", "edit", "adopt", "resume", "check"],
)
def test_a_state_of_another_network_is_refused(other, ask):
    trainer = Trainer(Config(hidden=(4, 2)))
    with pytest.raises(ValueError, match=one_sentence("state must have 25 parameters", "0 running averages", "not")):
        ask(trainer, other.init())
