"""DataConfig: the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.config.checks import check_names, check_numbers, differs, names, put
from engine.config.part import Part
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.limits import LIMITS
from engine.preprocessing import PREPROCESSORS
from engine.registry import Refusal, Registry, brief

REGISTRIES: Mapping[str, Registry[Any]] = {"dataset": DATASETS, "preprocessing": PREPROCESSORS}


@dataclass(frozen=True, eq=False)
class DataConfig(Part):
    """Choices of the data; checked when made. See Config."""

    dataset: str = "spiral"
    samples: int = 500
    noise: float = 0.0
    train_fraction: float = 0.5
    features: Sequence[str] = ("x1", "x2")
    preprocessing: str = "none"
    seed: int = int(LIMITS["seed"].default)

    def __post_init__(self) -> None:
        check_names(self, REGISTRIES)
        check_numbers(self, ("samples", "noise", "train_fraction", "seed"))
        put(self, "features", self._checked_features())

    def _checked_features(self) -> tuple[str, ...]:
        chosen = names("features", self.features)
        for name in chosen:
            FEATURES[name]
        if not chosen or len(set(chosen)) < len(chosen):
            raise Refusal(f"features must name at least one feature, each once; not {brief(chosen)}.")
        return chosen

    def needs_new_data(self, other: DataConfig) -> bool:
        """Whether going from this to the other needs new data: so does every change here."""
        return differs(self, other, DataConfig.__dataclass_fields__)
