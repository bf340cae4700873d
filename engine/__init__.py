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
from engine.averaging import AVERAGINGS
from engine.clipping import CLIPPINGS
from engine.config import Config, DataConfig, ModelConfig, TrainingConfig
from engine.data import load
from engine.datasets import DATASETS
from engine.dense_stack import HiddenLayer, Initialization, dense, dense_stack
from engine.experiments import EXPERIMENTS
from engine.features import FEATURES
from engine.initializers import BIAS_INITIALIZERS, INITIALIZERS
from engine.landscape import DIRECTIONS
from engine.limits import LIMITS
from engine.losses import LOSSES
from engine.network import Network
from engine.objective import NetworkObjective, SurfaceObjective
from engine.optimizers import OPTIMIZERS
from engine.placements import PLACEMENTS
from engine.preprocessing import PREPROCESSORS
from engine.problem import Problem
from engine.registry import Hyperparameter, Refusal, Registry, UnknownNameError
from engine.regularization import REGULARIZERS
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES
from engine.state import Evaluation, State
from engine.stopping import STOPPINGS
from engine.surfaces import SURFACES
from engine.tape import Gradients, Tape
from engine.tasks import TASKS
from engine.trainer import Trainer

__all__ = [
    "ACTIVATIONS",
    "AVERAGINGS",
    "BIAS_INITIALIZERS",
    "CLIPPINGS",
    "DATASETS",
    "DIRECTIONS",
    "EXPERIMENTS",
    "FEATURES",
    "INITIALIZERS",
    "LIMITS",
    "LOSSES",
    "MOMENTUM_SCHEDULES",
    "OPTIMIZERS",
    "PLACEMENTS",
    "PREPROCESSORS",
    "REGULARIZERS",
    "SCHEDULES",
    "STOPPINGS",
    "SURFACES",
    "TASKS",
    "Config",
    "DataConfig",
    "Evaluation",
    "Gradients",
    "HiddenLayer",
    "Hyperparameter",
    "Initialization",
    "ModelConfig",
    "Network",
    "NetworkObjective",
    "Problem",
    "Refusal",
    "Registry",
    "State",
    "SurfaceObjective",
    "Tape",
    "Trainer",
    "TrainingConfig",
    "UnknownNameError",
    "dense",
    "dense_stack",
    "load",
]
