"""The tables of all wires as JavaScript. ``python -m playground.wires`` writes them into static/."""

from __future__ import annotations

from playground.network_page.wire import WIRE as NETWORK
from playground.race_page.wire import WIRE as RACE
from playground.runtime.assets import STATIC
from playground.runtime.wire_script import script
from playground.runtime.wire_table import WIRE as RUNTIME

WIRES = {"runtime/wire.js": RUNTIME, "network/wire.js": NETWORK, "race/wire.js": RACE}
"""By their files in static/."""


def main() -> None:
    """Write all of them."""
    for name, wire in WIRES.items():
        (STATIC / name).write_text(script(wire), encoding="utf-8")


if __name__ == "__main__":
    main()
