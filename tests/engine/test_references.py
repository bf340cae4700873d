"""The engine against implementations that are not ours: tests/reference, made by PyTorch and SciPy.

The JSON files name the entries, their hyperparameters and the numbers; nothing here knows a formula. Both sides compute
in float64, in another order, so they agree to 1e-10 relative; ``ROUNDING`` is for numbers that pass through zero.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from helpers import assert_close

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    CLIPPINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    SURFACES,
    TASKS,
    HiddenLayer,
    NetworkObjective,
    SurfaceObjective,
    dense_stack,
)
from engine.arrays import with_ones
from engine.registry import complete

TESTS = Path(__file__).resolve().parents[1]
REFERENCE = TESTS / "reference"
ROUNDING = 1e-15


def read(name):
    return json.loads((REFERENCE / f"{name}.json").read_text())


ACTIVATION, BATCH_NORM, INITIALIZER, LOSS, NET, SECOND_ORDER, TRAINING = map(
    read, ("activations", "batch_norm", "initializers", "losses", "network", "second_order", "training")
)
TRAJECTORIES = [read(f"trajectories/{path.stem}") for path in sorted((REFERENCE / "trajectories").glob("*.json"))]


def agree(actual, expected, atol=ROUNDING):
    assert_close(actual, expected, rtol=1e-10, atol=atol)


def numbers(entry, chosen):
    """All hyperparameters of an entry; refuses a hyperparameter of the file that the entry does not have."""
    return complete(entry.hyperparameters, chosen, entry.name)


def shown(*parts):
    """An id from names, numbers and hyperparameters."""
    words = (
        " ".join(f"{name}={value}" for name, value in part.items()) if isinstance(part, dict) else str(part)
        for part in parts
    )
    return "-".join(filter(None, words))


def cases(rows, *keys):
    """One parameter per row, named by some of its fields."""
    return [pytest.param(row, id=shown(*(row[key] for key in keys))) for row in rows]


# Optimizers


class SurfaceTask:
    """A surface; every step sees the same."""

    def __init__(self, name):
        self.objective = SurfaceObjective(SURFACES[name])

    def gradient(self, params, step):
        return self.objective.value_and_gradient(params)[1]

    def probe(self, params, step):
        return self.objective.probe(params)


class NetTask:
    """A net on its fixed data, batch after batch."""

    def __init__(self, hidden, batch, regularization="none", rate=0.0):
        self.inputs = with_ones(np.array(NET["inputs"]))
        self.targets = TASKS[NET["task"]].targets(np.array(NET["labels"]), 1)
        layers = [HiddenLayer(units, NET["activation"]) for units in hidden]
        self.network = dense_stack(len(NET["inputs"][0]), layers, 1)
        form, entry = LOSSES[NET["loss"]].forms[NET["task"]], REGULARIZERS[regularization]
        self.objective = NetworkObjective(self.network, form, entry, rate, numbers(entry, {}))
        self.batch = batch

    def buffers(self, params, step):
        """Parameters, a batch, and arrays for the passes."""
        first = step * self.batch % len(self.inputs)
        rows = slice(first, first + self.batch)
        tape = self.network.tape("train", (), self.batch)
        bound, gradients = self.network.bind(params.copy()), self.network.gradients(tape, ())
        return bound, self.inputs[rows], self.targets[rows], tape, gradients

    def gradient(self, params, step):
        return self.objective.value_and_gradient(*self.buffers(params, step))[1]

    def probe(self, params, step):
        buffers = self.buffers(params, step)
        return self.objective.probe(self.objective.value_and_gradient(*buffers)[0], *buffers)


def task_of(run):
    if run["objective"] == "net":
        return NetTask(NET["hidden"], run["batch"])
    return SurfaceTask(run["objective"])


def descend(entry, task, start, hyperparameters, rates):
    """The parameters (steps, P) after each step, one for each rate."""
    params, path = np.array(start), []
    optimizer_state = entry.init(params)
    for step, rate in enumerate(rates):
        more = (task.probe(params, step),) if entry.probes else ()
        now = {**hyperparameters, "learning_rate": rate}
        change, optimizer_state = entry.update(task.gradient(params, step), optimizer_state, params, step, now, *more)
        params = params + change
        path.append(params)
    return np.array(path)


RUNS = [
    pytest.param(file["optimizer"], run, id=shown(file["optimizer"], run["objective"], run["hyperparameters"]))
    for file in TRAJECTORIES
    for run in file["runs"]
]


@pytest.mark.parametrize(("name", "run"), RUNS)
def test_trajectory(name, run):
    entry = OPTIMIZERS[name]
    rates = np.where(np.arange(len(run["path"])) < run["change_at"], run["rate"], run["rate_after"])
    path = descend(entry, task_of(run), run["start"], numbers(entry, run["hyperparameters"]), rates)
    # The file says how far a nudge of 1e-14 at the start grows on the way, and rounding nudges at every step: 8e-12
    # for L-BFGS without a line search, on parameters of size 1; at most 4e-14 for all others.
    agree(path, run["path"], atol=10 * run["nudge"])


def test_the_net_of_the_trajectories():
    """Value, gradient and Hessian at the start; the Hessian is ours by differences."""
    task = NetTask(NET["hidden"], len(NET["inputs"]))
    params = np.array(NET["params"])
    agree(task.gradient(params, 0), NET["gradient"])
    probe = task.probe(params, 0)
    agree(probe.value, NET["value"])
    # Differences over 2e-5 cost 1e-16 / 2e-5 by rounding, and 1e-10 / 6 of the fourth derivative.
    assert_close(probe.hessian(params), NET["hessian"], rtol=0, atol=1e-9)


class Known(NamedTuple):
    """A probe that knows the Hessian from the file."""

    value: float
    at: None
    hessian: Callable


def look_at(row):
    """Parameters, gradient and probe of a row of the second-order file."""
    if row["objective"] == "net":
        return np.array(NET["params"]), np.array(NET["gradient"]), Known(0.0, None, lambda w: np.array(NET["hessian"]))
    surface, params = SURFACES[row["objective"]], np.array(row["point"])
    agree(surface.gradient(params), row["gradient"])
    agree(surface.hessian(params), row["hessian"])
    return params, np.array(row["gradient"]), SurfaceObjective(surface).probe(params)


@pytest.mark.parametrize("row", cases(SECOND_ORDER["newton"], "objective", "hyperparameters"))
def test_the_direction_of_newton(row):
    """SciPy's comes from a polar decomposition, ours from eigenvectors."""
    entry = OPTIMIZERS[row["optimizer"]]
    params, gradient, probe = look_at(row)
    hyperparameters = {**numbers(entry, row["hyperparameters"]), "learning_rate": 1.0}
    change, _ = entry.update(gradient, entry.init(params), params, 0, hyperparameters, probe)
    agree(change, row["direction"])


def test_the_matrix_of_bfgs():
    """Along a path that is not its own."""
    file = SECOND_ORDER["bfgs"]
    entry = OPTIMIZERS[file["optimizer"]]
    points, gradients = np.array(file["points"]), np.array(file["gradients"])
    hyperparameters = {**numbers(entry, {"line_search": 0}), "learning_rate": 0.5}
    optimizer_state = entry.init(points[0])
    for step, (params, gradient) in enumerate(zip(points, gradients, strict=True)):
        change, optimizer_state = entry.update(
            gradient, optimizer_state, params, step, hyperparameters, Known(0.0, None, None)
        )
        if step:
            matrix = np.array(file["inverse_hessians"][step - 1])
            agree(optimizer_state.H, matrix)
            agree(change, -0.5 * matrix @ gradient)


def task_of_minimum(case):
    if "regularization" in case:
        return NetTask([], len(NET["inputs"]), case["regularization"], case["regularization_rate"])
    return SurfaceTask(case["objective"])


MINIMA = [
    pytest.param(name, case, id=shown(name, case["objective"]))
    for case in SECOND_ORDER["minima"]
    for name in case["optimizers"]
]


@pytest.mark.parametrize(("name", "case"), MINIMA)
def test_the_minima_that_scipy_finds(name, case):
    """A decrease of less than 1e-16 of the loss is invisible, and so is a way of less than 1e-8 from a minimum."""
    entry = OPTIMIZERS[name]
    task = task_of_minimum(case)
    end = descend(entry, task, case["start"], numbers(entry, {}), [1.0] * 60)[-1]
    assert_close(end, case["minimum"], rtol=0, atol=1e-7)
    agree(task.probe(end, 0).value, case["value"])


# Activations


@pytest.mark.parametrize("curve", cases(ACTIVATION["curves"], "activation", "hyperparameters"))
def test_activation(curve):
    entry = ACTIVATIONS[curve["activation"]]
    values = numbers(entry, curve["hyperparameters"]).values()
    z = np.array(ACTIVATION["z"])
    a = entry.f(z, np.empty_like(z), *values)
    # PyTorch's GELU and our sigmoid lose the digits of what they add to 1, half a unit in its last place.
    agree(a, curve["f"], atol=5e-16)
    agree(entry.df(z, a, np.empty_like(z), *values), curve["df"], atol=5e-16)


def test_the_tail_of_gelu():
    tail = ACTIVATION["tail"]
    entry, z = ACTIVATIONS[tail["activation"]], np.array(tail["z"])
    a = entry.f(z, np.empty_like(z))
    agree(a, tail["f"], atol=0)
    agree(entry.df(z, a, np.empty_like(z)), tail["df"], atol=0)


def test_the_learned_slope_of_prelu():
    learned = ACTIVATION["learned"]
    entry = ACTIVATIONS[learned["activation"]]
    z = np.array(ACTIVATION["z"])
    a = entry.f(z, np.empty_like(z), learned["slope"])
    agree(entry.learned(z, a, np.empty_like(z), learned["slope"]), learned["gradient"])


@pytest.mark.parametrize("case", cases(ACTIVATION["maxout"], "activation", "pieces"))
def test_maxout(case):
    weights, biases = np.array(case["weights"]), np.array(case["biases"])
    inputs, upstream = np.array(case["inputs"]), np.array(case["upstream"])
    entry = ACTIVATIONS[case["activation"]]
    hyperparameters = {hyperparameter.name: case["pieces"] for hyperparameter in entry.hyperparameters}
    network = dense_stack(weights.shape[0], [HiddenLayer(weights.shape[1], entry.name, hyperparameters)], 1)
    params = np.zeros(network.size)
    params[network.weight_positions[0]] = weights
    params[network.bias_positions[0]] = biases
    bound, tape = network.bind(params), network.tape("train", (), len(inputs))
    gradients = network.gradients(tape, ())
    network.forward(bound, with_ones(inputs), tape)
    agree(tape.layers[0].post, case["outputs"])

    own = gradients.parameters.views
    dz, dx = np.empty_like(tape.layers[0].pre), np.empty_like(inputs)
    network.layers[1].backward(bound.views[1], tape.buffers[1], upstream, own[1], dz)
    network.layers[0].backward(bound.views[0], tape.buffers[0], dz, own[0], dx)
    agree(dx, case["dinputs"])
    agree(gradients.flat[network.weight_positions[0]], case["dweights"])
    agree(gradients.flat[network.bias_positions[0]], case["dbiases"])


# Losses


@pytest.mark.parametrize("case", cases(LOSS["cases"], "loss", "task"))
def test_loss(case):
    form = LOSSES[case["loss"]].forms[case["task"]]
    z = np.array(case["scores"])
    targets = TASKS[case["task"]].targets(np.array(case["labels"]), z.shape[-1])
    agree(form.value(z, targets), case["value"])
    agree(form.gradient(z, targets, np.empty_like(z)), case["gradient"])


# Batch norm


class Normalised:
    """A net whose first layer passes its inputs on to batch norm as they are."""

    def __init__(self, batch, mode):
        gamma, beta = np.array(BATCH_NORM["gamma"]), np.array(BATCH_NORM["beta"])
        self.width = len(gamma)
        self.network = dense_stack(self.width, [HiddenLayer(self.width, "linear", batch_norm="before")], 1)
        flat = np.zeros(self.network.size)
        flat[self.network.weight_positions[0][..., 0]] = np.eye(self.width)
        self.bound = self.network.bind(flat)
        self.bound.views[1].gamma[...], self.bound.views[1].beta[...] = gamma, beta
        self.tape = self.network.tape(mode, (), batch)
        self.gradients = self.network.gradients(self.tape, ())

    def compare(self, case):
        x, dy = np.array(case["x"]), np.array(case["dy"])
        self.network.forward(self.bound, with_ones(x), self.tape)
        agree(self.tape.layers[0].pre, case["y"])
        dx, own = np.empty_like(x), self.gradients.parameters.views[1]
        self.network.layers[1].backward(self.bound.views[1], self.tape.buffers[1], dy, own, dx)
        # In training dx is what is left when the shares of mean and spread are taken off, all of size 1 / deviation.
        agree(dx, case["dx"], atol=ROUNDING / np.std(x, axis=0).min())
        agree(own.gamma[0], case["dgamma"])
        agree(own.beta[0], case["dbeta"])


def test_batch_norm_in_training_and_after():
    running_stats = None
    for case in BATCH_NORM["batches"]:
        normalised = Normalised(len(case["x"]), "train")
        normalised.compare(case)
        network, width = normalised.network, normalised.width
        running_stats = network.init_statistics() if running_stats is None else running_stats
        running_stats = network.average_statistics(running_stats, normalised.tape)
        agree(running_stats[:width], case["running_mean"])
        agree(running_stats[width:], case["running_variance"])

    case = BATCH_NORM["evaluation"]
    normalised = Normalised(len(case["x"]), "evaluate")
    normalised.tape.statistics[...] = running_stats
    normalised.compare(case)


# Initialisers


def moments(draws):
    """Mean, variance and kurtosis of all numbers."""
    mean, variance = draws.mean(), draws.var()
    return mean, variance, np.mean((draws - mean) ** 4) / variance**2 if variance > 0 else 0.0


@pytest.mark.parametrize("case", cases(INITIALIZER["cases"], "initializer", "fan_in"))
def test_initializer(case):
    """Five standard errors of the difference of two samples: one chance in 2 million, and the seed is fixed."""
    entry, activation = INITIALIZERS[case["initializer"]], ACTIVATIONS[case["activation"]]
    shape, hyperparameters = (case["fan_in"], case["fan_out"]), numbers(entry, case["hyperparameters"])
    rng = np.random.default_rng(5)
    draws = np.stack(
        [entry.sample(rng, *shape, activation, hyperparameters) for _ in range(case["numbers"] // np.prod(shape))]
    )
    mean, variance, kurtosis = moments(draws)
    five_errors = 5 * np.sqrt(2 / case["numbers"])
    assert_close(mean, case["mean"], atol=five_errors * np.sqrt(case["variance"]))
    spread = five_errors * np.sqrt(max(case["kurtosis"] - 1, 0))
    assert_close(variance, case["variance"], rtol=spread + 1e-12)
    assert_close(entry.variance(*shape, activation, hyperparameters), case["variance"], rtol=spread + 1e-12)
    # The kurtosis tells flat (1.8) from normal (3); its own variance is 24/n for a normal one and less for a flat one.
    assert_close(kurtosis, case["kurtosis"], atol=five_errors * np.sqrt(24))
    # The largest of so many normal numbers varies by 4%, that of flat ones by nothing.
    assert_close(np.abs(draws).max(), case["largest"], rtol=0.15)
    if case["orthonormal"]:
        thin = draws if shape[0] >= shape[1] else draws.swapaxes(-1, -2)
        gram = thin.swapaxes(-1, -2) @ thin
        assert_close(gram, np.broadcast_to(hyperparameters["gain"] ** 2 * np.eye(min(shape)), gram.shape))


@pytest.mark.parametrize("name", INITIALIZER["gains"])
def test_gain(name):
    agree(ACTIVATIONS[name].gain, INITIALIZER["gains"][name])


# Schedules, averages, clipping


@pytest.mark.parametrize("case", cases(TRAINING["schedules"], "schedule"))
def test_schedule(case):
    entry = SCHEDULES[case["schedule"]]
    hyperparameters = numbers(entry, case["hyperparameters"])
    agree([entry.factor(step, hyperparameters) for step in range(len(case["factors"]))], case["factors"])


@pytest.mark.parametrize("case", cases(TRAINING["averages"], "averaging", "hyperparameters"))
def test_averaging(case):
    entry = AVERAGINGS[case["averaging"]]
    hyperparameters = numbers(entry, case["hyperparameters"])
    path = np.array(TRAINING["path"])
    mean = np.zeros(path.shape[1])
    for count, (params, expected) in enumerate(zip(path, case["means"], strict=True)):
        assert entry.due(count + 1, hyperparameters)
        mean = entry.update(mean, params, count, hyperparameters)
        agree(mean, expected)


@pytest.mark.parametrize("case", cases(TRAINING["clipping"], "clipping", "limit"))
def test_clipping(case):
    entry = CLIPPINGS[case["clipping"]]
    gradient, expected = np.array(case["gradient"]), np.array(case["clipped"])
    clipped = entry.clip(gradient, numbers(entry, {"limit": case["limit"]}))
    agree(clipped, expected * case["stretch"])


# What has no reference


ENTRIES = {
    "activation": set(ACTIVATIONS),
    "averaging": {entry.name for entry in AVERAGINGS.values() if entry.active},
    "clipping": {entry.name for entry in CLIPPINGS.values() if entry.active},
    "initializer": set(INITIALIZERS),
    "loss": {f"{loss.name} {task}" for loss in LOSSES.values() for task in loss.forms},
    "optimizer": set(OPTIMIZERS),
    "schedule": set(SCHEDULES),
}
COMPARED = {
    "activation": {case["activation"] for case in (*ACTIVATION["curves"], *ACTIVATION["maxout"])},
    "averaging": {case["averaging"] for case in TRAINING["averages"]},
    "clipping": {case["clipping"] for case in TRAINING["clipping"]},
    "initializer": {case["initializer"] for case in INITIALIZER["cases"]},
    "loss": {f"{case['loss']} {case['task']}" for case in LOSS["cases"]},
    "optimizer": {
        *(file["optimizer"] for file in TRAJECTORIES),
        *(row["optimizer"] for row in (*SECOND_ORDER["newton"], SECOND_ORDER["bfgs"])),
    },
    "schedule": {case["schedule"] for case in TRAINING["schedules"]},
}
# Where nobody else's numbers are to be had: why, and the test that proves the entry instead.
ELSEWHERE = {
    **{
        ("loss", f"{loss.name} multilabel"): (
            "It is the sum of the same loss of two classes over the outputs.",
            "engine/test_losses.py::test_several_answers_are_as_many_networks_of_one",
        )
        for loss in LOSSES.values()
        if "multilabel" in loss.forms
    },
    ("activation", "step"): (
        "It is the comparison z > 0, and its slope is nothing everywhere.",
        "engine/test_activations.py::test_known_values",
    ),
    ("initializer", "identity"): (
        "Nothing is drawn, so the matrix is written out; PyTorch's eye_ has no gain.",
        "engine/test_initializers.py::test_identity_by_hand",
    ),
    ("initializer", "random_walk"): (
        "PyTorch has none; the paper gives the variances.",
        "engine/test_initializers.py::test_random_walk_by_hand",
    ),
    ("initializer", "lsuv"): (
        "PyTorch has none; it is defined by what it makes of the data.",
        "engine/test_initializers.py::test_lsuv_scales_an_orthogonal_layer_as_a_whole",
    ),
    ("initializer", "data_dependent"): (
        "PyTorch has none; it is defined by what it makes of the data.",
        "engine/test_initializers.py::test_data_dependent_normalises_every_unit",
    ),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_every_entry_is_compared_or_proven_elsewhere(kind):
    elsewhere = {name for other, name in ELSEWHERE if other == kind}
    assert not elsewhere & COMPARED[kind]
    assert ENTRIES[kind] == COMPARED[kind] | elsewhere


@pytest.mark.parametrize(("reason", "proof"), ELSEWHERE.values(), ids=[" ".join(key) for key in ELSEWHERE])
def test_what_is_proven_elsewhere_is(reason, proof):
    file, _, name = proof.partition("::")
    assert reason.endswith(".")
    assert f"def {name}(" in (TESTS / file).read_text()
