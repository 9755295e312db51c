"""Checks of rights that expire, are taken back, or are remembered too long."""
