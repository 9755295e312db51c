"""Checks of what is kept in files and tables: locks, atomic writes, unique keys."""
