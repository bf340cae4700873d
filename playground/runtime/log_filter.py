"""Keep the server's log for news. A page that is closed while a picture is on its way to it is none."""

from __future__ import annotations

import logging

from bokeh.server.connection import ServerConnection
from tornado.websocket import WebSocketClosedError

_LOGGERS = ("panel.io.document", "bokeh.server.views.ws", "asyncio", "tornado.application")


class ClosedPages(logging.Filter):
    """Drop what is said of messages that found their page closed, and nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record stays: False if it is about a page that is closed."""
        error = record.exc_info[1] if record.exc_info else None
        closed = record.getMessage() == "Failed sending message as connection was closed"
        return not (closed or isinstance(error, WebSocketClosedError) or _is_second_close(error))


def _is_second_close(error: BaseException | None) -> bool:
    """Whether a connection is told of its end that Bokeh's regular ping has found, and ended, a moment before."""
    if not isinstance(error, AssertionError):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is ServerConnection.session.fget.__code__


def install_log_filter() -> None:
    """Filter the loggers that report closed pages; once is enough, more does no harm."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, ClosedPages) for known in logger.filters):
            logger.addFilter(ClosedPages())
