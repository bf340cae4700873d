"""A third page, made of what playground.runtime has for any page: a counter that steps, one slider, one canvas."""

from collections import namedtuple
from pathlib import Path

import numpy as np
import param
from panel.custom import Child

from engine import Hyperparameter, Registry
from playground.app import serve_page
from playground.pages import PAGES
from playground.runtime import sender, session_loop
from playground.runtime.assets import bundle
from playground.runtime.commands import BASICS
from playground.runtime.component import Component
from playground.runtime.page import Page, scheduler
from playground.runtime.parameters import Bounded, Switch
from playground.runtime.settings_groups import Groups
from playground.runtime.widgets import Binder
from playground.runtime.window import PageEntry

Picture = namedtuple("Picture", "sections charts")


class Display(param.Parameterized):
    speed = Bounded(Hyperparameter("speed", 30, 1, 1000, "Steps per second.", "Speed"))
    dark = Switch(False, label="Dark mode", doc="Light text on a dark page.")


class Sender(sender.Sender[Picture]):
    count, generation = 0, 1

    def compose(self, moment):
        return Picture({1: np.array([self.count, moment.status, moment.pace], float)}, None)


class Session(session_loop.SessionLoop):
    generation, speed = 1, property(lambda self: self.settings.display.speed)

    def affordable(self, seconds):
        return 1000

    def make(self, steps):
        self._sender.count += steps
        self._sender.stale = True

    def take_over(self):
        return True

    def announce(self):
        self.screen.scene({"generation": 1, "heard": self._heard, "settings": self.settings.values()})

    def reset(self):
        self.pause()
        self.make(-self._sender.count)


class CounterComponent(Component):
    bar = Child()
    _esm = bundle(Path(__file__).with_suffix(".js"))


class Counter(Page):
    def __init__(self):
        super().__init__()
        self.settings = Groups(display := Display())
        self.settings.display = display
        self.session = Session(self.settings, self, scheduler(), Sender(self), Registry("command", BASICS))
        slider = Binder(self.settings, lambda sentence: self.notice("error", sentence)).slider(display, "speed")
        self._compose(CounterComponent(self._receive, bar=slider, full_page=True, sizing_mode="stretch_both"))


entry = PageEntry("counter", "counter", "Counter", lambda window: Counter(), Counter)
serve_page(Registry("page", [*PAGES.values(), entry]))
