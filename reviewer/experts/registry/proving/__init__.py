"""Checks of digests and signatures: of which bytes, against what, when."""
