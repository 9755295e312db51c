"""Checks of the host's versions that a plugin promises to run on, and of how they are compared."""
