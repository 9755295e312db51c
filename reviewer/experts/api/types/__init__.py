"""Checks of what is returned and passed against what is declared."""
