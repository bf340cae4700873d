"""How fast the engine is, as ratios measured in one run: ``python tests/bench/bench_engine.py``.

Ratios are medians over interleaved repeats, so that a busy machine slows both sides alike.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np
from rivals import scipy_lbfgs, torch_eager

from engine import OPTIMIZERS, SURFACES, Config, State, Trainer
from engine.landscape import LossLandscape, plane
from engine.look import FrameRequest, Viewer
from engine.race import RATES, Ending, Race, Racer, sweep
from engine.streams import Purpose, stream
from playground.race_page.contour import SIZE, contour

SMALL = Config(dataset="circle", hidden=(4, 2))
SEVEN = ("x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")
LARGE = Config(dataset="circle", features=SEVEN, hidden=(8,) * 6)
REPEATS = 15


class Naked:
    """The least that NumPy must do for tanh layers, a sigmoid output, cross-entropy and SGD; nothing is allocated.

    Each layer has weights and a bias; they lie in one vector, as do their gradients, so that an update is two calls.
    Every operation writes into an array made beforehand, the views that backward needs are made once, and the points
    are shuffled anew for each epoch.
    """

    def __init__(self, trainer: Trainer) -> None:
        config, data = trainer.config, trainer.data
        self.seed, self.batch, self.rate = config.seed, trainer.batch_size, float(config.learning_rate)
        self.points = np.ascontiguousarray(data.inputs[: data.train, :-1])
        self.targets = np.ascontiguousarray(data.targets[: data.train])
        assert len(self.points) % self.batch == 0, "no short batches here"
        self.X, self.y = np.empty_like(self.points), np.empty_like(self.targets)
        self.params = trainer.init().params.copy()
        self.gradient = np.empty_like(self.params)
        self.layers, start, fan_in = [], 0, self.points.shape[1]
        for width in (*config.hidden, 1):
            stop = start + fan_in * width
            (W, b), (dW, db) = (
                (flat[start:stop].reshape(fan_in, width), flat[stop : stop + width])
                for flat in (self.params, self.gradient)
            )
            a, d, slope = (np.empty((self.batch, width)) for _ in range(3))
            self.layers.append((W, b, W.T, dW, db, a, a.T, d, slope))
            start, fan_in = stop + width, width
        self.epoch = self.cursor = 0
        self.shuffle()

    def shuffle(self) -> None:
        order = stream(self.seed, Purpose.ORDER, self.epoch).permutation(len(self.points))
        np.take(self.points, order, axis=0, out=self.X)
        np.take(self.targets, order, axis=0, out=self.y)

    def run(self, steps: int) -> None:
        matmul, add, subtract, multiply, tanh, total = (
            np.matmul, np.add, np.subtract, np.multiply, np.tanh, np.add.reduce,
        )  # fmt: skip
        batch, rate, share = self.batch, self.rate, 1.0 / self.batch
        params, gradient = self.params, self.gradient
        forward = [(W, b, a) for W, b, _, _, _, a, _, _, _ in self.layers[:-1]]
        V, c, _, _, _, p, _, error, _ = self.layers[-1]
        # From the top: a layer's own gradients, then what is below it and shall receive its share.
        backward = [
            (turned, dW, db, d, below, below_turned, d_below, slope)
            for (_, _, turned, dW, db, _, _, d, _), (_, _, _, _, _, below, below_turned, d_below, slope) in zip(
                self.layers[:0:-1], self.layers[-2::-1], strict=True
            )
        ]
        dW0, db0, d0 = self.layers[0][3], self.layers[0][4], self.layers[0][7]
        for _ in range(steps):
            stop = self.cursor + batch
            x = below = self.X[self.cursor : stop]
            for W, b, a in forward:
                matmul(below, W, out=a)
                add(a, b, out=a)
                tanh(a, out=a)
                below = a
            matmul(below, V, out=p)
            add(p, c, out=p)
            multiply(p, 0.5, out=p)
            tanh(p, out=p)
            multiply(p, 0.5, out=p)
            add(p, 0.5, out=p)
            subtract(p, self.y[self.cursor : stop], out=error)
            multiply(error, share, out=error)
            for turned, dW, db, d, a, a_turned, d_below, slope in backward:
                matmul(a_turned, d, out=dW)
                total(d, 0, None, db)
                matmul(d, turned, out=d_below)
                multiply(a, a, out=slope)
                subtract(1.0, slope, out=slope)
                multiply(d_below, slope, out=d_below)
            matmul(x.T, d0, out=dW0)
            total(d0, 0, None, db0)
            multiply(gradient, rate, out=gradient)
            subtract(params, gradient, out=params)
            self.cursor = stop
            if stop == len(self.X):
                self.epoch, self.cursor = self.epoch + 1, 0
                self.shuffle()


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def interleaved(*calls: Callable[[], object]) -> list[float]:
    """Median seconds of each call, taken in turns, after one warm-up."""
    for call in calls:
        call()
    rounds = [[seconds(call) for call in calls] for _ in range(REPEATS)]
    return [median(column) for column in zip(*rounds, strict=True)]


def against_naked(config: Config, steps: int = 2000) -> tuple[float, str]:
    """Time of ``Trainer.run`` over that of the naked loop, once both are seen to compute the same."""
    trainer, naked = Trainer(config), Naked(Trainer(config))
    start = trainer.init()
    naked.run(500)
    error = np.abs(naked.params - trainer.run(start, 500).params).max()
    assert error < 1e-10, f"the naked loop computes something else: {error:.0e}"
    ours, theirs = interleaved(lambda: trainer.run(start, steps), lambda: naked.run(steps))
    return ours / theirs, f"{ours / steps * 1e6:.1f} us a step against {theirs / steps * 1e6:.1f}"


def many_networks(config: Config, count: int = 64, steps: int = 500) -> tuple[float, str]:
    """Time of a step of ``count`` networks over that of one."""
    trainer = Trainer(config)
    several, one = trainer.init(seeds=range(count)), trainer.init()
    all_at_once, single = interleaved(lambda: trainer.run(several, steps), lambda: trainer.run(one, steps))
    return all_at_once / single, f"{all_at_once / steps * 1e6:.1f} us a step against {single / steps * 1e6:.1f}"


def looked_at(config: Config, steps: int = 200) -> tuple[Viewer, State]:
    """A network some steps on, and a Viewer of it."""
    trainer = Trainer(config)
    return Viewer(trainer), trainer.run(trainer.init(), steps)


def whole_frame(config: Config, looks: int = 20, **requests: object) -> tuple[float, str]:
    """Milliseconds for one Frame: losses, boundary, unit maps, histograms, saturation; or what is asked for."""
    viewer, state = looked_at(config)
    request = FrameRequest(**requests)
    (spent,) = interleaved(lambda: [viewer.look(state, request) for _ in range(looks)])
    frame = viewer.look(state, request)
    parts = [
        f"{len(frame.boundary)}^2 boundary" if request.boundary else "",
        f"{len(frame.maps)} maps" if request.maps else "",
        f"{len(frame.heights)} columns" if request.histograms else "",
    ]
    return spent / looks * 1e3, ", ".join(filter(None, parts))


def share_of_histograms(config: Config, looks: int = 20) -> tuple[float, str]:
    """How much longer pictures take for the histograms and statistics that come with every third one of them.

    The playground sends them with every third picture, since eyes follow bars at 20 changes a second as well as at
    60. So the share of a picture is a third of (frame with - frame without) / frame without.
    """
    viewer, state = looked_at(config)

    def look(request: FrameRequest) -> Callable[[], object]:
        return lambda: [viewer.look(state, request) for _ in range(looks)]

    longer, shorter = interleaved(look(FrameRequest()), look(FrameRequest(histograms=False)))
    detail = f"{longer / looks * 1e3:.2f} ms with, {shorter / looks * 1e3:.2f} ms without, every third picture"
    return (longer - shorter) / shorter / 3, detail


def landscape(config: Config, side: int = 31, rows: int = 500) -> tuple[float, str]:
    """Milliseconds for the loss at side^2 places around the weights, each over so many points."""
    trainer = Trainer(config)
    state = trainer.run(trainer.init(), 200)
    loss_landscape, around = LossLandscape(trainer), plane(trainer, state)
    assert trainer.data.train >= rows
    (spent,) = interleaved(lambda: loss_landscape.heights(around, side, rows))
    return spent * 1e3, f"{side} x {side} networks of {trainer.network.size} parameters, {rows} points"


def against_sgd(steps: int = 2000, **changes: object) -> tuple[float, str]:
    """Time of a step of the small network with changed choices over that of plain SGD."""
    plain, changed = Trainer(SMALL), Trainer(replace(SMALL, **changes))
    first, other = plain.init(), changed.init()
    theirs, ours = interleaved(lambda: plain.run(first, steps), lambda: changed.run(other, steps))
    return ours / theirs, f"{ours / steps * 1e6:.1f} us a step against {theirs / steps * 1e6:.1f}"


def torch_against_ours(config: Config, adam: bool, steps: int = 500) -> tuple[float, str] | None:
    """Time of a PyTorch eager step over that of ours."""
    trainer = Trainer(config)
    rival = torch_eager(trainer, adam)
    if rival is None:
        return None
    start = trainer.init()
    theirs, ours = interleaved(lambda: rival(steps), lambda: trainer.run(start, steps))
    return theirs / ours, f"{theirs / steps * 1e6:.1f} us a step against {ours / steps * 1e6:.1f}"


def against_scipy(steps: int = 200) -> tuple[float, str] | None:
    """Time of full-batch L-BFGS steps over that of as many by SciPy's L-BFGS-B, from the same weights."""
    trainer = Trainer(replace(SMALL, hidden=(8, 8), optimizer="lbfgs", learning_rate=1.0, batch_size="all"))
    start = trainer.init()
    rival = scipy_lbfgs(trainer, start)
    if rival is None:
        return None
    made = rival(steps)
    ours, theirs = interleaved(lambda: trainer.run(start, steps), lambda: rival(steps))
    losses = trainer.evaluate(trainer.run(start, steps)).train_loss
    per_step = theirs / made * steps
    return ours / per_step, f"{ours * 1e3:.0f} ms against {per_step * 1e3:.0f} for 200 steps; our loss {losses:.1e}"


def many_of_each(steps: int = 200) -> tuple[float, str]:
    """The worst of all first-order rules and batch norm: 64 networks against one."""
    rules = [rule for rule in OPTIMIZERS.values() if not rule.probes]
    configs = {rule.name: replace(SMALL, optimizer=rule.name, learning_rate=rule.usual_rate) for rule in rules}
    configs["batch norm"] = replace(SMALL, batch_norm=True)
    ratios = {name: many_networks(config, steps=steps)[0] for name, config in configs.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    return ratios[worst], f"worst: {worst}; median {median(ratios.values()):.2f} of {len(ratios)}"


FIRST_ORDER = [rule.name for rule in OPTIMIZERS.values() if not rule.probes]
MIXED = [*FIRST_ORDER[:9], *(rule.name for rule in OPTIMIZERS.values() if rule.probes)]


def on_beale(names: list[str]) -> Race:
    """A race in which nobody ends."""
    own = {"adagrad": 0.3, "adadelta": 1.0, "lion": 0.001, "newton": 1.0, "bfgs": 1.0, "lbfgs": 1.0}
    return Race("beale", [Racer(name, own.get(name, 0.002)) for name in names])


def race(names: list[str], steps: int) -> tuple[float, str]:
    """Milliseconds for so many steps of all racers."""
    race = on_beale(names)
    start = race.begin()
    end, _ = race.run(start, steps)
    assert np.all(end.endings == Ending.GOING), "a racer that ended is no work"
    (spent,) = interleaved(lambda: race.run(start, steps))
    return spent * 1e3, f"{len(names)} rules, {spent / steps * 1e6:.0f} us a step"


def sweep_of_rates(steps: int = 300) -> tuple[float, str]:
    """Milliseconds for the best of 40 learning rates of twelve racers."""
    (spent,) = interleaved(lambda: sweep("beale", FIRST_ORDER, steps))
    return spent * 1e3, f"{len(FIRST_ORDER)} racers x {len(RATES)} rates x {steps} steps"


def slowest_contour() -> tuple[float, str]:
    """Milliseconds for the picture of the surface that takes longest."""
    taken = interleaved(*(partial(contour, surface, log=True) for surface in SURFACES.values()))
    spent = dict(zip(SURFACES, taken, strict=True))
    worst = max(spent, key=lambda name: spent[name])
    return spent[worst] * 1e3, f"{SIZE} x {SIZE}, log-scaled; slowest: {worst}"


ADAM = replace(SMALL, optimizer="adam")
DEEP = Config(dataset="circle", hidden=(64,) * 50)
ROUGH = replace(SMALL, samples=1000)
"""Of which 500 points are for training."""

ROWS = [
    ("run / naked loop, 2-4-2-1", 1.5, lambda: against_naked(SMALL)),
    ("run / naked loop, 7-8x6-1", 1.5, lambda: against_naked(LARGE)),
    ("64 networks / 1, 2-4-2-1", 6.0, lambda: many_networks(SMALL)),
    ("64 / 1, worst rule or batch norm", 6.0, many_of_each),
    ("Adam / SGD, 2-4-2-1", 1.4, lambda: against_sgd(optimizer="adam")),
    ("batch norm on all / none", 2.2, lambda: against_sgd(batch_norm=True)),
    ("L-BFGS / SciPy's, 200 steps", 3.0, against_scipy),
    ("one Frame in ms, 2-4-2-1", 2.0, lambda: whole_frame(SMALL)),
    ("one Frame in ms, 7-8x6-1", 8.0, lambda: whole_frame(LARGE)),
    ("histograms and statistics, share of a frame, 7-8x6-1", 0.25, lambda: share_of_histograms(LARGE)),
    ("one Frame in ms, 50 layers of 64", 30.0, lambda: whole_frame(DEEP, 2, maps=False, profile=True)),
    ("uncertainty over 64 masks in ms, 2-4-2-1", 20.0,
     lambda: whole_frame(replace(SMALL, dropout=0.2), view="spread", histograms=False, maps=False)),
    ("landscape 31 x 31 x 500 in ms", None, lambda: landscape(ROUGH)),
    ("race of 12 x 10,000 steps in ms, first-order rules", 1500.0, lambda: race(FIRST_ORDER, 10_000)),
    ("race of 12 x 10,000 steps in ms, 3 second-order rules", 1500.0, lambda: race(MIXED, 10_000)),
    ("race of 12 x 300 steps in ms", 150.0, lambda: race(MIXED, 300)),
    ("sweep of 12 x 40 rates x 300 steps in ms", None, sweep_of_rates),
    ("contour image in ms, slowest surface", 30.0, slowest_contour),
]  # fmt: skip
AT_LEAST = [
    ("PyTorch eager / ours, SGD", 8.0, lambda: torch_against_ours(SMALL, adam=False)),
    ("PyTorch eager / ours, Adam", 8.0, lambda: torch_against_ours(ADAM, adam=True)),
]


def report(
    label: str, limit: float | None, measured: tuple[float, str] | None, met: Callable[[float, float], bool]
) -> None:
    bound = f"{'-':>8}" if limit is None else f"{limit:8.2f}"
    if measured is None:
        print(f"{label:54}{'-':>8}{bound}  not installed", flush=True)
        return
    figure, detail = measured
    verdict = "" if limit is None else "ok" if met(figure, limit) else "MISSED"
    print(f"{label:54}{figure:8.2f}{bound}  {verdict:8}{detail}", flush=True)


def main() -> None:
    print(f"{'':54}{'figure':>8}{'limit':>8}  verdict")
    for label, limit, measure in ROWS:
        report(label, limit, measure(), operator.le)
    for label, limit, measure in AT_LEAST:
        report(label, limit, measure(), operator.ge)


if __name__ == "__main__":
    main()
