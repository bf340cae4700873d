"""Averages of the parameters, in training."""
