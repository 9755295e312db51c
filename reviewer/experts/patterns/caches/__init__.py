"""Checks of caches: the whole key, bounded, invalidated, only what is pure."""
