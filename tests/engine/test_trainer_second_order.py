"""Newton, BFGS and L-BFGS, in training."""
