"""Checks of promises, coroutines and cancellation."""
