"""Checks of tests that test nothing."""
