"""Checks of quotas and rates: counted, compared, given back."""
