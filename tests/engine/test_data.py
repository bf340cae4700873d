import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of, one_sentence

from engine import DATASETS, TASKS, Config, Trainer
from engine.data import load


@pytest.mark.parametrize("entry", DATASETS.values(), ids=name_of)
def test_shapes(entry):
    data = load(Config(dataset=entry.name, samples=50, features=("x1", "x2", "x1_x2")))
    assert data.points.shape == (50, 2)
    assert data.inputs.shape == (50, 4)
    assert data.targets.shape == (50, entry.outputs)
    assert np.all(data.inputs[:, -1] == 1.0)
    assert (data.task, data.classes, data.train) == (entry.task, entry.classes, 25)


@pytest.mark.parametrize(
    ("samples", "fraction", "train"),
    [(2, 0.01, 1), (2, 0.99, 1), (3, 0.5, 2), (10, 0.01, 1), (10, 0.99, 9), (500, 0.5, 250), (500, 0.9, 450)],
)
def test_both_parts_have_at_least_one_point(samples, fraction, train):
    assert load(Config(samples=samples, train_fraction=fraction)).train == train


def test_the_share_of_training_points_only_moves_the_cut():
    few, many = load(Config(train_fraction=0.1)), load(Config(train_fraction=0.9))
    assert_same(few.points, many.points)
    assert_same(few.labels, many.labels)


@pytest.mark.parametrize("change", [{"hidden": (5, 3, 3)}, {"batch_size": 3}, {"initializer": "zeros"}], ids=str)
def test_the_network_does_not_reshuffle_the_data(change):
    assert_same(load(Config()).points, load(Config(**change)).points)


def test_arrays_are_read_only():
    data = load(Config())
    for array in (data.points, data.labels, data.inputs, data.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_inputs_anywhere_are_those_of_the_data_points():
    data = load(Config(preprocessing="standardise", features=("x1_squared", "sin_x2")))
    assert_close(data.inputs_at(data.points), data.inputs)


X = np.random.default_rng(0).normal(size=(20, 2))
TWO = np.arange(20) % 2


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (TWO, "binary", 2),
        (TWO.tolist(), "binary", 2),
        (TWO.astype(np.uint8), "binary", 2),
        (TWO == 1, "binary", 2),
        (np.arange(20) % 3, "multiclass", 3),
        (np.arange(20) % 8, "multiclass", 8),
        (np.arange(20), "multiclass", 20),
        (list("abcdefghij") * 2, "multiclass", 10),
        (np.arange(20) % 8 * 1.0, "multiclass", 8),
        (np.arange(20) % 9 * 1.0, "regression", 0),
        (X[:, 0], "regression", 0),
        (X[:, 0].astype(np.float32), "regression", 0),
        (TWO.astype(float), "binary", 2),
        (TWO * 2 - 1, "binary", 2),
        (TWO + 1, "binary", 2),
        (np.arange(20) % 3 * 50 - 7, "multiclass", 3),
        (["yes", "no"] * 10, "binary", 2),
        (np.array(["b", "c", "a", "b"] * 5, dtype=object), "multiclass", 3),
        (np.arange(20) * 1.0, "regression", 0),
        (np.full(20, 3.0), "regression", 0),
        (X, "regression", 0),
        (TWO[:, None], "binary", 2),
        (np.stack([TWO, 1 - TWO, TWO * 0], axis=1), "multilabel", 0),
        (np.stack([TWO, 1 - TWO], axis=1) == 1, "multilabel", 0),
    ],
    ids=lambda value: getattr(getattr(value, "dtype", None), "name", None),
)
def test_labels_of_your_own_decide_the_task(y, task, classes):
    trainer = Trainer(Config(batch_size=4), data=(X, y))
    assert (trainer.data.task, trainer.data.classes) == (task, classes)
    assert trainer.run(trainer.init(), 5).finite


def test_points_of_your_own_keep_their_labels():
    data = load(Config(seed=3), (X, TWO))
    before = {tuple(point): label for point, label in zip(X, TWO, strict=True)}
    assert {tuple(point): label for point, label in zip(data.points, data.labels, strict=True)} == before


def test_points_of_your_own_are_copied():
    points, labels = X.copy(), TWO.copy()
    data = load(Config(), (points, labels))
    kept = data.points.copy(), data.labels.copy()
    points[...], labels[...] = 9.0, 0
    assert_same(data.points, kept[0])
    assert_same(data.labels, kept[1])


@pytest.mark.parametrize(
    ("points", "labels", "why"),
    [
        (X[:, :1], TWO, "F from 2 to 784"),
        (X[0], TWO, "(n, F)"),
        (X[:1], [0.5], "at least 2"),
        (X, TWO[:-1], "one label for each of its 20 points"),
        (X, TWO[:, None, None], "one label for each"),
        (X * np.nan, TWO, "finite"),
        (X * np.inf, TWO, "finite"),
        (X, np.where(TWO, np.nan, 0.0), "finite"),
        (X, TWO * 0, "at least two classes"),
        (np.tile(X, (2, 1)), np.arange(40) % 21, "at most 20 classes"),
        (np.tile(X, (2, 1)), list("abcdefghijklmnopqrstu") + ["a"] * 19, "at most 20 classes"),
        ([["a", "b"], ["c", "d"]], [0, 1], "numbers"),
        ([[1, 2], [3]], [0, 1], "(n, F)"),
        (X, [None] * 20, "missing"),
        (X, np.array(["no", 1] * 10, dtype=object), "of one kind"),
        (X, ["no", 1] * 10, "of one kind"),
        (X, [1, "1"] * 10, "of one kind"),
        (X, ["yes", float("nan")] * 10, "missing"),
        (X, [True, "yes"] * 10, "of one kind"),
        (X, [0, 10**30] * 10, "numbers"),
        (np.ma.array(X, mask=X > 0), TWO, "masked"),
        (X, np.ma.array(TWO, mask=TWO == 1), "masked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unusable_data_is_refused_with_one_sentence(points, labels, why):
    with pytest.raises(ValueError, match=one_sentence("data must", why)):
        Trainer(Config(), data=(points, labels))


# Names, several targets, tables


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (TWO, ("0", "1")),
        (TWO * 2 - 1, ("-1", "1")),
        (TWO == 1, ("False", "True")),
        (["yes", "no"] * 10, ("no", "yes")),
        (TWO + 1.0, ("1", "2")),
        (TWO * 1e20, ("0", "1" + "0" * 20)),
    ],
    ids=str,
)
def test_classes_keep_their_names_and_their_order(y, names):
    data = load(Config(train_fraction=1), (X, y))
    assert data.class_names == names
    named = {tuple(row): names[label] for row, label in zip(data.rows, data.labels, strict=True)}
    expected = [str(int(label)) if isinstance(label, float) else str(label) for label in np.array(y).tolist()]
    assert [named[tuple(row)] for row in X] == expected


def test_whole_numbers_with_a_point_are_classes_with_a_remark_and_a_way_out():
    trainer = Trainer(Config(batch_size=4), data=(X, TWO.astype(float)))
    (remark,) = trainer.remarks
    assert "2 kinds" in remark
    assert 'task="regression"' in remark
    values = Trainer(Config(batch_size=4), data=(X, TWO.astype(float)), task="regression")
    assert (values.data.task, values.data.classes, values.remarks) == ("regression", 0, [])
    assert_same(np.sort(values.data.targets[:, 0]), np.sort(TWO.astype(float)))


ONE_HOT = np.eye(3)[np.arange(20) % 3]


@pytest.mark.parametrize(
    ("y", "parts"),
    [
        (ONE_HOT, ('task="multilabel"', "argmax(axis=1)")),
        (np.stack([TWO, TWO], axis=1) * 1.0, ('task="multilabel"',)),
    ],
)
def test_rows_of_zeros_and_ones_with_a_point_are_values_with_a_remark_and_a_way_out(y, parts):
    trainer = Trainer(Config(batch_size=4), data=(X, y))
    assert trainer.task.name == "regression"
    (remark,) = trainer.remarks
    assert all(part in remark for part in ("0 and 1", "values", *parts))
    assert ("argmax" in remark) == ("argmax(axis=1)" in parts)
    for task in ("multilabel", "regression"):
        chosen = Trainer(Config(batch_size=4), data=(X, y), task=task)
        assert (chosen.task.name, chosen.remarks) == (task, [])


@pytest.mark.parametrize("y", [ONE_HOT * 2, ONE_HOT + 0.5, X, ONE_HOT == 1, ONE_HOT.astype(int)], ids=str)
def test_other_rows_need_no_remark(y):
    assert Trainer(Config(batch_size=4), data=(X, y)).remarks == []


def test_features_of_two_coordinates_do_not_go_unsaid_where_there_are_more(rng):
    rows = rng.normal(size=(20, 3))
    (remark,) = Trainer(Config(batch_size=4, features=("x1", "x1_squared")), data=(rows, TWO)).remarks
    assert all(part in remark for part in ("x1, x1_squared", "two columns", "3"))
    assert Trainer(Config(batch_size=4), data=(rows, TWO)).remarks == []
    assert Trainer(Config(batch_size=4, features=("x1", "x1_squared")), data=(X, TWO)).remarks == []


@pytest.mark.parametrize(
    ("y", "task", "why"),
    [
        (TWO * 3, "multilabel", "between 0 and 1"),
        (["a", "b"] * 10, "regression", "numbers"),
        (np.arange(20) % 3, "binary", "two classes"),
        (np.stack([TWO, TWO], axis=1), "binary", "one label for each point"),
    ],
)
def test_labels_that_are_not_of_the_task_are_refused(y, task, why):
    with pytest.raises(ValueError, match=one_sentence("data must", why)):
        Trainer(Config(), data=(X, y), task=task)


def test_a_mask_that_hides_nothing_is_none():
    trainer = Trainer(Config(batch_size=4), data=(np.ma.array(X), np.ma.array(TWO)))
    assert (trainer.data.task, trainer.data.classes) == ("binary", 2)
    with pytest.raises(ValueError, match=one_sentence("points must", "masked")):
        trainer.predict(trainer.init(), np.ma.array(X, mask=X > 0))


def test_a_task_is_one_that_there_is_and_of_data_of_ones_own():
    with pytest.raises(ValueError, match=one_sentence("task", *TASKS)):
        Trainer(Config(), data=(X, TWO), task="nonsense")
    with pytest.raises(ValueError, match=one_sentence("task", "regression")):
        Trainer(Config(), task="regression")


@pytest.mark.parametrize("width", [3, 7, 784])
def test_other_than_two_columns_are_inputs_as_they_are(width, rng):
    rows = rng.normal(size=(20, width))
    trainer = Trainer(Config(batch_size=4, preprocessing="standardise", hidden=(3,)), data=(rows, TWO))
    data = trainer.data
    assert data.points is None
    assert (data.rows.shape, data.width, trainer.network.inputs) == ((20, width), width, width)
    assert_close(data.inputs[: data.train, :-1].mean(axis=0), 0.0)
    assert_close(data.inputs_at(data.rows), data.inputs)
    state = trainer.run(trainer.init(), 10)
    assert trainer.predict(state, rows).shape == (20, 1)
    with pytest.raises(ValueError, match=one_sentence("points", f"(n, {width})")):
        trainer.predict(state, X)


class Frame:
    """What a data frame is to NumPy: an array interface, and names for the columns."""

    def __init__(self, table, columns):
        self.table, self.columns = table, columns

    def __array__(self, dtype=None, copy=None):
        return np.array(self.table, dtype=dtype)


def test_a_data_frame_is_read_by_its_array_interface():
    mixed = np.empty((20, 3), dtype=object)
    mixed[:, :2], mixed[:, 2] = X, TWO == 1
    data = load(Config(), (Frame(mixed, ["height", "weight", 3]), Frame(TWO[:, None], ["label"])))
    assert data.columns == data.names == ("height", "weight", "3")
    assert (data.task, data.rows.dtype) == ("binary", np.float64)
    assert_same(data.rows[:, 2], (data.labels == 1).astype(float))


def test_pandas_is_read_and_not_imported():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": X[:, 0], "b": TWO, "c": TWO == 1})
    names = pandas.Series(["no", "yes"] * 10)
    for labels in (names, names.astype("category"), names.astype("string")):
        data = load(Config(), (frame, labels))
        assert (data.columns, data.class_names) == (("a", "b", "c"), ("no", "yes"))
    trainer = Trainer(Config(batch_size=4), data=(frame, frame["a"]))
    assert trainer.data.task == "regression"
    assert trainer.predict(trainer.init(), frame).shape == (20, 1)
    missing = frame.assign(a=frame["a"].where(frame["b"] == 1))
    with pytest.raises(ValueError, match=one_sentence("data must", "missing")):
        load(Config(), (missing, names))


# No test points


XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def test_all_four_rows_of_xor_can_be_learned():
    config = Config(hidden=(4,), optimizer="adam", learning_rate=0.1, train_fraction=1, batch_size="all")
    trainer = Trainer(config, data=XOR)
    state = trainer.run(trainer.init(), 300)
    assert (trainer.data.train, trainer.data.test) == (4, 0)
    assert np.round(trainer.predict(state, XOR[0])[:, 0]).tolist() == XOR[1]
    found = trainer.evaluate(state)
    assert found.train_accuracy == 1.0
    assert found.train_loss < 0.1
    assert np.isnan([found.test_loss, found.test_accuracy]).all()


@pytest.mark.parametrize("entry", DATASETS.values(), ids=name_of)
def test_what_is_not_there_has_no_loss_for_several_networks_either(entry):
    loss = "squared_error"
    trainer = Trainer(Config(dataset=entry.name, samples=30, train_fraction=1, loss=loss, batch_norm=True))
    found = trainer.evaluate(trainer.run(trainer.init(seeds=range(3)), 5))
    assert found.test_loss.shape == found.test_accuracy.shape == (3,)
    assert np.isnan(found.test_loss).all()
    assert np.isnan(found.test_accuracy).all()
    assert np.isfinite(found.train_loss).all()


def test_early_stopping_asks_for_test_points():
    with pytest.raises(ValueError, match=one_sentence("stopping", "test points", "no_improvement")):
        Trainer(Config(stopping="no_improvement", train_fraction=1))


# A split by classes, and a test set of one's own


@pytest.mark.parametrize("fraction", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(5))
def test_both_parts_of_a_split_have_each_class_in_its_share(fraction, seed, rng):
    labels = np.repeat(["common", "rare", "rarer"], [70, 20, 10])
    data = load(Config(train_fraction=fraction, seed=seed), (rng.normal(size=(100, 3)), labels))
    counts = np.bincount(data.labels[: data.train])
    assert np.abs(counts - fraction * np.array([70, 20, 10])).max() <= 1
    assert data.train == round(100 * fraction)
    assert not data.remarks


def test_the_share_only_moves_the_cut_of_classes_too(rng):
    own = rng.normal(size=(50, 3)), np.arange(50) % 7 // 3
    few, many = (load(Config(train_fraction=fraction), own) for fraction in (0.3, 0.8))
    assert_same(few.rows, many.rows)


def test_a_class_that_one_part_lacks_is_remarked(rng):
    own = rng.normal(size=(9, 2)), ["a", "a", "a", "a", "b", "b", "b", "b", "lone"]
    (early,) = load(Config(train_fraction=0.3), own).remarks
    assert early == "No training point is of class lone, so the network cannot learn it."
    (late,) = load(Config(train_fraction=0.8), own).remarks
    assert late == "No test point is of class lone, so test loss and test accuracy say nothing of it."
    assert load(Config(train_fraction=1), own).remarks == ()


def test_a_test_set_of_ones_own_is_the_test_set(rng):
    points, more = rng.normal(size=(12, 3)), rng.normal(size=(5, 3))
    data = load(Config(train_fraction=1), (points, ["b", "a"] * 6, more, ["a", "a", "b", "a", "b"]))
    assert (data.train, data.test, data.class_names) == (12, 5, ("a", "b"))
    assert_same(data.rows[12:], more)
    assert data.labels[12:].tolist() == [0, 0, 1, 0, 1]
    assert sorted(map(tuple, data.rows[:12])) == sorted(map(tuple, points))


def test_preprocessing_does_not_look_at_a_test_set_of_ones_own(rng):
    points, labels = rng.normal(size=(12, 3)), [0, 1] * 6
    one, other = (
        load(Config(preprocessing="standardise"), (points, labels, rng.normal(size=(4, 3)) * scale, [0, 1, 1, 0]))
        for scale in (1.0, 100.0)
    )
    assert_same(one.inputs[:12], other.inputs[:12])


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ((np.ones((2, 3)), [0, 1]), "a test set with the columns"),
        ((np.ones((2, 2)), ["0", "1"]), "labels of one kind"),
        ((np.ones((2, 2)), [[0, 1], [1, 0]]), "labels of one kind"),
        ((np.ones((2, 2)), [0]), "one label for each of its 2 points"),
        ((np.ones((2, 2)),), "(X, y, X_test, y_test)"),
    ],
)
def test_a_test_set_of_another_kind_is_refused(test, why):
    with pytest.raises(ValueError, match=one_sentence("data must", why)):
        load(Config(), (X, TWO, *test))


# Tensors and missing values


class Tensor:
    """As PyTorch's: no array is made of it while it records gradients."""

    def __init__(self, values, records=True):
        self.values, self.records = values, records

    def detach(self):
        return Tensor(self.values, records=False)

    def __array__(self, dtype=None, copy=None):
        if self.records:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.array(self.values, dtype=dtype)


def test_tensors_that_record_gradients_are_read():
    trainer = Trainer(Config(), data=(Tensor(X), Tensor(TWO)))
    assert trainer.data.task == "binary"
    state = trainer.init()
    assert_same(trainer.predict(state, Tensor(X)), trainer.predict(state, X))
    with pytest.raises(ValueError, match=one_sentence("data must", "numbers")):
        Trainer(Config(), data=([Tensor(row) for row in X], TWO))


@pytest.mark.parametrize("kind", ["Int64", "boolean", "string", "category", "object"])
def test_missing_values_of_a_data_frame_are_refused(kind):
    pandas = pytest.importorskip("pandas")
    labels = pandas.Series([True, False] * 10).astype("str" if kind == "string" else object).astype(kind)
    load(Config(), (X, labels))
    labels[3] = None
    with pytest.raises(ValueError, match=one_sentence("data must", "missing")):
        load(Config(), (X, labels))
    frame = pandas.DataFrame(X).astype("Float64")
    frame.iloc[0, 0] = None
    with pytest.raises(ValueError, match=one_sentence("data must", "missing")):
        load(Config(), (frame, TWO))
