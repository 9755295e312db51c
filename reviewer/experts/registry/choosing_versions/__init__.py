"""Checks of which version is chosen, and whether its needs are met."""
