"""Checks of what manifests contribute against what code registers."""
