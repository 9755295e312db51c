"""Checks of sets of handlers: joined, left, walked."""
