"""Checks of queues and of work taken from them."""
