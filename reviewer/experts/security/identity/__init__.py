"""Checks of who is held to be asking, and whose things are touched."""
