"""Checks of hooks, tools and texts that steer an assistant."""
