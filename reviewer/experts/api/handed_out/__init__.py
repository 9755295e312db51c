"""Checks of objects that a host hands out or takes in."""
