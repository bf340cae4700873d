"""What is sent to any page's script: what every scene says, sentences, frames, and the pages one can go to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, TypedDict

Level: TypeAlias = Literal["error", "info"]
"""What a sentence is about."""


class SceneBase(TypedDict):
    """What every page's scene says, beside its settings.

    heard : The number of the newest change of settings that Python knew.
    remark : What one should know of the choices, or nothing.
    """

    generation: int
    heard: int
    remark: str


class Invitation(TypedDict):
    """What another page can do with what is set up on this one.

    values : The choices that it needs.
    """

    label: str
    doc: str
    values: Mapping[str, object]


class PageLink(TypedDict):
    """A page one can go to."""

    name: str
    label: str
    invitation: Invitation | None


class Notice(TypedDict):
    """A sentence for the person; an empty one clears."""

    type: Literal["notice"]
    level: Level
    text: str


class FrameMessage(TypedDict):
    """A packed frame."""

    type: Literal["frame"]
    buf: bytes
