import numpy as np
import pytest
from helpers import assert_close, assert_slope, central_differences, name_of

from engine import DATASETS, LOSSES, TASKS
from engine.losses import softmax

OUTPUTS = {"binary": 1, "multiclass": 4, "regression": 1}
FORMS = [(loss, task) for loss in LOSSES.values() for task in TASKS]
every = pytest.mark.parametrize(("loss", "task"), FORMS, ids=name_of)


def batch(task, rng, lead=(), size=5):
    """Scores (*lead, size, outputs) and targets (size, outputs)."""
    outputs = OUTPUTS[task]
    labels = rng.normal(size=size) if task == "regression" else np.arange(size) % max(outputs, 2)
    return rng.normal(scale=2.0, size=(*lead, size, outputs)), TASKS[task].targets(labels, outputs)


def test_every_loss_has_a_form_for_every_task_that_data_can_have():
    assert set(OUTPUTS) == set(TASKS)
    assert {entry.task for entry in DATASETS.values()} <= set(TASKS)
    for loss in LOSSES.values():
        assert set(loss.forms) == set(TASKS)


@every
@pytest.mark.parametrize("lead", [(), (3,), (2, 3)], ids=str)
def test_gradient_against_differences(loss, task, lead, rng):
    form = loss.forms[task]
    z, targets = batch(task, rng, lead)
    flat = z.reshape(*lead, -1)
    numeric = central_differences(lambda x: form.value(x.reshape(z.shape), targets), flat)
    assert form.value(z, targets).shape == lead
    assert_slope(form.gradient(z, targets, np.empty_like(z)).reshape(flat.shape), numeric)


@every
def test_value_and_gradient_are_means_over_the_batch(loss, task, rng):
    form = loss.forms[task]
    z, targets = batch(task, rng)
    rows = [form.value(z[k : k + 1], targets[k : k + 1]) for k in range(len(z))]
    slopes = [form.gradient(z[k : k + 1], targets[k : k + 1], np.empty((1, z.shape[1]))) for k in range(len(z))]
    assert_close(form.value(z, targets), np.mean(rows))
    assert_close(form.gradient(z, targets, np.empty_like(z)), np.concatenate(slopes) / len(z))


@every
def test_gradient_leaves_its_arguments_alone(loss, task, rng):
    z, targets = batch(task, rng)
    before = z.copy(), targets.copy()
    out = np.empty_like(z)
    assert loss.forms[task].gradient(z, targets, out) is out
    assert np.array_equal(z, before[0])
    assert np.array_equal(targets, before[1])


@every
def test_a_perfect_score_costs_nothing_and_has_no_slope(loss, task):
    targets = TASKS[task].targets(np.array([0, 1, 1]), OUTPUTS[task])
    z = targets if task == "regression" else 2000.0 * (targets - 0.5)
    assert_close(loss.forms[task].value(z, targets), 0.0)
    assert_close(loss.forms[task].gradient(z, targets, np.empty_like(z)), 0.0)


@pytest.mark.parametrize(
    ("loss", "task", "z", "targets", "expected"),
    [
        ("cross_entropy", "binary", [[0.0]], [[1.0]], np.log(2)),
        ("cross_entropy", "binary", [[1000.0], [-1000.0]], [[0.0], [1.0]], 1000.0),
        ("cross_entropy", "binary", [[1000.0], [-1000.0]], [[1.0], [0.0]], 0.0),
        ("cross_entropy", "multiclass", [[0.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], np.log(3)),
        ("cross_entropy", "multiclass", [[1000.0, 0.0, -1000.0]], [[0.0, 0.0, 1.0]], 2000.0),
        ("cross_entropy", "multiclass", [[1000.0, 0.0, -1000.0]], [[1.0, 0.0, 0.0]], 0.0),
        ("cross_entropy", "regression", [[3.0], [0.0]], [[1.0], [0.0]], 1.0),
        ("squared_error", "binary", [[0.0]], [[1.0]], 0.125),
        ("squared_error", "binary", [[-1000.0]], [[1.0]], 0.5),
        ("squared_error", "multiclass", [[0.0, 0.0]], [[0.0, 1.0]], 0.25),
        ("squared_error", "multiclass", [[-1000.0, 1000.0]], [[1.0, 0.0]], 1.0),
        ("squared_error", "regression", [[3.0]], [[1.0]], 2.0),
    ],
)
def test_known_values(loss, task, z, targets, expected):
    assert_close(LOSSES[loss].forms[task].value(np.array(z), np.array(targets)), expected)


@pytest.mark.parametrize(
    ("task", "z", "targets", "expected"),
    [
        ("binary", [[1000.0], [-1000.0]], [[0.0], [1.0]], [[0.5], [-0.5]]),
        ("multiclass", [[1000.0, 0.0, -1000.0]], [[0.0, 0.0, 1.0]], [[1.0, 0.0, -1.0]]),
    ],
)
def test_cross_entropy_pushes_back_from_any_distance(task, z, targets, expected):
    z = np.array(z)
    assert_close(LOSSES["cross_entropy"].forms[task].gradient(z, np.array(targets), np.empty_like(z)), expected)


def test_softmax_is_finite_and_right_at_any_scale():
    z = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, -1000.0], [0.0, np.log(2.0), np.log(5.0)]])
    assert_close(softmax(z), [[0.5, 0.0, 0.5], [1 / 3, 1 / 3, 1 / 3], [0.125, 0.25, 0.625]])


def test_softmax_ignores_a_common_shift(rng):
    z = rng.normal(size=(2, 3, 4))
    assert_close(softmax(z + 700.0), softmax(z))
    assert_close(softmax(z).sum(axis=-1), 1.0)


def test_links_give_new_arrays_of_the_same_shape(rng):
    for name, task in TASKS.items():
        z, _ = batch(name, rng, (2,))
        prediction = task.link(z)
        assert prediction.shape == z.shape
        assert not np.shares_memory(prediction, z)


@pytest.mark.parametrize(
    ("task", "z", "labels", "accuracy"),
    [
        ("binary", [[2.0], [-1.0], [0.1], [-3.0]], [1, 0, 0, 1], 0.5),
        ("binary", [[[1.0], [1.0]], [[-1.0], [1.0]]], [1, 1], [1.0, 0.5]),
        ("multiclass", [[0, 9, 0, 1], [5, 0, 0, 0], [0, 0, 1, 0]], [1, 0, 3], 2 / 3),
    ],
)
def test_accuracy(task, z, labels, accuracy):
    targets = TASKS[task].targets(np.array(labels), OUTPUTS[task])
    assert_close(TASKS[task].accuracy(np.array(z, dtype=float), targets), accuracy)


def test_targets_code_the_labels():
    assert TASKS["binary"].targets([0, 1], 1).tolist() == [[0.0], [1.0]]
    assert TASKS["multiclass"].targets([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert TASKS["regression"].targets([0.5, -2], 1).tolist() == [[0.5], [-2.0]]
