"""The app: what a server shows."""

from __future__ import annotations

import panel as pn

from engine import Registry
from playground.pages import PAGES
from playground.runtime.log_filter import install_log_filter
from playground.runtime.window import PageEntry, Window


def serve_page(pages: Registry[PageEntry] = PAGES) -> None:
    """Put a window on the page that is being made; its loops end with it."""
    pn.extension(sizing_mode="stretch_width", notifications=False)
    install_log_filter()
    query = {name: values[0].decode(errors="replace") for name, values in pn.state.session_args.items() if values}
    Window(pages, query).panel.servable(title="Neural Network Playground")
