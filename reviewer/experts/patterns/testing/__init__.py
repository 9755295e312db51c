"""Checks of the tests of refusals."""
