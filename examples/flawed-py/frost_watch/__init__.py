"""Closes the vents before the night gets too cold."""
