"""Checks of secrets and personal data: where they lie, and where they go."""
