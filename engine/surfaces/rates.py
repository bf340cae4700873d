"""A learning rate for every rule on every surface, with which its path from the start shows something.

Found by trial, among 1, 2, 3 and 5 times a power of ten: between (in ratios) the smallest rate with which a rule gets
97 % of the way down in 150 steps, and the rate with which it is lowest after 300; it stays on the map for 1,000 steps.
If there is no minimum, a rate with which it leaves the map after about 200 steps. Rules with a line search begin with
their default rate everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

_RULES = (
    "sgd",
    "momentum",
    "momentum_classic",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adadelta",
    "adam",
    "adamw",
    "nadam",
    "lion",
    "delta_bar_delta",
)

_RATES = {
    "bowl": (0.1, 0.003, 0.003, 0.05, 1.0, 0.05, 3.0, 0.3, 0.5, 0.1, 0.2, 0.02),
    "valley": (0.2, 0.02, 0.02, 0.05, 1.0, 0.03, 3.0, 0.2, 0.3, 0.1, 0.03, 0.1),
    "plane": (0.1, 0.01, 0.01, 0.01, 0.2, 0.02, 5.0, 0.03, 0.03, 0.03, 0.03, 0.02),
    "saddle": (0.02, 0.003, 0.003, 0.003, 0.05, 0.005, 0.05, 0.005, 0.005, 0.005, 0.01, 0.003),
    "monkey_saddle": (0.01, 0.002, 0.002, 0.002, 0.05, 0.003, 0.1, 0.005, 0.005, 0.005, 0.01, 0.002),
    "plateau": (1.0, 0.2, 0.2, 0.2, 0.2, 0.01, 2.0, 0.05, 0.2, 0.02, 0.02, 0.2),
    "rosenbrock": (0.003, 0.001, 0.001, 0.001, 0.5, 0.1, 3.0, 0.3, 0.2, 0.1, 0.01, 0.003),
    "beale": (0.01, 0.002, 0.002, 0.002, 0.3, 0.01, 1.0, 0.05, 0.05, 0.03, 0.03, 0.003),
    "himmelblau": (0.002, 0.0003, 0.0003, 0.0005, 1.0, 0.03, 2.0, 0.1, 0.2, 0.05, 0.05, 0.0005),
    "goldstein_price": (5e-06, 3e-05, 3e-05, 3e-05, 0.5, 0.05, 5.0, 0.2, 0.1, 0.1, 0.02, 5e-05),
    "six_hump_camel": (0.01, 0.002, 0.002, 0.003, 0.1, 0.005, 0.5, 0.02, 0.03, 0.01, 0.03, 0.002),
    "three_hump_camel": (0.05, 0.005, 0.005, 0.01, 0.5, 0.03, 2.0, 0.05, 0.1, 0.02, 0.02, 0.03),
    "mccormick": (0.03, 0.003, 0.003, 0.005, 0.5, 0.02, 3.0, 0.2, 0.2, 0.1, 0.01, 0.005),
    "matyas": (0.1, 0.01, 0.01, 0.05, 2.0, 0.1, 5.0, 0.2, 1.0, 0.2, 0.1, 0.05),
    "booth": (0.01, 0.002, 0.002, 0.002, 2.0, 0.1, 5.0, 0.5, 1.0, 0.5, 0.2, 0.002),
    "styblinski_tang": (0.003, 0.003, 0.003, 0.0005, 0.2, 0.01, 2.0, 0.05, 0.1, 0.02, 0.03, 0.0005),
    "rastrigin": (0.0001, 0.0002, 0.0002, 3e-05, 0.1, 0.01, 0.5, 0.01, 0.03, 0.003, 0.003, 3e-05),
    "ackley": (0.01, 0.02, 0.02, 0.0005, 0.1, 0.02, 0.5, 0.05, 0.05, 0.03, 0.01, 0.01),
    "griewank": (0.1, 0.03, 0.03, 0.02, 0.2, 0.01, 3.0, 0.1, 0.2, 0.1, 0.03, 0.01),
    "levy": (0.02, 0.003, 0.003, 0.01, 2.0, 0.05, 2.0, 0.1, 1.0, 0.2, 0.2, 0.005),
    "easom": (0.05, 0.03, 0.03, 0.005, 0.1, 0.005, 0.5, 0.1, 0.05, 0.01, 0.01, 0.005),
    "eggholder": (0.1, 0.01, 0.01, 0.01, 5.0, 2.0, 5.0, 1.0, 0.005, 3.0, 2.0, 0.05),
    "schaffer": (0.02, 0.002, 0.002, 0.002, 0.05, 0.003, 0.3, 0.02, 0.05, 0.01, 0.003, 0.01),
    "hills": (0.1, 0.1, 0.1, 0.01, 0.3, 0.03, 2.0, 0.1, 0.1, 0.1, 0.03, 0.005),
    "banana": (0.003, 0.001, 0.001, 0.001, 0.2, 0.02, 3.0, 0.2, 0.2, 0.1, 0.01, 0.001),
}

RATES: Mapping[str, Mapping[str, float]] = {
    name: dict(zip(_RULES, rates, strict=True)) for name, rates in _RATES.items()
}
"""By surface and rule."""
