"""Formats of a result, each with its own escaping of text that a stranger wrote."""
