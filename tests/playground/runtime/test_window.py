"""Window: pages are made when they are wanted, one is seen, and the address says which."""

from dataclasses import replace

import panel as pn
import pytest
from panel.viewable import Viewer

from engine import Registry
from playground.runtime.window import PageEntry, Window


class FakePage(Viewer):
    """A page that keeps what it is told."""

    def __init__(self, title):
        super().__init__()
        self.title, self.visible, self.asked, self.query = title, None, [], None

    def __panel__(self):
        return pn.pane.Str(self.title)

    def lead_to(self, go, pages, here):
        self.go, self.pages, self.here = go, pages, here

    def arrive(self, query):
        self.query = query

    def set_visible(self, visible):
        self.visible = visible

    def ask(self, *messages):
        self.asked += messages


def entry(name, path, title):
    return PageEntry(name, path, title, lambda window: FakePage(title), FakePage)


INVITATION = {"label": "Come", "doc": "Come here.", "values": {"a": 1}}
ENTRIES = Registry(
    "page", [entry("one", "first", "One"), replace(entry("two", "second", "Two"), invitation=INVITATION)]
)


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [({}, "one", "two"), ({"page": "second"}, "two", "one"), ({"page": "nowhere"}, "one", "two")],
    ids=["no page", "second", "unknown"],
)
def test_the_address_says_which_page_is_made_and_no_other_is(query, seen, unseen):
    window = Window(ENTRIES, query)
    assert window.made(seen).visible
    assert window.made(seen).query == query
    assert window.made(unseen) is None
    assert len(window.panel) == 1


def test_a_page_knows_all_pages_and_which_it_is():
    one = Window(ENTRIES, {}).made("one")
    assert one.here == "first"
    assert one.pages == [
        {"name": "first", "label": "One", "invitation": None},
        {"name": "second", "label": "Two", "invitation": INVITATION},
    ]


def test_a_page_leads_to_another_and_back_and_each_is_made_once():
    window = Window(ENTRIES, {})
    one = window.made("one")
    one.go("second")
    two = window.made("two")
    assert (one.visible, two.visible) == (False, True)
    two.go("first")
    assert (one.visible, two.visible) == (True, False)
    assert window.made("one") is one
    assert len(window.panel) == 2


def test_who_leads_away_may_bring_choices_with_which_the_page_begins():
    window = Window(ENTRIES, {})
    window.made("one").go("second", {"speed": 3})
    assert window.made("two").asked == [{"type": "set", "values": {"speed": 3}}, {"type": "reset"}]
    window.made("two").go("first")
    assert window.made("one").asked == []
