import math
from itertools import product

import numpy as np
import pytest
from helpers import assert_close, assert_slope, case, central_differences, name_of

from engine import DATASETS, LOSSES, TASKS
from engine.tasks import softmax

OUTPUTS = {"binary": 1, "multiclass": 4, "multilabel": 3, "regression": 2}
# Scores that a loss cannot improve on: of the right sign and large where nothing else is said.
BEST = {"regression": lambda t: t, "adaline": lambda t: 2 * t - 1}
FORMS = [(loss, task) for loss in LOSSES.values() for task in loss.forms]
every = pytest.mark.parametrize(("loss", "task"), FORMS, ids=name_of)


def batch(task, rng, batch_shape=(), size=5):
    """Scores (*batch_shape, size, outputs) and targets (size, outputs)."""
    outputs = OUTPUTS[task]
    return rng.normal(scale=2.0, size=(*batch_shape, size, outputs)), targets_of(task, rng, size)


def targets_of(task, rng, size):
    """Targets (size, outputs): classes, answers of their own, or values."""
    outputs = OUTPUTS[task]
    labels = {
        "regression": rng.normal(size=(size, outputs)),
        "multilabel": np.arange(size * outputs).reshape(size, -1) % 2,
    }
    return TASKS[task].targets(labels.get(task, np.arange(size) % max(outputs, 2)), outputs)


def best(loss, task, targets):
    return BEST.get(loss.name, BEST.get(task, lambda t: 2000.0 * (t - 0.5)))(targets)


def gradient(form, z, targets):
    return form.gradient(z, targets, np.empty_like(z))


def test_which_loss_is_for_which_task():
    assert {name: list(loss.forms) for name, loss in LOSSES.items()} == {
        "cross_entropy": ["binary", "multiclass", "multilabel", "regression"],
        "squared_error": ["binary", "multiclass", "multilabel", "regression"],
        "hinge": ["binary", "multiclass", "multilabel"],
        "perceptron": ["binary", "multilabel"],
        "adaline": ["binary", "multilabel"],
    }


def test_data_have_tasks_that_exist():
    assert set(OUTPUTS) == set(TASKS)
    assert {entry.task for entry in DATASETS.values()} <= set(TASKS)


@every
def test_gradient_against_differences(loss, task, rng):
    form = loss.forms[task]
    for batch_shape in ((), (3,), (2, 3)):
        z, targets = batch(task, rng, batch_shape)
        flat = z.reshape(*batch_shape, -1)
        numeric = central_differences(lambda x, z=z, targets=targets: form.value(x.reshape(z.shape), targets), flat)
        with case(batch_shape):
            assert form.value(z, targets).shape == batch_shape
            assert_slope(gradient(form, z, targets).reshape(flat.shape), numeric)


@every
def test_value_and_gradient_are_means_over_the_batch(loss, task, rng):
    form = loss.forms[task]
    z, targets = batch(task, rng)
    rows = [form.value(z[k : k + 1], targets[k : k + 1]) for k in range(len(z))]
    slopes = [gradient(form, z[k : k + 1], targets[k : k + 1]) for k in range(len(z))]
    assert_close(form.value(z, targets), np.mean(rows))
    assert_close(gradient(form, z, targets), np.concatenate(slopes) / len(z))


@every
def test_gradient_leaves_its_arguments_alone(loss, task, rng):
    z, targets = batch(task, rng)
    before = z.copy(), targets.copy()
    out = np.empty_like(z)
    assert loss.forms[task].gradient(z, targets, out) is out
    assert np.array_equal(z, before[0])
    assert np.array_equal(targets, before[1])


@every
def test_a_perfect_score_costs_nothing_and_has_no_slope(loss, task, rng):
    targets = targets_of(task, rng, 3)
    z = best(loss, task, targets)
    assert_close(loss.forms[task].value(z, targets), 0.0)
    assert_close(gradient(loss.forms[task], z, targets), 0.0)


@every
def test_finite_and_never_negative_at_any_scale(loss, task):
    """Every sign of every score, right and wrong."""
    for size in (1.0, 30.0, 1000.0, 1e100):
        with case(size):
            assert_finite_and_never_negative(loss, task, size)


def assert_finite_and_never_negative(loss, task, size):
    outputs = OUTPUTS[task]
    z = size * np.array(list(product((-1.0, 0.0, 1.0), repeat=outputs)))
    for k in range(max(outputs, 2)):
        labels = np.full(len(z), k) if TASKS[task].classes else np.full(z.shape, k % 2)
        targets = TASKS[task].targets(labels, outputs)
        value, slope = loss.forms[task].value(z, targets), gradient(loss.forms[task], z, targets)
        assert np.isfinite(value)
        assert value >= 0
        assert np.isfinite(slope).all()


@every
def test_works_in_float32(loss, task, rng):
    z, targets = batch(task, rng)
    form, narrow = loss.forms[task], z.astype(np.float32)
    assert_close(form.value(narrow, targets), form.value(z, targets), rtol=1e-5)  # single precision
    slope = gradient(form, narrow, targets)
    assert slope.dtype == np.float32
    assert_close(slope, gradient(form, z, targets), rtol=1e-4, atol=1e-7)  # single precision, and differences of it


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
        ("hinge", "binary", [[0.0]], [[1.0]], 1.0),
        ("hinge", "binary", [[0.25], [-2.0], [3.0], [-3.0]], [[1.0], [0.0], [0.0], [1.0]], (0.75 + 0 + 4 + 4) / 4),
        ("hinge", "multiclass", [[0.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], 2.0),
        # The example of the course CS231n: cat, car and frog, losses 2.9, 0 and 12.9.
        ("hinge", "multiclass", [[3.2, 5.1, -1.7]], [[1.0, 0.0, 0.0]], 2.9),
        ("hinge", "multiclass", [[1.3, 4.9, 2.0]], [[0.0, 1.0, 0.0]], 0.0),
        ("hinge", "multiclass", [[2.2, 2.5, -3.1]], [[0.0, 0.0, 1.0]], 12.9),
        ("perceptron", "binary", [[0.25], [-2.0], [3.0], [-4.0]], [[1.0], [0.0], [0.0], [1.0]], (0 + 0 + 3 + 4) / 4),
        ("adaline", "binary", [[0.25], [-2.0], [3.0], [1.0]], [[1.0], [0.0], [0.0], [1.0]], (0.5625 + 1 + 16 + 0) / 8),
    ],
)
def test_known_values(loss, task, z, targets, expected):
    assert_close(LOSSES[loss].forms[task].value(np.array(z), np.array(targets)), expected)


@pytest.mark.parametrize(
    ("loss", "task", "z", "targets", "expected"),
    [
        ("cross_entropy", "binary", [[1000.0], [-1000.0]], [[0.0], [1.0]], [[0.5], [-0.5]]),
        ("cross_entropy", "binary", [[1000.0], [-1000.0]], [[1.0], [0.0]], [[0.0], [0.0]]),
        ("cross_entropy", "multiclass", [[1000.0, 0.0, -1000.0]], [[0.0, 0.0, 1.0]], [[1.0, 0.0, -1.0]]),
        ("cross_entropy", "multiclass", [[1000.0, 0.0, -1000.0]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
        ("cross_entropy", "multiclass", [[1000.0, 1000.0, -1000.0]], [[1.0, 0.0, 0.0]], [[-0.5, 0.5, 0.0]]),
        ("cross_entropy", "multiclass", [[-1000.0, -1000.0]], [[1.0, 0.0]], [[-0.5, 0.5]]),
        ("hinge", "binary", [[0.25], [-2.0]], [[1.0], [0.0]], [[-0.5], [0.0]]),
        ("hinge", "binary", [[3.0], [-3.0]], [[0.0], [1.0]], [[0.5], [-0.5]]),
        ("hinge", "binary", [[1.0], [-1.0]], [[1.0], [0.0]], [[0.0], [0.0]]),
        ("hinge", "multiclass", [[2.2, 2.5, -3.1]], [[0.0, 0.0, 1.0]], [[1.0, 1.0, -2.0]]),
        ("hinge", "multiclass", [[3.2, 5.1, -1.7]], [[1.0, 0.0, 0.0]], [[-1.0, 1.0, 0.0]]),
        ("hinge", "multiclass", [[2.0, 1.0, 1.0]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0]]),
        ("perceptron", "binary", [[2.0], [2.0]], [[0.0], [1.0]], [[0.5], [0.0]]),
        ("perceptron", "binary", [[-2.0], [-2.0]], [[0.0], [1.0]], [[0.0], [-0.5]]),
        ("perceptron", "binary", [[0.0], [0.0]], [[0.0], [1.0]], [[0.0], [-0.5]]),
        ("adaline", "binary", [[0.25], [-2.0]], [[1.0], [0.0]], [[-0.375], [-0.5]]),
    ],
)
def test_known_gradients(loss, task, z, targets, expected):
    z = np.array(z)
    assert_close(gradient(LOSSES[loss].forms[task], z, np.array(targets)), expected)


@pytest.mark.parametrize("z", [5.0, 30.0, 300.0, 700.0])
def test_cross_entropy_of_two_classes_counts_the_smallest_doubt(z):
    form = LOSSES["cross_entropy"].forms["binary"]
    doubt = math.log1p(math.exp(-z))
    for score, target in ((z, 1.0), (-z, 0.0)):
        assert_close(form.value(np.array([[score]]), np.array([[target]])), doubt, rtol=1e-12, atol=0)
    assert_close(gradient(form, np.array([[-z]]), np.array([[0.0]])), 1 / (1 + math.exp(z)), rtol=1e-12, atol=0)


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0, 1e8])
def test_softmax_cross_entropy_at_any_height(shift):
    """Against the textbook's formula where that cannot overflow; whole scores, which a shift leaves as they are."""
    z, targets = np.array([[0.0, -3.0, 2.0], [1.0, 1.0, -4.0]]), np.eye(3)[[1, 0]]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    form = LOSSES["cross_entropy"].forms["multiclass"]
    assert_close(form.value(z + shift, targets), -np.mean(np.log(p[[0, 1], [1, 0]])), rtol=1e-14)
    assert_close(gradient(form, z + shift, targets), (p - targets) / 2, rtol=1e-14)


# Losses without a probability


def test_hinge_of_two_classes_is_that_of_several_with_half_the_score_each(rng):
    z, targets = batch("binary", rng, size=20)
    several = np.concatenate([-z / 2, z / 2], axis=1), np.concatenate([1 - targets, targets], axis=1)
    two, many = (LOSSES["hinge"].forms[task] for task in ("binary", "multiclass"))
    assert_close(many.value(*several), two.value(z, targets))
    # A step of z moves both scores by half of it, in opposite directions.
    slopes = gradient(many, *several)
    assert_close((slopes[:, 1:] - slopes[:, :1]) / 2, gradient(two, z, targets))


@pytest.fixture
def separable(rng):
    """Points (n, 3) with a column of ones, and labels (n, 1), which a line separates with room to spare."""
    points = rng.uniform(-1, 1, size=(400, 2))
    height = points @ [0.8, -0.6] + 0.1
    kept = np.abs(height) > 0.1
    return np.column_stack([points, np.ones(len(points))])[kept], (height[kept] > 0)[:, None].astype(float)


def descend(loss, inputs, targets, rate, epochs):
    """Weights after every sample: plain gradient descent on one linear unit from zero."""
    weights, path = np.zeros((inputs.shape[1], 1)), []
    for _ in range(epochs):
        for x, t in zip(inputs[:, None], targets[:, None], strict=True):
            weights = weights - rate * x.T @ gradient(LOSSES[loss].forms["binary"], x @ weights, t)
            path.append(weights[:, 0])
    return np.array(path)


def test_the_perceptron_is_rosenblatts_rule(separable):
    """Add the inputs of a sample of class 1 that is taken for class 0, subtract them in the other case."""
    weights, path, mistakes = [0.0, 0.0, 0.0], [], 0
    for x, (t,) in zip(*[np.tile(part, (30, 1)).tolist() for part in separable], strict=True):
        answer = 1 if sum(w * value for w, value in zip(weights, x, strict=True)) > 0 else 0
        if answer != t:
            mistakes += 1
            weights = [w + value if t else w - value for w, value in zip(weights, x, strict=True)]
        path.append(weights)
    assert_close(descend("perceptron", *separable, rate=1.0, epochs=30), path)

    # Novikoff's theorem: at most (R / margin)^2 mistakes, whatever the order; then it stays as it is.
    inputs, targets = separable
    direction = np.array([0.8, -0.6, 0.1])
    margin = np.abs(inputs @ direction).min() / np.linalg.norm(direction)
    assert 0 < mistakes <= (np.linalg.norm(inputs, axis=1).max() / margin) ** 2
    assert path[-1] == path[-len(inputs)]
    assert LOSSES["perceptron"].forms["binary"].value(inputs @ np.array(path[-1])[:, None], targets) == 0


def test_adaline_is_the_rule_of_widrow_and_hoff(separable):
    """Add the inputs times rate times what the score lacks of -1 or 1."""
    weights, path = [0.0, 0.0, 0.0], []
    for x, (t,) in zip(*[part.tolist() for part in separable], strict=True):
        lacks = (1 if t else -1) - sum(w * value for w, value in zip(weights, x, strict=True))
        weights = [w + 0.1 * lacks * value for w, value in zip(weights, x, strict=True)]
        path.append(weights)
    assert_close(descend("adaline", *separable, rate=0.1, epochs=1), path)


def test_adaline_is_least_squares(separable):
    """Its gradient vanishes where the normal equations are solved."""
    inputs, targets = separable
    weights, *_ = np.linalg.lstsq(inputs, 2 * targets - 1, rcond=None)
    assert_close(inputs.T @ gradient(LOSSES["adaline"].forms["binary"], inputs @ weights, targets), 0.0)


def test_softmax_is_finite_and_right_at_any_scale():
    z = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, -1000.0], [0.0, np.log(2.0), np.log(5.0)]])
    assert_close(softmax(z), [[0.5, 0.0, 0.5], [1 / 3, 1 / 3, 1 / 3], [0.125, 0.25, 0.625]])


def test_softmax_ignores_a_common_shift(rng):
    z = rng.normal(size=(2, 3, 4))
    assert_close(softmax(z + 700.0), softmax(z))
    assert_close(softmax(z).sum(axis=-1), 1.0)


@every
def test_links_give_new_arrays_of_the_same_kind(loss, task, rng):
    own = loss.forms[task].link
    for dtype in (float, np.float32):
        z = batch(task, rng, (2,))[0].astype(dtype)
        prediction = own.f(z) if own else TASKS[task].link(z)
        assert prediction.shape == z.shape
        assert prediction.dtype == dtype
        assert not np.shares_memory(prediction, z)


LINKS = [(loss, form.link) for loss in LOSSES.values() for form in loss.forms.values() if form.link]


@pytest.mark.parametrize(("loss", "link"), LINKS, ids=name_of)
def test_a_link_of_a_loss_takes_the_side_that_accuracy_takes(loss, link):
    z = np.array([-1e300, -1.0, -1e-9, 0.0, 1e-9, 1.0, 1e300])
    before = z.copy()
    assert np.array_equal(link.f(z) > 0.5, z > 0)
    assert np.array_equal(z, before)
    assert link.label


@pytest.mark.parametrize(
    ("loss", "label", "expected"),
    [
        ("hinge", "linear", [0.0, 0.0, 0.25, 0.5, 1.0, 1.0]),
        ("adaline", "linear", [0.0, 0.0, 0.25, 0.5, 1.0, 1.0]),
        ("perceptron", "step", [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]),
    ],
)
def test_links_of_single_units(loss, label, expected):
    link = LOSSES[loss].forms["binary"].link
    assert link.label == label
    assert_close(link.f(np.array([-1000.0, -1.0, -0.5, 0.0, 1.0, 1000.0])), expected)


@pytest.mark.parametrize(
    ("task", "z", "labels", "accuracy"),
    [
        ("binary", [[2.0], [-1.0], [0.1], [-3.0]], [1, 0, 0, 1], 0.5),
        ("binary", [[[1.0], [1.0]], [[-1.0], [1.0]]], [1, 1], [1.0, 0.5]),
        ("multiclass", [[0, 9, 0, 1], [5, 0, 0, 0], [0, 0, 1, 0]], [1, 0, 3], 2 / 3),
        ("multilabel", [[1, -1, 1], [-1, -1, 2]], [[1, 0, 0], [0, 1, 1]], 4 / 6),
    ],
)
def test_accuracy(task, z, labels, accuracy):
    targets = TASKS[task].targets(np.array(labels), OUTPUTS[task])
    assert_close(TASKS[task].accuracy(np.array(z, dtype=float), targets), accuracy)


def test_targets_code_the_labels():
    assert TASKS["binary"].targets([0, 1], 1).tolist() == [[0.0], [1.0]]
    assert TASKS["multiclass"].targets([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert TASKS["regression"].targets([0.5, -2], 1).tolist() == [[0.5], [-2.0]]
    assert TASKS["regression"].targets([[0.5, 1], [-2, 3]], 2).tolist() == [[0.5, 1.0], [-2.0, 3.0]]
    assert TASKS["multilabel"].targets([[True, False]], 2).tolist() == [[1.0, 0.0]]


SEVERAL = [(loss, LOSSES[loss].forms["multilabel"]) for loss in LOSSES if "multilabel" in LOSSES[loss].forms]


@pytest.mark.parametrize(("loss", "form"), SEVERAL, ids=name_of)
def test_several_answers_are_as_many_networks_of_one(loss, form, rng):
    """Each output has a target of its own: the costs add up, and no output sees another's gradient."""
    z, targets = batch("multilabel", rng)
    single = LOSSES[loss].forms["binary"]
    columns = [(z[:, k, None], targets[:, k, None]) for k in range(z.shape[1])]
    assert_close(form.value(z, targets), sum(single.value(*column) for column in columns))
    assert_close(gradient(form, z, targets), np.hstack([gradient(single, *column) for column in columns]))


@pytest.mark.parametrize(("loss", "form"), SEVERAL, ids=name_of)
def test_a_target_may_be_a_probability(loss, form, rng):
    z, targets = rng.normal(scale=2.0, size=(6, 3)), rng.uniform(size=(6, 3))
    numeric = central_differences(lambda x: form.value(x.reshape(z.shape), targets), z.ravel())
    assert_slope(gradient(form, z, targets).ravel(), numeric)
