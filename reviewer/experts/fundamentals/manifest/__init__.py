"""Checks of the manifest itself: members, types, keys, version."""
