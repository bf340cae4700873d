"""The same training in PyTorch and in SciPy, for ``bench_engine.py``; each is there only if it is installed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from engine import State, Trainer
from engine.streams import Purpose, stream


def torch_eager(trainer: Trainer, adam: bool) -> Callable[[int], None] | None:
    """``steps -> None``: tanh layers, a sigmoid output and cross-entropy, on the same points and batches, in float64.

    None without PyTorch.
    """
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    config, data = trainer.config, trainer.data
    widths = (data.inputs.shape[1] - 1, *config.hidden, 1)
    layers: list[torch.nn.Module] = []
    for fan_in, width in pairwise(widths):
        layers += [torch.nn.Linear(fan_in, width, dtype=torch.float64), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    rate = float(config.learning_rate)
    maker = torch.optim.Adam if adam else torch.optim.SGD
    optimizer = maker(model.parameters(), lr=rate)
    loss_of = torch.nn.BCEWithLogitsLoss()
    order = stream(config.seed, Purpose.ORDER, 0).permutation(data.train)
    X, y = torch.tensor(data.inputs[order, :-1]), torch.tensor(data.targets[order])
    batch = trainer.batch_size

    def run(steps: int) -> None:
        cursor = 0
        for _ in range(steps):
            optimizer.zero_grad()
            loss_of(model(X[cursor : cursor + batch]), y[cursor : cursor + batch]).backward()
            optimizer.step()
            cursor = (cursor + batch) % len(X)

    return run


def scipy_lbfgs(trainer: Trainer, state: State) -> Callable[[int], int] | None:
    """``steps -> steps made``: SciPy's L-BFGS-B from the same parameters on the same full-batch loss.

    None without SciPy.
    """
    try:
        from scipy.optimize import minimize
    except ImportError:
        return None
    work = trainer.buffers.allocate(state.batch_shape, trainer.data.train)
    inputs, targets = trainer.batches.epoch(0)

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        np.copyto(work.trial.flat, flat)
        value, gradient = trainer.objective.value_and_gradient(work.trial, inputs, targets, work.tape, work.gradients)
        return float(value), gradient.copy()

    def run(steps: int) -> int:
        options = {"maxiter": steps, "maxcor": 10, "ftol": 0.0, "gtol": 0.0, "maxfun": 100 * steps}
        return int(minimize(objective, state.params, jac=True, method="L-BFGS-B", options=options).nit)

    return run
