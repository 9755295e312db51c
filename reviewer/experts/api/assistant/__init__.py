"""Checks of tools, models and settings that an assistant's plugin names."""
