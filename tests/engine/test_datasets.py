from itertools import product

import numpy as np
import pytest
from helpers import assert_close, assert_same, case, name_of

from engine import DATASETS
from engine.datasets import EXTENT
from engine.streams import Purpose, stream

every = pytest.mark.parametrize("entry", DATASETS.values(), ids=name_of)
BALANCED = ["circle", "gauss", "spiral", "moons", "blobs3", "blobs5"]
SIZES = [2, 3, 5, 7, 100, 5000]


def sample(entry, n=400, noise=0.0, seed=0):
    return entry.sample(stream(seed, Purpose.DATA), n, noise)


@every
def test_any_size(entry):
    for n, noise in product(SIZES, (0.0, 0.5)):
        with case(n, noise):
            points, labels = sample(entry, n, noise)
            assert points.shape == (n, 2)
            assert labels.shape == (n,)
            assert np.isfinite(points).all()
            assert np.isfinite(labels).all()


@every
def test_labels_are_what_the_task_promises(entry):
    _, labels = sample(entry)
    if entry.task == "regression":
        assert entry.classes == 0
        assert labels.dtype == float
        assert -1.2 <= labels.min() < -0.3
        assert 0.3 < labels.max() <= 1.2
    else:
        assert np.issubdtype(labels.dtype, np.integer)
        assert set(labels) == set(range(entry.classes))
        assert (entry.task == "multiclass") == (entry.classes > 2)
    assert entry.outputs == (entry.classes if entry.task == "multiclass" else 1)


@pytest.mark.parametrize("name", BALANCED)
def test_balanced_for_any_size(name):
    for n in SIZES:
        with case(n):
            counts = np.bincount(sample(DATASETS[name], n)[1], minlength=DATASETS[name].classes)
            assert counts.max() - counts.min() <= 1


@every
def test_no_class_is_rare(entry):
    if entry.classes:
        assert np.bincount(sample(entry, 600)[1]).min() > 0.6 * 600 / entry.classes


@every
def test_the_stream_decides(entry):
    for first, again, other in zip(sample(entry, seed=1), sample(entry, seed=1), sample(entry, seed=2), strict=True):
        assert_same(first, again)
        assert first.dtype == other.dtype
    # The noiseless spiral is a curve, the same for every seed.
    moved = not np.array_equal(sample(entry, seed=1, noise=0.1)[0], sample(entry, seed=2, noise=0.1)[0])
    assert moved


@every
def test_noise_moves_points_and_never_labels(entry):
    (still, labels), (moved, same) = sample(entry, noise=0.0), sample(entry, noise=0.3)
    assert_same(labels, same)
    assert np.abs(still - moved).max() > 0.1


@every
def test_without_noise_the_picture_shows_nearly_all(entry):
    assert np.mean(np.abs(sample(entry, 2000)[0]) <= EXTENT) > 0.999


def radius(points):
    return np.linalg.norm(points, axis=1)


def test_circle():
    points, labels = sample(DATASETS["circle"])
    assert radius(points[labels == 1]).max() <= 2.5
    assert 3.5 <= radius(points[labels == 0]).min() <= radius(points[labels == 0]).max() <= 5.0


def test_xor_leaves_a_gap_along_the_axes():
    points, labels = sample(DATASETS["xor"])
    assert np.abs(points).min() >= 0.3
    assert_same(labels == 1, np.sign(points[:, 0]) == np.sign(points[:, 1]))


def test_spiral_arms_mirror_each_other():
    points, labels = sample(DATASETS["spiral"], 400)
    assert_close(points[labels == 1], -points[labels == 0])
    assert_close(radius(points[labels == 1]), np.arange(200) / 40)


def test_rings_puts_one_class_between_the_other():
    points, labels = sample(DATASETS["rings"])
    between = (radius(points) > 2.0) & (radius(points) < 3.9)
    assert_same(labels == 0, between)


@pytest.mark.parametrize(("name", "far"), [("gauss", 8**0.5), ("blobs3", 3.0), ("blobs5", 3.8)])
def test_blobs_stand_on_a_circle(name, far):
    points, labels = sample(DATASETS[name], 5000)
    centres = np.array([points[labels == k].mean(axis=0) for k in range(DATASETS[name].classes)])
    assert_close(radius(centres), far, rtol=0.03)  # sampling error of 1000 points


def test_checkerboard_changes_from_field_to_field():
    points, labels = sample(DATASETS["checkerboard"], 2000)
    fields = {}
    for (x1, x2), label in zip((points + 5.0) // 2.5, labels, strict=True):
        fields.setdefault((int(x1), int(x2)), set()).add(int(label))
    assert len(fields) == 16
    assert all(colours == {(i + j) % 2} for (i, j), colours in fields.items())


def test_plane_rises_along_the_diagonal():
    points, values = sample(DATASETS["plane"], 1000)
    assert_close(values, points.sum(axis=1) / 10)


def test_multi_gauss_peaks_alternate():
    points, values = sample(DATASETS["multi_gauss"], 5000)
    for centre, sign in [((-4, 2.5), 1), ((0, 2.5), -1), ((4, 2.5), 1), ((-4, -2.5), -1), ((0, -2.5), 1)]:
        near = radius(points - centre) < 0.3
        assert near.any()
        assert np.all(sign * values[near] > 0.8)
