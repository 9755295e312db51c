"""Checks of reloads, updates and rollbacks."""
