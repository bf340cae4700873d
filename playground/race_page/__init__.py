"""The race page: update rules race over a toy surface, or train the same network."""
