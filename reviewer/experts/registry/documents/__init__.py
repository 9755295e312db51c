"""Checks of the documents of registries, marketplaces and components."""
