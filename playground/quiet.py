"""Keep the server's log for news. A page that is closed while a picture is on its way to it is none."""

from __future__ import annotations

import logging

from tornado.websocket import WebSocketClosedError

_LOGGERS = ("panel.io.document", "bokeh.server.views.ws", "asyncio")


class ClosedPages(logging.Filter):
    """Drop what is said of messages that found their page closed, and nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        closed = record.getMessage() == "Failed sending message as connection was closed"
        return not (closed or isinstance(error, WebSocketClosedError))


def hush() -> None:
    """Filter the loggers that report closed pages; once is enough, more does no harm."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, ClosedPages) for known in logger.filters):
            logger.addFilter(ClosedPages())
