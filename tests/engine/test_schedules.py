import math

import pytest
from helpers import assert_close, name_of

from engine import SCHEDULES

every = pytest.mark.parametrize("entry", SCHEDULES.values(), ids=name_of)


@every
def test_starts_at_one_and_stays_a_share(entry):
    knobs = {knob.name: knob.default for knob in entry.knobs}
    assert entry.factor(0, knobs) == 1.0
    assert all(0.0 <= entry.factor(step, knobs) <= 1.0 for step in (1, 10, 1000, 10**7))


@every
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_knob_works_at_its_bounds(entry, end):
    factor = entry.factor(10**6, {knob.name: getattr(knob, end) for knob in entry.knobs})
    assert math.isfinite(factor)


def test_known_values():
    assert SCHEDULES["constant"].factor(99, {}) == 1.0
    assert_close(SCHEDULES["exponential"].factor(10, {"decay": 0.1}), 1 / math.e)
