"""Checks of state that instances, threads or callers share unasked."""
