"""Tests that drive the real page in a Chromium. A package, so that its browser is gone before other tests begin."""
