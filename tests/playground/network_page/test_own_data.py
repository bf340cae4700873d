"""Data of a user's own on the page, as a notebook brings it."""

import base64

import numpy as np
import pytest
from helpers import one_sentence

from engine import FEATURES, Trainer
from engine.datasets import EXTENT
from engine.own_data import read
from playground import Playground
from playground.network_page.scene import catalog, points
from playground.network_page.sections import COORDINATE_UNIT, Section
from playground.network_page.settings import Settings
from playground.network_page.training_run import Run
from playground.runtime.frame import unpack

XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], ["same", "other", "other", "same"])


def table(rng, labels=None, width=5):
    rows = rng.normal(size=(40, width)) * np.arange(1, width + 1)
    return rows, (rows[:, 0] > 0) if labels is None else labels


def run_on(data, task=None, plane=None, **values):
    """What a page runs, without the page, which takes longer to make than all else."""
    return Run(Settings(read(data, task), plane, **values))


def test_the_network_learns_from_it(rng):
    run = run_on(table(rng), hidden=(3,), optimizer="adam", learning_rate=0.1)
    assert (run.trainer.network.inputs, run.trainer.data.task) == (5, "binary")
    first = float(run.evaluation.train_loss)
    assert run.step(200) == ""
    assert float(run.evaluation.train_loss) < 0.5 * first
    description, packed = run.scene()
    assert (description["train"], description["test"]) == (20, 20)
    assert [part.size for part in unpack(packed)[2].values()] == [2 * 40, 40]
    assert description["layers"][0] == {"kind": "input", "units": 5, "features": ["x1", "x2", "x3", "x4", "x5"]}


def test_the_page_says_what_the_plane_is(rng):
    description, _ = run_on(table(rng)).scene()
    assert "the two directions in which the 5 columns" in description["remark"]
    chosen = Playground(data=table(rng), plane=("x4", 0))
    description, packed = chosen.session.run.scene()
    assert "x4 to the right and x1 upwards" in description["remark"]
    data, plane = chosen.session.run.trainer.data, chosen.session.run.composer.viewer.plane
    assert packed == points(data, plane)
    assert np.argmax(plane.points(data.rows)[:, 0]) == np.argmax(data.rows[:, 3])
    assert Run(Settings()).scene()[0]["remark"] == ""


def test_columns_stand_in_the_place_of_features(rng):
    run = run_on(table(rng))
    offered = catalog(run.trainer.data, run.composer.viewer.plane)["features"]
    assert [entry["name"] for entry in offered] == list(run.trainer.data.columns)
    assert all(entry["map"] for entry in offered)
    two = Playground(data=XOR, train_fraction=1)
    assert [entry["name"] for entry in two._stage.catalog["features"]] == list(FEATURES)
    built_in = Run(Settings())
    assert catalog(built_in.trainer.data, built_in.composer.viewer.plane) == catalog()


def far_away(rng):
    """Two columns near 1,000 and -0.02, of three kinds."""
    rows = np.array([1000.0, -0.02]) + rng.normal(size=(40, 2)) * [50.0, 0.001]
    return rows, ["ash", "elm", "oak", "elm"] * 10


def test_two_columns_far_from_the_square_are_drawn_inside_it(rng):
    run = run_on(far_away(rng), preprocessing="standardise")
    description, packed = run.scene()
    places = unpack(packed)[2][Section.POINTS].reshape(-1, 2) * COORDINATE_UNIT
    train = run.trainer.data.train
    np.testing.assert_allclose(np.abs(places[:train]).max(axis=0), 0.9 * EXTENT, rtol=1e-3)
    across, up = description["axes"]
    assert (across["label"], up["label"], across["digits"], up["digits"]) == ("x₁", "x₂", 1, 6)
    rows = run.trainer.data.rows
    expected = (rows - [across["middle"], up["middle"]]) / [across["step"], up["step"]]
    np.testing.assert_allclose(places, np.clip(expected, -2 * EXTENT, 2 * EXTENT), atol=EXTENT / 32767, rtol=0)
    for feature in catalog(run.trainer.data, run.composer.viewer.plane)["features"][:2]:
        tile = np.frombuffer(base64.b64decode(feature["map"]), np.uint8)
        assert (tile.min(), tile.max()) == (1, 255)


def test_axes_are_named_by_what_they_are(rng):
    square = [{"label": label, "middle": 0.0, "step": 1.0, "digits": 2} for label in ("x₁", "x₂")]
    assert Run(Settings()).scene()[0]["axes"] == square
    mixed = run_on(table(rng)).scene()[0]["axes"]
    assert [axis["label"] for axis in mixed] == ["axis 1", "axis 2"]
    chosen = run_on(table(rng), plane=("x4", 0)).scene()[0]["axes"]
    assert [axis["label"] for axis in chosen] == ["x4", "x₁"]


def test_classes_of_ones_own_are_called_by_their_names(rng):
    assert run_on(far_away(rng)).scene()[0]["class_names"] == ["ash", "elm", "oak"]
    assert run_on((XOR[0] * 5, XOR[1] * 5)).scene()[0]["class_names"] == ["other", "same"]
    assert Run(Settings(dataset="blobs3")).scene()[0]["class_names"] == []


def test_twenty_classes_are_drawn(rng):
    run = run_on(table(rng, np.arange(40) % 20), batch_size=10)
    assert run.step(5) == ""
    description, message = run.scene()
    assert (description["classes"], description["certainties"]) == (20, 12)
    assert sorted(set(unpack(message)[2][Section.LABELS].tolist())) == list(range(20))
    assert description["layers"][-1]["units"] == 20


def test_all_rows_of_xor_are_learned_and_there_is_no_test_loss():
    play = Playground(
        data=XOR, train_fraction=1, hidden=(4,), optimizer="adam", learning_rate=0.1, batch_size=4, samples=50
    )
    run = play.session.run
    assert run.step(300) == ""
    description, _ = run.scene()
    assert (description["train"], description["test"]) == (4, 0)
    assert float(run.evaluation.train_accuracy) == 1.0
    columns = run.history.columns()
    assert np.isnan(columns["test"]).all()
    assert np.isfinite(columns["train"]).all()
    play._chart.draw(columns)
    assert np.isfinite([play._chart.figure.y_range.end, play._chart.figure.x_range.end]).all()


def test_only_data_of_ones_own_may_be_all_for_training():
    with pytest.raises(ValueError, match=one_sentence("train_fraction", "between 0.1 and 0.9")):
        Playground(train_fraction=1)


def test_a_change_of_the_network_keeps_the_data(rng):
    run = run_on(table(rng))
    rows = run.trainer.data.rows
    for change in ({"hidden": [3]}, {"dataset": "spiral"}, {"seed": 3}, {"learning_rate": 0.3}):
        run.settings.update(change)
        run.apply()
        assert np.array_equal(np.sort(run.trainer.data.rows, axis=0), np.sort(rows, axis=0))


@pytest.mark.parametrize(
    ("labels", "task", "drawn", "packed"),
    [
        (np.arange(40) % 3 * 1.0, "regression", (False, False), [0, 100, 127]),
        (np.arange(80).reshape(40, 2) % 2, None, (False, True), [0]),
        (np.linspace(-1, 1, 80).reshape(40, 2), None, (False, False), None),
        (list("abcd") * 10, None, (True, True), [0, 1, 2, 3]),
    ],
    ids=["values", "answers", "several values", "classes"],
)
def test_every_kind_of_label_is_drawn(rng, labels, task, drawn, packed):
    run = run_on(table(rng, labels), task, batch_size=10)
    assert run.step(5) == ""
    description, message = run.scene()
    assert tuple(description["task"].values()) == drawn, "exclusive classes, and probabilities"
    found = sorted(set(unpack(message)[2][Section.LABELS].tolist()))
    assert packed is None or found == packed
    assert isinstance(run.trainer, Trainer)


def test_losses_on_offer_are_those_for_the_labels(rng):
    play = Playground(data=table(rng, rng.normal(size=40)))
    (select,) = [widget for widget in play._controls.bar if getattr(widget, "label", "") == "Loss"]
    assert set(select.options.values()) == {"cross_entropy", "squared_error"}


@pytest.mark.parametrize(
    ("bad", "parts"),
    [
        ({"data": 3}, ("data must be a pair",)),
        ({"data": XOR, "task": "regression"}, ("data must have labels", "numbers")),
    ],
)
def test_what_cannot_be_used_is_refused(bad, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Playground(**bad)


def test_a_test_set_of_ones_own_is_not_split_again(rng):
    own = read((rng.normal(size=(6, 2)), [0, 1] * 3, rng.normal(size=(40, 2)), [0, 1] * 20))
    settings = Settings(own, batch_size=10)
    trainer = Trainer(settings.config(), own)
    assert (trainer.data.train, trainer.data.test, trainer.batch_size) == (6, 40, 6)
