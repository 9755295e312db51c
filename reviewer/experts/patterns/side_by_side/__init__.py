"""Checks of versions and plugins that run beside each other: storage, names, rollout."""
