"""Checks of registries, packages, versions and dependencies."""
