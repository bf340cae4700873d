"""What passes on every page, and what every page's script knows."""

from __future__ import annotations

from engine.look import HIGHEST, REACH, ZERO
from playground.runtime.coding import HEIGHTS, STRONGEST
from playground.runtime.commands import BASICS, GOTO
from playground.runtime.frame import ENTRY, HEADER, MAGIC, TYPES, Status, offsets
from playground.runtime.messages import FrameMessage, Notice, PageLink, SceneBase
from playground.runtime.options import Entry, TunableEntry
from playground.runtime.theme import DARK, LIGHT, NEGATIVE, POSITIVE, channels
from playground.runtime.wire import Constant, Script, Wire

MESSAGES = (Notice, FrameMessage)

COMMANDS = (*BASICS, GOTO)

WIRE = Wire(
    constants=[
        Constant("MAGIC", int.from_bytes(MAGIC, "little"), "How a frame begins, as a little-endian number."),
        Constant("HEADER", offsets(HEADER), "Where the fields of a frame's header are, and its length in bytes."),
        Constant("ENTRY", offsets(ENTRY), "The same for one section's entry in the table after the header."),
        Constant("ARRAYS", dict(enumerate(map(Script, TYPES.values()), start=1)), "Arrays by the code of their type."),
        Constant("STATUS", tuple(status.name.lower() for status in Status), "What the session does, by its code."),
        Constant("ZERO", ZERO, "The byte of a map that stands for zero."),
        Constant("REACH", REACH, "How many more or less stand for 1 and -1."),
        Constant("HEIGHTS", HEIGHTS, "Heights of a map go from 1 to 1 + this; 0 is for what is not finite."),
        Constant("HIGHEST", HIGHEST, "The height of the highest bin of a histogram."),
        Constant("STRONGEST", STRONGEST, "The code of the strongest weight."),
        Constant("NEGATIVE", channels(NEGATIVE), "The colour of -1: red, green, blue."),
        Constant("POSITIVE", channels(POSITIVE), "The colour of 1."),
        Constant(
            "WAYS",
            {
                name: {"activation": theme.activation, "gradient": theme.gradient}
                for name, theme in (("light", LIGHT), ("dark", DARK))
            },
            "The colours of the way in and of the way back, by theme.",
        ),
    ],
    records=[SceneBase, Entry, TunableEntry, PageLink],
    messages=MESSAGES,
    commands=COMMANDS,
)
