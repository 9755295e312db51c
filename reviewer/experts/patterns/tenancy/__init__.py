"""Checks of what belongs to one tenant and reaches another."""
