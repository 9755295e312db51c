"""Checks of release on every way out: errors, early returns, generators that stop."""
