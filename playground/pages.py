"""The registry of pages. A new page is a folder like network_page, and one entry here."""

from __future__ import annotations

from engine import Config, Registry
from playground.network_page.page import Playground
from playground.network_page.settings import Settings
from playground.race_page.choices import NETWORK
from playground.race_page.page import OptimizerRace
from playground.runtime.window import PageEntry, Window


def _network_of(window: Window) -> Config:
    """The network as it is set up at the moment in a window, or would be."""
    page = window.made("network")
    return (page.settings if isinstance(page, Playground) else Settings()).config()


PAGES = Registry(
    "page",
    [
        PageEntry("network", "network", "Network", lambda window: Playground(full_page=True), Playground),
        PageEntry(
            "race",
            "optimizers",
            "Optimizers",
            lambda window: OptimizerRace(full_page=True, network=lambda: _network_of(window)),
            OptimizerRace,
            {
                "label": "Race optimizers",
                "doc": "Train this very network with several optimizers, side by side.",
                "values": {"surface": NETWORK.name},
            },
        ),
    ],
)
