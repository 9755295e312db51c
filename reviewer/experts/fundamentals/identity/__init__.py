"""Checks of names: one grammar, the same in code and manifest."""
