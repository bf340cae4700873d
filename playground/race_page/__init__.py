"""The optimizer page: update rules race over a toy surface, or train the same network."""
