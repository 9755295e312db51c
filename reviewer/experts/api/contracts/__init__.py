"""Checks of interfaces between two versions, and of their members."""
