"""Checks of requests and replies: correlation, deadlines, retries, a peer that ends."""
