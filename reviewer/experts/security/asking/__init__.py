"""Checks of whether a guard is asked before the act, and its answer heeded."""
