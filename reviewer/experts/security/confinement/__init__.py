"""Checks of what is taken for a sandbox or a limit and is none."""
