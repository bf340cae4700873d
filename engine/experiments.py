from dataclasses import dataclass, field
from engine.registry import Registry
@dataclass(frozen=True)
class Experiment:
    name: str
    label: str
    notice: str
    choices: dict
    look: dict = field(default_factory=dict)
    doc: str = ""
EXPERIMENTS = Registry("experiment", [Experiment("stub", "Stub", "Look.", {"hidden": [64]*10}),Experiment("deep", "Deep", "Look deep.", {"hidden": [64]*50})])
