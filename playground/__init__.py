"""A neural-network playground in the browser and in the notebook.

>>> from playground import Playground
>>> Playground(dataset="spiral").settings.data.dataset
'spiral'
"""

from playground.network_page.page import Playground
from playground.race_page.page import OptimizerRace

__all__ = ["OptimizerRace", "Playground"]
