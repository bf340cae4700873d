import logging
import sys

import pytest
from bokeh.server.connection import ServerConnection
from tornado.websocket import WebSocketClosedError

from playground.runtime.log_filter import ClosedPages, install_log_filter


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
    (record("The loop of a session failed.", ZeroDivisionError()), True),
    (record("Anything else"), True),
], ids=str)  # fmt: skip
def test_only_closed_pages_are_no_news(said, kept):
    assert bool(ClosedPages().filter(said)) is kept


def of_a_connection_that_has_ended():
    """What tornado logs when Bokeh's ping was quicker to see that a page is gone."""
    connection = object.__new__(ServerConnection)
    connection._session = None
    try:
        connection.session.notify_connection_lost()
    except AssertionError:
        return logging.LogRecord("tornado.application", logging.ERROR, "", 1, "Uncaught", (), sys.exc_info())


def test_a_second_goodbye_is_no_news_but_other_failed_assertions_are():
    assert not ClosedPages().filter(of_a_connection_that_has_ended())
    assert ClosedPages().filter(record("Uncaught exception", AssertionError()))


def test_hushing_again_adds_nothing():
    install_log_filter()
    before = {name: list(logging.getLogger(name).filters) for name in ("panel.io.document", "asyncio")}
    install_log_filter()
    assert before == {name: logging.getLogger(name).filters for name in before}
    assert all(sum(isinstance(known, ClosedPages) for known in filters) == 1 for filters in before.values())
