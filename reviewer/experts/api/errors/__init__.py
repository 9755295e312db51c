"""Checks of errors that are thrown, swallowed, or taken for something else."""
