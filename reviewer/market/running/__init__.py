"""Runs a market: feeds entries to whoever reviews them, and keeps what comes back."""
