"""Checks of what a host hands to a plugin beyond its rights."""
