"""Reads the bytes of strangers in processes that can be killed, and goes on where one had to be."""
