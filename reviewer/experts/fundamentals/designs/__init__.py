"""Checks of a design against itself and against the code."""
