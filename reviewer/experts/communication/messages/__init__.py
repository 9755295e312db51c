"""Checks of messages from outside: sender, shape, size."""
