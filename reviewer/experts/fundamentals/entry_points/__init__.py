"""Checks of what a plugin exports, and under which name it is found."""
