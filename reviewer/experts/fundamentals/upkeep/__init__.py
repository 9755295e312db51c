"""Checks of leftovers and of documents that promise what is not there."""
