"""Checks of metrics and health."""
