"""The configuration that governs a path: its files, its keys, and what comes of them."""
