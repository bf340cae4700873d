from itertools import combinations, product

import numpy as np
import pytest
from helpers import assert_same
from hypothesis import given
from hypothesis import strategies as st

from engine.streams import Purpose, stream

ADDRESSES = st.tuples(st.integers(0, 2**32 - 1), st.sampled_from(Purpose), st.integers(0, 10**9), st.integers(0, 10**9))


@given(ADDRESSES)
def test_the_same_address_repeats(address):
    assert_same(stream(*address).random(5), stream(*address).random(5))


@given(ADDRESSES, ADDRESSES)
def test_different_addresses_differ(first, second):
    if first != second:
        assert not np.any(stream(*first).random(5) == stream(*second).random(5))


def test_neighbouring_addresses_neither_overlap_nor_correlate():
    draws = {address: stream(*address).random(1000) for address in product((0, 1), Purpose, (0, 1), (0, 1))}
    assert len(set(np.concatenate(list(draws.values())))) == 1000 * len(draws)
    for one, other in combinations(draws.values(), 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.2  # six standard deviations of chance


def test_purposes_are_numbered_once_and_for_all():
    assert {purpose.name: int(purpose) for purpose in Purpose} == {
        "DATA": 1,
        "SPLIT": 2,
        "WEIGHTS": 3,
        "ORDER": 4,
        "MASKS": 5,
        "MEMBERS": 6,
        "DIRECTIONS": 7,
        "NOISE": 8,
    }


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_every_allowed_seed_works(seed):
    assert 0 <= stream(seed, Purpose.DATA).random() < 1
