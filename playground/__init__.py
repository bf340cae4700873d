"""A neural-network playground in the browser and in the notebook.

>>> from playground import Playground
>>> Playground(dataset="spiral").settings.data.dataset
'spiral'
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.network_page.page import Playground
    from playground.race_page.page import OptimizerRace

__all__ = ["OptimizerRace", "Playground"]


def __getattr__(name: str) -> object:
    """Import a page's class when it is asked for.

    Pages read their scripts. ``python -m playground.wires`` must run before these fit the tables.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from playground.pages import PAGES

    return {entry.notebook.__name__: entry.notebook for entry in PAGES.values()}[name]


def __dir__() -> list[str]:
    return __all__
