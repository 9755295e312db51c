"""Checks of state that is saved, restored and moved between phases."""
