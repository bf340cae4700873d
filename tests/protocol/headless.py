"""A page without a browser: it opens the websocket, takes messages apart and acknowledges pictures. It paints nothing.

The messages are those that Chromium was seen to send: ``document_ready`` and, from the stage's script, ``data_event``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from bokeh.util.token import get_session_id
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from playground.network_page.sections import Scalars, Section
from playground.runtime.frame import Status, unpack

CHART = "ColumnDataChanged"


class Document(NamedTuple):
    """One PATCH-DOC message: when it came, all its bytes, and what it told."""

    time: float
    size: int
    told: list[dict[str, Any]]
    changed: list[dict[str, Any]]

    @property
    def has_chart(self) -> bool:
        return any(event["kind"] == CHART for event in self.changed)


class Shown(NamedTuple):
    """One picture, and the document message it came in."""

    document: Document
    sequence: int
    generation: int
    parts: dict[int, Any]

    @property
    def step(self) -> int:
        return int(self.scalar("step"))

    @property
    def status(self) -> Status:
        return Status(int(self.scalar("status")))

    @property
    def text(self) -> str:
        return self.parts[Section.TEXT].tobytes().decode()

    def scalar(self, name: str) -> float:
        return float(self.parts[Section.SCALARS][Scalars._fields.index(name)])


class Page:
    """One open page.

    Attributes
    ----------
    painting : bool
        Whether pictures are acknowledged.
    component : str
        The class name of the component that is seen: it speaks, and its pictures are acknowledged.
    html, session : str
        What the GET brought, and the session's id in it.
    documents, pictures, scenes, notices, checks, errors : list
        What has come so far; errors are the server's refusals of whole messages.
    """

    def __init__(self, socket: WebSocketClientConnection, html: str) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._greeted = False
        self.html, self.session = html, ""
        self.painting = True
        self.component = "Stage"
        self.documents: list[Document] = []
        self.pictures: list[Shown] = []
        self.scenes: list[dict[str, Any]] = []
        self.notices: list[str] = []
        self.checks: list[list[dict[str, Any]]] = []
        self.errors: list[Any] = []
        self.models: dict[str, dict[str, Any]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str, ready: bool = True, component: str = "Stage", **ready_with: Any) -> Page:
        """Load the page, open its websocket and, as the stage does once it is drawn, say ready."""
        answer = await AsyncHTTPClient(force_instance=True).fetch(url, request_timeout=60)
        html = answer.body.decode()
        token = re.search(r'"token":"([^"]+)"', html)
        assert token, "the page has no token"
        address = url.partition("?")[0]
        origin = address.rsplit("/", 1)[0]
        request = HTTPRequest(f"{address.replace('http', 'ws', 1)}/ws", headers={"Origin": origin})
        socket = await websocket_connect(request, subprotocols=["bokeh", token[1]], max_message_size=50 << 20)
        # As browsers do: an acknowledgement is three small writes, and must not wait for the one before.
        socket.protocol.stream.set_nodelay(True)
        page = cls(socket, html)
        page.session, page.component = get_session_id(token[1]), component
        # Whoever speaks before the server has said hello is thrown out.
        await page.until(lambda: page._greeted)
        await page._send("PULL-DOC-REQ", {})
        await page.until(lambda: page.models)
        if ready:
            await page.event("document_ready")
            await page.rendered(**ready_with)
        return page

    @property
    def is_open(self) -> bool:
        """Whether the server has not closed the connection."""
        return not self._reader.done()

    async def close(self) -> None:
        """As when the tab is closed."""
        self._socket.close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def until(self, condition: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait until something is true, and return it."""
        async with asyncio.timeout(seconds):
            while not (answer := condition()):
                if self._reader.done():
                    self._reader.result()
                    raise AssertionError("The server has closed the connection.")
                await asyncio.sleep(0.002)
        return answer

    # What a browser sends

    async def rendered(self, **ready_with: Any) -> None:
        """Say ready, as the component does once it is drawn, and wait until it has its scene and picture."""
        known = len(self.scenes), len(self.pictures)
        await self.tell("ready", **{"dark": False, "restore": None, **ready_with})
        await self.until(lambda: len(self.scenes) > known[0] and len(self.pictures) > known[1])

    async def tell(self, kind: Any, **fields: Any) -> None:
        """A message from the stage's script."""
        await self.message({"type": kind, **fields})

    async def message(self, data: Any) -> None:
        """Anything that the stage's script could send."""
        entries = data if not isinstance(data, dict) else {"type": "map", "entries": list(data.items())}
        await self.event("data_event", model={"id": self.stage}, data=entries)

    async def event(self, name: str, **values: Any) -> None:
        """A Bokeh event."""
        fields = {"entries": list(values.items())} if values else {}
        event = {"type": "event", "name": name, "values": {"type": "map", **fields}}
        await self.patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})

    async def change(self, model: str, **attributes: Any) -> None:
        """Other values for some attributes of a model."""
        await self.patch(
            *(
                {"kind": "ModelChanged", "model": {"id": model}, "attr": name, "new": value}
                for name, value in attributes.items()
            )
        )

    async def patch(self, *events: Any) -> None:
        """Any events."""
        await self._send("PATCH-DOC", {"events": events})

    async def _send(self, kind: str, content: Any) -> None:
        header = {"msgid": str(next(self._numbers)), "msgtype": kind}
        await self.write(json.dumps(header), "{}", json.dumps(content))

    async def write(self, *parts: str | bytes) -> None:
        """Websocket messages as they are."""
        for written in [self._socket.write_message(part, binary=isinstance(part, bytes)) for part in parts]:
            await written

    # What is on the page

    @property
    def stage(self) -> str:
        """The id of the component that is seen."""
        return next(iter(self.components(self.component)))

    def components(self, class_name: str) -> list[str]:
        """The ids of all components of a class."""
        return [name for name, model in self.models.items() if model["attributes"].get("class_name") == class_name]

    def widget(self, label: str) -> str:
        """Id of the model that holds a widget's value, by its visible label, without its unit."""
        shown = {
            name: model["attributes"].get("title", model["attributes"].get("label"))
            for name, model in self.models.items()
        }
        found = [name for name, text in shown.items() if isinstance(text, str) and text.split(",")[0] == label]
        assert found, f"no widget is labelled {label!r}"
        return found[0]

    def value(self, label: str) -> Any:
        """What a widget shows."""
        return self.models[self.widget(label)]["attributes"].get("value")

    # What a server sends

    async def _read(self) -> None:
        while (header := await self._socket.read_message()) is not None:
            parts = [header, await self._socket.read_message(), await self._socket.read_message()]
            head, content, buffers = json.loads(header), json.loads(parts[2]), {}
            for _ in range(head.get("num_buffers", 0)):
                parts += [await self._socket.read_message(), await self._socket.read_message()]
                buffers[json.loads(parts[-2])["id"]] = parts[-1]
            if head["msgtype"] == "ACK":
                self._greeted = True
            elif head["msgtype"] == "PULL-DOC-REPLY":
                self._collect(content)
            elif head["msgtype"] == "ERROR":
                self.errors.append(content)
            elif head["msgtype"] == "PATCH-DOC":
                with contextlib.suppress(WebSocketClosedError):
                    await self._take(sum(map(len, parts)), content["events"], buffers)

    def _collect(self, part: Any) -> None:
        """Find all models of a document."""
        if isinstance(part, dict):
            if part.get("type") == "object" and "id" in part:
                self.models[part["id"]] = {"name": part["name"], "attributes": part.get("attributes", {})}
            for inner in part.values():
                self._collect(inner)
        elif isinstance(part, list):
            for inner in part:
                self._collect(inner)

    async def _take(self, size: int, events: list[dict[str, Any]], buffers: dict[str, bytes]) -> None:
        messages = [
            _plain(event["msg_data"]["values"], buffers)
            for event in events
            if event["kind"] == "MessageSent" and event["msg_data"]["name"] == "esm_event"
        ]
        told = [message["data"] for message in messages]
        changed = [event for event in events if event["kind"] != "MessageSent"]
        document = Document(time.perf_counter(), size, told, changed)
        self.documents.append(document)
        for event in changed:
            self._collect(event.get("new"))
            if event["kind"] == "ModelChanged" and event["model"]["id"] in self.models:
                self.models[event["model"]["id"]]["attributes"][event["attr"]] = _plain(event["new"], buffers)
        for sender, message in ((message["model"]["id"], message["data"]) for message in messages):
            if message["type"] == "scene":
                self.scenes.append(message["scene"])
            elif message["type"] == "checked":
                self.checks.append(message["groups"])
            elif message["type"] == "notice":
                self.notices.append(message["text"])
            elif message["type"] == "frame" and sender == self.stage:
                self.pictures.append(Shown(document, *unpack(message["buf"])))
                if self.painting:
                    await self.acknowledge()

    async def acknowledge(self) -> None:
        """Say that the newest picture is painted."""
        await self.tell("ack", seq=self.pictures[-1].sequence)


def _plain(value: Any, buffers: dict[str, bytes]) -> Any:
    """Undo Bokeh's serialization, as far as it is used here."""
    if isinstance(value, list):
        return [_plain(inner, buffers) for inner in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind == "map":
        return {key: _plain(inner, buffers) for key, inner in value.get("entries", [])}
    if kind == "bytes":
        data = value["data"]
        return buffers[data["id"]] if isinstance(data, dict) else base64.b64decode(data)
    if kind == "ndarray":
        return np.frombuffer(_plain(value["array"], buffers), value["dtype"])
    if kind == "number":
        return float(value["value"])
    return value
