"""Checks of a list of layers: whether each takes what the one before it returns."""

from __future__ import annotations

from collections.abc import Iterable

from engine.layers import Layer
from engine.registry import Refusal, brief, check_count


def checked_layers(inputs: int, layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The layers of a network that takes ``inputs`` values of each sample.

    Raises
    ------
    ValueError
        If there are no inputs, something else than layers among them, the same layer twice, or one that does not fit.
    """
    check_count("inputs", inputs)
    try:
        own = tuple(layers)
    except TypeError:
        raise Refusal(f"layers must be a list of layers; not {brief(layers)}.") from None
    for layer in own:
        if not isinstance(layer, Layer):
            raise Refusal(f"layers must be layers, see engine.layers; not {brief(layer)}.")
    if len({id(layer) for layer in own}) < len(own):
        raise Refusal("layers must not have a layer twice; one that uses another's parameters says so with shares.")
    width = inputs
    for k, layer in enumerate(own, start=1):
        if layer.takes not in (None, width):
            raise Refusal(f"Layer {k} of the list must take {width} inputs, one for each before it; not {layer.takes}.")
        width = layer.width
    return own
