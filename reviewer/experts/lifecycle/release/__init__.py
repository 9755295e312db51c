"""Checks of what is acquired and never released, or not by what released it."""
