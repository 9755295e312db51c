"""Checks of what one failure takes with it, and how often it is tried again."""
