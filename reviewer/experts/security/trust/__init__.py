"""Checks of what is believed, installed or run without proof."""
