"""Checks of starting: what is entered, run or reported before a start has succeeded."""
