"""Checks of background workers that a browser stops at will."""
