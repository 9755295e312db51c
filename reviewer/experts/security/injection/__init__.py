"""Checks of values from outside that become code, paths, queries, patterns or addresses."""
