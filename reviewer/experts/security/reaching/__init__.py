"""Calls that reach beyond the program: files, addresses, programs, stored data, the log."""
