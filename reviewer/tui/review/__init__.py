"""The review screen, and what happens on it."""
