"""Checks of who can read, change or replace the rules that decide."""
