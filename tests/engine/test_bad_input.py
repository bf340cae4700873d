"""Bad input: one sentence that names the parameter, what is allowed and what came; and nothing half-built is left."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import fields, replace

import numpy as np
import pytest
from helpers import assert_same, assert_same_state, case, one_sentence

from engine import (
    ACTIVATIONS,
    CLIPPINGS,
    DATASETS,
    FEATURES,
    LIMITS,
    LOSSES,
    OPTIMIZERS,
    PLACEMENTS,
    PREPROCESSORS,
    TASKS,
    Config,
    HiddenLayer,
    Network,
    NetworkObjective,
    Problem,
    Refusal,
    Trainer,
    TrainingConfig,
    dense,
    dense_stack,
    load,
)
from engine.config import TUNED
from engine.gradient_check import check
from engine.hidden_space import look
from engine.landscape import heights, plane
from engine.layers import BatchNorm
from engine.look import FrameRequest, Unit, Viewer, plane_of
from engine.registry import brief

NAN, INF = float("nan"), float("inf")


@contextmanager
def refused(*parts):
    """A Refusal, thus a ValueError, of one sentence that holds all these parts."""
    with pytest.raises(Refusal, match=one_sentence(*parts)) as caught:
        yield
    sentence = str(caught.value)
    assert not re.search(r"[.!?]\s+[A-Z]", sentence), f"more than one sentence: {sentence}"
    assert sentence[0].isupper() or sentence.split()[0].isidentifier(), "begins with the parameter or like a sentence"


# Numbers


def outside(hyperparameter):
    """Values on both sides of a hyperparameter's range, the nearest ones first, and others that are no such numbers."""
    near = (
        (hyperparameter.low - 1, hyperparameter.high + 1)
        if hyperparameter.integer
        else (np.nextafter(hyperparameter.low, -INF), np.nextafter(hyperparameter.high, INF))
    )
    between = [hyperparameter.low + 0.5] if hyperparameter.integer else []
    return [
        *map(float, near),
        -1e300,
        1e300,
        *between,
        NAN,
        INF,
        -INF,
        "1",
        "",
        None,
        True,
        False,
        1j,
        b"1",
        {},
        object,
    ]


def refusals(hyperparameter, make, several=False):
    """Each value that the hyperparameter forbids is refused in a sentence with name, range and value."""
    kind = "a whole number" if hyperparameter.integer else "a number"
    lists = [
        [],
        ["1"],
        [hyperparameter.default, NAN],
        [[hyperparameter.low], [hyperparameter.low, hyperparameter.high]],
    ]
    for value in [
        *outside(hyperparameter),
        *lists,
        *([] if several else [[hyperparameter.default], np.array([hyperparameter.default] * 2)]),
    ]:
        with refused(f"{hyperparameter.name} must be {kind} between ", brief(value)):
            make(value)


def allowed_range(make):
    """The range that the refusal of a text speaks of."""
    with pytest.raises(Refusal) as caught:
        make("no number")
    return tuple(map(float, re.search(r"between (\S+) and (\S+);", str(caught.value)).groups()))


HYPERPARAMETERS = [
    pytest.param(owner, entry.name, hyperparameter, id=f"{owner}-{entry.name}-{hyperparameter.name}")
    for owner, registry in {**TUNED, "activation": ACTIVATIONS}.items()
    for entry in registry.values()
    for hyperparameter in entry.hyperparameters
]


@pytest.mark.parametrize(("owner", "name", "hyperparameter"), HYPERPARAMETERS)
def test_hyperparameters_out_of_range(owner, name, hyperparameter):
    def make(value):
        return Config(**{owner: name, f"{owner}_params": {hyperparameter.name: value}})

    refusals(hyperparameter, make, several=owner == "optimizer")
    assert allowed_range(make) == (hyperparameter.low, hyperparameter.high)
    for value in (hyperparameter.low, hyperparameter.high):
        make(value)


HOW = {
    "units": lambda value: {"hidden": (4, value)},
    "dropout": lambda value: {"dropout": (0.0, value)},
    "drop_connect": lambda value: {"drop_connect": (0.0, value)},
}
"""Numbers of which each layer has its own."""


@pytest.mark.parametrize("name", LIMITS)
def test_numbers_out_of_range(name):
    hyperparameter = LIMITS[name]

    def make(value):
        return Config(**HOW.get(name, lambda value: {name: value})(value))

    refusals(hyperparameter, make, several=name == "learning_rate")
    assert allowed_range(make) == (hyperparameter.low, hyperparameter.high)
    for value in (hyperparameter.low, hyperparameter.high):
        make(value)


@pytest.mark.parametrize("name", ["dropout", "drop_connect"])
@pytest.mark.parametrize("value", [None, 1j, {}, object, [0.1], np.zeros(300), ()], ids=repr)
def test_rates_for_another_number_of_layers(name, value):
    with refused(name, "one value, or one for each of 2 hidden layers", brief(value)):
        Config(**{name: value})


@pytest.mark.parametrize("value", [-1, 96, 1.0, NAN, INF, "0.1", True])
@pytest.mark.parametrize("name", ["dropout", "drop_connect"])
def test_one_rate_for_all_layers(name, value):
    with refused(name, "between 0 and 0.95", brief(value)):
        Config(**{name: value})


@pytest.mark.parametrize("value", [0, 1, None, "yes", np.array([True, False])], ids=repr)
def test_shuffle_is_yes_or_no(value):
    with refused("shuffle", "True or False", brief(value)):
        Config(shuffle=value)


# Names

CHOICES = {**TUNED, "dataset": DATASETS, "loss": LOSSES, "preprocessing": PREPROCESSORS}
NONFINITE = ["nonsense", "", "SGD", " sgd", None, 3, 0.5, ["sgd"], ("sgd",), {}, b"sgd", NAN]


def test_every_choice_by_name_is_tried():
    assert {field.name for field in fields(Config) if isinstance(field.default, str)} == {*CHOICES, "activation"}


@pytest.mark.parametrize("name", CHOICES)
def test_unknown_names(name):
    registry = CHOICES[name]
    for value in NONFINITE:
        with case(repr(value)), refused(registry.kind, *registry, brief(value)):
            Config(**{name: value})


@pytest.mark.parametrize("value", NONFINITE, ids=repr)
def test_unknown_activations(value):
    for activations in ([value], ["tanh", value]):
        with case(f"{len(activations)} layers"), refused("activation", *ACTIVATIONS, brief(value)):
            Config(hidden=(3,) * len(activations), activation=activations)


@pytest.mark.parametrize("value", NONFINITE, ids=repr)
def test_unknown_features(value):
    with refused("feature", *FEATURES, brief(value)):
        Config(features=["x1", value])


@pytest.mark.parametrize("value", [*NONFINITE, 0, 1], ids=repr)
def test_unknown_places_of_batch_norm(value):
    with refused("batch_norm", "True, False", *PLACEMENTS, brief(value)):
        Config(batch_norm=[True, value])


@pytest.mark.parametrize(("owner", "name"), [(owner, entry) for owner, registry in TUNED.items() for entry in registry])
def test_unknown_hyperparameters(owner, name):
    """Also beside all the right ones."""
    hyperparameters = TUNED[owner][name].hyperparameters
    right = {hyperparameter.name: hyperparameter.default for hyperparameter in hyperparameters}
    for unknown in ("nonsense", "", 1, None):
        with case(repr(unknown)), refused(f"{owner} {name}", repr(unknown), *(right or ["it has none"])):
            Config(**{owner: name, f"{owner}_params": {**right, unknown: 1.0}})


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_unknown_hyperparameters_of_activations(name):
    said = [hyperparameter.name for hyperparameter in ACTIVATIONS[name].hyperparameters] or ["none"]
    hyperparameters = {"nonsense": 1.0}
    for given in (hyperparameters, [{}, hyperparameters]):
        with case(given), refused("activation", "'nonsense'", *said):
            Config(activation=name, activation_params=given)


@pytest.mark.parametrize("owner", [*TUNED, "activation"])
def test_hyperparameters_that_are_no_mapping(owner):
    for value in (None, 3, "ab", [1, 2], [("beta1", 0.5)]):
        with case(repr(value)), refused(owner, "mapping" if owner != "activation" else ""):
            Config(**{f"{owner}_params": value})


# Shapes


@pytest.mark.parametrize("name", ["activation", "batch_norm"])
@pytest.mark.parametrize("value", [None, (), 1j, ["tanh"], [True, False, True], {}, np.array(["tanh"] * 99)], ids=repr)
def test_choices_for_another_number_of_layers(name, value):
    with refused(name, "one for each of 2 hidden layers", brief(value)):
        Config(**{name: value})


@pytest.mark.parametrize(
    ("choices", "parts"),
    [
        ({"hidden": 4}, ("hidden", "a sequence", "4")),
        ({"hidden": None}, ("hidden", "a sequence", "None")),
        ({"hidden": [2] * 51}, ("hidden", "between 0 and 50 layers", "51")),
        ({"features": None}, ("features", "a sequence", "None")),
        ({"features": ()}, ("features", "at least one feature", "()")),
        ({"features": ["x1"] * 500}, ("features", "each once", "'x1'")),
        ({"activation_params": [{}]}, ("activation_params", "one for each of 2 hidden layers", "({},)")),
        ({"learning_rate": [0.1, -1.0]}, ("learning_rate", "between 0 and 1000", "[0.1, -1.0]")),
        ({"learning_rate": np.full(99, NAN)}, ("learning_rate", "between 0 and 1000", "nan")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_shapes_of_choices(choices, parts):
    with refused(*parts):
        Config(**choices)


# Choices that do not go together


@pytest.mark.parametrize("optimizer", [name for name, rule in OPTIMIZERS.items() if rule.probes])
@pytest.mark.parametrize("clipping", [name for name, entry in CLIPPINGS.items() if entry.active])
def test_clipping_with_a_line_search(optimizer, clipping):
    with refused("clipping", "must be none", optimizer, f"not {clipping}"):
        Config(optimizer=optimizer, clipping=clipping)


@pytest.mark.parametrize("place", [True, "after"])
def test_single_samples_with_batch_norm(place):
    with refused("batch_size", "2 or more", "batch norm", "not 1"):
        Config(batch_norm=(False, place), batch_size=1)
    with refused("batch_norm", "at least 2 training points", "there is 1"):
        Trainer(Config(samples=2, batch_norm=place))


@pytest.mark.parametrize("size", [30, 1000, 100_000])
def test_a_batch_larger_than_the_data(size):
    with refused("batch_size", "between 1 and 29", '"all"', f"not {size}"):
        Trainer(Config(samples=58, batch_size=size))


UNFIT = [(loss.name, task) for loss in LOSSES.values() for task in TASKS if task not in loss.forms]


def test_rules_of_single_units_and_margins_do_not_fit_everything():
    assert {("hinge", "regression"), ("perceptron", "regression"), ("adaline", "regression")} <= set(UNFIT)
    assert {("perceptron", "multiclass"), ("adaline", "multiclass")} <= set(UNFIT)


@pytest.mark.parametrize(("loss", "task"), UNFIT)
def test_a_loss_that_does_not_fit_the_data(loss, task):
    """On built-in data of the task, and on one's own."""
    fitting = [name for name, entry in LOSSES.items() if task in entry.forms]
    sentence = one_sentence("loss must be", f"made for {TASKS[task].title}", *fitting, f"not {loss}")
    for dataset in (entry.name for entry in DATASETS.values() if entry.task == task):
        with pytest.raises(Refusal, match=sentence):
            Trainer(Config(loss=loss, dataset=dataset))
    with pytest.raises(Refusal, match=sentence):
        Trainer(Config(loss=loss), data=(X, LABELS[task]))


@pytest.mark.parametrize("optimizer", [name for name, rule in OPTIMIZERS.items() if rule.most_parameters])
def test_more_parameters_than_an_optimizer_takes(optimizer):
    most = OPTIMIZERS[optimizer].most_parameters
    wide = (32, 64, 32)
    size = Trainer(Config(hidden=wide)).network.size
    assert size > most
    with refused(f"optimizer {optimizer}", f"at most {most} parameters", f"has {size}"):
        Trainer(Config(optimizer=optimizer, hidden=wide))


# Data of one's own

X = np.random.default_rng(1).normal(size=(20, 2))
TWO = np.arange(20) % 2
LABELS = {"binary": TWO, "multiclass": np.arange(20) % 3, "regression": X[:, 0]}


def holding(value, place=(3, 1)):
    """The points with one number replaced."""
    points = X.copy()
    points[place] = value
    return points


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        # wrong shapes
        (X, ("a pair (X, y)", "array(")),
        ((X,), ("a pair (X, y)", "array(")),
        ((X, TWO, TWO), ("a pair (X, y)", "array(")),
        (5, ("a pair (X, y)", "5")),
        ("ab", ("a pair (X, y)", "'ab'")),
        ({"X": X, "y": TWO}, ("a pair (X, y)", "{'X'")),
        ((X[:, :1], TWO), ("points of shape (n, F), F from 2 to 784", "(20, 1)")),
        ((np.zeros((20, 785)), TWO), ("points of shape (n, F), F from 2 to 784", "(20, 785)")),
        ((X[:, 0], TWO), ("points of shape (n, F), F from 2 to 784", "(20,)")),
        ((X[None], TWO), ("points of shape (n, F), F from 2 to 784", "(1, 20, 2)")),
        ((X[:1], [0.5]), ("at least 2 points", "train_fraction=1")),
        (([], []), ("points of shape (n, F), F from 2 to 784", "(0,)")),
        ((X, TWO[:-1]), ("one label for each of its 20 points", "(19,)")),
        ((X, TWO[None]), ("one label for each of its 20 points", "(1, 20)")),
        ((X, TWO[:, None, None]), ("one label for each of its 20 points", "(20, 1, 1)")),
        ((X, 1), ("one label for each of its 20 points", "()")),
        (([[1, 2], [3]], [0, 1]), ("points of shape (n, F), F from 2 to 784", "[[1, 2], [3]]")),
        ((X, [[0], [1, 2]]), ("labels", "[[0], [1, 2]]")),
        # wrong types
        (([["a", "b"]] * 20, TWO), ("points", "numbers", "'a'")),
        (([["1", "2"]] * 20, TWO), ("points", "numbers", "'1'")),
        ((None, TWO), ("points", "numbers", "None")),
        ((X * 1j, TWO), ("points", "numbers", "j")),
        (([[10**400, 1]] * 20, TWO), ("points", "numbers", "[[1000")),
        ((X, [["no", "yes"]] * 20), ("labels", "numbers", "'no'")),
        ((X, [None] * 20), ("missing values", "None")),
        ((X, TWO * 1j), ("labels", "numbers", "j")),
        ((X, [10**400] * 20), ("labels", "numbers", "[1000")),
        # not finite, or so large that their squares are not
        ((holding(NAN), TWO), ("finite", "NaN")),
        ((holding(INF), TWO), ("finite", "infinite")),
        ((holding(-INF, (0, 0)), TWO), ("finite", "infinite")),
        ((X, np.where(TWO, NAN, 0.5)), ("finite", "NaN")),
        ((X, np.where(TWO, INF, 0.5)), ("finite", "infinite")),
        ((holding(-1e200), TWO), ("at most 1e+50", "1e+200")),
        ((X, X[:, 0] - 1e60), ("at most 1e+50", "1e+60")),
        # classes
        ((X, TWO * 0), ("at least two classes", "only of class 0")),
        ((X, TWO == 2), ("at least two classes", "only of class False")),
        ((X, TWO * 0 + 1), ("at least two classes", "only of class 1")),
        ((X, TWO * 0 + 7), ("at least two classes", "only of class 7")),
        ((X, ["a"] * 20), ("at least two classes", "only of class a")),
        ((np.tile(X, (20, 1)), np.arange(400)), ("at most 20 classes", "regression", "[0, 1, 2, 3,")),
        ((X, np.full(20, 2**64 - 1, np.uint64)), ("at least two classes", str(2**64 - 1))),
    ],
    ids=str,
)
def test_data_of_your_own(data, parts):
    with refused("data must", *parts):
        Trainer(Config(), data=data)


def test_choices_that_your_own_data_has_too_few_points_for():
    with refused("batch_size", "between 1 and 10", "not 11"):
        Trainer(Config(batch_size=11), data=(X, TWO))
    with refused("batch_norm", "at least 2 training points", "there is 1"):
        Trainer(Config(batch_norm=True), data=(X[:2], TWO[:2]))


@pytest.mark.parametrize("preprocessing", CHOICES["preprocessing"])
@pytest.mark.parametrize("size", [1e50, 1e-300])
def test_the_largest_and_the_smallest_points_are_taken(preprocessing, size):
    points = X / np.abs(X).max() * size
    trainer = Trainer(Config(features=list(FEATURES), preprocessing=preprocessing), data=(points, TWO))
    assert np.isfinite(trainer.data.inputs).all()


# What is left behind

GOOD = {"dataset": "multi_gauss", "samples": 58, "batch_size": 6, "optimizer": "adam", "hidden": (8, 8)}


@pytest.fixture
def trainer():
    return Trainer(Config(**GOOD, loss="squared_error", averaging="exponential", stopping="no_improvement"))


TOO_LATE = {
    "loss": ({"loss": "hinge"}, ("loss", "not hinge")),
    "a rule of single units": ({"loss": "perceptron", "learning_rate": 0.5}, ("loss", "not perceptron")),
    "batch size": ({"batch_size": 30, "optimizer": "sgd", "optimizer_params": {}}, ("batch_size", "29", "30")),
    "another shape": ({"hidden": (8, 9)}, ("needs a new Trainer", "shape")),
    "another seed": ({"seed": 1, "learning_rate": 0.5}, ("needs a new Trainer", "seed")),
    "pieces": ({"activation": "maxout"}, ("needs a new Trainer",)),
}


@pytest.mark.parametrize(("change", "parts"), TOO_LATE.values(), ids=list(TOO_LATE))
@pytest.mark.parametrize("seeds", [None, (4, 2)], ids=str)
def test_a_refused_retune_leaves_trainer_and_state_as_they_were(trainer, change, parts, seeds):
    state = trainer.run(trainer.init(seeds), 8)
    before = dict(vars(trainer))
    kept = trainer.run(state, 0), trainer.evaluate(state), trainer.inspect(state)[1].flat.copy()
    with pytest.raises(Refusal, match=one_sentence(*parts)):
        trainer.retune(replace(trainer.config, **change))
    assert vars(trainer) == before, "the very same parts"
    assert_same_state(state, kept[0])
    for one, other in zip(trainer.evaluate(state), kept[1], strict=True):
        assert_same(one, other)
    assert_same(trainer.inspect(state)[1].flat, kept[2])
    again = Trainer(trainer.config)
    assert_same_state(trainer.run(state, 20), again.run(again.init(seeds), 28))


def test_a_retune_refused_for_its_parameters_leaves_the_trainer_as_it_was():
    wide = Trainer(Config(hidden=(32, 32)))
    state = wide.run(wide.init(), 3)
    with refused("optimizer newton", f"at most {OPTIMIZERS['newton'].most_parameters} parameters", "1185"):
        wide.retune(replace(wide.config, optimizer="newton", batch_size="all"))
    again = Trainer(wide.config)
    assert_same_state(wide.run(state, 3), again.run(again.init(), 6))


@pytest.mark.parametrize(
    "change",
    [{"learning_rate": -1}, {"optimizer": "none"}, {"optimizer_params": {"beta1": 2}}, {"hidden": (8, 0)},
     {"dropout": (0.1, 1.0)}, {"features": ("x1", "x9")}, {"clipping": "norm", "optimizer": "lbfgs", "shuffle": 2}],
    ids=str,
)  # fmt: skip
def test_a_refused_config_leaves_nothing(change):
    """Neither in the one it would have replaced nor in what it was to be made from."""
    config = Config(**GOOD, optimizer_params={"beta1": 0.5})
    before = {field.name: getattr(config, field.name) for field in fields(config)}
    given = {name: dict(value) if isinstance(value, dict) else value for name, value in change.items()}
    with pytest.raises(Refusal):
        replace(config, **change)
    assert change == given
    assert {field.name: getattr(config, field.name) for field in fields(config)} == before
    assert dict(config.optimizer_params) == {"beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
    again = Config(**GOOD, optimizer_params={"beta1": 0.5})
    assert_same_state(*(t.run(t.init(), 7) for t in (Trainer(config), Trainer(again))))


def test_refused_data_is_left_alone():
    points, labels = holding(NAN), TWO.copy()
    copies = points.copy(), labels.copy()
    with pytest.raises(Refusal):
        Trainer(Config(), data=(points, labels))
    assert_same(points, copies[0])
    assert_same(labels, copies[1])
    points[3, 1] = 0.0
    assert Trainer(Config(), data=(points, labels)).data.task == "binary"


@pytest.mark.parametrize(
    "ask",
    [
        lambda trainer, state: trainer.edit(state, 0, NAN),
        lambda trainer, state: trainer.edit(state, 0, 1001),
        lambda trainer, state: trainer.edit(state, trainer.network.size, 1.0),
        lambda trainer, state: trainer.edit(state, [0, -1], 1.0),
        lambda trainer, state: trainer.init([0, -1]),
        lambda trainer, state: trainer.init([]),
        lambda trainer, state: trainer.predict(state, [[1.0, 2.0, 3.0]]),
    ],
    ids=["NaN", "too large", "no such place", "one of two places", "seed", "no seed", "points"],
)
def test_a_refused_question_changes_no_state(trainer, ask):
    state = trainer.run(trainer.init(), 8)
    kept = replace(state, params=state.params.copy())
    with pytest.raises(Refusal, match=one_sentence()):
        ask(trainer, state)
    assert_same_state(state, kept)
    again = Trainer(trainer.config)
    assert_same_state(trainer.run(state, 5), again.run(again.init(), 13))


# Things of another kind

OWN = load(Config(samples=20))
NET = dense_stack(2, [HiddenLayer(3)], 1)
SMALL = Trainer(Config(samples=20, hidden=(3,)))
FIRST = SMALL.init()
WIDER = load(Config(), (np.random.default_rng(1).normal(size=(9, 3)), [0, 1, 2] * 3))
VIEWER = Viewer(SMALL, 10, 4)


def focused(layer, unit):
    """A request for one unit's map."""
    return FrameRequest(focus=Unit(layer, unit))


DOORS = {
    "load": (load, "config must be a DataConfig", [None, 3, Config, TrainingConfig()]),
    "Trainer": (Trainer, "config must be a Config", [None, 3, Config, TrainingConfig()]),
    "problem": (lambda value: Trainer(Config(), problem=value), "problem must be a Problem", [3, OWN, Problem]),
    "training": (lambda value: Trainer(value, problem=SMALL.problem), "config must be a TrainingConfig", [3, None]),
    "retune": (SMALL.retune, "config must be a Config", [3, None]),
    "rebuilds": (Config().rebuilds, "other must be a Config", [3, None]),
    "width": (lambda value: dense(value, 2), "width must be a whole number", [0, -1, 2.5, 2.0, "2", None, True]),
    "fan_in": (lambda value: dense(2, value), "fan_in must be a whole number", [0, -1, 2.5, "2", None, True]),
    "initialization": (lambda value: dense(2, 2, value), "initialization must be an Initialization", [3, None]),
    "norm": (BatchNorm, "width must be a whole number", [0, -1, "2"]),
    "Network": (
        lambda value: Network(value, [dense(1, 2)]), "inputs must be a whole number", [0, -2, 2.0, "2", None, True]
    ),
    "inputs": (lambda value: dense_stack(value, [], 1), "inputs must be a whole number", [0, None, "2"]),
    "outputs": (lambda value: dense_stack(2, [], value), "width must be a whole number", [0, None, "2"]),
    "hidden": (lambda value: dense_stack(2, value, 1), "hidden must be a", [3, None, [3], [None]]),
    "input_noise": (lambda value: dense_stack(2, [], 1, input_noise=value), "input_noise must be", [-1, "a", None]),
    "stack start": (lambda value: dense_stack(2, [], 1, value), "initialization must be an Initialization", [3, None]),
    "units": (HiddenLayer, "units must be a whole number", [0, None, "2", 2.0]),
    "dropout": (lambda value: HiddenLayer(2, dropout=value), "dropout must be", [2.0, "a", None]),
    "drop_connect": (lambda value: HiddenLayer(2, drop_connect=value), "drop_connect must be", [2.0, "a", None]),
    "Problem data": (lambda value: Problem.of(value, NET), "data must be a Data", [None, NET, (X, TWO)]),
    "Problem network": (lambda value: Problem.of(OWN, value), "network must be a Network", [None, OWN]),
    "Problem objective": (lambda value: Problem(OWN, NET, value), "objective must be a NetworkObjective", [None, 3]),
    "Problem frozen": (lambda value: Problem.of(OWN, NET, frozen=value), "frozen must be a sequence", [3, None]),
    "Problem remarks": (lambda value: Problem.of(OWN, NET, remarks=value), "remarks must be a sequence", [3, None]),
    "objective": (lambda value: NetworkObjective(value, None, None, 0.0), "network must be a Network", [None, 3]),
    "form": (lambda value: NetworkObjective(NET, value, None, 0.0), "form must be a Form", [None, 3]),
    "position": (lambda value: SMALL.edit(FIRST, value, 1.0), "position must be", [None, "a", [[0], [1, 2]], [[0, 1]]]),
    "points": (lambda value: SMALL.predict(FIRST, value), "points must be", [None, "ab", 3, [], [[1], [1, 2]]]),
    "steps": (lambda value: SMALL.run(FIRST, value), "steps must be", ["a", None, -1, 0.5]),
    "source": (lambda value: NET.weight_position(1, value, 0), "source must be", [None, "0", 0.5, 2, -1]),
    "target": (lambda value: NET.weight_position(1, 0, value), "target must be", [None, "0", 0.5, 3, -1]),
    "unit": (lambda value: NET.bias_position(1, value), "unit must be", [None, "0", 0.5, 3, -1]),
    "layer": (lambda value: NET.bias_position(value, 0), "layer must be", [None, "1", 0.5, 0, 3]),
    "seed": (NET.init, "seed must be", [None, "a", -1]),
    "check": (lambda value: check(value, FIRST), "trainer must be a Trainer", [None, 3]),
    "hidden space": (lambda value: look(value, FIRST, 1), "trainer must be a Trainer", [None, 3]),
    "before": (lambda value: look(SMALL, FIRST, 1, before=value), "before must be a HiddenSpace", [3]),
    "hidden plane": (lambda value: look(SMALL, FIRST, 1, plane=value), "plane must be a DataPlane", [3]),
    "landscape": (lambda value: plane(value, FIRST, "random", 0), "trainer must be a Trainer", [None, 3]),
    "heights of": (lambda value: heights(value, None), "trainer must be a Trainer", [None, 3]),
    "heights": (lambda value: heights(SMALL, value), "plane must be a Plane", [None, 3]),
    "Viewer": (Viewer, "trainer must be a Trainer", [None, 3]),
    "grid": (lambda value: Viewer(SMALL, value), "grid must be a whole number", [0, None, "a"]),
    "tile": (lambda value: Viewer(SMALL, 10, value), "tile must be a whole number", [0, None, "a"]),
    "plane": (lambda value: Viewer(SMALL, 10, 4, value), "plane must be a DataPlane", [3]),
    "request": (lambda value: VIEWER.look(FIRST, value), "request must be a FrameRequest", [3, None]),
    "focus": (lambda value: FrameRequest(focus=value), "focus must be a Unit", [3, (1, 0)]),
    "quantities": (lambda value: FrameRequest(quantities=value), "quantities must be a tuple", [3, None]),
    "focus layer": (lambda value: VIEWER.look(FIRST, focused(value, 0)), "layer must be", [-1, 3, "1"]),
    "focus unit": (lambda value: VIEWER.look(FIRST, focused(1, value)), "unit must be", [-1, 3, "1"]),
    "curve": (lambda value: VIEWER.look(FIRST, FrameRequest(curve=value)), "curve must be", [3, -1, "1", 0.5]),
    "close up": (lambda value: VIEWER.close_up(FIRST, value, "weight"), "layer must be", [0, 3, "1", None]),
    "several": (lambda seeds: VIEWER.look(SMALL.init(seeds)), "state must be of one network", [(0, 1)]),
    "plane of": (plane_of, "data must be a Data", [None, 3, (X, TWO)]),
    "columns": (lambda value: plane_of(WIDER, value), "plane must be a pair", [3, (1,), (0, 1, 2), "x1"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("door", "value"), [(door, value) for door, (_, _, values) in DOORS.items() for value in values]
)
def test_what_is_of_another_kind_is_refused_in_one_sentence(door, value):
    enter, parts, _ = DOORS[door]
    with refused(parts, "not "):
        enter(value)
