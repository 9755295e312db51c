"""Checks of hooks of a Python host: names, wrappers, markers, options."""
