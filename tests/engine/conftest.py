"""NumPy's floating-point errors are errors here; what may overflow must say so itself."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _strict_numbers():
    with np.errstate(all="raise", under="ignore"):
        yield
