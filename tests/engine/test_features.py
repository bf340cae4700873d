import numpy as np
import pytest
from helpers import assert_close

from engine import FEATURES
from engine.features import columns

POINT = {
    "x1": 2.0, "x2": -3.0, "x1_squared": 4.0, "x2_squared": 9.0, "x1_x2": -6.0,
    "sin_x1": 0.9092974268256817, "sin_x2": -0.1411200080598672,
    "cos_x1": -0.4161468365471424, "cos_x2": -0.9899924966004454,
}  # fmt: skip


def test_the_table_knows_every_feature():
    assert list(POINT) == list(FEATURES)


@pytest.mark.parametrize("name", POINT)
def test_known_values(name):
    assert_close(columns([name], np.array([[2.0, -3.0], [0.0, 0.0]]))[0], [POINT[name]])


def test_columns_come_in_the_order_asked_for(rng):
    points = rng.normal(size=(6, 2))
    both = columns(["x2", "x1_x2", "x1"], points)
    assert both.shape == (6, 3)
    assert_close(both[:, [2, 0]], points)
    assert columns(["x1"], np.zeros((0, 2))).shape == (0, 1)
