"""Checks of commands: who may call them, under which name, how deep."""
