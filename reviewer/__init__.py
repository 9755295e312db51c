"""Designs and reviews plugin systems without ever running them."""

__version__ = "0.1.0"
