"""Checks of what is recorded, and who can falsify it."""
