"""Checks of what a store asks of a package and its pages."""
