"""Checks of what a handler answers, and of how its failure is met."""
