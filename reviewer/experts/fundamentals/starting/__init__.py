"""Checks of a host's start: without plugins, and with a bad one."""
