"""Checks of interfaces that a host's platform has or lacks."""
