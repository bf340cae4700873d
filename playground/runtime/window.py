"""Window: the pages of one browser window. Each is made when it is first wanted, and one of them is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import panel as pn

from engine import Registry
from playground.runtime.component import in_one_message
from playground.runtime.json_value import Json
from playground.runtime.messages import Invitation, PageLink
from playground.runtime.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the playground.

    Parameters
    ----------
    name : str
        The key, and the folder: ``race`` lives in ``race_page``.
    path : str
        What the address says: ``/playground?page=path``.
    title : str
        What links to it say.
    factory : callable ``(Window) -> Page``
        Makes the page as a page of its own.
    notebook : type
        The class that a notebook shows, and that Python code uses.
    invitation : Invitation, optional
        What other pages say of it where they are asked to lead there.
    """

    name: str
    path: str
    title: str
    factory: Callable[[Window], Page]
    notebook: type[Page]
    invitation: Invitation | None = None


def _link(entry: PageEntry) -> PageLink:
    return {"name": entry.path, "label": entry.title, "invitation": entry.invitation}


class Window:
    """The pages of one browser window.

    Parameters
    ----------
    entries : Registry of PageEntry
        All pages there are; the first is shown when the address names none of them.
    query : mapping of str to str
        What the address says: ``page``, and whatever a page understands.
    """

    def __init__(self, entries: Registry[PageEntry], query: Mapping[str, str]) -> None:
        self._doc = pn.state.curdoc
        self._entries = {entry.path: entry for entry in entries.values()}
        self._first = next(iter(self._entries))
        self._query = query
        self._pages: dict[str, Page] = {}
        self.panel = pn.Column(sizing_mode="stretch_both", margin=0)
        self.go(query.get("page", ""))

    def made(self, name: str) -> Page | None:
        """The page of this name, if somebody has wanted it already."""
        return next((page for path, page in self._pages.items() if self._entries[path].name == name), None)

    def page(self, path: str) -> Page:
        """The page of a path, made if it is not there yet."""
        if path not in self._pages:
            page = self._entries[path].factory(self)
            page.lead_to(self.go, [_link(entry) for entry in self._entries.values()], path)
            page.arrive(self._query)
            self._pages[path] = page
            self.panel.append(page)
        return self._pages[path]

    def go(self, path: str, values: Json = None) -> None:
        """Show a page, and hide the others: what nobody sees is paused.

        Parameters
        ----------
        path : str
            Of a page; any other text shows the first page.
        values : mapping, optional
            Choices for that page, with which it begins anew.
        """
        with in_one_message(self._doc):
            wanted = self.page(path if path in self._entries else self._first)
            for page in self._pages.values():
                page.set_visible(page is wanted)
        if values is not None:
            wanted.ask({"type": "set", "values": values}, {"type": "reset"})
