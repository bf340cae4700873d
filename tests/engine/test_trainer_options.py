"""Clipping, annealing, schedules, noise and DropConnect, in training."""
