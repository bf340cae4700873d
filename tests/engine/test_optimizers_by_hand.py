"""First steps of the rules that need no probe, worked by hand."""

import numpy as np
import pytest
from descent import descend, hyperparameters_of
from helpers import assert_close, assert_same

from engine import OPTIMIZERS, SURFACES

# Worked by hand on f(w) = w^2 / 2, where the gradient is w itself, from w = 1 with learning rate 0.1 and the
# hyperparameters given. Momentum: v1 = 1, w1 = 1 - 0.1; v2 = 0.5 + 0.9 = 1.4, w2 = 0.9 - 0.14; v3 = 0.7 + 0.76 = 1.46.
# Nesterov: v1 = 1, w1 = 1 - 0.1 (1 + 0.5); v2 = 0.5 + 0.85 = 1.35, w2 = 0.85 - 0.1 (0.85 + 0.675);
# v3 = 0.675 + 0.6975 = 1.3725, w3 = 0.6975 - 0.1 (0.6975 + 0.68625).
BY_HAND = [
    ("sgd", {}, [1.0, 0.9, 0.81, 0.729]),
    ("momentum", {"momentum": 0.5}, [1.0, 0.9, 0.76, 0.614]),
    ("momentum", {"momentum": 0.0}, [1.0, 0.9, 0.81, 0.729]),
    ("momentum_classic", {"momentum": 0.5}, [1.0, 0.9, 0.76, 0.614]),
    ("momentum_classic", {"momentum": 0.0}, [1.0, 0.9, 0.81, 0.729]),
    ("nesterov", {"momentum": 0.5}, [1.0, 0.85, 0.6975, 0.559125]),
    ("nesterov", {"momentum": 0.0}, [1.0, 0.9, 0.81, 0.729]),
]


@pytest.mark.parametrize(("name", "chosen", "path"), BY_HAND)
def test_first_steps_by_hand(name, chosen, path):
    entry = OPTIMIZERS[name]
    walked = descend(entry, SURFACES["bowl"], 3, hyperparameters_of(entry, **chosen), start=(1.0, 0.0))
    assert_close(walked[:, 0], path)
    assert_close(walked[:, 1], 0.0)


# Like above, but the learning rate falls to 0.05 after the first step. In one form it then holds for all of the
# velocity: 1.4 times 0.05, and 0.7 + 0.83 times 0.05. In the other the velocity keeps 0.5 times -0.1, and adds 0.05
# times -0.9: -0.095; then -0.0475 - 0.05 * 0.805 = -0.08775.
@pytest.mark.parametrize(
    ("name", "path", "velocity"),
    [
        ("momentum", [0.9, 0.83, 0.7535], [1.0, 1.4, 1.53]),
        ("momentum_classic", [0.9, 0.805, 0.71725], [-0.1, -0.095, -0.08775]),
    ],
)
def test_the_two_forms_of_momentum_when_the_rate_changes(name, path, velocity):
    entry, w = OPTIMIZERS[name], np.ones(1)
    optimizer_state = entry.init(w)
    for step, rate in enumerate((0.1, 0.05, 0.05)):
        change, optimizer_state = entry.update(
            w, optimizer_state, w, step, hyperparameters_of(entry, rate, momentum=0.5)
        )
        w = w + change
        assert_close((w, optimizer_state.v), ([path[step]], [velocity[step]]))


ROOT = np.sqrt
# name, hyperparameters, then for each update: gradient, parameter before, change divided by the learning rate of 0.1,
# optimizer state.
WORKED = [
    (
        "adagrad", {"epsilon": 1.0},
        [(3.0, 0.0, -3 / 4, {"G": 9.0}), (4.0, 0.0, -4 / 6, {"G": 25.0}), (0.0, 0.0, 0.0, {"G": 25.0})],
    ),
    (
        "rmsprop", {"alpha": 0.75, "epsilon": 1.0},
        [(2.0, 0.0, -2 / 2, {"v": 1.0}), (-ROOT(13), 0.0, ROOT(13) / 3, {"v": 4.0})],
    ),
    (
        # 1: v = 3, so d = sqrt(1) / sqrt(4) * sqrt(6), and u = d^2 / 2 = 0.75, whatever the learning rate.
        # 2: v = 1.5 + 1.5 = 3 again, d = sqrt(1.75) / 2 * sqrt(3), u = 0.375 + 1.3125 / 2.
        "adadelta", {"rho": 0.5, "epsilon": 1.0},
        [
            (ROOT(6), 0.0, -ROOT(6) / 2, {"v": 3.0, "u": 0.75}),
            (ROOT(3), 0.0, -ROOT(1.75 * 3) / 2, {"v": 3.0, "u": 1.03125}),
        ],
    ),
    (
        # 1: m = 1, v = 1, corrected 1/0.5 = 2 and 1/0.25 = 4.
        # 2: m = 2.5, v = 4.75, corrected 2.5/0.75 = 10/3 and 4.75/0.4375 = 76/7.
        "adam", {"beta1": 0.5, "beta2": 0.75, "epsilon": 1.0},
        [
            (2.0, 0.0, -2 / 3, {"m": 1.0, "v": 1.0, "t": 1.0}),
            (4.0, 0.0, -(10 / 3) / (ROOT(76 / 7) + 1), {"m": 2.5, "v": 4.75, "t": 2.0}),
        ],
    ),
    (
        # The same, less half of the parameter.
        "adamw", {"beta1": 0.5, "beta2": 0.75, "epsilon": 1.0, "weight_decay": 0.5},
        [
            (2.0, 3.0, -2 / 3 - 1.5, {"m": 1.0, "v": 1.0, "t": 1.0}),
            (4.0, -2.0, -(10 / 3) / (ROOT(76 / 7) + 1) + 1.0, {"m": 2.5, "v": 4.75, "t": 2.0}),
        ],
    ),
    (
        # Without momentum decay every mu is 0.5 (1 - 0.5) = 1/4. 1: the products are 1/4 and 1/16, so the gradient
        # counts 2 (3/4) / (3/4) = 2 and the mean 1 (1/4) / (15/16) = 4/15. 2: the products are 1/16 and 1/64, the
        # gradient counts 4 (3/4) / (15/16) = 16/5 and the mean 2.5 (1/4) / (63/64) = 40/63.
        "nadam", {"beta1": 0.5, "beta2": 0.75, "epsilon": 1.0, "momentum_decay": 0.0},
        [
            (2.0, 0.0, -(2 + 4 / 15) / 3, {"m": 1.0, "v": 1.0, "t": 1.0, "mu": 1 / 4}),
            (4.0, 0.0, -(16 / 5 + 40 / 63) / (ROOT(76 / 7) + 1), {"m": 2.5, "v": 4.75, "t": 2.0, "mu": 1 / 16}),
        ],
    ),
    (
        # With a decay of 1: mu_1 = 0.5 (1 - 0.48) = 0.26, mu_2 = 0.5 (1 - 0.4608) = 0.2696. The gradient counts
        # 2 (0.74 / 0.74), the mean 1 (0.2696 / (1 - 0.26 0.2696)).
        "nadam", {"beta1": 0.5, "beta2": 0.75, "epsilon": 1.0, "momentum_decay": 1.0},
        [(2.0, 0.0, -(2 + 0.2696 / 0.929904) / 3, {"m": 1.0, "v": 1.0, "t": 1.0, "mu": 0.26})],
    ),
    (
        # 1: the sign of 0.5 * 0 + 0.5 * 4, plus half of 2. 2: of 0.5 * 1 - 0.5 * 2 < 0. 3: of 0.5 * 0.25.
        "lion", {"beta1": 0.5, "beta2": 0.75, "weight_decay": 0.5},
        [
            (4.0, 2.0, -2.0, {"m": 1.0}), (-2.0, 3.0, 1.0 - 1.5, {"m": 0.25}),
            (0.0, 0.0, -1.0, {"m": 0.1875}),
        ],
    ),
    (
        # Up twice, held at 1.8; down twice, held at 0.5; then a gradient of zero, on which nothing is known.
        "delta_bar_delta", {"up": 0.5, "down": 0.5, "low": 0.5, "high": 1.8},
        [
            (2.0, 0.0, -2.0, {"k": 1.0, "g": 2.0}), (1.0, 0.0, -1.5, {"k": 1.5, "g": 1.0}),
            (3.0, 0.0, -5.4, {"k": 1.8, "g": 3.0}), (-1.0, 0.0, 0.9, {"k": 0.9, "g": -1.0}),
            (2.0, 0.0, -1.0, {"k": 0.5, "g": 2.0}), (0.0, 0.0, 0.0, {"k": 0.5, "g": 0.0}),
            (-4.0, 0.0, 2.0, {"k": 0.5, "g": -4.0}), (-2.0, 0.0, 2.0, {"k": 1.0, "g": -2.0}),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "chosen", "updates"), WORKED, ids=[name for name, *_ in WORKED])
def test_updates_by_hand(name, chosen, updates):
    entry = OPTIMIZERS[name]
    optimizer_state = entry.init(np.zeros(1))
    for step, (gradient, param, moved, remembered) in enumerate(updates):
        change, optimizer_state = entry.update(
            np.array([gradient]), optimizer_state, np.array([param]), step, hyperparameters_of(entry, **chosen)
        )
        assert_close(change, [0.1 * moved])
        assert set(optimizer_state._fields) == set(remembered)
        for letter, number in remembered.items():
            assert_close(getattr(optimizer_state, letter), [number])


def test_adams_first_step_is_the_learning_rate_whatever_the_gradient():
    entry = OPTIMIZERS["adam"]
    gradient = np.array([1e-3, -1.0, 1e6])
    change, _ = entry.update(gradient, entry.init(np.zeros(3)), np.zeros(3), 0, hyperparameters_of(entry))
    assert_close(change, [-0.1, 0.1, -0.1], rtol=1e-4)  # epsilon is 1e-5 of the smallest gradient


@pytest.mark.parametrize("name", ["adam", "adamw", "nadam"])
def test_adam_counts_its_own_updates(name):
    # Taken up at step 500, as after a change of optimizer, the correction still starts afresh.
    entry = OPTIMIZERS[name]
    first, late = (
        entry.update(np.ones(2), entry.init(np.zeros(2)), np.zeros(2), step, hyperparameters_of(entry))[0]
        for step in (0, 500)
    )
    assert_same(first, late)


def test_adamw_without_decay_is_adam(rng):
    start = rng.normal(size=(3, 2))
    adam, adamw = OPTIMIZERS["adam"], OPTIMIZERS["adamw"]
    undecayed = descend(adamw, SURFACES["rosenbrock"], 30, hyperparameters_of(adamw, weight_decay=0.0), start)
    assert_same(undecayed, descend(adam, SURFACES["rosenbrock"], 30, hyperparameters_of(adam), start))


def test_gains_compare_signs_even_of_gradients_whose_product_is_no_number():
    entry = OPTIMIZERS["delta_bar_delta"]
    for size in (1e-200, 1e200):
        optimizer_state = entry.init(np.zeros(2))
        for step, gradient in enumerate(np.array([[size, size], [size, -size]])):
            _, optimizer_state = entry.update(gradient, optimizer_state, np.zeros(2), step, hyperparameters_of(entry))
        assert_close(optimizer_state.k, [1.05, 0.95])
