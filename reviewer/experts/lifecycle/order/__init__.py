"""Checks of the order in which dependencies are started."""
