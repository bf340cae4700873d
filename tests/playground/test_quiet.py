import logging
import sys

import pytest
from tornado.websocket import WebSocketClosedError

from playground.quiet import ClosedPages, hush


def record(message, error=None):
    try:
        raise error or ValueError
    except Exception:
        info = sys.exc_info() if error else None
    return logging.LogRecord("panel.io.document", logging.ERROR, "", 1, message, (), info)


@pytest.mark.parametrize(("said", "kept"), [
    (record("Failed sending message as connection was closed"), False),
    (record("Task exception was never retrieved", WebSocketClosedError()), False),
    (record("Task exception was never retrieved", ValueError()), True),
    (record("The clock of a session stumbled.", ZeroDivisionError()), True),
    (record("Anything else"), True),
], ids=str)  # fmt: skip
def test_only_closed_pages_are_no_news(said, kept):
    assert bool(ClosedPages().filter(said)) is kept


def test_hushing_again_adds_nothing():
    hush()
    before = {name: list(logging.getLogger(name).filters) for name in ("panel.io.document", "asyncio")}
    hush()
    assert before == {name: logging.getLogger(name).filters for name in before}
    assert all(sum(isinstance(known, ClosedPages) for known in filters) == 1 for filters in before.values())
