"""Adds up the airtime of every track for the collecting society."""
