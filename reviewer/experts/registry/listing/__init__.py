"""Checks of discovery and lists of what is there."""
