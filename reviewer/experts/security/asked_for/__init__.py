"""Checks of the permissions that a manifest asks for against those that code uses."""
