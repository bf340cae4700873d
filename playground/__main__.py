"""``playground`` and ``python -m playground``: serve the page and open it."""

from __future__ import annotations

import argparse

import panel as pn

from playground.app import serve_page


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="playground", description="Serve the neural-network playground.")
    parser.add_argument("--port", type=int, default=5006, help="0 picks a free one (default: 5006)")
    parser.add_argument("--address", default="localhost", help="address to listen on (default: localhost)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument(
        "--allow-websocket-origin",
        action="append",
        metavar="HOST[:PORT]",
        help="host that may open pages",
    )
    options = parser.parse_args(arguments)
    pn.serve(
        {"playground": serve_page},
        port=options.port,
        address=options.address,
        show=not options.no_browser,
        websocket_origin=options.allow_websocket_origin,
        title="Neural Network Playground",
    )


if __name__ == "__main__":
    main()
