"""Checks of decisions that say yes where they should say no."""
