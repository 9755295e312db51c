"""Checks of hooks and entry points against a Python host's specifications."""
