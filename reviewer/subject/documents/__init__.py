"""Readers of data files that keep the place of every key and value."""
