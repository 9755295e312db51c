"""Checks of schemas and settings: closed, used, heeded."""
