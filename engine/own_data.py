"""Data of a user's own: arrays, lists and data frames, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.registry import Refusal, brief
from engine.tasks import TASKS

MOST_COLUMNS, MOST_CLASSES = 784, 20

_MOST_WHOLE = 8
"""So many different whole numbers with a point are still taken for classes; more are rather values."""

_LARGEST = 1e50
"""Of larger numbers the variance of the squares would overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnData:
    """A table of numbers and what is to be learned of each row.

    Attributes
    ----------
    rows : (n, F) array
    labels : (n,) array of class 0, 1, ... or value; (n, C) where each row has several targets
    task : str
        Key of TASKS.
    class_names : tuple of str
        What the classes are called, in order; empty where there are none.
    columns : tuple of str
        What the columns are called.
    remarks : tuple of str
        Sentences for a person.
    on_square : bool
        Whether the rows are points of the square of the built-in data sets.
    train : int or None
        How many rows are for training, the first ones, where the others were given as test set; None where the rows are
        still to be split.
    """

    rows: Array
    labels: Array
    task: str
    class_names: tuple[str, ...]
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    on_square: bool = False
    train: int | None = None


Given: TypeAlias = tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike] | OwnData
"""(X, y), (X, y, X_test, y_test), or what ``read`` made of them."""


def read(data: Given, task: str | None = None) -> OwnData:
    """Read a pair (X, y), or with a test set of its own (X, y, X_test, y_test).

    Parameters
    ----------
    data : (X, y), (X, y, X_test, y_test) or OwnData
        X : (n, F) numbers, F from 2 to 784: an array, nested lists, or a data frame, of which the columns keep their
        names. y : (n,) labels. Integers, booleans and strings are classes, 2 to 20 of them, in their order; other
        numbers are values, unless all are whole and there are at most 8 different ones: then they are classes too, and
        a remark says so. (n, C) numbers are several targets for each row: booleans, and integers that are 0 or 1, are
        answers of their own, all others values; of 0.0 and 1.0 a remark says so. X_test and y_test must be of the
        same kind; without them the rows are split.
    task : str, optional
        Key of TASKS: what the labels are, where that is not what they look like.

    Raises
    ------
    ValueError
        One sentence that says what is wrong.
    """
    if isinstance(data, OwnData):
        return data
    if task is not None:
        TASKS[task]
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 4):
        raise Refusal(f"data must be a pair (X, y) of points and labels, or (X, y, X_test, y_test); not {brief(data)}.")
    points, y = data[::2], [_with_labels(*pair) for pair in zip(data[::2], data[1::2], strict=True)]
    _check_alike(points, y)
    rows, given = np.concatenate([part[0] for part in y]), np.concatenate([part[1] for part in y])
    found, labels, names, remarks = _labels(given, task)
    train = len(y[0][0]) if len(y) > 1 else None
    return OwnData(rows, labels, found, names, _names_of(data[0], rows.shape[1]), remarks, train=train)


def _with_labels(points: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Rows (n, F) and their labels as they were given, (n,) or (n, C)."""
    rows = _rows(points)
    given = _array(_of_one_kind(y), "labels")
    if given.shape[1:] == (1,):
        given = given[:, 0]
    if given.ndim not in (1, 2) or len(given) != len(rows) or not given.size:
        raise Refusal(
            f"data must have one label for each of its {len(rows)} points, or a row of targets; not {given.shape}."
        )
    return rows, given


def _check_alike(points: Sequence[ArrayLike], parts: Sequence[tuple[Array, Array]]) -> None:
    """Refuse a test set with other columns, or other labels, than the training set has."""
    columns = [_names_of(given, rows.shape[1]) for given, (rows, _) in zip(points, parts, strict=True)]
    if columns[0] != columns[-1]:
        raise Refusal(f"data must have a test set with the columns {brief(columns[0])}; not {brief(columns[-1])}.")
    kinds = [(labels.dtype.kind == "U", labels.shape[1:]) for _, labels in parts]
    if kinds[0] != kinds[-1]:
        raise Refusal("data must have labels of one kind, the same for training and for test.")


def rows_of(points: ArrayLike, columns: int) -> Array:
    """Points (n, columns) to ask a network about; a single one may come without its axis.

    Raises
    ------
    ValueError
        When they are not finite numbers, or of another shape.
    """
    _check_mask("points", points)
    try:
        rows = np.atleast_2d(_numbers(_array(points, "points"), "points", points))
    except Refusal:
        raise Refusal(f"points must be finite numbers; not {brief(points)}.") from None
    if rows.ndim != 2 or rows.shape[1] != columns:
        raise Refusal(f"points must be of shape (n, {columns}); not {rows.shape}.")
    return rows


def _rows(given: ArrayLike) -> Array:
    what = f"points of shape (n, F), F from 2 to {MOST_COLUMNS}"
    table = _numbers(_array(given, what), what, given)
    if table.ndim != 2 or not 2 <= table.shape[1] <= MOST_COLUMNS or not len(table):
        raise Refusal(f"data must have {what}; not {table.shape}.")
    return table


def usual_names(count: int) -> tuple[str, ...]:
    """What columns are called that have no names of their own."""
    return tuple(f"x{k + 1}" for k in range(count))


def _names_of(given: ArrayLike, count: int) -> tuple[str, ...]:
    """The columns' own names, if the table has any."""
    names = getattr(given, "columns", None)
    if names is None:
        return usual_names(count)
    return tuple(str(name) for name in names)


def _array(given: ArrayLike, what: str) -> Array:
    """A copy as an array, of numbers or of text where a data frame hands over objects that are."""
    _check_mask("data", given)
    try:
        array = np.array(_without_gradient(given))
    except (ValueError, OverflowError, TypeError, RuntimeError):  # rows of different lengths, tensors of odd kinds
        raise Refusal(f"data must have {what}, all of them numbers; not {brief(given)}.") from None
    if array.dtype.kind == "O" and array.ndim:
        _check_complete(array)
        if all(isinstance(value, str) for value in array.flat):
            return array.astype(str)
        if all(isinstance(value, (Real, np.bool_)) for value in array.flat):
            return np.array(array.tolist())
    return array


def _without_gradient(given: ArrayLike) -> ArrayLike:
    """The numbers of a tensor that records gradients, as PyTorch's do, in main memory; all else as it is."""
    for step in ("detach", "cpu"):
        given = getattr(given, step, lambda same=given: same)()
    return given


def _check_complete(array: Array) -> None:
    """Refuse None, NaN among text, and the missing values of data frames."""
    if any(_is_missing(value) for value in array.flat):
        raise Refusal("data must have no missing values, such as None or NaN; leave their rows out.")


def _is_missing(value: object) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas' NA is neither equal to itself nor different
        return True
    except ValueError:  # an array
        return False


def _check_mask(what: str, given: ArrayLike) -> None:
    """Refuse masked values: an array would show what the mask hides."""
    if np.ma.is_masked(given):
        raise Refusal(f"{what} must have no masked values; leave their rows out.")


def _of_one_kind(labels: ArrayLike) -> ArrayLike:
    """Labels that are all text or all numbers. As an array a list of both would be text without a word."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind != "O":
        return labels
    values = np.array(_without_gradient(labels), dtype=object)
    _check_complete(values)
    kinds = {isinstance(value, str) for value in values.flat}
    if len(kinds) > 1:
        raise Refusal(f"data must have labels of one kind, all text or all numbers; not {brief(labels)}.")
    return labels


def _numbers(array: Array, what: str, given: ArrayLike) -> Array:
    """Finite numbers in double precision; text, complex numbers and whole numbers beyond 64 bits are refused."""
    if array.dtype.kind not in "biuf":
        raise Refusal(f"data must have {what}, all of them numbers; not {brief(given)}.")
    numbers = array.astype(float)
    if not np.isfinite(numbers).all():
        raise Refusal("data must be finite numbers; not NaN or infinite.")
    largest = np.abs(numbers).max(initial=0.0)
    if largest > _LARGEST:
        raise Refusal(f"data must be numbers of at most {_LARGEST:g} in size; not {largest:g}.")
    return numbers


_Labels = tuple[str, Array, tuple[str, ...], tuple[str, ...]]
"""Task, labels, names of the classes, remarks."""


def _labels(given: Array, task: str | None) -> _Labels:
    if given.ndim == 2 or (task is not None and not TASKS[task].classes):
        return _targets(given, task)
    if task is None and given.dtype.kind == "f":
        values = np.unique(_numbers(given, "labels", given))
        if (values != np.floor(values)).any() or not 2 <= len(values) <= _MOST_WHOLE:
            return _targets(given, "regression")
        task, labels, names, _ = _classes(given, None)
        remark = (
            f"The labels are whole numbers of {len(names)} kinds, so they are taken as classes; "
            'task="regression" takes them as values.'
        )
        return task, labels, names, (remark,)
    return _classes(given, task)


def _classes(given: Array, task: str | None) -> _Labels:
    """Labels of any kind, numbered in their order."""
    if given.dtype.kind != "U":
        _numbers(given, "labels that are whole numbers, booleans or text", given.tolist())
    found, labels = np.unique(given, return_inverse=True)
    if len(found) < 2:
        raise Refusal(f"data must have labels of at least two classes; not only of class {found[0]}.")
    if len(found) > MOST_CLASSES:
        raise Refusal(
            f'data must have labels of at most {MOST_CLASSES} classes, or values, which task="regression" takes '
            f"them as; not {brief(found.tolist())}."
        )
    if task and not TASKS[task].exclusive and len(found) > 2:
        raise Refusal(f"data must have labels of {TASKS[task].title} for task {task}; not {brief(found.tolist())}.")
    names = tuple(_class_name(label) for label in found.tolist())
    return task or ("multiclass" if len(names) > 2 else "binary"), labels.astype(int), names, ()


def _class_name(label: object) -> str:
    """A label as a person reads it: whole numbers without a point."""
    return f"{label:.0f}" if isinstance(label, float) and label.is_integer() else str(label)


def _targets(given: Array, task: str | None) -> _Labels:
    """Numbers to come near to: one for each row, or several."""
    numbers = _numbers(given, "labels", given)
    answers = bool(np.isin(numbers, (0.0, 1.0)).all())
    remarks = _taken_as_values(numbers) if answers and task is None and given.dtype.kind == "f" else ()
    task = task or ("multilabel" if answers and given.dtype.kind in "biu" else "regression")
    if TASKS[task].classes:
        raise Refusal(f"data must have one label for each point for task {task}; not rows of {given.shape[1]}.")
    if TASKS[task].probabilities and not ((numbers >= 0.0) & (numbers <= 1.0)).all():
        raise Refusal(f"data must have targets between 0 and 1 for task {task}; not {brief(_outside(numbers))}.")
    return task, numbers, (), remarks


def _taken_as_values(numbers: Array) -> tuple[str]:
    """What a person should know who gives rows (n, C) of 0.0 and 1.0 without a task."""
    one_hot = bool((numbers.sum(axis=1) == 1.0).all())
    classes = "; for classes that exclude each other give y.argmax(axis=1)" if one_hot else ""
    return (
        f"Each row of labels has {numbers.shape[1]} numbers, 0 and 1 with a point, so they are taken as values; "
        f'task="multilabel" takes them as answers, each yes or no{classes}.',
    )


def _outside(numbers: Array) -> float:
    """The number that is farthest from 0.5."""
    flat: Sequence[float] = numbers.ravel().tolist()
    return max(flat, key=lambda number: abs(number - 0.5))
