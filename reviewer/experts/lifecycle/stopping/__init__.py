"""Checks of unloading and uninstalling: its order, and what it leaves behind."""
