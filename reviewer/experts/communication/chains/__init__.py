"""Checks of middleware: its order, and the call of the next."""
