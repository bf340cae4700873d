"""The mathematics of the playground: step-wise training of small networks in NumPy.

>>> from engine import Config, Trainer
>>> trainer = Trainer(Config(dataset="circle"))
>>> state = trainer.init()
>>> state = trainer.run(state, 500)
>>> bool(trainer.evaluate(state).test_accuracy > 0.9)
True

Imports NumPy and the standard library, nothing else; knows no screen.
"""

from engine.activations import ACTIVATIONS
from engine.config import LIMITS, Config
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES, TASKS
from engine.network import Gradients, Network, Tape
from engine.objective import NetworkObjective, SurfaceObjective
from engine.optimizers import OPTIMIZERS
from engine.penalties import PENALTIES
from engine.preprocessing import PREPROCESSORS
from engine.registry import Knob, Refusal, Registry, UnknownNameError
from engine.schedules import SCHEDULES
from engine.surfaces import SURFACES
from engine.trainer import Evaluation, State, Trainer

__all__ = [
    "ACTIVATIONS", "DATASETS", "FEATURES", "INITIALIZERS", "LIMITS", "LOSSES", "OPTIMIZERS", "PENALTIES",
    "PREPROCESSORS", "SCHEDULES", "SURFACES", "TASKS", "Config", "Evaluation", "Gradients", "Knob", "Network",
    "NetworkObjective", "Refusal", "Registry", "State", "SurfaceObjective", "Tape", "Trainer", "UnknownNameError",
]  # fmt: skip
