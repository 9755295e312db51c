"""Checks of the hooks of an assistant's plugin."""
