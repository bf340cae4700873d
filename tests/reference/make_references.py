"""Reference values from implementations that are not ours: PyTorch's own parts, and SciPy's.

The values are small JSON files beside this script, and ``tests/engine/test_references.py`` compares the engine with
them. The script is no part of the test run and imports nothing of the engine. To make the files again::

    pip install torch==2.13.0 numpy scipy
    python tests/reference/make_references.py

Everything is float64 on the CPU, from fixed seeds, in one thread; numbers are written with all their digits. A part
that PyTorch does not have is written out here in plain tensor arithmetic from its paper, and its file says ``paper``
instead of ``pytorch``. Hyperparameters, names and the layout of a network's flat parameter vector are the engine's: for
each layer the weights input by input, (fan_in, width) row by row, then its biases.

trajectories/<optimizer>.json
    The parameters after each of 50 steps, the rate halved after 25, on a quadratic, on Rosenbrock and on a 2-4-2-1 net.
network.json
    That net: its data, batches and start, with loss, gradient and Hessian there.
second_order.json
    SciPy: Newton's direction, the BFGS matrix, and minima.
activations.json, losses.json, batch_norm.json, initializers.json, training.json
    What the names say; training holds schedules, averages of parameters and gradient clipping.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import torch
from scipy import linalg, optimize, special
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import lr_scheduler, swa_utils

HERE = Path(__file__).resolve().parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS, CHANGE_AT = 50, 25
MADE_WITH = f"PyTorch {torch.__version__}, NumPy {np.__version__}, SciPy {scipy.__version__}; float64"


# --- files ------------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Tensors and arrays as nested lists."""
    if isinstance(value, Tensor):
        return value.detach().tolist()
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def layout(value: Any, indent: int = 0) -> str:
    """JSON with a line for each innermost list, so that a difference shows which row changed."""
    pad, inner = " " * indent, " " * (indent + 1)
    if isinstance(value, dict) and value:
        rows = [f"{inner}{json.dumps(key)}: {layout(part, indent + 1)}" for key, part in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{pad}}}"
    if isinstance(value, list) and any(isinstance(part, (list, dict)) for part in value):
        return "[\n" + ",\n".join(inner + layout(part, indent + 1) for part in value) + f"\n{pad}]"
    return json.dumps(value, allow_nan=False)


def write(name: str, content: dict[str, Any]) -> None:
    path = HERE / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(layout(plain({"made_with": MADE_WITH, **content})) + "\n")
    print(f"{path.stat().st_size / 1000:7.1f} kB  {name}")


# --- problems ---------------------------------------------------------------------------------------------------------


def valley(w: Tensor) -> Tensor:
    return 0.5 * (0.1 * w[0] ** 2 + 2.0 * w[1] ** 2)


def rosenbrock(w: Tensor) -> Tensor:
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


STARTS = {"valley": (-3.5, 1.5), "rosenbrock": (-1.2, 1.0)}
SURFACES: dict[str, Callable[[Tensor], Tensor]] = {"valley": valley, "rosenbrock": rosenbrock}

SHAPE, POINTS, BATCH = (2, 4, 2, 1), 40, 10


def random(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


INPUTS = random(POINTS, 2, seed=1)
# Two opposite quadrants, and every seventh point wrong, so that no net fits them and no weight runs away.
TARGETS = (INPUTS[:, :1] * INPUTS[:, 1:] > 0).logical_xor(torch.arange(POINTS)[:, None] % 7 == 3).to(INPUTS.dtype)


def make_net() -> nn.Sequential:
    """The net at its start: every layer's weights N(0, 1/fan_in), biases N(0, 0.01)."""
    layers: list[nn.Module] = []
    for k, (fan_in, width) in enumerate(pairwise(SHAPE)):
        linear = nn.Linear(fan_in, width)
        with torch.no_grad():
            linear.weight.copy_(random(width, fan_in, seed=10 + k) / math.sqrt(fan_in))
            linear.bias.copy_(random(width, seed=20 + k) / 10)
        layers += [linear, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def flatten(net: nn.Sequential) -> Tensor:
    parts = [part for layer in net if isinstance(layer, nn.Linear) for part in (layer.weight.T.flatten(), layer.bias)]
    return torch.cat(parts).detach().clone()


def flat_gradient(net: nn.Sequential) -> Tensor:
    linears = [layer for layer in net if isinstance(layer, nn.Linear)]
    return torch.cat([part for layer in linears for part in (layer.weight.grad.T.flatten(), layer.bias.grad)])


def score_of_flat(flat: Tensor, inputs: Tensor) -> Tensor:
    """The same net from the flat vector, for second derivatives."""
    signal, place = inputs, 0
    for fan_in, width in pairwise(SHAPE):
        weights = flat[place : place + fan_in * width].reshape(fan_in, width)
        place += fan_in * width
        signal = signal @ weights + flat[place : place + width]
        place += width
        signal = signal if place == len(flat) else torch.tanh(signal)
    return signal


entropy = functional.binary_cross_entropy_with_logits


@dataclass
class Problem:
    """Parameters, the loss that a step sees, and the parameters in the engine's order."""

    params: list[nn.Parameter]
    loss: Callable[[int], Tensor]
    flat: Callable[[], Tensor]


def surface_problem(name: str) -> Problem:
    w = nn.Parameter(torch.tensor(STARTS[name]))
    return Problem([w], lambda step: SURFACES[name](w), lambda: w.detach().clone())


def net_problem(full: bool) -> Problem:
    net = make_net()
    size = POINTS if full else BATCH

    def loss(step: int) -> Tensor:
        first = step * size % POINTS
        return entropy(net(INPUTS[first : first + size]), TARGETS[first : first + size])

    return Problem(list(net.parameters()), loss, lambda: flatten(net))


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "valley": lambda: surface_problem("valley"),
    "rosenbrock": lambda: surface_problem("rosenbrock"),
    "net": lambda: net_problem(full=False),
    "net, full batch": lambda: net_problem(full=True),
}


# --- optimizers -------------------------------------------------------------------------------------------------------


class FromPaper(torch.optim.Optimizer):
    """An update rule that PyTorch does not have: ``rule(p, gradient, memory, **numbers)`` changes p in place."""

    def __init__(self, params: Iterable[Tensor], **numbers: float) -> None:
        super().__init__(params, numbers)

    def rule(self, p: Tensor, gradient: Tensor, memory: dict[str, Tensor], **numbers: float) -> None:
        raise NotImplementedError

    def step(self, closure: Callable[[], Tensor]) -> None:  # type: ignore[override]
        closure()
        for group in self.param_groups:
            numbers = {name: number for name, number in group.items() if name != "params"}
            for p in group["params"]:
                with torch.no_grad():
                    self.rule(p, p.grad, self.state[p], **numbers)


class MomentumClassic(FromPaper):
    """Sutskever, Martens, Dahl and Hinton 2013, equations 1 and 2: v <- mu v - eta g, w <- w + v."""

    def rule(self, p, gradient, memory, *, lr, momentum):
        memory["v"] = momentum * memory.get("v", torch.zeros_like(p)) - lr * gradient
        p += memory["v"]


class Lion(FromPaper):
    """Chen et al. 2023, algorithm 2: c = b1 m + (1 - b1) g, w <- w - eta (sign(c) + l w), m <- b2 m + (1 - b2) g."""

    def rule(self, p, gradient, memory, *, lr, beta1, beta2, weight_decay):
        m = memory.get("m", torch.zeros_like(p))
        p -= lr * (torch.sign(beta1 * m + (1 - beta1) * gradient) + weight_decay * p)
        memory["m"] = beta2 * m + (1 - beta2) * gradient


class DeltaBarDelta(FromPaper):
    """Hinton 2012, lecture 6d: gain + up if g g_before > 0, gain * down if < 0, within limits; w <- w - eta gain g."""

    def rule(self, p, gradient, memory, *, lr, up, down, low, high):
        agreement = gradient * memory.get("g", torch.zeros_like(p))
        gain = memory.get("gain", torch.ones_like(p))
        gain = gain + up * (agreement > 0) + gain * (down - 1) * (agreement < 0)
        memory["gain"], memory["g"] = gain.clamp(low, high), gradient.clone()
        p -= lr * memory["gain"] * gradient


@dataclass(frozen=True)
class Rule:
    """One optimizer: the engine's name for it, and its hyperparameters as the engine and as the reference name them.

    rates holds the rate of the first 25 steps for the valley, Rosenbrock and, where it is long enough, the net: a path
    there takes 28 kB.
    """

    name: str
    make: Callable[..., torch.optim.Optimizer]
    rates: tuple[float, ...]
    hyperparameters: dict[str, float]
    options: dict[str, Any]
    full_batch: bool = False

    @property
    def kind(self) -> str:
        return "paper" if isinstance(self.make, type) and issubclass(self.make, FromPaper) else "pytorch"


def betas(beta1: float, beta2: float, eps: float, **more: float) -> dict[str, Any]:
    return {"betas": (beta1, beta2), "eps": eps, **more}


optim = torch.optim
GAINS = {"up": 0.05, "down": 0.95, "low": 0.1, "high": 10.0}
STEEPER_GAINS = {"up": 0.3, "down": 0.5, "low": 0.5, "high": 2.0}
RULES = [
    Rule("sgd", optim.SGD, (0.3, 1e-3, 0.5), {}, {}),
    Rule("momentum", optim.SGD, (0.1, 2e-4, 0.1), {"momentum": 0.9}, {"momentum": 0.9}),
    Rule("momentum", optim.SGD, (0.1, 5e-4), {"momentum": 0.5}, {"momentum": 0.5}),
    Rule("nesterov", optim.SGD, (0.1, 2e-4, 0.1), {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}),
    Rule("adagrad", optim.Adagrad, (0.5, 0.3, 0.2), {"epsilon": 1e-10}, {"eps": 1e-10}),
    Rule("rmsprop", optim.RMSprop, (0.1, 0.02, 0.02), {"alpha": 0.99, "epsilon": 1e-8}, {"alpha": 0.99, "eps": 1e-8}),
    Rule("rmsprop", optim.RMSprop, (0.1, 0.02, 0.02), {"alpha": 0.9, "epsilon": 1e-4}, {"alpha": 0.9, "eps": 1e-4}),
    Rule("adadelta", optim.Adadelta, (1.0, 1.0, 1.0), {"rho": 0.9, "epsilon": 1e-6}, {"rho": 0.9, "eps": 1e-6}),
    Rule("adam", optim.Adam, (0.2, 0.05, 0.05), {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, {}),
    Rule(
        "adam", optim.Adam, (0.2, 0.05, 0.05), {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4}, betas(0.8, 0.95, 1e-4)
    ),
    Rule(
        "adamw", optim.AdamW, (0.2, 0.05, 0.05),
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01}, {},
    ),
    Rule(
        "nadam", optim.NAdam, (0.2, 0.05, 0.05),
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "momentum_decay": 0.004}, {"momentum_decay": 0.004},
    ),
    Rule(
        "lbfgs", optim.LBFGS, (1.0, 0.15, 0.05), {"line_search": 0},
        {"max_iter": 1, "history_size": 10, "line_search_fn": None, "tolerance_grad": 0, "tolerance_change": 0},
        full_batch=True,
    ),
    Rule("momentum_classic", MomentumClassic, (0.1, 2e-4, 0.1), {"momentum": 0.9}, {"momentum": 0.9}),
    Rule(
        "lion", Lion, (0.1, 0.02, 0.02), {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
        {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    ),
    Rule(
        "lion", Lion, (0.1, 0.02), {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.1},
        {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.1},
    ),
    Rule("delta_bar_delta", DeltaBarDelta, (0.3, 2e-4), GAINS, GAINS),
    Rule("delta_bar_delta", DeltaBarDelta, (0.9, 6e-4), STEEPER_GAINS, STEEPER_GAINS),
]  # fmt: skip


def walk(rule: Rule, problem: Problem, rate: float, nudge: float = 0.0) -> Tensor:
    """The path (50, P) of the parameters after each step, in the engine's order."""
    with torch.no_grad():
        for p in problem.params:
            p *= 1.0 + nudge
    optimizer = rule.make(problem.params, lr=rate, **rule.options)
    path = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate if step < CHANGE_AT else rate / 2

        def closure(step: int = step) -> Tensor:
            optimizer.zero_grad()
            loss = problem.loss(step)
            loss.backward()
            return loss

        optimizer.step(closure)
        path.append(problem.flat())
    return torch.stack(path)


def trajectories() -> None:
    """A path that rounding can bend proves nothing, so a nudge of 1e-14 at the start must stay below 1e-11 throughout.

    How far it gets is in the files: the measure of what rounding may do. All rules leave it as it is, except L-BFGS
    without a line search, which magnifies it 800 times with these rates, and 5e16 times with a rate of 1 on the net.
    """
    runs: dict[str, list[dict[str, Any]]] = {}
    for rule in RULES:
        for place, rate in zip(("valley", "rosenbrock", "net"), rule.rates, strict=False):
            problem = PROBLEMS["net, full batch" if place == "net" and rule.full_batch else place]
            start, path = problem().flat(), walk(rule, problem(), rate)
            nudge = float((walk(rule, problem(), rate, 1e-14) - path).abs().max())
            print(f"{rule.name:18}{place:12}a nudge of 1e-14 grows to {nudge:.0e}; ends at {path[-1][:2].tolist()}")
            assert nudge < 1e-11, (rule.name, place)
            run: dict[str, Any] = {"objective": place}
            if place == "net":
                run["batch"] = POINTS if rule.full_batch else BATCH
            run |= {
                "hyperparameters": rule.hyperparameters,
                "rate": rate,
                "rate_after": rate / 2,
                "change_at": CHANGE_AT,
            }
            runs.setdefault(rule.name, []).append({**run, "nudge": nudge, "start": start, "path": path})
    for name, own in runs.items():
        rule = next(rule for rule in RULES if rule.name == name)
        made_by = f"torch.optim.{rule.make.__name__}" if rule.kind == "pytorch" else " ".join(rule.make.__doc__.split())
        write(f"trajectories/{name}", {"optimizer": name, "kind": rule.kind, "reference": made_by, "runs": own})


def hessian_of_net(flat: Tensor) -> Tensor:
    return torch.autograd.functional.hessian(lambda w: entropy(score_of_flat(w, INPUTS), TARGETS), flat)


def network() -> None:
    """What the trajectories on the net start from, and its derivatives there."""
    net = make_net()
    flat = flatten(net)
    loss = entropy(net(INPUTS), TARGETS)
    loss.backward()
    hessian = hessian_of_net(flat)
    content = {"hidden": SHAPE[1:-1], "activation": "tanh", "loss": "cross_entropy", "task": "binary"}
    data = {"inputs": INPUTS, "labels": TARGETS[:, 0].to(int), "params": flat}
    write("network", {**content, **data, "value": loss, "gradient": flat_gradient(net), "hessian": hessian})
    lowest = torch.linalg.eigvalsh(hessian)[:3].tolist()
    print(f"the net's lowest curvatures: {lowest}")
    assert lowest[0] < -1e-3, "a saddle, where Newton's plain direction would lead up"


# --- second order -----------------------------------------------------------------------------------------------------


def logistic_regression() -> tuple[Callable[[np.ndarray], float], Callable[[np.ndarray], np.ndarray], float]:
    """Cross-entropy of a net without hidden layers plus rate/2 |weights|^2: convex, with one minimum."""
    rate = 0.1

    def both(params: np.ndarray) -> tuple[float, np.ndarray]:
        w = torch.tensor(params, requires_grad=True)
        value = entropy(INPUTS @ w[:2, None] + w[2], TARGETS) + 0.5 * rate * (w[:2] ** 2).sum()
        return value.item(), torch.autograd.grad(value, w)[0].numpy()

    return lambda w: both(w)[0], lambda w: both(w)[1], rate


def magnitude(matrix: np.ndarray) -> np.ndarray:
    """The symmetric matrix with the magnitudes of another's eigenvalues, from its polar decomposition."""
    return linalg.polar(matrix)[1]


def bent_at_least(hessian: np.ndarray, damping: float) -> np.ndarray:
    """Eigenvalues max(|e|, d) = (|e| + d + ||e| - d|) / 2, without looking at one of them."""
    floor = damping * np.eye(len(hessian))
    return 0.5 * (magnitude(hessian) + floor + magnitude(magnitude(hessian) - floor))


def second_order() -> None:
    """Newton's direction where the surface is a bowl, where it is a saddle, and where the damping is felt."""
    newton: list[dict[str, Any]] = []

    def add(g: np.ndarray, bend: np.ndarray, dampings: tuple[float, ...], **where: Any) -> None:
        for damping in dampings:
            direction = linalg.solve(bent_at_least(bend, damping), -g, assume_a="pos")
            hyperparameters = {"damping": damping, "line_search": 0}
            row = {"optimizer": "newton", **where, "hyperparameters": hyperparameters, "direction": direction}
            newton.append({**row, "curvatures": linalg.eigvalsh(bend)})

    for point in ((-1.2, 1.0), (0.3, 2.0), (1.1, 1.25)):
        gradient, hessian = optimize.rosen_der(np.array(point)), optimize.rosen_hess(np.array(point))
        where = {"objective": "rosenbrock", "point": point, "gradient": gradient, "hessian": hessian}
        add(gradient, hessian, (1e-3, 50.0), **where)
    net = make_net()
    entropy(net(INPUTS), TARGETS).backward()
    add(flat_gradient(net).numpy(), hessian_of_net(flatten(net)).numpy(), (1e-3, 0.1), objective="net")

    # SciPy's BFGS matrix along a path down Rosenbrock, scaled once before it learns, as in ours.
    path = [np.array(STARTS["rosenbrock"])]
    strategy = optimize.BFGS(init_scale="auto")
    strategy.initialize(2, "inv_hess")
    matrices = []
    for _ in range(8):
        slope = optimize.rosen_der(path[-1])
        path.append(path[-1] - 1e-3 * slope)
        strategy.update(path[-1] - path[-2], optimize.rosen_der(path[-1]) - slope)
        matrices.append(strategy.get_matrix())
    gradients = [optimize.rosen_der(point) for point in path]
    bfgs = {"optimizer": "bfgs", "points": path, "gradients": gradients, "inverse_hessians": matrices}

    value, slope, rate = logistic_regression()
    minima = []
    for name, f, df, start in (
        ("rosenbrock", optimize.rosen, optimize.rosen_der, np.array(STARTS["rosenbrock"])),
        # Near enough for Newton's full steps, which from a bias of 3 run away.
        ("logistic regression", value, slope, np.array([0.5, -1.0, 1.0])),
    ):
        found = [
            optimize.minimize(f, start, jac=df, method="BFGS", options={"gtol": 1e-11}),
            optimize.minimize(f, start, jac=df, method="L-BFGS-B", options={"gtol": 1e-11, "ftol": 0, "maxiter": 1000}),
        ]
        spread = float(np.abs(found[0].x - found[1].x).max())
        print(f"SciPy's BFGS and L-BFGS-B on {name}: {spread:.0e} apart, at {found[0].x.tolist()}")
        assert spread < 1e-9
        rules = {"optimizers": ["newton", "bfgs", "lbfgs"]}
        minima.append({"objective": name, **rules, "start": start, "minimum": found[0].x, "value": found[0].fun})
        if name != "rosenbrock":
            minima[-1] |= {"regularization": "l2", "regularization_rate": rate}
    write(
        "second_order",
        {"reference": "scipy.linalg and scipy.optimize", "newton": newton, "bfgs": bfgs, "minima": minima},
    )


# --- activations ------------------------------------------------------------------------------------------------------

# Powers of ten near zero, a ladder out to 30, nothing at 0, where several have their kink.
LADDER = torch.tensor(
    [1e-8, 1e-5, 1e-3, 0.03, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.6, 2, 2.5, 3, 4, 5, 6.5, 8, 11, 15, 20, 25, 30]
)
GRID = torch.cat([-LADDER.flip(0), LADDER])

ACTIVATIONS: list[tuple[str, str, dict[str, float], Callable[[Tensor], Tensor]]] = [
    ("linear", "nn.Identity", {}, nn.Identity()),
    ("sigmoid", "torch.sigmoid", {}, torch.sigmoid),
    ("tanh", "torch.tanh", {}, torch.tanh),
    ("relu", "functional.relu", {}, functional.relu),
    ("leaky_relu", "functional.leaky_relu", {"slope": 0.01}, functional.leaky_relu),
    ("leaky_relu", "functional.leaky_relu", {"slope": 0.2}, lambda z: functional.leaky_relu(z, 0.2)),
    ("prelu", "functional.prelu", {"slope": 0.25}, lambda z: functional.prelu(z, torch.tensor([0.25]))),
    ("prelu", "functional.prelu", {"slope": -0.5}, lambda z: functional.prelu(z, torch.tensor([-0.5]))),
    ("elu", "functional.elu", {"alpha": 1.0}, functional.elu),
    ("elu", "functional.elu", {"alpha": 0.3}, lambda z: functional.elu(z, 0.3)),
    ("selu", "functional.selu", {}, functional.selu),
    ("gelu", "functional.gelu, approximate='none'", {}, functional.gelu),
    ("swish", "functional.silu", {"beta": 1.0}, functional.silu),
    ("swish", "z * torch.sigmoid(1.7 z)", {"beta": 1.7}, lambda z: z * torch.sigmoid(1.7 * z)),
    # Without its default threshold of 20, above which PyTorch drops a part of 2e-9.
    ("softplus", "functional.softplus, threshold 100", {}, lambda z: functional.softplus(z, threshold=100)),
]  # fmt: skip


def activations() -> None:
    curves = []
    for name, source, hyperparameters, f in ACTIVATIONS:
        z = GRID.clone().requires_grad_()
        a = f(z)
        (slope,) = torch.autograd.grad(a.sum(), z)
        curves.append(
            {"activation": name, "reference": source, "hyperparameters": hyperparameters, "f": a, "df": slope}
        )

    # PyTorch takes 1 + erf, which has no digits left far below zero; SciPy's normal distribution has.
    z = GRID[GRID < 0].numpy()
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    tail = {"activation": "gelu", "reference": "scipy.special.ndtr", "z": z}
    tail |= {"f": z * special.ndtr(z), "df": special.ndtr(z) + z * density}

    slopes = torch.full_like(GRID, 0.25, requires_grad=True)  # one a channel, so that each point has its own gradient
    (learned,) = torch.autograd.grad(functional.prelu(GRID[None], slopes).sum(), slopes)

    units, rows = 3, 5
    maxout = []
    for pieces in (2, 3):
        inputs = random(rows, 2, seed=30).requires_grad_()
        # [input, unit, piece]: how the engine orders the pieces is its own business.
        weights = random(2, units, pieces, seed=31).requires_grad_()
        biases = random(units, pieces, seed=32).requires_grad_()
        upstream = random(rows, units, seed=33)
        outputs = (torch.einsum("bi,iuk->buk", inputs, weights) + biases).amax(dim=-1)
        slopes_of = torch.autograd.grad((outputs * upstream).sum(), (inputs, weights, biases))
        names = ("inputs", "weights", "biases")
        case = {"pieces": pieces, **dict(zip(names, (inputs, weights, biases), strict=True)), "upstream": upstream}
        gradients = {f"d{name}": slope for name, slope in zip(names, slopes_of, strict=True)}
        maxout.append({"activation": "maxout", **case, "outputs": outputs, **gradients})

    prelu = {"activation": "prelu", "slope": 0.25, "gradient": learned}
    content = {"z": GRID, "curves": curves, "tail": tail, "learned": prelu, "maxout": maxout}
    write("activations", {"reference": "torch.nn", **content})


# --- losses -----------------------------------------------------------------------------------------------------------


def signs(labels: Tensor) -> Tensor:
    return 2.0 * labels[:, None] - 1.0


def hinge_of_two(z: Tensor, labels: Tensor, margin: float) -> Tensor:
    """max(0, margin - s z), as a ranking of the score against zero."""
    return functional.margin_ranking_loss(z, torch.zeros_like(z), signs(labels), margin)


def half_square(prediction: Tensor, targets: Tensor) -> Tensor:
    """Half of PyTorch's summed squared error, mean over the batch."""
    return 0.5 * functional.mse_loss(prediction, targets, reduction="sum") / len(prediction)


def one_hot(labels: Tensor, classes: int) -> Tensor:
    return functional.one_hot(labels, classes).to(torch.float64)


LOSSES: list[tuple[str, str, str, Callable[[Tensor, Tensor], Tensor]]] = [
    ("cross_entropy", "binary", "binary_cross_entropy_with_logits", lambda z, t: entropy(z[:, 0], t.to(z.dtype))),
    ("cross_entropy", "multiclass", "cross_entropy", functional.cross_entropy),
    ("cross_entropy", "regression", "gaussian_nll_loss with variance 1",
     lambda z, t: functional.gaussian_nll_loss(z[:, 0], t, torch.ones_like(t))),
    ("squared_error", "binary", "mse_loss / 2 of torch.sigmoid", lambda z, t: half_square(z.sigmoid(), t[:, None])),
    ("squared_error", "multiclass", "mse_loss / 2 of torch.softmax",
     lambda z, t: half_square(torch.softmax(z, -1), one_hot(t, z.shape[1]))),
    ("squared_error", "regression", "mse_loss / 2", lambda z, t: half_square(z, t[:, None])),
    ("hinge", "binary", "margin_ranking_loss against 0, margin 1", lambda z, t: hinge_of_two(z, t, 1.0)),
    # PyTorch divides the sum over the other classes by the number of classes.
    ("hinge", "multiclass", "multi_margin_loss times classes",
     lambda z, t: functional.multi_margin_loss(z, t) * z.shape[1]),
    ("perceptron", "binary", "margin_ranking_loss against 0, margin 0", lambda z, t: hinge_of_two(z, t, 0.0)),
    ("adaline", "binary", "mse_loss / 2 against -1 and 1", lambda z, t: half_square(z, signs(t))),
]  # fmt: skip


def losses() -> None:
    """Scores of about 3, of 1000 and of -1000; seven samples, a mean over a batch that is no power of two."""
    cases = []
    for loss, task, source, f in LOSSES:
        outputs = 4 if task == "multiclass" else 1
        for seed, scale in ((40, 3.0), (41, 0.5), (42, 1000.0)):
            z = scale * random(7, outputs, seed=seed)
            if scale == 1000.0:
                z = torch.where(z > 300, 1000.0, torch.where(z < -300, -1000.0, z.round()))
            labels = torch.arange(7) % max(outputs, 2)
            if task == "regression":
                labels = random(7, seed=43)
            z.requires_grad_()
            value = f(z, labels)
            (gradient,) = torch.autograd.grad(value, z)
            case = {"loss": loss, "task": task, "reference": source, "scores": z, "labels": labels}
            cases.append({**case, "value": value, "gradient": gradient})
    write("losses", {"reference": "torch.nn.functional", "cases": cases})


# --- batch norm -------------------------------------------------------------------------------------------------------


def through(norm: nn.BatchNorm1d, x: Tensor, dy: Tensor) -> dict[str, Tensor]:
    """One pass forward and back."""
    x.requires_grad_()
    y = norm(x)
    dx, dgamma, dbeta = torch.autograd.grad(y, (x, norm.weight, norm.bias), dy)
    return {"x": x, "dy": dy, "y": y, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def batch_norm() -> None:
    """Four batches of 8 and a last one of 3 through one BatchNorm1d, then evaluation."""
    width = 3
    norm = nn.BatchNorm1d(width)
    gamma, beta = 1 + random(width, seed=50) / 2, random(width, seed=51)
    with torch.no_grad():
        norm.weight.copy_(gamma)
        norm.bias.copy_(beta)
    spread, centre = torch.tensor([1.0, 5.0, 0.02]), torch.tensor([0.5, -3.0, 10.0])
    batches = []
    for k, size in enumerate((8, 8, 8, 8, 3)):
        case = through(norm, spread * random(size, width, seed=60 + k) + centre, random(size, width, seed=70 + k))
        running = {"running_mean": norm.running_mean.clone(), "running_variance": norm.running_var.clone()}
        batches.append({**case, **running})
    norm.eval()
    evaluation = through(norm, random(6, width, seed=80), random(6, width, seed=81))
    numbers = {"epsilon": norm.eps, "rate": norm.momentum, "gamma": gamma, "beta": beta}
    write("batch_norm", {"reference": "torch.nn.BatchNorm1d", **numbers, "batches": batches, "evaluation": evaluation})


# --- initialisers -----------------------------------------------------------------------------------------------------

init = nn.init
FILLS: list[tuple[str, str, dict[str, float], str, Callable[[Tensor], Any]]] = [
    ("zeros", "zeros_", {}, "tanh", init.zeros_),
    ("constant", "constant_", {"value": 0.5}, "tanh", lambda w: init.constant_(w, 0.5)),
    ("small_normal", "normal_(std=0.01)", {"spread": 0.01}, "tanh", lambda w: init.normal_(w, std=0.01)),
    ("uniform", "uniform_(-0.3, 0.3)", {"edge": 0.3}, "tanh", lambda w: init.uniform_(w, -0.3, 0.3)),
    ("lecun_normal", "kaiming_normal_(nonlinearity='linear')", {}, "tanh",
     lambda w: init.kaiming_normal_(w, nonlinearity="linear")),
    ("xavier_normal", "xavier_normal_", {}, "tanh", init.xavier_normal_),
    ("xavier_uniform", "xavier_uniform_", {}, "tanh", init.xavier_uniform_),
    ("he_normal", "kaiming_normal_(nonlinearity='relu')", {}, "relu",
     lambda w: init.kaiming_normal_(w, nonlinearity="relu")),
    ("he_uniform", "kaiming_uniform_(nonlinearity='relu')", {}, "relu",
     lambda w: init.kaiming_uniform_(w, nonlinearity="relu")),
    ("orthogonal", "orthogonal_", {"gain": 1.0}, "linear", init.orthogonal_),
    ("orthogonal", "orthogonal_(gain=1.5)", {"gain": 1.5}, "tanh", lambda w: init.orthogonal_(w, 1.5)),
]  # fmt: skip


def initializers() -> None:
    """Moments over all entries of many matrices; PyTorch's are (fan_out, fan_in), turned round here."""
    torch.manual_seed(90)
    cases = []
    for name, source, hyperparameters, activation, fill in FILLS:
        for fan_in, fan_out in ((60, 40), (40, 60)):
            draws = torch.stack([fill(torch.empty(fan_out, fan_in)).T for _ in range(300)])
            mean, variance = draws.mean(), draws.var(correction=0)
            fourth = ((draws - mean) ** 4).mean()
            gram = draws.mT @ draws if fan_in >= fan_out else draws @ draws.mT
            off = gram - hyperparameters.get("gain", 1.0) ** 2 * torch.eye(gram.shape[-1])
            case = {
                "initializer": name,
                "reference": source,
                "hyperparameters": hyperparameters,
                "activation": activation,
            }
            case |= {"fan_in": fan_in, "fan_out": fan_out, "numbers": draws.numel(), "mean": mean, "variance": variance}
            case |= {"kurtosis": fourth / variance**2 if variance > 0 else 0.0, "largest": draws.abs().max()}
            cases.append({**case, "orthonormal": bool(off.abs().max() < 1e-12)})
    gains = {name: init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu")}
    write("initializers", {"reference": "torch.nn.init", "cases": cases, "gains": gains})


# --- schedules, averages, clipping ------------------------------------------------------------------------------------


def factors(make: Callable[[torch.optim.Optimizer], Any], steps: int) -> list[float]:
    """The learning rate at steps 0, 1, ... of an optimizer whose rate is 1."""
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warm_up(optimizer: torch.optim.Optimizer) -> lr_scheduler.LinearLR:
    return lr_scheduler.LinearLR(optimizer, 1 / 10, 1.0, 9)


SCHEDULES: list[tuple[str, str, dict[str, float], Callable[[torch.optim.Optimizer], Any], int]] = [
    ("constant", "ConstantLR(factor=1)", {}, lambda o: lr_scheduler.ConstantLR(o, 1.0), 5),
    ("step", "StepLR(step_size=7, gamma=0.3)", {"every": 7, "factor": 0.3},
     lambda o: lr_scheduler.StepLR(o, 7, 0.3), 30),
    ("exponential", "ExponentialLR(gamma=exp(-0.05))", {"decay": 0.05},
     lambda o: lr_scheduler.ExponentialLR(o, math.exp(-0.05)), 30),
    ("inverse", "LambdaLR(1 / (1 + 0.05 t))", {"decay": 0.05},
     lambda o: lr_scheduler.LambdaLR(o, lambda t: 1 / (1 + 0.05 * t)), 30),
    ("cosine", "CosineAnnealingLR(T_max=20)", {"steps": 20, "floor": 0.0},
     lambda o: lr_scheduler.CosineAnnealingLR(o, 20), 21),
    ("cosine", "CosineAnnealingLR(T_max=20, eta_min=0.1)", {"steps": 20, "floor": 0.1},
     lambda o: lr_scheduler.CosineAnnealingLR(o, 20, 0.1), 21),
    # The first step takes a tenth of the rate and each of the next nine a tenth more.
    ("warm_up", "LinearLR(start_factor=1/10, total_iters=9)", {"steps": 10}, warm_up, 15),
    ("warm_up_cosine", "LinearLR, then CosineAnnealingLR(T_max=20)", {"warm_up": 10, "steps": 20, "floor": 0.0},
     lambda o: lr_scheduler.SequentialLR(o, [warm_up(o), lr_scheduler.CosineAnnealingLR(o, 20)], [10]), 31),
]  # fmt: skip


def training() -> None:
    schedules = [
        {"schedule": name, "reference": source, "hyperparameters": hyperparameters, "factors": factors(make, steps)}
        for name, source, hyperparameters, make, steps in SCHEDULES
    ]

    path = random(12, 4, seed=100).cumsum(0)
    averages = []
    for name, hyperparameters, options in (
        ("checkpoints", {"every": 1}, {}),
        ("exponential", {"decay": 0.9}, {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)}),
        ("exponential", {"decay": 0.99}, {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.99)}),
    ):
        holder = nn.ParameterList([nn.Parameter(path[0].clone())])
        model = swa_utils.AveragedModel(holder, **options)
        means = []
        for params in path:
            with torch.no_grad():
                holder[0].copy_(params)
            model.update_parameters(holder)
            means.append(next(iter(model.parameters())).detach().clone())
        averages.append({"averaging": name, "hyperparameters": hyperparameters, "means": means})

    clipping = []
    for name, limit, scale in (("norm", 1.0, 3.0), ("norm", 100.0, 3.0), ("norm", 0.1, 1e-3), ("value", 0.5, 1.0)):
        p = nn.Parameter(torch.zeros(9))
        p.grad = scale * random(9, seed=110)
        before, norm = p.grad.clone(), float(p.grad.norm())
        (nn.utils.clip_grad_norm_ if name == "norm" else nn.utils.clip_grad_value_)([p], limit)
        # PyTorch multiplies by limit / (norm + 1e-6), so that its result is a little short of the limit.
        stretch = (norm + 1e-6) / norm if name == "norm" and norm > limit else 1.0
        clipping.append({"clipping": name, "limit": limit, "gradient": before, "clipped": p.grad, "stretch": stretch})

    content = {"schedules": schedules, "path": path, "averages": averages, "clipping": clipping}
    write("training", {"reference": "torch.optim.lr_scheduler, torch.optim.swa_utils, torch.nn.utils", **content})


if __name__ == "__main__":
    for make in (trajectories, network, second_order, activations, losses, batch_norm, initializers, training):
        make()
