"""Checks of the code against the decisions of a design."""
