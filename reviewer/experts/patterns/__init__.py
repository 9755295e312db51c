"""Checks of caching, tenancy, sharing, quotas and monitoring."""
