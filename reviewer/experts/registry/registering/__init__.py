"""Checks of entering, replacing and removing: under which key, how often, all of it."""
