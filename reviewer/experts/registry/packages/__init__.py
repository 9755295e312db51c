"""Checks of archives and of the files that a package names."""
