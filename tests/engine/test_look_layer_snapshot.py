"""A LayerSnapshot: whoever reads it, in whatever order, finds the same."""

import numpy as np
import pytest
from helpers import assert_same
from looking import CHANCES, trained

from engine import Config, Trainer
from engine.look import QUANTITIES
from engine.look.layer_detail import close_up, curve_of, normalisation_of
from engine.look.layer_snapshot import Sampler
from engine.look.saturation import Saturation, dead_shares, profile, silent


def deep():
    """A network so large that a snapshot shows some training points only, with units that seem dead."""
    trainer = Trainer(Config(dataset="circle", hidden=(64,) * 50, activation="relu", samples=300))
    return trainer, trainer.init()


def plain(found):
    """What was read, as arrays that stay what they are."""
    if found is None:
        return []
    return [np.array(part) for part in (found if isinstance(found, list) else [found])]


def readers(trainer, sampler):
    """Everything that reads a snapshot, by name."""
    saturation, columns = Saturation(trainer), len(trainer.network.blocks) + 1
    quantities = {
        name: lambda snapshot, entry=entry: [
            values for place in range(columns) if (values := entry.of(snapshot, place)) is not None
        ]
        for name, entry in QUANTITIES.items()
    }
    return {
        **quantities,
        "saturated": saturation.shares,
        "dead": lambda snapshot: dead_shares(sampler, snapshot),
        "silent": silent,
        "profile": profile,
        "curve": lambda snapshot: list(curve_of(snapshot, 1)),
        "norm": lambda snapshot: getattr(normalisation_of(snapshot, 1), "running_mean", None),
        "detail": lambda snapshot: close_up(snapshot, 1, QUANTITIES["gradient"]).distribution.counts,
    }


@pytest.mark.parametrize("made", [deep, lambda: trained(CHANCES)], ids=["large", "everything"])
def test_it_may_be_read_in_any_order(made):
    trainer, state = made()
    sampler = Sampler(trainer)
    with np.errstate(all="ignore"):
        alone = {name: plain(read(sampler.snapshot(state))) for name, read in readers(trainer, sampler).items()}
        for first, begin in readers(trainer, sampler).items():
            snapshot = sampler.snapshot(state)
            begin(snapshot)
            for name, read in readers(trainer, sampler).items():
                found = plain(read(snapshot))
                assert len(found) == len(alone[name]), (first, name)
                for one, expected in zip(found, alone[name], strict=True):
                    assert_same(one, expected)
