"""Fixtures for all tests."""

import gc

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("repeatable")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240229)


def pytest_collection_finish() -> None:
    """Modules and test items stay to the end: the garbage collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
