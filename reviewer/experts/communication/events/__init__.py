"""Checks of events: their names, their senders, their payloads, who hears them."""
