"""Checks of what is written in one form and read in another."""
