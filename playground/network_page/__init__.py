"""The network page: its stage, its controls and its chart."""
