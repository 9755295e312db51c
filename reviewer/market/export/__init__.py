"""Writes a run out for other programs: a folder with one file for each table."""
