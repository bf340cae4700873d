"""A third page, made of what playground.runtime has for any page: a counter that steps, one slider, one canvas."""

import os
from pathlib import Path

import numpy as np
import param
from panel.custom import Child

from engine import Hyperparameter, Registry
from playground.app import serve_page
from playground.pages import PAGES
from playground.runtime.assets import STATIC, bundle
from playground.runtime.commands import BASICS
from playground.runtime.component import Component
from playground.runtime.flow_control import FlowControl
from playground.runtime.frame import pack
from playground.runtime.page import Page, scheduler
from playground.runtime.parameters import Bounded, Switch
from playground.runtime.session_loop import SessionLoop
from playground.runtime.settings_groups import Groups
from playground.runtime.widgets import Binder
from playground.runtime.window import PageEntry


class Display(param.Parameterized):
    speed = Bounded(Hyperparameter("speed", 30, 1, 1000, "Steps per second.", "Speed"))
    dark = Switch(False, label="Dark mode", doc="Light text on a dark page.")


class Sender(FlowControl):
    def send(self, now, period, status, message, pace):
        self.screen.frame(pack(self._number(now, period), 1, {1: np.array([self.session.count, status, pace], float)}))
        self._sent(now)
        self.stale = False


class Session(SessionLoop):
    count, generation, speed = 0, 1, property(lambda self: self.settings.display.speed)

    def affordable(self, seconds):
        return 1000

    def make(self, steps):
        self.count, self._sender.stale = self.count + steps, True

    def take_over(self):
        return True

    def announce(self):
        self.screen.scene({"generation": 1, "heard": self._heard, "settings": self.settings.values()})

    def reset(self):
        self.count = 0
        self.pause()
        self._sender.stale = True


class CounterComponent(Component):
    bar = Child()
    _esm = bundle(Path(os.path.relpath(Path(__file__).with_suffix(".js"), STATIC)).as_posix())


class Counter(Page):
    def __init__(self):
        super().__init__()
        self.settings = Groups(Display())
        (self.settings.display,) = self.settings.groups
        sender = Sender(self._window)
        self.session = Session(self.settings, self, scheduler(), sender, Registry("command", BASICS))
        sender.session, sender.screen = self.session, self
        slider = Binder(self.settings, lambda sentence: self.notice("error", sentence)).slider(
            self.settings.display, "speed"
        )
        self._compose(CounterComponent(self._receive, bar=slider, full_page=True, sizing_mode="stretch_both"))

    def scene(self, description):
        self._stage.tell({"type": "scene", "scene": description})

    def frame(self, message):
        self._send_frame(message, None, None)


serve_page(
    Registry("page", [*PAGES.values(), PageEntry("counter", "counter", "Counter", lambda window: Counter(), Counter)])
)
