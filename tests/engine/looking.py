"""What the tests of engine.look share: runs to look at, and both passes computed without a Viewer."""

import numpy as np

from engine import Config, Trainer
from engine.look import FrameRequest

RICH = {
    "dataset": "circle", "samples": 60, "hidden": (4, 3), "batch_norm": (True, False), "dropout": (0.2, 0.0),
    "optimizer": "adam", "features": ("x1", "x2", "x1_x2"), "preprocessing": "standardise",
}  # fmt: skip
# Every kind of layer at once.
CHANCES = {
    **RICH, "activation": ("prelu", "maxout"), "batch_norm": ("before", "after"), "dropout": 0.5, "drop_connect": 0.3,
    "input_noise": 0.2, "averaging": "exponential", "averaging_params": {"decay": 0.99},
}  # fmt: skip
# Numbers only, or pictures only: what a test does not ask for costs it time.
NUMBERS = FrameRequest(boundary=False, maps=False)
PICTURES = FrameRequest(histograms=False)
# A byte has 256 steps for -1 to 1; single precision may tip it to the next.
BYTE = 1.01


_POINTS = np.random.default_rng(6).normal(scale=3.0, size=(60, 2))
OF_TASK = {
    "binary": {"dataset": "circle"},
    "multiclass": {"dataset": "blobs3"},
    "regression": {"dataset": "multi_gauss"},
    "multilabel": {"data": (_POINTS, _POINTS > 0)},
}
"""What there is to learn for each task, as keywords of ``trained``."""


def trained(choices=RICH, steps=30, data=None, **more):
    """A trainer and a State some steps on."""
    trainer = Trainer(Config(**{**choices, **more}), data)
    return trainer, trainer.run(trainer.init(), steps)


def passes(trainer, state):
    """Tape and gradients of the mean loss over all training points as one batch, without masks or noise."""
    n = trainer.data.train
    tape = trainer.network.tape("batch", (), n)
    gradients = trainer.network.gradients(tape, ())
    bound = trainer.network.bind(state.params)
    with np.errstate(all="ignore"):
        trainer.objective.gradient(bound, trainer.data.inputs[:n], trainer.data.targets[:n], tape, gradients)
    return tape, gradients


def assert_shows(picture, values):
    """Bytes 1 to 255 for values -1 to 1, within one step."""
    assert picture.dtype == np.uint8
    assert np.abs(picture.ravel() - (np.clip(values.ravel(), -1, 1) * 127 + 128)).max() <= BYTE
